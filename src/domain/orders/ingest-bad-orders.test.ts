// Bad input at the import: one order that cannot be is shown with its reason, is asked for again, and stops no other.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { createOrdersWorld, noon, type OrdersWorld } from '../../../test/support/orders-world.ts'
import type { ChannelOrder } from './channel-order.ts'
import { readUnreadableOrders } from './unreadable-orders.store.ts'

let database: TestDatabase
let world: OrdersWorld
let supplierId: string

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

beforeEach(async () => {
  world = await createOrdersWorld(database)
  supplierId = await world.addSupplier({ name: 'North' })
  const variantId = await world.addVariant('V1')
  await world.addOffer({ supplierId, variantId, onHand: 10_000 })
  await world.addListing('L1', [[variantId, 1]])
})

type Line = ChannelOrder['lines'][number]
const line = (changes: Partial<Line> = {}): Line => ({ ...world.order('BAD').lines[0]!, ...changes })
const gbp = (minor: number) => ({ minor, currency: 'GBP' })

async function orders() {
  return database.asOwner<{ id: string; status: string; reason: string | null; lines: number }>(
    `select marketplace_order_id as id, status, status_reason as reason,
       (select count(*)::int from order_lines l where l.order_id = o.id) as lines
     from orders o where tenant_id = $1 order by 1`,
    [world.tenantId],
  )
}
async function problems() {
  const rows = await database.asOwner<{ kind: string; data: { reference?: string; reason?: string } }>(
    'select kind, data from problems where tenant_id = $1 and closed_at is null order by kind',
    [world.tenantId],
  )
  return rows.map(({ kind, data }) => `${kind} ${data.reference ?? ''} ${data.reason ?? ''}`.trim())
}

test.each<[string, () => Partial<ChannelOrder>, RegExp]>([
  ['a quantity of 0', () => ({ lines: [line({ quantity: 0 })] }), /Line BAD-0 asks for 0 units/],
  ['a negative quantity', () => ({ lines: [line({ quantity: -3 })] }), /asks for -3 units/],
  ['a part of a unit', () => ({ lines: [line({ quantity: 1.5 })] }), /asks for 1.5 units/],
  ['a huge quantity', () => ({ lines: [line({ quantity: 3_000_000_000 })] }), /more than any order can/],
  ['no lines', () => ({ lines: [] }), /has no lines/],
  ['one line twice', () => ({ lines: [line(), line()] }), /Two lines/],
  ['a negative price', () => ({ lines: [line({ unitPriceIncVat: gbp(-1) })] }), /no price that can be/],
  ['a price beyond counting', () => ({ lines: [line({ unitPriceIncVat: gbp(1e18) })] }), /no price that can be/],
  ['no currency', () => ({ currency: '' }), /currency is none/],
  ['a made-up currency', () => ({ currency: 'POUNDS' }), /currency is none: POUNDS/],
  ['a time that is none', () => ({ placedAt: new Date('never') }), /a time that is none/],
  ['a character that is none', () => ({ lines: [line({ title: 'A\u0000B' })] }), /characters that are none/],
])('D1: an order with %s becomes a problem, and the rest of its page goes on', async (_, changes, reason) => {
  const bad = world.order('BAD', { placedAt: noon, ...changes() })
  await world.ingest(world.order('A'), bad, world.order('Z'))
  expect((await orders()).map(({ id, status }) => `${id} ${status}`)).toEqual(['A with-supplier', 'Z with-supplier'])
  expect(await problems()).toEqual([expect.stringMatching(reason)])
  expect(await problems()).toEqual([expect.stringMatching(/^order-unreadable BAD /)])
  // It is asked for by itself later, and once it can be read the problem is gone.
  await database.asOwner(`update problems set last_seen_at = last_seen_at - interval '1 hour' where tenant_id = $1`, [
    world.tenantId,
  ])
  expect(await world.transaction((tx) => readUnreadableOrders(tx, world.channelId))).toEqual(['BAD'])
  await world.ingest(world.order('BAD'))
  expect(await problems()).toEqual([])
  expect(await orders()).toHaveLength(3)
  expect(await world.stockFaults()).toEqual([])
})

test('D1: a later view that cannot be leaves the order that is here as it is', async () => {
  await world.ingest(world.order('A', { buys: [['L1', 2]] }))
  const before = await orders()
  const later = new Date(noon.getTime() + 1000)
  await world.ingest(world.order('A', { lines: [], updatedAt: later }), world.order('B'))
  expect(await orders()).toEqual([...before, expect.objectContaining({ id: 'B' })])
  expect(await problems()).toEqual([expect.stringMatching(/^order-unreadable A The order has no lines/)])
})

test('D9: a cancelled order may come without lines', async () => {
  await world.ingest(world.order('A', { lines: [], status: 'cancelled', marketplaceStatus: 'cancelled' }))
  expect(await orders()).toMatchObject([{ status: 'cancelled', lines: 0 }])
  expect(await problems()).toEqual([])
})

test('D1: an order at the price 0, as a free replacement is, goes on like any other', async () => {
  const nothing = gbp(0)
  const totals = { itemsIncVat: nothing, shippingIncVat: nothing, tax: nothing, grandTotal: nothing }
  await world.ingest(world.order('A', { totals, lines: [{ ...line(), unitPriceIncVat: nothing }] }))
  expect(await orders()).toMatchObject([{ status: 'with-supplier' }])
})

test('D1: an order in a currency the channel does not know is kept, with a problem', async () => {
  await world.ingest(world.order('A', { currency: 'XXX' }), world.order('B'))
  expect((await orders()).map(({ id }) => id)).toEqual(['A', 'B'])
  expect(await problems()).toEqual([expect.stringMatching(/^unexpected-currency/)])
})

test('D1, D4: an order without an address, or to where nobody ships, waits with its reason, and others go on', async () => {
  await database.asOwner(`update suppliers set ship_to_countries = '{GB}' where tenant_id = $1`, [world.tenantId])
  const { shipTo } = world.order('A')
  await world.ingest(
    world.order('A', { shipTo: null }),
    world.order('B', { shipTo: { ...shipTo!, countryCode: 'AQ' } }),
    world.order('C'),
  )
  expect(await orders()).toMatchObject([
    { status: 'on-hold', reason: 'no-address' },
    { status: 'awaiting-stock', reason: 'country-not-served' },
    { status: 'with-supplier', reason: null },
  ])
  expect(await world.stockFaults()).toEqual([])
})

test('D1: an order of 593 lines is imported whole and goes to its supplier as one', async () => {
  const lines = Array.from({ length: 593 }, (_, index) => line({ marketplaceLineId: `L-${index}` }))
  await world.ingest(world.order('A', { lines }), world.order('B'))
  expect(await orders()).toMatchObject([{ lines: 593, status: 'with-supplier' }, { lines: 1 }])
  const [sent] = await database.asOwner<{ orders: number; units: number }>(
    `select count(distinct purchase_order_id)::int as orders, sum(quantity)::int as units from purchase_order_lines where tenant_id = $1`,
    [world.tenantId],
  )
  expect(sent).toEqual({ orders: 2, units: 594 })
  expect(await world.stockFaults()).toEqual([])
})
