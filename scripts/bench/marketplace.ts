// A sandbox in a process of its own with its published limits, and a business connected to it whose listings are all
// mapped: what the benchmarks of the marketplaces stand on.
import { nothingOutside } from '../../test/support/nothing-outside.ts'
import { connectorOf } from '../../src/connectors/index.ts'
import { handleKick, type KickOutcome } from '../../src/engine/channel-job.ts'
import type { ChannelOperation, EngineParts } from '../../src/engine/channel-run.ts'
import { findSitesOf, storeChannel } from '../../src/engine/connect.ts'
import { channelOperations } from '../../src/engine/schedule.ts'
import { systemClock, type Clock } from '../../src/platform/clock.ts'
import { systemHttp, type Http } from '../../src/platform/http.ts'
import { systemIds } from '../../src/platform/ids.ts'
import { silentLog } from '../../src/platform/log.ts'
import { systemRandom } from '../../src/platform/random.ts'
import { startSandbox, type SandboxProcess } from '../demo/sandbox-process.ts'
import type { BenchWorld } from './world.ts'

export type ConnectedMarketplace = {
  tenantId: string
  channelId: string
  parts: EngineParts
  /** The sandbox's names of what is asked of it, as its meter counts them. */
  operations: SandboxProcess['operations']
  /** The sandbox's control surface: a body makes it a POST. */
  control(path: string, body?: unknown): Promise<unknown>
  kick(operation: ChannelOperation['name']): Promise<KickOutcome>
  /** Again and again until it is done, waiting as the marketplace asks. */
  finish(operation: ChannelOperation['name']): Promise<void>
  /** Milliseconds spent on answers of the marketplace and on its rates, so far. */
  waitedMs(): number
  stop(): Promise<void>
}

export async function connectMarketplace(world: BenchWorld, marketplace: string): Promise<ConnectedMarketplace> {
  const connector = connectorOf(marketplace)
  if (!connector) throw new Error(`There is no connector of ${marketplace}.`)
  const sandbox = await startSandbox(marketplace, ['--empty', '--orders-per-minute', '0'], undefined)
  const http = systemHttp()
  const waits = watchWaits(http)
  const given: Record<string, unknown> = sandbox.account
  const textsOf = (names: string[]) => Object.fromEntries(names.map((name) => [name, textOf(given[name])]))
  const parts: EngineParts = {
    db: world.db,
    queue: world.queue,
    clock: waits.clock,
    ids: systemIds,
    random: systemRandom,
    http: waits.http,
    secrets: world.secrets,
    log: silentLog,
    ...nothingOutside,
    marketplaceUrls: { [marketplace]: sandbox.url },
    appCredentials: { [marketplace]: textsOf(Object.keys(connector.app ?? {})) },
  }
  const tenantId = systemIds.uuid()
  await world.owner.query(`insert into tenants (id, name) values ($1, 'A seller')`, [tenantId])
  const account = textsOf(Object.keys(connector.account))
  const siteId = given['siteId'] ?? given['shopId']
  const tried = await findSitesOf(parts, connector, { account, siteId: typeof siteId === 'string' ? siteId : null })
  const sites = tried.kind === 'found' ? tried.sites : []
  const site = sites.find(({ id }) => id === siteId) ?? sites[0]
  if (!site) throw new Error(`Nothing to sell on: ${JSON.stringify(tried)}`)
  const actor = 'The benchmark'
  const currency = site.currency
  const added = await storeChannel(parts, tenantId, { connector, site, account, name: 'A shop', currency, actor })
  if (added.kind !== 'added') throw new Error(added.message)
  const kick: ConnectedMarketplace['kick'] = (operation) =>
    handleKick(parts, channelOperations, { tenantId, channelId: added.channelId, operation })
  return {
    tenantId,
    channelId: added.channelId,
    parts,
    operations: sandbox.operations,
    control: (path, body) => control(http, sandbox.consoleUrl + path, body),
    kick,
    async finish(operation) {
      for (let turns = 0; turns < 5_000; turns++) {
        const outcome = await kick(operation)
        if (outcome === 'done') return
        if (outcome !== 'again') await waits.clock.sleep(200)
      }
      throw new Error(`${operation} did not come to its end.`)
    },
    waitedMs: waits.waitedMs,
    async stop() {
      await http.close()
      await sandbox.stop()
    },
  }
}

async function control(http: ReturnType<typeof systemHttp>, url: string, body: unknown): Promise<unknown> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' }
  const method = body === undefined ? 'GET' : 'POST'
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  const answer = await http.request({ method, url, headers, timeoutSeconds: 120, ...sent })
  if (answer.status >= 300) throw new Error(`${method} ${url}: ${answer.status} ${answer.body.slice(0, 300)}`)
  return JSON.parse(answer.body)
}

/** Counts what is spent outside of the hub: on answers, on the parts of a stream, and on waiting for a turn. */
function watchWaits(http: Http): { http: Http; clock: Clock; waitedMs(): number } {
  let waited = 0
  const counted = async <Result>(work: Promise<Result>): Promise<Result> => {
    const started = performance.now()
    try {
      return await work
    } finally {
      waited += performance.now() - started
    }
  }
  async function* countedParts(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const parts = body[Symbol.asyncIterator]()
    for (;;) {
      const part = await counted(parts.next())
      if (part.done === true) return
      yield part.value
    }
  }
  return {
    http: {
      request: (input) => counted(http.request(input)),
      stream: async (input) => {
        const answer = await counted(http.stream(input))
        return { ...answer, body: countedParts(answer.body) }
      },
    },
    clock: {
      now: () => systemClock.now(),
      sleep: (milliseconds, signal) => counted(systemClock.sleep(milliseconds, signal)),
    },
    waitedMs: () => waited,
  }
}

const listingsAtOnce = 2_000

/** So many articles on sale there. */
export async function fillMarketplace(marketplace: ConnectedMarketplace, count: number): Promise<void> {
  for (let from = 0; from < count; from += listingsAtOnce) {
    const batch = Array.from({ length: Math.min(listingsAtOnce, count - from) }, (_, index) => {
      const number = from + index
      const given = { title: `Article ${number}`, sku: `A-${number}`, price: '19.99', inventory: 3 }
      return { ...given, condition: 'Brand New' }
    })
    await marketplace.control('listings', batch)
  }
}

/** A variant with an offer for every listing, mapped one to one; stock update is on, and nothing is due yet. */
export async function mapEverything({ owner }: BenchWorld, { tenantId, channelId }: ConnectedMarketplace) {
  const supplierId = systemIds.uuid()
  const run = (statement: string) =>
    owner.query(
      statement
        .replaceAll(':tenant', `'${tenantId}'`)
        .replaceAll(':channel', `'${channelId}'`)
        .replaceAll(':supplier', `'${supplierId}'`),
    )
  await run(`insert into suppliers (tenant_id, id, name, currency) values (:tenant, :supplier, 'Supplier', 'GBP')`)
  await run(`insert into products (tenant_id, id, handle, title)
    select tenant_id, id, 'product-' || id, title from listings where tenant_id = :tenant and channel_id = :channel`)
  await run(`insert into variants (tenant_id, id, product_id, sku, sku_normalized, price_minor, currency, search_text)
    select tenant_id, id, id, channel_sku, channel_sku, 1999, 'GBP', '' from listings where tenant_id = :tenant and channel_id = :channel`)
  await run(`insert into supplier_offers (tenant_id, id, supplier_id, variant_id, supplier_sku, cost_minor, currency, on_hand, on_hand_at)
    select tenant_id, uuidv7(), :supplier, id, sku, 900, 'GBP', 50, app_now() from variants where tenant_id = :tenant`)
  await run(`insert into sku_mappings (tenant_id, id, channel_id, listing_id, created_by)
    select tenant_id, id, channel_id, id, 'bench' from listings where tenant_id = :tenant and channel_id = :channel`)
  await run(`insert into sku_mapping_components (tenant_id, mapping_id, variant_id, quantity)
    select tenant_id, id, id, 1 from sku_mappings where tenant_id = :tenant`)
  await run(`update sales_channels set stock_update = true where tenant_id = :tenant`)
}

/** Every offer shows so many, and every listing is to be told. */
export async function changeAllStock({ owner }: BenchWorld, { tenantId }: ConnectedMarketplace, onHand: number) {
  await owner.query('update supplier_offers set on_hand = $2 where tenant_id = $1', [tenantId, onHand])
  await owner.query(
    'insert into stock_marks (tenant_id, variant_id) select tenant_id, id from variants where tenant_id = $1',
    [tenantId],
  )
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
