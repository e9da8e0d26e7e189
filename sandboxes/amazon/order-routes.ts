// Orders 2026-01-01: searchOrders and getOrder.
import { done, invalid, invalidInput, listOf, notFound, refuse, wholeNumberOf } from './call.ts'
import { listed } from './choices.ts'
import { dataSets, showOrder, timeText } from './order-json.ts'
import { deniedSites, isGone, walkOrders } from './order-walk.ts'
import { marketplaceOf, statusWords } from './reference.ts'
import type { Answer } from '../kit/front.ts'
import type { ApiCall, Route } from './call.ts'
import type { DataSet } from './order-json.ts'
import type { Order } from './state.ts'

export const orderRoutes: Route[] = [
  { operation: 'searchOrders', method: 'GET', path: '/orders/2026-01-01/orders', handle: search },
  { operation: 'getOrder', method: 'GET', path: '/orders/2026-01-01/orders/{orderId}', handle: get },
]

const words = {
  created: 'created',
  updated: 'lastUpdated',
  token: 'paginationToken',
  page: 'maxResultsPerPage',
  free: ['includedData'],
}

function search(call: ApiCall): Answer {
  const { query } = call
  const parts = readParts(call)
  if ('refused' in parts) return parts.refused
  const size = wholeNumberOf(query, 'maxResultsPerPage', { usual: 100, max: 100 })
  if (size === undefined) return invalid('maxResultsPerPage must be a number from 1 to 100.')
  const marketplaceIds = listOf(query, 'marketplaceIds')
  if (marketplaceIds.length > 50) return invalid('At most 50 marketplaceIds.')
  if (deniedSites(call, marketplaceIds).length > 0) return denied(call)
  const statuses = listOf(query, 'fulfillmentStatuses')
  if (statuses.some((one) => !Object.hasOwn(statusWords, one))) return invalid('Unknown fulfillmentStatuses.')
  const fulfilledBy = listOf(query, 'fulfilledBy')
  if (fulfilledBy.some((one) => one !== 'MERCHANT' && one !== 'AMAZON')) return invalid('Unknown fulfilledBy.')
  const fits = (order: Order) =>
    (marketplaceIds.length === 0 || marketplaceIds.includes(order.marketplaceId)) &&
    (statuses.length === 0 || statuses.includes(order.status)) &&
    (fulfilledBy.length === 0 || fulfilledBy.includes('MERCHANT'))
  const walk = walkOrders(call, words, { size, filter: { marketplaceIds, fits } })
  if ('problem' in walk) return invalid(walk.problem)
  const before = timeText(walk.before, call)
  return done({
    orders: walk.orders.map((order) => showOrder(order, { ...call, parts: parts.parts })),
    ...(walk.nextToken === undefined ? {} : { pagination: { nextToken: walk.nextToken } }),
    ...(walk.by === 'created' ? { createdBefore: before } : { lastUpdatedBefore: before }),
  })
}

function get(call: ApiCall): Answer {
  const parts = readParts(call)
  if ('refused' in parts) return parts.refused
  const order = findOrder(call)
  if ('status' in order) return order
  return done({ order: showOrder(order.found, { ...call, parts: parts.parts }) })
}

/** Of the token's seller and region only. */
export function findOrder({ amazon, params, sellerId, region }: ApiCall): { found: Order } | Answer {
  const id = params['orderId'] ?? ''
  if (!/^\d{3}-\d{7}-\d{7}$/.test(id)) return invalidInput('Invalid Input', 'The order id is not valid.')
  const order = amazon.ordersById.get(id)
  const isMine = order?.sellerId === sellerId && marketplaceOf(order.marketplaceId)?.region === region
  if (!order || !isMine || isGone(order)) return notFound(`Order ${id} was not found.`)
  return { found: order }
}

function readParts(call: ApiCall): { parts: Set<DataSet> } | { refused: Answer } {
  const asked = listOf(call.query, 'includedData')
  const known = asked.filter((one): one is DataSet => dataSets.includes(one as DataSet))
  if (known.length < asked.length) return { refused: invalid('Unknown includedData.') }
  const { rolePersonalData, roleTax, deniedData } = call.amazon.choices
  const closed = [
    ...listed(deniedData),
    ...(rolePersonalData ? [] : ['BUYER', 'RECIPIENT']),
    ...(roleTax ? [] : ['TAX']),
  ]
  return known.some((one) => closed.includes(one)) ? { refused: denied(call) } : { parts: new Set(known) }
}

function denied({ amazon }: ApiCall): Answer {
  return refuse(403, amazon.choices.deniedCode, 'Access to requested resource is denied.', '')
}
