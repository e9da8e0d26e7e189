// A supplier's file of parcels: one row a parcel, or one a SKU in a parcel (D7).

export type TrackingRow = {
  line: number
  purchaseOrder: string
  /** Left out: all that is still open. */
  supplierSku: string | null
  quantity: number | null
  carrier: string
  trackingNumber: string
  /** Null: now. */
  shippedAt: Date | null
  /** As it stands in the file, for the list of refused rows. */
  text: string
}

export type TrackingRefusal = { line: number; column: string | null; reason: string; text: string; rowTaken: boolean }

export type TrackingColumns = { at: Record<string, number>; headers: string[] }

export const trackingRowsMax = 20_000
const numberMax = 80
const carrierMax = 60
const quantityMax = 1_000_000
const dayMilliseconds = 86_400_000

export function readTrackingRow(
  { at, headers }: TrackingColumns,
  { line, cells }: { line: number; cells: string[] },
  now: Date,
): { row: TrackingRow } | { refusal: TrackingRefusal } {
  const text = cells.join(' | ')
  const cell = (column: string) => {
    const index = at[column]
    return index === undefined ? '' : (cells[index] ?? '').trim()
  }
  const refuse = (column: string, reason: string) => {
    const index = at[column]
    const name = index === undefined ? null : (headers[index] ?? null)
    return { refusal: { line, column: name, reason, text, rowTaken: false } }
  }
  const purchaseOrder = cell('purchaseOrder')
  const carrier = cell('carrier')
  const trackingNumber = cell('trackingNumber')
  if (purchaseOrder === '') return refuse('purchaseOrder', 'The number of the purchase order is missing.')
  if (trackingNumber === '') return refuse('trackingNumber', 'The tracking number is missing.')
  if (/^\d(\.\d+)?E\+\d+$/i.test(trackingNumber))
    return refuse('trackingNumber', 'A spreadsheet has rounded this tracking number; write it as text.')
  if (trackingNumber.length > numberMax || /[\p{Cc}<>]/u.test(trackingNumber))
    return refuse('trackingNumber', 'This is no tracking number.')
  if (carrier === '') return refuse('carrier', 'The carrier is missing.')
  if (carrier.length > carrierMax || /[\p{Cc}<>]/u.test(carrier)) return refuse('carrier', 'This is no carrier.')
  const quantity = readQuantity(cell('quantity'))
  if (quantity === 'wrong') return refuse('quantity', 'The quantity must be a whole number from 1 up.')
  const shippedAt = readDay(cell('shippedAt'))
  if (shippedAt === 'wrong')
    return refuse('shippedAt', 'The date cannot be read. Write it as 2026-03-31 or 31/03/2026.')
  if (shippedAt && shippedAt.getTime() > now.getTime() + dayMilliseconds)
    return refuse('shippedAt', 'The date lies in the future.')
  const supplierSku = cell('supplierSku') || null
  return { row: { line, purchaseOrder, supplierSku, quantity, carrier, trackingNumber, shippedAt, text } }
}

function readQuantity(text: string): number | null | 'wrong' {
  if (text === '') return null
  const number = /^\d{1,7}([.,]0+)?$/.test(text) ? Number.parseInt(text, 10) : Number.NaN
  return number >= 1 && number <= quantityMax ? number : 'wrong'
}

/** Days come first where neither number says otherwise; a time of day may follow. */
function readDay(text: string): Date | null | 'wrong' {
  if (text === '') return null
  const [, year = '', month = '', day = '', time] =
    /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](.+))?$/.exec(text) ?? reversed(text) ?? []
  const [hours = '12', minutes = '0'] = /^(\d{1,2}):(\d{2})/.exec(time ?? '')?.slice(1) ?? []
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hours), Number(minutes)))
  const isReal = date.getUTCFullYear() === Number(year) && date.getUTCMonth() === Number(month) - 1 && year !== ''
  return isReal && date.getUTCDate() === Number(day) ? date : 'wrong'
}

function reversed(text: string): string[] | undefined {
  const found = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?:[T ](.+))?$/.exec(text)
  if (!found) return undefined
  const [all, first = '', second = '', year = '', time = ''] = found
  return Number(second) > 12 ? [all, year, first, second, time] : [all, year, second, first, time]
}

/** However a supplier writes our number: with or without its letters and zeros, with the revision of the file behind it. */
export function plainNumber(typed: string): string {
  const text = typed
    .trim()
    .toUpperCase()
    .replace(/(-R|\/)\d+$/, '')
  const digits = /^(?:PO)?[-\s#]*0*(\d{1,9})$/.exec(text)?.[1]
  return digits === undefined ? text : `PO-${digits.padStart(6, '0')}`
}
