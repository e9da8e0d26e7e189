// Listings that come as a file, or over several pages: whatever ends them in the middle, nothing is called missing that was
// only not read, and the next download has all of them.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createMarketWorld, type MarketplaceId, type MarketWorld, type Spoil } from './market-world.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

const count = 120

async function shopOf(id: 'amazon' | 'tiktok' | 'wish') {
  const world = await createMarketWorld(database, { only: [id] })
  const lines = Array.from({ length: count }, (_, index) => ({
    sku: `SKU-${index}`,
    title: `Article ${index}`,
    price: '10.00',
    inventory: 5,
  }))
  world.sandboxes[id].control.addListings(lines)
  const channelId = world.channels[id]
  await world.finish(channelId, 'pull-listings')
  expect(await present(world, channelId)).toBe(count)
  await world.wait(7 * 3600)
  return { world, channelId }
}

async function present(world: MarketWorld, channelId: string): Promise<number> {
  return (await world.listings(channelId)).filter(({ missing_since: missing }) => missing === null).length
}

/** Some pulls as the schedule would kick them, over this long. */
async function pullFor(world: MarketWorld, channelId: string, minutes: number) {
  for (let minute = 0; minute < minutes; minute += 5) {
    await world.kick(channelId, 'pull-listings')
    await world.wait(300)
  }
}

const files: Record<'amazon' | 'wish', RegExp> = { amazon: /^\/(?!reports|listings|auth|sellers)/, wish: /^\/files\// }
const only =
  (id: MarketplaceId, path: RegExp, how: (body: string) => ReturnType<Spoil>): Spoil =>
  (passing, body) =>
    passing.marketplace === id && passing.method === 'GET' && path.test(passing.path) ? how(body) : undefined

describe.each(['amazon', 'wish'] as const)('%s: the file of all listings', (id) => {
  test.each([
    ['breaks in the middle', () => ({ breaks: true }) as const],
    ['ends in the middle of a line', (body: string) => body.slice(0, Math.floor(body.length / 2) + 7)],
    ['is an HTML page', () => '<!doctype html><html><body>Sign in</body></html>'],
    ['is empty', () => ''],
  ])('B3: when it %s nothing is called missing, and the next is read whole', async (_name, how) => {
    const { world, channelId } = await shopOf(id)
    world.sandboxes[id].control.addListings([{ sku: 'NEW-1', title: 'A new one', price: '10.00', inventory: 5 }])
    world.spoil.answer = only(id, files[id], how)
    await pullFor(world, channelId, 40)
    expect(world.spoil.count).toBeGreaterThan(0)
    expect(await present(world, channelId)).toBeGreaterThanOrEqual(count)
    const runs = await world.runs(channelId)
    const told = [
      ...(await world.problems(channelId)).map(({ text }) => text),
      ...runs.flatMap(({ message }) => message ?? []),
    ]
    expect(told.join(' ')).toMatch(/(listing report|file|connection|catalogue)/i)

    world.spoil.answer = undefined
    await world.until(channelId, 'pull-listings', async () => (await present(world, channelId)) === count + 1, 20, 600)
    await world.until(channelId, 'pull-listings', async () => (await world.problems(channelId)).length === 0, 20, 600)
  })
})

test('B3: TikTok Shop refuses a page in the middle of the walk, and those of the pages before are not called missing', async () => {
  const { world, channelId } = await shopOf('tiktok')
  let pages = 0
  world.spoil.answer = ({ path }) => {
    if (!path.endsWith('/products/search')) return undefined
    pages += 1
    return pages === 2
      ? { status: 400, body: JSON.stringify({ code: 12_052_999, message: 'Not now', data: null }) }
      : undefined
  }
  const missing: number[] = []
  for (let times = 0; times < 80; times++) {
    await world.kick(channelId, 'pull-listings')
    missing.push(count - (await present(world, channelId)))
    await world.wait(300)
  }
  expect(pages).toBeGreaterThan(4)
  expect(Math.max(...missing)).toBe(0)
})

test('B3: a report that Amazon cancels for want of anything to write is no empty shop', async () => {
  const { world, channelId } = await shopOf('amazon')
  world.sandboxes.amazon.control.choose({ reportsCancelled: true })
  await pullFor(world, channelId, 60)
  expect(await present(world, channelId)).toBe(count)
  world.sandboxes.amazon.control.choose({ reportsCancelled: false })
  world.sandboxes.amazon.control.addListings([{ sku: 'NEW-1', title: 'A new one', price: '10.00', inventory: 5 }])
  await world.until(channelId, 'pull-listings', async () => (await present(world, channelId)) === count + 1, 8, 600)
})

test('B3: an Amazon report in old letters keeps its umlauts, quotes and euro signs', async () => {
  const world = await createMarketWorld(database, { only: ['amazon'] })
  const titles = ['Käsehobel “Größe 2” – 5 €', 'Café crème à la façon']
  world.sandboxes.amazon.control.choose({ reportEncoding: 'cp1252' })
  world.sandboxes.amazon.control.addListings(
    titles.map((title, index) => ({ sku: `ÄÖ-${index}`, title, price: '10.00', inventory: 5 })),
  )
  const channelId = world.channels.amazon
  await world.finish(channelId, 'pull-listings')
  const rows = await database.asOwner<{ title: string; channel_sku: string }>(
    'select title, channel_sku from listings where channel_id = $1 order by channel_sku',
    [channelId],
  )
  expect(rows).toEqual(titles.map((title, index) => ({ title, channel_sku: `ÄÖ-${index}` })))
})
