// Their product → our listings: each SKU of it is one. Read and found here; walked in listing-pull.ts.
import { RefusedError } from '../connector.ts'
import type { ChannelListing, ListingRef, ListingState } from '../connector.ts'
import { asArray, asCount, asMoney, asObject, asText, UnreadableError } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import type { TikTokCall } from './account.ts'
import { ask } from './ask.ts'
import { codeOf } from './errors.ts'
import { listingStateOf } from './statuses.ts'

/** Frozen and deleted products are only to be seen in the search. */
const wrongStatusCode = 12052901
/** A thousand products with one SKU are a list without an end. */
const pagesOfOneSkuMax = 10

/** Throws `UnreadableError` where it makes no sense. The product comes from the search, or whole with its pictures. */
export function toChannelListings(raw: unknown, currencyUnstated: string): ChannelListing[] {
  const product = asObject(raw) ?? unreadable('The entry is not a product')
  const id = productIdOf(product) ?? unreadable('The product has no id')
  const skus = asArray(product['skus']) ?? []
  // A draft may have no SKU yet.
  if (skus.length === 0) return [listingOf(product, { productId: id, sku: {}, currencyUnstated })]
  return skus.map((entry) => {
    const sku = asObject(entry) ?? unreadable('A SKU of the product is not one')
    if (asText(sku['id']) === null) unreadable('A SKU of the product has no id')
    return listingOf(product, { productId: id, sku, currencyUnstated })
  })
}

function listingOf(
  product: JsonObject,
  { productId, sku, currencyUnstated }: { productId: string; sku: JsonObject; currencyUnstated: string },
): ChannelListing {
  const word = asText(product['status']) ?? ''
  const quantity = word === 'DELETED' ? null : quantityOf(sku)
  return {
    marketplaceListingId: productId,
    marketplaceVariantId: asText(sku['id']),
    channelSku: asText(sku['seller_sku']),
    // The search does not say which variation it is, so a listing is called the same wherever it comes from.
    title: asText(product['title']) ?? '',
    state: stateOf(word, sku, quantity),
    marketplaceState: word,
    quantity,
    price: priceOf(sku, currencyUnstated),
    imageUrl: imageOf(product, sku),
    // The address of its page differs from market to market and is nowhere in what we are told.
    url: null,
    barcode: asText(asObject(sku['identifier_code'])?.['code']),
    condition: null,
    zeroIsFinal: false,
    takesQuantity: true,
  }
}

export async function readListing(call: TikTokCall, ref: ListingRef): Promise<ChannelListing> {
  const product = await readProduct(call, ref.marketplaceListingId)
  const found = pick(listingsIn(product, call), ref)
  if (found) return found
  throw new RefusedError({ kind: 'gone', reason: `The product ${ref.marketplaceListingId} no longer has this SKU` })

  async function readProduct(call: TikTokCall, id: string): Promise<JsonObject> {
    try {
      return await ask(call, 'products.get', { id })
    } catch (error) {
      const isPerhapsHidden =
        error instanceof RefusedError && (error.refusal.kind === 'gone' || codeOf(error.refusal) === wrongStatusCode)
      if (!isPerhapsHidden || ref.marketplaceVariantId === null) throw error
      const data = await ask(call, 'products.search', {
        query: { page_size: 10 },
        body: { status: 'ALL', sku_ids: [ref.marketplaceVariantId] },
      })
      const product = (asArray(data['products']) ?? []).map(asObject).find((one) => one && productIdOf(one) === id)
      if (!product) throw error
      return product
    }
  }
}

export async function readProductListings(call: TikTokCall, productId: string): Promise<ChannelListing[]> {
  return listingsIn(await ask(call, 'products.get', { id: productId }), call)
}

// The search finds what is like it as well; all that are exactly it are given back.
export async function findListingsBySku(call: TikTokCall, channelSku: string): Promise<ChannelListing[]> {
  const sku = channelSku.trim()
  if (sku === '') return []
  const found = new Map<string, ChannelListing>()
  let token: string | null = null
  for (let pages = 0; pages < pagesOfOneSkuMax; pages++) {
    const data: JsonObject = await ask(call, 'products.search', {
      query: { page_size: 100, ...(token === null ? {} : { page_token: token }) },
      body: { status: 'ALL', seller_skus: [sku] },
    })
    for (const product of asArray(data['products']) ?? []) {
      for (const listing of listingsIn(product, call)) {
        const { marketplaceListingId: id, marketplaceVariantId: variantId, marketplaceState } = listing
        // A deleted product keeps its SKUs, and nobody looks for those.
        if (listing.channelSku === sku && marketplaceState !== 'DELETED') found.set(`${id}/${variantId}`, listing)
      }
    }
    const next = asText(data['next_page_token'])
    if (next === null || next === token) return [...found.values()]
    token = next
  }
  throw new RefusedError({ kind: 'wait', seconds: 300, reason: `TikTok Shop’s search for the SKU “${sku}” has no end` })
}

/** Of one product, the SKU that is meant; without an id the one of that name, or the only one. */
function pick(listings: ChannelListing[], ref: ListingRef): ChannelListing | undefined {
  if (ref.marketplaceVariantId !== null) {
    return listings.find((one) => one.marketplaceVariantId === ref.marketplaceVariantId)
  }
  const named = listings.filter((one) => ref.channelSku !== null && one.channelSku === ref.channelSku)
  const fitting = named.length > 0 ? named : listings
  return fitting.length === 1 ? fitting[0] : undefined
}

function listingsIn(product: unknown, call: TikTokCall): ChannelListing[] {
  try {
    return toChannelListings(product, call.site.currency)
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error
    throw new RefusedError({ kind: 'rejected', reason: `A product cannot be read: ${error.message}` })
  }
}

export function productIdOf(product: JsonObject): string | null {
  return asText(product['id'])
}

function stateOf(word: string, sku: JsonObject, quantity: number | null): ListingState {
  const state = listingStateOf(word)
  if (state !== 'live') return state
  const info = asObject(sku['status_info'])
  if (asText(info?.['status']) === 'DEACTIVATED') {
    return asText(info?.['deactivation_source']) === 'SELLER' ? 'ended' : 'suspended'
  }
  return quantity === 0 ? 'sold-out' : 'live'
}

/** Over all its warehouses; null where one does not say. */
function quantityOf(sku: JsonObject): number | null {
  const counts = (asArray(sku['inventory']) ?? []).map((entry) => asCount(asObject(entry)?.['quantity']))
  const known = counts.filter((count) => count !== undefined)
  return known.length === 0 || known.length < counts.length ? null : known.reduce((sum, count) => sum + count, 0)
}

// What buyers see is the sale price. The search leaves it out for sellers of the country itself, whose "tax exclusive"
// price is what buyers see.
function priceOf(sku: JsonObject, currencyUnstated: string): ChannelListing['price'] {
  const price = asObject(sku['price'])
  const amount = asText(price?.['sale_price']) ?? asText(price?.['tax_exclusive_price'])
  return amount === null ? null : (asMoney({ amount, currency: price?.['currency'] }, currencyUnstated) ?? null)
}

function imageOf(product: JsonObject, sku: JsonObject): string | null {
  const pictures = [
    ...(asArray(sku['sales_attributes']) ?? []).map((attribute) => asObject(asObject(attribute)?.['sku_img'])),
    asObject(asArray(product['main_images'])?.[0]),
  ]
  const links = pictures.flatMap((picture) => [
    asText(asArray(picture?.['thumb_urls'])?.[0]),
    asText(asArray(picture?.['urls'])?.[0]),
  ])
  return links.find((link) => link !== null) ?? null
}

function unreadable(reason: string): never {
  throw new UnreadableError(reason)
}
