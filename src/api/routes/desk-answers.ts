// How the desk tells purchase orders, offers and invoices. Every field is named: what is not, does not get out (G3).
import { moneyText } from '../../domain/money.ts'
import type { DeskInvoice, DeskInvoiceRow } from '../../domain/invoicing/desk-invoices.store.ts'
import type { DeskOrder, DeskOrderRow } from '../../domain/purchasing/desk-views.store.ts'
import type { DeskOffer } from '../../domain/stock/desk-offers.store.ts'
import { isoOrNull } from './channel-answers.ts'

export function orderRowAnswer(row: DeskOrderRow) {
  return {
    id: row.id,
    number: row.number,
    revision: row.revision,
    state: row.state,
    orderedAt: row.orderedAt.toISOString(),
    shipBy: isoOrNull(row.shipBy),
    acceptedAt: isoOrNull(row.acceptedAt),
    reference: row.reference,
    countryCode: row.countryCode,
    shippingService: row.shippingService,
    units: row.units,
    dispatched: row.dispatched,
    cancelled: row.cancelled,
    contents: row.contents,
    goods: row.goods,
  }
}

export function orderAnswer(order: DeskOrder) {
  return {
    ...orderRowAnswer(order),
    shipTo: order.shipTo,
    carrier: order.carrier,
    pickup: order.pickup,
    cancelledAt: isoOrNull(order.cancelledAt),
    cancelledBy: order.cancelledBy,
    cancelReason: order.cancelReason,
    lines: order.lines,
    shipping: order.shipping,
    vat: order.vat,
    total: order.total,
    parcels: order.parcels.map((parcel) => ({ ...parcel, shippedAt: parcel.shippedAt.toISOString() })),
  }
}

export function offerAnswer(offer: DeskOffer) {
  const { id, supplierSku, title, cost, onHand, reserved, available } = offer
  return { id, supplierSku, title, cost, onHand, reserved, available, onHandAt: isoOrNull(offer.onHandAt) }
}

export function invoiceRowAnswer(row: DeskInvoiceRow) {
  const { id, number, kind, state, dueOn, total, paid, credited } = row
  return { id, number, kind, state, issuedAt: isoOrNull(row.issuedAt), dueOn, total, paid, credited }
}

export function invoiceAnswer(invoice: DeskInvoice) {
  const { goods, shipping, vat, credits, lines, payments } = invoice
  return { ...invoiceRowAnswer(invoice), goods, shipping, vat, credits, lines, payments }
}

/** Carrier and tracking number are there to be filled in: the same file, sent back, dispatches. */
export const deskCsvColumns = [
  'Purchase order',
  'Supplier SKU',
  'Title',
  'Quantity',
  'Cost ex VAT',
  'Currency',
  'Shipping service',
  'Ship by',
  'Name',
  'Street',
  'Extended',
  'City',
  'Region',
  'Postal code',
  'Country',
  'Phone',
  'Carrier',
  'Tracking number',
]

/** A row a line that is still open. */
export function deskCsvRows(order: DeskOrder): string[][] {
  const to = order.shipTo
  const address = [to?.name, to?.street, to?.extended, to?.city, to?.region, to?.postalCode, to?.countryCode, to?.phone]
  return order.lines.flatMap((line) => {
    const open = line.quantity - line.cancelled - line.dispatched
    if (open <= 0) return []
    return [
      [
        order.number,
        line.supplierSku,
        line.title,
        String(open),
        moneyText(line.cost),
        line.cost.currency,
        order.shippingService ?? '',
        order.shipBy?.toISOString() ?? '',
        ...address.map((text) => text ?? ''),
        order.carrier ?? '',
        '',
      ],
    ]
  })
}
