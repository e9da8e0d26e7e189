// A purchase order as we keep it: its words, and what they mean for what may still be done to it.

export type PurchaseOrderState =
  /** Its invoice, or the supplier's credit limit, holds it back (D8). */
  | 'queued-for-payment'
  /** Free to go, and on its way. */
  | 'to-send'
  | 'sent'
  /** It may have arrived; it is looked up, or a person says, before it is sent again. */
  | 'in-doubt'
  | 'accepted'
  | 'partly-dispatched'
  | 'dispatched'
  | 'cancelled'

/** The supplier has it, or may have it. */
export const atSupplierStates = ['sent', 'in-doubt', 'accepted', 'partly-dispatched'] satisfies PurchaseOrderState[]

/** Nothing of it has left, so it can be cancelled as a whole. */
export const notLeftStates = [
  'queued-for-payment',
  'to-send',
  'sent',
  'in-doubt',
  'accepted',
] satisfies PurchaseOrderState[]

export function isAtSupplier(state: string): boolean {
  return (atSupplierStates as string[]).includes(state)
}
