// The life of an order: one listing × a quantity, from an offer or a purchase to a parcel or a refund.
import { giveStockBack, settleOrdered, takeStock } from './listings.ts'
import { logUniform, uuid } from '../kit/random.ts'
import { plus } from './money.ts'
import { notify, wholeSecond } from './state.ts'
import type { Cause } from './listings.ts'
import type { Listing, Money, Order, OrderStatus, Reverb } from './state.ts'

export type NewOrder = Pick<Order, 'quantity' | 'status' | 'unitPrice' | 'shippingPrice' | 'tax' | 'buyer'> &
  Partial<
    Pick<
      Order,
      | 'bundleId'
      | 'reference'
      | 'showsQuantity'
      | 'kind'
      | 'presentmentCurrency'
      | 'address'
      | 'shippingMethod'
      | 'paymentMethod'
      | 'notes'
    >
  >

const moneyArrived: readonly OrderStatus[] = ['paid', 'shipped', 'picked_up', 'received', 'refunded']
const finished: readonly OrderStatus[] = ['cancelled', 'blocked', 'refunded']

export function placeOrder(reverb: Reverb, listing: Listing, order: NewOrder, cause: Cause): Order {
  const at = wholeSecond(cause.at)
  reverb.lastIds.order += 1
  const placed: Order = {
    number: String(reverb.lastIds.order),
    uuid: uuid(reverb.random),
    bundleId: order.bundleId,
    reference: order.reference,
    listingId: listing.id,
    sku: listing.sku,
    title: listing.title,
    quantity: order.quantity,
    showsQuantity: order.showsQuantity ?? true,
    kind: order.kind ?? 'instant',
    status: order.status,
    createdAt: at,
    updatedAt: at,
    paidAt: moneyArrived.includes(order.status) ? at : undefined,
    shippedAt: undefined,
    unitPrice: order.unitPrice,
    shippingPrice: order.shippingPrice,
    tax: order.tax,
    presentmentCurrency: order.presentmentCurrency ?? order.unitPrice.currency,
    buyer: order.buyer,
    address: order.address,
    shippingMethod: order.shippingMethod ?? 'shipped',
    paymentMethod: order.paymentMethod ?? 'direct_checkout',
    notes: order.notes ?? [],
    shipment: undefined,
    hiddenFromListsUntil: undefined,
    shownStatus: undefined,
    stockGivenBack: false,
    history: [{ at, by: cause.by, status: order.status, cause: cause.cause }],
  }
  const isPaid = placed.paidAt !== undefined
  takeStock(reverb, listing, order.quantity, { ...cause, cause: `order ${placed.number}`, paid: isPaid })
  insertByTime(reverb.orders, placed)
  reverb.ordersByNumber.set(placed.number, placed)
  applyOrderFaults(reverb, placed)
  notify(reverb, 'orders/create', placed.number)
  return placed
}

export function payOrder(reverb: Reverb, order: Order, cause: Cause): { refusal: string } | undefined {
  if (order.paidAt || finished.includes(order.status)) return { refusal: `a ${order.status} order cannot be paid` }
  order.paidAt = wholeSecond(cause.at)
  setStatus(reverb, order, 'paid', cause)
  const listing = reverb.listings.get(order.listingId)
  if (listing) settleOrdered(listing, { ...cause, cause: `order ${order.number} paid` })
  notify(reverb, 'payments/create', order.number)
  return undefined
}

/** Cancelled by the buyer or blocked by Reverb: the stock returns, once. */
export function dropOrder(
  reverb: Reverb,
  order: Order,
  status: 'cancelled' | 'blocked',
  cause: Cause,
): { refusal: string } | undefined {
  if (order.shipment || finished.includes(order.status) || order.status === 'picked_up') {
    return { refusal: `a ${order.status} order cannot become ${status}` }
  }
  setStatus(reverb, order, status, cause)
  returnStock(reverb, order, cause)
  return undefined
}

/** Money sent back in full. Goods that never left are for sale again. */
export function markRefunded(reverb: Reverb, order: Order, cause: Cause): void {
  if (order.status === 'refunded') return
  const hadLeft = order.shipment !== undefined || order.status === 'picked_up'
  setStatus(reverb, order, 'refunded', cause)
  if (!hadLeft) returnStock(reverb, order, cause)
  notify(reverb, 'payments/update', order.number)
}

export function setStatus(reverb: Reverb, order: Order, status: OrderStatus, cause: Cause): void {
  order.status = status
  order.history.push({ at: wholeSecond(cause.at), by: cause.by, status, cause: cause.cause })
  touch(reverb, order, cause.at)
}

/** Something visible changed: pollers that filter by update time must see it. */
export function touch(reverb: Reverb, order: Order, at: Date): void {
  order.updatedAt = wholeSecond(at)
  notify(reverb, 'orders/update', order.number)
}

export function orderTotal(order: Order): Money {
  return plus(subtotal(order), order.shippingPrice, order.tax)
}

export function subtotal(order: Order): Money {
  return { minor: order.unitPrice.minor * order.quantity, currency: order.unitPrice.currency }
}

function returnStock(reverb: Reverb, order: Order, cause: Cause): void {
  const listing = reverb.listings.get(order.listingId)
  if (!listing || order.stockGivenBack) return
  order.stockGivenBack = true
  giveStockBack(reverb, listing, order.quantity, { ...cause, cause: `order ${order.number} ${order.status}` })
}

// Nearly always the newest, so the search starts at the end.
function insertByTime(orders: Order[], order: Order): void {
  let index = orders.length
  while (index > 0 && (orders[index - 1] as Order).createdAt > order.createdAt) index -= 1
  orders.splice(index, 0, order)
}

const unknownWords = ['awaiting_verification', 'on_hold', 'partially_shipped', 'tax_review']

function applyOrderFaults(reverb: Reverb, order: Order): void {
  const { faults } = reverb
  const minutesLater = (minutes: number) => new Date(order.createdAt.getTime() + Math.round(minutes) * 60_000)
  if (faults.strikes('late-order')) order.hiddenFromListsUntil = minutesLater(logUniform(faults.random, 1, 360))
  if (faults.strikes('unknown-status')) {
    order.shownStatus = unknownWords[Math.floor(faults.random() * unknownWords.length)]
    reverb.agenda.schedule(minutesLater(logUniform(faults.random, 5, 120)), (at) => {
      order.shownStatus = undefined
      touch(reverb, order, at)
    })
  }
}
