// What was taken and then went wrong: files that are never worked on or break, errors inside a success, tracking that is
// refused later, a renewal whose answer is lost. A person is told, and the figures and parcels get there another way.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { mapListings } from '../../src/domain/listings/map-listings.command.ts'
import { openCredentials } from '../../src/domain/channels/channel.store.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { connector, createMarketWorld, type MarketWorld } from './market-world.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

const day = 86_400

describe('Amazon: a file of figures', () => {
  const bulk = connector('amazon').stock?.bulk
  const { from } = bulk ?? { from: 0 }
  afterEach(() => {
    if (bulk) bulk.from = from
  })
  const count = 30

  /** Few make a file here, so that a test need not have thousands. */
  async function manyListings() {
    if (!bulk) throw new Error('Amazon takes files')
    bulk.from = 20
    const world = await createMarketWorld(database, { only: ['amazon', 'reverb'] })
    const skus = Array.from({ length: count }, (_, index) => `SKU-${index}`)
    world.sandboxes.amazon.control.addListings(
      skus.map((sku) => ({ sku, title: `Article ${sku}`, price: '10.00', inventory: 5 })),
    )
    const first = await world.sellListed('amazon', 'SKU-0', 50)
    const map = (await world.listings(world.channels.amazon))
      .filter(({ id }) => id !== first.listingId)
      .map(({ id }) => ({ listingId: id, components: [{ variantId: first.variantId, quantity: 1 }] }))
    const change = { map, unlink: [] }
    const channelId = world.channels.amazon
    await mapListings(world.parts.db, world.tenantId, { channelId, change, actor: 'A person' })
    await world.follow(channelId)
    const allShow = (figure: number) => () =>
      Promise.resolve(skus.every((sku) => world.shown('amazon', sku) === figure))
    return { world, channelId, first, allShow }
  }
  const feeds = (world: MarketWorld) => world.sandboxes.amazon.control.meter().byOperation['createFeed']?.calls ?? 0

  test('E3: that works reaches every listing, and no problem is told', async () => {
    const { world, channelId, first, allShow } = await manyListings()
    await world.setStock(first, 7)
    await world.until(channelId, 'push-stock', allShow(7))
    expect(feeds(world)).toBe(1)
    await world.until(channelId, 'push-stock', async () => (await world.target(first.listingId))?.state === 'settled')
    expect(await world.problems()).toEqual([])
  })

  test('E3: stuck in the queue is told and taken back, and its figures go one by one', async () => {
    const { world, channelId, first, allShow } = await manyListings()
    world.sandboxes.amazon.control.choose({ feedsStuck: true })
    await world.setStock(first, 7)
    let told: { kind: string; text: string }[] = []
    await world.until(channelId, 'push-stock', async () => (told = await world.problems(channelId)).length > 0, 2)
    expect(told).toMatchObject([{ kind: 'channel-refused' }])
    expect(told[0]?.text).toContain(
      'refused the stock update: A file of 30 figures was not worked through in 30 minutes',
    )
    await world.until(channelId, 'push-stock', allShow(7), 1)
    expect(feeds(world)).toBe(1)
    expect(world.sandboxes.amazon.control.meter().byOperation['cancelFeed']?.calls).toBe(1)
    await world.until(channelId, 'push-stock', async () => (await world.problems(channelId)).length === 0, 1)
    // The next file is tried as ever.
    world.sandboxes.amazon.control.choose({ feedsStuck: false })
    await world.setStock(first, 9)
    await world.until(channelId, 'push-stock', allShow(9))
    expect(feeds(world)).toBe(2)
  })

  test('E3: that ends FATAL is told, looked into one by one, and what did not get there is sent again', async () => {
    const { world, channelId, first, allShow } = await manyListings()
    world.sandboxes.amazon.control.choose({ feedsFatal: true })
    await world.setStock(first, 7)
    let told: { kind: string; text: string }[] = []
    await world.until(channelId, 'push-stock', async () => (told = await world.problems(channelId)).length > 0, 2)
    expect(told[0]?.text).toContain('Amazon’s report of the feed does not say what became of it')
    await world.until(channelId, 'push-stock', allShow(7), 1)
    await world.until(channelId, 'push-stock', async () => (await world.problems(channelId)).length === 0, 1)
    expect(feeds(world)).toBe(1)
  })

  test('A7: with stock update off while the file is worked on nothing more is sent, and on again it is settled', async () => {
    const { world, channelId, first, allShow } = await manyListings()
    await world.setStock(first, 7)
    await world.kick(channelId, 'push-stock')
    await world.follow(channelId, false)
    await world.setStock(first, 9)
    const asked = world.sandboxes.amazon.control.requests().length
    for (let times = 0; times < 5; times++) {
      await world.kick(channelId, 'push-stock')
      await world.wait(300)
    }
    expect(world.sandboxes.amazon.control.requests()).toHaveLength(asked)
    await world.follow(channelId)
    await world.until(channelId, 'push-stock', allShow(9))
    await world.until(channelId, 'push-stock', async () => (await world.target(first.listingId))?.state === 'settled')
  })

  test('E3: an HTML page for the result of the file is no result, and all get there', async () => {
    const { world, channelId, first, allShow } = await manyListings()
    await world.setStock(first, 7)
    world.spoil.answer = ({ path, method }) =>
      method === 'GET' && path.startsWith('/documents/') ? '<html><body>Sign in</body></html>' : undefined
    await world.until(channelId, 'push-stock', () => Promise.resolve(world.spoil.count > 0))
    await world.until(channelId, 'push-stock', async () => (await world.target(first.listingId))?.state === 'settled')
    expect(await allShow(7)()).toBe(true)
  })
})

test('TikTok Shop: errors inside a success are told for the SKU they are about, and the others of the shop go on', async () => {
  const world = await createMarketWorld(database, { only: ['tiktok'] })
  const channelId = world.channels.tiktok
  const locked = await world.sell('tiktok', { sku: 'LOCKED' })
  const free = await world.sell('tiktok', { sku: 'FREE' })
  await world.follow(channelId)
  world.sandboxes.tiktok.control.setPromotion('LOCKED', true)
  await world.setStock(locked, 7)
  await world.setStock(free, 7)
  await world.until(channelId, 'push-stock', () => Promise.resolve(world.shown('tiktok', 'FREE') === 7))
  expect(world.shown('tiktok', 'LOCKED')).toBe(20)
  const told = await world.problems(channelId)
  expect(told).toMatchObject([{ kind: 'listing-refused' }])
  expect(told[0]?.text).toMatch(/did not take the quantity of “Article LOCKED”: .*locked for Promotion/)
  world.sandboxes.tiktok.control.setPromotion('LOCKED', false)
  await world.wait(7 * 3600)
  await world.kick(channelId, 'verify-listings')
  await world.until(channelId, 'push-stock', () => Promise.resolve(world.shown('tiktok', 'LOCKED') === 7))
  expect(await world.problems(channelId)).toEqual([])
})

test('Wish: tracking that is taken and refused later is told in words, and the next parcel goes on', async () => {
  const world = await createMarketWorld(database, { only: ['wish'] })
  const channelId = world.channels.wish
  const sold = await world.sell('wish', { sku: 'A-1' })
  const [bad, good] = [world.buy('wish', sold.sku), world.buy('wish', sold.sku)]
  await world.until(channelId, 'pull-orders', async () => (await world.orders(channelId)).length === 2)
  await world.ship(bad, 'FAILME123')
  await world.ship(good, 'AB123456789GB')
  await world.until(channelId, 'confirm-shipments', async () => (await world.effect(good))?.state === 'applied')
  await world.until(channelId, 'confirm-shipments', async () => (await world.effect(bad))?.state === 'rejected', 2)
  const told = await world.problems()
  expect(told).toMatchObject([{ kind: 'confirmation-rejected' }])
  expect(told[0]?.text).toContain(bad)
  expect(told[0]?.text).toMatch(/Wish took the tracking and then refused it .*Check the carrier and the number/)
})

test('A9: TikTok Shop: a renewal whose answer is lost costs nothing until the token ends, and the date is told', async () => {
  const world = await createMarketWorld(database, { only: ['tiktok'] })
  const channelId = world.channels.tiktok
  const sold = await world.sell('tiktok', { sku: 'A-1' })
  world.sandboxes.tiktok.control.armFault('timeout-after', { operation: 'token.refresh' })
  await world.wait(4 * day)
  let told: { kind: string; text: string }[] = []
  await world.until(channelId, 'pull-orders', async () => (told = await world.problems()).length > 0, 24)
  expect(told).toMatchObject([{ kind: 'renewal-refused' }])
  expect(told[0]?.text).toMatch(/My tiktok.* They work until 9 March 2026; reauthorise before that/)
  const before = await world.accountRow(channelId)
  expect(before.state).toBe('connected')
  const number = world.buy('tiktok', sold.sku)
  await world.until(channelId, 'pull-orders', async () => (await world.orders(channelId)).length === 1)
  expect(await world.orders(channelId)).toMatchObject([{ marketplace_order_id: number }])

  await world.wait(3 * day)
  await world.kick(channelId, 'pull-orders')
  const after = await world.accountRow(channelId)
  expect(after.state).toBe('signed-out')
  expect((await world.problems()).map(({ kind }) => kind)).toContain('signed-out')
  const kept = openCredentials(
    world.parts.secrets,
    { tenantId: world.tenantId, accountId: after.id },
    after.credentials,
  )
  expect(kept['accessTokenEndsAt']).toBe('2026-03-09T12:00:00.000Z')
})
