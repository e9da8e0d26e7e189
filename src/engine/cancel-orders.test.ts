import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createOrdersWorld, noon, type OrdersWorld } from '../../test/support/orders-world.ts'
import { RefusedError, type ChannelOrder, type Connector, type Reply } from '../connectors/connector.ts'
import { cancelOrder, takeUpOrder } from '../domain/orders/cancel-order.command.ts'
import { shipOrder } from '../domain/shipping/ship-order.command.ts'
import { cancelOrders } from './cancel-orders.ts'
import type { ChannelRun, RunEnd } from './channel-run.ts'

let database: TestDatabase
let world: OrdersWorld
let orderId: string

/** What the marketplace was asked, whether it shows it, and how it answers next. */
let asked: string[]
let isCancelledThere: boolean
let answers: (() => Reply)[]
let checks: (() => Reply)[]

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

beforeEach(async () => {
  world = await createOrdersWorld(database)
  asked = []
  answers = []
  checks = []
  isCancelledThere = false
  const supplierId = await world.addSupplier()
  const variantId = await world.addVariant('V1')
  await world.addOffer({ supplierId, variantId, onHand: 10 })
  await world.addListing('L1', [[variantId, 2]])
  await world.ingest(world.order('A', { buys: [['L1', 2]] }))
  const [row] = await database.asOwner<{ id: string }>('select id from orders where tenant_id = $1', [world.tenantId])
  orderId = row!.id
  await allow()
})

/** The due table's row says that this marketplace takes cancellations. */
const allow = () =>
  database.asOwner(
    "insert into channel_work (tenant_id, channel_id, operation, every_seconds) values ($1, $2, 'cancel-orders', 60) on conflict do nothing",
    [world.tenantId, world.channelId],
  )

const take = (): Reply => {
  isCancelledThere = true
  return { kind: 'done' }
}

const connector = {
  name: 'A marketplace',
  orders: {
    read: async (_call: unknown, id: string): Promise<ChannelOrder> =>
      world.order(id, { status: isCancelledThere ? 'cancelled' : 'to-ship' }),
    cancel: async (_call: unknown, id: string, reason: string): Promise<Reply> => {
      asked.push(`${id} ${reason}`)
      return (answers.shift() ?? take)()
    },
    checkCancel: async (): Promise<Reply> => (checks.shift() ?? take)(),
  },
} as unknown as Connector

function run(): Promise<RunEnd> {
  const channel = { id: world.channelId }
  return cancelOrders.run({ connector, channel, call: {}, transaction: world.transaction } as unknown as ChannelRun)
}

const cancel = (reason = 'out-of-stock') =>
  world.transaction((tx) => cancelOrder(tx, { orderId, reason, actor: 'a person' }))
const takeUp = () => world.transaction((tx) => takeUpOrder(tx, { orderId, actor: 'a person' }))
const makeDue = () => database.asOwner('update effects set next_try_at = null where tenant_id = $1', [world.tenantId])

async function facts() {
  const [row] = await database.asOwner<{ status: string; reserved: number; effects: string[]; problems: string[] }>(
    `select o.status, (select sum(reserved)::int from supplier_offers s where s.tenant_id = o.tenant_id) as reserved,
       array(select e.state from effects e where e.subject_id = o.id and e.kind = 'cancel-order' order by e.id) as effects,
       array(select p.kind from problems p where p.order_id = o.id and p.closed_at is null order by p.kind) as problems
     from orders o where o.tenant_id = $1`,
    [world.tenantId],
  )
  return row!
}

const kinds = async () =>
  (
    await database.asOwner<{ kind: string }>(
      "select kind from order_events where tenant_id = $1 and (kind like 'cancel-%' or kind in ('called-off', 'taken-up-again')) order by at, id",
      [world.tenantId],
    )
  ).map((row) => row.kind)

test('D9, O6: what has not left stops at once, and the marketplace is told once', async () => {
  expect(await cancel()).toEqual({ kind: 'cancelled', tells: true })
  expect(await facts()).toEqual({ status: 'cancelled', reserved: 0, effects: ['intended'], problems: [] })
  expect(await cancel()).toEqual({ kind: 'refused', reason: 'over' })
  expect(await run()).toBe('done')
  await run()
  expect(asked).toEqual(['A out-of-stock'])
  // The marketplace shows it afterwards, and nothing happens a second time.
  await world.ingest(
    world.order('A', { buys: [['L1', 2]], status: 'cancelled', updatedAt: new Date(noon.getTime() + 1) }),
  )
  expect(await facts()).toMatchObject({ status: 'cancelled', reserved: 0, effects: ['applied'] })
  expect(await kinds()).toEqual(['cancel-asked', 'cancel-taken', 'called-off'])
  expect(await world.stockFaults()).toEqual([])
})

test('D9: a lost answer is looked up before anything is repeated', async () => {
  await cancel()
  answers = [() => (take(), { kind: 'unclear', reason: 'No answer came' })]
  await run()
  await makeDue()
  await run()
  expect([asked.length, (await facts()).effects]).toEqual([1, ['applied']])
  expect(await kinds()).toEqual(['cancel-asked', 'cancel-unclear', 'cancel-taken'])
})

test('D9: what never arrived is sent again', async () => {
  await cancel()
  answers = [
    () => {
      throw new RefusedError({ kind: 'unclear' })
    },
  ]
  await run()
  await makeDue()
  await run()
  expect([asked.length, (await facts()).effects]).toEqual([2, ['applied']])
})

test('D9: what is taken for processing is followed by its ticket to its end', async () => {
  await cancel()
  answers = [() => ({ kind: 'pending', ticket: 'T1' })]
  checks = [() => ({ kind: 'pending', ticket: 'T1' }), () => ({ kind: 'wait', seconds: 5 })]
  await run()
  for (let turn = 0; turn < 3; turn++) {
    await makeDue()
    await run()
  }
  expect([asked.length, (await facts()).effects]).toEqual([1, ['applied']])
})

test('D9: a refusal goes to a person with the marketplace’s words, and the order can be routed again', async () => {
  await cancel()
  answers = [() => ({ kind: 'rejected', reason: 'Too late to cancel' })]
  expect(await takeUp()).toEqual({ kind: 'refused', reason: 'asking' })
  await run()
  expect(await facts()).toMatchObject({ status: 'cancelled', effects: ['rejected'], problems: ['cancel-rejected'] })
  expect(await takeUp()).toEqual({ kind: 'taken-up' })
  expect(await facts()).toMatchObject({ status: 'with-supplier', reserved: 4, problems: [] })
  expect(await takeUp()).toEqual({ kind: 'refused', reason: 'nothing-missing' })
  // Cancelled once more, it is a second request of its own.
  expect(await cancel()).toEqual({ kind: 'cancelled', tells: true })
  expect((await facts()).effects).toEqual(['rejected', 'intended'])
  expect(await world.stockFaults()).toEqual([])
})

test('D9: an order the marketplace took up again is routed again by a person, once', async () => {
  const later = (minutes: number) => new Date(noon.getTime() + minutes * 60_000)
  await world.ingest(world.order('A', { buys: [['L1', 2]], status: 'cancelled', updatedAt: later(1) }))
  expect(await takeUp()).toEqual({ kind: 'refused', reason: 'called-off' })
  await world.ingest(world.order('A', { buys: [['L1', 2]], updatedAt: later(2) }))
  expect(await facts()).toMatchObject({ status: 'cancelled', problems: ['order-reopened'] })
  expect(await takeUp()).toEqual({ kind: 'taken-up' })
  expect(await facts()).toMatchObject({ status: 'with-supplier', reserved: 4, problems: [] })
  expect(await world.stockFaults()).toEqual([])
})

test('D9: what left already, and what the marketplace does not take, is refused with the reason', async () => {
  await database.asOwner('delete from channel_work where tenant_id = $1', [world.tenantId])
  expect(await cancel()).toEqual({ kind: 'refused', reason: 'not-possible' })
  await allow()
  const [order] = await database.asOwner<{ id: string }>('select id from purchase_orders where tenant_id = $1', [
    world.tenantId,
  ])
  const parcel = { purchaseOrderId: order!.id, carrier: 'ups', trackingNumber: 'T', shippedAt: noon, actor: 'a person' }
  await world.transaction((tx) => shipOrder(tx, parcel))
  expect(await cancel()).toEqual({ kind: 'refused', reason: 'left' })
  expect((await facts()).effects).toEqual([])
})
