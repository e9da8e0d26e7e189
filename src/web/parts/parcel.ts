// What is typed of a parcel that left, and what may be wrong with it.
import { t } from '../i18n.ts'

/** A line of which something has not left yet. */
export type OpenLine = { id: string; sku: string; title: string; open: number }

export type Parcel = {
  carrier: string
  trackingNumber: string
  isPart: boolean
  /** By the line's id. */
  quantities: Record<string, number | string>
}

/** Where nothing was typed, all that is open is meant. */
export function quantityOf(parcel: Parcel, line: Pick<OpenLine, 'id' | 'open'>): number {
  return Number(parcel.quantities[line.id] ?? line.open)
}

export function quantityFault(parcel: Parcel, lines: OpenLine[]): string | null {
  if (!parcel.isPart) return null
  const over = lines.find((line) => quantityOf(parcel, line) > line.open)
  if (over) return `${over.sku}: ${t('order.tooMany', { open: over.open })}`
  return lines.some((line) => quantityOf(parcel, line) > 0) ? null : t('order.atLeastOne')
}

/** Without `parts` all that is open left. */
export function enteredParcel(parcel: Parcel, lines: OpenLine[]) {
  return {
    carrier: parcel.carrier.trim(),
    trackingNumber: parcel.trackingNumber.trim(),
    parts: parcel.isPart
      ? lines
          .map((line) => ({ id: line.id, quantity: quantityOf(parcel, line) }))
          .filter(({ quantity }) => quantity > 0)
      : undefined,
  }
}
