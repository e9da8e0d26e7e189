import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { createOrdersWorld, noon, type OrdersWorld } from '../../../test/support/orders-world.ts'
import { routeWaitingOrders } from './route-waiting.command.ts'
import { chooseOffer, type Offer } from './routing.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

type Placed = { order_id: string; sku: string; state: string; reason: string | null; supplier: string | null }

const placements = (world: OrdersWorld) =>
  database.asOwner<Placed>(
    `select o.marketplace_order_id as order_id, v.sku, c.state, c.hold_reason as reason, s.name as supplier
     from order_line_components c join orders o on o.id = c.order_id join variants v on v.id = c.variant_id
     left join reservations r on r.component_id = c.id and r.state = 'active'
     left join supplier_offers f on f.id = r.offer_id left join suppliers s on s.id = f.supplier_id
     where c.tenant_id = $1 order by o.placed_at, o.id, c.id`,
    [world.tenantId],
  )

const scenario = fc.record({
  suppliers: fc.array(
    fc.record({
      preference: fc.integer({ min: 1, max: 2 }),
      active: fc.boolean(),
      onHand: fc.option(fc.integer({ min: 0, max: 5 }), { freq: 6 }),
      cost: fc.option(fc.integer({ min: 1, max: 3 }), { freq: 6 }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  orders: fc.array(fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 2 }), {
    minLength: 1,
    maxLength: 5,
  }),
})

test('D4: what the database holds afterwards is what the plain rule says, line by line, and S1, S2, P1, P2 hold', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ suppliers, orders }) => {
      const world = await createOrdersWorld(database)
      const variantId = await world.addVariant('V1')
      await world.addListing('L1', [[variantId, 1]])
      const offers: Offer[] = []
      for (const [index, { preference, active, onHand, cost }] of suppliers.entries()) {
        const name = `S${index}`
        const supplierId = await world.addSupplier({ name, preference, active })
        const id = await world.addOffer({ supplierId, variantId, onHand, cost })
        offers.push({
          id,
          variantId,
          supplierId,
          supplierName: name,
          preference,
          supplierActive: active,
          active: true,
          onHand,
          reserved: 0,
          costMinor: cost,
          currency: 'GBP',
        })
      }
      const page = orders.map((quantities, index) =>
        world.order(`${index}`, {
          placedAt: new Date(noon.getTime() + index),
          buys: quantities.map((quantity) => ['L1', quantity]),
        }),
      )
      await world.ingest(...page)

      const expected = orders.flatMap((quantities) =>
        quantities.map((quantity) => {
          const { chosen } = chooseOffer({ quantity }, offers)
          if (chosen) chosen.reserved += quantity
          return chosen?.supplierName ?? null
        }),
      )
      expect((await placements(world)).map((placed) => placed.supplier)).toEqual(expected)
      expect(await world.stockFaults()).toEqual([])
    }),
    { numRuns: 25 },
  )
})

test('D4: orders that wait are filled oldest first when stock comes, and what nobody can fill does not stand in the way', async () => {
  const world = await createOrdersWorld(database)
  const supplierId = await world.addSupplier({ name: 'North' })
  const [some, none] = [await world.addVariant('V1'), await world.addVariant('V2')]
  const offerId = await world.addOffer({ supplierId, variantId: some, onHand: 0 })
  await world.addListing('L1', [[some, 1]])
  await world.addListing('L2', [[none, 1]])
  const at = (minute: number) => new Date(noon.getTime() + minute * 60_000)
  await world.ingest(
    world.order('newest', { placedAt: at(3) }),
    world.order('hopeless', { placedAt: at(1), buys: [['L2', 1]] }),
    world.order('oldest', { placedAt: at(2) }),
  )
  expect((await placements(world)).map(({ order_id, reason }) => [order_id, reason])).toEqual([
    ['hopeless', 'no-offer'],
    ['oldest', 'no-stock'],
    ['newest', 'no-stock'],
  ])
  await database.asOwner('update supplier_offers set on_hand = 1 where id = $1', [offerId])
  await database.asOwner(
    "insert into stock_movements (tenant_id, id, offer_id, delta, on_hand_after, reason, actor) values ($1, gen_random_uuid(), $2, 1, 1, 'hand', 'test')",
    [world.tenantId, offerId],
  )
  await Promise.all([routeWaitingOrders(database.db, world.tenantId), routeWaitingOrders(database.db, world.tenantId)])

  expect((await placements(world)).map(({ order_id, state }) => [order_id, state])).toEqual([
    ['hopeless', 'held'],
    ['oldest', 'routed'],
    ['newest', 'held'],
  ])
  expect(await world.stockFaults()).toEqual([])
})

test('D4: of an order only partly in stock the other lines go on, and the rest follows as a second purchase order', async () => {
  const world = await createOrdersWorld(database)
  const supplierId = await world.addSupplier()
  const [there, missing] = [await world.addVariant('V1'), await world.addVariant('V2')]
  await world.addOffer({ supplierId, variantId: there, onHand: 5 })
  const offerId = await world.addOffer({ supplierId, variantId: missing, onHand: null })
  await world.addListing('L1', [[there, 1]])
  await world.addListing('L2', [[missing, 1]])
  await world.ingest(
    world.order('A', {
      buys: [
        ['L1', 1],
        ['L2', 1],
      ],
    }),
  )
  expect((await placements(world)).map(({ state, reason }) => [state, reason])).toEqual([
    ['routed', null],
    ['held', 'stock-unknown'],
  ])
  await database.asOwner('update supplier_offers set on_hand = 2 where id = $1', [offerId])
  await database.asOwner(
    "insert into stock_movements (tenant_id, id, offer_id, delta, on_hand_after, reason, actor) values ($1, gen_random_uuid(), $2, 2, 2, 'hand', 'test')",
    [world.tenantId, offerId],
  )
  await routeWaitingOrders(database.db, world.tenantId)
  const rows = await database.asOwner(
    'select number, split_number from purchase_orders where tenant_id = $1 order by number',
    [world.tenantId],
  )
  expect(rows).toEqual([
    { number: 'PO-000001', split_number: 1 },
    { number: 'PO-000002', split_number: 2 },
  ])
  expect(await world.stockFaults()).toEqual([])
})

test('D5: numbers have no gaps, also when many pages are stored at once and one of them fails', async () => {
  const world = await createOrdersWorld(database)
  const supplierId = await world.addSupplier()
  const variantId = await world.addVariant('V1')
  await world.addOffer({ supplierId, variantId, onHand: 100 })
  await world.addListing('L1', [[variantId, 1]])
  const pages = Array.from({ length: 6 }, (_, page) =>
    Array.from({ length: 5 }, (_, index) => world.order(`${page}-${index}`)),
  )
  const broken = world.transaction(async (tx) => {
    const { ingestOrders } = await import('../orders/ingest-orders.command.ts')
    await ingestOrders(tx, {
      channelId: world.channelId,
      orders: [world.order('lost')],
      unreadable: [],
      cursor: null,
      secrets: world.secrets,
    })
    throw new Error('The page fails at its end')
  })
  await Promise.allSettled([...pages.map((orders) => world.ingest(...orders)), broken])
  const rows = await database.asOwner<{ number: string }>(
    'select number from purchase_orders where tenant_id = $1 order by number',
    [world.tenantId],
  )
  expect(rows.map((row) => row.number)).toEqual(
    Array.from({ length: 30 }, (_, index) => `PO-${String(index + 1).padStart(6, '0')}`),
  )
  await expect(broken).rejects.toThrow('fails at its end')
})
