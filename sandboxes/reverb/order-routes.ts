// What the API offers for orders, their parcels and their refunds.
import { done, invalid, notFound, readTime, refuse } from './call.ts'
import { isTrue } from './listing-input.ts'
import { shopTime } from './listing-json.ts'
import { readMoney, showMoney } from './money.ts'
import { showOrder } from './order-json.ts'
import { answerPage } from './pages.ts'
import { refundReasons } from './reference.ts'
import { answerRefund, refundBySeller } from './refunds.ts'
import { pickUpOrder, shipOrder } from './shipments.ts'
import type { Answer, Call, Route } from './call.ts'
import type { Order, OrderStatus, Refund, RefundState, Reverb } from './state.ts'

const selling = '/my/orders/selling'

export const orderRoutes: Route[] = [
  { operation: 'orders.list', method: 'GET', path: `${selling}/all`, scope: 'read_orders', handle: listOrders() },
  {
    operation: 'orders.awaiting-shipment',
    method: 'GET',
    path: `${selling}/awaiting_shipment`,
    scope: 'read_orders',
    handle: listOrders(['paid']),
  },
  {
    operation: 'orders.unpaid',
    method: 'GET',
    path: `${selling}/unpaid`,
    scope: 'read_orders',
    handle: listOrders(['unpaid', 'payment_pending', 'partially_paid']),
  },
  {
    operation: 'orders.get-by-uuid',
    method: 'GET',
    path: `${selling}/by_uuid/{uuid}`,
    scope: 'read_orders',
    handle: (call) => {
      const order = call.reverb.orders.find((one) => one.uuid === call.params['uuid'])
      return order ? done(showOrder(call.reverb, order, call)) : notFound('order')
    },
  },
  {
    operation: 'orders.get',
    method: 'GET',
    path: `${selling}/{id}`,
    scope: 'read_orders',
    handle: (call) => withOrder(call, (order) => done(showOrder(call.reverb, order, call))),
  },
  { operation: 'orders.ship', method: 'POST', path: `${selling}/{id}/ship`, scope: 'write_orders', handle: ship },
  {
    operation: 'orders.mark-picked-up',
    method: 'POST',
    path: `${selling}/{id}/mark_picked_up`,
    scope: 'write_orders',
    handle: (call) =>
      withOrder(call, (order) => {
        const refused = pickUpOrder(call.reverb, order, call.at)
        if (refused) return invalid(call.reverb, refused.refusal, { order: [refused.refusal] })
        return done({ message: 'The order has been marked as picked up', ...showOrder(call.reverb, order, call) })
      }),
  },
  {
    operation: 'refunds.create',
    method: 'POST',
    path: `${selling}/{order_id}/refund_requests`,
    scope: 'write_orders',
    handle: createRefund,
  },
  {
    operation: 'refunds.list',
    method: 'GET',
    path: '/my/refund_requests/selling',
    scope: 'read_orders',
    handle: listRefunds,
  },
  {
    operation: 'refunds.update',
    method: 'PUT',
    path: '/my/refund_requests/selling/{id}',
    scope: 'write_orders',
    handle: updateRefund,
  },
]

type Keeps = (order: Order) => boolean

const timeFilters: Record<string, (at: Date) => Keeps> = {
  created_start_date: (at) => (order) => order.createdAt.getTime() >= at.getTime(),
  created_end_date: (at) => (order) => order.createdAt.getTime() <= at.getTime(),
  updated_start_date: (at) => (order) => order.updatedAt.getTime() >= at.getTime(),
  updated_end_date: (at) => (order) => order.updatedAt.getTime() <= at.getTime(),
}

function listOrders(statuses?: OrderStatus[]): (call: Call) => Answer {
  return (call) => {
    const filters: Keeps[] = [(order) => !order.hiddenFromListsUntil || order.hiddenFromListsUntil <= call.at]
    if (statuses) filters.push((order) => statuses.includes(order.status))
    for (const [name, filterBy] of Object.entries(timeFilters)) {
      const text = call.query.get(name)
      if (text === null || text === '') continue
      const at = readTime(text)
      if (!at) return invalid(call.reverb, 'Invalid parameters', { [name]: ['is not a date'] })
      filters.push(filterBy(at))
    }
    const found = call.reverb.orders.filter((order) => filters.every((keeps) => keeps(order)))
    return answerPage(call, {
      name: 'orders',
      items: found.toReversed(),
      show: (order) => showOrder(call.reverb, order, call),
      respectsPageSize: false,
      absoluteLinks: false,
    })
  }
}

function ship(call: Call): Answer {
  return withOrder(call, (order) => {
    const { provider, tracking_number: trackingNumber, send_notification: sendNotification } = call.body
    const refused = shipOrder(call.reverb, order, { provider, trackingNumber, sendNotification }, call.at)
    if (refused) return invalid(call.reverb, refused.refusal, refused.errors)
    return done({
      message: 'The order has been marked as shipped',
      order_number: order.number,
      status: order.status,
      shipping_provider: order.shipment?.provider,
      shipping_code: order.shipment?.trackingNumber,
      send_notification: isTrue(sendNotification),
      _links: { order: { href: `/api/my/orders/selling/${order.number}` } },
    })
  })
}

function createRefund(call: Call): Answer {
  return withOrder(call, (order) => {
    const { state, reason } = call.body
    const amount = readMoney(call.body['refund_amount'], call.reverb.shop.currency)
    const errors: Record<string, string[]> = {}
    if (state !== 'approved') errors['state'] = ['does not have a valid value']
    if (typeof reason !== 'string' || !refundReasons.includes(reason))
      errors['reason'] = ['does not have a valid value']
    if ('refusal' in amount) errors['refund_amount'] = [amount.refusal]
    if (Object.keys(errors).length > 0 || 'refusal' in amount) {
      return invalid(call.reverb, 'The refund could not be saved', errors)
    }
    const result = refundBySeller(call.reverb, order, { amount, reason: String(reason), at: call.at })
    if ('refusal' in result) {
      return invalid(call.reverb, 'The refund could not be saved', { refund_amount: [result.refusal] })
    }
    return done(showRefund(call.reverb, result), 201)
  })
}

const openRefundStates: RefundState[] = ['pending_seller_response', 'conditionally_approved']

function listRefunds(call: Call): Answer {
  const state = call.query.get('state')
  const found = call.reverb.refunds.filter((refund) =>
    state === null ? openRefundStates.includes(refund.state) : state === 'all' || refund.state === state,
  )
  return answerPage(call, {
    name: 'refund_requests',
    items: found.toReversed(),
    show: (refund) => showRefund(call.reverb, refund),
    respectsPageSize: true,
    absoluteLinks: false,
  })
}

function updateRefund(call: Call): Answer {
  const refund = call.reverb.refunds.find((one) => String(one.id) === call.params['id'])
  if (!refund) return notFound('refund request')
  if (!openRefundStates.includes(refund.state)) return refuse(406, `The request is already ${refund.state}`)
  const { state } = call.body
  if (state !== 'approved' && state !== 'conditionally_approved' && state !== 'denied') {
    return invalid(call.reverb, 'The refund could not be saved', { state: ['does not have a valid value'] })
  }
  if (typeof call.body['note_to_buyer'] === 'string') refund.note = call.body['note_to_buyer']
  answerRefund(call.reverb, refund, state, call.at)
  return done(showRefund(call.reverb, refund))
}

function showRefund(reverb: Reverb, refund: Refund): Record<string, unknown> {
  return {
    id: refund.id,
    order_id: refund.orderNumber,
    state: refund.state,
    reason: refund.reason,
    refund_amount: showMoney(refund.amount),
    note_to_buyer: refund.note,
    created_at: shopTime(reverb, refund.createdAt),
    _links: { order: { href: `/api/my/orders/selling/${refund.orderNumber}` } },
  }
}

function withOrder(call: Call, act: (order: Order) => Answer): Answer {
  const order = call.reverb.ordersByNumber.get(call.params['id'] ?? call.params['order_id'] ?? '')
  return order ? act(order) : notFound('order')
}
