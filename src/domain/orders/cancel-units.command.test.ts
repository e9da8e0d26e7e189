import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { createOrdersWorld, noon, type OrdersWorld } from '../../../test/support/orders-world.ts'
import { listPurchaseOrders } from '../purchasing/purchase-order-views.store.ts'
import { shipOrder } from '../shipping/ship-order.command.ts'
import { cancelUnits, takeBackFromSuppliers, type CutCause } from './cancel-units.command.ts'
import { lockOrders } from './orders.store.ts'
import { stopOrders } from './stop-orders.command.ts'

let database: TestDatabase
let world: OrdersWorld

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

beforeEach(async () => {
  world = await createOrdersWorld(database)
  const supplierId = await world.addSupplier({ name: 'North' })
  const variantId = await world.addVariant('V1')
  await world.addOffer({ supplierId, variantId, onHand: 10 })
  await world.addListing('L1', [[variantId, 1]])
})

const bySeller: CutCause = { by: 'seller', reason: 'out-of-stock', actor: 'a person' }

type Part = { id: string; state: string; quantity: number }

const parts = () =>
  database.asOwner<Part>(
    'select id, state, quantity from order_line_components where tenant_id = $1 order by state, quantity, id',
    [world.tenantId],
  )
const said = async () => (await parts()).map(({ state, quantity }) => `${quantity} ${state}`)

type PurchaseOrder = { id: string; state: string; by: string | null; cancelled: number; revision: number }

const purchaseOrders = () =>
  database.asOwner<PurchaseOrder>(
    `select p.id, p.state, p.cancelled_by as by, p.revision, sum(l.cancelled_quantity)::int as cancelled
     from purchase_orders p join purchase_order_lines l on l.purchase_order_id = p.id
     where p.tenant_id = $1 group by p.id, p.number, p.state, p.cancelled_by, p.revision order by p.number`,
    [world.tenantId],
  )

async function orderId(): Promise<string> {
  const [row] = await database.asOwner<{ id: string }>('select id from orders where tenant_id = $1', [world.tenantId])
  return row!.id
}

async function available(): Promise<number> {
  const [row] = await database.asOwner<{ available: number }>(
    'select on_hand - reserved as available from supplier_offers where tenant_id = $1',
    [world.tenantId],
  )
  return row!.available
}

async function status(): Promise<string> {
  const [row] = await database.asOwner<{ status: string }>('select status from orders where tenant_id = $1', [
    world.tenantId,
  ])
  return row!.status
}

const kinds = async () =>
  (
    await database.asOwner<{ kind: string }>('select kind from order_events where tenant_id = $1 order by at, id', [
      world.tenantId,
    ])
  ).map((row) => row.kind)

async function cut(quantity: number) {
  const id = await orderId()
  const routed = (await parts()).find((part) => part.state === 'routed' || part.state === 'held')
  return world.transaction(async (tx) => {
    await lockOrders(tx, [id])
    return cancelUnits(tx, routed ? [{ componentId: routed.id, quantity }] : [], bySeller)
  })
}

async function ship(quantity: number, trackingNumber = 'T1') {
  const [order] = await purchaseOrders()
  const routed = (await parts()).find((part) => part.state === 'routed')
  if (!order || !routed) return
  const lines = [{ componentId: routed.id, quantity }]
  const parcel = {
    purchaseOrderId: order.id,
    carrier: 'ups',
    trackingNumber,
    shippedAt: noon,
    lines,
    actor: 'a person',
  }
  const shipped = await world.transaction((tx) => shipOrder(tx, parcel))
  expect(shipped.kind).toBe('dispatched')
}

async function stop() {
  const id = await orderId()
  await world.transaction(async (tx) => {
    await lockOrders(tx, [id])
    await stopOrders(tx, [id], 'all-not-left')
  })
}

test('D9: a purchase order of which some was cancelled is told by what is wanted still, and a cancelled one by what it was', async () => {
  const sums = async () => {
    const { rows } = await world.db.read(world.tenantId, (tx) => listPurchaseOrders(tx, {}, { limit: 5 }))
    return rows.map(({ cost, vat }) => [cost.minor, vat.minor])
  }
  await database.asOwner('update suppliers set charges_vat = true, vat_rate_basis_points = 2000 where tenant_id = $1', [
    world.tenantId,
  ])
  await world.ingest(world.order('A', { buys: [['L1', 5]] }))
  expect(await sums()).toEqual([[2500, 500]])
  await cut(2)
  expect(await sums()).toEqual([[1500, 300]])
  await cut(3)
  expect(await sums()).toEqual([[2500, 500]])
})

test('D9, O3: some units cut become a part of their own; the rest stays at the supplier, who is told once', async () => {
  await world.ingest(world.order('A', { buys: [['L1', 5]] }))
  expect(await cut(2)).toMatchObject([{ sku: 'V1', quantity: 2 }])
  expect(await said()).toEqual(['2 cancelled', '3 routed'])
  expect(await purchaseOrders()).toMatchObject([{ state: 'sent', cancelled: 2, revision: 2, by: null }])
  expect([await available(), await status()]).toEqual([7, 'with-supplier'])
  expect((await kinds()).slice(-3)).toEqual(['units-cancelled', 'stock-released', 'purchase-order-changed'])
  expect(await world.stockFaults()).toEqual([])
})

test('D9, O6: all units cut cancel the purchase order once, and cutting again finds nothing', async () => {
  await world.ingest(world.order('A', { buys: [['L1', 5]] }))
  await cut(5)
  expect(await cut(5)).toEqual([])
  expect(await said()).toEqual(['5 cancelled'])
  expect(await purchaseOrders()).toMatchObject([{ state: 'cancelled', cancelled: 5, by: 'seller', revision: 2 }])
  expect([await available(), await status()]).toEqual([10, 'cancelled'])
  expect(await world.stockFaults()).toEqual([])
})

test('D9: units in a parcel are never cut; the rest of a purchase order that left in part is', async () => {
  await world.ingest(world.order('A', { buys: [['L1', 5]] }))
  await ship(2)
  await stop()
  await stop()
  expect(await said()).toEqual(['3 cancelled', '2 dispatched'])
  expect(await purchaseOrders()).toMatchObject([{ state: 'dispatched', cancelled: 3, revision: 2 }])
  expect([await available(), await status()]).toEqual([8, 'dispatched'])
  expect(await world.stockFaults()).toEqual([])
})

test('D4: what is taken back from a supplier is held again and may be routed anew', async () => {
  await world.ingest(world.order('A', { buys: [['L1', 5]] }))
  await ship(2)
  const [order] = await purchaseOrders()
  await world.transaction((tx) => takeBackFromSuppliers(tx, [order!.id], { ...bySeller, by: 'supplier' }))
  expect(await said()).toEqual(['2 dispatched', '3 held'])
  expect(await world.transaction((tx) => takeBackFromSuppliers(tx, [order!.id], bySeller))).toEqual([])
  expect([await available(), await status()]).toEqual([8, 'partly-dispatched'])
  expect(await world.stockFaults()).toEqual([])
})

test('S1, S2, P1, O3 hold after any parcels and cuts, in any order', async () => {
  const step = fc.record({ does: fc.constantFrom('ship', 'cut', 'stop'), units: fc.integer({ min: 1, max: 3 }) })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async (steps) => {
      world = await createOrdersWorld(database)
      const supplierId = await world.addSupplier({})
      const variantId = await world.addVariant('V1')
      await world.addOffer({ supplierId, variantId, onHand: 10 })
      await world.addListing('L1', [[variantId, 2]])
      await world.ingest(world.order('A', { buys: [['L1', 3]] }))
      for (const [index, { does, units }] of steps.entries()) {
        const open = (await parts()).find((part) => part.state === 'routed')
        if (does === 'stop') await stop()
        else if (does === 'cut') await cut(units)
        else if (open) {
          const [gone] = await database.asOwner<{ sum: number }>(
            'select coalesce(sum(quantity), 0)::int as sum from shipment_lines where component_id = $1',
            [open.id],
          )
          await ship(Math.min(units, open.quantity - gone!.sum), `T${index}`)
        }
        expect(await world.stockFaults()).toEqual([])
      }
    }),
    { numRuns: 25 },
  )
})
