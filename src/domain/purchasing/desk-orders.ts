// A purchase order as its supplier sees it at his desk (G3): what to send where, and what he is owed for it.
import type { PurchaseOrderState } from './purchase-order.ts'

/** To him a purchase order of which we doubt that he has it is one he has not answered. */
export const deskStates = ['to-do', 'accepted', 'partly-dispatched', 'dispatched', 'cancelled'] as const
export type DeskState = (typeof deskStates)[number]

/** Those he has not finished. */
export const openDeskStates = ['to-do', 'accepted', 'partly-dispatched'] satisfies DeskState[]

/** What waits for payment, or has not been sent, is none of his business yet. */
export const shownAs: Record<PurchaseOrderState, DeskState | null> = {
  'queued-for-payment': null,
  'to-send': null,
  sent: 'to-do',
  'in-doubt': 'to-do',
  accepted: 'accepted',
  'partly-dispatched': 'partly-dispatched',
  dispatched: 'dispatched',
  cancelled: 'cancelled',
}

export function statesShownAs(wanted: readonly DeskState[]): PurchaseOrderState[] {
  return (Object.keys(shownAs) as PurchaseOrderState[]).filter((state) => {
    const shown = shownAs[state]
    return shown !== null && wanted.includes(shown)
  })
}

/** Why a supplier does not send what was ordered from him. */
export const declineReasons = ['out-of-stock', 'discontinued', 'cannot-ship-there', 'cost-differs', 'other'] as const
export type DeclineReason = (typeof declineReasons)[number]

/** As the story and the screens say it; no word of his own stands in the story. */
export const declineTexts: Record<DeclineReason, string> = {
  'out-of-stock': 'It is out of stock',
  discontinued: 'It is not supplied any more',
  'cannot-ship-there': 'He cannot send it there',
  'cost-differs': 'The cost is another',
  other: 'Another reason',
}

/** He has none of it, whatever our figure says. */
export function meansNoStock(reason: DeclineReason): boolean {
  return reason === 'out-of-stock' || reason === 'discontinued'
}
