// A listing: what our figures may be sent to.

import type { Money } from '../money.ts'

export type ListingState = 'live' | 'draft' | 'ended' | 'sold-out' | 'suspended' | 'unavailable' | 'unknown'

export type ListingRef = {
  marketplaceListingId: string
  marketplaceVariantId: string | null
  channelSku: string | null
}

/** A listing as a marketplace shows it, in our words. */
export type ChannelListing = ListingRef & {
  title: string
  state: ListingState
  marketplaceState: string
  /** Null where the marketplace does not say. */
  quantity: number | null
  price: Money | null
  /** As the three below, null where the marketplace does not say: then what is known stays. */
  imageUrl: string | null
  /** Where a person sees it. */
  url: string | null
  barcode: string | null
  condition: string | null
  /** Showing 0 ends this listing and nothing revives it: a 0 that comes only from a threshold waits for a person (A10). */
  zeroIsFinal: boolean
  /** False where the listing is one of a kind and takes no quantity. */
  takesQuantity: boolean
}

export type ListingFacts = {
  state: ListingState
  quantity: number | null
  zeroIsFinal: boolean
  missing: boolean
}

/**
 * A listing ended with stock left was ended by a person, and one whose 0 is final stays ended: neither is ours to revive.
 * One that ended because it showed 0 comes back with its stock. A state we do not know may well be selling.
 */
export function followsStock(listing: ListingFacts): boolean {
  if (listing.missing || listing.state === 'suspended') return false
  return listing.state !== 'ended' || (listing.quantity === 0 && !listing.zeroIsFinal)
}

export function followsPrice(listing: Pick<ListingFacts, 'state' | 'missing'>): boolean {
  return !listing.missing && listing.state !== 'suspended' && listing.state !== 'ended'
}
