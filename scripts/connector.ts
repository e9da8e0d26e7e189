// Runs one operation of a connector from the command line: for support, and for trying a new connector.
// Standard output is JSON, one object per line: each request sent (never a secret), then the result or the refusal.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { makeCall } from '../src/connectors/call.ts'
import { checkDraft } from '../src/connectors/check-draft.ts'
import { RefusedError } from '../src/connectors/connector.ts'
import type { Call, Connector, ListingDraft, PullFrom, Reply, Site } from '../src/connectors/connector.ts'
import { connectorOf, connectors } from '../src/connectors/index.ts'
import { systemHttp } from '../src/platform/http.ts'
import { sentenceOf } from './command-line.ts'

const usage =
  'Usage: npm run connector -- <marketplace> <section.verb> --base-url URL --account FILE [--input FILE] [--cursor C] [--since DATE] [--site ID]'
const sinceDaysDefault = 30

type Order = { connector: Connector; call: Call; from: PullFrom }

const money = z.object({ minor: z.int(), currency: z.string() })
const ref = z.object({
  marketplaceListingId: z.string(),
  marketplaceVariantId: z.string().nullable().default(null),
  channelSku: z.string().nullable().default(null),
})
const listingState = z.enum(['live', 'draft', 'ended', 'sold-out', 'suspended', 'unavailable', 'unknown'])
const stockReport = ref.extend({ quantity: z.number(), state: listingState.default('live') })
const priceReport = ref.extend({ price: money })
const draft = z.object({
  channelSku: z.string(),
  title: z.string(),
  description: z.string().default(''),
  price: money,
  quantity: z.number(),
  images: z.array(z.string()).default([]),
  barcode: z.string().nullable().default(null),
  brand: z.string().nullable().default(null),
  model: z.string().nullable().default(null),
  attributes: z.record(z.string(), z.string()).default({}),
  variations: z
    .array(
      z.object({
        channelSku: z.string(),
        price: money,
        quantity: z.number(),
        barcode: z.string().nullable().default(null),
        image: z.string().nullable().default(null),
        attributes: z.record(z.string(), z.string()).default({}),
      }),
    )
    .optional(),
})
const shipment = z.object({
  marketplaceOrderId: z.string(),
  packageNumber: z.int().min(1).default(1),
  carrier: z.string(),
  trackingNumber: z.string(),
  shippedAt: z.coerce.date().default(() => new Date()),
  lines: z.array(z.object({ marketplaceLineId: z.string(), quantity: z.int() })).default([]),
})

const cancellation = z.object({ marketplaceOrderId: z.string(), reason: z.string() })
const ticketed = z.object({ ticket: z.string() })

/** Given the input, what to run; undefined where the marketplace cannot do it. Input that does not fit is said first. */
const verbs: Record<string, (input: unknown) => (order: Order) => Promise<unknown> | undefined> = {
  'account.check': plain(({ connector, call }) => connector.findSites(call)),
  'account.renew': plain(({ connector, call }) => connector.renewal?.renew(call)),
  'orders.pull': plain(({ connector, call, from }) => connector.orders.pull(call, from)),
  'orders.read': told(z.object({ marketplaceOrderId: z.string() }), ({ connector, call }, { marketplaceOrderId }) =>
    connector.orders.read(call, marketplaceOrderId),
  ),
  'orders.cancel': told(cancellation, ({ connector, call }, { marketplaceOrderId, reason }) =>
    connector.orders.cancel?.(call, marketplaceOrderId, reason),
  ),
  'orders.shippingServices': plain(({ connector, call }) => connector.orders.shippingServices?.(call)),
  'listings.pull': plain(({ connector, call, from }) => pullWhole(connector, call, from)),
  'listings.read': told(ref, ({ connector, call }, listing) => connector.listings?.read(call, listing)),
  'listings.findBySku': told(z.object({ channelSku: z.string() }), ({ connector, call }, { channelSku }) =>
    connector.listings?.findBySku(call, channelSku),
  ),
  'listings.publish': told(draft, ({ connector, call }, listing) =>
    connector.listings?.publish(call, draftOf(listing)),
  ),
  'listings.end': told(ref, ({ connector, call }, listing) => connector.listings?.end(call, listing)),
  'listings.update': told(z.object({ ref, draft }), ({ connector, call }, change) =>
    connector.listings?.update?.(call, change.ref, draftOf(change.draft)),
  ),
  'listings.check': told(ticketed, ({ connector, call }, { ticket }) => connector.listings?.check?.(call, ticket)),
  'listings.categories': told(
    z.object({ parentId: z.string().nullable().default(null) }),
    ({ connector, call }, { parentId }) => connector.listings?.categories?.(call, parentId),
  ),
  'listings.limits': told(
    z.object({ categoryId: z.string().nullable().default(null) }),
    async ({ connector, call }, { categoryId }) => connector.listings?.limits(call.site, categoryId),
  ),
  'listings.faults': told(draft, async ({ connector, call }, listing) =>
    connector.listings ? checkDraft(connector.listings, draftOf(listing), call.site) : undefined,
  ),
  'listings.match': told(draft, ({ connector, call }, listing) => connector.listings?.match?.(call, draftOf(listing))),
  'listings.recommend': told(draft, ({ connector, call }, listing) =>
    connector.listings?.recommend?.(call, draftOf(listing)),
  ),
  'listings.precheck': told(draft, ({ connector, call }, listing) =>
    connector.listings?.precheck?.(call, draftOf(listing)),
  ),
  'listings.explainRefusal': told(z.object({ reason: z.string() }), async ({ connector }, { reason }) =>
    connector.listings?.explainRefusal?.(reason),
  ),
  'listings.attributes': told(z.object({ categoryId: z.string() }), ({ connector, call }, { categoryId }) =>
    connector.listings?.attributes?.(call, categoryId),
  ),
  'stock.submit': told(listOf(stockReport), ({ connector, call }, reports) =>
    connector.stock?.bulk?.submit(call, reports),
  ),
  'stock.check': told(ticketed.extend({ reports: z.array(stockReport) }), ({ connector, call }, { ticket, reports }) =>
    connector.stock?.bulk?.check(call, ticket, reports),
  ),
  'stock.push': told(listOf(stockReport), ({ connector, call }, reports) => connector.stock?.push(call, reports)),
  'prices.push': told(listOf(priceReport), ({ connector, call }, reports) => connector.prices?.push(call, reports)),
  'shipments.confirm': told(shipment, ({ connector, call }, parcel) => connector.shipments?.confirm(call, parcel)),
}

function draftOf({ variations, ...rest }: z.infer<typeof draft>): ListingDraft {
  return variations === undefined ? rest : { ...rest, variations }
}

/** A page that comes as one large file is read to its end, so that the whole result can be shown. */
async function pullWhole({ listings }: Connector, call: Call, from: PullFrom) {
  const page = await listings?.pull(call, from)
  if (!page?.parts) return page
  const { parts, ...rest } = page
  for await (const part of parts) {
    rest.items.push(...part.items)
    rest.unreadable.push(...part.unreadable)
  }
  return rest
}

/** What was typed is wrong: said in one sentence, exit code 2. */
class UsageError extends Error {}

const http = systemHttp()
try {
  process.exitCode = await run(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  console.error(`${error.message}\n${usage}`)
  process.exitCode = 2
} finally {
  await http.close()
}

async function run(argv: string[]): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    console.log(usage)
    return 0
  }
  const { connector, verbName, options } = readArguments(argv)
  const verb = verbs[verbName]
  if (!verb) throw new UsageError(`“${verbName}” is no operation. There are: ${Object.keys(verbs).join(', ')}.`)
  const { account, app, url } = readAccount(connector, required(options.account, '--account FILE'))
  const baseUrl = webAddress(required(options['base-url'] ?? url, '--base-url URL'))
  const parts = { connector, account, app, baseUrl, http, picture, now: () => new Date(), onRequest: print }
  const from = { cursor: options.cursor ?? null, since: sinceDate(options.since) }
  const work = verb(options.input === undefined ? undefined : readJson(options.input))
  try {
    const sites = await connector.findSites(makeCall(parts))
    if (verbName === 'account.check') return finish(sites)
    const site = chooseSite(sites, options.site)
    const running = work({ connector, call: makeCall({ ...parts, site }), from })
    if (!running) throw new UsageError(`${connector.name} cannot do “${verbName}”.`)
    return finish(await running)
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error
    print({ refused: error.refusal })
    return 1
  }
}

// Who runs this names the pictures himself, so no guard stands between.
async function picture(link: string): Promise<Uint8Array> {
  const answer = await fetch(link)
  if (!answer.ok) {
    const reason = `The picture ${link} cannot be fetched (status ${answer.status})`
    throw new RefusedError({ kind: 'rejected', reason })
  }
  return new Uint8Array(await answer.arrayBuffer())
}

/** The first one where none is named, with its default warehouse. */
function chooseSite(sites: Site[], id: string | undefined): Site {
  const site = id === undefined ? sites[0] : sites.find((one) => one.id === id)
  if (!site) throw new RefusedError({ kind: 'rejected', reason: 'This account opens no such shop' })
  const warehouse = site.warehouses?.find(({ isDefault }) => isDefault) ?? site.warehouses?.[0]
  return warehouse ? { ...site, warehouse } : site
}

/** Exit code 1 where anything was refused, so that a script notices. */
function finish(result: unknown): number {
  if (isRefusal(result)) {
    print({ refused: result })
    return 1
  }
  print({ result })
  return Array.isArray(result) && result.some(isRefusal) ? 1 : 0
}

function isRefusal(value: unknown): boolean {
  const refusals: Reply['kind'][] = ['wait', 'signed-out', 'rejected', 'gone', 'unclear']
  return typeof value === 'object' && value !== null && 'kind' in value && refusals.some((kind) => kind === value.kind)
}

function print(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

function readArguments(argv: string[]) {
  const text = { type: 'string' } as const
  const options = { 'base-url': text, account: text, input: text, cursor: text, since: text, site: text }
  let parsed
  try {
    parsed = parseArgs({ args: argv, allowPositionals: true, options })
  } catch (error) {
    throw new UsageError(sentenceOf(error))
  }
  const [marketplace, verbName, ...others] = parsed.positionals
  const known = `There are: ${Object.keys(connectors).join(', ')}.`
  if (marketplace === undefined) throw new UsageError(`Which marketplace? ${known}`)
  const connector = connectorOf(marketplace)
  if (!connector) throw new UsageError(`“${marketplace}” is no marketplace we connect to. ${known}`)
  if (verbName === undefined) throw new UsageError(`Which operation? There are: ${Object.keys(verbs).join(', ')}.`)
  if (others.length > 0) throw new UsageError(`“${others.join(' ')}” is one word too many.`)
  return { connector, verbName, options: parsed.values }
}

// Either the fields themselves, or the line a sandbox prints when it starts.
function readAccount(connector: Connector, file: string) {
  const read = readJson(file)
  const line = z.object({ url: z.string(), account: z.record(z.string(), z.unknown()) }).safeParse(read)
  const fields: unknown = line.success ? line.data.account : read
  const found = z.record(z.string(), z.unknown()).safeParse(fields)
  if (!found.success) throw new UsageError(`${file} holds no account. It should be like {"token":"…"}.`)
  const account: Record<string, string> = {}
  for (const [name, { optional = false, hidden = false }] of Object.entries(connector.account)) {
    const value = found.data[name] ?? (optional || hidden ? '' : undefined)
    if (typeof value !== 'string')
      throw new UsageError(`${file} does not have “${name}” as text, which ${connector.name} needs.`)
    account[name] = value
  }
  const app: Record<string, string> = {}
  for (const name of Object.keys(connector.app ?? {})) {
    const value = found.data[name]
    if (typeof value === 'string') app[name] = value
  }
  return { account, app, url: line.success ? line.data.url : undefined }
}

function readJson(file: string): unknown {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    throw new UsageError(`${file} cannot be read.`)
  }
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError(`${file} is not JSON.`)
  }
}

function required(value: string | undefined, name: string): string {
  if (value === undefined || value === '') throw new UsageError(`${name} is missing.`)
  return value
}

function webAddress(text: string): string {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol))
    throw new UsageError(`“${text}” is no web address such as http://127.0.0.1:4501/api.`)
  return text
}

function sinceDate(text: string | undefined): Date {
  if (text === undefined) return new Date(Date.now() - sinceDaysDefault * 86_400_000)
  const since = new Date(text)
  if (Number.isNaN(since.getTime())) throw new UsageError(`“${text}” is no date such as 2026-01-31T00:00:00Z.`)
  return since
}

function plain(run: (order: Order) => Promise<unknown> | undefined) {
  return () => run
}

function told<T>(schema: z.ZodType<T>, run: (order: Order, input: T) => Promise<unknown> | undefined) {
  return (input: unknown) => {
    if (input === undefined)
      throw new UsageError('--input FILE is missing: this operation needs to be told what to do.')
    const parsed = schema.safeParse(input)
    if (!parsed.success) throw new UsageError(`The input does not fit:\n${z.prettifyError(parsed.error)}`)
    return (order: Order) => run(order, parsed.data)
  }
}

/** One, or a list of them. */
function listOf<T extends z.ZodType>(schema: T) {
  return z.preprocess((input) => (Array.isArray(input) ? input : [input]), z.array(schema))
}
