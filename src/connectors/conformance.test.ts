// What every connector must do, shown against its marketplace's sandbox over HTTP. A new marketplace adds its words below.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { systemHttp } from '../platform/http.ts'
import { makeCall } from './call.ts'
import { startSandbox } from './conformance-sandbox.ts'
import type { RunningSandbox } from './conformance-sandbox.ts'
import { RefusedError } from './connector.ts'
import type {
  Call,
  ChannelListing,
  ChannelOrder,
  Connector,
  ListingRef,
  Page,
  Refusal,
  Reply,
  Site,
} from './connector.ts'
import { connectors } from './index.ts'

/** What the sandbox calls its operations, and what a listing needs there. */
const words: Record<string, SandboxWords> = {
  reverb: {
    listOrders: 'orders.list',
    ship: 'orders.ship',
    updateListing: 'listings.update',
    createListing: 'listings.create',
    ordersScope: 'read_orders',
    trueListings: 'reverb/listings',
    // One of the sandbox's own categories, read from a listing of it.
    attributesOf: (listing) => ({ category: String((listing['categoryUuids'] as unknown[])[0]) }),
  },
}

type SandboxWords = {
  listOrders: string
  ship: string
  updateListing: string
  createListing: string
  ordersScope: string
  /** What is true of a listing in the sandbox's own words. */
  trueListings: string
  attributesOf(listing: Record<string, unknown>): Record<string, string>
}

const http = systemHttp()
const since = new Date('2020-01-01T00:00:00Z')
const lostAfter = ['timeout-after', 'reset-after', 'truncated-json', 'empty-body']
const lostBefore = ['timeout-before', 'reset', 'server-error']

afterAll(() => http.close())

test('every connector has its sandbox here', () => {
  expect(Object.keys(words)).toEqual(Object.keys(connectors))
})

describe.each(Object.values(connectors))('$name', (connector: Connector) => {
  const word = words[connector.id] ?? raise('No words for this sandbox')
  let sandbox: RunningSandbox
  let site: Site
  let number = 0

  beforeAll(async () => {
    sandbox = await startSandbox(connector.id, http)
    await sandbox.control('limit', { perSecond: 10_000, burst: 10_000 })
    site = (await connector.findSites(callAs())).at(0) ?? raise('No site')
  })
  beforeEach(() => sandbox.control('faults', {}))
  afterAll(() => sandbox.stop())

  function callAs(changes: { account?: Record<string, string>; timeoutSeconds?: number } = {}): Call {
    const account = changes.account ?? sandbox.account
    const timeoutSeconds = changes.timeoutSeconds ?? 20
    return makeCall({ connector, account, site, baseUrl: sandbox.baseUrl, now: soon, http, timeoutSeconds })
  }
  /** For calls that will get no answer. */
  const impatient = () => callAs({ timeoutSeconds: 0.7 })

  const arm = (name: string, operation: string, times = 1) => sandbox.control('faults/arm', { name, operation, times })

  async function newListing(changes: Record<string, unknown> = {}) {
    const sku = `SKU-${(number += 1)}`
    const given = { title: `Pedal ${number}`, price: '10.00', sku, inventory: 90, condition: 'Brand New', ...changes }
    const [made] = (await sandbox.control('listings', given)) as { id: unknown }[]
    return { marketplaceListingId: String(made?.id), marketplaceVariantId: null, channelSku: given.sku }
  }

  async function newOrders(sku: string, count: number, more: Record<string, unknown> = {}): Promise<string[]> {
    const orders = Array.from({ length: count }, () => ({ lines: [{ sku, quantity: 1 }], ...more }))
    const made = (await sandbox.control('orders', orders)) as { orders: { number: string }[] }[]
    return made.flatMap((one) => one.orders.map((order) => order.number))
  }

  async function truth<T>(name: string): Promise<T[]> {
    return (await sandbox.control(`truth/${name}`)) as T[]
  }

  async function draftOf(channelSku: string) {
    const ref = await newListing()
    const known = await truth<Record<string, unknown>>(word.trueListings)
    const listing = known.find(({ id }) => String(id) === ref.marketplaceListingId) ?? {}
    const texts = { title: 'New pedal', description: 'Plain words.', barcode: null, brand: 'Made-up', model: 'Pedal' }
    const price = { minor: 2500, currency: site.currency }
    const images = ['https://images.example.test/1.jpg']
    return { channelSku, ...texts, price, quantity: 3, images, attributes: word.attributesOf(listing) }
  }

  const push = async (ref: ListingRef, quantity: number, call = callAs()) =>
    (await connector.stock?.push(call, [{ ...ref, quantity, state: 'live' }]))?.[0]
  const read = (ref: ListingRef) => connector.listings?.read(callAs(), ref) ?? raise('No listings')

  type Confirmation = { orderNumber: string; trackingNumber: string; provider: string; outcome: string }
  const confirm = (call: Call, order: string, trackingNumber: string) =>
    connector.shipments?.confirm(call, {
      marketplaceOrderId: order,
      packageNumber: 1,
      carrier: 'ups',
      trackingNumber,
      shippedAt: new Date(),
      lines: [{ marketplaceLineId: order, quantity: 1 }],
    })
  const known = async (order: string) =>
    (await truth<Confirmation>('confirmations')).filter((one) => one.orderNumber === order)
  const newOrder = async () => (await newOrders((await newListing()).channelSku, 1)).at(0) ?? raise('No order')

  async function pullOrders(from: string | null = null) {
    const pages: Page<ChannelOrder>[] = []
    let cursor = from
    do {
      const page = await connector.orders.pull(callAs(), { cursor, since })
      cursor = page.cursor
      pages.push(page)
    } while (pages.at(-1)?.more && pages.length < 500)
    return { pages, cursor, ids: new Set(pages.flatMap(({ items }) => items.map((order) => order.marketplaceOrderId))) }
  }

  describe('signing in', () => {
    test('A6: names the place the account sells, and always the same seller', async () => {
      expect(site.sellerId).not.toBe('')
      expect(site.currencies).toContain(site.currency)
      expect(await connector.findSites(callAs())).toEqual([site])
    })

    test('A9: refused credentials are signed out, wherever they are noticed', async () => {
      await sandbox.control('tokens/revoke', {})
      expect(await refusalOf(connector.findSites(callAs()))).toMatchObject({ kind: 'signed-out' })
      expect(await refusalOf(connector.orders.pull(callAs(), { cursor: null, since }))).toMatchObject({
        kind: 'signed-out',
      })
      await sandbox.control('tokens/restore', {})
      expect(await connector.findSites(callAs())).toEqual([site])
    })

    test('credentials that may not see orders are refused with the name of what is missing', async () => {
      const { token } = (await sandbox.control('tokens', { scopes: ['public', 'read_profile'] })) as { token: string }
      const refusal = await refusalOf(connector.orders.pull(callAs({ account: { token } }), { cursor: null, since }))
      expect(refusal).toMatchObject({ kind: 'rejected', reason: expect.stringContaining(word.ordersScope) })
    })
  })

  describe('pulling orders', () => {
    let placed: string[]
    beforeAll(async () => {
      const { channelSku } = await newListing()
      placed = await newOrders(channelSku, 80)
    })

    test('D1: every order comes, over several pages, and once more when pulled again', async () => {
      const { ids, pages, cursor } = await pullOrders()
      expect(pages.length).toBeGreaterThan(1)
      expect(placed.filter((id) => !ids.has(id))).toEqual([])
      expect(pages.flatMap((page) => page.unreadable)).toEqual([])
      const again = await pullOrders(cursor)
      expect(again.ids).toEqual(ids)
    })

    test('an order says what the sandbox knows of it', async () => {
      const order = await connector.orders.read(callAs(), placed[0] ?? '')
      expect(order).toMatchObject({ status: 'to-ship', currency: 'USD', lines: [{ quantity: 1 }] })
      expect(order.lines[0]?.unitPriceIncVat).toEqual({ minor: 1000, currency: 'USD' })
      expect(order.shipTo?.countryCode).toMatch(/^[A-Z]{2}$/)
    })

    test.each(['repeat-page', 'shifting-page', 'reordered-page', 'byte-order-mark', 'wrong-content-type'])(
      'no order is lost to one %s',
      async (fault) => {
        await arm(fault, word.listOrders, 2)
        const { ids, pages } = await pullOrders()
        expect(placed.filter((id) => !ids.has(id))).toEqual([])
        expect(pages.at(-1)?.more).toBe(false)
      },
    )

    test.each([...lostAfter, ...lostBefore, 'html-body', 'rate-limit'])('after %s it is asked again', async (fault) => {
      await arm(fault, word.listOrders)
      const refusal = await refusalOf(connector.orders.pull(impatient(), { cursor: null, since }))
      expect(refusal.kind).toBe('wait')
      expect(refusal.kind === 'wait' && refusal.seconds >= 1 && refusal.seconds <= 3600).toBe(true)
    })

    test('R12: a status no one has heard of is kept and never guessed', async () => {
      const { channelSku } = await newListing()
      await sandbox.control('faults', { 'unknown-status': 1 })
      const [id] = await newOrders(channelSku, 1)
      const { pages } = await pullOrders()
      const order = pages.flatMap((page) => page.items).find((one) => one.marketplaceOrderId === id)
      expect(order).toMatchObject({ status: 'unknown' })
      expect(Object.keys(connector.orders.statuses)).not.toContain(order?.marketplaceStatus)
    })

    test('an order that never was is gone', async () => {
      expect(await refusalOf(connector.orders.read(callAs(), '1'))).toMatchObject({ kind: 'gone' })
    })
  })

  describe.runIf(connector.listings)('listings', () => {
    const listings = connector.listings ?? raise('No listings')

    async function pullListings() {
      const found: ChannelListing[] = []
      let cursor: string | null = null
      for (let pages = 0; pages < 100; pages++) {
        const page: Page<ChannelListing> = await listings.pull(callAs(), { cursor, since })
        found.push(...page.items)
        if (!page.more) return found
        cursor = page.cursor
      }
      return raise('The list has no end')
    }

    test('B3, R3: every listing comes, in whatever state', async () => {
      const draft = await newListing({ state: 'draft' })
      await sandbox.control(
        'listings',
        Array.from({ length: 110 }, () => ({ title: 'Many', price: '5.00', inventory: 1 })),
      )
      const known = await truth<{ id: unknown }>('listings')
      const found = await pullListings()
      expect(new Set(found.map((listing) => listing.marketplaceListingId))).toEqual(
        new Set(known.map(({ id }) => String(id))),
      )
      expect(found.find((one) => one.marketplaceListingId === draft.marketplaceListingId)?.state).toBe('draft')
    })

    test('R2, R4: a SKU finds all that have it and nothing alike, whatever its letters', async () => {
      const sku = 'A+B & C/é #1'
      const made = [await newListing({ sku }), await newListing({ sku })]
      await newListing({ sku: `${sku}0` })
      const found = await listings.findBySku(callAs(), sku)
      expect(found.map((one) => one.marketplaceListingId).toSorted()).toEqual(
        made.map((one) => one.marketplaceListingId).toSorted(),
      )
      expect(await listings.findBySku(callAs(), 'nobody has this')).toEqual([])
    })

    test('F4, F6: a listing is published, found, read and ended', async () => {
      const reply = await listings.publish(callAs(), await draftOf('PUBLISHED-1'))
      expect(reply).toMatchObject({ kind: 'done' })
      const [found, ...others] = await listings.findBySku(callAs(), 'PUBLISHED-1')
      expect(others).toEqual([])
      expect(found).toMatchObject({ state: 'live', quantity: 3, price: { minor: 2500, currency: site.currency } })
      if (!found) return
      expect(reply).toMatchObject({ reference: found.marketplaceListingId })
      expect(await listings.end(callAs(), found)).toMatchObject({ kind: 'done' })
      expect((await listings.read(callAs(), found)).state).toBe('ended')
    })

    test.each(lostAfter)('R4: published, but the answer was lost by %s: unclear, and the SKU tells', async (fault) => {
      const draft = await draftOf(`LOST-${fault}`)
      await arm(fault, word.createListing)
      expect(await listings.publish(impatient(), draft)).toMatchObject({ kind: 'unclear' })
      expect((await listings.findBySku(callAs(), draft.channelSku)).length).toBe(1)
    })

    test('a refused listing says why in words', async () => {
      const reply = await listings.publish(callAs(), await draftOf('reject-me'))
      expect(reply).toMatchObject({ kind: 'rejected', reason: expect.stringMatching(/\w{4,}/) })
    })

    test('a listing that never was is gone', async () => {
      const nowhere = { marketplaceListingId: '1', marketplaceVariantId: null, channelSku: null }
      expect(await refusalOf(listings.read(callAs(), nowhere))).toMatchObject({ kind: 'gone' })
    })
  })

  describe.runIf(connector.stock && connector.prices && connector.listings)('stock and prices', () => {
    test('E3, E4: a figure and a price arrive', async () => {
      const ref = await newListing()
      expect(await push(ref, 7)).toMatchObject({ kind: 'done' })
      const price = { minor: 1999, currency: site.currency }
      expect(await connector.prices?.push(callAs(), [{ ...ref, price }])).toMatchObject([{ kind: 'done' }])
      expect(await read(ref)).toMatchObject({ quantity: 7, price })
    })

    test('R1: 0 hides a listing, and stock brings it back', async () => {
      const ref = await newListing()
      await push(ref, 0)
      expect((await read(ref)).state).not.toBe('live')
      await push(ref, 2)
      expect(await read(ref)).toMatchObject({ state: 'live', quantity: 2 })
    })

    test('A10: of a one-of-a-kind listing it is known that 0 is final', async () => {
      const ref = await newListing({ condition: 'Good', inventory: undefined })
      expect(await read(ref)).toMatchObject({ zeroIsFinal: true, takesQuantity: false })
    })

    test('a half-failed batch answers for each entry, in the order asked', async () => {
      const [good, bad, other] = [await newListing(), await newListing({ sku: 'reject-me-too' }), await newListing()]
      const nowhere = { ...good, marketplaceListingId: '1' }
      const reports = [good, nowhere, bad, other].map((ref) => ({ ...ref, quantity: 3, state: 'live' as const }))
      const replies: Reply[] = []
      const batchMax = connector.stock?.batchMax ?? 1
      for (let from = 0; from < reports.length; from += batchMax) {
        replies.push(...((await connector.stock?.push(callAs(), reports.slice(from, from + batchMax))) ?? []))
      }
      expect(replies.map((reply) => reply.kind)).toEqual(['done', 'gone', 'rejected', 'done'])
      expect((await read(other)).quantity).toBe(3)
    })

    test.each([...lostAfter, ...lostBefore, 'html-body'])(
      'a push lost by %s is unclear, and reading tells',
      async (fault) => {
        const ref = await newListing({ inventory: 5 })
        await arm(fault, word.updateListing)
        expect(await push(ref, 9, impatient())).toMatchObject({ kind: 'unclear' })
        const { quantity } = await read(ref)
        if (fault !== 'html-body') expect(quantity).toBe(lostAfter.includes(fault) ? 9 : 5)
      },
    )

    test('told to slow down, it waits', async () => {
      const ref = await newListing()
      await arm('rate-limit', word.updateListing)
      expect(await push(ref, 9)).toMatchObject({ kind: 'wait' })
    })
  })

  describe.runIf(connector.shipments)('confirming parcels', () => {
    test('D7, V1: repeated as often as one likes, it is confirmed once', async () => {
      const order = await newOrder()
      for (let times = 0; times < 3; times++)
        expect(await confirm(callAs(), order, '1Z1')).toMatchObject({ kind: 'done' })
      expect(await known(order)).toMatchObject([{ trackingNumber: '1Z1', provider: 'UPS', outcome: 'accepted' }])
      expect(await connector.orders.read(callAs(), order)).toMatchObject({
        status: 'shipped',
        shipments: [{ carrier: 'UPS', trackingNumber: '1Z1' }],
      })
    })

    test.each([...lostAfter, ...lostBefore])(
      'V1: lost by %s it is unclear; done once more it is confirmed once',
      async (fault) => {
        const order = await newOrder()
        await arm(fault, word.ship)
        expect(await confirm(impatient(), order, '1Z2')).toMatchObject({ kind: 'unclear' })
        expect(await confirm(callAs(), order, '1Z2')).toMatchObject({ kind: 'done' })
        expect((await known(order)).map((one) => one.outcome)).toEqual(['accepted'])
      },
    )

    test('D9: a canceled order is not shipped', async () => {
      const order = await newOrder()
      await sandbox.control(`orders/${order}/cancel`, {})
      expect(await confirm(callAs(), order, '1Z3')).toMatchObject({ kind: 'rejected' })
      expect(await known(order)).toEqual([])
    })
  })
})

// What just happened must lie inside the closed window.
function soon(): Date {
  return new Date(Date.now() + 5_000)
}

async function refusalOf(work: Promise<unknown>): Promise<Refusal> {
  const error: unknown = await work.then(() => undefined).catch((error: unknown) => error)
  if (error instanceof RefusedError) return error.refusal
  throw error ?? new Error('Expected a refusal')
}

function raise(reason: string): never {
  throw new Error(reason)
}
