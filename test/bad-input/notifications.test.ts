// Notifications as they really come: forged, stale, doubled, out of order, cut off, of shops nobody knows. They only say
// where to look again, so whatever becomes of them costs time and nothing else.
import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createServer } from '../../src/api/server.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createMarketWorld, type MarketWorld } from './market-world.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

let world: MarketWorld
let hub: Awaited<ReturnType<typeof createServer>>
/** All worlds of this file share what was told before. */
let round = 0
beforeEach(async () => {
  round += 1
  world = await createMarketWorld(database, { only: ['tiktok', 'wish'] })
  hub = await createServer({
    parts: world.parts,
    uploads: undefined as never,
    subscribe: () => () => {},
    publicUrl: 'http://hub.test',
    version: '0.0.0',
    webFolder: '/nowhere',
    checkAnswers: true,
    requestsPerMinute: 1_000_000,
  })
  return () => hub.close()
})

type Message = { headers: Record<string, string>; body: string }
const post = async (marketplace: string, { headers, body }: Message) =>
  (await hub.inject({ method: 'POST', url: `/hooks/${marketplace}`, headers, payload: body })).statusCode

function signed(message: object | string): Message {
  const { appKey, appSecret } = world.sandboxes.tiktok.account
  const body = typeof message === 'string' ? message : JSON.stringify(message)
  const authorization = createHmac('sha256', appSecret)
    .update(appKey + body)
    .digest('hex')
  return { headers: { authorization, 'content-type': 'application/json' }, body }
}
const about = (id: string, changes: Record<string, unknown> = {}) => ({
  type: 1,
  tts_notification_id: `${round}/${id}`,
  shop_id: world.sandboxes.tiktok.account.shopId,
  timestamp: 1_718_305_585,
  data: { order_id: '576653688135258178', order_status: 'AWAITING_SHIPMENT' },
  ...changes,
})

/** Seconds until a sales channel looks again; null: parked. */
async function dueIn(channelId: string, operation = 'pull-orders'): Promise<number | null> {
  const [row] = await database.asOwner<{ due: Date | null }>(
    'select due_at as due from channel_work where channel_id = $1 and operation = $2',
    [channelId, operation],
  )
  return row?.due ? Math.round((row.due.getTime() - world.clock.now().getTime()) / 1000) : null
}

async function rested() {
  for (const id of ['tiktok', 'wish'] as const) await world.finish(world.channels[id], 'pull-orders')
  await world.wait(10)
}

/** Nothing but rows that say when to look may have changed. */
async function books(): Promise<unknown> {
  const tables = ['orders', 'order_lines', 'listings', 'listing_targets', 'problems', 'channel_accounts', 'effects']
  const counted = tables.map(
    (name) => `(select jsonb_agg(to_jsonb(t) order by t::text) from ${name} t where tenant_id = $1) as ${name}`,
  )
  return database.asOwner(`select ${counted.join(', ')}`, [world.tenantId])
}

describe('TikTok Shop', () => {
  test('a genuine one makes its shop look at once, and only that', async () => {
    await rested()
    expect(await dueIn(world.channels.tiktok)).toBeGreaterThan(0)
    expect(await post('tiktok', signed(about('1')))).toBe(200)
    expect(await dueIn(world.channels.tiktok)).toBeLessThanOrEqual(0)
    expect(await dueIn(world.channels.wish)).toBeGreaterThan(0)
  })

  test.each<[string, (genuine: Message) => Message]>([
    ['forged', ({ headers, body }) => ({ headers: { ...headers, authorization: '0'.repeat(64) }, body })],
    ['not signed', ({ body }) => ({ headers: { 'content-type': 'application/json' }, body })],
    ['changed on the way', ({ headers, body }) => ({ headers, body: body.replace('AWAITING_SHIPMENT', 'CANCELLED') })],
    ['cut off on the way', ({ headers, body }) => ({ headers, body: body.slice(0, -30) })],
    ['empty', ({ headers }) => ({ headers, body: '' })],
  ])('one that is %s is refused and changes nothing', async (_name, spoil) => {
    await rested()
    const before = [await books(), await dueIn(world.channels.tiktok)]
    expect(await post('tiktok', spoil(signed(about('1'))))).toBe(401)
    expect([await books(), await dueIn(world.channels.tiktok)]).toEqual(before)
  })

  test.each<[string, () => Message]>([
    ['of a shop nobody connected', () => signed(about('1', { shop_id: '7490000000000000001' }))],
    ['of a kind nobody knows', () => signed(about('1', { type: 4711 }))],
    ['that is genuine and no JSON', () => signed('{"type":1,"tts_notif')],
    ['that is genuine and a list', () => signed('[1,2]')],
    ['with a NUL and a lone surrogate in it', () => signed(about('\u0000\uD800', { data: { order_id: '\u0000' } }))],
  ])('one %s is taken and changes nothing', async (_name, message) => {
    await rested()
    const before = await books()
    expect(await post('tiktok', message())).toBeLessThan(500)
    expect(await books()).toEqual(before)
    expect(await world.finish(world.channels.tiktok, 'pull-orders')).toBe('done')
  })

  test('one that comes again, days late and in another order, costs at most one look', async () => {
    await rested()
    expect(await post('tiktok', signed(about('1')))).toBe(200)
    await rested()
    for (let times = 0; times < 5; times++) expect(await post('tiktok', signed(about('1')))).toBe(200)
    expect(await dueIn(world.channels.tiktok)).toBeGreaterThan(0)
    await world.wait(3 * 86_400)
    await rested()
    const before = await books()
    expect(await post('tiktok', signed(about('3')))).toBe(200)
    expect(await post('tiktok', signed(about('2')))).toBe(200)
    await rested()
    expect(await books()).toEqual(before)
  })

  test('product ids that are JSON numbers beyond 2^53 are understood', async () => {
    await world.finish(world.channels.tiktok, 'pull-listings')
    await world.wait(1000)
    expect(await dueIn(world.channels.tiktok, 'pull-listings')).toBeGreaterThan(3600)
    const message = JSON.stringify(about('1', { type: 5, data: { product_id: 'ID', status: 'ACTIVATE' } }))
    expect(await post('tiktok', signed(message.replace('"ID"', '1729592969712207999')))).toBe(200)
    expect(await dueIn(world.channels.tiktok, 'pull-listings')).toBeLessThanOrEqual(0)
  })

  test('dropped, doubled, reordered and forged all at once: every order comes once', async () => {
    const sold = await world.sell('tiktok', { sku: 'A-1', onHand: 50, inventory: 40 })
    const { control } = world.sandboxes.tiktok
    control.setApp({ webhookUrl: 'http://hub.test/hooks/tiktok' })
    const numbers: string[] = []
    for (let times = 0; times < 12; times++) {
      numbers.push(world.buy('tiktok', sold.sku))
      const deliveries = world.sandboxes.tiktok.takeDeliveries()
      for (const [index, delivery] of deliveries.toReversed().entries()) {
        if (index % 3 === 0) continue
        await post('tiktok', { headers: { ...delivery.headers, authorization: 'f'.repeat(64) }, body: delivery.body })
        for (let again = 0; again < 2; again++) expect(await post('tiktok', delivery)).toBe(200)
      }
      await world.kick(world.channels.tiktok, 'pull-orders')
      await world.wait(20)
    }
    await world.wait(600)
    await world.finish(world.channels.tiktok, 'pull-orders')
    const kept = (await world.orders(world.channels.tiktok)).map((order) => order.marketplace_order_id)
    expect(kept).toEqual(numbers.toSorted())
    expect(await world.problems()).toEqual([])
  })
})

describe('Wish, which signs nothing', () => {
  const told = (body: string): Message => ({
    headers: { 'wish-topic': 'ORDER_RELEASE', 'content-type': 'application/json' },
    body,
  })

  test('whatever it says is only a hint: a flood of inventions costs one look a minute', async () => {
    await rested()
    const before = await books()
    const asked = world.sandboxes.wish.control.requests().length
    for (let number = 0; number < 60; number++) {
      expect(await post('wish', told(JSON.stringify({ id: `invented-${number}`, state: 'REFUNDED' })))).toBe(200)
      if ((await dueIn(world.channels.wish)) === 0) await world.finish(world.channels.wish, 'pull-orders')
      await world.wait(1)
    }
    expect(await books()).toEqual(before)
    const looks = world.sandboxes.wish.control.requests().length - asked
    expect(looks).toBeGreaterThan(0)
    expect(looks).toBeLessThan(10)
    expect(await dueIn(world.channels.wish)).toBeLessThan(60)
  })

  test.each<[string, Message]>([
    [
      'cut off',
      { headers: { 'wish-topic': 'ORDER_RELEASE', 'content-type': 'application/json' }, body: '{"id":"69a5' },
    ],
    ['empty', { headers: { 'wish-topic': 'ORDER_RELEASE' }, body: '' }],
    ['HTML', { headers: { 'wish-topic': 'ORDER_RELEASE', 'content-type': 'text/html' }, body: '<html>' }],
    ['of a topic nobody knows', { headers: { 'wish-topic': 'ORDER_TELEPORTED' }, body: '{}' }],
  ])('one that is %s does no harm', async (_name, message) => {
    await rested()
    const before = await books()
    expect(await post('wish', message)).toBeLessThan(500)
    expect(await books()).toEqual(before)
  })

  test('one without a topic is none of Wish’s', async () => {
    expect(await post('wish', { headers: {}, body: '{}' })).toBe(401)
  })
})

test.each(['amazon', 'reverb', 'nowhere', 'constructor'])(
  'a door that is not there (%s) is not found',
  async (marketplace) => {
    expect(await post(marketplace, { headers: {}, body: '{}' })).toBe(404)
  },
)
