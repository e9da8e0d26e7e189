// Making and changing products, and what became of them: Wish may look at either first (W12).
import { textOfFaults } from '../../domain/listings/draft-faults.ts'
import { RefusedError } from '../connector.ts'
import type {
  Call,
  ChannelListing,
  ListingAttribute,
  ListingDraft,
  ListingFault,
  ListingRef,
  Reply,
} from '../connector.ts'
import { asArray, asObject, asText, pathPart } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import type { WishAccount } from './account.ts'
import { askForObject } from './ask.ts'
import { replyOf } from './errors.ts'
import { faultsOf, shippingPriceOf } from './limits.ts'
import {
  fields,
  shippingPrices,
  toWishContent,
  toWishProduct,
  variationContent,
  variationsOf,
} from './listing-draft.ts'
import type { Warehouses } from './listing-draft.ts'
import { chosenWarehouse, priceFieldOf, warehousesOf } from './merchant.ts'
import { askForProduct, productWordOf } from './products.ts'

/** Not safe to repeat: whoever repeats it looks for the SKU first. */
export function publishListing(call: Call<WishAccount>, draft: ListingDraft): Promise<Reply> {
  return replyOf(async () => {
    const reason = textOfFaults(faultsOf(draft, call.site))
    if (reason !== undefined) return { kind: 'rejected', reason }
    const warehouses = await warehousesFor(call)
    if (warehouses.originCountry === null && asText(draft.attributes['origin_country']) === null)
      return { kind: 'rejected', reason: 'Wish needs the country of origin (origin_country)' }
    const body = toWishProduct(draft, warehouses, await priceFieldOf(call))
    const product = await withPriceOrCost(body.variations, (variations) => {
      const request = { method: 'POST', url: '/api/v3/products', body: { ...body, variations } } as const
      return askForObject(call, request, 'the new product')
    })
    const id = asText(product['id'])
    if (id === null) return { kind: 'unclear', reason: 'Wish took the product without saying its id' }
    return afterReview(product, id)
  })
}

/** Words and pictures; stock and price stay with the pushes. A variation that is new is added. */
export function updateListing(call: Call<WishAccount>, ref: ListingRef, draft: ListingDraft): Promise<Reply> {
  const { marketplaceListingId: id } = ref
  return replyOf(async () => {
    const reason = textOfFaults(faultsOf(draft, call.site).filter(isAboutChange))
    if (reason !== undefined) return { kind: 'rejected', reason }
    const warehouses = await warehousesFor(call)
    const known = variationIdsOf(await askForProduct(call, id))
    const variations = variationsOf(draft)
    const only = draft.variations ? null : ref.marketplaceVariantId
    const changed = variations.flatMap((variation) => {
      const variantId = only ?? known.get(variation.channelSku)
      return variantId === undefined ? [] : [{ id: variantId, ...variationContent(variation) }]
    })
    const url = `/api/v3/products/${pathPart(id)}`
    const shipping = shippingPriceOf(draft, call.site)
    const priced = shipping ? { default_shipping_prices: shippingPrices(shipping, warehouses) } : {}
    const body = { ...toWishContent(draft), ...priced, variations: changed }
    let answer = await askForObject(call, { method: 'PUT', url, body }, 'the changed product')
    const added = only === null ? variations.filter(({ channelSku }) => !known.has(channelSku)) : []
    if (added.length > 0) {
      const made = toWishProduct({ ...draft, variations: added }, warehouses, await priceFieldOf(call))
      for (const variation of made.variations) {
        answer = await withPriceOrCost([variation], ([one]) =>
          askForObject(call, { method: 'POST', url: `${url}/variations`, body: one }, 'the new variation'),
        )
      }
    }
    const request = requestIdOf(answer)
    return request === null ? { kind: 'done', reference: id } : { kind: 'pending', ticket: `request/${request}/${id}` }
  })
}

/** A change leaves as it is what it does not name. */
function isAboutChange({ field, attribute }: ListingFault): boolean {
  return field === 'title' || field === 'description' || field === 'sku' || attribute === 'tags'
}

export function checkListing(call: Call<WishAccount>, ticket: string): Promise<Reply> {
  const [kind, first = '', second = ''] = ticket.split('/')
  return replyOf(async () => {
    if (kind === 'product') return afterReview(await askForProduct(call, first), first)
    if (kind !== 'request') return { kind: 'rejected', reason: `“${ticket}” is no ticket of Wish` }
    const url = `/api/v3/products/requests/${pathPart(first)}`
    const request = await askForObject(call, { method: 'GET', url }, 'the request')
    switch (asText(request['status'])) {
      case 'APPROVED':
        return { kind: 'done', reference: second || (asText(request['product_id']) ?? '') }
      case 'BLOCKED':
        return { kind: 'rejected', reason: asText(request['blocking_reason']) ?? 'Wish blocked it without saying why' }
      default:
        return { kind: 'pending', ticket }
    }
  })
}

/** A product that nobody can buy may be under review; the product itself says so. */
export function ticketOf(_call: Call<WishAccount>, found: ChannelListing[]): string | undefined {
  const closed = found.find(({ state }) => state === 'unavailable' || state === 'draft')
  return closed && `product/${closed.marketplaceListingId}`
}

/** Only what every product has: which attributes a category asks for is not part of the published interface we know. */
export async function attributesOf(): Promise<ListingAttribute[]> {
  return fields
}

// The schema wants a price of everyone, the prose wants the cost in its place from those who are paid by cost. They send
// both, and where that is refused the cost alone: a refusal made nothing.
async function withPriceOrCost<Variation extends { price: unknown; cost?: unknown }>(
  variations: Variation[],
  send: (variations: Partial<Variation>[]) => Promise<JsonObject>,
): Promise<JsonObject> {
  try {
    return await send(variations)
  } catch (error) {
    const isAboutCost =
      error instanceof RefusedError && error.refusal.kind === 'rejected' && /\bcost\b/i.test(error.message)
    if (!isAboutCost || variations.some(({ cost }) => cost === undefined)) throw error
    return send(variations.map((variation) => ({ ...variation, price: undefined })))
  }
}

function afterReview(product: JsonObject, id: string): Reply {
  const request = requestIdOf(product)
  if (request !== null) return { kind: 'pending', ticket: `request/${request}/${id}` }
  const word = productWordOf(product)
  if (product['status'] === 'REJECTED') return { kind: 'rejected', reason: 'Wish looked at the product and refused it' }
  if (word === 'REMOVED_BY_WISH') return { kind: 'rejected', reason: 'Wish has removed the product' }
  const inReview = word === 'WISH_INACTIVE' || word === 'PENDING_REVIEW'
  return inReview ? { kind: 'pending', ticket: `product/${id}` } : { kind: 'done', reference: id }
}

function requestIdOf(product: JsonObject): string | null {
  return asText(product['request_id'])
}

function variationIdsOf(product: JsonObject): Map<string, string> {
  const variations = (asArray(product['variations']) ?? []).map(asObject)
  return new Map(
    variations.flatMap((variation) => {
      const [id, sku] = [asText(variation?.['id']), asText(variation?.['sku'])]
      return id === null || sku === null ? [] : [[sku, id] as const]
    }),
  )
}

async function warehousesFor(call: Call<WishAccount>): Promise<Warehouses> {
  const chosen = chosenWarehouse(call)
  if (!chosen) throw new RefusedError({ kind: 'rejected', reason: 'This account has no warehouse at Wish' })
  const known = await warehousesOf(call)
  const originCountry = known.find(({ id }) => id === chosen.id)?.countryCode ?? null
  return { site: call.site, chosen, originCountry }
}
