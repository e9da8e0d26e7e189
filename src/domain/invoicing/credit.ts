// How much of an invoiced line a cut takes off: never more than is left of it, and the last cut takes the odd pennies, so
// that all cuts together are exactly what was invoiced.
import { vatOf } from '../money.ts'
import type { NewLine } from './invoice.ts'

/** An invoiced line with what is left of it after earlier cuts. */
export type Left = NewLine & { invoiceLineId: string; invoiceId: string }

export type LineCut = { purchaseOrderLineId: string; quantity: number }

/** What comes off, as lines; a line of which nothing is left is not there. */
export function cutLines(left: Left[], cut: { lines: LineCut[]; isWhole: boolean }): Left[] {
  const wanted = new Map<string, number>()
  for (const { purchaseOrderLineId, quantity } of cut.lines)
    wanted.set(purchaseOrderLineId, (wanted.get(purchaseOrderLineId) ?? 0) + quantity)
  return left.flatMap((line) => {
    const asked = line.purchaseOrderLineId === null ? Number(cut.isWhole) : (wanted.get(line.purchaseOrderLineId) ?? 0)
    const quantity = Math.min(asked, line.quantity)
    if (quantity <= 0) return []
    if (quantity === line.quantity) return [line]
    const netMinor = line.unitMinor * quantity
    const vatMinor = Math.min(vatOf(netMinor, line.vatRateBasisPoints), line.vatMinor)
    return [{ ...line, quantity, netMinor, vatMinor }]
  })
}
