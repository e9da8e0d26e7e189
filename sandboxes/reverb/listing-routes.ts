// What the API offers for listings.
import { isTyped } from '../kit/faults.ts'
import { done, invalid, notFound, refuse } from './call.ts'
import { readListingChanges } from './listing-input.ts'
import { listingWarnings, showListing } from './listing-json.ts'
import { endListing, findListing, visibleState } from './listings.ts'
import { answerPage } from './pages.ts'
import { createListing, updateListing } from './save-listing.ts'
import { listingStates } from './reference.ts'
import type { Answer, Call, Route } from './call.ts'
import type { Listing } from './state.ts'

export const listingRoutes: Route[] = [
  { operation: 'listings.list', method: 'GET', path: '/my/listings', scope: 'read_listings', handle: listListings },
  {
    operation: 'listings.drafts',
    method: 'GET',
    path: '/my/listings/drafts',
    scope: 'read_listings',
    handle: (call) => pageOfListings(call, 'draft'),
  },
  { operation: 'listings.counts', method: 'GET', path: '/my/counts', scope: 'read_profile', handle: countListings },
  { operation: 'listings.create', method: 'POST', path: '/listings', scope: 'write_listings', handle: create },
  {
    operation: 'listings.get',
    method: 'GET',
    path: '/listings/{slug}',
    scope: 'none',
    handle: (call) => withListing(call, (listing) => done(show(call, readable(call, listing)))),
  },
  { operation: 'listings.update', method: 'PUT', path: '/listings/{slug}', scope: 'write_listings', handle: update },
  { operation: 'listings.delete', method: 'DELETE', path: '/listings/{slug}', scope: 'write_listings', handle: remove },
  {
    operation: 'listings.end',
    method: 'PUT',
    path: '/my/listings/{slug}/state/end',
    scope: 'write_listings',
    handle: end,
  },
  {
    operation: 'listings.images',
    method: 'GET',
    path: '/listings/{listing_id}/images',
    scope: 'read_listings',
    handle: (call) => withListing(call, (listing) => done({ images: listing.photos })),
  },
  {
    operation: 'listings.delete-image',
    method: 'DELETE',
    path: '/listings/{listing_id}/images/{image_id}',
    scope: 'write_listings',
    handle: removeImage,
  },
]

function listListings(call: Call): Answer {
  const state = call.query.get('state') ?? 'live'
  if (state === 'all' || Object.hasOwn(listingStates, state)) return pageOfListings(call, state)
  return invalid(call.reverb, 'Invalid parameters', { state: ['does not have a valid value'] })
}

function pageOfListings(call: Call, state: string): Answer {
  const sku = call.query.get('sku')
  const words = (call.query.get('query') ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const found: Listing[] = []
  for (const current of call.reverb.listings.values()) {
    if (isHidden(call, current)) continue
    const listing = readable(call, current)
    const isWanted =
      (state === 'all' || visibleState(call.reverb, listing) === state) &&
      (sku === null || sku === '' || listing.sku === sku) &&
      words.every((word) => textOf(listing).includes(word))
    if (isWanted) found.push(listing)
  }
  found.reverse()
  return answerPage(call, {
    name: 'listings',
    items: found,
    show: (listing) => show(call, listing),
    respectsPageSize: true,
    absoluteLinks: true,
  })
}

function isHidden(call: Call, listing: Listing): boolean {
  const isLate = listing.hiddenFromListsUntil !== undefined && listing.hiddenFromListsUntil > call.at
  return isLate || isTyped('gone-me', listing.sku, listing.title)
}

function textOf(listing: Listing): string {
  return [listing.title, listing.make, listing.model, listing.sku ?? ''].join(' ').toLowerCase()
}

function countListings(call: Call): Answer {
  const counts: Record<string, number> = {}
  for (const listing of call.reverb.listings.values()) {
    const state = visibleState(call.reverb, listing)
    counts[state] = (counts[state] ?? 0) + 1
  }
  return done({ listings: counts })
}

function create(call: Call): Answer {
  const { changes, errors } = readListingChanges(call.body, call.reverb.shop.currency)
  const result = createListing(call.reverb, changes, errors, call.at)
  if ('status' in result) return result
  const { listing } = result
  // Photos are fetched later, which is why the answer is only "accepted".
  return saved(call, listing, (changes.photoUrls ?? []).length > 0 ? 202 : 201)
}

function update(call: Call): Answer {
  return withListing(call, (listing) => {
    const { changes, errors } = readListingChanges(call.body, call.reverb.shop.currency)
    return updateListing(call.reverb, listing, { changes, errors, at: call.at }) ?? saved(call, listing, 200)
  })
}

function saved(call: Call, listing: Listing, status: number): Answer {
  const message = listing.state === 'draft' ? 'Your draft has been saved' : 'Your listing has been saved'
  return done({ message, listing: show(call, listing), errors: [], warnings: listingWarnings(listing) }, status)
}

function remove(call: Call): Answer {
  return withListing(call, (listing) => {
    if (listing.state !== 'draft') return refuse(406, 'Only drafts can be deleted')
    call.reverb.listings.delete(listing.id)
    return done({ message: 'Your draft has been deleted' })
  })
}

function end(call: Call): Answer {
  return withListing(call, (listing) => {
    const { reason } = call.body
    if (reason !== 'not_sold' && reason !== 'reverb_sale') {
      const problem = reason === undefined ? 'is missing' : 'does not have a valid value'
      return invalid(call.reverb, 'The listing could not be ended', { reason: [problem] })
    }
    if (listing.state === 'draft') {
      return invalid(call.reverb, 'The listing could not be ended', { state: ['a draft has nothing to end'] })
    }
    endListing(call.reverb, listing, { at: call.at, by: 'seller', cause: `ended: ${reason}` })
    return done({ message: 'Your listing has been ended', listing: show(call, listing) })
  })
}

function removeImage(call: Call): Answer {
  return withListing(call, (listing) => {
    const kept = listing.photos.filter((photo) => String(photo.id) !== call.params['image_id'])
    if (kept.length === listing.photos.length) return notFound('image')
    listing.photos = kept
    return done({ message: 'The image has been deleted' })
  })
}

function withListing(call: Call, act: (listing: Listing) => Answer): Answer {
  const listing = findListing(call.reverb, call.params['slug'] ?? call.params['listing_id'] ?? '')
  return listing ? act(listing) : notFound('listing')
}

/** The listing, or what reads still show of it. */
function readable(call: Call, listing: Listing): Listing {
  const old = call.reverb.stale.get(listing.id)
  return old && old.until > call.at ? old.listing : listing
}

function show(call: Call, listing: Listing): Record<string, unknown> {
  return showListing(call.reverb, listing, call)
}
