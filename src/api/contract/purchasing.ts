// Purchase orders, how lines come to them, and exchange rates.
import { z } from 'zod'
import { byId, id, maybeTime, money, page, time, cursorQuery, type Route } from './shapes.ts'

export const purchaseOrder = z.object({
  id,
  number: z.string(),
  orderId: id,
  marketplaceOrderId: z.string(),
  supplierId: id,
  supplierName: z.string(),
  state: z.enum([
    'queued-for-payment',
    'to-send',
    'sent',
    'in-doubt',
    'accepted',
    'partly-dispatched',
    'dispatched',
    'cancelled',
  ]),
  /** Of the goods that are wanted still, without VAT; of all, where it is cancelled as a whole. */
  cost: money,
  shipping: money,
  vat: money,
  carrier: z.string().nullable(),
  /** One unit of its currency in the order's. Null: the same currency, or no rate was known. */
  rate: z.object({ rate: z.string(), onDate: z.iso.date(), source: z.string() }).nullable(),
  cancelledBy: z.string().nullable(),
  cancelReason: z.string().nullable(),
  createdAt: time,
  sentAt: maybeTime,
  /** How it goes to the supplier. */
  orderWay: z.enum(['screen', 'email', 'sftp', 'webhook']),
  lines: z.array(
    z.object({
      id,
      componentId: id,
      sku: z.string(),
      supplierSku: z.string(),
      title: z.string(),
      quantity: z.int(),
      cancelled: z.int(),
      cost: money,
      dispatched: z.int(),
    }),
  ),
})

export const offerRefusal = z.enum([
  'supplier-inactive',
  'offer-inactive',
  'declined',
  'country-not-served',
  'service-not-offered',
  'stock-unknown',
  'not-enough',
  'cost-unknown',
  'shipping-cost-unknown',
])

/** Who could fill each line that has not left, and what moving the chosen ones comes to. */
export const routingPlan = z.object({
  /** Sent back with the deed: what was seen must still be so. */
  seen: z.string(),
  lines: z.array(
    z.object({
      componentId: id,
      sku: z.string(),
      title: z.string(),
      quantity: z.int(),
      purchaseOrder: z.string().nullable(),
      /** Where its stock is promised now. */
      offerId: id.nullable(),
      targetId: id.nullable(),
      /** Where routing would send it were it new. */
      suggestedId: id.nullable(),
      choices: z.array(
        z.object({
          offerId: id,
          supplierId: id,
          supplierName: z.string(),
          preference: z.int(),
          available: z.int().nullable(),
          /** For this line alone, with shipping. */
          landed: money.nullable(),
          refusal: offerRefusal.nullable(),
        }),
      ),
    }),
  ),
  cancels: z.array(z.object({ id, number: z.string(), supplierName: z.string() })),
  writes: z.array(
    z.object({
      supplierName: z.string(),
      goods: money,
      shipping: money,
      vat: money,
      lines: z.array(z.object({ sku: z.string(), quantity: z.int() })),
    }),
  ),
})

const typedRate = z.object({
  from: z.string().trim().length(3, 'Enter the three letters of a currency, such as EUR.'),
  to: z.string().trim().length(3, 'Enter the three letters of a currency, such as EUR.'),
  /** Decimal text: one unit of `from` is worth so much of `to`. */
  rate: z.string().trim().min(1).max(30),
  onDate: z.iso.date(),
  source: z.string().trim().min(1).max(100),
})

export const exchangeRates = z.object({
  /** The business's own, in which costs are compared. */
  currency: z.string(),
  rates: z.array(
    z.object({
      id,
      from: z.string(),
      to: z.string(),
      rate: z.string(),
      onDate: z.iso.date(),
      source: z.string(),
      enteredBy: z.string(),
    }),
  ),
  /** Currencies of suppliers that cannot be compared today. */
  missing: z.array(z.string()),
})

export const purchasingRoutes = {
  purchaseOrders: {
    method: 'GET',
    path: '/api/purchase-orders',
    summary: 'Purchase orders, newest first',
    query: z.object({ supplierId: id.optional(), ...cursorQuery }),
    response: page(purchaseOrder),
  },
  orderRouting: {
    method: 'GET',
    path: '/api/orders/:id/routing',
    summary: 'Who could fill what has not left of an order',
    params: byId,
    response: routingPlan,
  },
  rerouteOrder: {
    method: 'POST',
    path: '/api/orders/:id/reroute',
    summary: 'Move lines to other suppliers, or see what it would come to',
    params: byId,
    body: z.object({
      /** Left out: all lines go where routing would send them were they new. */
      placements: z
        .array(z.object({ componentId: id, offerId: id }))
        .max(2000)
        .optional(),
      preview: z.boolean(),
      seen: z.string().max(100).optional(),
    }),
    response: routingPlan,
  },
  exchangeRates: {
    method: 'GET',
    path: '/api/exchange-rates',
    summary: 'Exchange rates, newest first',
    response: exchangeRates,
  },
  addExchangeRate: {
    method: 'POST',
    path: '/api/exchange-rates',
    summary: 'Enter an exchange rate',
    body: typedRate,
    response: exchangeRates,
  },
} satisfies Record<string, Route>
