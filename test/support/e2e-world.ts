// A whole world for browser tests: the Reverb sandbox, a hub on an embedded PostgreSQL of its own, and an owner who can
// be signed in. Nothing is imitated between the browser and the sandbox's books.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { stringify } from 'csv-stringify/sync'
import { realWorld, serveSandbox } from '../../sandboxes/kit/serve.ts'
import { createReverbSandbox, type ReverbSandbox } from '../../sandboxes/reverb/index.ts'
import type { SandboxProcess } from '../../scripts/demo/sandbox-process.ts'
import { setUp, until, type HubClient } from '../../scripts/demo/hub-client.ts'
import { connectAndMap, importFile, importProducts } from '../../scripts/demo/seed.ts'
import { readConfig } from '../../src/config.ts'
import { createHub, type Hub } from '../../src/hub.ts'
import { silentLog } from '../../src/platform/log.ts'

export const business = 'Lantern Bay Music'
export const owner = { name: 'Test owner', email: 'owner@fairlead.example', password: 'mooring-line-tests' }

/** What the seller of these tests sells: price in pounds, stock at his supplier. */
export const goods = [
  { sku: 'FL-1001', title: 'Alder Bass Strap', brand: 'Oakline', price: '24.50', stock: 12 },
  { sku: 'FL-1002', title: 'Nickel Strings 10-46', brand: 'Tandem', price: '6.95', stock: 40 },
  { sku: 'FL-1003', title: 'Clip Tuner', brand: 'Tandem', price: '14.00', stock: 25 },
  { sku: 'FL-1004', title: 'Warm Overdrive', brand: 'Kestrel', price: '89.00', stock: 9 },
  { sku: 'FL-1005', title: 'Beeswax Polish', brand: 'Oakline', price: '9.50', stock: 30 },
  { sku: 'FL-1006', title: 'Maple Drum Sticks', brand: 'Birchvale', price: '11.20', stock: 18 },
]
export const supplierName = 'Northgate Instruments'
export const channelName = 'Reverb shop'

export type E2eWorld = {
  origin: string
  hub: Hub
  reverb: ReverbSandbox
  /** Another seller's account at the same marketplace. */
  otherSeller: ReverbSandbox
  /** The owner's own client; not there before someone has set the hub up. */
  client: HubClient
  /** Signs the owner in, if need be, and opens a page of the hub. */
  open(page: Page, path: string): Promise<void>
  seedProducts(): Promise<void>
  /** Answers the supplier's id. */
  seedSupplier(): Promise<string>
  /** Connects the seller's account and maps every listing by SKU; stock and price update on. */
  seedChannel(): Promise<string>
  stop(): Promise<void>
}

/** With `owned: false` nobody owns the hub yet, and its setup token is open. */
export async function startE2eWorld({ owned = true, listed = true } = {}): Promise<E2eWorld> {
  const reverb = createReverbSandbox(realWorld(7), shop)
  const otherSeller = createReverbSandbox(realWorld(8), shop)
  Object.assign(otherSeller.control.books().shop, { id: 50_518, slug: 'another-shop', name: 'Another Shop' })
  if (listed) reverb.control.addListings(goods.map(asListing))
  const served = await serveSandbox(marketplaceOf(reverb, otherSeller), { port: 0 })
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-e2e-'))
  const hub = await createHub(
    readConfig({ PORT: '0', DATA_DIR: folder, FAIRLEAD_ALLOWED_PRIVATE_HOSTS: '127.0.0.1' }),
    {
      log: silentLog,
      fsync: false,
      checkAnswers: true,
      requestsPerMinute: 100_000,
      signInTriesPerMinute: 100_000,
      marketplaceUrls: { reverb: `${served.origin}/api` },
    },
  )
  const origin = hub.address ?? ''
  const client = owned
    ? await setUp(origin, hub.setupToken ?? '', { name: business, currency: 'GBP' }, owner)
    : nobodysClient
  const sandbox: SandboxProcess = {
    ...reverb.introduce(served.origin),
    account: reverb.account,
    stop: () => served.stop(),
  }
  return {
    origin,
    hub,
    reverb,
    otherSeller,
    client,
    async open(page, path) {
      const isSignedIn = (await page.context().cookies(origin)).length > 0
      if (!isSignedIn) {
        const { email, password } = owner
        await page.request.post(`${origin}/auth/sign-in/email`, { data: { email, password }, headers: { origin } })
      }
      await page.goto(origin + path)
    },
    seedProducts: () => importProducts(client, goods.map(asProduct)),
    seedSupplier: () => seedSupplier(client),
    seedChannel: () => connectAndMap(client, sandbox, { name: channelName, currency: 'GBP' }),
    async stop() {
      await hub.stop()
      await served.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const shop = {
  empty: true,
  currency: 'GBP',
  // Generous, since these tests are not about the marketplace's limit.
  limit: { perSecond: 1000, burst: 100_000 },
} as const

const asListing = ({ sku, title, brand, price }: (typeof goods)[number]) => ({
  sku,
  title: `${brand} ${title}`,
  make: brand,
  price: Number(price),
  inventory: 50,
})
const asProduct = ({ sku, title, brand, price }: (typeof goods)[number]) => ({
  sku,
  title,
  brand,
  type: 'Music',
  price,
  image: '',
})

/** One address for both sellers, as a marketplace has: whose token it is decides whose shop answers. */
function marketplaceOf(first: ReverbSandbox, other: ReverbSandbox): ReverbSandbox {
  const isOthers = (authorization: string | undefined) =>
    other.control.tokens().some(({ token }) => authorization === `Bearer ${token}`)
  return {
    ...first,
    advance() {
      first.advance()
      other.advance()
    },
    handle: (request) => (isOthers(request.headers['authorization']) ? other : first).handle(request),
  }
}

async function seedSupplier(client: HubClient): Promise<string> {
  const { id } = await client.send<{ id: string }>('POST', '/api/suppliers', {
    name: supplierName,
    preference: 10,
    leadTimeDays: 1,
    currency: 'GBP',
  })
  await importFile(
    client,
    { kind: 'supplier-stock', supplierId: id },
    { name: 'northgate.csv', content: stockFile(goods.map(({ sku, stock }) => ({ sku, stock }))) },
  )
  return id
}

function stockFile(rows: { sku: string; stock: number }[]): string {
  const withCost = rows.map(({ sku, stock }) => ({
    sku,
    stock,
    cost: (Number(goods.find((one) => one.sku === sku)?.price ?? 10) * 0.6).toFixed(2),
  }))
  return stringify(withCost, { header: true })
}

export { until }

const nobody = () => Promise.reject(new Error('Nobody owns this hub yet.'))
const nobodysClient: HubClient = { get: nobody, text: nobody, send: nobody, upload: nobody }
