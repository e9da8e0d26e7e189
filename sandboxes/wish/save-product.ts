// Creating and changing products: every rule of Wish that a seller can break, then what is changed at once and what
// waits for the review.
import { uuid } from '../kit/random.ts'
import { toMinor } from './money.ts'
import { notify } from './news.ts'
import { addProduct, addVariation, forgetSku, indexSku, noteHistory, stateOf, touchProduct } from './products.ts'
import type { ChangedProductInput, ChangedVariationInput, NewProductInput, NewVariationInput } from './product-input.ts'
import type { Cause, Merchant, Product, Variation, Wish } from './state.ts'

export type Refusal = { refusal: string }
type Amounts = Pick<NewVariationInput, 'price' | 'cost' | 'inventories'>

export function createProduct(wish: Wish, merchant: Merchant, input: NewProductInput, at: Date): Product | Refusal {
  const refusal = whyNoProduct(merchant, input)
  if (refusal !== undefined) return { refusal }
  const { variations, ...content } = input
  const product = addProduct(
    wish,
    merchant,
    {
      content: { ...withoutUndefined(content), name: input.name ?? '', parent_sku: input.parent_sku ?? '' },
      review: 'pending',
      variations: variations.map((one) => readNewVariation(merchant, one)),
    },
    { at, by: 'seller', cause: 'created' },
  )
  openReview(wish, merchant, product, { change: undefined, at })
  return product
}

export function createVariation(
  wish: Wish,
  merchant: Merchant,
  product: Product,
  input: NewVariationInput,
  at: Date,
): Variation | Refusal {
  const refusal = whyNoVariation(merchant, input) ?? whyFixed(product)
  if (refusal !== undefined) return { refusal }
  if (product.variations.length >= 400) return { refusal: 'A product can have at most 400 variations.' }
  const variation = readNewVariation(merchant, input)
  const added = addVariation(wish, merchant, product, { at, by: 'seller', cause: 'added', variation })
  touchProduct(wish, product, at)
  notify(wish, { topic: 'PRODUCT_UPDATE_MERCHANT', merchantId: merchant.id, about: { productId: product.id } })
  return added
}

/** All or nothing: one wrong variation refuses the whole update. */
export function updateProduct(
  wish: Wish,
  merchant: Merchant,
  product: Product,
  input: ChangedProductInput,
  at: Date,
): Refusal | undefined {
  const refusal = whyFixed(product) ?? whyNoChange(merchant, product, input)
  if (refusal !== undefined) return { refusal }
  const { variations = [], status, ...content } = input
  for (const change of variations) changeVariation(wish, merchant, product, { change, at })
  if (status !== undefined) product.isEnabled = status === 'ENABLED'
  const change = withoutUndefined(content)
  if (Object.keys(change).length > 0) {
    // With review on, what buyers read changes only once it was looked at.
    if (merchant.hasListingReview) openReview(wish, merchant, product, { change, at })
    else Object.assign(product.content, change)
  }
  touchProduct(wish, product, at)
  const about = { productId: product.id }
  notify(wish, { topic: 'PRODUCT_UPDATE_MERCHANT', merchantId: merchant.id, about })
  if (variations.some((one) => one.inventories)) {
    notify(wish, { topic: 'PRODUCT_INVENTORY_CHANGE_MERCHANT', merchantId: merchant.id, about })
  }
  return undefined
}

function changeVariation(
  wish: Wish,
  merchant: Merchant,
  product: Product,
  { change, at }: { change: ChangedVariationInput; at: Date },
): void {
  const variation = product.variations.find((one) => one.id === change.id)
  if (!variation) return
  const { id: _, sku, price, cost, inventories, status, ...extra } = change
  const amount = price ?? cost
  if (amount) variation.amountMinor = toMinor(amount.amount, merchant.currency)
  if (inventories) {
    if (wish.choices.inventories === 'replace') variation.inventories = {}
    for (const one of inventories) variation.inventories[one.warehouse_id] = one.inventory
  }
  if (status !== undefined) variation.status = status
  if (sku !== undefined && sku !== variation.sku) {
    forgetSku(merchant, variation)
    variation.sku = sku
    indexSku(merchant, variation)
  }
  Object.assign(variation.extra, withoutUndefined(extra))
  noteHistory(variation, { at, by: 'seller', cause: 'updated' } satisfies Cause)
}

/** A new product always waits; a changed one only if the merchant's automated review is on. */
function openReview(
  wish: Wish,
  merchant: Merchant,
  product: Product,
  { change, at }: { change: Record<string, unknown> | undefined; at: Date },
): void {
  const texts = [product.content.name, change?.['name'], ...product.variations.map((one) => one.sku)]
  const isBlocked = texts.some((text) => typeof text === 'string' && text.toLowerCase().includes('suspend-me'))
  const due = new Date(at.getTime() + wish.choices.reviewSeconds * 1000 * wish.delayFactor)
  const request = merchant.hasListingReview
    ? {
        id: uuid(wish.random),
        productId: product.id,
        merchantId: merchant.id,
        status: 'UNDER_REVIEW' as const,
        createdAt: at,
        blockingReason: undefined,
        change,
      }
    : undefined
  if (request) {
    merchant.requests.set(request.id, request)
    product.requestId = request.id
  }
  const merchantId = merchant.id
  wish.agenda.schedule(due, (now) =>
    settleReview(wish, { merchantId, productId: product.id, request: request?.id, isBlocked }, now),
  )
}

type Review = { merchantId: string; productId: string; request: string | undefined; isBlocked: boolean }

function settleReview(wish: Wish, { merchantId, productId, request: requestId, isBlocked }: Review, at: Date): void {
  const merchant = wish.merchants.get(merchantId)
  const product = merchant?.products.get(productId)
  if (!merchant || !product || product.removedBy) return
  const request = requestId === undefined ? undefined : merchant.requests.get(requestId)
  // Taken back by the seller meanwhile.
  if (requestId !== undefined && !request) return
  if (request) {
    request.status = isBlocked ? 'BLOCKED' : 'APPROVED'
    request.blockingReason = isBlocked ? 'The listing does not follow the listing policy.' : undefined
    if (!isBlocked && request.change) Object.assign(product.content, request.change)
  }
  if (product.review === 'pending') product.review = isBlocked ? 'rejected' : 'approved'
  touchProduct(wish, product, at)
  notify(wish, { topic: 'PRODUCT_UPDATE_MERCHANT', merchantId, about: { productId } })
}

function whyNoProduct(merchant: Merchant, input: NewProductInput): string | undefined {
  for (const field of ['name', 'description', 'parent_sku', 'default_shipping_prices', 'category_id'] as const) {
    if (input[field] === undefined) return `Missing required parameter: ${field}.`
  }
  const isTaken = [...merchant.products.values()].some(
    (one) => !one.removedBy && one.content.parent_sku === input.parent_sku,
  )
  if (isTaken) return 'There is an existing product with such parent SKU.'
  const skus = input.variations.map((one) => one.sku)
  if (new Set(skus).size < skus.length) return 'There are variations with the same SKU.'
  const wrong = whyWrongContent(merchant, input)
  if (wrong !== undefined) return wrong
  const standard = merchant.warehouses.find((one) => one.shipping_type === 'STANDARD')
  if (!input.default_shipping_prices?.some((one) => one.warehouse_id === standard?.id)) {
    return 'The default shipping price of the standard warehouse is required.'
  }
  const clean = [input.main_image, ...(input.extra_images ?? [])].filter((one) => one.is_clean_image)
  if (clean.length > 1) return 'Only one clean image URL can be specified.'
  if (clean.length === 0) return 'One image must be the clean image.'
  const urls = new Set([input.main_image, ...(input.extra_images ?? [])].map((one) => one.url))
  for (const variation of input.variations) {
    const refusal = whyNoVariation(merchant, variation)
    if (refusal !== undefined) return refusal
    if (variation.image !== undefined && !urls.has(variation.image)) {
      return 'The image of a variation must be one of the extra images.'
    }
  }
  return undefined
}

function whyNoVariation(merchant: Merchant, input: NewVariationInput): string | undefined {
  if (merchant.bySku.has(input.sku)) return 'There is an existing variation with such SKU.'
  const field = merchant.revenueType === 'COST_BASED' ? 'cost' : 'price'
  if (input[field] === undefined) return `Missing required parameter: variations.${field}.`
  if (input.inventories === undefined) return 'Missing required parameter: variations.inventories.'
  if (input.logistics_details?.origin_country === undefined) {
    return 'Missing required parameter: variations.logistics_details.origin_country.'
  }
  return whyWrongAmounts(merchant, input)
}

function whyNoChange(merchant: Merchant, product: Product, input: ChangedProductInput): string | undefined {
  for (const change of input.variations ?? []) {
    const variation = product.variations.find((one) => one.id === change.id)
    if (!variation) return 'There is no such variation for the product.'
    if (variation.status === 'REMOVED_BY_WISH') return 'The variation has been removed and cannot be updated.'
    const named = change.sku === undefined ? undefined : merchant.bySku.get(change.sku)
    if (named?.some((one) => one.id !== variation.id)) return 'There is an existing variation with such SKU.'
    const refusal = whyWrongAmounts(merchant, change)
    if (refusal !== undefined) return refusal
  }
  return whyWrongContent(merchant, input)
}

function whyFixed(product: Product): string | undefined {
  return stateOf(product).startsWith('REMOVED') ? 'The product has been removed and cannot be updated.' : undefined
}

function whyWrongAmounts(merchant: Merchant, { price, cost, inventories }: Amounts): string | undefined {
  const isCost = merchant.revenueType === 'COST_BASED'
  if (isCost && price) return 'Cost-based merchants must set cost instead of price.'
  if (!isCost && cost) return 'Rev-share merchants must set price instead of cost.'
  for (const money of [price, cost]) {
    if (money && money.currency_code !== merchant.currency) return wrongCurrency(merchant)
  }
  const known = new Set(merchant.warehouses.map((one) => one.id))
  if (inventories?.some((one) => !known.has(one.warehouse_id))) {
    return 'There is no such warehouse ID for the merchant.'
  }
  return undefined
}

function whyWrongContent(
  merchant: Merchant,
  input: Pick<ChangedProductInput, 'description' | 'default_shipping_prices'>,
): string | undefined {
  if (input.description !== undefined && /<[a-z/][^>]*>/i.test(input.description)) {
    return 'The description must not contain HTML.'
  }
  const known = new Set(merchant.warehouses.map((one) => one.id))
  for (const one of input.default_shipping_prices ?? []) {
    if (one.warehouse_id !== undefined && !known.has(one.warehouse_id)) {
      return 'There is no such warehouse ID for the merchant.'
    }
    const currency = one.default_shipping_price?.currency_code
    if (currency !== undefined && currency !== merchant.currency) return wrongCurrency(merchant)
  }
  return undefined
}

function wrongCurrency(merchant: Merchant): string {
  return `The currency code must be ${merchant.currency}, the localized currency of the merchant.`
}

function readNewVariation(merchant: Merchant, input: NewVariationInput) {
  const { sku, price, cost, inventories = [], ...extra } = input
  return {
    sku,
    amountMinor: toMinor((price ?? cost)?.amount ?? 0, merchant.currency),
    inventories: Object.fromEntries(inventories.map((one) => [one.warehouse_id, one.inventory])),
    extra: withoutUndefined(extra),
  }
}

function withoutUndefined(input: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))
}
