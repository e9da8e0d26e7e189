// Pulling listings: all products by the time they were made, which never changes. No search gives more than 10,000, so
// the time is cut into windows.
import { RefusedError } from '../connector.ts'
import type { ChannelListing, Page, PullFrom } from '../connector.ts'
import { asArray, asCount, asObject, asText, UnreadableError } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import type { TikTokCall } from './account.ts'
import { ask } from './ask.ts'
import { codeOf } from './errors.ts'
import { productIdOf, toChannelListings } from './listings.ts'
import { cursorOf, narrower, skipWindow, stepAfter, walkIn, walkOf } from './walk.ts'
import type { Walk } from './walk.ts'

const pageSize = 100
const tooManyCode = 12052180
/** Before TikTok Shop began. The first window has no start, should there be older ones all the same. */
const beginning = Date.UTC(2018, 0, 1) / 1000

// One walk is the whole shop; the pull after its end begins a new one.
export async function pullListings(call: TikTokCall, from: PullFrom): Promise<Page<ChannelListing>> {
  const walk = walkFrom(from.cursor, call)
  let data: JsonObject
  try {
    data = await searchFor(call, walk)
  } catch (error) {
    if (!(error instanceof RefusedError) || codeOf(error.refusal) !== tooManyCode) throw error
    const smaller = narrower(walk)
    if (smaller) return pageOf([], [], smaller)
    const reason = 'More than 10,000 products were made in one second, and TikTok Shop does not show them'
    return pageOf([], [{ reference: null, reason, raw: null }], skipWindow(walk))
  }
  const next = asText(data['next_page_token'])
  const total = asCount(data['total_count'])
  const products = asArray(data['products']) ?? (next === null && (total ?? 0) === 0 ? [] : undefined)
  if (!products) {
    throw new RefusedError({ kind: 'wait', seconds: 60, reason: 'TikTok Shop did not answer with a list of products' })
  }
  const { items, unreadable } = readProducts(products, call)
  const ids = products.map((raw) => productIdOf(asObject(raw) ?? {}) ?? '?')
  const step = stepAfter(walk, { ids, next, total })
  if (step.kind === 'on') return pageOf(items, unreadable, step.walk)
  if (step.kind === 'end') return pageOf(items, unreadable, null)
  const reason = 'TikTok Shop’s list of products has no end, so it was not reached'
  return pageOf(items, [...unreadable, { reference: null, reason, raw: null }], step.walk)
}

function searchFor(call: TikTokCall, walk: Walk): Promise<JsonObject> {
  return ask(call, 'products.search', {
    query: { page_size: pageSize, ...(walk.token === null ? {} : { page_token: walk.token }) },
    body: {
      status: 'ALL',
      ...(walk.from <= beginning ? {} : { create_time_ge: walk.from }),
      // Theirs has its end in it, ours not.
      create_time_le: walk.to - 1,
    },
  })
}

function readProducts(products: unknown[], call: TikTokCall) {
  const items = new Map<string, ChannelListing>()
  const unreadable: Page<ChannelListing>['unreadable'] = []
  for (const raw of products) {
    try {
      for (const listing of toChannelListings(raw, call.site.currency)) {
        items.set(`${listing.marketplaceListingId}/${listing.marketplaceVariantId}`, listing)
      }
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error
      unreadable.push({ reference: productIdOf(asObject(raw) ?? {}), reason: error.message, raw })
    }
  }
  return { items: [...items.values()], unreadable }
}

function pageOf(
  items: ChannelListing[],
  unreadable: Page<ChannelListing>['unreadable'],
  walk: Walk | null,
): Page<ChannelListing> {
  return { items, unreadable, cursor: JSON.stringify({ walk }), more: walk !== null }
}

function walkFrom(text: string | null, call: TikTokCall): Walk {
  const cursor = text === null ? { walk: null } : cursorOf(text, 'listings')
  // A product made this very second belongs to it, so the end lies behind it.
  if (cursor['walk'] === null) return walkOf({ from: beginning, end: Math.floor(call.now.getTime() / 1000) + 60 })
  const walk = walkIn(cursor['walk'])
  if (walk) return walk
  throw new RefusedError({ kind: 'rejected', reason: 'This is no cursor of TikTok Shop listings' })
}
