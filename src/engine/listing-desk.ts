// What a person sees of products before they go to a marketplace: how they stand, what is missing, and what it would say.
import type { ListingFault } from '../connectors/connector.ts'
import {
  attributesOf,
  chosenCategory,
  commonAttributes,
  descriptionOf,
  draftPrice,
  titleOf,
  wordsOf,
} from '../domain/listings/build-draft.ts'
import type { DraftRules, DraftSource, DraftVariant } from '../domain/listings/build-draft.ts'
import { readCategories } from '../domain/listings/categories.store.ts'
import { derivedAttributes } from '../domain/listings/derived-attributes.ts'
import { loadDraftSources, readForeignSkus } from '../domain/listings/draft-sources.store.ts'
import type { ListingTemplate } from '../domain/listings/templates.store.ts'
import { askMarketplace } from './ask-marketplace.ts'
import type { OpenChannel } from './ask-marketplace.ts'
import type { EngineParts } from './channel-run.ts'
import { loadNeeds } from './listing-needs.ts'
import type { NeedsSource } from './listing-needs.ts'
import { categoryIdsOf, draftRulesOf, prepareListings } from './prepare-listings.ts'
import type { ListingAction, PreparedListing, Preparing } from './prepare-listings.ts'
import { missingAttributes, prepareMany } from './prepare-many.ts'

/** The wire is asked only for a day's news of a category; a marketplace that does not answer leaves what is known. */
export function needsSource(parts: EngineParts, tenantId: string, channel: OpenChannel): NeedsSource {
  const { connector, site } = channel
  return {
    connector,
    site,
    channelId: channel.channel.id,
    transaction: (work) => parts.db.tenant(tenantId).transaction(work),
    async ask(question) {
      const asked = await askMarketplace(parts, tenantId, channel, question)
      return asked.kind === 'answered' ? asked.answer : undefined
    },
  }
}

export function prepareChosen(
  parts: EngineParts,
  tenantId: string,
  channel: OpenChannel,
  { productIds, action }: { productIds: string[]; action: ListingAction },
): Promise<PreparedListing[]> {
  const source = needsSource(parts, tenantId, channel)
  return prepareMany({ source, action, currency: channel.channel.currency, publicUrl: parts.publicUrl }, productIds)
}

/** With the template laid over them, without laying it. */
export function previewTemplate(
  parts: EngineParts,
  tenantId: string,
  channel: OpenChannel,
  { template, productIds }: { template: ListingTemplate; productIds: string[] },
): Promise<PreparedListing[]> {
  const { id: templateId, categoryId, categoryPath } = template
  const asIf = (product: DraftSource): DraftSource => {
    const attributes = product.said.categoryId === categoryId ? product.said.attributes : {}
    return { ...product, template, said: { ...product.said, categoryId, categoryPath, attributes, templateId } }
  }
  const source = needsSource(parts, tenantId, channel)
  const { currency } = channel.channel
  return prepareMany({ source, action: 'list', currency, publicUrl: parts.publicUrl, asIf }, productIds)
}

const rowsShownMax = 500

export function checkedProducts(prepared: PreparedListing[], unchecked = 0) {
  const rows = prepared.map(({ productId, variantId, title, faults }) => ({ productId, variantId, title, faults }))
  const faulty = rows.filter(({ faults }) => faults.length > 0)
  const ready = rows.filter(({ faults }) => faults.length === 0)
  return {
    products: rows.length,
    ready: ready.length,
    unchecked,
    missing: missingAttributes(prepared),
    rows: [...faulty, ...ready].slice(0, rowsShownMax),
  }
}

const askedAtMarketplaceMax = 20

/** Where it looks at drafts before they are sent. One it cannot be asked about now says so, and stands in the way of nothing. */
export async function checkAtMarketplace(
  parts: EngineParts,
  tenantId: string,
  channel: OpenChannel,
  prepared: PreparedListing[],
): Promise<PreparedListing[]> {
  const precheck = channel.connector.listings?.precheck
  if (!precheck) return prepared
  const asked = new Map<PreparedListing, ListingFault[]>()
  for (const one of prepared.filter(({ faults }) => faults.length === 0).slice(0, askedAtMarketplaceMax)) {
    const answer = await askMarketplace(parts, tenantId, channel, (call) => precheck(call, one.draft))
    if (answer.kind === 'refused') break
    asked.set(one, answer.answer)
  }
  return prepared.map((one) => ({ ...one, faults: [...one.faults, ...(asked.get(one) ?? [])] }))
}

/** One product as it stands for a sales channel: our own, what is said, and what would be sent. */
export async function productForChannel(parts: EngineParts, tenantId: string, channel: OpenChannel, productId: string) {
  const channelId = channel.channel.id
  const [source] = await parts.db.read(tenantId, (tx) => loadDraftSources(tx, channelId, [productId]))
  if (!source) return undefined
  const ids = categoryIdsOf([source])
  const needs = await loadNeeds(needsSource(parts, tenantId, channel), ids)
  const categories = await parts.db.read(tenantId, (tx) => readCategories(tx, channelId, ids))
  const { connector, site } = channel
  const { currency } = channel.channel
  const isListed = source.variants.some(({ listings }) => listings.length > 0)
  const action = isListed ? 'update' : 'list'
  const foreignSkus = await parts.db.read(tenantId, (tx) => readForeignSkus(tx, channelId, [source]))
  const { publicUrl } = parts
  const preparing: Preparing = { action, connector, site, currency, publicUrl, needs, categories, foreignSkus }
  const category = chosenCategory(source)
  const own = needs.get(category?.id ?? '')
  return {
    ...shown(source, own && draftRulesOf(own, preparing)),
    category: category && (categories.get(category.id) ?? unknownCategory(category)),
    limits: own?.limits ?? null,
    faults: prepareListings(source, preparing).flatMap(({ faults }) => faults),
  }
}

function unknownCategory({ id, path }: { id: string; path: string }) {
  return { id, parentId: null, name: path, path, isLeaf: true, mayList: true, isRetired: false }
}

function shown(source: DraftSource, rules: DraftRules | undefined) {
  const { productId, title, description, brand, category, images, said, variants } = source
  const words = wordsOf(source, variants[0])
  const attributes = rules?.attributes ?? []
  const derived = rules ? shownDerived(source, rules) : {}
  return {
    productId,
    own: { title, description, brand, category, images },
    said,
    title: titleOf(source, words),
    description: rules ? descriptionOf(source, words, rules) : description,
    attributes: { ...commonAttributes(source), ...derived },
    derived: Object.keys(derived),
    variants: variants.map((variant) => shownVariant(variant, attributesOf(variant, { attributes }))),
  }
}

/** Where each variant is a listing of its own, only what all have alike can be shown of the product. */
function shownDerived(source: DraftSource, rules: DraftRules): Record<string, string> {
  const going = source.variants.filter(({ said }) => said.included)
  const listings = rules.limits.variationsMax === 1 ? going.map((variant) => [variant]) : [going]
  const [first = {}, ...others] = listings.map((variants) => derivedAttributes(source, variants, rules))
  return Object.fromEntries(Object.entries(first).filter(([key, value]) => others.every((one) => one[key] === value)))
}

function shownVariant(variant: DraftVariant, attributes: Record<string, string>) {
  const { variantId, sku, title, options, barcode, imageUrl, said, quantity, listings } = variant
  const { price, from } = draftPrice(variant)
  const [listing] = listings
  return {
    variantId,
    sku,
    ownTitle: title,
    options,
    barcode,
    imageUrl,
    said: {
      included: said.included,
      title: said.title,
      attributes: said.attributes,
      priceIncVat: said.price,
      shippingExVat: said.shipping,
    },
    title: said.title ?? title,
    attributes,
    priceIncVat: price,
    priceFrom: from,
    quantity,
    listing: listing
      ? {
          id: listing.listingId,
          state: listing.state,
          url: listing.url,
          listedHere: listing.listedHere,
          channelSku: listing.channelSku,
        }
      : null,
  }
}
