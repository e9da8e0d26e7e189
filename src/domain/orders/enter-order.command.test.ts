import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { createOrdersWorld, noon, type OrdersWorld } from '../../../test/support/orders-world.ts'
import { systemIds } from '../../platform/ids.ts'
import { shipOrder } from '../shipping/ship-order.command.ts'
import { cancelOrder, takeUpOrder } from './cancel-order.command.ts'
import { enterOrder, type EnteredOrder } from './enter-order.command.ts'
import { readOrderPage } from './order-page.store.ts'
import { listOrders } from './order-views.store.ts'

let database: TestDatabase
let world: OrdersWorld
let serviceId: string

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

beforeEach(async () => {
  world = await createOrdersWorld(database)
  const supplierId = await world.addSupplier({ name: 'North' })
  const variantId = await world.addVariant('V1')
  await world.addOffer({ supplierId, variantId, onHand: 10 })
  serviceId = systemIds.uuid()
  const common = { tenant_id: world.tenantId }
  await world.transaction(async (tx) => {
    await tx
      .insertInto('shipping_services')
      .values({ ...common, id: serviceId, name: 'Parcel' })
      .execute()
    await tx
      .insertInto('supplier_services')
      .values({ ...common, supplier_id: supplierId, shipping_service_id: serviceId, carrier: 'ups', cost_minor: 300 })
      .execute()
  })
})

const typed = (changes: Partial<EnteredOrder> = {}): EnteredOrder => ({
  id: systemIds.uuid(),
  currency: 'GBP',
  lines: [{ sku: 'V1', quantity: 2, unitPriceMinor: 1250 }],
  shippingMinor: 300,
  buyer: { name: 'A Buyer', email: null, phone: null },
  shipTo: { ...world.order('X').shipTo! },
  shippingServiceId: serviceId,
  shipBy: null,
  ...changes,
})

const enter = (order: EnteredOrder) =>
  world.transaction((tx) => enterOrder(tx, { ...order, secrets: world.secrets, actor: 'a person' }))
const page = (orderId: string) => world.transaction((tx) => readOrderPage(tx, orderId, world.secrets))

test('D10: an order entered by hand is numbered, routed and dispatched like any other, and confirmed to nobody', async () => {
  const order = typed()
  expect(await enter(order)).toEqual({ kind: 'entered', orderId: order.id, number: 'M-000001' })
  const shown = await page(order.id)
  expect(shown).toMatchObject({
    marketplaceOrderId: 'M-000001',
    channelId: null,
    channelName: null,
    status: 'with-supplier',
  })
  expect([shown!.total.minor, shown!.buyer?.name, shown!.events[0]?.text]).toEqual([
    2800,
    'A Buyer',
    'Entered by hand with 1 line, 2 units.',
  ])
  const list = await world.transaction((tx) => listOrders(tx, {}, { limit: 10 }, world.secrets))
  expect(list.rows.map((row) => row.marketplaceOrderId)).toEqual(['M-000001'])
  const parcel = {
    purchaseOrderId: shown!.purchaseOrders[0]!.id,
    carrier: 'ups',
    trackingNumber: 'T',
    shippedAt: noon,
    actor: 'x',
  }
  expect((await world.transaction((tx) => shipOrder(tx, parcel))).kind).toBe('dispatched')
  expect((await page(order.id))!.status).toBe('dispatched')
  expect(
    await database.asOwner("select from effects where tenant_id = $1 and kind = 'confirm-shipment'", [world.tenantId]),
  ).toEqual([])
  expect(await world.stockFaults()).toEqual([])
})

test('D10: the same form sent twice, also at once, is one order; numbers have no gap', async () => {
  const order = typed()
  const both = await Promise.all([enter(order), enter(order)])
  expect(both).toEqual([both[0], both[0]])
  expect(await enter(typed())).toMatchObject({ number: 'M-000002' })
  expect(await world.stockFaults()).toEqual([])
})

test('D10: bad input is said at its field, and nothing is kept of it', async () => {
  const bad = typed({
    currency: 'XYZ',
    lines: [
      { sku: 'NONE', quantity: 0, unitPriceMinor: -1 },
      { sku: '', quantity: 1e9, unitPriceMinor: 0.5 },
    ],
    shipTo: { ...world.order('X').shipTo!, street: ' ', countryCode: 'Narnia' },
    shippingServiceId: systemIds.uuid(),
  })
  const refused = await enter(bad)
  expect(refused.kind === 'refused' && Object.keys(refused.fields).toSorted()).toEqual([
    'currency',
    'lines.0.price',
    'lines.0.quantity',
    'lines.0.sku',
    'lines.1.price',
    'lines.1.quantity',
    'lines.1.sku',
    'shipTo.countryCode',
    'shipTo.street',
    'shippingServiceId',
  ])
  expect(await enter(typed({ lines: [] }))).toMatchObject({ fields: { lines: expect.any(String) } })
  expect(await database.asOwner('select from orders where tenant_id = $1', [world.tenantId])).toEqual([])
})

test('D9, D10: an order entered by hand is cancelled without telling anybody, and can be taken up again', async () => {
  const order = typed()
  await enter(order)
  const act = { orderId: order.id, actor: 'a person' }
  expect(await world.transaction((tx) => cancelOrder(tx, { ...act, reason: 'buyer-asked' }))).toEqual({
    kind: 'cancelled',
    tells: false,
  })
  expect((await page(order.id))!.status).toBe('cancelled')
  expect(
    await database.asOwner("select from effects where tenant_id = $1 and kind = 'cancel-order'", [world.tenantId]),
  ).toEqual([])
  expect(await world.transaction((tx) => takeUpOrder(tx, act))).toEqual({ kind: 'taken-up' })
  expect((await page(order.id))!.status).toBe('with-supplier')
  expect(await world.stockFaults()).toEqual([])
})
