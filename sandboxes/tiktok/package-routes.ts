// Shipping, packages, splits and tracking.
import { done, idsIn, invalid, isWithin, objectOf, objects, refuse, text, texts, windowOf } from './call.ts'
import { correctLabel, shipLines, shipParcel } from './dispatch.ts'
import { liveLines, parcelsOf, settle } from './orders.ts'
import { findOrder, notOurs } from './order-routes.ts'
import { pageOf } from './pages.ts'
import { showParcel, showParcelInList } from './package-json.ts'
import { addParcel } from './orders.ts'
import { unixSeconds } from './state.ts'
import type { Asked, Body, Result, Route } from './call.ts'
import type { Label } from './dispatch.ts'
import type { Order, Parcel } from './state.ts'

const pageSizeMax = 50
const labelFields = { tracking_number: 'string', shipping_provider_id: 'string' } as const
const aboutOrder = (asked: Asked) => ({
  order: findOrder(asked, asked.params['order_id']),
  texts: [asked.body['tracking_number']],
})
const aboutParcel = (asked: Asked) => ({
  order: findOrder(asked, findParcel(asked, asked.params['package_id'])?.orderId),
  texts: [asked.body['tracking_number'], objectOf(asked.body['self_shipment'])?.['tracking_number']],
})
const basic = { scopes: ['seller.fulfillment.basic'], cipher: 'required' } as const
const splitting = { scopes: ['seller.fulfillment.package.write'], cipher: 'required' } as const

export const packageRoutes: readonly Route[] = [
  {
    ...basic,
    operation: 'packages.create',
    method: 'POST',
    path: '/fulfillment/202309/orders/{order_id}/packages',
    isWrite: true,
    word: 'dispatch',
    fields: { ...labelFields, order_line_item_ids: 'array' },
    required: ['tracking_number', 'shipping_provider_id'],
    about: aboutOrder,
    handle: createPackage,
  },
  {
    ...basic,
    operation: 'packages.ship',
    method: 'POST',
    path: '/fulfillment/202309/packages/{package_id}/ship',
    isWrite: true,
    word: 'dispatch',
    fields: { handover_method: 'string', pickup_slot: 'object', self_shipment: 'object' },
    required: ['self_shipment.tracking_number', 'self_shipment.shipping_provider_id'],
    about: aboutParcel,
    handle: (asked) => shipOne(asked, asked.params['package_id'], asked.body),
  },
  {
    ...basic,
    operation: 'packages.batchShip',
    method: 'POST',
    path: '/fulfillment/202309/packages/ship',
    isWrite: true,
    word: 'dispatch',
    fields: { packages: 'array' },
    required: ['packages', 'packages.id', 'packages.self_shipment.tracking_number'],
    handle: batchShip,
  },
  {
    ...basic,
    operation: 'packages.correct',
    method: 'POST',
    path: '/fulfillment/202309/packages/{package_id}/shipping_info/update',
    isWrite: true,
    word: 'dispatch',
    fields: labelFields,
    required: ['tracking_number', 'shipping_provider_id'],
    about: aboutParcel,
    handle(asked) {
      const parcel = findParcel(asked, asked.params['package_id'])
      return parcel ? correctLabel(asked.tiktok, parcel, { label: labelIn(asked.body), at: asked.at }) : notThisShop
    },
  },
  {
    scopes: ['seller.logistics'],
    cipher: 'required',
    operation: 'orders.correct',
    method: 'POST',
    path: '/fulfillment/202309/orders/{order_id}/shipping_info/update',
    isWrite: true,
    word: 'dispatch',
    fields: labelFields,
    required: ['tracking_number', 'shipping_provider_id'],
    about: aboutOrder,
    handle: correctOrder,
  },
  {
    ...basic,
    operation: 'packages.get',
    method: 'GET',
    path: '/fulfillment/202309/packages/{package_id}',
    handle(asked) {
      const parcel = findParcel(asked, asked.params['package_id'])
      const order = parcel && asked.tiktok.orders.get(parcel.orderId)
      return parcel && order ? done(showParcel(parcel, order)) : refuse(10_006_402, 'permission denied')
    },
  },
  {
    ...basic,
    operation: 'packages.search',
    method: 'POST',
    path: '/fulfillment/202309/packages/search',
    query: ['page_size'],
    fields: {
      package_status: 'string',
      create_time_ge: 'int64',
      create_time_lt: 'int64',
      update_time_ge: 'int64',
      update_time_lt: 'int64',
    },
    handle: searchPackages,
  },
  {
    ...splitting,
    operation: 'orders.splitAttributes',
    method: 'GET',
    path: '/fulfillment/202309/orders/split_attributes',
    query: ['order_ids'],
    handle: splitAttributes,
  },
  {
    ...splitting,
    operation: 'orders.split',
    method: 'POST',
    path: '/fulfillment/202309/orders/{order_id}/split',
    isWrite: true,
    fields: { splittable_groups: 'array' },
    required: ['splittable_groups', 'splittable_groups.id', 'splittable_groups.order_line_item_ids'],
    about: aboutOrder,
    handle: splitOrder,
  },
  {
    scopes: ['seller.logistics'],
    cipher: 'required',
    operation: 'orders.tracking',
    method: 'GET',
    path: '/fulfillment/202309/orders/{order_id}/tracking',
    handle: showTracking,
  },
]

const notThisShop = refuse(21_011_028, 'The package does not belong to the current shop.')

function findParcel({ tiktok, shop }: Asked, id: string | undefined): Parcel | undefined {
  const parcel = tiktok.parcels.get(id ?? '')
  return parcel?.shopId === shop.id ? parcel : undefined
}

function labelIn(body: Body): Label {
  return {
    providerId: text(body['shipping_provider_id']) ?? '',
    trackingNumber: (text(body['tracking_number']) ?? '').trim(),
  }
}

function createPackage(asked: Asked): Result {
  const { tiktok, at, body } = asked
  const order = findOrder(asked, asked.params['order_id'])
  if (!order) return notOurs
  if (tiktok.choices.dispatch === 'packages') {
    return refuse(21_008_106, 'This interface cannot be used in this region.')
  }
  return shipLines(tiktok, order, { lineIds: texts(body['order_line_item_ids']), label: labelIn(body), at })
}

function shipOne(asked: Asked, id: string | undefined, body: Body): Result {
  const parcel = findParcel(asked, id)
  if (!parcel) return notThisShop
  const own = objectOf(body['self_shipment'])
  if (!own)
    return refuse(21_001_001, 'Invalid parameters. Please ensure you are passing the correct request parameter(s).')
  return shipParcel(asked.tiktok, parcel, { label: labelIn(own), at: asked.at })
}

/** The answer is a success whatever happened; failures stand in `errors`. */
function batchShip(asked: Asked): Result {
  const errors = objects(asked.body['packages']).flatMap((one) => {
    const result = shipOne(asked, text(one['id']), one)
    if (!('code' in result)) return []
    return { code: result.code, message: result.message, detail: { package_id: text(one['id']) ?? '' } }
  })
  return done({ errors })
}

/** For the whole order, so only where one parcel holds it. */
function correctOrder(asked: Asked): Result {
  const order = findOrder(asked, asked.params['order_id'])
  if (!order) return notOurs
  const [parcel, ...others] = parcelsOf(asked.tiktok, order)
  if (!parcel) return refuse(21_011_043, 'The package has not been shipped yet.')
  if (others.length > 0) {
    return refuse(21_011_049, 'Due to platform rule limitations, you are unable to update the tracking number.')
  }
  return correctLabel(asked.tiktok, parcel, { label: labelIn(asked.body), at: asked.at })
}

function searchPackages({ tiktok, shop, body, query, route }: Asked): Result {
  const size = Number(query.get('page_size'))
  if (size < 1 || size > pageSizeMax) return invalid(`The value of page_size must be between 1 and ${pageSizeMax}.`)
  const created = windowOf(body, 'create_time')
  const updated = windowOf(body, 'update_time')
  const status = text(body['package_status'])
  const items = [...tiktok.parcels.values()].filter(
    (one) =>
      one.shopId === shop.id &&
      isWithin(one.createdAt, created) &&
      isWithin(one.updatedAt, updated) &&
      (status === undefined || one.status === status),
  )
  const page = pageOf(
    { items, keyOf: (one) => one.id, comesAfter: (one, key) => BigInt(one.id) > BigInt(key) },
    { size, token: query.get('page_token'), operation: route.operation, faults: tiktok.faults },
  )
  if (!page) return invalid('The value of page_token is invalid.')
  return done({
    packages: page.items.map((one) => showParcelInList(one)),
    next_page_token: page.nextToken,
    total_count: items.length,
  })
}

function splitAttributes(asked: Asked): Result {
  const shown = idsIn(asked.query, 'order_ids').flatMap((id) => {
    const order = findOrder(asked, id)
    if (!order) return []
    const canSplit = order.status === 'AWAITING_SHIPMENT' && liveLines(order).length > 1
    const reason = canSplit ? {} : { reason: 'The order has one item, or is not awaiting shipment.' }
    return { order_id: id, can_split: canSplit, must_split: false, ...reason }
  })
  return shown.length === 0 ? notOurs : done({ split_attributes: shown })
}

/** Whole SKUs only, and every unit in one of the groups. */
function splitOrder(asked: Asked): Result {
  const { tiktok, at } = asked
  const order = findOrder(asked, asked.params['order_id'])
  if (!order) return notOurs
  if (order.status !== 'AWAITING_SHIPMENT' || tiktok.choices.dispatch !== 'packages') {
    return refuse(21_011_035, 'split order not allowed')
  }
  const groups = objects(asked.body['splittable_groups']).map((one) => ({
    id: text(one['id']) ?? '',
    lineIds: texts(one['order_line_item_ids']),
  }))
  if (!isWholeSplit(order, groups)) {
    return refuse(21_011_005, 'Invalid parameters. Please ensure you are passing the correct request parameter(s).')
  }
  for (const parcel of parcelsOf(tiktok, order)) parcel.status = 'CANCELLED'
  const packages = groups.map((group) => {
    const lines = order.lines.filter((line) => group.lineIds.includes(line.id))
    const parcel = addParcel(tiktok, order, { lines, providerId: '', trackingNumber: '', status: 'TO_FULFILL', at })
    return { id: parcel.id, splittable_group_id: group.id }
  })
  settle(tiktok, order, { at, cause: 'split' })
  return done({ packages })
}

function isWholeSplit(order: Order, groups: { lineIds: string[] }[]): boolean {
  const named = groups.flatMap((group) => group.lineIds)
  const live = liveLines(order)
  const isComplete = named.length === live.length && live.every((line) => named.includes(line.id))
  const skusOf = (lineIds: string[]) =>
    new Set(live.filter((line) => lineIds.includes(line.id)).map((line) => line.skuId))
  const skus = groups.flatMap((group) => [...skusOf(group.lineIds)])
  return isComplete && new Set(skus).size === skus.length
}

function showTracking(asked: Asked): Result {
  const order = findOrder(asked, asked.params['order_id'])
  if (!order) return notOurs
  const scans = parcelsOf(asked.tiktok, order).flatMap((parcel) => parcel.scans)
  const tracking = scans
    .toSorted((one, other) => other.at.getTime() - one.at.getTime())
    .map((scan) => ({ description: scan.text, update_time_millis: unixSeconds(scan.at) * 1000 }))
  return done({ tracking })
}
