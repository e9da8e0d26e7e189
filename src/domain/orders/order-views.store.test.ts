import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { createOrdersWorld, noon, type OrdersWorld } from '../../../test/support/orders-world.ts'
import { order as orderShape, orderRow, purchaseOrder as purchaseOrderShape } from '../../api/contract.ts'
import { listPurchaseOrders } from '../purchasing/purchase-order-views.store.ts'
import { shipOrder } from '../shipping/ship-order.command.ts'
import { readOrderPage } from './order-page.store.ts'
import { placeText, readPlace, type OrderFilter } from './order-search.store.ts'
import { countByStatus, figuresOfToday, listOrders, readOrderCsv } from './order-views.store.ts'

let database: TestDatabase
let world: OrdersWorld

const minutes = (count: number) => new Date(noon.getTime() + count * 60_000)

beforeAll(async () => {
  database = await createTestDatabase()
  world = await createOrdersWorld(database)
  const supplierId = await world.addSupplier({ name: 'North' })
  const variantId = await world.addVariant('PEDAL-7')
  await world.addOffer({ supplierId, variantId, onHand: 7 })
  await world.addListing('L1', [[variantId, 1]])
  await world.addListing('L2')
  await world.ingest(
    // Three at the same instant: the page border must not lose one.
    ...['A', 'B', 'C'].map((id) => world.order(id, { placedAt: minutes(1) })),
    world.order('big', { placedAt: minutes(2), buys: [['L1', 9]] }),
    world.order('mixed', {
      placedAt: minutes(3),
      buys: [
        ['L1', 1],
        ['L2', 2],
      ],
    }),
    world.order('unpaid', {
      placedAt: minutes(4),
      paidAt: null,
      status: 'awaiting-payment',
      marketplaceStatus: 'unpaid',
    }),
    world.order('unmapped', { placedAt: minutes(5), buys: [['L2', 1]] }),
  )
})
afterAll(() => database.dispose())

const list = (filter: OrderFilter = {}, page: { cursor?: string; limit: number } = { limit: 50 }) =>
  database.db.read(world.tenantId, (tx) => listOrders(tx, filter, page, world.secrets))
const idsOf = async (filter: OrderFilter) => (await list(filter)).rows.map((row) => row.marketplaceOrderId)

async function orderId(marketplaceOrderId: string): Promise<string> {
  const found = (await list()).rows.find((row) => row.marketplaceOrderId === marketplaceOrderId)
  return found!.id
}

test('the list is newest first, in pages that lose and repeat nothing', async () => {
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await list({}, { limit: 2, ...(cursor === undefined ? {} : { cursor }) })
    seen.push(...page.rows.map((row) => row.marketplaceOrderId))
    expect(page.count).toEqual({ value: 7, more: false })
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
  expect(seen.slice(0, 4)).toEqual(['unmapped', 'unpaid', 'mixed', 'big'])
  expect(seen.slice(4).toSorted()).toEqual(['A', 'B', 'C'])
})

test('D10: rows have the shape of the contract, with the buyer opened and a summary', async () => {
  const { rows } = await list({ search: 'mixed' })
  expect(orderRow.parse(rows[0])).toMatchObject({
    marketplaceOrderId: 'mixed',
    buyerName: 'Buyer mixed',
    summary: 'Listing L1 and 1 more',
    lines: 2,
    units: 3,
    unmappedLines: 1,
    total: { minor: 3300, currency: 'GBP' },
    paid: true,
    countryCode: 'GB',
  })
})

test('D10: orders are found by id, SKU and title, by status, channel, payment and day', async () => {
  expect(await idsOf({ search: 'MIX' })).toEqual(['mixed'])
  expect(await idsOf({ search: await orderId('A') })).toEqual(['A'])
  expect(await idsOf({ search: 'pedal-7 mixed' })).toEqual(['mixed'])
  expect(await idsOf({ search: 'listing l2' })).toEqual(['unmapped', 'mixed'])
  expect(await idsOf({ search: 'po-000001' })).toHaveLength(1)
  expect(await idsOf({ search: '100%' })).toEqual([])
  expect(await idsOf({ search: 'Buyer MIXED' })).toEqual(['mixed'])
  expect(await idsOf({ search: 'Buye' })).toEqual([])
  expect(await idsOf({ status: ['awaiting-stock'] })).toEqual(['big'])
  expect(await idsOf({ paid: 'no' })).toEqual(['unpaid'])
  expect(await idsOf({ channels: [world.tenantId] })).toEqual([])
  expect(await idsOf({ from: '2026-03-02', to: '2026-03-02' })).toHaveLength(7)
  expect(await idsOf({ from: '2026-03-03' })).toEqual([])
})

test('a cursor that is no place of ours begins at the top', () => {
  expect(readPlace('nonsense')).toBeUndefined()
  const place = { at: noon, id: world.tenantId }
  expect(readPlace(placeText(place))).toEqual(place)
})

test('D6: the order page tells the whole story, and what may be done now', async () => {
  const id = await orderId('mixed')
  const [row] = await database.asOwner<{ id: string }>('select id from purchase_orders where order_id = $1', [id])
  const parcel = {
    purchaseOrderId: row!.id,
    carrier: 'royal-mail',
    trackingNumber: 'RM 1',
    shippedAt: noon,
    actor: 'a person',
  }
  const before = await database.db.read(world.tenantId, (tx) => readOrderPage(tx, id, world.secrets))
  expect(before?.actions).toEqual({
    dispatch: { allowed: true, why: null },
    pin: { allowed: false, why: 'Only orders without a mapped line are removed, so only these are pinned.' },
    route: { allowed: false, why: 'No line of it waits for stock.' },
  })
  await world.transaction((tx) => shipOrder(tx, parcel))

  const page = orderShape.parse(await database.db.read(world.tenantId, (tx) => readOrderPage(tx, id, world.secrets)))
  expect(page.events.map((event) => event.text)).toEqual([
    'Downloaded with 2 lines, 3 units.',
    'Goes by Standard.',
    expect.stringMatching(/^Purchase order PO-0000\d\d was sent to North \(£5\.00 ex VAT\)\.$/),
    'Parcel 1 left with 1 unit: royal-mail, RM 1.',
  ])
  expect(page.events[2]?.detail).toEqual(['1 × PEDAL-7 at £5.00: the only supplier who can fill it.'])
  expect(page.events.map((event) => event.actor)).toEqual(['Fairlead', 'Fairlead', 'Fairlead', 'a person'])
  expect(page).toMatchObject({
    status: 'partly-dispatched',
    statusReason: 'unmapped-lines',
    shipTo: { city: 'Leeds' },
    orderLines: [
      { mapped: true, components: [{ sku: 'PEDAL-7', state: 'dispatched', supplierName: 'North' }] },
      { mapped: false, components: [] },
    ],
    shipments: [{ packageNumber: 1, trackingNumber: 'RM 1', confirmation: { state: 'intended', attempts: 0 } }],
    actions: { dispatch: { allowed: false, why: 'No purchase order of it is open.' } },
  })
  expect(await idsOf({ search: 'rm1' })).toEqual(['mixed'])
})

test('an order that is not there has no page', async () => {
  expect(
    await database.db.read(world.tenantId, (tx) => readOrderPage(tx, world.channelId, world.secrets)),
  ).toBeUndefined()
})

test('purchase orders are listed newest first in pages, with what has left of each line', async () => {
  const { rows, next, count } = await database.db.read(world.tenantId, (tx) => listPurchaseOrders(tx, {}, { limit: 2 }))
  expect(rows.map((row) => purchaseOrderShape.parse(row).number)).toEqual(['PO-000004', 'PO-000003'])
  expect(count.value).toBe(4)
  const rest = await database.db.read(world.tenantId, (tx) => listPurchaseOrders(tx, {}, { limit: 5, cursor: next! }))
  expect(rest.rows.map((row) => row.number)).toEqual(['PO-000002', 'PO-000001'])
  expect(rest.next).toBeNull()
})

test('the file has one row an order line, and the home page its figures', async () => {
  const { rows, next } = await database.db.read(world.tenantId, (tx) =>
    readOrderCsv(tx, { search: 'mixed' }, undefined, world.secrets),
  )
  expect(next).toBeNull()
  expect(rows.map(({ order, sku, quantity, mapped }) => [order, sku, quantity, mapped])).toEqual([
    ['mixed', 'SKU-L1', 1, true],
    ['mixed', 'SKU-L2', 2, false],
  ])
  const counts = await database.db.read(world.tenantId, (tx) => countByStatus(tx))
  expect(counts).toContainEqual({ status: 'awaiting-stock', count: 1, more: false })
  await database.asOwner(
    "update orders set placed_at = now() where tenant_id = $1 and marketplace_order_id in ('A', 'mixed')",
    [world.tenantId],
  )
  expect(await database.db.read(world.tenantId, (tx) => figuresOfToday(tx))).toEqual({
    orders: 2,
    units: 4,
    sales: [{ minor: 4600, currency: 'GBP' }],
    dispatched: 1,
  })
})
