// Cancellations: search, by the seller, and answers to buyers; returns: search; and the reasons there are.
import { approve, cancelable, cancelNow, cancelWord, dropRequest } from './cancellations.ts'
import { done, invalid, isWithin, objects, refuse, text, texts, windowOf } from './call.ts'
import { amount } from './money.ts'
import { findOrder } from './order-routes.ts'
import { pageOf } from './pages.ts'
import { buyerCancelReasons, rejectReasons, returnReasons, sellerCancelReasons } from './reference.ts'
import { unixSeconds } from './state.ts'
import type { Asked, Refusal, Result, Route } from './call.ts'
import type { Cancellation, Line, Order, Return } from './state.ts'

const pageSizeMax = 50
const common = { scopes: ['seller.return_refund.basic'], cipher: 'required' } as const
const base = '/return_refund/202309'

export const cancellationRoutes: readonly Route[] = [
  {
    ...common,
    operation: 'cancellations.search',
    method: 'POST',
    path: `${base}/cancellations/search`,
    fields: {
      order_ids: 'array',
      cancel_ids: 'array',
      cancel_status: 'array',
      update_time_ge: 'int64',
      update_time_lt: 'int64',
    },
    handle: searchCancellations,
  },
  {
    ...common,
    operation: 'cancellations.create',
    method: 'POST',
    path: `${base}/cancellations`,
    isWrite: true,
    fields: { order_id: 'string', cancel_reason: 'string', order_line_item_ids: 'array', skus: 'array' },
    required: ['order_id', 'cancel_reason', 'skus.sku_id', 'skus.quantity'],
    about: (asked) => ({ order: findOrder(asked, text(asked.body['order_id'])) }),
    handle: createCancellation,
  },
  {
    ...common,
    operation: 'cancellations.approve',
    method: 'POST',
    path: `${base}/cancellations/{cancel_id}/approve`,
    isWrite: true,
    handle: (asked) => answer(asked, (one) => approve(asked.tiktok, one, asked.at)),
  },
  {
    ...common,
    operation: 'cancellations.reject',
    method: 'POST',
    path: `${base}/cancellations/{cancel_id}/reject`,
    isWrite: true,
    fields: { reject_reason: 'string', comment: 'string', images: 'array' },
    required: ['reject_reason', 'images.image_id'],
    handle(asked) {
      const isKnown = Object.hasOwn(rejectReasons, text(asked.body['reject_reason']) ?? '')
      if (!isKnown)
        return refuse(25_001_014, 'Unknown return reason. Please ensure you are passing a valid return reason.')
      return answer(asked, (one) => dropRequest(asked.tiktok, one, asked.at))
    },
  },
  {
    ...common,
    operation: 'returns.search',
    method: 'POST',
    path: `${base}/returns/search`,
    fields: {
      order_ids: 'array',
      return_ids: 'array',
      return_status: 'array',
      update_time_ge: 'int64',
      update_time_lt: 'int64',
    },
    handle: searchReturns,
  },
  {
    ...common,
    operation: 'rejectReasons.list',
    method: 'GET',
    path: `${base}/reject_reasons`,
    query: ['return_or_cancel_id'],
    handle: () => done({ reasons: Object.entries(rejectReasons).map(([name, words]) => ({ name, text: words })) }),
  },
]

function createCancellation(asked: Asked): Result {
  const { tiktok, body, at } = asked
  const order = findOrder(asked, text(body['order_id']))
  if (!order) return refuse(25_020_005, 'No permission to process this order')
  if (order.status === 'CANCELLED' || order.status === 'COMPLETED') {
    return refuse(25_001_051, 'Not allowed to return or cancel since order is completed or cancelled')
  }
  const reason = text(body['cancel_reason']) ?? ''
  if (!Object.hasOwn(sellerCancelReasons, reason)) {
    const isBuyers = Object.hasOwn(buyerCancelReasons, reason)
    return isBuyers
      ? refuse(
          25_001_015,
          'The provided return reason cannot be used by the seller. Please select a valid return reason and try again.',
        )
      : refuse(25_001_014, 'Unknown return reason. Please ensure you are passing a valid return reason.')
  }
  if (!['AWAITING_SHIPMENT', 'PARTIALLY_SHIPPING', 'ON_HOLD', 'UNPAID'].includes(order.status)) {
    return refuse(
      25_001_045,
      'The order has already been shipped and we are unable to cancel shipment with the courier.',
    )
  }
  const lines = chooseLines(asked, order)
  if ('code' in lines) return lines
  const isPart = lines.lines.length < order.lines.filter((line) => !line.isCanceled).length
  if (isPart && reason !== 'seller_cancel_reason_out_of_stock_uk') {
    return refuse(25_001_021, 'Reason not match order status')
  }
  const one = cancelNow(tiktok, { order, lines: lines.lines, role: 'SELLER', reason, at })
  return done({ cancel_id: one.id, cancel_status: cancelWord(tiktok, one.status) })
}

/** By line, by SKU and quantity, or all that can still be cancelled. */
function chooseLines({ tiktok, body }: Asked, order: Order): { lines: Line[] } | Refusal {
  const open = cancelable(tiktok, order)
  const named = texts(body['order_line_item_ids'])
  const wanted = objects(body['skus'])
  let lines = open
  if (named.length > 0) lines = open.filter((line) => named.includes(line.id))
  else if (wanted.length > 0) {
    lines = wanted.flatMap((one) =>
      open.filter((line) => line.skuId === one['sku_id']).slice(0, Number(one['quantity'])),
    )
  }
  const count = named.length > 0 ? named.length : wanted.reduce((sum, one) => sum + Number(one['quantity']), 0)
  if (lines.length === 0 || lines.length < count) {
    const message = 'The requested line item(s) for return or refund exceeds the allowable limit.'
    return refuse(25_005_011, message)
  }
  return { lines }
}

function answer({ tiktok, shop, params }: Asked, act: (one: Cancellation) => void): Result {
  const one = tiktok.cancellations.get(params['cancel_id'] ?? '')
  if (!one || one.shopId !== shop.id) return refuse(25_020_005, 'No permission to process this order')
  if (one.type !== 'BUYER_CANCEL') return refuse(25_020_004, 'decision not match reverse type')
  if (one.status === 'CANCELLED') return refuse(25_020_009, 'reverse already cancelled')
  if (one.status !== 'PENDING') return refuse(25_020_003, 'decision not match reverse status')
  act(one)
  return done({})
}

function searchCancellations(asked: Asked): Result {
  const { tiktok, body } = asked
  const ids = texts(body['cancel_ids'])
  const statuses = texts(body['cancel_status'])
  const types = texts(body['cancel_types'])
  const items = found(asked, [...tiktok.cancellations.values()]).filter(
    (one) =>
      (ids.length === 0 || ids.includes(one.id)) &&
      (types.length === 0 || types.includes(one.type)) &&
      (statuses.length === 0 || statuses.includes(cancelWord(tiktok, one.status))),
  )
  return answerPage(asked, items, 'cancellations', (one) => showCancellation(asked, one))
}

function searchReturns(asked: Asked): Result {
  const { tiktok, body } = asked
  const ids = texts(body['return_ids'])
  const statuses = texts(body['return_status'])
  const items = found(asked, [...tiktok.returns.values()]).filter(
    (one) => (ids.length === 0 || ids.includes(one.id)) && (statuses.length === 0 || statuses.includes(one.status)),
  )
  return answerPage(asked, items, 'return_orders', (one) => showReturn(asked, one))
}

type Dated = { id: string; shopId: string; orderId: string; createdAt: Date; updatedAt: Date }

function found<Item extends Dated>({ shop, body }: Asked, items: Item[]): Item[] {
  const orderIds = texts(body['order_ids'])
  const created = windowOf(body, 'create_time')
  const updated = windowOf(body, 'update_time')
  return items.filter(
    (one) =>
      one.shopId === shop.id &&
      (orderIds.length === 0 || orderIds.includes(one.orderId)) &&
      isWithin(one.createdAt, created) &&
      isWithin(one.updatedAt, updated),
  )
}

/** Oldest first unless asked otherwise; orders do the opposite. */
function answerPage<Item extends Dated>(
  { tiktok, query, route }: Asked,
  items: Item[],
  name: string,
  show: (item: Item) => unknown,
): Result {
  const size = Number(query.get('page_size') ?? 10)
  if (size < 1 || size > pageSizeMax) return invalid(`The value of page_size must be between 1 and ${pageSizeMax}.`)
  const timeOf = (one: Item) => unixSeconds(query.get('sort_field') === 'update_time' ? one.updatedAt : one.createdAt)
  const direction = query.get('sort_order') === 'DESC' ? -1 : 1
  const compare = (one: [number, string], other: [number, string]) =>
    direction * (one[0] - other[0] || (one[1] < other[1] ? -1 : one[1] > other[1] ? 1 : 0))
  const placeOf = (one: Item): [number, string] => [timeOf(one), one.id]
  const page = pageOf(
    {
      items: items.toSorted((one, other) => compare(placeOf(one), placeOf(other))),
      keyOf: (one) => placeOf(one).join('.'),
      comesAfter(one, key) {
        const [time = '', id = ''] = key.split('.')
        return compare(placeOf(one), [Number(time), id]) > 0
      },
    },
    { size, token: query.get('page_token'), operation: route.operation, faults: tiktok.faults },
  )
  if (!page) return invalid('The value of page_token is invalid.')
  return done({ [name]: page.items.map(show), next_page_token: page.nextToken, total_count: items.length })
}

function showCancellation({ tiktok }: Asked, one: Cancellation): Record<string, unknown> {
  const order = tiktok.orders.get(one.orderId)
  const lines = order?.lines.filter((line) => one.lineIds.includes(line.id)) ?? []
  const reasons: Record<string, string> = { ...sellerCancelReasons, ...buyerCancelReasons }
  return {
    cancel_id: one.id,
    order_id: one.orderId,
    cancel_type: one.type,
    cancel_status: cancelWord(tiktok, one.status),
    role: one.role,
    cancel_reason: one.reason,
    cancel_reason_text: reasons[one.reason] ?? one.reason,
    refund_amount: refundOf(order, lines),
    cancel_line_items: lines.map((line) => ({
      cancel_line_item_id: line.id,
      order_line_item_id: line.id,
      ...lineFields(line),
      refund_amount: refundOf(order, [line]),
    })),
    ...(one.status === 'PENDING' && one.answerBy
      ? { seller_next_action_response: [{ action: 'SELLER_RESPOND_CANCEL', deadline: unixSeconds(one.answerBy) }] }
      : {}),
    create_time: unixSeconds(one.createdAt),
    update_time: unixSeconds(one.updatedAt),
  }
}

function showReturn({ tiktok }: Asked, one: Return): Record<string, unknown> {
  const order = tiktok.orders.get(one.orderId)
  const lines = order?.lines.filter((line) => one.lineIds.includes(line.id)) ?? []
  const reasons: Record<string, string> = returnReasons
  return {
    return_id: one.id,
    order_id: one.orderId,
    return_type: one.type,
    return_status: one.status,
    role: 'BUYER',
    return_reason: one.reason,
    return_reason_text: reasons[one.reason] ?? one.reason,
    refund_amount: refundOf(order, lines),
    return_line_items: lines.map((line) => ({
      return_line_item_id: line.id,
      order_line_item_id: line.id,
      ...lineFields(line),
      refund_amount: refundOf(order, [line]),
    })),
    create_time: unixSeconds(one.createdAt),
    update_time: unixSeconds(one.updatedAt),
  }
}

function lineFields({ skuId, skuName, sellerSku, title }: Line): Record<string, string> {
  return { sku_id: skuId, sku_name: skuName, seller_sku: sellerSku, product_name: title }
}

/** Postage comes back when the whole order does. */
function refundOf(order: Order | undefined, lines: Line[]): Record<string, string> {
  const isWhole = order !== undefined && lines.length === order.lines.length
  const subtotal = lines.reduce((sum, line) => sum + line.priceMinor, 0)
  const shipping = isWhole ? order.shippingMinor : 0
  return {
    currency: order?.currency ?? '',
    refund_subtotal: amount(subtotal),
    refund_shipping_fee: amount(shipping),
    refund_tax: '0.00',
    refund_total: amount(subtotal + shipping),
  }
}
