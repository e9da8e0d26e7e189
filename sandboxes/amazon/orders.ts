// The life of an order: placed, paid, told shipped, shipped, or cancelled.
import { chance, logUniform } from '../kit/random.ts'
import { priceNow, setQuantity } from './listings.ts'
import { announceOrder } from './notices.ts'
import { marketplaceOf, serviceLevels } from './reference.ts'
import { after, digits, findListing } from './state.ts'
import type { Refused } from '../kit/control.ts'
import type { ServiceLevel } from './reference.ts'
import type { Address, Amazon, Listing, Order, OrderLine, Parcel } from './state.ts'

export type NewOrder = {
  marketplaceId: string
  sellerId: string
  lines: { listing: Listing; quantity: number; unitMinor?: number | undefined }[]
  isPaid: boolean
  reference?: string | undefined
  buyer: Order['buyer']
  address: Address
  service: ServiceLevel
  programs?: string[]
  iossNumber?: string | undefined
}

export function placeOrder(amazon: Amazon, given: NewOrder, at: number): Order {
  const site = marketplaceOf(given.marketplaceId)
  const order: Order = {
    id: newOrderId(amazon, site?.orderPrefix ?? '203'),
    sellerId: given.sellerId,
    marketplaceId: given.marketplaceId,
    reference: given.reference,
    status: given.isPaid ? 'UNSHIPPED' : 'PENDING',
    shownStatus: undefined,
    createdAt: at,
    updatedAt: at,
    paidAt: given.isPaid ? at : undefined,
    currency: site?.currency ?? 'GBP',
    service: given.service,
    programs: given.programs ?? [],
    buyer: given.buyer,
    address: given.address,
    taxCollected: site?.countryCode === 'US',
    iossNumber: given.iossNumber,
    lines: given.lines.map((line) =>
      newLine(amazon, line, { at, isTaxed: site?.countryCode === 'US', service: given.service }),
    ),
    parcels: [],
    toldParcels: new Map(),
    hiddenUntil: at + amazon.choices.orderVisibilityDelaySeconds * 1000 * amazon.delayFactor,
    refundedMinor: 0,
  }
  for (const { listing, quantity } of given.lines) {
    setQuantity(listing, Math.max(0, listing.stock.quantity - quantity), { at, by: 'buyer' })
  }
  amazon.orders.push(order)
  amazon.ordersById.set(order.id, order)
  applyOrderFaults(amazon, order)
  if (amazon.choices.notifyNewOrders) announceOrder(amazon, order, at)
  return order
}

const postage: Partial<Record<ServiceLevel, number>> = { EXPEDITED: 499, NEXT_DAY: 799, SECOND_DAY: 599 }

function newLine(
  amazon: Amazon,
  { listing, quantity, unitMinor }: NewOrder['lines'][number],
  { at, isTaxed, service }: { at: number; isTaxed: boolean; service: ServiceLevel },
): OrderLine {
  const unit = unitMinor ?? priceNow(listing, at)
  return {
    itemId: `1${digits(amazon.orderRandom, 13)}`,
    sku: listing.sku,
    asin: listing.asin,
    title: listing.title,
    quantity,
    unitMinor: unit,
    shippingMinor: postage[service] ?? 0,
    taxMinor: isTaxed ? Math.round(unit * quantity * 0.08) : 0,
    confirmed: 0,
    shipped: 0,
    cancelRequest: undefined,
    canceledBy: undefined,
    cancelReason: undefined,
  }
}

function newOrderId(amazon: Amazon, prefix: string): string {
  for (;;) {
    const id = `${prefix}-${digits(amazon.orderRandom, 7)}-${digits(amazon.orderRandom, 7)}`
    if (!amazon.ordersById.has(id)) return id
  }
}

export function payOrder(amazon: Amazon, order: Order, at: number): Refused {
  if (order.status !== 'PENDING') return { refusal: `a ${order.status} order cannot be paid` }
  order.paidAt = at
  order.status = 'UNSHIPPED'
  touch(amazon, order, at)
  return undefined
}

type Cancellation = { by: 'BUYER' | 'MERCHANT' | 'AMAZON'; reason: string; at: number }

/** Before anything of it was shipped: the stock returns, once. */
export function cancelOrder(amazon: Amazon, order: Order, given: Cancellation): Refused {
  return cancelLines(amazon, order, { ...given, itemIds: order.lines.map((line) => line.itemId) })
}

/** Whole lines; the order is cancelled with the last of them. */
export function cancelLines(
  amazon: Amazon,
  order: Order,
  given: Cancellation & { itemIds: readonly string[] },
): Refused {
  if (order.status !== 'PENDING' && order.status !== 'UNSHIPPED') {
    return { refusal: `a ${order.status} order cannot be cancelled` }
  }
  if (order.toldParcels.size > 0) return { refusal: 'its shipment is being processed' }
  for (const line of order.lines) {
    if (!given.itemIds.includes(line.itemId) || line.canceledBy !== undefined) continue
    line.canceledBy = given.by
    line.cancelReason = given.reason
    // A seller who says he has none gets none back.
    if (given.reason !== 'NoInventory') giveStockBack(amazon, order, line, given.at)
  }
  if (order.lines.every((line) => line.canceledBy !== undefined)) order.status = 'CANCELLED'
  touch(amazon, order, given.at)
  return undefined
}

/** The buyer asks; the order stays open until the seller cancels it. */
export function requestCancel(amazon: Amazon, order: Order, reason: string, at: number): Refused {
  if (order.status !== 'UNSHIPPED') return { refusal: `a ${order.status} order cannot be asked to be cancelled` }
  for (const line of order.lines) line.cancelRequest = reason
  touch(amazon, order, at, 'BuyerRequestedChange')
  return undefined
}

function giveStockBack(amazon: Amazon, order: Order, line: OrderLine, at: number): void {
  const listing = findListing(amazon, { ...order, sku: line.sku })
  if (listing) setQuantity(listing, listing.stock.quantity + line.quantity, { at, by: 'buyer' })
}

/** Something visible changed: pollers that filter by update time must see it. */
export function touch(amazon: Amazon, order: Order, at: number, kind = 'OrderStatusChange'): void {
  order.updatedAt = at
  announceOrder(amazon, order, at, kind)
}

/** What the seller told of a parcel is shown a while later, and its carrier scans it after that. */
export function processParcel(amazon: Amazon, order: Order, parcel: Parcel, at: number): void {
  amazon.agenda.schedule(after(amazon, at, amazon.choices.shipmentDelaySeconds), (due) => {
    const others = order.parcels.filter((one) => one.referenceId !== parcel.referenceId)
    order.parcels = [...others, { ...parcel, status: 'SHIPPED' }]
    settleShipped(order)
    touch(amazon, order, due.getTime())
    const scanned = after(amazon, due.getTime(), 6 * 3600)
    amazon.agenda.schedule(scanned, (time) => scan(amazon, order, { parcel, status: 'IN_TRANSIT', at: time.getTime() }))
    const delivered = after(amazon, due.getTime(), 2 * 86_400)
    amazon.agenda.schedule(delivered, (time) =>
      scan(amazon, order, { parcel, status: 'DELIVERED', at: time.getTime() }),
    )
  })
}

function scan(
  amazon: Amazon,
  order: Order,
  { parcel, status, at }: { parcel: Parcel; status: Parcel['status']; at: number },
): void {
  const shown = order.parcels.find((one) => one.referenceId === parcel.referenceId)
  // An edited parcel has scans of its own.
  if (!shown || shown.trackingNumber !== parcel.trackingNumber || shown.status === status) return
  shown.status = status
  touch(amazon, order, at)
}

export function settleShipped(order: Order): void {
  for (const line of order.lines) line.shipped = shippedOf(order.parcels, line.itemId)
  const isAll = order.lines.every((line) => line.canceledBy !== undefined || line.shipped >= line.quantity)
  if (order.status === 'CANCELLED') return
  order.status = isAll ? 'SHIPPED' : order.parcels.length > 0 ? 'PARTIALLY_SHIPPED' : order.status
}

export function shippedOf(parcels: Iterable<Parcel>, itemId: string): number {
  let sum = 0
  for (const parcel of parcels) {
    for (const item of parcel.items) if (item.itemId === itemId) sum += item.quantity
  }
  return sum
}

export function lineTotal(line: OrderLine): number {
  return line.unitMinor * line.quantity + line.shippingMinor + line.taxMinor
}

export function orderTotal(order: Order): number {
  return order.lines.reduce((sum, line) => sum + lineTotal(line), 0)
}

/** Prices and addresses are shown once it is paid. */
export function hasPrices(order: Order): boolean {
  return order.paidAt !== undefined
}

export function hasAddress(order: Order): boolean {
  return order.status === 'UNSHIPPED' || order.status === 'PARTIALLY_SHIPPED' || order.status === 'SHIPPED'
}

export function windowsOf(order: Order) {
  const { shipDays, deliverDays } = serviceLevels[order.service]
  const day = 86_400_000
  const start = order.paidAt ?? order.createdAt
  return {
    ship: { from: start, until: start + Math.max(1, shipDays) * day },
    deliver: { from: start + Math.max(1, shipDays) * day, until: start + (shipDays + Math.max(1, deliverDays)) * day },
  }
}

export function isPhoneShown(order: Order, at: number): boolean {
  return at <= windowsOf(order).deliver.until
}

const unknownWords = ['AWAITING_VERIFICATION', 'ON_HOLD', 'PENDING_REVIEW']

function applyOrderFaults(amazon: Amazon, order: Order): void {
  const { faults } = amazon
  const minutesLater = (minutes: number) => order.createdAt + Math.round(minutes) * 60_000
  if (faults.strikes('late-order')) {
    order.hiddenUntil = Math.max(order.hiddenUntil, minutesLater(logUniform(faults.random, 1, 360)))
  }
  if (!faults.strikes('unknown-status')) return
  order.shownStatus = unknownWords[Math.floor(faults.random() * unknownWords.length)]
  amazon.agenda.schedule(new Date(minutesLater(logUniform(faults.random, 5, 120))), (at) => {
    order.shownStatus = undefined
    touch(amazon, order, at.getTime())
  })
}

const places = {
  GB: [
    { city: 'Ashford', region: 'Kent', postalCode: 'TN23 1PH' },
    { city: 'Leeds', region: 'West Yorkshire', postalCode: 'LS1 4DY' },
    { city: 'Inverness', region: '', postalCode: 'IV1 1AA' },
  ],
  DE: [
    { city: 'Neustadt', region: 'Hessen', postalCode: '35279' },
    { city: 'Köln', region: 'Nordrhein-Westfalen', postalCode: '50667' },
  ],
  US: [
    { city: 'Springfield', region: 'IL', postalCode: '62701' },
    { city: 'Riverton', region: 'OR', postalCode: '97423' },
  ],
} as const

export function buyerNumbered(number: number, marketplaceId: string): Order['buyer'] {
  const name = `Buyer ${String(number).padStart(4, '0')}`
  const domain = marketplaceOf(marketplaceId)?.domain.replace('www.', '') ?? 'amazon.co.uk'
  return { number, name, email: `b${String(number).padStart(6, '0')}x@marketplace.${domain}` }
}

export function addressOf(amazon: Amazon, number: number, countryCode: string): Address {
  const known = places[countryCode as keyof typeof places] ?? places.GB
  const place = known[number % known.length] ?? known[0]
  return {
    name: `Buyer ${String(number).padStart(4, '0')}`,
    line1: `${1 + (number % 400)} Example Street`,
    line2: chance(amazon.orderRandom, 0.2) ? `Flat ${1 + (number % 30)}` : '',
    city: place.city,
    region: place.region,
    postalCode: place.postalCode,
    countryCode,
    phone: `+44 20 7946 0${String(number % 1000).padStart(3, '0')}`,
  }
}
