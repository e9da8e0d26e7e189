import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createOrdersWorld, noon, type OrdersWorld } from '../../test/support/orders-world.ts'
import {
  RefusedError,
  type ChannelOrder,
  type Connector,
  type Reply,
  type ShipmentReport,
} from '../connectors/connector.ts'
import { shipOrder } from '../domain/shipping/ship-order.command.ts'
import { systemClock } from '../platform/clock.ts'
import type { Tx } from '../platform/database.ts'
import type { ChannelRun, RunEnd } from './channel-run.ts'
import { confirmShipments } from './confirm-shipments.ts'

let database: TestDatabase
let world: OrdersWorld
let purchaseOrderId: string

/** What the marketplace has accepted, and how it answers next. */
let accepted: ShipmentReport[]
let answers: ((shipment: ShipmentReport) => Reply)[]
let lookUps: number

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

beforeEach(async () => {
  world = await createOrdersWorld(database)
  accepted = []
  answers = []
  lookUps = 0
  const supplierId = await world.addSupplier()
  const variantId = await world.addVariant('V1')
  await world.addOffer({ supplierId, variantId, onHand: 10 })
  await world.addListing('L1', [[variantId, 2]])
  await world.ingest(world.order('A', { buys: [['L1', 2]] }))
  const [row] = await database.asOwner<{ id: string }>('select id from purchase_orders where tenant_id = $1', [
    world.tenantId,
  ])
  purchaseOrderId = row!.id
  const parcel = { purchaseOrderId, carrier: 'royal-mail', trackingNumber: 'AB123', shippedAt: noon, actor: 'test' }
  await world.transaction((tx) => shipOrder(tx, parcel))
})

const take = (shipment: ShipmentReport): Reply => {
  accepted.push(shipment)
  return { kind: 'done', reference: 'R1' }
}

const connector = {
  name: 'A marketplace',
  orders: {
    read: async (_call: unknown, id: string): Promise<ChannelOrder> => {
      lookUps++
      const shipments = accepted.map(({ carrier, trackingNumber }) => ({ carrier, trackingNumber }))
      return { ...world.order(id), shipments }
    },
  },
  shipments: {
    carriers: {},
    confirm: async (_call: unknown, shipment: ShipmentReport): Promise<Reply> => (answers.shift() ?? take)(shipment),
  },
} as unknown as Connector

function run(transaction = world.transaction): Promise<RunEnd> {
  const channel = { id: world.channelId }
  const parts = { clock: systemClock }
  return confirmShipments.run({ parts, connector, channel, call: {}, transaction } as unknown as ChannelRun)
}

async function effect() {
  const [row] = await database.asOwner<{ state: string; attempts: number }>(
    'select state, attempts from effects where tenant_id = $1',
    [world.tenantId],
  )
  return row
}

/** One parcel of each of these orders, in this order. */
async function dispatchMore(...numbers: string[]): Promise<void> {
  await database.asOwner('update supplier_offers set on_hand = 1000 where tenant_id = $1', [world.tenantId])
  await world.ingest(...numbers.map((number) => world.order(number)))
  const orders = await database.asOwner<{ id: string; number: string }>(
    `select p.id, o.marketplace_order_id as number from purchase_orders p join orders o on o.id = p.order_id
     where p.tenant_id = $1 and o.marketplace_order_id = any($2) order by 2`,
    [world.tenantId, numbers],
  )
  for (const { id, number } of orders) {
    const parcel = { carrier: 'royal-mail', trackingNumber: `T${number}`, shippedAt: noon, actor: 'test' }
    await world.transaction((tx) => shipOrder(tx, { purchaseOrderId: id, ...parcel }))
  }
}

async function states(): Promise<Record<string, string>> {
  const rows = await database.asOwner<{ key: string; state: string; attempts: number }>(
    'select business_key as key, state, attempts from effects where tenant_id = $1 order by 1',
    [world.tenantId],
  )
  return Object.fromEntries(rows.map(({ key, state, attempts }) => [key.split('/')[0], `${state} ${attempts}`]))
}

async function openProblems(): Promise<string[]> {
  const rows = await database.asOwner<{ kind: string }>(
    'select kind from problems where tenant_id = $1 and closed_at is null',
    [world.tenantId],
  )
  return rows.map(({ kind }) => kind)
}

/** As if the parcels had been waiting for an hour. */
const age = () =>
  database.asOwner("update effects set created_at = created_at - interval '1 hour' where tenant_id = $1", [
    world.tenantId,
  ])

async function story(): Promise<string[]> {
  const rows = await database.asOwner<{ kind: string }>(
    "select kind from order_events where tenant_id = $1 and kind like 'confirmation-%' order by at, id",
    [world.tenantId],
  )
  return rows.map((row) => row.kind)
}

/** As if the time until the next try had passed. */
const makeDue = () => database.asOwner('update effects set next_try_at = null where tenant_id = $1', [world.tenantId])

test('V1: a confirmation is sent once, in the marketplace’s own units, and never again', async () => {
  expect(await run()).toBe('done')
  await run()
  expect(accepted).toEqual([
    {
      marketplaceOrderId: 'A',
      packageNumber: 1,
      carrier: 'royal-mail',
      trackingNumber: 'AB123',
      shippedAt: noon,
      lines: [{ marketplaceLineId: 'A-0', quantity: 2 }],
    },
  ])
  expect(await effect()).toEqual({ state: 'applied', attempts: 1 })
  expect(await story()).toEqual(['confirmation-sent'])
})

test('V1: an answer that was lost after it took effect is found by looking it up, and not sent again', async () => {
  answers = [(shipment) => (take(shipment), { kind: 'unclear', reason: 'No answer came' })]
  await run()
  expect(await effect()).toMatchObject({ state: 'unknown' })
  await run()
  expect(lookUps).toBe(0) // not before its time
  await makeDue()
  await run()
  expect(await effect()).toEqual({ state: 'applied', attempts: 1 })
  expect(accepted).toHaveLength(1)
  expect(await story()).toEqual(['confirmation-unclear', 'confirmation-sent'])
})

test('V1: a request that was lost before it took effect is looked up, found missing and sent again', async () => {
  answers = [() => ({ kind: 'unclear' })]
  await run()
  await makeDue()
  await run()
  expect(lookUps).toBe(1)
  expect(accepted).toHaveLength(1)
  expect(await effect()).toEqual({ state: 'applied', attempts: 2 })
  expect(await story()).toEqual(['confirmation-unclear', 'confirmation-not-found', 'confirmation-sent'])
})

test('V1: what a crash left in flight is looked up before anything is sent', async () => {
  answers = [
    (shipment) => {
      take(shipment)
      throw new Error('The process dies here')
    },
  ]
  await expect(run()).rejects.toThrow('dies here')
  expect(await effect()).toMatchObject({ state: 'in-flight' })
  await run()
  expect(lookUps).toBe(1)
  expect(accepted).toHaveLength(1)
  expect(await effect()).toEqual({ state: 'applied', attempts: 1 })
})

test('V1: a process that ends between claim and call, however often, never brings a parcel to be given up', async () => {
  const dies = () => {
    throw new Error('The process dies here')
  }
  for (let turn = 0; turn < 20; turn++) {
    answers = [dies]
    await run().catch(() => {})
    await makeDue()
  }
  expect(await effect()).toMatchObject({ attempts: 0 })
  answers = []
  await run()
  await makeDue()
  await run()
  expect(accepted).toHaveLength(1)
  expect(await effect()).toEqual({ state: 'applied', attempts: 1 })
  expect(await openProblems()).toEqual([])
})

test('M5: a person is told of a parcel that our own processes keep ending at', async () => {
  await age()
  answers = [
    () => {
      throw new Error('The process dies here')
    },
  ]
  await run().catch(() => {})
  await run()
  expect(await openProblems()).toEqual(['confirmation-delayed'])
})

test('M3: what a crash may have come of waits a while, and the others go without it', async () => {
  await dispatchMore('B', 'C')
  answers = [
    () => {
      throw new Error('The process dies here')
    },
  ]
  await expect(run()).rejects.toThrow('dies here')
  expect(accepted).toEqual([])
  await run()
  expect(accepted.map((one) => one.marketplaceOrderId)).toEqual(['B', 'C'])
  await makeDue()
  await run()
  expect(accepted.map((one) => one.marketplaceOrderId)).toEqual(['B', 'C', 'A'])
  expect(lookUps).toBe(1)
})

test('M3: many parcels are claimed and settled together, each told once', async () => {
  await dispatchMore(...Array.from({ length: 44 }, (_, index) => `M${index + 10}`))
  let transactions = 0
  await run(<Result>(work: (tx: Tx) => Promise<Result>) => {
    transactions++
    return world.transaction(work)
  })
  expect(new Set(accepted.map((one) => one.marketplaceOrderId)).size).toBe(45)
  expect(accepted).toHaveLength(45)
  expect(transactions).toBeLessThan(10)
})

test('V1: what a marketplace asks to wait for in the midst of many leaves the rest as they were', async () => {
  await dispatchMore('B', 'C', 'D')
  answers = [take, () => ({ kind: 'wait', seconds: 600 })]
  await run()
  expect(accepted.map((one) => one.marketplaceOrderId)).toEqual(['A'])
  expect(await states()).toEqual({ A: 'applied 1', B: 'intended 0', C: 'intended 0', D: 'intended 0' })
  await run()
  expect(accepted.map((one) => one.marketplaceOrderId)).toEqual(['A', 'C', 'D'])
  expect(lookUps).toBe(0)
})

test('V1: answers that could not be written down are looked up, and nothing is told twice', async () => {
  await dispatchMore('B', 'C')
  let transactions = 0
  const dying = async <Result>(work: (tx: Tx) => Promise<Result>) => {
    if (++transactions > 1) throw new Error('The database is gone')
    return world.transaction(work)
  }
  await expect(run(dying)).rejects.toThrow('gone')
  expect(await states()).toEqual({ A: 'in-flight 0', B: 'in-flight 0', C: 'in-flight 0' })
  await run()
  expect(lookUps).toBe(3)
  expect(accepted).toHaveLength(3)
  expect(await states()).toEqual({ A: 'applied 1', B: 'applied 1', C: 'applied 1' })
})

test('a marketplace that asks to wait is tried again after that time', async () => {
  answers = [() => ({ kind: 'wait', seconds: 600 })]
  expect(await run()).toBe('done')
  await run()
  expect(accepted).toEqual([])
  await makeDue()
  await run()
  expect(accepted).toHaveLength(1)
  expect(lookUps).toBe(0)
  expect(await story()).toEqual(['confirmation-delayed', 'confirmation-sent'])
})

test('V1: waiting is no try: however often it was told to wait, what was then lost is still sent again', async () => {
  answers = [
    ...Array.from({ length: 12 }, () => () => ({ kind: 'wait' as const, seconds: 600 })),
    () => ({ kind: 'unclear' }),
  ]
  for (let turns = 0; turns < 14; turns++) {
    await run()
    await makeDue()
  }
  expect(accepted).toHaveLength(1)
  expect(await effect()).toEqual({ state: 'applied', attempts: 2 })
  expect((await story()).filter((kind) => kind === 'confirmation-delayed')).toHaveLength(1)
})

test('an account that is signed out stops the channel and loses nothing', async () => {
  answers = [() => ({ kind: 'signed-out' })]
  await expect(run()).rejects.toThrow(RefusedError)
  await run()
  expect(accepted).toHaveLength(1)
})

test('a refusal that will not change goes to a person with its reason, and is not repeated', async () => {
  answers = [() => ({ kind: 'rejected', reason: 'The order is closed' })]
  await run()
  await makeDue()
  await run()
  expect(accepted).toEqual([])
  const problems = await database.asOwner<{ kind: string; data: object }>(
    'select kind, data from problems where tenant_id = $1',
    [world.tenantId],
  )
  expect(problems).toEqual([
    { kind: 'confirmation-rejected', data: { packageNumber: 1, reason: 'The order is closed' } },
  ])
})

test('M5: what stays unclear for long is shown to a person, and no longer once it is settled', async () => {
  answers = [(shipment) => (take(shipment), { kind: 'unclear' })]
  await age()
  await run()
  expect(await openProblems()).toEqual(['confirmation-unclear'])
  await makeDue()
  await run()
  expect(await openProblems()).toEqual([])
})
