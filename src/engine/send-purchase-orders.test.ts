import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createOrdersWorld, type OrdersWorld } from '../../test/support/orders-world.ts'
import {
  Crash,
  createSupplierPeers,
  type SupplierFault,
  type SupplierPeers,
} from '../../test/support/supplier-peers.ts'
import { saveConnection } from '../domain/catalog/supplier-connection.store.ts'
import type { OrderWay } from '../domain/catalog/supplier-connection.ts'
import { tellChanged } from '../domain/purchasing/send-purchase-orders.store.ts'
import { settleDoubt } from '../domain/purchasing/settle-doubt.command.ts'
import { systemClock } from '../platform/clock.ts'
import { silentLog } from '../platform/log.ts'
import type { EngineParts } from './channel-run.ts'
import { sendPurchaseOrdersJob } from './send-purchase-orders.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

const secret = `whsec_${Buffer.alloc(24, 3).toString('base64')}`
const connection = {
  sftp: {
    host: 'sftp.supplier.test',
    port: 22,
    username: 'seller',
    password: 'secret',
    hostKey: 'SHA256:x',
    orderFolder: '/in',
    trackingFolder: '/out',
  },
  webhook: { url: 'https://supplier.test/orders', secret },
}

type World = OrdersWorld & {
  peers: SupplierPeers
  supplierId: string
  /** Once, with what is due. */
  run(): Promise<unknown>
  /** As the schedule would: once, with everything that waits being due; what a worker has claimed is taken as left by a crash. */
  work(): Promise<unknown>
  /** Until nothing changes any more. */
  settle(): Promise<void>
  order(id: string): ReturnType<OrdersWorld['order']>
  purchaseOrder(): Promise<{ id: string; state: string; sent_at: Date | null; revision: number }>
  effects(): Promise<{ key: string; state: string; attempts: number }[]>
  problems(): Promise<string[]>
}

async function createWorld(way: OrderWay): Promise<World> {
  const world = await createOrdersWorld(database)
  const peers = createSupplierPeers()
  const supplierId = await world.addSupplier({ name: 'North' })
  const variantId = await world.addVariant('V1')
  await world.addOffer({ supplierId, variantId, onHand: 100 })
  await world.addListing('L1', [[variantId, 1]])
  await useWay(world, supplierId, way)
  const parts = {
    db: world.db,
    secrets: world.secrets,
    clock: systemClock,
    log: silentLog,
    ...peers,
  } as unknown as EngineParts
  const due = () =>
    database.asOwner('update effects set next_try_at = null where tenant_id = $1 and supplier_id is not null', [
      world.tenantId,
    ])
  const run = () =>
    sendPurchaseOrdersJob.run(parts, { tenantId: world.tenantId }).catch((error: unknown) => {
      if (!(error instanceof Crash)) throw error
    })
  const work = async () => {
    await due()
    return run()
  }
  return {
    ...world,
    peers,
    supplierId,
    run,
    work,
    async settle() {
      for (let rounds = 0; rounds < 6; rounds++) await work()
    },
    async purchaseOrder() {
      const [row] = await database.asOwner<{ id: string; state: string; sent_at: Date | null; revision: number }>(
        'select id, state, sent_at, revision from purchase_orders where tenant_id = $1',
        [world.tenantId],
      )
      if (!row) throw new Error('There is no purchase order.')
      return row
    },
    effects: () =>
      database.asOwner(
        `select business_key as key, state, attempts from effects where tenant_id = $1 and supplier_id is not null order by business_key`,
        [world.tenantId],
      ),
    problems: async () =>
      (
        await database.asOwner<{ kind: string }>(
          'select kind from problems where tenant_id = $1 and closed_at is null order by kind',
          [world.tenantId],
        )
      ).map(({ kind }) => kind),
  }
}

async function useWay(world: OrdersWorld, supplierId: string, way: OrderWay): Promise<void> {
  await world.transaction(async (tx) => {
    await saveConnection(tx, world.secrets, supplierId, connection)
    await tx
      .updateTable('suppliers')
      .set({ order_way: way, order_email: 'orders@supplier.test' })
      .where('tenant_id', '=', world.tenantId)
      .where('id', '=', supplierId)
      .execute()
  })
}

/** Once, at the first call of that kind. */
function once(fault: SupplierFault): SupplierPeers['fault'] {
  let isOver = false
  return ({ isLookUp }) => {
    if (isLookUp || isOver) return null
    isOver = true
    return fault
  }
}

const key = 'PO-000001/1'
const ways = ['email', 'sftp', 'webhook'] as const

test.each(ways)('D5: a purchase order goes out by %s and is sent from then on', async (way) => {
  const world = await createWorld(way)
  await world.ingest(world.order('A'))
  expect(await world.purchaseOrder()).toMatchObject({ state: 'to-send', sent_at: null })
  expect(world.kicks.map(({ name }) => name)).toContain('send-purchase-orders')
  await world.settle()
  expect(world.peers.received.map((one) => one.key)).toEqual([key])
  expect(await world.purchaseOrder()).toMatchObject({ state: 'sent', sent_at: expect.any(Date) as Date })
  expect(await world.effects()).toEqual([{ key, state: 'applied', attempts: 1 }])
  expect(await world.problems()).toEqual([])
})

test('D5: to the screen a purchase order is sent as it is stored', async () => {
  const world = await createWorld('screen')
  await world.ingest(world.order('A'))
  expect(await world.purchaseOrder()).toMatchObject({ state: 'sent', sent_at: expect.any(Date) as Date })
  expect(await world.effects()).toEqual([])
})

const surelyNotTaken: SupplierFault[] = ['busy', 'drops-before-taking', 'crash-before']
const readBack = ['sftp', 'webhook'] as const
const troubles: SupplierFault[] = [...surelyNotTaken, 'drops-after-taking', 'crash-after']
test.each(readBack.flatMap((way) => troubles.map((fault) => [way, fault] as const)))(
  'P3: by %s it arrives exactly once although the first call %s',
  async (way, fault) => {
    const world = await createWorld(way)
    world.peers.fault = once(fault)
    await world.ingest(world.order('A'))
    await world.settle()
    expect(world.peers.count(key)).toBe(1)
    expect(await world.purchaseOrder()).toMatchObject({ state: 'sent' })
    expect((await world.effects()).map(({ state }) => state)).toEqual(['applied'])
    expect(await world.problems()).toEqual([])
  },
)

test.each(readBack)('P3: by %s a lost answer is in doubt until it is read back', async (way) => {
  const world = await createWorld(way)
  let isAway = true
  const lost = once('drops-after-taking')
  world.peers.fault = (call) => (call.isLookUp && isAway && world.peers.received.length > 0 ? 'busy' : lost(call))
  await world.ingest(world.order('A'))
  await world.work()
  expect(await world.purchaseOrder()).toMatchObject({ state: 'in-doubt' })
  await world.settle()
  expect(await world.purchaseOrder()).toMatchObject({ state: 'in-doubt' })
  expect(world.peers.count(key)).toBe(1)
  // M5: what stays unknown is told before a quarter of an hour has passed.
  await database.asOwner("update effects set created_at = created_at - interval '11 minutes' where tenant_id = $1", [
    world.tenantId,
  ])
  await world.work()
  expect(await world.problems()).toEqual(['purchase-order-unclear'])
  isAway = false
  await world.settle()
  expect(await world.purchaseOrder()).toMatchObject({ state: 'sent' })
  expect(await world.problems()).toEqual([])
  expect(world.peers.count(key)).toBe(1)
})

/** All in doubt at once, and for longer than a person may be left in the dark. */
async function createOldDoubts(way: OrderWay, ...orders: string[]): Promise<World> {
  const world = await createWorld(way)
  world.peers.fault = once('crash-before')
  await world.ingest(...orders.map((id) => world.order(id)))
  await world.work()
  await database.asOwner("update effects set created_at = created_at - interval '11 minutes' where tenant_id = $1", [
    world.tenantId,
  ])
  return world
}

test.each(readBack)(
  'M5: of several in doubt by %s each is told, although the first look at a supplier who is away ends the turn',
  async (way) => {
    const world = await createOldDoubts(way, 'A', 'B', 'C')
    world.peers.fault = () => 'busy'
    await world.work()
    expect(await world.problems()).toEqual(Array(3).fill('purchase-order-unclear'))
    world.peers.fault = () => null
    await world.settle()
    expect(await world.problems()).toEqual([])
    expect((await world.effects()).map(({ state }) => state)).toEqual(Array(3).fill('applied'))
  },
)

test('M5: one in doubt is told, although whoever looks it up ends in the midst of it', async () => {
  const world = await createOldDoubts('webhook', 'A')
  world.peers.fault = () => 'crash-before'
  await world.work()
  expect(await world.problems()).toEqual(['purchase-order-unclear'])
})

test('M5: what can no longer be looked up says that a person must ask, although it was told as unclear before', async () => {
  const world = await createOldDoubts('webhook', 'A')
  world.peers.fault = () => 'busy'
  await world.work()
  expect(await world.problems()).toEqual(['purchase-order-unclear'])
  await useWay(world, world.supplierId, 'email')
  await world.work()
  expect(await world.problems()).toEqual(['purchase-order-in-doubt'])
})

test.each(surelyNotTaken.slice(0, 2))('P3: an e-mail that was surely not taken (%s) is tried again', async (fault) => {
  const world = await createWorld('email')
  world.peers.fault = once(fault)
  await world.ingest(world.order('A'))
  await world.settle()
  expect(world.peers.count(key)).toBe(1)
  expect(await world.purchaseOrder()).toMatchObject({ state: 'sent' })
})

test.each(['drops-after-taking', 'crash-before', 'crash-after'] as const)(
  'P3: an e-mail in doubt (%s) waits for a person and is never repeated by itself',
  async (fault) => {
    const world = await createWorld('email')
    world.peers.fault = once(fault)
    await world.ingest(world.order('A'))
    await world.settle()
    const arrived = fault === 'crash-before' ? 0 : 1
    expect(world.peers.count(key)).toBe(arrived)
    const { id, state } = await world.purchaseOrder()
    expect(state).toBe('in-doubt')
    expect(await world.problems()).toEqual(['purchase-order-in-doubt'])

    const said = arrived === 1 ? 'arrived' : 'send-again'
    const settled = await settleDoubt(world.db, world.tenantId, { purchaseOrderId: id, said, actor: 'A person' })
    expect(settled).toEqual({ kind: 'done' })
    await world.settle()
    expect(world.peers.count(key)).toBe(1)
    expect(await world.purchaseOrder()).toMatchObject({ state: 'sent' })
    expect(await world.problems()).toEqual([])
    expect(await settleDoubt(world.db, world.tenantId, { purchaseOrderId: id, said, actor: 'A person' })).toEqual({
      kind: 'refused',
      reason: 'not-in-doubt',
    })
  },
)

test.each(ways)('D5: what %s refuses is a problem, and goes out once a person sends it again', async (way) => {
  const world = await createWorld(way)
  world.peers.fault = once('refuses')
  await world.ingest(world.order('A'))
  await world.settle()
  expect(world.peers.count(key)).toBe(0)
  expect(await world.problems()).toEqual(['purchase-order-refused'])
  const { id } = await world.purchaseOrder()
  await settleDoubt(world.db, world.tenantId, { purchaseOrderId: id, said: 'send-again', actor: 'A person' })
  await world.settle()
  expect(world.peers.count(key)).toBe(1)
  expect(await world.problems()).toEqual([])
})

test('D5: one supplier’s trouble does not delay another’s purchase order', async () => {
  const world = await createWorld('sftp')
  const other = await world.addSupplier({ name: 'South' })
  const variantId = await world.addVariant('V2')
  await world.addOffer({ supplierId: other, variantId, onHand: 5 })
  await world.addListing('L2', [[variantId, 1]])
  await useWay(world, other, 'webhook')
  world.peers.fault = ({ way }) => (way === 'sftp' ? 'busy' : null)
  await world.ingest(world.order('A'), { ...world.order('B'), ...theirLine(world) })
  await world.work()
  expect(world.peers.received.map((one) => one.way)).toEqual(['webhook'])
})

function theirLine(world: OrdersWorld) {
  return { lines: world.order('B', { buys: [['L2', 1]] }).lines }
}

const cancel = (world: World) =>
  world.transaction(async (tx) => {
    const { id } = await world.purchaseOrder()
    await tx
      .updateTable('purchase_orders')
      .set({ state: 'cancelled' })
      .where('tenant_id', '=', tx.tenantId)
      .where('id', '=', id)
      .execute()
    await tellChanged(tx, [id])
  })

test('O6: a cancelled purchase order that went out is told once, as a revision that says so', async () => {
  const world = await createWorld('webhook')
  await world.ingest(world.order('A'))
  await world.settle()
  await cancel(world)
  await cancel(world)
  await world.settle()
  expect(world.peers.received.map((one) => one.key)).toEqual([key, 'PO-000001/2'])
  expect(JSON.parse(world.peers.received[1]?.body ?? '')).toMatchObject({
    type: 'purchase-order.cancelled',
    revision: 2,
  })
  expect(await world.purchaseOrder()).toMatchObject({ state: 'cancelled' })
})

test('O6: one that never went out is not sent at all', async () => {
  const world = await createWorld('webhook')
  await world.ingest(world.order('A'))
  await cancel(world)
  await world.settle()
  expect(world.peers.received).toEqual([])
  expect((await world.effects()).map(({ state }) => state)).toEqual(['superseded'])
})

test('O6: one that is cancelled while nobody knows whether it arrived is told, and the earlier doubt is over', async () => {
  const world = await createWorld('email')
  world.peers.fault = once('drops-after-taking')
  await world.ingest(world.order('A'))
  await world.settle()
  await cancel(world)
  await world.settle()
  expect(world.peers.received.map((one) => one.key)).toEqual([key, 'PO-000001/2'])
  expect((await world.effects()).map(({ state }) => state)).toEqual(['superseded', 'applied'])
  expect(await world.problems()).toEqual([])
})

test.each(['sftp', 'webhook'] as const)(
  'O6, P3: what arrived by %s without an answer and was cancelled since is found as it was sent, and the cancellation follows',
  async (way) => {
    const world = await createWorld(way)
    const faults: SupplierFault[] = ['drops-after-taking', 'busy']
    world.peers.fault = ({ isLookUp }) => (isLookUp ? null : (faults.shift() ?? null))
    await world.ingest(world.order('A'))
    await world.run()
    await cancel(world)
    await world.settle()
    expect(world.peers.received.map((one) => one.key)).toEqual([key, 'PO-000001/2'])
    expect((await world.effects()).map(({ state }) => state)).toEqual(['applied', 'applied'])
    expect(await world.purchaseOrder()).toMatchObject({ state: 'cancelled', sent_at: expect.any(Date) as Date })
  },
)

test('D5: of several changes that nobody was told yet, only the newest goes out', async () => {
  const world = await createWorld('webhook')
  await world.ingest(world.order('A'))
  await world.settle()
  const { id } = await world.purchaseOrder()
  await world.transaction((tx) => tellChanged(tx, [id]))
  await world.transaction((tx) => tellChanged(tx, [id]))
  await world.settle()
  expect(world.peers.received.map((one) => one.key)).toEqual([key, 'PO-000001/3'])
})

test('D5: a supplier sees what to send where and his cost, and nothing of what the buyer paid', async () => {
  const world = await createWorld('webhook')
  await world.ingest({
    ...world.order('A'),
    buyer: { name: 'Buyer A', email: 'buyer@secret.test', phone: '+44 20 7946 0000' },
  })
  await world.settle()
  const [got] = world.peers.received
  const body = got?.body ?? ''
  expect(Object.keys(JSON.parse(body) as object).toSorted()).toEqual(
    [
      'carrier',
      'currency',
      'date',
      'lines',
      'number',
      'packingReference',
      'revision',
      'shipTo',
      'shippingService',
      'type',
    ].toSorted(),
  )
  expect(body).not.toContain('buyer@secret.test')
  expect(body).not.toContain('1000')
  const { headers } = world.peers.requests[0] ?? {}
  expect(got?.key).toBe(key)
  expect(() => new Webhook(secret).verify(body, headers ?? {})).not.toThrow()
})

test('P3: two workers at once send it once', async () => {
  const world = await createWorld('email')
  await world.ingest(...Array.from({ length: 15 }, (_, index) => world.order(`A${index}`)))
  await Promise.all([world.run(), world.run(), world.run()])
  await world.settle()
  expect(new Set(world.peers.received.map((one) => one.key)).size).toBe(15)
  expect(world.peers.received).toHaveLength(15)
})
