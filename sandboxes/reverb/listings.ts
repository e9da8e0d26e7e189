// The life of a listing: what publishing, ending, selling and restocking do to it.
import { conditionOf } from './reference.ts'
import { notify } from './state.ts'
import type { ListingState } from './reference.ts'
import type { Actor, Listing, Reverb } from './state.ts'

export type Cause = { at: Date; by: Actor; cause: string }

/** Why a listing cannot be published, whatever its fields say. */
export function publishObstacle(listing: Listing, conditionUuid: string): string | undefined {
  if (listing.state === 'suspended') return 'has been suspended'
  const isUsed = conditionOf(conditionUuid)?.allowsQuantity !== true
  return wasSold(listing) && isUsed ? 'has been sold and is one of a kind' : undefined
}

/** Publishes a draft, or brings an ended listing back. */
export function publishListing(reverb: Reverb, listing: Listing, cause: Cause): void {
  if (listing.state === 'live') return
  listing.state = 'live'
  listing.publishedAt = cause.at
  recordChange(listing, cause)
  notify(reverb, 'listings/publish', listing.id)
}

export function endListing(reverb: Reverb, listing: Listing, cause: Cause): void {
  if (listing.state !== 'live' && listing.state !== 'suspended') return
  listing.state = 'ended'
  recordChange(listing, cause)
  notify(reverb, 'listings/update', listing.id)
}

/** The seller sets a quantity. Nothing left ends the listing; new stock revives it only for three conditions. */
export function setInventory(reverb: Reverb, listing: Listing, quantity: number, cause: Cause): void {
  const before = listing.inventory
  listing.inventory = quantity
  if (quantity === 0 && listing.state === 'live') listing.state = 'ended'
  if (quantity > 0 && before === 0) reviveIfAllowed(listing)
  recordChange(listing, cause)
  notify(reverb, 'listings/update', listing.id)
}

/** A buyer takes stock. The last unit of an unpaid offer is ordered, of anything else sold out. */
export function takeStock(
  reverb: Reverb,
  listing: Listing,
  quantity: number,
  options: Cause & { paid: boolean },
): void {
  listing.inventory = Math.max(0, listing.inventory - quantity)
  if (listing.inventory === 0 && listing.state === 'live') listing.state = options.paid ? 'sold_out' : 'ordered'
  recordChange(listing, options)
  notify(reverb, 'listings/update', listing.id)
}

/** The buyer of the last unit has paid. What the seller put on sale again meanwhile goes on. */
export function settleOrdered(listing: Listing, cause: Cause): void {
  if (listing.state !== 'ordered') return
  listing.state = 'sold_out'
  if (listing.inventory > 0) reviveIfAllowed(listing)
  recordChange(listing, cause)
}

/** An order fell through. */
export function giveStockBack(reverb: Reverb, listing: Listing, quantity: number, cause: Cause): void {
  const before = listing.inventory
  // It was never sold, so even a one-of-a-kind item returns.
  if (listing.state === 'ordered') listing.state = 'live'
  else if (before === 0) reviveIfAllowed(listing)
  listing.inventory = before + quantity
  recordChange(listing, cause)
  notify(reverb, 'listings/update', listing.id)
}

/** What a visitor sees: a shop on vacation has nothing for sale. */
export function visibleState(reverb: Reverb, listing: Listing): ListingState {
  return listing.state === 'live' && reverb.shop.onVacation ? 'seller_unavailable' : listing.state
}

/** Adds a line of history when the listing differs from the last one. */
export function recordChange(listing: Listing, { at, by, cause }: Cause): void {
  listing.updatedAt = at
  const last = listing.history.at(-1)
  const { state, inventory, price } = listing
  const isSame =
    last !== undefined &&
    last.state === state &&
    last.inventory === inventory &&
    last.price.minor === price.minor &&
    last.price.currency === price.currency
  if (!isSame) listing.history.push({ at, by, cause, state, inventory, price })
}

export function allowsQuantity(listing: Listing): boolean {
  return conditionOf(listing.conditionUuid)?.allowsQuantity ?? false
}

/** By numeric id or by slug: both stand in the same place of a path. */
export function findListing(reverb: Reverb, idOrSlug: string): Listing | undefined {
  const id = Number(/^\d+/.exec(idOrSlug)?.[0] ?? Number.NaN)
  const listing = reverb.listings.get(id)
  return listing && (idOrSlug === String(id) || idOrSlug === listing.slug) ? listing : undefined
}

function reviveIfAllowed(listing: Listing): void {
  if ((listing.state === 'ended' || listing.state === 'sold_out') && allowsQuantity(listing)) listing.state = 'live'
}

function wasSold(listing: Listing): boolean {
  return listing.history.some((change) => change.state === 'sold_out')
}
