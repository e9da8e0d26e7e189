// Answers that nobody can read, in the middle of every kind of work: the work waits and is done later, a person is told
// when it lasts, and the other sales channel of the business goes on.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import {
  createMarketWorld,
  marketplaceIds,
  type MarketplaceId,
  type MarketWorld,
  type Passing,
} from './market-world.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

const htmlPage =
  '<!doctype html><html><head><title>Just a moment…</title></head><body><h1>Checking your browser</h1></body></html>'
const spoilings = {
  'a truncated answer': (body: string) => body.slice(0, Math.floor(body.length / 2)),
  'an HTML page with status 200': () => htmlPage,
} satisfies Record<string, (body: string) => string>

/** Which requests carry which work, by what the marketplaces publish. */
const orderLists: Record<MarketplaceId, RegExp> = {
  amazon: /^\/orders\/2026-01-01\/orders$/,
  reverb: /\/my\/orders\/selling\/all$/,
  tiktok: /\/orders\/search$/,
  wish: /^\/api\/v3\/orders$/,
}
const isToken = ({ path }: Passing) => /\/token(\/refresh)?$|refresh_token$/.test(path)

const other = (id: MarketplaceId): MarketplaceId => (id === 'reverb' ? 'wish' : 'reverb')

async function bothSell(id: MarketplaceId) {
  const world = await createMarketWorld(database, { only: [id, other(id)] })
  const mine = await world.sell(id, { sku: 'A-1' })
  const theirs = await world.sell(other(id), { sku: 'B-1' })
  await world.follow(world.channels[id])
  await world.follow(world.channels[other(id)])
  return { world, mine, theirs, channelId: world.channels[id], otherId: world.channels[other(id)] }
}

async function spoilAll(world: MarketWorld, id: MarketplaceId, how: (body: string) => string, path = /./) {
  world.spoil.count = 0
  world.spoil.answer = (passing, body) =>
    passing.marketplace === id && path.test(passing.path) && !isToken(passing) ? how(body) : undefined
}

describe.each(marketplaceIds)('%s', (id) => {
  test.each(Object.entries(spoilings))(
    'O5: %s to the orders loses none, and is told when it lasts',
    async (_name, how) => {
      const { world, mine, theirs, channelId, otherId } = await bothSell(id)
      const number = world.buy(id, mine.sku)
      await spoilAll(world, id, how, orderLists[id])
      for (let tries = 0; tries < 8; tries++) {
        await world.kick(channelId, 'pull-orders')
        await world.wait(200)
      }
      expect(world.spoil.count).toBeGreaterThan(3)
      expect(await world.orders(channelId)).toEqual([])
      const told = await world.problems(channelId)
      expect(told).toMatchObject([{ kind: 'channel-refused' }])
      expect(told[0]?.text).toContain('refused the download of orders')
      expect(told[0]?.text).not.toMatch(/undefined|null|<html|\[object/)
      expect((await world.health(channelId)).state).toBe('needs-attention')

      const elsewhere = world.buy(other(id), theirs.sku)
      await world.until(otherId, 'pull-orders', async () => (await world.orders(otherId)).length > 0)
      expect(await world.orders(otherId)).toMatchObject([{ marketplace_order_id: elsewhere }])
      expect((await world.health(otherId)).state).toBe('connected')

      world.spoil.answer = undefined
      await world.until(channelId, 'pull-orders', async () => (await world.orders(channelId)).length > 0)
      expect(await world.orders(channelId)).toMatchObject([{ marketplace_order_id: number }])
      expect(await world.problems(channelId)).toEqual([])
      expect((await world.health(channelId)).state).toBe('connected')
    },
  )

  test.each(Object.entries(spoilings))(
    'B3: %s to the listings calls none missing, and all are there later',
    async (_name, how) => {
      const { world, mine, channelId, otherId } = await bothSell(id)
      addListing(world, id, 'A-2')
      await spoilAll(world, id, how, listingPaths[id])
      for (let tries = 0; tries < 6; tries++) {
        await world.kick(channelId, 'pull-listings')
        await world.wait(300)
      }
      expect(world.spoil.count).toBeGreaterThan(1)
      const seen = await world.listings(channelId)
      expect(seen).toMatchObject([{ channel_sku: mine.sku, missing_since: null }])
      const [told] = (await world.problems(channelId)).filter(({ kind }) => kind === 'channel-refused')
      expect(told?.text).toContain('refused the download of listings')
      expect(await world.finish(otherId, 'pull-listings')).toBe('done')

      world.spoil.answer = undefined
      await world.until(channelId, 'pull-listings', async () => (await world.listings(channelId)).length === 2, 20, 600)
      expect((await world.listings(channelId)).map(({ missing_since: missing }) => missing)).toEqual([null, null])
      await world.until(channelId, 'pull-listings', async () => (await world.problems(channelId)).length === 0, 20, 600)
    },
  )

  test.each(Object.entries(spoilings))(
    'E3: %s to a stock figure leaves the right one over there in the end',
    async (_name, how) => {
      const { world, mine, theirs, channelId, otherId } = await bothSell(id)
      await world.setStock(mine, 7)
      await world.setStock(theirs, 7)
      await spoilAll(world, id, how)
      for (let tries = 0; tries < 6; tries++) {
        await world.kick(channelId, 'push-stock')
        await world.wait(120)
      }
      expect(world.spoil.count).toBeGreaterThan(1)
      expect(await world.target(mine.listingId)).not.toMatchObject({ state: 'settled' })
      expect(await world.problems(channelId)).toHaveLength(1)
      expect(await world.finish(otherId, 'push-stock')).toBe('done')
      expect(world.shown(other(id), theirs.sku)).toBe(7)

      world.spoil.answer = undefined
      await world.setStock(mine, 4)
      await world.until(
        channelId,
        'push-stock',
        async () => (await world.target(mine.listingId))?.state === 'settled' && world.shown(id, mine.sku) === 4,
      )
      expect(await world.problems(channelId)).toEqual([])
    },
  )

  test.each(Object.entries(spoilings))(
    'V1: %s to a dispatch tells the buyer once, and none of the others waits',
    async (_name, how) => {
      const { world, mine, theirs, channelId, otherId } = await bothSell(id)
      const number = world.buy(id, mine.sku)
      const elsewhere = world.buy(other(id), theirs.sku)
      await world.until(channelId, 'pull-orders', async () => (await world.orders(channelId)).length === 1)
      await world.until(otherId, 'pull-orders', async () => (await world.orders(otherId)).length === 1)
      await world.ship(number, 'AB123456789GB')
      await world.ship(elsewhere, 'CD123456789GB')
      await spoilAll(world, id, how)
      for (let tries = 0; tries < 6; tries++) {
        await world.kick(channelId, 'confirm-shipments')
        await world.wait(200)
      }
      expect(world.spoil.count).toBeGreaterThan(1)
      const [told] = await world.problems()
      expect(told?.kind).toMatch(/^confirmation-(delayed|unclear)$/)
      expect(told?.text).toContain(number)
      await world.until(otherId, 'confirm-shipments', async () => (await world.effect(elsewhere))?.state === 'applied')

      world.spoil.answer = undefined
      await world.until(channelId, 'confirm-shipments', async () => (await world.effect(number))?.state === 'applied')
      const { confirmations } = world.sandboxes[id].control.truth()
      expect(confirmations.filter(({ outcome }) => outcome === 'accepted')).toMatchObject([{ orderNumber: number }])
      expect(await world.problems()).toEqual([])
    },
  )
})

/** Where listings, or the files of them, are read. */
const listingPaths: Record<MarketplaceId, RegExp> = {
  amazon: /\/reports\//,
  reverb: /\/my\/listings$/,
  tiktok: /\/products\/search$/,
  wish: /\/bulk_get|^\/files\//,
}

function addListing(world: MarketWorld, id: MarketplaceId, sku: string) {
  const line = { sku, title: `Article ${sku}`, inventory: 20, condition: 'Brand New' }
  if (id === 'reverb') world.sandboxes.reverb.control.addListings([{ ...line, price: 10 }])
  else world.sandboxes[id].control.addListings([{ ...line, price: '10.00' }])
}
