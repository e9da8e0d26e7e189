// Listings: theirs → ours, pulled in every state, found by SKU, made and ended. One listing = one SKU, no variations.
import { RefusedError } from '../connector.ts'
import type { Call, ChannelListing, HttpRequest, ListingRef, Page, PullFrom, Reply } from '../connector.ts'
import type { ReverbAccount } from './account.ts'
import { takesQuantity } from './conditions.ts'
import { parseCursor } from './cursor.ts'
import { replyOf } from './errors.ts'
import { asArray, asCount, asMoney, asObject, asText, objectIn, pathPart, UnreadableError } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import { listingStateOf } from './statuses.ts'
import { freshWalk, linkIn, listPage, stepAfter, walkAgain, walkIn } from './walk.ts'
import type { ListPage, Step, Walk } from './walk.ts'

/** Works on listings; clients were seen to use it. */
const perPage = 50
/** A SKU is not unique, but a thousand listings of one are a list without an end. */
const pagesOfOneSkuMax = 20

/** Drafts and ended listings are invisible without `state=all`, and listing them twice is how duplicates came about (R3). */
const everyState = 'all'

export function toChannelListing(raw: unknown): ChannelListing {
  const listing = asObject(raw) ?? unreadable('The entry is not a listing')
  const id = listingIdOf(listing) ?? unreadable('The listing has no id')
  const condition = asObject(listing['condition'])
  const conditionUuid = asText(condition?.['uuid'])
  const marketplaceState = asText(asObject(listing['state'])?.['slug']) ?? asText(listing['state']) ?? ''
  // A used item is one of a kind, even where setting its stock once has made it a counted one.
  const manyOfAKind = listing['has_inventory'] === true && takesQuantity(conditionUuid)
  return {
    marketplaceListingId: id,
    marketplaceVariantId: null,
    channelSku: asText(listing['sku']),
    title: asText(listing['title']) ?? '',
    state: listingStateOf(marketplaceState),
    marketplaceState,
    quantity: asCount(listing['inventory']) ?? null,
    price: priceOf(listing),
    imageUrl: imageOf(listing),
    url: linkIn(listing, 'web'),
    barcode: asText(listing['upc']),
    condition: asText(condition?.['display_name']),
    zeroIsFinal: !takesQuantity(conditionUuid),
    takesQuantity: manyOfAKind,
  }
}

// One walk is the whole shop; the pull after its end begins a new one.
export async function pullListings(call: Call<ReverbAccount>, from: PullFrom): Promise<Page<ChannelListing>> {
  const walk = from.cursor === null ? freshWalk : walkOfCursor(from.cursor)
  const first: HttpRequest = { method: 'GET', url: '/my/listings', query: { state: everyState, per_page: perPage } }
  let page: ListPage
  try {
    page = await askForPage(call, walk.next === null ? first : { method: 'GET', url: walk.next })
  } catch (error) {
    const linkIsGone = walk.next !== null && error instanceof RefusedError && error.refusal.kind === 'gone'
    if (!linkIsGone) throw error
    return pageAfter([], [], walkAgain(walk), undefined)
  }
  const { items, unreadable: aside } = readListings(page)
  return pageAfter(items, aside, stepAfter(walk, page), page.total)
}

export async function readListing(call: Call<ReverbAccount>, ref: ListingRef): Promise<ChannelListing> {
  const response = await call.send({ method: 'GET', url: `/listings/${pathPart(ref.marketplaceListingId)}` })
  const body = objectIn(response, 'the listing')
  try {
    return toChannelListing(asObject(body['listing']) ?? body)
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error
    throw new RefusedError({ kind: 'rejected', reason: `Listing ${ref.marketplaceListingId}: ${error.message}` })
  }
}

// The search finds none, one or many (R2), and may find what is only alike. All that are exactly it are given back.
export async function findListingsBySku(call: Call<ReverbAccount>, channelSku: string): Promise<ChannelListing[]> {
  const sku = channelSku.trim()
  if (sku === '') return []
  const found = new Map<string, ChannelListing>()
  let request: HttpRequest = {
    method: 'GET',
    url: '/my/listings',
    query: { sku, state: everyState, per_page: perPage },
  }
  for (let pages = 0; pages < pagesOfOneSkuMax; pages++) {
    const page = await askForPage(call, request)
    for (const listing of readListings(page).items) {
      if (listing.channelSku === sku) found.set(listing.marketplaceListingId, listing)
    }
    if (page.next === null || page.next === request.url) return [...found.values()]
    request = { method: 'GET', url: page.next }
  }
  throw new RefusedError({ kind: 'wait', seconds: 300, reason: `Reverb’s search for the SKU “${sku}” has no end` })
}

export function endListing(call: Call<ReverbAccount>, ref: ListingRef): Promise<Reply> {
  const id = ref.marketplaceListingId
  return replyOf(async () => {
    // "reverb_sale" would say that it sold because of Reverb, for which Reverb charges.
    await call.send({ method: 'PUT', url: `/my/listings/${pathPart(id)}/state/end`, body: { reason: 'not_sold' } })
    return { kind: 'done', reference: id }
  })
}

async function askForPage(call: Call<ReverbAccount>, request: HttpRequest): Promise<ListPage> {
  const page = listPage(objectIn(await call.send(request), 'a list of listings'), 'listings', listingIdOf)
  if (!page)
    throw new RefusedError({ kind: 'wait', seconds: 60, reason: 'Reverb did not answer with a list of listings' })
  return page
}

function pageAfter(
  items: ChannelListing[],
  aside: Page<ChannelListing>['unreadable'],
  step: Step,
  total: number | undefined,
): Page<ChannelListing> {
  const gaveUp = {
    reference: null,
    reason: 'Reverb’s list of listings repeats itself, so its end was not reached',
    raw: null,
  }
  return {
    items,
    unreadable: step.kind === 'gave-up' ? [...aside, gaveUp] : aside,
    cursor: JSON.stringify(step.kind === 'on' ? step.walk : freshWalk),
    more: step.kind === 'on',
    ...(total === undefined ? {} : { total }),
  }
}

function readListings(page: ListPage) {
  const items = new Map<string, ChannelListing>()
  const aside: Page<ChannelListing>['unreadable'] = []
  for (const raw of page.entries) {
    try {
      const listing = toChannelListing(raw)
      items.set(listing.marketplaceListingId, listing)
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error
      aside.push({ reference: listingIdOf(asObject(raw) ?? {}), reason: error.message, raw })
    }
  }
  return { items: [...items.values()], unreadable: aside }
}

function walkOfCursor(text: string): Walk {
  const walk = walkIn(parseCursor(text))
  if (!walk) throw new RefusedError({ kind: 'rejected', reason: 'This is no cursor of Reverb listings' })
  return walk
}

export function listingIdOf(listing: JsonObject): string | null {
  return asText(listing['id'])
}

// `price` may be converted for display; only an amount in the listing's own currency is its price.
function priceOf(listing: JsonObject): ChannelListing['price'] {
  const currency = asText(listing['listing_currency'])?.toUpperCase()
  const amounts = [listing['price'], listing['seller_price']].map((amount) => asMoney(amount, currency ?? ''))
  return (
    amounts.find((amount) => amount !== undefined && (currency === undefined || amount.currency === currency)) ?? null
  )
}

function imageOf(listing: JsonObject): string | null {
  const photo = asObject(asArray(listing['photos'])?.[0])
  const sizes = ['small_crop', 'thumbnail', 'large_crop', 'full'].map((size) => (photo ? linkIn(photo, size) : null))
  return sizes.find((size) => size !== null) ?? linkIn(listing, 'photo')
}

function unreadable(reason: string): never {
  throw new UnreadableError(reason)
}
