// One business that sells at several marketplaces, each a sandbox behind the HTTP port, on the real engine and virtual
// time. What comes back from a marketplace may be spoilt on its way, which is what these tests are about.
import { createAmazonSandbox, type AmazonSandbox } from '../../sandboxes/amazon/index.ts'
import { createReverbSandbox, type ReverbSandbox } from '../../sandboxes/reverb/index.ts'
import { createTiktokSandbox, type TiktokSandbox } from '../../sandboxes/tiktok/index.ts'
import { createWishSandbox, type WishSandbox } from '../../sandboxes/wish/index.ts'
import type { SandboxWorld } from '../../sandboxes/kit/sandbox.ts'
import type { Connector, Site } from '../../src/connectors/connector.ts'
import { connectorOf } from '../../src/connectors/index.ts'
import { changeChannelSettings } from '../../src/domain/channels/change-settings.command.ts'
import { loadChannel } from '../../src/domain/channels/channel-views.store.ts'
import { listRuns } from '../../src/domain/channels/runs.store.ts'
import { mapListings } from '../../src/domain/listings/map-listings.command.ts'
import { problemWords } from '../../src/domain/problems/problem-texts.ts'
import { listOpenProblems } from '../../src/domain/problems/problems.store.ts'
import { shipOrder } from '../../src/domain/shipping/ship-order.command.ts'
import { setOnHand } from '../../src/domain/stock/offers.store.ts'
import { findSitesOf, storeChannel, type ConnectResult } from '../../src/engine/connect.ts'
import { HttpFailure, type Http, type HttpInput } from '../../src/platform/http.ts'
import { seededRandom } from '../../src/platform/random.ts'
import type { TestDatabase } from '../support/database.ts'
import { createEngineWorld, type EngineWorld } from '../support/engine-world.ts'
import { askSandbox } from '../support/sandbox-http.ts'

export type Sandboxes = { amazon: AmazonSandbox; reverb: ReverbSandbox; tiktok: TiktokSandbox; wish: WishSandbox }
export type MarketplaceId = keyof Sandboxes
export const marketplaceIds = ['amazon', 'reverb', 'tiktok', 'wish'] as const

export type Passing = { marketplace: MarketplaceId; method: string; path: string; query: string; sent: string }
/** What arrives instead of a success. `breaks`: the connection breaks after half of it. Undefined: as it was. */
export type Spoil = (
  passing: Passing,
  body: string,
) => string | Buffer | { status: number; body: string } | { breaks: true } | undefined

export type Sold = { sku: string; listingId: string; variantId: string; offerId: string }

export type MarketWorld = EngineWorld & {
  sandboxes: Sandboxes
  channels: Record<MarketplaceId, string>
  spoil: { answer: Spoil | undefined; count: number }
  connectSite(
    id: MarketplaceId,
    given: { name: string; siteId?: string; account?: Record<string, string> },
  ): Promise<ConnectResult>
  sitesOf(id: MarketplaceId, account?: Record<string, string>): Promise<Site[]>
  accountOf(id: MarketplaceId): Record<string, string>
  /** Over there, pulled, mapped to a variant of its own with stock at a supplier. */
  sell(id: MarketplaceId, line: { sku: string; onHand?: number; inventory?: number; title?: string }): Promise<Sold>
  /** The same for what is there already. */
  sellListed(id: MarketplaceId, sku: string, onHand?: number): Promise<Sold>
  map(channelId: string, listingId: string, variantId: string): Promise<void>
  buy(id: MarketplaceId, sku: string, quantity?: number): string
  setStock(sold: Sold, onHand: number): Promise<void>
  /** Stock update on, without a threshold; or off. */
  follow(channelId: string, stockUpdate?: boolean): Promise<void>
  /** What the marketplace shows. */
  shown(id: MarketplaceId, sku: string): number | undefined
  orders(
    channelId: string,
  ): Promise<{ marketplace_order_id: string; status: string; channel_status: string; currency: string }[]>
  /** Open problems as the seller reads them. */
  problems(channelId?: string): Promise<{ kind: string; text: string }[]>
  health(channelId: string): Promise<{ state: string; reason: string | null }>
  runs(channelId: string): Promise<{ state: string; message: string | null }[]>
  ship(marketplaceOrderId: string, trackingNumber: string, carrier?: string): Promise<void>
  effect(marketplaceOrderId: string): Promise<{ state: string; refusal: string | null } | undefined>
  accountRow(channelId: string): Promise<{ id: string; state: string; credentials: Buffer }>
  /** Keeps an operation going as the schedule would, until it has come true or hours have passed. */
  until(
    channelId: string,
    operation: Parameters<EngineWorld['kick']>[1],
    isTrue: () => Promise<boolean>,
    hours?: number,
    stepSeconds?: number,
  ): Promise<void>
}

const origins: Record<MarketplaceId, string> = {
  amazon: 'http://amazon.test',
  reverb: 'http://reverb.test',
  tiktok: 'http://tiktok.test',
  wish: 'http://wish.test',
}

export async function createMarketWorld(
  database: TestDatabase,
  { only = marketplaceIds }: { only?: readonly MarketplaceId[] } = {},
): Promise<MarketWorld> {
  const base = await createEngineWorld(database)
  const { parts, clock, tenantId } = base
  const sandboxes = openSandboxes(clock)
  const spoil: MarketWorld['spoil'] = { answer: undefined, count: 0 }
  parts.http = spoilingHttp(sandboxes, spoil)
  parts.marketplaceUrls = Object.fromEntries(marketplaceIds.map((id) => [id, sandboxes[id].introduce(origins[id]).url]))
  const introduced = (id: MarketplaceId) => sandboxes[id].introduce(origins[id]).account
  parts.appCredentials = Object.fromEntries(
    marketplaceIds.map((id) => [id, textsOf(introduced(id), Object.keys(connector(id).app ?? {}))]),
  )
  const accountOf = (id: MarketplaceId) =>
    textsOf({ accessTokenSince: clock.now().toISOString(), ...introduced(id) }, Object.keys(connector(id).account))
  const sitesOf = async (id: MarketplaceId, account = accountOf(id)) => {
    const tried = await findSitesOf(parts, connector(id), { account, siteId: null })
    if (tried.kind !== 'found') throw new Error(JSON.stringify(tried))
    return tried.sites
  }
  const connectSite: MarketWorld['connectSite'] = async (id, { name, siteId, account = accountOf(id) }) => {
    const sites = await sitesOf(id, account)
    const site = siteId === undefined ? homeSite(sites, introduced(id)) : sites.find((one) => one.id === siteId)
    if (!site) throw new Error(`No site ${siteId}`)
    const added = await storeChannel(parts, tenantId, {
      connector: connector(id),
      site,
      account,
      name,
      currency: site.currency,
      actor: 'A person',
    })
    if (added.kind === 'added') await base.giveDefaultService(added.channelId)
    return added
  }
  const channels = {} as MarketWorld['channels']
  for (const id of only) {
    const added = await connectSite(id, { name: `My ${id}` })
    if (added.kind !== 'added') throw new Error(added.message)
    channels[id] = added.channelId
  }
  const world: MarketWorld = {
    ...base,
    sandboxes,
    channels,
    spoil,
    connectSite,
    sitesOf,
    accountOf,
    async sell(id, { sku, onHand, inventory = 20, title = `Article ${sku}` }) {
      const line = { sku, title, price: '10.00', inventory, condition: 'Brand New' }
      if (id === 'reverb') sandboxes.reverb.control.addListings([{ ...line, price: 10 }])
      else sandboxes[id].control.addListings([line])
      await base.finish(channels[id], 'pull-listings')
      return world.sellListed(id, sku, onHand)
    },
    async sellListed(id, sku, onHand = 50) {
      const find = async () => (await base.listings(channels[id])).find((one) => one.channel_sku === sku)
      if (!(await find())) await base.finish(channels[id], 'pull-listings')
      const listing = await find()
      if (!listing) throw new Error(`${sku} was not downloaded from ${id}.`)
      const variantId = await base.addVariant(`${id} ${sku}`)
      const offerId = await base.addOffer(variantId, onHand)
      // Nothing is ordered from a supplier at a cost nobody knows.
      await database.asOwner('update supplier_offers set cost_minor = 300 where id = $1', [offerId])
      await world.map(channels[id], listing.id, variantId)
      return { sku, listingId: listing.id, variantId, offerId }
    },
    async map(channelId, listingId, variantId) {
      const change = { map: [{ listingId, components: [{ variantId, quantity: 1 }] }], unlink: [] }
      const mapped = await mapListings(parts.db, tenantId, { channelId, change, actor: 'A person' })
      if (mapped.kind !== 'saved') throw new Error(mapped.reason)
    },
    buy(id, sku, quantity = 1) {
      const order = { lines: [{ sku, quantity }], force: true }
      const [first] = sandboxes[id].control.placeOrders([order]).flatMap(({ orders }) => orders)
      if (!first) throw new Error(`Nobody can buy ${sku}: ${JSON.stringify(order)}`)
      return first.number
    },
    async setStock({ offerId }, onHand) {
      const change = { offerId, onHand, reason: 'hand' as const, reference: null, actor: 'A person' }
      await base.transaction((tx) => setOnHand(tx, [change]))
      await base.settle()
    },
    async follow(channelId, stockUpdate = true) {
      const change = { stockUpdate, stockThreshold: 0 }
      const saved = await changeChannelSettings(parts.db, tenantId, { channelId, change, actor: 'A person' })
      if (saved.kind !== 'saved') throw new Error(saved.reason)
    },
    shown: (id, sku) => sandboxes[id].control.truth().listings.find((one) => one.sku === sku)?.quantity,
    orders: (channelId) =>
      database.asOwner(
        'select marketplace_order_id, status, channel_status, currency from orders where channel_id = $1 order by marketplace_order_id',
        [channelId],
      ),
    problems: (channelId) =>
      parts.db.read(tenantId, async (tx) => {
        const open = await listOpenProblems(tx, channelId === undefined ? {} : { channelId })
        return open.map((problem) => ({ kind: problem.kind, text: problemWords(problem.kind, problem).text }))
      }),
    health: (channelId) =>
      parts.db.read(tenantId, async (tx) => {
        const view = await loadChannel(tx, channelId)
        if (!view) throw new Error('No such channel')
        return view.health
      }),
    runs: (channelId) =>
      parts.db.read(tenantId, async (tx) =>
        (await listRuns(tx, { channelId })).map(({ state, message }) => ({ state, message })),
      ),
    async ship(marketplaceOrderId, trackingNumber, carrier = 'ups') {
      const [order] = await database.asOwner<{ id: string }>(
        `select p.id from purchase_orders p join orders o on o.id = p.order_id
         where o.tenant_id = $1 and o.marketplace_order_id = $2`,
        [tenantId, marketplaceOrderId],
      )
      if (!order) throw new Error(`No purchase order for ${marketplaceOrderId}`)
      const parcel = { purchaseOrderId: order.id, carrier, trackingNumber, shippedAt: clock.now(), actor: 'A person' }
      const shipped = await base.transaction((tx) => shipOrder(tx, parcel))
      if (shipped.kind !== 'dispatched') throw new Error(JSON.stringify(shipped))
    },
    async effect(marketplaceOrderId) {
      const [row] = await database.asOwner<{ state: string; refusal: string | null }>(
        `select e.state, e.refusal from effects e join shipments s on s.id = e.subject_id join orders o on o.id = s.order_id
         where o.tenant_id = $1 and o.marketplace_order_id = $2`,
        [tenantId, marketplaceOrderId],
      )
      return row
    },
    async accountRow(channelId) {
      const [row] = await database.asOwner<{ id: string; state: string; credentials: Buffer }>(
        `select a.id, a.state, a.credentials from channel_accounts a join sales_channels c on c.account_id = a.id where c.id = $1`,
        [channelId],
      )
      if (!row) throw new Error('No account')
      return row
    },
    async until(channelId, operation, isTrue, hours = 4, stepSeconds = 60) {
      const end = clock.now().getTime() + hours * 3_600_000
      while (!(await isTrue())) {
        if (clock.now().getTime() > end) throw new Error(`${operation} did not get there in ${hours} hours.`)
        await base.kick(channelId, operation)
        await base.wait(stepSeconds)
      }
    },
  }
  return world
}

function openSandboxes(clock: EngineWorld['clock']): Sandboxes {
  const at = (id: MarketplaceId): SandboxWorld => {
    const random = seededRandom(`bad input ${id}`)
    return { now: () => clock.now(), random: () => random.float() }
  }
  return {
    amazon: createAmazonSandbox(at('amazon'), {
      empty: true,
      origin: origins.amazon,
      choices: { listingDelaySeconds: 0, creationDelaySeconds: 0, shipmentDelaySeconds: 0, reportDelaySeconds: 0 },
    }),
    reverb: createReverbSandbox(at('reverb'), { empty: true, origin: origins.reverb, currency: 'GBP' }),
    tiktok: createTiktokSandbox(at('tiktok'), { empty: true, origin: origins.tiktok, choices: { onHold: 'never' } }),
    wish: createWishSandbox(at('wish'), {
      empty: true,
      origin: origins.wish,
      currency: 'GBP',
      choices: { jobSeconds: 0 },
    }),
  }
}

function spoilingHttp(sandboxes: Sandboxes, spoil: MarketWorld['spoil']): Http {
  const exchange = async (input: HttpInput) => {
    const url = new URL(input.url)
    const marketplace = marketplaceIds.find((id) => origins[id] === url.origin)
    if (!marketplace) throw new Error(`Nobody is at ${url.origin}.`)
    const outcome = await askSandbox(sandboxes[marketplace], input)
    if (outcome.kind !== 'response') throw new HttpFailure(outcome.kind === 'reset' ? 'reset' : 'timeout', true)
    const { status, headers, body } = outcome.response
    const bytes = Buffer.from(body)
    const sent = (input.body ?? '').toString()
    const passing = { marketplace, method: input.method, path: url.pathname, query: url.search, sent }
    const spoilt = status < 300 ? spoil.answer?.(passing, bytes.toString('utf8')) : undefined
    if (spoilt !== undefined) spoil.count += 1
    if (spoilt === undefined) return { status, headers, bytes, breaks: false }
    if (typeof spoilt === 'string' || Buffer.isBuffer(spoilt)) {
      return { status, headers, bytes: Buffer.from(spoilt), breaks: false }
    }
    if ('breaks' in spoilt) return { status, headers, bytes, breaks: true }
    return { status: spoilt.status, headers, bytes: Buffer.from(spoilt.body), breaks: false }
  }
  return {
    async request(input) {
      const { status, headers, bytes, breaks } = await exchange(input)
      if (breaks) throw new HttpFailure('reset', true)
      return { status, headers, body: bytes.toString('utf8') }
    },
    async stream(input) {
      const { status, headers, bytes, breaks } = await exchange(input)
      return { status, headers, body: breaks ? half(bytes) : whole(bytes) }
    },
  }
}

async function* whole(bytes: Buffer): AsyncGenerator<Uint8Array> {
  const size = 4096
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size)
}

async function* half(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield* whole(bytes.subarray(0, bytes.length / 2))
  throw new HttpFailure('reset', true)
}

function homeSite(sites: Site[], account: Record<string, unknown>): Site | undefined {
  return sites.find(({ id }) => id === account['siteId'] || id === account['shopId']) ?? sites[0]
}

export function connector(id: string): Connector {
  const found = connectorOf(id)
  if (!found) throw new Error(`There is no connector ${id}`)
  return found
}

function textsOf(given: Record<string, unknown>, names: string[]): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => [
      name,
      typeof given[name] === 'string' ? given[name] : JSON.stringify(given[name] ?? '').replaceAll('"', ''),
    ]),
  )
}
