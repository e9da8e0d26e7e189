// TikTok Shop's words → ours. No default: a word that is not here is kept as it is and shown to a person.
import type { ChannelOrderStatus, ListingState } from '../connector.ts'

export const orderStatuses = {
  UNPAID: 'awaiting-payment',
  // For an hour after paying the buyer may cancel freely; no address is shown until it has passed.
  ON_HOLD: 'on-hold',
  AWAITING_SHIPMENT: 'to-ship',
  PARTIALLY_SHIPPING: 'to-ship',
  // Confirmed, the carrier has yet to scan it.
  AWAITING_COLLECTION: 'shipped',
  IN_TRANSIT: 'shipped',
  DELIVERED: 'shipped',
  COMPLETED: 'shipped',
  CANCELLED: 'cancelled',
  CANCEL: 'cancelled', // the notifications' word for it
} satisfies Record<string, ChannelOrderStatus>

const listingStates = {
  DRAFT: 'draft',
  PENDING: 'draft', // in review, not to be bought yet
  FAILED: 'draft', // the review refused it
  ACTIVATE: 'live',
  SELLER_DEACTIVATED: 'ended',
  PLATFORM_DEACTIVATED: 'suspended',
  FREEZE: 'suspended',
  DELETED: 'ended',
} satisfies Record<string, ListingState>

export function orderStatusOf(word: string): ChannelOrderStatus {
  return wordIn<ChannelOrderStatus>(orderStatuses, word) ?? 'unknown'
}

export function listingStateOf(word: string): ListingState {
  return wordIn<ListingState>(listingStates, word) ?? 'unknown'
}

// Own keys only: "constructor" is no status.
function wordIn<Ours>(table: Record<string, Ours>, word: string): Ours | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined
}
