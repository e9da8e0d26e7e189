// Purchase orders.
import { z } from 'zod'
import { id, maybeTime, money, page, time, cursorQuery, type Route } from './shapes.ts'

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
  cost: money,
  createdAt: time,
  sentAt: maybeTime,
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

export const purchasingRoutes = {
  purchaseOrders: {
    method: 'GET',
    path: '/api/purchase-orders',
    summary: 'Purchase orders, newest first',
    query: z.object({ supplierId: id.optional(), ...cursorQuery }),
    response: page(purchaseOrder),
  },
} satisfies Record<string, Route>
