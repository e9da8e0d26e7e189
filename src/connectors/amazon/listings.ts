// Listings one at a time. A listing is one SKU of the seller's on one site, so the SKU is its id; a listing that Amazon
// ships from its own warehouse carries that warehouse network's code as its variant, and its stock is never ours to set.
import { RefusedError } from '../connector.ts'
import type { Call, ChannelListing, ListingRef } from '../connector.ts'
import { asArray, asCount, asObject, asText } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import type { AmazonAccount } from './account.ts'
import { readItem } from './items.ts'
import { siteOf } from './marketplaces.ts'
import { moneyIn, objectsIn } from './read.ts'
import { listingStateOf } from './statuses.ts'

/** The seller's own warehouse. Any other code is one of Amazon's. */
export const ownChannel = 'DEFAULT'

/** What a listing shows, as Amazon calls the parts of it. */
export const shownData = 'summaries,offers,fulfillmentAvailability'

export async function readListing(call: Call<AmazonAccount>, ref: ListingRef): Promise<ChannelListing> {
  const item = await readItem(call, ref.marketplaceListingId, shownData)
  return toChannelListing(item, call)
}

// A SKU is unique here, so there is one or none.
export async function findListingsBySku(call: Call<AmazonAccount>, channelSku: string): Promise<ChannelListing[]> {
  if (channelSku.trim() === '') return []
  try {
    return [await readListing(call, { marketplaceListingId: channelSku, marketplaceVariantId: null, channelSku })]
  } catch (error) {
    if (error instanceof RefusedError && error.refusal.kind === 'gone') return []
    throw error
  }
}

export function toChannelListing(item: JsonObject, call: Call<AmazonAccount>): ChannelListing {
  const summary = objectsIn(item['summaries']).find((one) => one['marketplaceId'] === call.site.id)
  const words = summary && (asArray(summary['status']) ?? []).flatMap((word) => asText(word) ?? [])
  const sku = typeof item['sku'] === 'string' ? item['sku'] : ''
  const channels = objectsIn(item['fulfillmentAvailability'])
  const amazons = channels.map((one) => asText(one['fulfillmentChannelCode'])).find(isAmazons) ?? null
  const ours = channels.find((one) => one['fulfillmentChannelCode'] === ownChannel)
  // What is live, not what was submitted: that would be among the attributes.
  const quantity = amazons === null ? (asCount(ours?.['quantity']) ?? null) : null
  const asin = asText(summary?.['asin'])
  return {
    marketplaceListingId: sku,
    marketplaceVariantId: amazons,
    channelSku: sku,
    title: asText(summary?.['itemName']) ?? '',
    state: listingStateOf(words, quantity),
    marketplaceState: words?.join(', ') ?? '',
    quantity,
    price: priceOf(item, call.site.id),
    imageUrl: asText(asObject(summary?.['mainImage'])?.['link']),
    url: asin === null ? null : productPage(call.site.id, asin),
    barcode: null,
    condition: conditionOf(asText(summary?.['conditionType'])),
    zeroIsFinal: false,
    takesQuantity: true,
  }
}

export function productPage(siteId: string, asin: string): string {
  return `https://www.${siteOf(siteId).shop}/dp/${encodeURIComponent(asin)}`
}

export function isAmazons(channelCode: string | null): boolean {
  return channelCode !== null && channelCode !== ownChannel
}

// What any buyer pays; business prices are offers of their own.
function priceOf(item: JsonObject, siteId: string): ChannelListing['price'] {
  const offers = objectsIn(item['offers']).filter(
    (one) => one['marketplaceId'] === siteId && one['offerType'] === 'B2C',
  )
  const forAll = offers.find((one) => asText(asObject(one['audience'])?.['value']) === 'ALL')
  return moneyIn((forAll ?? offers[0])?.['price']) ?? null
}

/** "used_like_new" → "Used like new". */
function conditionOf(word: string | null): string | null {
  if (word === null) return null
  const text = (word === 'new_new' ? 'new' : word).replaceAll('_', ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
