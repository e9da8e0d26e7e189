import Fastify from 'fastify'
import { sql } from 'kysely'
import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serveHooks } from '../../src/api/hooks.ts'
import { planWork } from '../../src/domain/channels/channel-work.store.ts'
import { addNudgeRoute } from '../../src/domain/channels/nudges.store.ts'
import type { ChannelRun, EngineParts } from '../../src/engine/channel-run.ts'
import { pullOrders } from '../../src/engine/pull-orders.ts'
import type { Database, Tx } from '../../src/platform/database.ts'
import { silentLog } from '../../src/platform/log.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createOrdersWorld, type OrdersWorld } from '../support/orders-world.ts'
import { crashEverywhere, type Crashing } from './crash.ts'
import type { Program } from './interleave.ts'

// T2: what must happen as a whole does so wherever the process ends; and what is acknowledged is kept.

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

/** How a bug comes in: around what the engine's work is handed. */
type Change = (run: ChannelRun) => ChannelRun

/** A page with one order, whose purchase order goes out by mail. */
const pageOfOrders = (change: Change = (run) => run): Crashing => ({
  async open() {
    const world = await openShop()
    const program: Program = async (db) => {
      const { transaction } = db.tenant(world.tenantId)
      const pull = async (_call: unknown, { cursor }: { cursor: string | null }) => {
        const items = cursor === null ? [world.order('A')] : []
        return { items, unreadable: [], cursor: 'after A', more: false }
      }
      const channel = { id: world.channelId }
      const run = { transaction, channel, connector: { orders: { pull } }, parts: { secrets: world.secrets } }
      await pullOrders.run(change(run as unknown as ChannelRun))
    }
    return {
      program,
      async faults(when) {
        const [found] = await database.asOwner<Record<string, number>>(
          `select (select count(*)::int from sales_channels where tenant_id = $1 and order_cursor = 'after A') as cursor,
             (select count(*)::int from orders where tenant_id = $1) as orders,
             (select count(*)::int from purchase_orders where tenant_id = $1) as "purchase orders",
             (select count(*)::int from effects where tenant_id = $1 and kind = 'send-purchase-order') as "to be sent"`,
          [world.tenantId],
        )
        const counts = Object.values(found ?? {})
        const isWhole = counts.every((count) => count === (when === 'again' ? 1 : counts[0]))
        return isWhole ? [] : [`O5, P3: ${JSON.stringify(found)}`]
      },
    }
  },
})

async function openShop(): Promise<OrdersWorld> {
  const world = await createOrdersWorld(database)
  const supplierId = await world.addSupplier({}, { order_way: 'email', order_email: 'orders@north.test' })
  const variantId = await world.addVariant('V1')
  await world.addOffer({ supplierId, variantId, onHand: 5 })
  await world.addListing('L1', [[variantId, 1]])
  return world
}

/** The bookmark is moved when the page is here, and the page stored after that. */
const movesCursorFirst: Change = (run) => {
  const pull: ChannelRun['connector']['orders']['pull'] = async (call, from) => {
    const page = await run.connector.orders.pull(call, from)
    await run.transaction((tx) =>
      sql`
        update sales_channels set order_cursor = ${page.cursor} where tenant_id = ${tx.tenantId} and id = ${run.channel.id}
      `.execute(tx),
    )
    return page
  }
  return { ...run, connector: { ...run.connector, orders: { ...run.connector.orders, pull } } }
}

/** What is to be sent is written down in a transaction of its own, after the one it follows from. */
const writesOutboxAfterwards: Change = (run) => ({
  ...run,
  async transaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    let held: unknown[] = []
    const result = await run.transaction(async (tx) => {
      const result = await work(tx)
      const { rows } = await sql<{ row: unknown }>`
        delete from effects e where tenant_id = ${tx.tenantId} and kind = 'send-purchase-order' returning to_jsonb(e) as row
      `.execute(tx)
      held = rows.map(({ row }) => row)
      return result
    })
    await run.transaction((tx) =>
      sql`
        insert into effects select * from jsonb_populate_recordset(null::effects, ${JSON.stringify(held)}::jsonb)
      `.execute(tx),
    )
    return result
  },
})

/** A notification of a marketplace, which sends it again until it is acknowledged, and never afterwards. */
const notification = (change: (db: Database) => Database = (db) => db): Crashing => ({
  async open() {
    const world = await createOrdersWorld(database)
    const { channelId } = world
    const planned = { operation: 'pull-orders', everySeconds: 3600, evenWhenOff: false }
    await world.transaction(async (tx) => {
      await planWork(tx, channelId, { channel: [planned], tenant: [] })
      await addNudgeRoute(tx, channelId, { connector: 'tiktok', site: { id: channelId, sellerId: channelId } })
      await sql`update channel_work set due_at = app_now() + interval '1 hour' where channel_id = ${channelId}`.execute(
        tx,
      )
    })
    let isAcknowledged = false
    return {
      async program(db) {
        if (!isAcknowledged) isAcknowledged = (await post(change(db), channelId)) === 200
      },
      async faults(when) {
        const [row] = await database.asOwner<{ isDue: boolean }>(
          'select due_at <= now() as "isDue" from channel_work where channel_id = $1',
          [channelId],
        )
        const isDue = row?.isDue ?? false
        if (when === 'crashed') return isAcknowledged && !isDue ? ['acknowledged and not kept'] : []
        return isAcknowledged && isDue ? [] : [`never looked at: ${JSON.stringify({ isAcknowledged, isDue })}`]
      },
    }
  },
})

async function post(db: Database, shopId: string): Promise<number> {
  const app = { appKey: 'key', appSecret: 'secret', serviceId: 'service' }
  const body = JSON.stringify({ type: 1, tts_notification_id: shopId, shop_id: shopId, data: { order_id: '1' } })
  const authorization = createHmac('sha256', app.appSecret)
    .update(app.appKey + body)
    .digest('hex')
  const hub = Fastify()
  const parts = { db, log: silentLog, appCredentials: { tiktok: app }, queue: { send: async () => {} } }
  await serveHooks(hub, parts as unknown as EngineParts)
  const headers = { authorization, 'content-type': 'application/json' }
  const { statusCode } = await hub.inject({ method: 'POST', url: '/hooks/tiktok', headers, payload: body })
  await hub.close()
  return statusCode
}

/** The answer waits for nothing. */
const acknowledgesBeforeCommit = (db: Database): Database => {
  const execute = async (work: Parameters<ReturnType<Database['system']['transaction']>['execute']>[0]) => {
    void db.system
      .transaction()
      .execute(work)
      .catch(() => {})
    return []
  }
  return { ...db, system: Object.assign(Object.create(db.system), { transaction: () => ({ execute }) }) }
}

describe('T2: a process ends wherever it can leave something behind', () => {
  test.each<[string, Crashing]>([
    ['a page of orders, its bookmark and what is to be sent are stored together or not at all', pageOfOrders()],
    ['a notification that is acknowledged is kept', notification()],
  ])('O5, P3: %s', async (name, crashing) => {
    const { points, faults } = await crashEverywhere(database, crashing)
    console.log(`${name}: ended at ${points} points`)
    expect(faults).toEqual([])
    expect(points).toBeGreaterThan(1)
  })

  test.each<[string, Crashing]>([
    ['the bookmark moved before the rows', pageOfOrders(movesCursorFirst)],
    ['an outbox outside of the transaction', pageOfOrders(writesOutboxAfterwards)],
    ['a notification acknowledged before the commit', notification(acknowledgesBeforeCommit)],
  ])('planted: %s', async (name, crashing) => {
    const { faults } = await crashEverywhere(database, crashing, { faultsMax: 1 })
    console.log(`${name}: ${faults[0]}`)
    expect(faults).not.toEqual([])
  })
})
