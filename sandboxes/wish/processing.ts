// Calls that are only accepted: shipping, refunding and moving an order happen later, and may fail then without a reason.
import { chance, logUniform } from '../kit/random.ts'
import { refundIfLate, refundOrder, shipped, tell, touchOrder } from './orders.ts'
import { carriers, refundReasons } from './reference.ts'
import type { Address, Confirmation, Merchant, Order, Processing, Tracking, Wish } from './state.ts'

type Refusal = { refusal: string } | undefined

/** A word for a tracking number or a note that lets the call be accepted and fail afterwards. */
export const failLaterWord = 'failme'

export function acceptTracking(wish: Wish, order: Order, sent: Tracking, at: Date): Refusal {
  const [newest] = order.tracking
  const isSame = newest?.number === sent.number && newest.provider === sent.provider
  const isUnderWay = order.processing?.status === 'IN_PROGRESS'
  const confirmation: Confirmation = {
    at,
    orderId: order.id,
    merchantId: order.merchantId,
    trackingNumber: sent.number,
    provider: sent.provider,
    outcome: order.hasLeft ? (isSame ? 'repeated' : 'replaced') : 'accepted',
    reason: undefined,
  }
  wish.confirmations.push(confirmation)
  const refusal = whyNotShipped(wish, order, sent, isUnderWay)
  if (refusal !== undefined) {
    Object.assign(confirmation, { outcome: 'refused', reason: refusal })
    return { refusal }
  }
  const isFailing = sent.number.toLowerCase().includes(failLaterWord)
  process(wish, order, { source: 'UPDATE_TRACKING', isFailing, at }, (due, hasFailed) => {
    // What the truth says of a call is how it ended.
    if (hasFailed || order.state === 'REFUNDED') return void (confirmation.outcome = 'refused')
    if (!isSame || !order.hasLeft) order.tracking = [sent, ...order.tracking].slice(0, 2)
    if (order.hasLeft) tell(wish, order, 'ORDER_TRACKING_UPDATE')
    else {
      shipped(wish, order, { at: due, by: 'seller', cause: 'shipped' })
      scheduleScans(wish, order, due)
    }
  })
  return undefined
}

export function acceptRefund(
  wish: Wish,
  merchant: Merchant,
  order: Order,
  sent: { reason: string; note: string | undefined; at: Date },
): Refusal {
  const refusal = whyBusy(wish, order) ?? whyNotRefunded(order, sent.reason)
  if (refusal !== undefined) return { refusal }
  const isFailing = sent.note?.toLowerCase().includes(failLaterWord) === true
  process(wish, order, { source: 'REFUND', isFailing, at: sent.at }, (due, hasFailed) => {
    if (hasFailed) return
    const { reason, note } = sent
    refundOrder(wish, merchant, order, { reason, note, source: 'MERCHANT', at: due, by: 'seller', cause: 'refunded' })
  })
  return undefined
}

export function acceptAddress(wish: Wish, order: Order, address: Partial<Address>, at: Date): Refusal {
  const refusal = whyBusy(wish, order)
  if (refusal !== undefined) return { refusal }
  if (order.state !== 'APPROVED') return { refusal: 'The address can only be changed before the order is shipped.' }
  const isFailing = address.street_address2?.toLowerCase().includes(failLaterWord) === true
  process(wish, order, { source: 'MODIFY_SHIPPING', isFailing, at }, (_, hasFailed) => {
    if (hasFailed) return
    order.address = { ...order.address, ...address }
    tell(wish, order, 'ORDER_ADDRESS_CHANGE')
  })
  return undefined
}

export function reasonsFor(order: Order): string[] {
  if (order.state === 'APPROVED') return refundReasons.here
  return order.state === 'SHIPPED' ? refundReasons.gone : []
}

function process(
  wish: Wish,
  order: Order,
  call: { source: Processing['source']; isFailing: boolean; at: Date },
  settle: (due: Date, hasFailed: boolean) => void,
): void {
  const mine: Processing = { source: call.source, status: 'IN_PROGRESS' }
  order.processing = mine
  touchOrder(order, call.at)
  const isFailing =
    call.isFailing || (wish.choices.processingFails > 0 && chance(wish.faults.random, wish.choices.processingFails))
  const due = new Date(call.at.getTime() + wish.choices.processingSeconds * 1000 * wish.delayFactor)
  wish.agenda.schedule(due, (at) => {
    mine.status = isFailing ? 'FAILED' : 'SUCCEEDED'
    touchOrder(order, at)
    settle(at, isFailing)
    if (isFailing) refundIfLate(wish, order, at)
  })
}

function whyNotShipped(wish: Wish, order: Order, sent: Tracking, isUnderWay: boolean): string | undefined {
  if (isUnderWay) return whyBusy(wish, order)
  if (order.state === 'REQUIRE_REVIEW') return 'The order is under review and cannot be shipped yet.'
  if (order.state === 'DECLINED') return 'The order has been declined.'
  if (order.state === 'REFUNDED') return 'The order has been refunded.'
  if (!carriers.some((name) => name.toLowerCase() === sent.provider.toLowerCase())) {
    return `The shipping provider ${sent.provider} is not supported.`
  }
  // Words that a person types to make mischief may carry their hyphen.
  const isPlain = /^[a-z0-9]+$/i.test(sent.number.replace(/(ignore|silent|slow|stale)-me/i, 'x'))
  return isPlain ? undefined : 'The tracking number must be alphanumeric without spaces.'
}

function whyBusy(wish: Wish, order: Order): string | undefined {
  const isBusy = order.processing?.status === 'IN_PROGRESS' && wish.choices.whileProcessing === 'refuse'
  return isBusy ? 'The order is being processed, please try again later.' : undefined
}

function whyNotRefunded(order: Order, reason: string): string | undefined {
  if (order.state === 'REFUNDED') return 'The order has already been refunded.'
  if (order.state !== 'APPROVED' && order.state !== 'SHIPPED') return 'The order cannot be refunded.'
  return reasonsFor(order).includes(reason) ? undefined : 'The refund reason is not valid for the order.'
}

/** The carrier sees the parcel, then hands it over. */
function scheduleScans(wish: Wish, order: Order, at: Date): void {
  const { random } = wish.faults
  const later = (from: Date, minHours: number, maxHours: number) =>
    new Date(from.getTime() + Math.round(logUniform(random, minHours, maxHours) * 3_600_000 * wish.delayFactor))
  const { releasedAt } = order
  const scan = (event: string) => (due: Date) => {
    if (order.state !== 'SHIPPED' || order.releasedAt !== releasedAt) return
    order.records.push({ event, at: due })
    touchOrder(order, due)
    tell(wish, order, 'ORDER_TRACKING_UPDATE')
  }
  const seen = later(at, 2, 36)
  wish.agenda.schedule(seen, scan('CONFIRM_FULFILLED'))
  wish.agenda.schedule(later(seen, 24, 240), scan('CONFIRMED_DELIVERED'))
}
