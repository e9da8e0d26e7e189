// Words, currencies and numbers nobody has told us of: kept as they came, shown to a person, and never guessed.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createMarketWorld, marketplaceIds, type MarketplaceId, type MarketWorld } from './market-world.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

const orderPaths: Record<MarketplaceId, RegExp> = {
  amazon: /^\/orders\/2026-01-01\/orders/,
  reverb: /\/my\/orders\/selling/,
  tiktok: /^\/order\/\d+\/orders/,
  wish: /^\/api\/v3\/orders/,
}

async function selling(id: MarketplaceId) {
  const world = await createMarketWorld(database, { only: [id] })
  const sold = await world.sell(id, { sku: 'A-1' })
  return { world, sold, channelId: world.channels[id] }
}

/** Changes what is said of one order, wherever it is said. */
function sayOfOrder(world: MarketWorld, id: MarketplaceId, number: string, change: (text: string) => string) {
  world.spoil.answer = ({ marketplace, path }, body) => {
    if (marketplace !== id || !orderPaths[id].test(path) || !body.includes(number)) return undefined
    return JSON.stringify(eachOrder(JSON.parse(body), number, (order) => JSON.parse(change(JSON.stringify(order)))))
  }
}

/** The innermost object that carries the number as one of its own values is the order. */
function eachOrder(value: unknown, number: string, change: (order: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => eachOrder(one, number, change))
  if (typeof value !== 'object' || value === null) return value
  if (['id', 'orderId', 'order_number'].some((name) => (value as Record<string, unknown>)[name] === number))
    return change(value)
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, eachOrder(one, number, change)]))
}

const statusWords: Record<MarketplaceId, RegExp> = {
  amazon: /"UNSHIPPED"/g,
  reverb: /"paid"/g,
  tiktok: /"AWAITING_SHIPMENT"/g,
  wish: /"APPROVED"/g,
}

describe.each(marketplaceIds)('%s', (id) => {
  test('D9: an order in a status nobody knows is kept, goes to no supplier, and stops no other', async () => {
    const { world, sold, channelId } = await selling(id)
    const strange = world.buy(id, sold.sku)
    const plain = world.buy(id, sold.sku)
    sayOfOrder(world, id, strange, (text) => text.replaceAll(statusWords[id], '"AWAITING_TRIBUNAL"'))
    await world.until(channelId, 'pull-orders', async () => (await world.orders(channelId)).length === 2)
    const kept = Object.fromEntries((await world.orders(channelId)).map((order) => [order.marketplace_order_id, order]))
    expect(kept[strange]).toMatchObject({ channel_status: 'unknown', status: 'error' })
    expect(kept[plain]).toMatchObject({ status: 'with-supplier' })
    const told = await world.problems()
    expect(told).toMatchObject([{ kind: 'unknown-status' }])
    expect(told[0]?.text).toContain('AWAITING_TRIBUNAL')
    expect(told[0]?.text).toContain(strange)
  })

  test('an order in a currency this integration does not sell in is taken as it is, and told', async () => {
    const { world, sold, channelId } = await selling(id)
    const strange = world.buy(id, sold.sku)
    const plain = world.buy(id, sold.sku)
    sayOfOrder(world, id, strange, (text) => text.replaceAll('"GBP"', '"SEK"'))
    await world.until(channelId, 'pull-orders', async () => (await world.orders(channelId)).length === 2)
    const kept = Object.fromEntries((await world.orders(channelId)).map((order) => [order.marketplace_order_id, order]))
    expect(kept[strange]).toMatchObject({ currency: 'SEK' })
    expect(kept[plain]).toMatchObject({ currency: 'GBP', status: 'with-supplier' })
    const told = await world.problems()
    expect(told).toMatchObject([{ kind: 'unexpected-currency' }])
    expect(told[0]?.text).toMatch(/is in SEK, but this integration sells in GBP/)
  })

  test('D1: an order in no currency at all is set aside and told, the rest is taken, and it comes once it can be read', async () => {
    const { world, sold, channelId } = await selling(id)
    const strange = world.buy(id, sold.sku)
    const plain = world.buy(id, sold.sku)
    sayOfOrder(world, id, strange, (text) => text.replaceAll('"GBP"', '"XXX"'))
    await world.until(channelId, 'pull-orders', async () => (await world.orders(channelId)).length === 1)
    expect(await world.orders(channelId)).toMatchObject([{ marketplace_order_id: plain }])
    const told = await world.problems(channelId)
    expect(told).toMatchObject([{ kind: 'order-unreadable' }])
    expect(told[0]?.text).toContain(strange)
    expect(told[0]?.text).toContain('XXX')
    // Long after no list shows it any more.
    await world.wait(2 * 86_400)
    await world.finish(channelId, 'pull-orders')
    expect(await world.problems(channelId)).toHaveLength(1)
    world.spoil.answer = undefined
    await world.until(channelId, 'pull-orders', async () => (await world.orders(channelId)).length === 2)
    expect(await world.problems(channelId)).toEqual([])
  })
})

const listingWords: Record<MarketplaceId, [RegExp, RegExp, string]> = {
  amazon: [/^\/documents\//, /\tActive/g, '\tDreaming'],
  reverb: [/\/my\/listings/, /"slug":"live"/g, '"slug":"dreaming"'],
  tiktok: [/\/products\/search$/, /"ACTIVATE"/g, '"DREAMING"'],
  wish: [/^\/files\//, /"ACTIVE"/g, '"DREAMING"'],
}

test.each(marketplaceIds)(
  '%s: a listing in a state nobody knows is kept with its word, and goes on being updated',
  async (id) => {
    const { world, sold, channelId } = await selling(id)
    await world.follow(channelId)
    const [path, word, strange] = listingWords[id]
    await world.wait(7 * 3600)
    world.spoil.answer = (passing, body) => (path.test(passing.path) ? body.replaceAll(word, strange) : undefined)
    await world.finish(channelId, 'pull-listings')
    const [row] = await database.asOwner<{ state: string; marketplace_state: string }>(
      'select state, marketplace_state from listings where id = $1',
      [sold.listingId],
    )
    expect(row?.state).toBe('unknown')
    expect(row?.marketplace_state).toMatch(/dreaming/i)
    world.spoil.answer = undefined
    await world.setStock(sold, 3)
    await world.until(channelId, 'push-stock', async () => world.shown(id, sold.sku) === 3)
  },
)

test.each(marketplaceIds)('%s: numbers beyond 2^53 in answers pass to the last digit', async (id) => {
  const { world, sold, channelId } = await selling(id)
  const number = world.buy(id, sold.sku)
  // As bare JSON numbers, as some gateways write them: of the line, or where that is the order's own, of the basket.
  const bare = '9007199254740993'
  const lineId = world.sandboxes[id].control.truth().orders.find((order) => order.number === number)?.lines[0]?.lineId
  world.spoil.answer = ({ marketplace, path }, body) => {
    if (marketplace !== id || !orderPaths[id].test(path)) return undefined
    const changed = body
      .replace(/("transaction_id":)"[^"]*"/g, `$1${bare}`)
      .replaceAll(lineId === number ? '"no such id"' : `"${lineId}"`, bare)
      .replaceAll(`"order_number":"${number}"`, `"order_number":${bare}`)
    return changed === body ? undefined : changed
  }
  await world.until(channelId, 'pull-orders', async () => (await world.orders(channelId)).length === 1)
  expect(world.spoil.count).toBeGreaterThan(0)
  const kept = await database.asOwner(
    `select l.marketplace_line_id, o.marketplace_order_id, o.bundle_id from order_lines l join orders o on o.id = l.order_id
     where o.channel_id = $1`,
    [channelId],
  )
  expect(JSON.stringify(kept)).toContain(bare)
})
