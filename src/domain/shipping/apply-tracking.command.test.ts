import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { createOrdersWorld, noon, type OrdersWorld } from '../../../test/support/orders-world.ts'
import { applyTracking, type RowOutcome } from './apply-tracking.command.ts'
import type { TrackingRow } from './tracking-file.ts'

let database: TestDatabase
let world: OrdersWorld
let north: string
let south: string

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

beforeEach(async () => {
  world = await createOrdersWorld(database)
  north = await world.addSupplier({ name: 'North' })
  south = await world.addSupplier({ name: 'South' })
  for (const [supplierId, sku, listing] of [
    [north, 'V1', 'L1'],
    [north, 'V2', 'L2'],
    [south, 'V3', 'L3'],
  ] as const) {
    const variantId = await world.addVariant(sku)
    await world.addOffer({ supplierId, variantId, onHand: 10 })
    await world.addListing(listing, [[variantId, 1]])
  }
})

let line = 1
const row = (purchaseOrder: string, trackingNumber: string, changes: Partial<TrackingRow> = {}): TrackingRow => ({
  line: ++line,
  purchaseOrder,
  supplierSku: null,
  quantity: null,
  carrier: 'Royal Mail',
  trackingNumber,
  shippedAt: noon,
  text: '',
  ...changes,
})
const apply = (rows: TrackingRow[], supplierId = north) =>
  world.transaction((tx) => applyTracking(tx, rows, { supplierId, actor: 'North', now: noon }))
const told = (outcomes: RowOutcome[]) =>
  outcomes.map((outcome) => (outcome.kind === 'refused' ? outcome.reason : outcome.kind))
const parcels = () =>
  database.asOwner<{ number: string; tracking_number: string; units: number }>(
    `select p.number, s.tracking_number, sum(l.quantity)::int as units
     from shipments s join purchase_orders p on p.id = s.purchase_order_id join shipment_lines l on l.shipment_id = s.id
     where s.tenant_id = $1 group by p.number, s.id, s.tracking_number order by p.number, s.tracking_number`,
    [world.tenantId],
  )

test('D7: every row is taken or refused by itself, with a sentence', async () => {
  await world.ingest(
    world.order('A', { buys: [['L1', 2]] }),
    world.order('B', { placedAt: new Date(noon.getTime() + 1), buys: [['L3', 1]] }),
    world.order('C', { placedAt: new Date(noon.getTime() + 2), buys: [['L2', 1]] }),
  )
  await database.asOwner(
    "update purchase_orders set state = 'cancelled' where tenant_id = $1 and number = 'PO-000003'",
    [world.tenantId],
  )
  const answer = await apply([
    row('PO-000001', 'RM123456785GB'),
    row('PO-000002', 'AA1'),
    row('PO-000099', 'AA2'),
    row('PO-000003', 'AA3'),
    row('PO-000001', 'AA4'),
    row('PO-000001', 'AA5', { supplierSku: 'nothing-like-it' }),
  ])
  expect(told(answer)).toEqual([
    'taken',
    'There is no purchase order “PO-000002” of this supplier.',
    'There is no purchase order “PO-000099” of this supplier.',
    'PO-000003 is cancelled, and nothing of it may be sent.',
    'Nothing of PO-000001 is open any more.',
    'PO-000001 has no “nothing-like-it”.',
  ])
  expect(await parcels()).toEqual([{ number: 'PO-000001', tracking_number: 'RM123456785GB', units: 2 }])
})

test('V1: the same rows again, also within one file, change nothing', async () => {
  await world.ingest(world.order('A', { buys: [['L1', 3]] }))
  const rows = [
    row('PO-000001', 'AA 1', { supplierSku: 'V1', quantity: 2 }),
    row('po 1', 'aa1', { supplierSku: 'V1', quantity: 2 }),
  ]
  expect(told(await apply(rows))).toEqual(['taken', 'unchanged'])
  const once = await parcels()
  expect(once).toEqual([{ number: 'PO-000001', tracking_number: 'AA 1', units: 2 }])
  expect(told(await apply(rows))).toEqual(['unchanged', 'unchanged'])
  expect(await parcels()).toEqual(once)
  const [confirmations] = await database.asOwner<{ count: string }>(
    "select count(*) from effects where tenant_id = $1 and kind = 'confirm-shipment'",
    [world.tenantId],
  )
  expect(confirmations?.count).toBe('1')
})

test('D7: rows of one number are one parcel, and quantities never exceed what is open (V3)', async () => {
  await world.ingest(
    world.order('A', {
      buys: [
        ['L1', 2],
        ['L2', 3],
      ],
    }),
  )
  const answer = await apply([
    row('PO-000001-r1', 'AA1', { supplierSku: 'V1', quantity: 1 }),
    row('1', 'AA1', { supplierSku: 'V2' }),
    row('PO-000001', 'AA2', { supplierSku: 'V1', quantity: 2 }),
    row('PO-000001', 'AA3'),
  ])
  expect(told(answer)).toEqual(['taken', 'taken', 'There is more in the parcel than PO-000001 has open.', 'taken'])
  expect(await parcels()).toEqual([
    { number: 'PO-000001', tracking_number: 'AA1', units: 4 },
    { number: 'PO-000001', tracking_number: 'AA3', units: 1 },
  ])
  expect(await world.stockFaults()).toEqual([])
})

test('D7: units that were cut are not open any more', async () => {
  await world.ingest(world.order('A', { buys: [['L1', 3]] }))
  await database.asOwner('update purchase_order_lines set cancelled_quantity = 1 where tenant_id = $1', [
    world.tenantId,
  ])
  expect(told(await apply([row('PO-000001', 'AA1', { quantity: 3 })]))).toEqual([
    'There is more in the parcel than PO-000001 has open.',
  ])
  expect(told(await apply([row('PO-000001', 'AA1')]))).toEqual(['taken'])
  expect((await parcels())[0]?.units).toBe(2)
})

test('D7: a carrier that does not fit its number is taken with a note', async () => {
  await world.ingest(world.order('A', { buys: [['L1', 3]] }))
  const answer = await apply([
    row('PO-000001', '1Z999AA10123456784', { quantity: 1 }),
    row('PO-000001', 'X1', { quantity: 1, carrier: 'Fast Pigeons' }),
    row('PO-000001', 'X2', { quantity: 1 }),
  ])
  expect(answer.map((outcome) => (outcome.kind === 'taken' ? outcome.note : outcome.kind))).toEqual([
    expect.stringContaining('looks like one of UPS'),
    expect.stringContaining('“Fast Pigeons” is not a carrier known here'),
    null,
  ])
})
