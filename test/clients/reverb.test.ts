// sound-tank, a Reverb client that we did not write, sells in our sandbox. It has calls to list and to read; what it has
// no call for goes out over its own HTTP client with its own headers, to the links that it was given.
import { createRequire } from 'node:module'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSandbox } from './open-sandbox.ts'
import type { OpenSandbox } from './open-sandbox.ts'

// Its types and its files disagree on what a default import is; asked for by name there is no doubt.
const { default: Reverb } = createRequire(import.meta.url)('sound-tank') as typeof import('sound-tank')

type Link = { href: string }
const brandNew = '7c3f45de-2ae0-4c81-8400-fdb6b1d74890'
const sku = 'TANK-1/A B'

let sandbox: OpenSandbox
let client: InstanceType<typeof Reverb>

beforeAll(async () => {
  sandbox = await openSandbox('reverb')
  client = new Reverb({ apiKey: sandbox.account['token'] ?? '', rootEndpoint: sandbox.url as `${string}.${string}` })
})
afterAll(() => sandbox.stop())

async function list(): Promise<{ slug: string; links: { self: Link; end: Link } }> {
  const known = await client['_getArbitraryEndpoint']<{ categories: { uuid: string }[] }>('/categories/flat')
  const created = await client.listings.create({
    make: 'Made-up',
    model: 'Tank',
    categories: [{ uuid: known.data.categories[0]?.uuid ?? '' }],
    condition: { uuid: brandNew },
    photos: ['https://images.example.test/tank.jpg'],
    videos: [{ link: 'https://videos.example.test/tank' }],
    description: 'Plain words.',
    finish: 'Black',
    price: { amount: '120.50', currency: 'USD' },
    title: 'Made-up Tank',
    year: '2024',
    sku,
    upc: '012345678905',
    upc_does_not_apply: 'false',
    has_inventory: true,
    inventory: 5,
    offers_enabled: false,
    handmade: false,
    shipping: { rates: [{ rate: { amount: '4.00', currency: 'USD' }, region_code: 'US_CON' }], local: false },
  })
  // The client's type says a bare listing; Reverb wraps the answer of a POST, and so do we.
  const { listing } = created.data as unknown as {
    listing: { slug: string; _links: { self: Link; end: Link } }
  }
  expect(created.status).toBe(202)
  return { slug: listing.slug, links: listing['_links'] }
}

const put = (href: string, body: object) =>
  client['_httpClient'].put(client.rootEndpoint + pathBelowApi(href), JSON.stringify(body), { headers: client.headers })
const pathBelowApi = (href: string) => new URL(href, sandbox.url).pathname.replace(/^\/api/, '')

test('sound-tank lists, reads an order, changes stock and ships', async () => {
  const { slug, links } = await list()
  expect(await sandbox.listingOf(sku)).toMatchObject({ isLive: false })
  await put(links.self.href, { publish: true })
  expect(await sandbox.listingOf(sku)).toMatchObject({
    title: 'Made-up Tank',
    quantity: 5,
    isLive: true,
    price: { minor: 12050, currency: 'USD' },
  })

  const one = await client.listings.getOne({ id: slug })
  expect(one.data).toMatchObject({ slug, sku, inventory: 5, state: { slug: 'live' }, price: { amount: '120.50' } })

  const number = await sandbox.buy(sku, 2)
  const orders = (await client.orders.getMy()).data.orders
  expect(orders.map((order) => String(order.order_number))).toEqual([number])
  const order = await client['_getArbitraryEndpoint']<{ sku: string; quantity: number; _links: { ship: Link } }>(
    pathBelowApi(orders[0]?.['_links'].self.href ?? ''),
  )
  expect(order.data).toMatchObject({ sku, quantity: 2, status: 'paid', amount_product_subtotal: { amount: '241.00' } })
  expect(orders[0]?.shipping_address.complete_shipping_address).toBe(true)

  await put(links.self.href, { inventory: 9 })
  expect((await sandbox.listingOf(sku))?.quantity).toBe(9)

  const shipped = await client['_httpClient'].post(
    client.rootEndpoint + pathBelowApi(order.data['_links'].ship.href),
    JSON.stringify({ provider: 'UPS', tracking_number: '1Z0000000000000001', send_notification: true }),
    { headers: client.headers },
  )
  expect(shipped.status).toBeLessThan(300)
  expect((await sandbox.orderOf(number))?.isShipped).toBe(true)
  expect(await sandbox.confirmationsOf(number)).toMatchObject([
    { provider: 'UPS', trackingNumber: '1Z0000000000000001', outcome: 'accepted' },
  ])
  expect((await client.orders.getMy()).data.orders[0]).toMatchObject({
    status: 'shipped',
    shipping_code: '1Z0000000000000001',
  })
})

test('sound-tank walks every page of the listings', async () => {
  const many = Array.from({ length: 60 }, (_, index) => ({
    sku: `MANY-${index}`,
    title: `One of many ${index}`,
    price: '10.00',
    inventory: 1,
  }))
  await sandbox.control('listings', many)
  const all = await client.listings.getAllMy({ query: 'One of many' })
  expect(new Set(all.data.map((listing) => listing.title)).size).toBe(60)
  const second = await client.listings.getMy({ page: 2, perPage: 24, query: 'One of many' })
  expect(second.data).toMatchObject({ total: 60, current_page: 2, total_pages: 3 })
  expect(second.data.listings).toHaveLength(24)
})

test('sound-tank is told of a wrong token as by Reverb', async () => {
  const stranger = new Reverb({ apiKey: 'not-a-token', rootEndpoint: sandbox.url as `${string}.${string}` })
  await expect(stranger.listings.getMy()).rejects.toMatchObject({ response: { status: 401 } })
})
