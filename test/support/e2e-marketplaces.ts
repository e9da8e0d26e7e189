// A world for browser tests with every marketplace at once: each sandbox is a process of its own, all are connected in one
// hub, and what buyers do and see is asked at the sandboxes' control surfaces.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { stringify } from 'csv-stringify/sync'
import { sql } from 'kysely'
import type {
  GivenListing,
  GivenOrder,
  MadeListing,
  PlacedOrder,
  TrueConfirmation,
  TrueListing,
  TrueOrder,
} from '../../sandboxes/kit/control.ts'
import { setUp, type HubClient } from '../../scripts/demo/hub-client.ts'
import {
  connect,
  environmentOf,
  firstMarketplace,
  marketplaceIds,
  startMarketplace,
  tellOurAddress,
} from '../../scripts/demo/marketplaces.ts'
import { connectAndMap, importFile, importProducts, mapAndSwitchOn } from '../../scripts/demo/seed.ts'
import { readConfig } from '../../src/config.ts'
import { createHub, type Hub } from '../../src/hub.ts'
import { silentLog } from '../../src/platform/log.ts'
import { business, goods, owner } from './e2e-world.ts'

/** A sales channel and the marketplace behind it. */
export type Market = {
  id: string
  name: string
  channelId: string
  /** More articles among the seller's listings there. */
  add(lines: GivenListing[]): Promise<MadeListing[]>
  /** A buyer orders; answers the orders' numbers there. */
  buy(lines: GivenOrder['lines']): Promise<string[]>
  cancel(number: string): Promise<void>
  orders(): Promise<TrueOrder[]>
  listings(): Promise<TrueListing[]>
  confirmations(): Promise<TrueConfirmation[]>
}

export type MarketWorld = {
  origin: string
  hub: Hub
  client: HubClient
  markets: Market[]
  /** What of the changes of listings the hub would look at again in half a minute or later, it looks at now. */
  lookAgainNow(): Promise<void>
  /** Signs the owner in, if need be, and opens a page of the hub. */
  open(page: Page, path: string): Promise<void>
  stop(): Promise<void>
}

/** What a supplier is asked for: the terms of `POST /api/suppliers`, and the SKUs he offers. */
export type SeededSupplier = { name: string; skus: string[]; terms: object }

/** The first marketplace is always among them: the business is known by its sales channel. `more`: of the hub's environment. */
export async function startMarketWorld(
  ids: string[] = marketplaceIds,
  more: Record<string, string> = {},
): Promise<MarketWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-markets-'))
  const started = await Promise.all(
    ids.map((id) => startMarketplace(id, { dataFolder: folder, port: undefined, currency: 'GBP', isEmpty: true })),
  )
  for (const { sandbox } of started) {
    await at(sandbox.consoleUrl, 'no-delays', {})
    // Generous, since these tests are not about the marketplaces' limits.
    await at(sandbox.consoleUrl, 'limit', { perSecond: 1000, burst: 100_000 })
    await at<MadeListing[]>(
      sandbox.consoleUrl,
      'listings',
      goods.map(({ sku, title, price }) => ({ sku, title, price, inventory: 50 })),
    )
  }
  const environment = { PORT: '0', DATA_DIR: folder, ...environmentOf(started), ...more }
  const hub = await createHub(readConfig(environment), {
    log: silentLog,
    fsync: false,
    checkAnswers: true,
    requestsPerMinute: 100_000,
    signInTriesPerMinute: 100_000,
  })
  const origin = hub.address ?? ''
  const client = await setUp(origin, hub.setupToken ?? '', { name: business, currency: 'GBP' }, owner)
  await importProducts(
    client,
    goods.map(({ sku, title, brand, price }) => ({ sku, title, brand, price, type: 'Music', image: '' })),
  )
  const { business: owned } = await client.get<{ business: { id: string } }>('/api/me')
  const tenantId = owned.id
  const markets: Market[] = []
  for (const marketplace of started) {
    const { connector, sandbox } = marketplace
    await tellOurAddress(marketplace, origin)
    const isFirst = connector.id === firstMarketplace
    const channelId = isFirst
      ? await connectAndMap(client, sandbox, { name: connector.name, currency: 'GBP' })
      : await connect(hub, marketplace)
    if (!isFirst) await mapAndSwitchOn(client, channelId)
    markets.push({ id: connector.id, name: connector.name, channelId, ...deedsAt(sandbox.consoleUrl) })
  }
  return {
    origin,
    hub,
    client,
    markets,
    lookAgainNow: () => lookAgainNow(hub, tenantId),
    async open(page, path) {
      const isSignedIn = (await page.context().cookies(origin)).length > 0
      const { email, password } = owner
      if (!isSignedIn)
        await page.request.post(`${origin}/auth/sign-in/email`, { data: { email, password }, headers: { origin } })
      await page.goto(origin + path)
    },
    async stop() {
      await hub.stop()
      for (const { sandbox } of started) await sandbox.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Never of what is being worked on, which would be asked twice then. */
async function lookAgainNow({ parts }: Hub, tenantId: string): Promise<void> {
  await parts.db.tenant(tenantId).transaction((tx) =>
    sql`
      with idle as (
        update channel_work w set due_at = app_now()
        where tenant_id = ${tenantId} and operation = 'change-listings' and due_at > app_now() and leased_until is null
          and exists (
            select from listing_changes c where c.tenant_id = w.tenant_id and c.channel_id = w.channel_id
              and c.state in ('in-review', 'unclear') and c.next_try_at > app_now()
          )
        returning channel_id
      )
      update listing_changes c set next_try_at = app_now() from idle
      where c.tenant_id = ${tenantId} and c.channel_id = idle.channel_id and c.state in ('in-review', 'unclear')
        and c.next_try_at > app_now()
    `.execute(tx),
  )
}

/** Answers the supplier's id. His cost is three fifths of the price, his stock that of the goods. */
export async function seedSupplierOf(client: HubClient, { name, skus, terms }: SeededSupplier): Promise<string> {
  const { id } = await client.send<{ id: string }>('POST', '/api/suppliers', { name, currency: 'GBP', ...terms })
  const rows = goods
    .filter(({ sku }) => skus.includes(sku))
    .map(({ sku, stock, price }) => ({ sku, stock, cost: (Number(price) * 0.6).toFixed(2) }))
  const file = { name: 'stock.csv', content: stringify(rows, { header: true }) }
  await importFile(client, { kind: 'supplier-stock', supplierId: id }, file)
  return id
}

function deedsAt(consoleUrl: string): Pick<Market, 'add' | 'buy' | 'cancel' | 'orders' | 'listings' | 'confirmations'> {
  return {
    add: (lines) => at<MadeListing[]>(consoleUrl, 'listings', lines),
    async buy(lines) {
      const [placed] = await at<PlacedOrder[]>(consoleUrl, 'orders', [{ lines, countryCode: 'GB', buyerNumber: 42 }])
      if (!placed || placed.refused.length > 0) throw new Error(`Refused: ${JSON.stringify(placed?.refused)}`)
      return placed.orders.map(({ number }) => number)
    },
    cancel: async (number) => void (await at(consoleUrl, `orders/${number}/cancel`, {})),
    orders: () => at<TrueOrder[]>(consoleUrl, 'truth/orders'),
    listings: () => at<TrueListing[]>(consoleUrl, 'truth/listings'),
    confirmations: () => at<TrueConfirmation[]>(consoleUrl, 'truth/confirmations'),
  }
}

async function at<Answer>(consoleUrl: string, path: string, body?: unknown): Promise<Answer> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' }
  const sent = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) }
  const answer = await fetch(consoleUrl + path, sent)
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text}`)
  return (text === '' ? undefined : JSON.parse(text)) as Answer
}
