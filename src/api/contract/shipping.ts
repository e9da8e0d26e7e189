// Our shipping services, which of them suppliers offer, what sales channels call theirs, and orders that wait for either
// mapping (B6, C).
import { z } from 'zod'
import { run } from './channels.ts'
import { orderStatus } from './orders.ts'
import { byId, id, nothing, type Route } from './shapes.ts'

export const shippingService = z.object({
  id,
  name: z.string(),
  active: z.boolean(),
  /** What counts on it: integrations by name whose default it is, mappings, suppliers who offer it. */
  defaults: z.array(z.string()),
  mappings: z.int(),
  suppliers: z.int(),
  /** Pricing rules that add its cost, by name. */
  rules: z.array(z.string()),
})
const serviceName = z.string().trim().min(1).max(80)

export const supplierService = z.object({
  shippingServiceId: id,
  carrier: z.string().trim().min(1).max(60),
  /** For one purchase order without VAT, in minor units of the supplier's currency. Null: unknown. */
  costMinor: z.int().min(0).max(100_000_000).nullable(),
  vatRateBasisPoints: z.int().min(0).max(10_000),
  deliveryDays: z.int().min(0).max(365).nullable(),
  tracked: z.boolean(),
  active: z.boolean(),
})

export const channelService = z.object({
  /** As it stands on orders. */
  service: z.string(),
  label: z.string(),
  seenOnOrders: z.boolean(),
  shippingServiceId: id.nullable(),
  /** Orders here that wait because it is not mapped; counted up to 10,000. */
  waiting: z.int(),
})

const standing = z.object({ status: orderStatus, reason: z.string().nullable() })

/** What applying the mappings of today does, or would do, to one order. */
export const appliedOrder = z.object({
  orderId: id,
  marketplaceOrderId: z.string(),
  before: standing,
  after: standing,
  lines: z.array(
    z.object({
      lineId: id,
      channelSku: z.string().nullable(),
      title: z.string(),
      quantity: z.int(),
      /** Null: still without a mapping. */
      components: z.array(z.object({ sku: z.string(), quantity: z.int() })).nullable(),
    }),
  ),
  service: z
    .object({ theirs: z.string().nullable(), ours: z.string(), because: z.enum(['mapping', 'default']) })
    .nullable(),
  /** Who gets a purchase order by it. */
  suppliers: z.array(z.string()),
})

const services = z.string().min(1).max(300)

export const shippingRoutes = {
  shippingServices: {
    method: 'GET',
    path: '/api/shipping-services',
    summary: 'Our shipping services',
    response: z.array(shippingService),
  },
  addShippingService: {
    method: 'POST',
    path: '/api/shipping-services',
    summary: 'Add a shipping service',
    body: z.object({ name: serviceName }),
    response: z.object({ id, name: z.string() }),
  },
  changeShippingService: {
    method: 'PATCH',
    path: '/api/shipping-services/:id',
    summary: 'Rename a shipping service, or switch it on or off',
    params: byId,
    body: z.object({ name: serviceName.optional(), active: z.boolean().optional() }),
    response: nothing,
  },
  deleteShippingService: {
    method: 'DELETE',
    path: '/api/shipping-services/:id',
    summary: 'Delete a shipping service that nothing uses',
    params: byId,
    response: nothing,
  },
  supplierServices: {
    method: 'GET',
    path: '/api/suppliers/:id/services',
    summary: 'Shipping services a supplier offers; none: any, with his shipping included in his cost',
    params: byId,
    response: z.object({ currency: z.string(), rows: z.array(supplierService.extend({ name: z.string() })) }),
  },
  saveSupplierService: {
    method: 'POST',
    path: '/api/suppliers/:id/services',
    summary: 'Say how a supplier offers one of our shipping services',
    params: byId,
    body: supplierService,
    response: nothing,
  },
  removeSupplierService: {
    method: 'POST',
    path: '/api/suppliers/:id/services/remove',
    summary: 'He does not offer it any more',
    params: byId,
    body: z.object({ shippingServiceId: id }),
    response: nothing,
  },
  channelServices: {
    method: 'GET',
    path: '/api/channels/:id/shipping-services',
    summary: 'What a sales channel calls its shipping services, and which of ours each means',
    params: byId,
    response: z.object({
      services: z.array(channelService),
      /** Orders here that wait for their service, those that name none included; counted up to 10,000. */
      waiting: z.int(),
      /** Whether the marketplace names its services by itself. */
      canDownload: z.boolean(),
    }),
  },
  saveShippingMappings: {
    method: 'POST',
    path: '/api/channels/:id/shipping-mappings',
    summary: 'Save the shipping mapping; it counts for orders downloaded afterwards',
    params: byId,
    body: z.object({
      map: z.array(z.object({ service: services, shippingServiceId: id })).max(1000),
      unmap: z.array(services).max(1000),
    }),
    response: nothing,
  },
  downloadChannelServices: {
    method: 'POST',
    path: '/api/channels/:id/shipping-services/download',
    summary: 'Ask the marketplace what its shipping services are called',
    params: byId,
    response: nothing,
  },
  applyToWaiting: {
    method: 'POST',
    path: '/api/channels/:id/apply-to-waiting',
    summary: 'Apply the mappings of today to orders that are here and wait; or show what that would do',
    params: byId,
    body: z.object({
      what: z
        .array(z.enum(['mappings', 'shipping']))
        .min(1)
        .max(2),
      orderIds: z.array(id).min(1).max(200).optional(),
      /** Of a preview: go on behind this order. */
      after: id.nullable().optional(),
      preview: z.boolean(),
    }),
    response: z.object({
      orders: z.array(appliedOrder),
      /** Of a preview: there may be more behind this order. */
      next: id.nullable(),
      /** There were more than fit into one go: the rest is being done, and this is how far it is. */
      run: run.nullable(),
    }),
  },
  chooseShippingService: {
    method: 'POST',
    path: '/api/orders/:id/shipping-service',
    summary: 'Choose the shipping service of one order',
    params: byId,
    body: z.object({ shippingServiceId: id }),
    response: nothing,
  },
} satisfies Record<string, Route>
