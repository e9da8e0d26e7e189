import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { createOrdersWorld, noon, type OrdersWorld } from '../../../test/support/orders-world.ts'
import { shipOrder } from '../shipping/ship-order.command.ts'

let database: TestDatabase
let world: OrdersWorld

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

beforeEach(async () => {
  world = await createOrdersWorld(database)
  const supplierId = await world.addSupplier({ name: 'North' })
  const [one, two] = [await world.addVariant('V1'), await world.addVariant('V2')]
  await world.addOffer({ supplierId, variantId: one, onHand: 10 })
  await world.addOffer({ supplierId, variantId: two, onHand: 10 })
  await world.addListing('L1', [[one, 2]])
  await world.addListing('L2', [[two, 1]])
  await world.addListing('L3')
})

const later = (minutes: number) => new Date(noon.getTime() + minutes * 60_000)
const see = (buys: [string, number][], minutes: number, changes = {}) =>
  world.ingest(world.order('A', { buys, updatedAt: later(minutes), ...changes }))

const parts = async () =>
  (
    await database.asOwner<{ text: string }>(
      `select c.quantity || ' ' || v.sku || ' ' || c.state as text from order_line_components c join variants v on v.id = c.variant_id
       where c.tenant_id = $1 order by v.sku, c.state, c.quantity`,
      [world.tenantId],
    )
  ).map((row) => row.text)

const problems = async () =>
  (
    await database.asOwner<{ text: string }>(
      `select concat_ws(' ', kind, data->>'units', data->>'lines') as text from problems where tenant_id = $1 and closed_at is null order by kind`,
      [world.tenantId],
    )
  ).map((row) => row.text)

const events = async (kind: string) =>
  (
    await database.asOwner<{ count: number }>(
      'select count(*)::int from order_events where tenant_id = $1 and kind = $2',
      [world.tenantId, kind],
    )
  )[0]?.count

test('D9: units called off within a line are cut once, whatever is repeated or comes late', async () => {
  await see(
    [
      ['L1', 3],
      ['L2', 1],
    ],
    0,
  )
  await see(
    [
      ['L1', 1],
      ['L2', 1],
    ],
    2,
  )
  await see(
    [
      ['L1', 1],
      ['L2', 1],
    ],
    2,
  )
  await see(
    [
      ['L1', 1],
      ['L2', 1],
    ],
    3,
  )
  // An older view changes nothing.
  await see(
    [
      ['L1', 3],
      ['L2', 1],
    ],
    1,
  )
  expect(await parts()).toEqual(['4 V1 cancelled', '2 V1 routed', '1 V2 routed'])
  expect([await events('lines-changed'), await events('units-cancelled'), await problems()]).toEqual([1, 1, []])
  expect(await world.stockFaults()).toEqual([])
})

test('D9: a line that vanished is cut, and the order goes on with the rest', async () => {
  await see(
    [
      ['L1', 1],
      ['L2', 1],
    ],
    0,
  )
  await world.ingest({
    ...world.order('A', { updatedAt: later(1) }),
    lines: world
      .order('A', {
        buys: [
          ['L1', 1],
          ['L2', 1],
        ],
      })
      .lines.slice(1),
  })
  expect(await parts()).toEqual(['2 V1 cancelled', '1 V2 routed'])
  expect(await world.stockFaults()).toEqual([])
})

test('D9: units that fell before the purchase order are cut there too, and after dispatch go to a person', async () => {
  await see([['L1', 2]], 0, { status: 'awaiting-payment' })
  await see([['L1', 1]], 1, { status: 'awaiting-payment' })
  expect(await parts()).toEqual(['2 V1 cancelled', '2 V1 reserved'])
  await see([['L1', 1]], 2)
  const [order] = await database.asOwner<{ id: string }>('select id from purchase_orders where tenant_id = $1', [
    world.tenantId,
  ])
  const parcel = { purchaseOrderId: order!.id, carrier: 'ups', trackingNumber: 'T', shippedAt: noon, actor: 'a person' }
  expect((await world.transaction((tx) => shipOrder(tx, parcel))).kind).toBe('dispatched')
  const { lines } = world.order('A', {
    buys: [
      ['L1', 1],
      ['L2', 1],
    ],
  })
  await see([['L1', 1]], 3, { lines: lines.slice(1) })
  expect(await parts()).toEqual(['2 V1 cancelled', '2 V1 dispatched'])
  expect(await problems()).toContain('units-called-off-after-dispatch 2')
  expect(await world.stockFaults()).toEqual([])
})

test('D9: a line that rose or is new is told once and shown to a person; nothing is bought for it', async () => {
  await see([['L1', 1]], 0)
  await see(
    [
      ['L1', 2],
      ['L2', 1],
    ],
    1,
  )
  await see(
    [
      ['L1', 2],
      ['L2', 1],
    ],
    2,
  )
  expect(await parts()).toEqual(['2 V1 routed'])
  expect(await problems()).toEqual(['order-lines-changed SKU-L1: 1 here, 2 there; SKU-L2: 0 here, 1 there'])
  expect(await events('lines-changed')).toBe(1)
})

test('D2, D9: a line left out by splitting is not taken for a new one', async () => {
  await world.settings({ split_mixed: true })
  await see(
    [
      ['L1', 1],
      ['L3', 1],
    ],
    0,
  )
  await see(
    [
      ['L1', 1],
      ['L3', 1],
    ],
    1,
  )
  expect(await problems()).toEqual([])
})
