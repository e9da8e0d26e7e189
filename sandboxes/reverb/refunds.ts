// Money going back. Several refunds per order are allowed, together never more than was paid.
import { markRefunded, orderTotal } from './orders.ts'
import { nextId, wholeSecond } from './state.ts'
import type { Money, Order, Refund, RefundState, Reverb } from './state.ts'

const hoursUntilAutoApproved = 48

export type RefundRequest = { amount: Money; reason: string; at: Date }

export function refundBySeller(reverb: Reverb, order: Order, request: RefundRequest): Refund | { refusal: string } {
  const refusal = findRefusal(reverb, order, request.amount)
  if (refusal) return refusal
  const refund = addRefund(reverb, order, { ...request, state: 'approved' })
  sendMoney(reverb, refund, request.at)
  return refund
}

/** The seller has two days to answer; then it is approved without them. */
export function requestRefund(reverb: Reverb, order: Order, request: RefundRequest): Refund | { refusal: string } {
  const refusal = findRefusal(reverb, order, request.amount)
  if (refusal) return refusal
  const refund = addRefund(reverb, order, { ...request, state: 'pending_seller_response' })
  reverb.agenda.schedule(new Date(request.at.getTime() + hoursUntilAutoApproved * 3_600_000), (at) => {
    if (refund.state !== 'pending_seller_response') return
    refund.state = 'auto_approved'
    sendMoney(reverb, refund, at)
  })
  return refund
}

export function answerRefund(
  reverb: Reverb,
  refund: Refund,
  state: 'approved' | 'conditionally_approved' | 'denied',
  at: Date,
): void {
  refund.state = state
  refund.updatedAt = wholeSecond(at)
  if (state === 'approved') sendMoney(reverb, refund, at)
}

function findRefusal(reverb: Reverb, order: Order, amount: Money): { refusal: string } | undefined {
  if (!order.paidAt) return { refusal: 'an order that is not paid has nothing to refund' }
  const total = orderTotal(order)
  if (amount.currency !== total.currency) return { refusal: `must be in ${total.currency}` }
  const given = reverb.refunds
    .filter((one) => one.orderNumber === order.number && one.state !== 'denied' && one.state !== 'cancelled')
    .reduce((sum, one) => sum + one.amount.minor, 0)
  return given + amount.minor > total.minor ? { refusal: 'is more than was paid' } : undefined
}

function addRefund(reverb: Reverb, order: Order, request: RefundRequest & { state: RefundState }): Refund {
  const at = wholeSecond(request.at)
  const refund: Refund = {
    id: nextId(reverb),
    orderNumber: order.number,
    state: request.state,
    reason: request.reason,
    amount: request.amount,
    note: '',
    createdAt: at,
    updatedAt: at,
  }
  reverb.refunds.push(refund)
  return refund
}

function sendMoney(reverb: Reverb, refund: Refund, at: Date): void {
  refund.state = 'refund_sent'
  refund.updatedAt = wholeSecond(at)
  const order = reverb.ordersByNumber.get(refund.orderNumber)
  if (!order) return
  const sent = reverb.refunds.filter((one) => one.orderNumber === order.number && one.state === 'refund_sent')
  const isFull = sent.reduce((sum, one) => sum + one.amount.minor, 0) >= orderTotal(order).minor
  if (isFull) markRefunded(reverb, order, { at, by: 'reverb', cause: `refund ${refund.id}` })
}
