// How suppliers get their purchase orders, and what became of each.
import { z } from 'zod'
import { byId, maybeTime, nothing, time, type Route } from './shapes.ts'

const orderWay = z.enum(['screen', 'email', 'sftp', 'webhook'])
const line = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .regex(/^\P{Cc}*$/u, 'This must be one line.')
const host = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9.:_-]{1,255}$/, 'This is no name or address of a server.')
const port = z.int().min(1).max(65_535)
const emails = z
  .string()
  .trim()
  .max(500)
  .regex(/^[^\s@,<>]+@[^\s@,<>]+(\s*,\s*[^\s@,<>]+@[^\s@,<>]+){0,4}$/, 'Enter mail addresses, up to five with commas.')

const supplierWays = z.object({
  way: orderWay,
  email: z.string().nullable(),
  /** False: the operator has set up no mail server. */
  mailReady: z.boolean(),
  sftp: z
    .object({
      host: z.string(),
      port: z.int(),
      username: z.string(),
      signsInBy: z.enum(['password', 'key']),
      hostKey: z.string(),
      orderFolder: z.string(),
      trackingFolder: z.string(),
    })
    .nullable(),
  webhook: z.object({ url: z.string() }).nullable(),
  picksUpTracking: z.boolean(),
  /** Purchase orders that are not with him yet. */
  open: z.object({ waiting: z.int(), inDoubt: z.int(), refused: z.int() }),
})

export const supplierWaysRoutes = {
  supplierWays: {
    method: 'GET',
    path: '/api/suppliers/:id/ways',
    summary: 'How a supplier gets purchase orders and sends tracking',
    params: byId,
    response: supplierWays,
  },
  changeSupplierWays: {
    method: 'PATCH',
    path: '/api/suppliers/:id/ways',
    summary: 'Change how a supplier gets purchase orders; what he had refused is sent again',
    params: byId,
    body: z.object({
      way: orderWay.optional(),
      email: emails.nullable().optional(),
      /** Password and key left out: those there are, for the same server and user. */
      sftp: z
        .object({
          host,
          port,
          username: line(200).min(1),
          password: z.string().max(1000).optional(),
          privateKey: z.string().max(20_000).optional(),
          hostKey: line(200).min(1),
          orderFolder: line(500),
          trackingFolder: line(500),
        })
        .nullable()
        .optional(),
      webhook: z
        .object({
          url: z
            .string()
            .trim()
            .max(2000)
            .regex(/^https:\/\/\S+$/i, 'The address must begin with https://.'),
        })
        .nullable()
        .optional(),
      newWebhookSecret: z.boolean().optional(),
      picksUpTracking: z.boolean().optional(),
    }),
    /** The webhook's secret is shown once, when it is made. */
    response: supplierWays.extend({ webhookSecret: z.string().nullable() }),
  },
  testSupplierWay: {
    method: 'POST',
    path: '/api/suppliers/:id/ways/test',
    summary: 'Try the way to a supplier without a purchase order',
    params: byId,
    response: z.object({ ok: z.boolean(), text: z.string() }),
  },
  supplierHostKey: {
    method: 'POST',
    path: '/api/suppliers/:id/ways/host-key',
    summary: 'The host key an SFTP server shows, to be confirmed',
    params: byId,
    body: z.object({ host, port }),
    response: z.object({ hostKey: z.string() }),
  },
  purchaseOrderSending: {
    method: 'GET',
    path: '/api/purchase-orders/:id/sending',
    summary: 'What became of each revision of a purchase order on its way to the supplier',
    params: byId,
    response: z.array(
      z.object({
        revision: z.int(),
        state: z.enum(['waiting', 'sending', 'sent', 'refused', 'in-doubt', 'overtaken']),
        way: orderWay.nullable(),
        tries: z.int(),
        refusal: z.string().nullable(),
        asksPerson: z.boolean(),
        tellsCancelled: z.boolean(),
        writtenAt: time,
        settledAt: maybeTime,
        nextTryAt: maybeTime,
      }),
    ),
  },
  settleDoubt: {
    method: 'POST',
    path: '/api/purchase-orders/:id/doubt',
    summary: 'Say that a purchase order in doubt arrived, or have it (or one that was refused) sent again',
    params: byId,
    body: z.object({ said: z.enum(['arrived', 'send-again']) }),
    response: nothing,
  },
} satisfies Record<string, Route>
