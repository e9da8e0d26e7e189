// What the API offers for orders. The calls that ship, refund or move one are only accepted here.
import { z } from 'zod'
import { isTyped } from '../kit/faults.ts'
import { done, invalid, readList } from './call.ts'
import { showOrder } from './order-json.ts'
import { touchOrder } from './orders.ts'
import { listByTime } from './paging.ts'
import { acceptAddress, acceptRefund, acceptTracking, reasonsFor } from './processing.ts'
import { sentenceOf } from './product-input.ts'
import { carriers, confirmedCarriers, countries, orderStates, orderTypesToFilter } from './reference.ts'
import { shownNow } from './visible.ts'
import type { Answer } from '../kit/front.ts'
import type { Ask, Route } from './call.ts'
import type { Address, Order } from './state.ts'

export const orderRoutes: Route[] = [
  { operation: 'orders.list', method: 'GET', path: '/orders', scope: 'orders:read', handle: listOrders },
  {
    operation: 'orders.shipping_carriers',
    method: 'GET',
    path: '/orders/shipping_carriers',
    scope: 'orders:read',
    handle: listCarriers,
  },
  {
    operation: 'orders.get',
    method: 'GET',
    path: '/orders/{id}',
    scope: 'orders:read',
    handle: (ask) => withOrder(ask, (order) => done(showOrder(ask.merchant, shownNow(ask.wish, order, ask.at)))),
  },
  { operation: 'orders.update', method: 'PUT', path: '/orders/{id}', scope: 'orders:write', handle: updateTruckload },
  { operation: 'orders.tracking', method: 'PUT', path: '/orders/{id}/tracking', scope: 'orders:write', handle: ship },
  {
    operation: 'orders.address',
    method: 'PUT',
    path: '/orders/{id}/address',
    scope: 'orders:write',
    handle: changeAddress,
  },
  {
    operation: 'orders.refund_reasons',
    method: 'GET',
    path: '/orders/{id}/refund_reasons',
    scope: 'orders:read',
    handle: (ask) => withOrder(ask, (order) => done(reasonsFor(order))),
  },
  { operation: 'orders.refund', method: 'PUT', path: '/orders/{id}/refund', scope: 'orders:write', handle: refund },
]

const noSuchOrder = 'There is no such order for the merchant.'

/** Also what the bulk download holds. */
export function findOrders(
  ask: Ask,
  limits: { limitDefault: number; limitMax: number },
): Order[] | { refusal: string } {
  const { merchant, query, wish, at } = ask
  const states = readList(query, 'states')
  if (states.some((one) => !(orderStates as readonly string[]).includes(one)))
    return { refusal: 'states is not valid.' }
  const type = query.get('order_type')
  if (type !== null && !orderTypesToFilter.includes(type)) return { refusal: 'order_type is not valid.' }
  const items = wish.stale.size === 0 ? merchant.orders : merchant.orders.map((one) => shownNow(wish, one, at))
  return listByTime(ask, {
    ...limits,
    items,
    times: { updated_at: (order) => order.updatedAt, released_at: (order) => order.releasedAt },
    keeps: (order) =>
      (order.hiddenFromListsUntil === undefined || order.hiddenFromListsUntil <= at) &&
      (states.length === 0 || states.includes(order.state)) &&
      (type === null || order.types.includes(type)) &&
      !isTyped('gone-me', order.sku, order.name),
    sortDefault: 'updated_at.desc',
  })
}

function listOrders(ask: Ask): Answer {
  const found = findOrders(ask, { limitDefault: 50, limitMax: 500 })
  return 'refusal' in found ? invalid(found.refusal) : done(found.map((order) => showOrder(ask.merchant, order)))
}

function listCarriers({ query }: Ask): Answer {
  const type = query.get('order_type')
  if (type === 'GENERAL') return done(carriers.map((name) => ({ name })))
  if (type !== 'CONFIRMED_DELIVERY') return invalid('order_type must be GENERAL or CONFIRMED_DELIVERY.')
  const country = query.get('dest_country_code') ?? ''
  if (!Object.hasOwn(countries, country)) return invalid('dest_country_code is required for CONFIRMED_DELIVERY.')
  return done(confirmedCarriers.map((name) => ({ name })))
}

const tracking = z.object({
  origin_country: z.string().length(2),
  shipping_provider: z.string().min(1),
  tracking_number: z.string().min(1),
  ship_note: z.string().min(1).max(500).optional(),
})

function ship(ask: Ask): Answer {
  return withOrder(ask, (order) => {
    const sent = tracking.safeParse(ask.body)
    if (!sent.success) return invalid(sentenceOf(sent.error))
    const { origin_country: originCountry, shipping_provider: provider, tracking_number: number, ship_note } = sent.data
    if (!Object.hasOwn(countries, originCountry)) return invalid('The origin country is not valid.')
    return accepted(
      ask,
      order,
      acceptTracking(ask.wish, order, { originCountry, provider, number, note: ship_note }, ask.at),
    )
  })
}

const refundSent = z.object({ refund_reason: z.string(), refund_reason_note: z.string().min(1).optional() })

function refund(ask: Ask): Answer {
  return withOrder(ask, (order) => {
    const sent = refundSent.safeParse(ask.body)
    if (!sent.success) return invalid(sentenceOf(sent.error))
    const { refund_reason: reason, refund_reason_note: note } = sent.data
    return accepted(ask, order, acceptRefund(ask.wish, ask.merchant, order, { reason, note, at: ask.at }))
  })
}

const addressSent = z.object({
  street_address1: z.string().min(1),
  street_address2: z.string().optional(),
  street_address3: z.string().optional(),
  city: z.string().min(1),
  state: z.string().min(1),
  zipcode: z.string().min(1),
  country: z.string().optional(),
  country_code: z.string().length(2),
  region: z.string().optional(),
  phone_number: z.object({ number: z.string(), country_code: z.string().optional() }).optional(),
})

function changeAddress(ask: Ask): Answer {
  return withOrder(ask, (order) => {
    const sent = addressSent.safeParse(ask.body)
    if (!sent.success) return invalid(sentenceOf(sent.error))
    if (sent.data.country_code !== order.address.country_code) return invalid('The country cannot be changed.')
    const named = Object.entries(sent.data).filter(([, value]) => value !== undefined)
    return accepted(ask, order, acceptAddress(ask.wish, order, Object.fromEntries(named) as Partial<Address>, ask.at))
  })
}

const receipt = z.object({
  delivery_receipt_file_url: z.string().min(1).max(300).optional(),
  delivered_at: z.string().optional(),
  tracking_url: z.string().min(1).max(300).optional(),
})

/** Only for whole truckloads, and at once. */
function updateTruckload(ask: Ask): Answer {
  return withOrder(ask, (order) => {
    const sent = receipt.safeParse(ask.body)
    if (!sent.success) return invalid(sentenceOf(sent.error))
    if (!order.types.includes('LESS_THAN_TRUCKLOAD')) return invalid('The order is not a less-than-truckload order.')
    order.receipt = sent.data
    touchOrder(order, ask.at)
    return done(showOrder(ask.merchant, order))
  })
}

function accepted(ask: Ask, order: Order, refused: { refusal: string } | undefined): Answer {
  return refused ? invalid(refused.refusal) : done(showOrder(ask.merchant, order))
}

function withOrder(ask: Ask, act: (order: Order) => Answer): Answer {
  const order = ask.wish.ordersById.get(ask.params['id'] ?? '')
  return order && order.merchantId === ask.merchant.id ? act(order) : invalid(noSuchOrder)
}
