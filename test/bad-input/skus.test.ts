// SKUs as sellers write them: with slashes, plus signs, percent signs, blanks and pictures. Mapped by their name, pushed
// and ordered to the letter, and none mistaken for another.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createMarketWorld, marketplaceIds, type MarketplaceId, type Sold } from './market-world.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

// Sellers' SKUs have no blanks at TikTok Shop.
const skusOf = (id: MarketplaceId) =>
  ['A/B+C', '50%25off', 'x%2Fy', '🎸-1/2+3', 'é+%', '../up'].concat(id === 'tiktok' ? [] : ['two  blanks + 1'])

test.each(marketplaceIds)(
  '%s: odd SKUs are downloaded, mapped, pushed, ordered and dispatched to the letter',
  async (id) => {
    const world = await createMarketWorld(database, { only: [id] })
    const channelId = world.channels[id]
    const skus = skusOf(id)
    const lines = skus.map((sku) => ({ sku, title: `Article ${sku}`, inventory: 20, condition: 'Brand New' }))
    if (id === 'reverb') world.sandboxes.reverb.control.addListings(lines.map((line) => ({ ...line, price: 10 })))
    else world.sandboxes[id].control.addListings(lines.map((line) => ({ ...line, price: '10.00' })))
    const sold: Sold[] = []
    for (const sku of skus) sold.push(await world.sellListed(id, sku))
    await world.follow(channelId)
    for (const [index, one] of sold.entries()) await world.setStock(one, 30 + index)
    await world.until(channelId, 'push-stock', async () =>
      skus.every((sku, index) => world.shown(id, sku) === 30 + index),
    )
    const numbers = skus.map((sku) => world.buy(id, sku))
    await world.until(channelId, 'pull-orders', async () => (await world.orders(channelId)).length === skus.length)
    const kept = await database.asOwner<{ number: string; sku: string; listing: string; status: string }>(
      `select o.marketplace_order_id as number, l.channel_sku as sku, l.listing_id as listing, o.status
     from order_lines l join orders o on o.id = l.order_id where o.channel_id = $1`,
      [channelId],
    )
    const expected = skus.map((sku, index) => ({
      number: numbers[index],
      sku,
      listing: sold[index]?.listingId,
      status: 'with-supplier',
    }))
    expect(new Set(kept)).toEqual(new Set(expected))
    for (const number of numbers) {
      await world.ship(number, `AB${numbers.indexOf(number)}23456789GB`)
      await world.until(channelId, 'confirm-shipments', async () => (await world.effect(number))?.state === 'applied')
    }
    expect(await world.problems()).toEqual([])
  },
)
