// Amazon's words → ours. No default: a word that is not here is kept as it is and shown to a person.
import type { ChannelOrderStatus, ListingState } from '../connector.ts'

export const orderStatuses = {
  PENDING_AVAILABILITY: 'awaiting-payment', // a pre-order before its day
  PENDING: 'awaiting-payment', // payment not authorised: no prices, no address, never ship
  UNSHIPPED: 'to-ship',
  PARTIALLY_SHIPPED: 'to-ship',
  SHIPPED: 'shipped',
  CANCELLED: 'cancelled',
  // Placed elsewhere for Amazon to ship, which it cannot: nothing is ours to do.
  UNFULFILLABLE: 'cancelled',
} satisfies Record<string, ChannelOrderStatus>

/** Of an order that Amazon ships from its own warehouse: it is never ours to route, whatever stage it is at. */
export function statusOfAmazonsOwn(status: ChannelOrderStatus): ChannelOrderStatus {
  return status === 'cancelled' || status === 'unknown' ? status : 'shipped'
}

export function orderStatusOf(word: string): ChannelOrderStatus {
  // Own keys only: "constructor" is no status.
  return Object.hasOwn(orderStatuses, word) ? orderStatuses[word as keyof typeof orderStatuses] : 'unknown'
}

/** The status column of the listing report. What is inactive at 0 comes back with its stock; otherwise Amazon holds it. */
export function listingStateOfReport(word: string, quantity: number | null): ListingState {
  if (/^active$/i.test(word)) return 'live'
  if (/^inactive$/i.test(word)) return quantity === 0 ? 'sold-out' : 'unavailable'
  return /^incomplete$/i.test(word) ? 'draft' : 'unknown'
}

/** What buyers may do with a listing, as the listing itself says; undefined while Amazon has not made it yet. */
export function listingStateOf(words: string[] | undefined, quantity: number | null): ListingState {
  if (words === undefined) return 'draft'
  if (words.includes('BUYABLE')) return 'live'
  if (words.some((word) => word !== 'DISCOVERABLE')) return 'unknown'
  return quantity === 0 ? 'sold-out' : 'unavailable'
}

/** Speed categories, as orders carry them and the shipping mapping shows them (C1). */
export const serviceLevels = [
  { code: 'STANDARD', name: 'Standard' },
  { code: 'EXPEDITED', name: 'Expedited' },
  { code: 'FREE_ECONOMY', name: 'Free economy' },
  { code: 'NEXT_DAY', name: 'Next day' },
  { code: 'PRIORITY', name: 'Priority' },
  { code: 'SAME_DAY', name: 'Same day' },
  { code: 'SCHEDULED', name: 'Scheduled' },
  { code: 'SECOND_DAY', name: 'Second day' },
]
