import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { createOrdersWorld, noon, type OrdersWorld } from '../../../test/support/orders-world.ts'
import { listSkippedOrders } from './skipped-orders.store.ts'
import { pinOrder } from './pin-order.command.ts'
import { sweepUnmapped } from './sweep-unmapped.command.ts'

let database: TestDatabase
let world: OrdersWorld
let listingId: string

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

beforeEach(async () => {
  world = await createOrdersWorld(database)
  listingId = await world.addListing('L1')
  await world.addListing('MAPPED', [[await world.addVariant('V1'), 1]])
  await world.ingest(
    world.order('A'),
    world.order('mixed', {
      buys: [
        ['L1', 1],
        ['MAPPED', 1],
      ],
    }),
  )
})

const ids = async () =>
  (
    await database.asOwner<{ id: string }>(
      'select marketplace_order_id as id from orders where tenant_id = $1 order by 1',
      [world.tenantId],
    )
  ).map((row) => row.id)
const letPass = (days: number) =>
  database.asOwner('update orders set imported_at = imported_at - make_interval(days => $2) where tenant_id = $1', [
    world.tenantId,
    days,
  ])
const sweep = () => world.transaction((tx) => sweepUnmapped(tx))

test('D3: an unmapped order is removed after three days with all it left, and repeats do not bring it back', async () => {
  await letPass(2)
  expect(await sweep()).toEqual({ removed: 0, more: false })
  await letPass(2)
  expect(await sweep()).toEqual({ removed: 1, more: false })
  await world.ingest(world.order('A', { updatedAt: new Date(noon.getTime() + 1000) }))

  expect(await ids()).toEqual(['mixed'])
  const left = await database.asOwner(
    `select (select count(*)::int from order_bodies where tenant_id = $1) as bodies,
       (select count(*)::int from order_events where tenant_id = $1 and kind = 'imported') as stories`,
    [world.tenantId],
  )
  expect(left).toEqual([{ bodies: 1, stories: 1 }])
  const { rows } = await world.transaction((tx) => listSkippedOrders(tx, world.channelId, { limit: 50 }))
  expect(rows[0]).toMatchObject({ marketplaceOrderId: 'A', reason: 'removed-unmapped' })
})

test('D3: a pinned order stays', async () => {
  const [order] = await database.asOwner<{ id: string }>(
    "select id from orders where tenant_id = $1 and marketplace_order_id = 'A'",
    [world.tenantId],
  )
  expect(
    await world.transaction((tx) => pinOrder(tx, { orderId: order!.id, pinned: true, actor: 'a person' })),
  ).toEqual({ kind: 'saved' })
  await letPass(30)
  await sweep()
  expect(await ids()).toEqual(['A', 'mixed'])
  await world.transaction((tx) => pinOrder(tx, { orderId: order!.id, pinned: false, actor: 'a person' }))
  await sweep()
  expect(await ids()).toEqual(['mixed'])
})

test('D3: only unmapped orders can be pinned', async () => {
  const [order] = await database.asOwner<{ id: string }>(
    "select id from orders where tenant_id = $1 and marketplace_order_id = 'mixed'",
    [world.tenantId],
  )
  expect(
    await world.transaction((tx) => pinOrder(tx, { orderId: order!.id, pinned: true, actor: 'a person' })),
  ).toEqual({ kind: 'refused', reason: 'mapped' })
})

test('D3: an order all of whose lines are mapped by then stays', async () => {
  await world.transaction(async (tx) => {
    const id = tx.ids.uuid()
    await tx
      .insertInto('sku_mappings')
      .values({ tenant_id: tx.tenantId, id, channel_id: world.channelId, listing_id: listingId, created_by: 'test' })
      .execute()
  })
  await letPass(30)
  await sweep()
  expect(await ids()).toEqual(['A', 'mixed'])
})

test('D3: the log is read page by page, newest first, and what is no place in it begins at the top', async () => {
  await world.settings({ exclude_unmapped: true })
  await world.ingest(...['B', 'C', 'D'].map((id) => world.order(id)))
  const read = (cursor?: string) =>
    world.transaction((tx) => listSkippedOrders(tx, world.channelId, { cursor, limit: 2 }))
  const first = await read()
  const second = await read(first.next ?? '')
  expect([first, second].map(({ rows }) => rows.map((row) => row.marketplaceOrderId))).toEqual([['D', 'C'], ['B']])
  expect([first.count, second.next]).toEqual([{ value: 3, more: false }, null])
  const broken = Buffer.from(JSON.stringify(['2026-99-99 00:00:00+00', 'D'])).toString('base64url')
  for (const cursor of ['nonsense', broken, '']) expect((await read(cursor)).rows[0]?.marketplaceOrderId).toBe('D')
})
