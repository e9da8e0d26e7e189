// What all files of pairs share: a database of their own, a business with one supplier in it, and the two proofs: every
// pair is right in all its schedules, and a bug planted into it is noticed.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChannelOrder } from '../../src/domain/orders/channel-order.ts'
import { ingestOrders } from '../../src/domain/orders/ingest-orders.command.ts'
import { shipOrder } from '../../src/domain/shipping/ship-order.command.ts'
import type { Tx } from '../../src/platform/database.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createOrdersWorld, noon, type OrdersWorld } from '../support/orders-world.ts'
import type { Program, Sabotage } from './interleave.ts'
import { playAll, type Pair } from './play.ts'

export type Planted = {
  bug: string
  pair: Pair
  sabotage: Sabotage
  /** Said as the owner, in a database that the bug has for itself: what else held it back. */
  beforehand?: string
}

export let database: TestDatabase

export function provePairs(what: string, pairs: Record<string, Pair>, planted: Planted[]): void {
  const open = async () => {
    database = await createTestDatabase()
    await hurryDeadlocks()
  }
  beforeAll(open)
  afterAll(() => database.dispose())

  describe(`T2: ${what}, two real transactions stepped statement by statement`, () => {
    test.each(Object.entries(pairs))(
      '%s',
      async (name, pair) => {
        const { schedules, waits, faults } = await playAll(database, pair)
        console.log(`${name}: ${schedules} schedules, ${waits} waits for a lock`)
        expect(faults).toEqual([])
        expect(schedules).toBeGreaterThan(4)
      },
      180_000,
    )
  })

  describe('T2 notices what it is there for', () => {
    test.each(planted)('planted: $bug', async ({ bug, pair, sabotage, beforehand }) => {
      const shared = database
      if (beforehand !== undefined) {
        await open()
        await database.asOwner(beforehand)
      }
      try {
        const { faults } = await playAll(database, pair, { sabotage, faultsMax: 1 })
        console.log(`${bug}: ${faults[0]}`)
        expect(faults).not.toEqual([])
      } finally {
        if (database !== shared) await database.dispose()
        database = shared
      }
    })
  })
}

/** Two that wait for each other should not be left so for a second each time. */
async function hurryDeadlocks(): Promise<void> {
  const name = new URL(database.ownerConnectionString).pathname.slice(1)
  await database.asOwner(`alter database ${name} set deadlock_timeout = '20ms'`)
}

/** A supplier with goods at 5.00 each. */
export async function openShop(onHand: number, terms: Parameters<OrdersWorld['addSupplier']>[1] = {}) {
  const world = await createOrdersWorld(database)
  const supplierId = await world.addSupplier({ name: 'North' }, terms)
  const variantId = await world.addVariant('V1')
  const offerId = await world.addOffer({ supplierId, variantId, onHand })
  await world.addListing('L1', [[variantId, 1]])
  return { world, supplierId, variantId, offerId }
}

export const inTenant =
  (world: OrdersWorld, work: (tx: Tx) => Promise<unknown>): Program =>
  (db) =>
    db.tenant(world.tenantId).transaction(work)

export const ingests = (world: OrdersWorld, ...orders: ChannelOrder[]): Program =>
  ingestsInto(world, world.channelId, ...orders)

export const ingestsInto = (world: OrdersWorld, channelId: string, ...orders: ChannelOrder[]): Program =>
  inTenant(world, (tx) => ingestOrders(tx, { channelId, orders, unreadable: [], cursor: null, secrets: world.secrets }))

export const ships = (world: OrdersWorld, purchaseOrderId: string): Program =>
  inTenant(world, (tx) =>
    shipOrder(tx, { purchaseOrderId, carrier: 'UPS', trackingNumber: '1Z1', shippedAt: noon, actor: 'test' }),
  )

export const cancelled = (world: OrdersWorld, id: string): ChannelOrder =>
  world.order(id, {
    status: 'cancelled',
    marketplaceStatus: 'cancelled',
    updatedAt: new Date(noon.getTime() + 120_000),
  })

/** In the order in which they came. */
export async function idsOf(world: OrdersWorld, table: 'purchase_orders' | 'invoices' | 'orders'): Promise<string[]> {
  const order = table === 'orders' ? 'marketplace_order_id' : 'id'
  const rows = await database.asOwner<{ id: string }>(
    `select id from ${table} where tenant_id = $1 order by ${order}`,
    [world.tenantId],
  )
  return rows.map(({ id }) => id)
}

export async function idOf(world: OrdersWorld, table: Parameters<typeof idsOf>[1]): Promise<string> {
  const [id] = await idsOf(world, table)
  if (id === undefined) throw new Error(`There is nothing in ${table}.`)
  return id
}

export async function count(world: OrdersWorld, table: string, condition = 'true'): Promise<number> {
  const [row] = await database.asOwner<{ count: number }>(
    `select count(*)::int as count from ${table} where tenant_id = $1 and ${condition}`,
    [world.tenantId],
  )
  return row?.count ?? 0
}

export const unless = (isRight: boolean, fault: string): string[] => (isRight ? [] : [fault])
