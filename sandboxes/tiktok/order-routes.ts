// Orders: search, detail, price breakdown.
import { done, idsIn, invalid, isWithin, refuse, text, texts, windowOf } from './call.ts'
import { showOrder, showPriceDetail } from './order-json.ts'
import { readOrder } from './orders.ts'
import { pageOf } from './pages.ts'
import { unixSeconds } from './state.ts'
import type { Asked, Result, Route } from './call.ts'
import type { OrderVersion } from './order-json.ts'
import type { Order } from './state.ts'

const idsMax = 50
const pageSizeMax = 100

export const orderRoutes: readonly Route[] = [
  {
    operation: 'orders.search',
    method: 'POST',
    path: '/order/202309/orders/search',
    scopes: ['seller.order.info'],
    cipher: 'required',
    query: ['page_size'],
    fields: {
      order_status: 'string',
      create_time_ge: 'int64',
      create_time_lt: 'int64',
      update_time_ge: 'int64',
      update_time_lt: 'int64',
      shipping_type: 'string',
      buyer_user_id: 'string',
      is_buyer_request_cancel: 'bool',
      warehouse_ids: 'array',
    },
    handle: searchOrders,
  },
  detail('202309'),
  detail('202507'),
  {
    operation: 'orders.priceDetail',
    method: 'GET',
    path: '/order/202407/orders/{order_id}/price_detail',
    scopes: ['seller.order.info'],
    cipher: 'required',
    about: (asked) => ({ order: findOrder(asked, asked.params['order_id']) }),
    handle(asked) {
      const order = findOrder(asked, asked.params['order_id'])
      return order ? done(showPriceDetail(order)) : notOurs
    },
  },
]

function detail(version: OrderVersion): Route {
  return {
    operation: 'orders.detail',
    method: 'GET',
    path: `/order/${version}/orders`,
    scopes: ['seller.order.info'],
    cipher: 'required',
    query: ['ids'],
    handle: (asked) => readOrders(asked, version),
  }
}

export const notOurs = refuse(21_008_111, 'The order or package does not belong to the current seller.')

export function findOrder({ tiktok, shop }: Asked, id: string | undefined): Order | undefined {
  const order = tiktok.orders.get(id ?? '')
  return order?.shopId === shop.id ? order : undefined
}

function readOrders(asked: Asked, version: OrderVersion): Result {
  const ids = idsIn(asked.query, 'ids')
  if (ids.length > idsMax) return invalid(`The number of ids must not exceed ${idsMax}.`)
  const orders = ids.map((id) => findOrder(asked, id))
  if (ids.length === 0 || orders.every((order) => order === undefined)) return notOurs
  const shown = orders.flatMap((order) =>
    order ? showOrder(asked.tiktok, readOrder(asked.tiktok, order, asked.at), version) : [],
  )
  return done({ orders: shown })
}

function searchOrders(asked: Asked): Result {
  const { tiktok, at, query, route } = asked
  const size = Number(query.get('page_size'))
  if (size < 1 || size > pageSizeMax) return invalid(`The value of page_size must be between 1 and ${pageSizeMax}.`)
  const field = query.get('sort_field') ?? 'create_time'
  const order = query.get('sort_order') ?? 'DESC'
  if (!['create_time', 'update_time'].includes(field)) return invalid('The value of sort_field is invalid.')
  if (!['ASC', 'DESC'].includes(order)) return invalid('The value of sort_order is invalid.')
  const timeOf = (one: Order) => unixSeconds(field === 'update_time' ? one.updatedAt : one.createdAt)
  const direction = order === 'ASC' ? 1 : -1
  const compare = (one: Place, other: Place) =>
    direction * (one.time - other.time || (one.id < other.id ? -1 : one.id > other.id ? 1 : 0))
  const items = matching(asked).toSorted((one, other) => compare(placeOf(one), placeOf(other)))
  function placeOf(one: Order): Place {
    return { time: timeOf(one), id: one.id }
  }
  const page = pageOf(
    {
      items,
      keyOf: (one) => `${timeOf(one)}.${one.id}`,
      comesAfter: (one, key) => compare(placeOf(one), readPlace(key)) > 0,
    },
    { size, token: query.get('page_token'), operation: route.operation, faults: tiktok.faults },
  )
  if (!page) return invalid('The value of page_token is invalid.')
  return done({
    orders: page.items.map((one) => showOrder(tiktok, readOrder(tiktok, one, at), '202309')),
    next_page_token: page.nextToken,
    total_count: items.length,
  })
}

type Place = { time: number; id: string }

function readPlace(key: string): Place {
  const [time = '', id = ''] = key.split('.')
  return { time: Number(time), id }
}

function matching({ tiktok, shop, body, at }: Asked): Order[] {
  const created = windowOf(body, 'create_time')
  const updated = windowOf(body, 'update_time')
  const status = text(body['order_status'])
  const shipping = text(body['shipping_type'])
  const buyer = text(body['buyer_user_id'])
  const warehouses = texts(body['warehouse_ids'])
  const isAsking = body['is_buyer_request_cancel']
  return [...tiktok.orders.values()].filter(
    (order) =>
      order.shopId === shop.id &&
      !(order.hiddenFromListsUntil && order.hiddenFromListsUntil > at) &&
      isWithin(order.createdAt, created) &&
      isWithin(order.updatedAt, updated) &&
      (status === undefined || status === '' || (order.shownStatus ?? order.status) === status) &&
      (shipping === undefined || order.shippingType === shipping) &&
      (buyer === undefined || order.buyer.id === buyer) &&
      (warehouses.length === 0 || warehouses.includes(order.warehouseId)) &&
      (typeof isAsking !== 'boolean' || (order.cancelRequestedAt !== undefined) === isAsking),
  )
}
