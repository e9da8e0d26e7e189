// Reverb's words → ours. No default: a word that is not here is kept as it is and shown to a person.
import type { ChannelOrderStatus, ListingState } from '../connector.ts'

export const orderStatuses = {
  unpaid: 'awaiting-payment', // also accepted offers nobody has paid yet (R9)
  payment_pending: 'awaiting-payment',
  partially_paid: 'awaiting-payment',
  pending_review: 'on-hold',
  paid: 'to-ship',
  shipped: 'shipped',
  picked_up: 'shipped',
  received: 'shipped',
  refunded: 'refunded',
  cancelled: 'cancelled',
  // Reverb's own plugin gives the stock of a blocked order back and never ships it (R10).
  blocked: 'cancelled',
} satisfies Record<string, ChannelOrderStatus>

const listingStates = {
  draft: 'draft',
  live: 'live',
  ended: 'ended',
  ordered: 'sold-out',
  sold: 'sold-out', // one client's word for sold_out
  sold_out: 'sold-out',
  suspended: 'suspended',
  seller_unavailable: 'unavailable',
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
