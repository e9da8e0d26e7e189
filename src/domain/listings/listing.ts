// A listing: what our figures may be sent to.

export type ListingState = 'live' | 'draft' | 'ended' | 'sold-out' | 'suspended' | 'unavailable' | 'unknown'

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
