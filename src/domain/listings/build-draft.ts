// What would be sent of a product to one sales channel: its own texts under a template under what the seller says of it for
// this channel, with the price and the stock of this moment. Pure.
import { safeHtml } from '../catalog/safe-html.ts'
import type { Money } from '../money.ts'
import { derivedAttributes, shippingFaults } from './derived-attributes.ts'
import type { DerivingRules } from './derived-attributes.ts'
import { fitDescription } from './description.ts'
import type { ListingDraft, ListingFault, ListingLimits, ListingVariation } from './draft.ts'
import type { ParcelMeasure } from './known-of-variant.ts'
import { fillPattern } from './template-pattern.ts'
import { matchedAttributes } from './variation-attributes.ts'

/** The key of the chosen category among the attributes of a draft. */
export const categoryKey = 'category'

export type DraftSource = {
  productId: string
  handle: string
  title: string
  description: string
  brand: string | null
  productType: string | null
  /** Of our catalogue. */
  category: string | null
  images: string[]
  said: SaidOfProduct
  template: DraftTemplate | null
  /** In their order. */
  variants: DraftVariant[]
}

export type SaidOfProduct = {
  title: string | null
  description: string | null
  categoryId: string | null
  categoryPath: string | null
  attributes: Record<string, string>
  templateId: string | null
}

export type DraftTemplate = {
  categoryId: string
  categoryPath: string
  attributes: Record<string, string>
  titlePattern: string | null
  descriptionPattern: string | null
}

export type DraftVariant = {
  variantId: string
  sku: string
  title: string
  options: Record<string, string>
  barcode: string | null
  imageUrl: string | null
  parcel: Record<ParcelMeasure, number | null>
  /** That of the pricing rule which makes its price, else its own. */
  vatRateBasisPoints: number | null
  said: {
    included: boolean
    title: string | null
    attributes: Record<string, string>
    price: Money | null
    shipping: Money | null
  }
  rulePrice: Money | null
  ownPrice: Money | null
  /** What would be advertised; null: not known. */
  quantity: number | null
  /** Listings that sell just this, one at a time. */
  listings: MappedListing[]
}

export type MappedListing = {
  listingId: string
  marketplaceListingId: string
  marketplaceVariantId: string | null
  channelSku: string | null
  state: string
  url: string | null
  listedHere: boolean
}

export type DraftRules = DerivingRules & {
  limits: ListingLimits
  /** False where the marketplace has no categories to choose from. */
  hasCategories: boolean
}

/** `variantId` where each variant is a listing of its own. */
export type BuiltDraft = { variantId: string | null; draft: ListingDraft; faults: ListingFault[] }

export type PricedFrom = 'own' | 'rule' | 'variant' | 'none'

/** The listing's own price, else the pricing rule's, else the variant's. */
export function draftPrice({ said, rulePrice, ownPrice }: Pick<DraftVariant, 'said' | 'rulePrice' | 'ownPrice'>): {
  price: Money | null
  from: PricedFrom
} {
  if (said.price) return { price: said.price, from: 'own' }
  if (rulePrice) return { price: rulePrice, from: 'rule' }
  return ownPrice ? { price: ownPrice, from: 'variant' } : { price: null, from: 'none' }
}

export function chosenCategory({ said, template }: DraftSource): { id: string; path: string } | null {
  if (said.categoryId !== null) return { id: said.categoryId, path: said.categoryPath ?? said.categoryId }
  return template && { id: template.categoryId, path: template.categoryPath }
}

/** One draft for the product, or one for each variant where the marketplace takes no variations. */
export function buildDrafts(source: DraftSource, rules: DraftRules): BuiltDraft[] {
  const included = source.variants.filter(({ said }) => said.included)
  const isAlone = source.variants.length === 1
  if (rules.limits.variationsMax === 1 || isAlone) {
    const built = included.map((variant) => ({
      variantId: isAlone && rules.limits.variationsMax !== 1 ? null : variant.variantId,
      ...buildSingle(source, variant, rules),
    }))
    if (built.length > 0) return built
  } else if (included.length > 0) return [{ variantId: null, ...buildWhole(source, included, rules) }]
  return [{ variantId: null, draft: emptyDraft(source, rules), faults: [nothingIncluded] }]
}

const nothingIncluded: ListingFault = {
  field: 'variations',
  message: 'No variation of this product is included. Include at least one.',
}

function buildSingle(source: DraftSource, variant: DraftVariant, rules: DraftRules) {
  const sold = soldOf(variant, rules)
  const isOneOfMany = source.variants.length > 1
  const words = wordsOf(source, variant)
  const wholeTitle = titleOf(source, words)
  const images = isOneOfMany ? imagesWithOwnFirst(source.images, variant.imageUrl) : source.images
  // Options that the category does not know are said in the title.
  const known = new Set(rules.attributes.map(({ key }) => key))
  const matched = isOneOfMany ? matchedAttributes(variant.options, rules.attributes) : {}
  const named = Object.fromEntries(Object.entries(matched).filter(([key]) => known.has(key)))
  const draft: ListingDraft = {
    ...emptyDraft(source, rules),
    channelSku: variant.sku,
    title: variant.said.title ?? (isOneOfMany ? withVariantTitle(wholeTitle, variant) : wholeTitle),
    description: descriptionOf(source, words, rules),
    price: sold.price,
    quantity: sold.quantity,
    images,
    barcode: variant.barcode,
    attributes: { ...named, ...productAttributes(source, [variant], rules), ...withoutEmpty(variant.said.attributes) },
  }
  const faults = [...categoryFaults(source, rules), ...sold.faults, ...shippingFaults(source, [variant], rules)]
  return { draft, faults }
}

function buildWhole(source: DraftSource, included: DraftVariant[], rules: DraftRules) {
  const [first] = included
  const words = wordsOf(source, first)
  const sold = included.map((variant) => ({ variant, ...soldOf(variant, rules) }))
  const variations = sold.map(({ variant, price, quantity }): ListingVariation => ({
    channelSku: variant.sku,
    price,
    quantity,
    barcode: variant.barcode,
    image: variant.imageUrl,
    attributes: attributesOf(variant, rules),
  }))
  const draft: ListingDraft = {
    ...emptyDraft(source, rules),
    channelSku: parentSku(source, rules.limits.skuMax),
    title: titleOf(source, words),
    description: descriptionOf(source, words, rules),
    price: sold[0]?.price ?? { minor: 0, currency: rules.currency },
    quantity: variations.reduce((sum, { quantity }) => sum + quantity, 0),
    attributes: productAttributes(source, included, rules),
    variations,
  }
  const faults = sold.flatMap(({ variant, faults }) => faults.map((fault) => ({ ...fault, channelSku: variant.sku })))
  return { draft, faults: [...categoryFaults(source, rules), ...faults, ...shippingFaults(source, included, rules)] }
}

function emptyDraft(source: DraftSource, rules: DraftRules): ListingDraft {
  return {
    channelSku: '',
    title: titleOf(source, wordsOf(source, source.variants[0])),
    description: '',
    price: { minor: 0, currency: rules.currency },
    quantity: 0,
    images: source.images,
    barcode: null,
    brand: source.brand,
    model: null,
    attributes: productAttributes(source, [], rules),
  }
}

/** What tells it from the others: as said, else from its options. */
export function attributesOf(variant: DraftVariant, rules: Pick<DraftRules, 'attributes'>): Record<string, string> {
  return { ...matchedAttributes(variant.options, rules.attributes), ...withoutEmpty(variant.said.attributes) }
}

/** Of the product with these variants in one listing. */
function productAttributes(source: DraftSource, variants: DraftVariant[], rules: DraftRules): Record<string, string> {
  return { ...commonAttributes(source), ...derivedAttributes(source, variants, rules) }
}

/** What is said of the product, and what its template says. */
export function commonAttributes(source: DraftSource): Record<string, string> {
  const category = chosenCategory(source)
  return {
    ...withoutEmpty({ ...source.template?.attributes, ...source.said.attributes }),
    ...(category ? { [categoryKey]: category.id } : {}),
  }
}

export function titleOf(source: DraftSource, words: Record<string, string>): string {
  const patterned = source.template?.titlePattern ? fillPattern(source.template.titlePattern, words) : ''
  return source.said.title ?? (patterned === '' ? source.title : patterned)
}

export function descriptionOf(source: DraftSource, words: Record<string, string>, rules: DraftRules): string {
  const patterned = source.template?.descriptionPattern ? fillPattern(source.template.descriptionPattern, words) : ''
  const html = source.said.description ?? (patterned === '' ? source.description : patterned)
  return fitDescription(safeHtml(html), rules.limits.descriptionTags)
}

/** What a template's pattern may name. */
export function wordsOf(source: DraftSource, variant: DraftVariant | undefined): Record<string, string> {
  const options = Object.entries(variant?.options ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const)
  return {
    ...Object.fromEntries(options),
    title: source.title,
    description: source.description,
    brand: source.brand ?? '',
    sku: variant?.sku ?? '',
    barcode: variant?.barcode ?? '',
    category: source.category ?? '',
    type: source.productType ?? '',
  }
}

function withVariantTitle(title: string, variant: DraftVariant): string {
  const own = variant.title.trim()
  return own === '' || title.toLowerCase().includes(own.toLowerCase()) ? title : `${title} ${own}`
}

function imagesWithOwnFirst(images: string[], own: string | null): string[] {
  return own === null ? images : [own, ...images.filter((image) => image !== own)]
}

/** A name of the whole that is none of its variations' own. */
function parentSku({ handle, variants }: DraftSource, skuMax: number): string {
  const skus = new Set(variants.map(({ sku }) => sku.toLowerCase()))
  const suffix = '-all'
  const name = handle.slice(0, Math.max(1, skuMax - suffix.length))
  return skus.has(name.toLowerCase()) ? name + suffix : name
}

function soldOf(variant: DraftVariant, { currency }: DraftRules) {
  const { price } = draftPrice(variant)
  const faults: ListingFault[] = []
  if (price === null) {
    faults.push({ field: 'price', message: 'It has no price. Give it one here, or a selling price in the catalogue.' })
  }
  if (variant.quantity === null) {
    const message = 'No supplier’s stock of it is known. Enter or upload a figure first, or leave it out.'
    faults.push({ field: 'quantity', message })
  }
  return { price: price ?? { minor: 0, currency }, quantity: variant.quantity ?? 0, faults }
}

function categoryFaults(source: DraftSource, { hasCategories }: DraftRules): ListingFault[] {
  if (!hasCategories || chosenCategory(source)) return []
  return [{ field: 'category', message: 'No category of the marketplace is chosen. Choose one.' }]
}

function withoutEmpty(attributes: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value.trim() !== ''))
}
