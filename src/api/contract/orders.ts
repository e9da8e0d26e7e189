// Orders and their parcels.
import { z } from 'zod'
import { cancelReasons, type CancelReason } from '../../domain/orders/cancelling.ts'
import { purchaseOrder } from './purchasing.ts'
import { byId, cursorQuery, id, maybeTime, money, page, problem, time, type Route } from './shapes.ts'

export const orderStatus = z.enum([
  'new',
  'on-hold',
  'awaiting-mapping',
  'awaiting-shipping-mapping',
  'awaiting-stock',
  'queued-for-payment',
  'with-supplier',
  'partly-dispatched',
  'dispatched',
  'cancelled',
  'error',
])

export const orderRow = z.object({
  id,
  marketplaceOrderId: z.string(),
  /** Null: entered by hand. */
  channelId: id.nullable(),
  channelName: z.string().nullable(),
  marketplace: z.string().nullable(),
  status: orderStatus,
  statusReason: z.string().nullable(),
  summary: z.string(),
  lines: z.int(),
  units: z.int(),
  unmappedLines: z.int(),
  buyerName: z.string().nullable(),
  countryCode: z.string().nullable(),
  total: money,
  paid: z.boolean(),
  placedAt: time,
  shipBy: maybeTime,
  problems: z.int(),
})

const address = z.object({
  name: z.string(),
  street: z.string(),
  extended: z.string(),
  city: z.string(),
  region: z.string(),
  postalCode: z.string(),
  countryCode: z.string(),
  phone: z.string(),
})

export const shipment = z.object({
  id,
  packageNumber: z.int(),
  purchaseOrderId: id.nullable(),
  carrier: z.string(),
  trackingNumber: z.string(),
  shippedAt: time,
  enteredBy: z.string(),
  confirmation: z.object({
    state: z.enum(['intended', 'in-flight', 'applied', 'rejected', 'unknown']),
    refusal: z.string().nullable(),
    settledAt: maybeTime,
    attempts: z.int(),
  }),
})

export const order = orderRow.extend({
  marketplaceStatus: z.string(),
  bundleId: z.string().nullable(),
  shippingServiceName: z.string().nullable(),
  localPickup: z.boolean(),
  pinned: z.boolean(),
  totals: z.object({ items: money, shipping: money, tax: money, total: money }),
  buyer: z.object({ name: z.string(), email: z.string().nullable(), phone: z.string().nullable() }).nullable(),
  shipTo: address.nullable(),
  orderLines: z.array(
    z.object({
      id,
      title: z.string(),
      channelSku: z.string().nullable(),
      quantity: z.int(),
      unitPriceIncVat: money,
      mapped: z.boolean(),
      components: z.array(
        z.object({
          id,
          variantId: id,
          sku: z.string(),
          title: z.string(),
          quantity: z.int(),
          state: z.string(),
          holdReason: z.string().nullable(),
          /** Where its stock is promised, or came from. */
          supplierId: id.nullable(),
          supplierName: z.string().nullable(),
        }),
      ),
    }),
  ),
  purchaseOrders: z.array(purchaseOrder),
  shipments: z.array(shipment),
  /** The story: what came, what was decided and why, what was sent, what was answered. */
  events: z.array(
    z.object({ id, at: time, kind: z.string(), text: z.string(), detail: z.array(z.string()), actor: z.string() }),
  ),
  openProblems: z.array(problem),
  /** What may be done now; a button that cannot be pressed says why. */
  actions: z.record(
    z.enum(['dispatch', 'pin', 'route']),
    z.object({ allowed: z.boolean(), why: z.string().nullable() }),
  ),
})

export const newShipment = z.object({
  purchaseOrderId: id,
  carrier: z.string().min(1).max(60),
  trackingNumber: z.string().min(1).max(100),
  shippedAt: time.optional(),
  /** Left out: all that is still open on the purchase order. */
  lines: z
    .array(z.object({ componentId: id, quantity: z.int().min(1) }))
    .min(1)
    .optional(),
})

const oneOf = (words: readonly string[]) => `(?:${words.join('|')})`
/** Several, with commas between them. */
const severalOf = (one: string) =>
  z
    .string()
    .max(2_000)
    .regex(new RegExp(`^${one}(,${one})*$`))
const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
/** In place of a sales channel. */
export const byHand = 'by-hand'

export const orderFilter = z.object({
  search: z.string().max(200).optional(),
  status: severalOf(oneOf(orderStatus.options)).optional(),
  channelId: severalOf(oneOf([uuid, byHand])).optional(),
  paid: z.enum(['yes', 'no']).optional(),
  supplierId: id.optional(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
  /** Of what has not all left yet. */
  shipBy: z.enum(['overdue', 'today', '24h']).optional(),
  /** Only with an open problem. */
  problems: z.enum(['yes']).optional(),
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
})
/** By ship-by time: what has not all left yet, soonest first. */
const orderSort = z.enum(['placed', 'ship-by'])

const cancelReason = z.enum(Object.keys(cancelReasons) as [CancelReason, ...CancelReason[]])

const bulkAction = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('pin') }),
  z.object({ kind: z.literal('unpin') }),
  z.object({ kind: z.literal('route') }),
  z.object({ kind: z.literal('choose-service'), shippingServiceId: id }),
  z.object({ kind: z.literal('apply-mappings') }),
  z.object({
    kind: z.literal('cancel'),
    reason: cancelReason,
  }),
])
const bulkKind = z.enum(['pin', 'unpin', 'route', 'choose-service', 'apply-mappings', 'cancel'])
const orderIds = z.array(id).min(1).max(10_000)

/** Work on many orders, and what became of each. */
export const bulk = z.object({
  id,
  action: bulkKind,
  total: z.int(),
  done: z.int(),
  refused: z.int(),
  finished: z.boolean(),
  /** What was not possible comes first; 200 at most. */
  outcomes: z.array(
    z.object({
      orderId: id,
      order: z.string(),
      state: z.enum(['waiting', 'done', 'refused']),
      reason: z.string().nullable(),
    }),
  ),
})

export const savedFilter = z.object({ id, name: z.string(), query: z.string(), isDefault: z.boolean() })
const filterName = z.string().trim().min(1).max(60)

export const orderRoutes = {
  orders: {
    method: 'GET',
    path: '/api/orders',
    summary: 'Orders, newest first or soonest to leave first',
    query: orderFilter.extend({ ...cursorQuery, sort: orderSort.optional() }),
    response: page(orderRow),
  },
  ordersCsv: {
    method: 'GET',
    path: '/api/orders.csv',
    summary: 'The filtered orders as a file',
    query: orderFilter,
    kind: 'csv',
    response: z.string(),
  },
  chosenOrdersCsv: {
    method: 'POST',
    path: '/api/orders/chosen.csv',
    summary: 'Chosen orders as a file',
    body: z.object({ orderIds }),
    kind: 'csv',
    response: z.string(),
  },
  startBulk: {
    method: 'POST',
    path: '/api/order-actions',
    summary: 'Do something to many orders',
    body: z.object({
      action: bulkAction,
      /** Either these, or all that match, up to 10,000. */
      orderIds: orderIds.optional(),
      filter: orderFilter.optional(),
    }),
    response: bulk,
  },
  bulk: {
    method: 'GET',
    path: '/api/order-actions/:id',
    summary: 'What became of each of many orders',
    params: byId,
    response: bulk,
  },
  savedFilters: {
    method: 'GET',
    path: '/api/saved-filters',
    summary: 'My filters of the orders list',
    response: z.array(savedFilter),
  },
  saveFilter: {
    method: 'POST',
    path: '/api/saved-filters',
    summary: 'Keep a filter under a name',
    body: z.object({ name: filterName, query: z.string().max(4_000) }),
    response: z.array(savedFilter),
  },
  changeFilter: {
    method: 'PATCH',
    path: '/api/saved-filters/:id',
    summary: 'Rename or move a filter, or show it first',
    params: byId,
    body: z.object({
      name: filterName.optional(),
      isDefault: z.boolean().optional(),
      move: z.enum(['up', 'down']).optional(),
    }),
    response: z.array(savedFilter),
  },
  deleteFilter: {
    method: 'DELETE',
    path: '/api/saved-filters/:id',
    summary: 'Forget a filter',
    params: byId,
    response: z.array(savedFilter),
  },
  order: { method: 'GET', path: '/api/orders/:id', summary: 'One order with its story', params: byId, response: order },
  addShipment: {
    method: 'POST',
    path: '/api/orders/:id/shipments',
    summary: 'A parcel left: dispatch',
    params: byId,
    body: newShipment,
    response: order,
  },
  pinOrder: {
    method: 'POST',
    path: '/api/orders/:id/pin',
    summary: 'Keep an unmapped order',
    params: byId,
    body: z.object({ pinned: z.boolean() }),
    response: order,
  },
} satisfies Record<string, Route>
