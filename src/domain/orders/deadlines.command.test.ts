import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { createOrdersWorld, type OrdersWorld } from '../../../test/support/orders-world.ts'
import { shipOrder } from '../shipping/ship-order.command.ts'
import { watchDeadlines } from './deadlines.command.ts'
import { forgetBuyers } from './forget-buyers.command.ts'

let database: TestDatabase
let world: OrdersWorld

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

beforeEach(async () => {
  world = await createOrdersWorld(database)
  const supplierId = await world.addSupplier()
  const variantId = await world.addVariant('V1')
  await world.addOffer({ supplierId, variantId, onHand: 10 })
  await world.addListing('L1', [[variantId, 1]])
})

const now = new Date()
const inHours = (hours: number) => new Date(now.getTime() + hours * 3_600_000)
const watch = () => world.transaction((tx) => watchDeadlines(tx))

const open = async () =>
  (
    await database.asOwner<{ kind: string }>(
      "select kind from problems where tenant_id = $1 and closed_at is null and kind like 'ship-by-%' order by kind",
      [world.tenantId],
    )
  ).map((row) => row.kind)

async function ship(orderId: string) {
  const [order] = await database.asOwner<{ id: string }>(
    'select p.id from purchase_orders p join orders o on o.id = p.order_id where p.tenant_id = $1 and o.marketplace_order_id = $2',
    [world.tenantId, orderId],
  )
  const parcel = { purchaseOrderId: order!.id, carrier: 'ups', trackingNumber: 'T', shippedAt: now, actor: 'a person' }
  expect((await world.transaction((tx) => shipOrder(tx, parcel))).kind).toBe('dispatched')
}

test('V2: an order near its ship-by time is a problem, another once it has passed, and none once it has left', async () => {
  await world.ingest(world.order('A', { shipBy: inHours(23) }), world.order('B', { shipBy: inHours(25) }))
  expect(await watch()).toEqual({ opened: 1, closed: 0 })
  expect(await watch()).toEqual({ opened: 0, closed: 0 })
  expect(await open()).toEqual(['ship-by-near'])
  await database.asOwner(
    "update orders set ship_by = now() - interval '1 minute' where tenant_id = $1 and marketplace_order_id = 'A'",
    [world.tenantId],
  )
  await watch()
  expect(await open()).toEqual(['ship-by-passed'])
  await database.asOwner("update orders set ship_by = null where tenant_id = $1 and marketplace_order_id = 'B'", [
    world.tenantId,
  ])
  await ship('A')
  await watch()
  expect(await open()).toEqual([])
})

test('V2: with the shortest warning, a problem exists half an hour before the time', async () => {
  await database.asOwner('update tenants set deadline_warning_hours = 1 where id = $1', [world.tenantId])
  await world.ingest(world.order('A', { shipBy: new Date(now.getTime() + 59 * 60_000) }))
  await watch()
  expect(await open()).toEqual(['ship-by-near'])
})

test('X3: after its days no buyer data of a closed order is anywhere; what was sold stays', async () => {
  const canary = 'Zqxcanary'
  const buyer = { name: `${canary} Buyer`, email: `${canary}@example.com`, phone: '0123' }
  const shipTo = {
    ...world.order('A').shipTo!,
    name: `${canary} Buyer`,
    street: `1 ${canary} Street`,
    postalCode: 'ZQ9 9ZQ',
  }
  const changes = { buyer, shipTo, raw: { note: canary } }
  await world.ingest(world.order('A', changes), world.order('B'))
  await ship('A')
  const contacts = async () =>
    database.asOwner<{ id: string; contact: boolean; body: boolean; terms: number; address_missing: boolean }>(
      `select o.marketplace_order_id as id, o.contact is not null as contact, o.address_missing,
         exists (select from order_bodies b where b.order_id = o.id) as body,
         (select count(*)::int from order_terms t where t.order_id = o.id and t.term like '=%') as terms
       from orders o where o.tenant_id = $1 order by 1`,
      [world.tenantId],
    )
  await world.transaction((tx) => forgetBuyers(tx))
  expect(await contacts()).toMatchObject([
    { contact: true, body: true },
    { contact: true, body: true },
  ])
  await database.asOwner("update orders set closed_at = closed_at - interval '31 days' where tenant_id = $1", [
    world.tenantId,
  ])
  await world.transaction((tx) => forgetBuyers(tx))
  await world.transaction((tx) => forgetBuyers(tx))
  const [gone, kept] = await contacts()
  expect(gone).toMatchObject({ id: 'A', contact: false, body: false, terms: 0, address_missing: true })
  expect(kept).toMatchObject({ id: 'B', contact: true, body: true })
  expect(kept!.terms).toBeGreaterThan(0)
  // A later view of the order does not bring them back.
  await world.ingest(world.order('A', { ...changes, status: 'shipped', updatedAt: inHours(1) }))
  expect((await contacts())[0]).toMatchObject({ contact: false, body: false, terms: 0 })
  const told = await database.asOwner(
    "select from order_events where tenant_id = $1 and kind = 'buyer-data-forgotten'",
    [world.tenantId],
  )
  expect(told).toHaveLength(1)
  expect(await tablesWith(canary)).toEqual([])
})

/** Every table of the database, as text. */
async function tablesWith(word: string): Promise<string[]> {
  const tables = await database.asOwner<{ name: string }>(
    "select table_schema || '.' || table_name as name from information_schema.tables where table_type = 'BASE TABLE' and table_schema in ('public', 'auth')",
  )
  const found: string[] = []
  for (const { name } of tables) {
    const rows = await database.asOwner(`select from ${name} t where t::text ilike '%' || $1 || '%' limit 1`, [word])
    if (rows.length > 0) found.push(name)
  }
  return found
}
