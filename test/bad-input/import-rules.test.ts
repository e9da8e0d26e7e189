// D2 in full at every marketplace: exclude × split × (all mapped, mixed, none mapped), with packs, kits and one listing
// bought twice. Whatever was sold is imported, left out with a line in the log, or a problem: nothing is dropped.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { changeChannelSettings } from '../../src/domain/channels/change-settings.command.ts'
import { mapListings } from '../../src/domain/listings/map-listings.command.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createMarketWorld, marketplaceIds, type MarketplaceId, type MarketWorld } from './market-world.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

const baskets = [['GOOD'], ['GOOD', 'STRAY'], ['STRAY'], ['PACK', 'KIT'], ['GOOD', 'GOOD'], ['PACK', 'STRAY', 'KIT']]
const rules = [
  { excludeUnmapped: false, splitMixed: false },
  { excludeUnmapped: true, splitMixed: false },
  { excludeUnmapped: false, splitMixed: true },
]
type Rule = (typeof rules)[number]

/** D2 as the product says it: how many of its units are imported, one a line, or why none is. */
function wanted(mapped: boolean[], { excludeUnmapped, splitMixed }: Rule): number | string {
  const count = mapped.filter(Boolean).length
  if (count === mapped.length) return mapped.length
  if (excludeUnmapped) return count === 0 ? 'excluded-unmapped' : 'excluded-mixed'
  return splitMixed && count > 0 ? count : mapped.length
}

async function openShop(id: MarketplaceId): Promise<MarketWorld> {
  const world = await createMarketWorld(database, { only: [id] })
  const channelId = world.channels[id]
  const good = await world.sell(id, { sku: 'GOOD', onHand: 10_000, inventory: 500 })
  const pack = await world.sell(id, { sku: 'PACK', onHand: 10_000, inventory: 500 })
  const kit = await world.sell(id, { sku: 'KIT', onHand: 10_000, inventory: 500 })
  const stray = await world.sell(id, { sku: 'STRAY', onHand: 1, inventory: 500 })
  const change = {
    map: [
      { listingId: pack.listingId, components: [{ variantId: good.variantId, quantity: 3 }] },
      {
        listingId: kit.listingId,
        components: [
          { variantId: good.variantId, quantity: 1 },
          { variantId: pack.variantId, quantity: 2 },
        ],
      },
    ],
    unlink: [stray.listingId],
  }
  const saved = await mapListings(world.parts.db, world.tenantId, { channelId, change, actor: 'A person' })
  if (saved.kind !== 'saved') throw new Error(saved.reason)
  return world
}

const unitsOf: Record<string, number> = { GOOD: 1, PACK: 3, KIT: 3 }

describe.each(marketplaceIds)('%s', (id) => {
  test('D2: every combination of the rules and of what is mapped', { timeout: 120_000 }, async () => {
    const world = await openShop(id)
    const channelId = world.channels[id]
    const expected = new Map<string, number | string>()
    for (const rule of rules) {
      const saved = await changeChannelSettings(world.parts.db, world.tenantId, {
        channelId,
        change: rule,
        actor: 'A person',
      })
      if (saved.kind !== 'saved') throw new Error(saved.reason)
      const placed = world.sandboxes[id].control
        .placeOrders(baskets.map((skus) => ({ lines: skus.map((sku) => ({ sku, quantity: 1 })), force: true })))
        .flatMap(({ orders }) => orders.map(({ number }) => number))
      const truth = new Map(world.sandboxes[id].control.truth().orders.map((order) => [order.number, order.lines]))
      for (const number of placed) {
        const mapped = (truth.get(number) ?? []).map(({ sku }) => sku !== 'STRAY')
        expected.set(number, wanted(mapped, rule))
      }
      await world.until(channelId, 'pull-orders', async () => (await outcomes(channelId)).size === expected.size)
    }
    expect(Object.fromEntries(await outcomes(channelId))).toEqual(Object.fromEntries(expected))
    expect(await world.problems()).toEqual([])
    // Packs and kits multiply: what is promised is what the imported lines ask for.
    const skus = await database.asOwner<{ sku: string; quantity: number; units: number }>(
      `select l.channel_sku as sku, l.quantity, (
         select sum(c.quantity)::int from order_line_components c where c.order_line_id = l.id
       ) as units from order_lines l join orders o on o.id = l.order_id where o.channel_id = $1 and l.mapped`,
      [channelId],
    )
    expect(skus.filter(({ sku, quantity, units }) => units !== quantity * (unitsOf[sku] ?? 0))).toEqual([])
  })
})

/** Units of each order that came in, or why it was left out. Some marketplaces name each unit alone, and lines join them. */
async function outcomes(channelId: string): Promise<Map<string, number | string>> {
  const rows = await database.asOwner<{ id: string; units: number | null; reason: string | null }>(
    `select marketplace_order_id as id, (select sum(l.quantity)::int from order_lines l where l.order_id = o.id) as units, null as reason
     from orders o where channel_id = $1
     union all select marketplace_order_id, null, reason from skipped_orders where channel_id = $1`,
    [channelId],
  )
  return new Map(rows.map(({ id, units, reason }) => [id, units ?? reason ?? '']))
}
