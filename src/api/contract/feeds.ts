// Suppliers' stock that comes by itself: feeds, their history, when files are held back, and figures by the API.
import { z } from 'zod'
import { fileInspection, fileLayout } from './files.ts'
import { byId, id, maybeTime, nothing, time, type Route } from './shapes.ts'

const headerName = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,60}$/, 'A header’s name has letters, digits and hyphens only.')
  .refine(
    (name) =>
      !/^(host|connection|content-.*|transfer-encoding|te|upgrade|expect|keep-alive|trailer|proxy-.*|accept-encoding)$/i.test(
        name,
      ),
    'This header cannot be chosen.',
  )
const plainText = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[^\r\n\0]*$/, 'This must be one line.')

/** Secrets left empty are those there are, as long as the host and the name stay the same. */
const feedSource = z.discriminatedUnion('source', [
  z.object({
    source: z.literal('url'),
    url: z.string().trim().min(1).max(2000),
    auth: z
      .discriminatedUnion('kind', [
        z.object({ kind: z.literal('basic'), username: plainText(200), password: plainText(1000) }),
        z.object({ kind: z.literal('header'), name: headerName, value: plainText(2000) }),
      ])
      .nullable(),
  }),
  z.object({
    source: z.literal('sftp'),
    host: z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9.:_-]{1,255}$/, 'This is no host.'),
    port: z.int().min(1).max(65_535).default(22),
    username: plainText(200).min(1),
    password: plainText(1000).nullable().default(null),
    privateKey: z.string().max(20_000).nullable().default(null),
    hostKey: plainText(200).min(1),
    folder: plainText(500).default('/'),
    pattern: plainText(200).min(1).default('*.csv'),
  }),
])

const shownSource = z.discriminatedUnion('source', [
  z.object({
    source: z.literal('url'),
    address: z.string(),
    auth: z.object({ kind: z.enum(['basic', 'header']), name: z.string() }).nullable(),
  }),
  z.object({
    source: z.literal('sftp'),
    address: z.string(),
    host: z.string(),
    port: z.int(),
    username: z.string(),
    signsInBy: z.enum(['password', 'key']),
    hostKey: z.string(),
    folder: z.string(),
    pattern: z.string(),
  }),
])

const everyMinutes = z.int().min(5).max(10_080)

const feed = z.object({
  id,
  supplierId: id,
  shown: shownSource,
  everyMinutes: z.int(),
  active: z.boolean(),
  state: z.enum(['waiting', 'fetching', 'failing', 'off']),
  /** When it is fetched next; null where it is off. */
  nextAt: maybeTime,
  lastAt: maybeTime,
  /** Null: it went well. */
  refusal: z.string().nullable(),
  failures: z.int(),
  lastImport: z
    .object({
      id,
      state: z.enum(['reading', 'held', 'applied', 'discarded', 'failed']),
      failure: z.string().nullable(),
    })
    .nullable(),
})

const fileLimits = z.object({
  /** Null: no limit. */
  staleAfterHours: z.int().min(1).max(8760).nullable(),
  /** Until newer figures come, these count as 0. */
  staleShowsZero: z.boolean(),
  fewerRowsPercent: z.int().min(1).max(100),
  newlyZeroPercent: z.int().min(1).max(100),
})
const fileLimitsAnswer = fileLimits.extend({ figuresAt: maybeTime, stale: z.boolean() })

export const feedRoutes = {
  feeds: {
    method: 'GET',
    path: '/api/suppliers/:id/feeds',
    summary: 'Feeds of a supplier',
    params: byId,
    response: z.array(feed),
  },
  addFeed: {
    method: 'POST',
    path: '/api/suppliers/:id/feeds',
    summary: 'Add a feed; it is fetched at once',
    params: byId,
    body: z.object({ source: feedSource, everyMinutes: everyMinutes.default(60), layout: fileLayout.optional() }),
    response: feed,
  },
  tryFeed: {
    method: 'POST',
    path: '/api/suppliers/:id/feeds/try',
    summary: 'Look at what a feed would fetch; nothing is kept',
    params: byId,
    body: z.object({ source: feedSource, feedId: id.optional() }),
    response: fileInspection.extend({ fileName: z.string() }),
  },
  feedHistory: {
    method: 'GET',
    path: '/api/suppliers/:id/fetches',
    summary: 'What the last fetches came to, newest first',
    params: byId,
    response: z.array(
      z.object({
        id,
        feedId: id,
        at: time,
        outcome: z.enum(['imported', 'unchanged', 'failed']),
        importId: id.nullable(),
        fileName: z.string().nullable(),
        sizeBytes: z.int().nullable(),
        reason: z.string().nullable(),
      }),
    ),
  },
  changeFeed: {
    method: 'PATCH',
    path: '/api/feeds/:id',
    summary: 'Change a feed; a changed source is fetched at once',
    params: byId,
    body: z.object({ source: feedSource, everyMinutes, active: z.boolean(), layout: fileLayout }).partial(),
    response: feed,
  },
  fetchFeed: {
    method: 'POST',
    path: '/api/feeds/:id/fetch',
    summary: 'Fetch a feed now',
    params: byId,
    response: feed,
  },
  removeFeed: {
    method: 'DELETE',
    path: '/api/feeds/:id',
    summary: 'Remove a feed; what it brought stays',
    params: byId,
    response: nothing,
  },
  feedHostKey: {
    method: 'POST',
    path: '/api/feed-host-key',
    summary: 'The host key an SFTP server shows, for a person to confirm',
    body: z.object({ host: z.string().trim().min(1).max(255), port: z.int().min(1).max(65_535).default(22) }),
    response: z.object({ hostKey: z.string() }),
  },
  fileLimits: {
    method: 'GET',
    path: '/api/suppliers/:id/file-limits',
    summary: 'When a supplier’s file is held back, and how old his figures may be',
    params: byId,
    response: fileLimitsAnswer,
  },
  saveFileLimits: {
    method: 'PATCH',
    path: '/api/suppliers/:id/file-limits',
    summary: 'Change when a supplier’s file is held back, and how old his figures may be',
    params: byId,
    body: fileLimits.partial(),
    response: fileLimitsAnswer,
  },
  sendStock: {
    method: 'POST',
    path: '/api/suppliers/:id/stock',
    summary: 'Stock and costs of a supplier, up to 10,000 rows; each is applied or refused',
    params: byId,
    body: z.object({
      rows: z
        .array(
          z.object({
            sku: z.string().trim().min(1).max(200),
            /** Null is unknown, which is not 0. */
            onHand: z.int().min(0).max(1_000_000_000).nullable(),
            /** In minor units of the supplier’s currency; left out, the last one stays. */
            costMinor: z.int().min(0).max(100_000_000_000).optional(),
          }),
        )
        .min(1)
        .max(10_000),
    }),
    response: z.object({
      importId: id,
      applied: z.int(),
      unchanged: z.int(),
      refused: z.array(z.object({ row: z.int(), sku: z.string(), reason: z.string() })),
    }),
  },
} satisfies Record<string, Route>
