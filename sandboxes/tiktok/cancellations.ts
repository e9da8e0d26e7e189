// Cancellations and returns: who asked, what is waiting for an answer, and what follows from it.
import { cancelLines, isShipped, liveLines, settle } from './orders.ts'
import { notify } from './news.ts'
import { later, nextId, unixSeconds, wholeSecond } from './state.ts'
import type { CancelStatus, Cancellation, Line, Order, Return, Tiktok } from './state.ts'

const answerSeconds = 48 * 3600
const refundSeconds = 600

export type NewCancellation = {
  order: Order
  lines: Line[]
  role: Cancellation['role']
  reason: string
  at: Date
}

/** At once: by the seller or the platform, or by the buyer in his free hour. */
export function cancelNow(tiktok: Tiktok, given: NewCancellation): Cancellation {
  const one = open(tiktok, given, { type: 'CANCEL', status: 'SUCCESS', answerBy: undefined })
  succeed(tiktok, one, given.at)
  return one
}

/** The buyer asks and the seller has to answer. */
export function requestCancel(tiktok: Tiktok, given: Omit<NewCancellation, 'role'>): Cancellation {
  const { order, at } = given
  const answerBy = later(tiktok, at, answerSeconds)
  const one = open(tiktok, { ...given, role: 'BUYER' }, { type: 'BUYER_CANCEL', status: 'PENDING', answerBy })
  order.cancelRequestedAt = wholeSecond(at)
  settle(tiktok, order, { at, cause: 'the buyer asks for cancellation' })
  awaitAnswer(tiktok, one)
  return one
}

/** Silence is taken for consent. */
export function awaitAnswer(tiktok: Tiktok, one: Cancellation): void {
  if (!one.answerBy) return
  tiktok.agenda.schedule(one.answerBy, (at) => {
    if (one.status === 'PENDING') approve(tiktok, one, at)
  })
}

export function approve(tiktok: Tiktok, one: Cancellation, at: Date): void {
  const order = tiktok.orders.get(one.orderId)
  if (order) order.cancelRequestedAt = undefined
  move(tiktok, one, 'SUCCESS', at)
  succeed(tiktok, one, at)
}

/** By the seller's answer, or because the buyer took it back. */
export function dropRequest(tiktok: Tiktok, one: Cancellation, at: Date): void {
  const order = tiktok.orders.get(one.orderId)
  move(tiktok, one, 'CANCELLED', at)
  if (!order) return
  order.cancelRequestedAt = undefined
  settle(tiktok, order, { at, cause: 'the request for cancellation ended' })
}

function open(
  tiktok: Tiktok,
  { order, lines, role, reason, at }: NewCancellation,
  kind: Pick<Cancellation, 'type' | 'status' | 'answerBy'>,
): Cancellation {
  const one: Cancellation = {
    id: nextId(tiktok),
    orderId: order.id,
    shopId: order.shopId,
    ...kind,
    role,
    reason,
    lineIds: lines.map((line) => line.id),
    createdAt: wholeSecond(at),
    updatedAt: wholeSecond(at),
  }
  tiktok.cancellations.set(one.id, one)
  tell(tiktok, one, at)
  return one
}

function succeed(tiktok: Tiktok, one: Cancellation, at: Date): void {
  const order = tiktok.orders.get(one.orderId)
  if (!order) return
  const lines = order.lines.filter((line) => one.lineIds.includes(line.id))
  cancelLines(tiktok, order, lines, { by: one.role, reason: one.reason, at })
  awaitRefund(tiktok, one, at)
}

export function awaitRefund(tiktok: Tiktok, one: Cancellation, from: Date): void {
  tiktok.agenda.schedule(later(tiktok, from, refundSeconds), (at) => {
    if (one.status === 'SUCCESS') move(tiktok, one, 'COMPLETE', at)
  })
}

function move(tiktok: Tiktok, one: Cancellation, status: CancelStatus, at: Date): void {
  one.status = status
  one.updatedAt = wholeSecond(at)
  tell(tiktok, one, at)
}

export function cancelWord(tiktok: Tiktok, status: CancelStatus): string {
  return `CANCELLATION_REQUEST_${status === 'CANCELLED' ? tiktok.choices.cancelWord : status}`
}

function tell(tiktok: Tiktok, one: Cancellation, at: Date): void {
  notify(tiktok, 'CANCELLATION_STATUS_CHANGE', one.shopId, at, {
    order_id: one.orderId,
    cancellations_role: one.role,
    cancel_status: cancelWord(tiktok, one.status),
    cancel_id: one.id,
    create_time: unixSeconds(one.createdAt),
  })
}

/** Units that have not left and nobody is cancelling already. */
export function cancelable(tiktok: Tiktok, order: Order): Line[] {
  const asked = [...tiktok.cancellations.values()]
    .filter((one) => one.orderId === order.id && one.status === 'PENDING')
    .flatMap((one) => one.lineIds)
  return liveLines(order).filter((line) => !isShipped(tiktok, line) && !asked.includes(line.id))
}

export function openReturn(
  tiktok: Tiktok,
  order: Order,
  given: Pick<Return, 'type' | 'reason'> & { lines: Line[]; at: Date },
): Return {
  const { type, reason, lines, at } = given
  const one: Return = {
    id: nextId(tiktok),
    orderId: order.id,
    shopId: order.shopId,
    type,
    status: 'RETURN_OR_REFUND_REQUEST_PENDING',
    reason,
    lineIds: lines.map((line) => line.id),
    createdAt: wholeSecond(at),
    updatedAt: wholeSecond(at),
  }
  tiktok.returns.set(one.id, one)
  notify(tiktok, 'RETURN_STATUS_CHANGE', one.shopId, at, {
    order_id: one.orderId,
    return_id: one.id,
    return_role: 'BUYER',
    return_type: one.type,
    return_status: one.status,
    create_time: unixSeconds(one.createdAt),
    update_time: unixSeconds(one.updatedAt),
  })
  return one
}
