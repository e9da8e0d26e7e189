// The life of an order: one variation × a quantity, from a purchase to a parcel or a refund, and sometimes back.
import { logUniform } from '../kit/random.ts'
import { notify } from './news.ts'
import { isBuyable, moveStock, newId, quantityOf, warehouseFor } from './products.ts'
import type { OrderState, TopicName } from './reference.ts'
import type { Cause, Merchant, Order, OrderRefund, Product, Variation, Wish } from './state.ts'

export type NewOrder = Pick<Order, 'quantity' | 'unitMinor' | 'unitShippingMinor' | 'buyerNumber' | 'address'> &
  Partial<Pick<Order, 'transactionId' | 'reference' | 'types'>> & { isPaid: boolean }

type Sold = { product: Product; variation: Variation }
type Refusal = { refusal: string } | undefined

const dayMs = 86_400_000

export function placeOrder(
  wish: Wish,
  merchant: Merchant,
  { product, variation }: Sold,
  given: NewOrder & Cause,
): Order {
  const { at, by, cause } = given
  const order: Order = {
    id: newId(wish, at),
    transactionId: given.transactionId ?? newId(wish, at),
    merchantId: merchant.id,
    reference: given.reference,
    state: 'REQUIRE_REVIEW',
    placedAt: at,
    releasedAt: undefined,
    updatedAt: at,
    productId: product.id,
    variationId: variation.id,
    sku: variation.sku,
    name: product.content.name,
    options: optionsOf(variation),
    quantity: given.quantity,
    currency: merchant.currency,
    unitMinor: given.unitMinor,
    unitShippingMinor: given.unitShippingMinor,
    buyerNumber: given.buyerNumber,
    address: given.address,
    expectedShipAt: undefined,
    expectedDeliveryAt: undefined,
    types: given.types ?? [],
    records: [],
    tracking: [],
    warehouseId: warehouseFor(merchant, variation, given.quantity),
    refunds: [],
    processing: undefined,
    hasLeft: false,
    stockGivenBack: false,
    hiddenFromListsUntil: undefined,
    shownState: undefined,
    receipt: {},
    history: [{ at, by, state: 'REQUIRE_REVIEW', cause }],
  }
  product.sold += given.quantity
  takeStock(wish, merchant, order, -1, given)
  merchant.orders.push(order)
  wish.ordersById.set(order.id, order)
  if (given.isPaid) release(wish, order, given, 'ORDER_RELEASED')
  applyOrderFaults(wish, order)
  tell(wish, order, 'ORDER_RELEASE')
  return order
}

/** Review is over, or the money arrived: the seller may ship. */
export function approveOrder(wish: Wish, order: Order, cause: Cause): Refusal {
  if (order.state !== 'REQUIRE_REVIEW') return { refusal: `a ${order.state} order cannot be paid` }
  release(wish, order, cause, 'ORDER_RELEASED')
  tell(wish, order, 'ORDER_RELEASE')
  return undefined
}

/** The payment failed. */
export function declineOrder(wish: Wish, merchant: Merchant, order: Order, cause: Cause): Refusal {
  if (order.state !== 'REQUIRE_REVIEW') return { refusal: `a ${order.state} order cannot be declined` }
  setState(wish, order, 'DECLINED', cause)
  giveBack(wish, merchant, order, cause)
  return undefined
}

/** Money back, and goods that never left are for sale again. */
export function refundOrder(
  wish: Wish,
  merchant: Merchant,
  order: Order,
  refund: Omit<OrderRefund, 'at'> & Cause,
): Refusal {
  if (order.state !== 'APPROVED' && order.state !== 'SHIPPED') {
    return { refusal: `a ${order.state} order cannot be refunded` }
  }
  const hadLeft = order.state === 'SHIPPED'
  order.refunds.push({ reason: refund.reason, note: refund.note, source: refund.source, at: refund.at })
  setState(wish, order, 'REFUNDED', refund)
  if (!hadLeft) giveBack(wish, merchant, order, refund)
  tell(wish, order, 'ORDER_REFUND')
  return undefined
}

/** Back to APPROVED, after a parcel that never moved or a refund taken back: it must be shipped once more. */
export function releaseAgain(wish: Wish, merchant: Merchant, order: Order, cause: Cause): Refusal {
  if (order.state !== 'SHIPPED' && order.state !== 'REFUNDED') {
    return { refusal: `a ${order.state} order cannot be released again` }
  }
  if (order.state === 'SHIPPED') order.records.push({ event: 'TRACKING_CANCELLED', at: cause.at })
  if (order.stockGivenBack) {
    order.stockGivenBack = false
    takeStock(wish, merchant, order, -1, cause)
  }
  order.hasLeft = false
  release(wish, order, cause, 'ORDER_RE_RELEASED')
  tell(wish, order, 'ORDER_RELEASE')
  return undefined
}

export function shipped(wish: Wish, order: Order, cause: Cause): void {
  order.hasLeft = true
  order.records.push({ event: 'MARK_SHIPPED', at: cause.at })
  setState(wish, order, 'SHIPPED', cause)
  tell(wish, order, 'ORDER_TRACKING_UPDATE')
}

/** Something visible changed: pollers that filter by update time must see it. */
export function touchOrder(order: Order, at: Date): void {
  order.updatedAt = at
}

export function tell(wish: Wish, order: Order, topic: TopicName): void {
  notify(wish, { topic, merchantId: order.merchantId, about: { orderId: order.id } })
}

/** The first variation of that SKU that has enough, or why there is none. */
export function findForSale(
  merchant: Merchant,
  sku: string,
  quantity: number,
  isForced: boolean,
): Sold | { reason: 'unknown-listing' | 'not-for-sale' | 'not-enough-stock' } {
  const known = (merchant.bySku.get(sku) ?? []).flatMap((variation): Sold[] => {
    const product = merchant.products.get(variation.productId)
    return product ? [{ product, variation }] : []
  })
  const [first] = known
  if (!first) return { reason: 'unknown-listing' }
  const live = known.filter((one) => isBuyable(one.product, one.variation))
  const enough = live.find((one) => quantityOf(one.variation) >= quantity)
  if (enough) return enough
  if (isForced) return live[0] ?? first
  return { reason: live.length === 0 ? 'not-for-sale' : 'not-enough-stock' }
}

function release(wish: Wish, order: Order, cause: Cause, event: string): void {
  const { at } = cause
  const shipBy = new Date(at.getTime() + wish.choices.shipDays * dayMs)
  order.releasedAt = at
  order.expectedShipAt = shipBy
  order.expectedDeliveryAt = new Date(shipBy.getTime() + 15 * dayMs)
  order.records.push({ event, at })
  setState(wish, order, 'APPROVED', cause)
  const warn = new Date(shipBy.getTime() - dayMs)
  if (warn > at)
    wish.agenda.schedule(warn, () => isDue(order, shipBy) && tell(wish, order, 'ORDER_FULFILLMENT_DEADLINE'))
  wish.agenda.schedule(shipBy, (due) => refundIfLate(wish, order, due))
}

/** At the deadline, and once more when what the seller had under way then has failed. */
export function refundIfLate(wish: Wish, order: Order, at: Date): void {
  const merchant = wish.merchants.get(order.merchantId)
  const { expectedShipAt } = order
  if (!merchant || !expectedShipAt || expectedShipAt > at || !isDue(order, expectedShipAt)) return
  const because = { reason: 'SHIPPING_TAKING_TOO_LONG', note: undefined, source: 'WISH' as const }
  refundOrder(wish, merchant, order, { ...because, at, by: 'sandbox', cause: 'not shipped in time' })
}

/** Waits for the seller, for this deadline and no later one, and nothing of his is under way. */
function isDue(order: Order, deadline: Date): boolean {
  const isWaiting = order.state === 'APPROVED' && order.expectedShipAt?.getTime() === deadline.getTime()
  return isWaiting && order.processing?.status !== 'IN_PROGRESS'
}

function setState(wish: Wish, order: Order, state: OrderState, { at, by, cause }: Cause): void {
  order.state = state
  order.history.push({ at, by, state, cause })
  touchOrder(order, at)
  // A stale read must not outlive what really happened to the order.
  if (by !== 'seller') wish.stale.delete(order.id)
}

function giveBack(wish: Wish, merchant: Merchant, order: Order, cause: Cause): void {
  if (order.stockGivenBack) return
  order.stockGivenBack = true
  takeStock(wish, merchant, order, 1, cause)
}

function takeStock(wish: Wish, merchant: Merchant, order: Order, sign: 1 | -1, { at, cause }: Cause): void {
  const { variationId, productId, warehouseId } = order
  const units = sign * order.quantity
  moveStock(wish, merchant, { variationId, productId, warehouseId, units, at, by: 'buyer', cause })
}

function optionsOf(variation: Variation): Order['options'] {
  const options = variation.extra['options']
  return Array.isArray(options) ? (options as Order['options']) : []
}

const unknownWords = ['ON_HOLD', 'PARTIALLY_SHIPPED', 'AWAITING_CUSTOMS', 'TAX_REVIEW']

function applyOrderFaults(wish: Wish, order: Order): void {
  const { faults } = wish
  const later = (minutes: number) => new Date(order.placedAt.getTime() + Math.round(minutes) * 60_000)
  if (faults.strikes('late-order')) order.hiddenFromListsUntil = later(logUniform(faults.random, 1, 360))
  if (faults.strikes('unknown-status')) {
    order.shownState = unknownWords[Math.floor(faults.random() * unknownWords.length)]
    wish.agenda.schedule(later(logUniform(faults.random, 5, 120)), (at) => {
      order.shownState = undefined
      touchOrder(order, at)
    })
  }
}
