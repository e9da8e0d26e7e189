// A purchase order as its supplier gets it: what to send where, and what he charges. What the buyer paid stands nowhere.
import { moneyText } from '../money.ts'
import { csvFile } from './csv.ts'
import { besideEachOther, pdfOf, tableOf, totalsOf } from './pdf.ts'

export type PurchaseOrderDocument = {
  number: string
  revision: number
  createdAt: Date
  /** Nothing of it is to be sent any more. */
  isCancelled: boolean
  businessName: string
  supplier: { name: string; postalAddress: string }
  /** What goes on the packing slip: the buyer's order number. */
  packingReference: string
  shippingService: string | null
  carrier: string | null
  shipTo: ShipTo | null
  currency: string
  /** With the units that are still wanted; lines without any are left out. */
  lines: { supplierSku: string; title: string; quantity: number; costMinor: number }[]
  /** Without VAT. */
  goodsMinor: number
  shippingMinor: number
  vatMinor: number
}

export type ShipTo = {
  name: string
  street: string
  extended: string
  city: string
  region: string
  postalCode: string
  countryCode: string
  phone: string
}

export function purchaseOrderPdf(order: PurchaseOrderDocument): Promise<Buffer> {
  const { currency } = order
  const text = (minor: number) => moneyText({ minor, currency })
  const total = order.goodsMinor + order.shippingMinor + order.vatMinor
  return pdfOf({
    title: `${order.isCancelled ? 'Cancelled: purchase order' : 'Purchase order'} ${order.number}`,
    marks: [
      dayText(order.createdAt),
      ...(order.revision > 1 ? [`Revision ${order.revision}, replaces earlier ones`] : []),
    ],
    createdAt: order.createdAt,
    content: [
      besideEachOther([
        { head: 'From', lines: [order.businessName] },
        { head: 'To', lines: [order.supplier.name, ...order.supplier.postalAddress.split('\n')] },
        { head: 'Send to', lines: addressLines(order.shipTo) },
      ]),
      besideEachOther([
        { head: 'Packing reference', lines: [order.packingReference] },
        { head: 'Shipping service', lines: [order.shippingService ?? '–'] },
        { head: 'Carrier', lines: [order.carrier ?? '–'] },
      ]),
      tableOf(
        [
          { head: 'Your SKU', width: 120 },
          { head: 'Description', width: '*' },
          { head: 'Quantity', width: 50, right: true },
          { head: 'Cost ex VAT', width: 70, right: true },
          { head: 'Total', width: 70, right: true },
        ],
        order.lines.map((line) => [
          line.supplierSku,
          line.title,
          String(line.quantity),
          text(line.costMinor),
          text(line.costMinor * line.quantity),
        ]),
      ),
      totalsOf([
        ['Goods ex VAT', `${currency} ${text(order.goodsMinor)}`],
        ['Shipping ex VAT', `${currency} ${text(order.shippingMinor)}`],
        ['VAT', `${currency} ${text(order.vatMinor)}`],
        ['Total', `${currency} ${text(total)}`],
      ]),
    ],
  })
}

const columns = [
  'Purchase order',
  'Revision',
  'State',
  'Packing reference',
  'Shipping service',
  'Name',
  'Street',
  'Extended',
  'City',
  'Region',
  'Postal code',
  'Country',
  'Phone',
  'Supplier SKU',
  'Title',
  'Quantity',
  'Cost ex VAT',
  'Currency',
]

/** A row a line, each with all that its parcel needs. */
export function purchaseOrderCsv(order: PurchaseOrderDocument): string {
  const { shipTo } = order
  const head = [
    order.number,
    String(order.revision),
    order.isCancelled ? 'cancelled' : 'ordered',
    order.packingReference,
    order.shippingService ?? '',
    shipTo?.name,
    shipTo?.street,
    shipTo?.extended,
    shipTo?.city,
    shipTo?.region,
    shipTo?.postalCode,
    shipTo?.countryCode,
    shipTo?.phone,
  ].map((text) => text ?? '')
  const rows = order.lines.map((line) => [
    ...head,
    line.supplierSku,
    line.title,
    String(line.quantity),
    moneyText({ minor: line.costMinor, currency: order.currency }),
    order.currency,
  ])
  return csvFile(columns, rows)
}

function addressLines(shipTo: ShipTo | null): string[] {
  if (!shipTo) return ['Picked up by the buyer']
  const { name, street, extended, city, region, postalCode, countryCode, phone } = shipTo
  return [name, street, extended, `${postalCode} ${city}`.trim(), region, countryCode, phone]
}

function dayText(at: Date): string {
  return at.toISOString().slice(0, 10)
}
