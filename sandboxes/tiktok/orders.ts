// The life of an order: unpaid, an hour on hold, to be shipped, on its way, or cancelled unit by unit. Its status follows
// from its lines and parcels, so nothing can say two things.
import { logUniform } from '../kit/random.ts'
import { commitUnit, returnUnit } from './products.ts'
import { notifyOrder } from './news.ts'
import { later, nextId, wholeSecond } from './state.ts'
import type { Before } from '../kit/front.ts'
import type { Address, Line, Order, OrderStatus, Parcel, Product, Sku, Tiktok } from './state.ts'
import type { DeliveryOption } from './reference.ts'

export type WantedUnit = { product: Product; sku: Sku; warehouseId: string; priceMinor: number }

export type NewOrder = {
  shopId: string
  currency: string
  units: WantedUnit[]
  buyer: Order['buyer']
  address: Address
  delivery: DeliveryOption
  shippingMinor: number
  shippingType?: Order['shippingType']
  reference?: string | undefined
  isSample?: boolean
}

const onHoldSeconds = 3600

export function placeOrder(tiktok: Tiktok, given: NewOrder, now: Date): Order {
  const at = wholeSecond(now)
  const order: Order = {
    id: nextId(tiktok),
    shopId: given.shopId,
    reference: given.reference,
    status: 'UNPAID',
    createdAt: at,
    updatedAt: at,
    paidAt: undefined,
    shippedAt: undefined,
    collectedAt: undefined,
    deliveredAt: undefined,
    canceledAt: undefined,
    cancelReason: undefined,
    canceledBy: undefined,
    cancelRequestedAt: undefined,
    isOnHold: false,
    buyer: given.buyer,
    address: given.address,
    hasUpdatedAddress: false,
    currency: given.currency,
    shippingMinor: given.shippingMinor,
    deliveryOptionId: given.delivery.id,
    deliveryOptionName: given.delivery.name,
    shippingType: given.shippingType ?? 'SELLER',
    isSample: given.isSample ?? false,
    warehouseId: given.units[0]?.warehouseId ?? '',
    lines: given.units.map((unit) => lineOf(tiktok, unit, now)),
    hiddenFromListsUntil: undefined,
    shownStatus: undefined,
    history: [{ at, status: 'UNPAID', cause: 'placed' }],
  }
  tiktok.orders.set(order.id, order)
  applyOrderFaults(tiktok, order)
  notifyOrder(tiktok, order, at)
  return order
}

function lineOf(tiktok: Tiktok, { product, sku, warehouseId, priceMinor }: WantedUnit, at: Date): Line {
  return {
    id: nextId(tiktok),
    productId: product.id,
    skuId: sku.id,
    sellerSku: sku.sellerSku,
    title: product.content.title,
    skuName: sku.salesAttributes.map((one) => one.valueName).join(', ') || 'Default',
    priceMinor,
    originalMinor: Math.max(priceMinor, sku.priceMinor),
    warehouseId,
    isFromStock: commitUnit(product, sku, warehouseId, at),
    packageId: undefined,
    isCanceled: false,
    cancelReason: undefined,
    cancelUser: undefined,
  }
}

/** `onHold` says whether the buyer's free hour follows; some shops skip it. */
export function payOrder(
  tiktok: Tiktok,
  order: Order,
  { at, onHold }: { at: Date; onHold: boolean },
): { refusal: string } | undefined {
  if (order.status !== 'UNPAID') return { refusal: `an order that is ${order.status} cannot be paid` }
  order.paidAt = wholeSecond(at)
  order.isOnHold = onHold
  settle(tiktok, order, { at, cause: 'paid' })
  if (onHold) awaitRelease(tiktok, order, at)
  else makeReady(tiktok, order, at)
  return undefined
}

export function awaitRelease(tiktok: Tiktok, order: Order, from: Date): void {
  tiktok.agenda.schedule(later(tiktok, from, onHoldSeconds), (at) => releaseOrder(tiktok, order, at))
}

export function releaseOrder(tiktok: Tiktok, order: Order, at: Date): void {
  if (!order.isOnHold || order.status === 'CANCELLED') return
  order.isOnHold = false
  settle(tiktok, order, { at, cause: 'the hour in which the buyer may cancel is over' })
  makeReady(tiktok, order, at)
}

/** Where parcels exist from payment on, one is made of all units. */
function makeReady(tiktok: Tiktok, order: Order, at: Date): void {
  if (tiktok.choices.dispatch !== 'packages') return
  const lines = liveLines(order)
  addParcel(tiktok, order, { lines, providerId: '', trackingNumber: '', status: 'TO_FULFILL', at })
}

type NewParcel = Pick<Parcel, 'providerId' | 'trackingNumber' | 'status'> & { lines: Line[]; at: Date }

export function addParcel(tiktok: Tiktok, order: Order, { lines, at, ...given }: NewParcel): Parcel {
  const parcel: Parcel = {
    id: nextId(tiktok),
    orderId: order.id,
    shopId: order.shopId,
    lineIds: lines.map((line) => line.id),
    ...given,
    corrections: 0,
    createdAt: wholeSecond(at),
    shippedAt: undefined,
    updatedAt: wholeSecond(at),
    scans: [],
  }
  for (const line of lines) line.packageId = parcel.id
  tiktok.parcels.set(parcel.id, parcel)
  return parcel
}

export type Cause = { at: Date; cause: string }

export type CancelTerms = { by: 'SELLER' | 'BUYER' | 'SYSTEM'; reason: string; at: Date }

/** Units that have not left are for sale again. */
export function cancelLines(tiktok: Tiktok, order: Order, lines: readonly Line[], terms: CancelTerms): void {
  for (const line of lines.filter((one) => !one.isCanceled)) {
    line.isCanceled = true
    line.cancelReason = terms.reason
    line.cancelUser = terms.by
    if (isShipped(tiktok, line)) continue
    const found = tiktok.skus.get(line.skuId)
    if (found) returnUnit(found.product, found.sku, line, terms.at)
  }
  for (const parcel of parcelsOf(tiktok, order)) {
    const isEmpty = parcel.lineIds.every((id) => order.lines.find((line) => line.id === id)?.isCanceled)
    if (isEmpty && parcel.status !== 'COMPLETED') parcel.status = 'CANCELLED'
  }
  if (liveLines(order).length === 0) {
    order.canceledAt = wholeSecond(terms.at)
    order.cancelReason = terms.reason
    order.canceledBy = terms.by
  }
  settle(tiktok, order, { at: terms.at, cause: `cancelled by ${terms.by.toLowerCase()}` })
}

export function liveLines(order: Order): Line[] {
  return order.lines.filter((line) => !line.isCanceled)
}

export function parcelsOf(tiktok: Tiktok, order: Order): Parcel[] {
  const ids = new Set(order.lines.flatMap((line) => line.packageId ?? []))
  return [...ids].flatMap((id) => tiktok.parcels.get(id) ?? [])
}

export function isShipped(tiktok: Tiktok, line: Line): boolean {
  const parcel = line.packageId === undefined ? undefined : tiktok.parcels.get(line.packageId)
  return parcel?.shippedAt !== undefined
}

/** Works the status out anew and says so to whoever listens. Called after everything that changes an order. */
export function settle(tiktok: Tiktok, order: Order, { at, cause }: Cause): void {
  const status = statusOf(tiktok, order)
  order.updatedAt = wholeSecond(at)
  if (status === order.status) return
  order.status = status
  order.history.push({ at: wholeSecond(at), status, cause })
  notifyOrder(tiktok, order, at)
}

function statusOf(tiktok: Tiktok, order: Order): OrderStatus {
  const lines = liveLines(order)
  if (lines.length === 0) return 'CANCELLED'
  if (order.status === 'COMPLETED') return 'COMPLETED'
  if (!order.paidAt) return 'UNPAID'
  if (order.isOnHold) return 'ON_HOLD'
  const shipped = lines.filter((line) => isShipped(tiktok, line))
  if (shipped.length === 0) return 'AWAITING_SHIPMENT'
  if (shipped.length < lines.length) return 'PARTIALLY_SHIPPING'
  const states = parcelsOf(tiktok, order)
    .filter((parcel) => parcel.status !== 'CANCELLED')
    .map((parcel) => parcel.status)
  if (states.every((one) => one === 'COMPLETED')) return 'DELIVERED'
  return states.every((one) => one === 'COMPLETED' || one === 'FULFILLING') ? 'IN_TRANSIT' : 'AWAITING_COLLECTION'
}

export function readOrder(tiktok: Tiktok, order: Order, at: Date): Order {
  const stale = tiktok.stale.get(order.id)
  if (stale?.order && stale.until > at) return stale.order
  if (stale) tiktok.stale.delete(order.id)
  return order
}

/** Mischief after a write to an order: reads may show the old state. A shipment is not undone behind one's back. */
export function orderBefore(tiktok: Tiktok, order: Order): Before {
  const copy = structuredClone(order)
  return { showUntil: (until) => void tiktok.stale.set(order.id, { until, order: copy }) }
}

const unknownWords = ['AWAITING_VERIFICATION', 'RISK_REVIEW', 'AWAITING_RELEASE', 'CUSTOMS_CHECK']

function applyOrderFaults(tiktok: Tiktok, order: Order): void {
  const { faults } = tiktok
  const minutesLater = (minutes: number) => new Date(order.createdAt.getTime() + Math.round(minutes) * 60_000)
  if (faults.strikes('late-order')) order.hiddenFromListsUntil = minutesLater(logUniform(faults.random, 1, 360))
  if (!faults.strikes('unknown-status')) return
  order.shownStatus = unknownWords[Math.floor(faults.random() * unknownWords.length)]
  tiktok.agenda.schedule(minutesLater(logUniform(faults.random, 5, 120)), (at) => {
    order.shownStatus = undefined
    order.updatedAt = wholeSecond(at)
    notifyOrder(tiktok, order, at)
  })
}
