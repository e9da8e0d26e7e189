// Orders and their parcels.
import { z } from 'zod'
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
  channelId: id,
  channelName: z.string(),
  marketplace: z.string(),
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

const orderFilter = z.object({
  search: z.string().max(200).optional(),
  status: orderStatus.optional(),
  channelId: id.optional(),
  paid: z.enum(['yes', 'no']).optional(),
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
})

export const orderRoutes = {
  orders: {
    method: 'GET',
    path: '/api/orders',
    summary: 'Orders, newest first',
    query: orderFilter.extend(cursorQuery),
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
