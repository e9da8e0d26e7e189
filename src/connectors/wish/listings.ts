// Single listings: read, looked for by SKU, ended.
import { RefusedError } from '../connector.ts'
import type { Call, ChannelListing, ListingRef, Reply } from '../connector.ts'
import { asArray, asObject, asText, pathPart } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import type { WishAccount } from './account.ts'
import { ask, askForList, askForObject } from './ask.ts'
import { replyOf } from './errors.ts'
import { askForProduct, productWordOf, readProduct } from './products.ts'

/** Products of one parent SKU that are read in full. More than a few are a sign that something is amiss. */
const productsOfOneSkuMax = 20
const pageSizeMax = 1000

/** Left out, Wish shows only what is approved or in review. */
const everyStatus = ['PENDING_REVIEW', 'APPROVED', 'REJECTED', 'REMOVED_BY_WISH', 'REMOVED_BY_MERCHANT']
  .map((status) => `statuses=${status}`)
  .join('&')

export async function readListing(call: Call<WishAccount>, ref: ListingRef): Promise<ChannelListing> {
  const { items, unreadable } = readProduct(await askForProduct(call, ref.marketplaceListingId), call.site)
  const { marketplaceVariantId: variantId } = ref
  // A reference that names no variation means the only one.
  const found = items.find(
    (item) => variantId === item.marketplaceVariantId || (variantId === null && items.length === 1),
  )
  if (found) return found
  const [aside] = unreadable
  if (aside)
    throw new RefusedError({ kind: 'rejected', reason: `Product ${ref.marketplaceListingId}: ${aside.reason}` })
  if (variantId !== null) throw new RefusedError({ kind: 'gone', reason: 'Wish no longer has this variation' })
  throw new RefusedError({ kind: 'rejected', reason: 'The product has several variations, and none is named' })
}

export async function readProductListings(call: Call<WishAccount>, productId: string): Promise<ChannelListing[]> {
  return readProduct(await askForProduct(call, productId), call.site).items
}

/**
 * Wish has no search by SKU, only one by the parent SKU of a product. We publish a single article with its SKU as the
 * parent SKU too, so what we published is found, and with it what was lost on the way. A variation that someone else
 * listed under another parent SKU is not: that one is known from the download.
 */
export async function findListingsBySku(call: Call<WishAccount>, channelSku: string): Promise<ChannelListing[]> {
  const sku = channelSku.trim()
  if (sku === '') return []
  const found: ChannelListing[] = []
  for (const id of await productIdsOf(call, sku)) {
    const { items } = readProduct(await askForProduct(call, id), call.site)
    const exact = items.filter((item) => item.channelSku === sku)
    // The SKU of a product with variations stands for all of them.
    found.push(...(exact.length > 0 ? exact : items))
  }
  return found
}

export function endListing(call: Call<WishAccount>, ref: ListingRef): Promise<Reply> {
  const { marketplaceListingId: id, marketplaceVariantId: variantId } = ref
  return replyOf(async () => {
    const product = await askForProduct(call, id)
    if (productWordOf(product).startsWith('REMOVED_')) return { kind: 'done', reference: id }
    const url = `/api/v3/products/${pathPart(id)}`
    if (variantId === null || !hasOthersForSale(product, variantId)) {
      await ask(call, { method: 'DELETE', url })
      return { kind: 'done', reference: id }
    }
    // Removing the product would take its other variations with it.
    const variations = [{ id: variantId, status: 'DISABLED' }]
    await askForObject(call, { method: 'PUT', url, body: { variations } }, 'the changed product')
    return { kind: 'done', reference: id }
  })
}

function hasOthersForSale(product: JsonObject, variantId: string): boolean {
  const others = (asArray(product['variations']) ?? []).map(asObject).filter((one) => asText(one?.['id']) !== variantId)
  return others.some((one) => one?.['status'] === 'ENABLED')
}

async function productIdsOf(call: Call<WishAccount>, parentSku: string): Promise<string[]> {
  const request = {
    method: 'GET',
    url: `/api/v3/products?${everyStatus}`,
    query: { parent_sku: parentSku, sort_by: 'created_at.asc', limit: pageSizeMax },
  } as const
  const products = (await askForList(call, request, 'a list of products')).map(asObject)
  const ids = products.flatMap((product) =>
    asText(product?.['parent_sku']) === parentSku ? (asText(product?.['id']) ?? []) : [],
  )
  if (ids.length <= productsOfOneSkuMax) return ids
  const reason = `${ids.length} products at Wish have the parent SKU “${parentSku}”. Only up to ${productsOfOneSkuMax} can be looked at`
  throw new RefusedError({ kind: 'rejected', reason })
}
