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

function run(): Promise<RunEnd> {
  const channel = { id: world.channelId }
  return confirmShipments.run({ connector, channel, call: {}, transaction: world.transaction } as unknown as ChannelRun)
}

async function effect() {
  const [row] = await database.asOwner<{ state: string; attempts: number }>(
    'select state, attempts from effects where tenant_id = $1',
    [world.tenantId],
  )
  return row
}

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
  await database.asOwner("update effects set created_at = created_at - interval '1 hour' where tenant_id = $1", [
    world.tenantId,
  ])
  await run()
  const open = () =>
    database.asOwner('select kind from problems where tenant_id = $1 and closed_at is null', [world.tenantId])
  expect(await open()).toEqual([{ kind: 'confirmation-unclear' }])
  await makeDue()
  await run()
  expect(await open()).toEqual([])
})
