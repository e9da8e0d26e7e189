// Wish's words → ours. No default: a word that is not here is kept as it is and shown to a person.
import type { ChannelOrderStatus, ListingState } from '../connector.ts'

export const orderStatuses = {
  APPROVED: 'to-ship', // also after SHIPPED or REFUNDED, when Wish releases an order again (W6)
  SHIPPED: 'shipped',
  REFUNDED: 'refunded',
  REQUIRE_REVIEW: 'on-hold',
  DECLINED: 'cancelled', // the payment failed
} satisfies Record<string, ChannelOrderStatus>

/** `state` of a product, and the words of the older `status`. */
const productStates = {
  ACTIVE: 'live',
  WISH_INACTIVE: 'unavailable', // in review
  MERCHANT_INACTIVE: 'unavailable', // the seller may switch it on again at any time
  REMOVED_BY_WISH: 'suspended',
  REMOVED_BY_MERCHANT: 'ended',
  PENDING_REVIEW: 'unavailable',
  APPROVED: 'live',
  REJECTED: 'suspended',
} satisfies Record<string, ListingState>

const variationStates = {
  ENABLED: 'live',
  DISABLED: 'unavailable',
  REMOVED_BY_WISH: 'suspended',
} satisfies Record<string, ListingState>

export function orderStatusOf(word: string): ChannelOrderStatus {
  return wordIn<ChannelOrderStatus>(orderStatuses, word) ?? 'unknown'
}

/** A variation is for sale where both it and its product are. */
export function listingStateOf(productWord: string, variationWord: string): ListingState {
  const product = wordIn<ListingState>(productStates, productWord) ?? 'unknown'
  if (product !== 'live') return product
  return wordIn<ListingState>(variationStates, variationWord) ?? 'unknown'
}

// Own keys only: "constructor" is no status.
function wordIn<Ours>(table: Record<string, Ours>, word: string): Ours | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined
}
