// What an invoice comes to, what is still owed on it, and whether a purchase order may go before it is paid (D8).
import { vatOf } from '../money.ts'

export type InvoiceState = 'draft' | 'unpaid' | 'part-paid' | 'paid' | 'credited'

export type Terms = 'prepaid' | 'on-account'

export type GateReason = 'prepaid' | 'credit-limit'

/** Of the ledger. */
export type Account = 'purchases' | 'shipping' | 'input-vat' | 'payables' | 'bank'

/** What of an invoice counts as it goes on; all in its currency. */
export type InvoiceSums = { totalMinor: number; paidMinor: number; creditedMinor: number }

/** Follows from the sums alone, so it can be settled after any change. A draft stays one until it is issued. */
export function stateOf({ totalMinor, paidMinor, creditedMinor }: InvoiceSums): Exclude<InvoiceState, 'draft'> {
  const owed = totalMinor - creditedMinor
  if (owed <= 0 && creditedMinor > 0) return 'credited'
  if (paidMinor >= owed) return 'paid'
  return paidMinor > 0 ? 'part-paid' : 'unpaid'
}

export function openMinor({ totalMinor, paidMinor, creditedMinor }: InvoiceSums): number {
  return Math.max(0, totalMinor - creditedMinor - paidMinor)
}

export type NewLine = {
  purchaseOrderId: string
  /** Null: shipping. */
  purchaseOrderLineId: string | null
  text: string
  quantity: number
  unitMinor: number
  netMinor: number
  vatRateBasisPoints: number
  vatMinor: number
}

export type Invoiced = {
  id: string
  shippingMinor: number
  shippingVatBasisPoints: number
  lines: {
    id: string
    supplierSku: string
    title: string
    quantity: number
    costMinor: number
    vatRateBasisPoints: number
  }[]
}

/** Goods and shipping of a purchase order, which names itself by its number later. VAT is of each line by itself. */
export function linesOf(order: Invoiced): NewLine[] {
  const goods = order.lines
    .filter((line) => line.quantity > 0)
    .map((line) => ({
      purchaseOrderLineId: line.id,
      text: [line.supplierSku, line.title].filter((text) => text !== '').join(' · '),
      quantity: line.quantity,
      unitMinor: line.costMinor,
      vatRateBasisPoints: line.vatRateBasisPoints,
    }))
  const shipping = {
    purchaseOrderLineId: null,
    text: 'Shipping',
    quantity: 1,
    unitMinor: order.shippingMinor,
    vatRateBasisPoints: order.shippingVatBasisPoints,
  }
  return [...goods, ...(order.shippingMinor > 0 ? [shipping] : [])].map((line) => {
    const netMinor = line.unitMinor * line.quantity
    return { ...line, purchaseOrderId: order.id, netMinor, vatMinor: vatOf(netMinor, line.vatRateBasisPoints) }
  })
}

/** Of a day's invoice one could not tell otherwise what a shipping line is for. */
export function namedBy<Line extends NewLine>(lines: Line[], purchaseOrder: { number: string }): Line[] {
  return lines.map((line) =>
    line.purchaseOrderLineId === null ? { ...line, text: `${line.text} ${purchaseOrder.number}` } : line,
  )
}

export type Totals = { goodsMinor: number; shippingMinor: number; vatMinor: number; totalMinor: number }

type Summed = Pick<NewLine, 'purchaseOrderLineId' | 'netMinor' | 'vatMinor'>

export function totalsOf(lines: Summed[]): Totals {
  const totals = { goodsMinor: 0, shippingMinor: 0, vatMinor: 0, totalMinor: 0 }
  for (const line of lines) {
    if (line.purchaseOrderLineId === null) totals.shippingMinor += line.netMinor
    else totals.goodsMinor += line.netMinor
    totals.vatMinor += line.vatMinor
    totals.totalMinor += line.netMinor + line.vatMinor
  }
  return totals
}

export type Asking = { purchaseOrderId: string; dueMinor: number; isPaid: boolean }

export type GateAnswer = { purchaseOrderId: string; gate: 'open' | 'waiting'; reason: GateReason | null }

/**
 * Which of these may go, in the order they ask. Those that wait count for those after them, so that a small one does not
 * overtake a large one for ever. `outstandingMinor` is what is owed for all that went already.
 */
export function decideGates(
  supplier: { terms: Terms; creditLimitMinor: number | null },
  outstandingMinor: number,
  asking: Asking[],
): GateAnswer[] {
  let owed = outstandingMinor
  return asking.map(({ purchaseOrderId, dueMinor, isPaid }) => {
    owed += dueMinor
    if (isPaid) return { purchaseOrderId, gate: 'open', reason: null }
    if (supplier.terms === 'prepaid') return { purchaseOrderId, gate: 'waiting', reason: 'prepaid' }
    if (supplier.creditLimitMinor !== null && owed > supplier.creditLimitMinor)
      return { purchaseOrderId, gate: 'waiting', reason: 'credit-limit' }
    return { purchaseOrderId, gate: 'open', reason: null }
  })
}
