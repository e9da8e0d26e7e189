// Products and what is sold of them: stock by warehouse, one amount of money, and what makes them visible to buyers.
import { notify } from './news.ts'
import type { ProductState, ProductStatus } from './reference.ts'
import type { Cause, Merchant, Product, Variation, Wish } from './state.ts'

export type NewVariation = Pick<Variation, 'sku' | 'amountMinor' | 'inventories'> &
  Partial<Pick<Variation, 'status' | 'extra'>>

export type NewProduct = {
  content: Product['content']
  variations: NewVariation[]
  review?: Product['review']
  isEnabled?: boolean
}

export function addProduct(wish: Wish, merchant: Merchant, given: NewProduct, cause: Cause): Product {
  const product: Product = {
    id: newId(wish, cause.at),
    merchantId: merchant.id,
    content: given.content,
    review: given.review ?? 'approved',
    isEnabled: given.isEnabled ?? true,
    removedBy: undefined,
    isCalculatedShipping: false,
    sold: 0,
    createdAt: new Date(Math.floor(cause.at.getTime() / 1000) * 1000),
    updatedAt: cause.at,
    requestId: undefined,
    variations: [],
    hiddenFromListsUntil: undefined,
  }
  merchant.products.set(product.id, product)
  for (const variation of given.variations) addVariation(wish, merchant, product, { ...cause, variation })
  wish.productVersion += 1
  return product
}

export function addVariation(
  wish: Wish,
  merchant: Merchant,
  product: Product,
  { variation: given, ...cause }: Cause & { variation: NewVariation },
): Variation {
  const variation: Variation = {
    id: newId(wish, cause.at),
    productId: product.id,
    sku: given.sku,
    status: given.status ?? 'ENABLED',
    amountMinor: given.amountMinor,
    inventories: given.inventories,
    extra: given.extra ?? {},
    history: [],
  }
  product.variations.push(variation)
  indexSku(merchant, variation)
  noteHistory(variation, cause)
  return variation
}

/** The id of an object: seconds since 1970, then chance. */
export function newId(wish: Wish, at: Date): string {
  const seconds = Math.floor(at.getTime() / 1000).toString(16)
  return `${seconds.padStart(8, '0')}${eightDigits(wish)}${eightDigits(wish)}`
}

/** One draw for eight digits: a catalogue of 100,000 needs many. */
function eightDigits(wish: Wish): string {
  return Math.floor(wish.random() * 4_294_967_296)
    .toString(16)
    .padStart(8, '0')
}

export function stateOf(product: Product): ProductState {
  if (product.removedBy) return product.removedBy === 'wish' ? 'REMOVED_BY_WISH' : 'REMOVED_BY_MERCHANT'
  if (product.review !== 'approved') return 'WISH_INACTIVE'
  return product.isEnabled ? 'ACTIVE' : 'MERCHANT_INACTIVE'
}

export function statusOf(product: Product): ProductStatus {
  if (product.removedBy) return product.removedBy === 'wish' ? 'REMOVED_BY_WISH' : 'REMOVED_BY_MERCHANT'
  if (product.review === 'pending') return 'PENDING_REVIEW'
  return product.review === 'rejected' ? 'REJECTED' : 'APPROVED'
}

export function isBuyable(product: Product, variation: Variation): boolean {
  return stateOf(product) === 'ACTIVE' && variation.status === 'ENABLED'
}

export function quantityOf(variation: Variation): number {
  let sum = 0
  for (const id in variation.inventories) sum += variation.inventories[id] ?? 0
  return sum
}

/** Seen by whoever reads the product or lists what changed. */
export function touchProduct(wish: Wish, product: Product, at: Date): void {
  product.updatedAt = at
  wish.productVersion += 1
}

export function noteHistory(variation: Variation, { at, by }: Cause): void {
  const last = variation.history.at(-1)
  const quantity = quantityOf(variation)
  if (last && last.quantity === quantity && last.priceMinor === variation.amountMinor) return
  variation.history.push({ at, by, quantity, priceMinor: variation.amountMinor })
}

export function indexSku(merchant: Merchant, variation: Variation): void {
  const known = merchant.bySku.get(variation.sku)
  if (known) known.push(variation)
  else merchant.bySku.set(variation.sku, [variation])
}

export function forgetSku(merchant: Merchant, variation: Variation): void {
  const left = (merchant.bySku.get(variation.sku) ?? []).filter((one) => one.id !== variation.id)
  if (left.length > 0) merchant.bySku.set(variation.sku, left)
  else merchant.bySku.delete(variation.sku)
}

export function removeProduct(
  wish: Wish,
  merchant: Merchant,
  product: Product,
  by: 'wish' | 'merchant',
  at: Date,
): void {
  product.removedBy = by
  for (const variation of product.variations) forgetSku(merchant, variation)
  touchProduct(wish, product, at)
}

/** Which warehouse an order of so many leaves from: the first that has them all, else the first that has any. */
export function warehouseFor(merchant: Merchant, variation: Variation, quantity: number): string {
  const has = (least: number) => merchant.warehouses.find((one) => (variation.inventories[one.id] ?? 0) >= least)
  return (has(quantity) ?? has(1) ?? merchant.warehouses[0])?.id ?? ''
}

/** A buyer takes units, or they come back; never below nothing. */
export function moveStock(
  wish: Wish,
  merchant: Merchant,
  move: Cause & { variationId: string; productId: string; warehouseId: string; units: number },
): void {
  const product = merchant.products.get(move.productId)
  const variation = product?.variations.find((one) => one.id === move.variationId)
  if (!product || !variation) return
  const before = variation.inventories[move.warehouseId] ?? 0
  variation.inventories[move.warehouseId] = Math.max(0, before + move.units)
  noteHistory(variation, move)
  touchProduct(wish, product, move.at)
  const about = { productId: product.id }
  notify(wish, { topic: 'PRODUCT_INVENTORY_CHANGE_WISH_USER', merchantId: merchant.id, about })
  if (move.units < 0 && quantityOf(variation) === 0) {
    notify(wish, { topic: 'PRODUCT_SOLDOUT', merchantId: merchant.id, about })
  }
}
