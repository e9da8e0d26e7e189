// Cancelling an order, taking it up again, and entering one by hand (D9, D10).
import { z } from 'zod'
import { byId, id, maybeTime, time, type Route } from './shapes.ts'

const mayDo = z.object({ allowed: z.boolean(), why: z.string().nullable() })

/** What may be done; a button that cannot be pressed says why. */
export const cancelOptions = z.object({
  cancel: mayDo,
  /** Whether a marketplace is told; one entered by hand has none. */
  tells: z.boolean(),
  /** Those this marketplace has a word for. */
  reasons: z.array(z.object({ code: z.string(), label: z.string() })),
  takeUp: mayDo,
  /** Asked for and not settled yet. */
  askedAt: maybeTime,
})

const line = z.object({
  sku: z.string().max(200),
  quantity: z.number(),
  /** Of one unit, with VAT. */
  unitPriceMinor: z.number(),
})

/** Any text is taken here: what is wrong with it is said at its field. */
const short = z.string().max(300)
const newOrder = z.object({
  /** Made by the form, so that a form sent twice is one order. */
  id,
  currency: z.string().max(10),
  lines: z.array(line).max(1_000),
  shippingMinor: z.number(),
  buyer: z.object({ name: short, email: short.nullable(), phone: short.nullable() }),
  shipTo: z.object({
    name: short,
    street: short,
    extended: short,
    city: short,
    region: short,
    postalCode: short,
    countryCode: short,
    phone: short,
  }),
  shippingServiceId: id,
  shipBy: time.nullable(),
})

export const cancellingRoutes = {
  cancelOptions: {
    method: 'GET',
    path: '/api/orders/:id/cancel',
    summary: 'Whether and how an order can be cancelled, or taken up again',
    params: byId,
    response: cancelOptions,
  },
  cancelOrder: {
    method: 'POST',
    path: '/api/orders/:id/cancel',
    summary: 'Cancel an order: what has not left stops at once, and the marketplace is told',
    params: byId,
    body: z.object({ reason: z.string().trim().min(1).max(200) }),
    response: cancelOptions,
  },
  takeUpOrder: {
    method: 'POST',
    path: '/api/orders/:id/take-up',
    summary: 'Route again what was cancelled of an order that should leave after all',
    params: byId,
    response: cancelOptions,
  },
  enterOrder: {
    method: 'POST',
    path: '/api/orders',
    summary: 'Enter an order by hand',
    body: newOrder,
    response: z.object({ orderId: id, number: z.string() }),
  },
} satisfies Record<string, Route>
