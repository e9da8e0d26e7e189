import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createOrdersWorld, type OrdersWorld } from '../../test/support/orders-world.ts'
import { RefusedError, type ChannelOrder, type Connector, type PullFrom } from '../connectors/connector.ts'
import { silentLog } from '../platform/log.ts'
import type { ChannelRun, RunEnd } from './channel-run.ts'
import { reconcileOrders } from './reconcile-orders.ts'

let database: TestDatabase
let world: OrdersWorld
let pages: ChannelOrder[][]
let asked: PullFrom[]

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

beforeEach(async () => {
  world = await createOrdersWorld(database)
  asked = []
  pages = []
  const supplierId = await world.addSupplier()
  const variantId = await world.addVariant('V1')
  await world.addOffer({ supplierId, variantId, onHand: 10 })
  await world.addListing('L1', [[variantId, 1]])
})

const connector = {
  orders: {
    pull: async (_call: unknown, from: PullFrom) => {
      asked.push(from)
      const index = from.cursor === null ? 0 : Number(from.cursor)
      if (Number.isNaN(index)) throw new RefusedError({ kind: 'rejected', reason: 'No such cursor' })
      return { items: pages[index] ?? [], unreadable: [], cursor: `${index + 1}`, more: index + 1 < pages.length }
    },
  },
} as unknown as Connector

function run(): Promise<RunEnd> {
  const parts = { secrets: world.secrets, log: silentLog }
  const { tenantId, transaction } = world
  const channel = { id: world.channelId }
  return reconcileOrders.run({ parts, tenantId, connector, channel, call: {}, transaction } as unknown as ChannelRun)
}

const channel = async () =>
  (
    await database.asOwner<{ order_cursor: string; reconcile_cursor: string | null; reconciled: boolean }>(
      'select order_cursor, reconcile_cursor, reconciled_at is not null as reconciled from sales_channels where id = $1',
      [world.channelId],
    )
  )[0]

const ids = async () =>
  (
    await database.asOwner<{ id: string }>(
      'select marketplace_order_id as id from orders where tenant_id = $1 order by 1',
      [world.tenantId],
    )
  ).map((row) => row.id)

test('O5: a lost order is found by the nightly walk, page by page, and the regular bookmark stays', async () => {
  await world.ingest(world.order('A'))
  pages = [[world.order('A')], [world.order('LOST')]]
  expect(await run()).toEqual({ afterSeconds: 30 })
  expect(await channel()).toEqual({ order_cursor: 'next', reconcile_cursor: '1', reconciled: false })
  expect(await run()).toBe('done')
  expect(await channel()).toEqual({ order_cursor: 'next', reconcile_cursor: null, reconciled: true })
  expect(await ids()).toEqual(['A', 'LOST'])
  const [connected] = await database.asOwner<{ connected_at: Date; count: number }>(
    'select connected_at, (select count(*)::int from purchase_orders p where p.tenant_id = c.tenant_id) as count from sales_channels c where id = $1',
    [world.channelId],
  )
  expect(connected!.count).toBe(2)
  expect(asked.every(({ since }) => since.getTime() >= connected!.connected_at.getTime())).toBe(true)
})

test('O5: a bookmark the marketplace does not take any more is given up', async () => {
  await database.asOwner("update sales_channels set reconcile_cursor = 'old', reconcile_since = now() where id = $1", [
    world.channelId,
  ])
  await expect(run()).rejects.toThrow('No such cursor')
  expect(await run()).toBe('done')
})
