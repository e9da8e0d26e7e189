import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { createOrdersWorld, noon, type OrdersWorld } from '../../../test/support/orders-world.ts'
import { ingestOrders } from './ingest-orders.command.ts'

let database: TestDatabase
let world: OrdersWorld
let offerId: string
let supplierId: string
let variantId: string

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

beforeEach(async () => {
  world = await createOrdersWorld(database)
  supplierId = await world.addSupplier({ name: 'North' })
  variantId = await world.addVariant('V1')
  offerId = await world.addOffer({ supplierId, variantId, onHand: 10 })
  await world.addListing('L1', [[variantId, 1]])
  await world.addListing('L2')
})

const later = (minutes: number) => new Date(noon.getTime() + minutes * 60_000)

type OrderFacts = {
  id: string
  status: string
  reason: string | null
  channel_status: string
  lines: number
  contact: Buffer
}

async function orders(): Promise<OrderFacts[]> {
  return database.asOwner<OrderFacts>(
    `select marketplace_order_id as id, status, status_reason as reason, channel_status, contact,
       (select count(*)::int from order_lines l where l.order_id = o.id) as lines
     from orders o where tenant_id = $1 order by marketplace_order_id`,
    [world.tenantId],
  )
}

async function states(): Promise<string[]> {
  const rows = await database.asOwner<{ state: string }>(
    `select concat_ws(' ', c.state, c.hold_reason) as state from order_line_components c
     join orders o on o.id = c.order_id where c.tenant_id = $1 order by o.marketplace_order_id, c.id`,
    [world.tenantId],
  )
  return rows.map((row) => row.state)
}

async function count(table: string, where = 'true'): Promise<number> {
  const rows = await database.asOwner<{ count: number }>(
    `select count(*)::int from ${table} where tenant_id = $1 and ${where}`,
    [world.tenantId],
  )
  return rows[0]?.count ?? -1
}

async function reserved(): Promise<number | undefined> {
  return (
    await database.asOwner<{ reserved: number }>('select reserved from supplier_offers where id = $1', [offerId])
  )[0]?.reserved
}

test('D1: an order is imported once with its lines, stock and one purchase order, whatever is repeated or reordered', async () => {
  const one = world.order('A', { buys: [['L1', 2]] })
  const two = world.order('B')
  await world.ingest(one, two)
  await world.ingest(two, one, one)
  await world.ingest(two)

  expect((await orders()).map(({ id, status, lines }) => [id, status, lines])).toEqual([
    ['A', 'with-supplier', 1],
    ['B', 'with-supplier', 1],
  ])
  expect(await reserved()).toBe(3)
  expect(await count('purchase_orders')).toBe(2)
  expect(await count('order_events', "kind = 'imported'")).toBe(2)
  expect(await world.stockFaults()).toEqual([])
})

test('D1: an order placed before connecting is left alone, unless it was paid afterwards', async () => {
  const longAgo = later(-600)
  await world.ingest(
    world.order('old', { placedAt: longAgo, paidAt: longAgo }),
    world.order('paid-later', { placedAt: longAgo, paidAt: noon }),
  )
  expect((await orders()).map((order) => order.id)).toEqual(['paid-later'])
})

test('D1: an older page never overwrites a newer one', async () => {
  await world.ingest(world.order('A', { status: 'cancelled', marketplaceStatus: 'cancelled', updatedAt: later(10) }))
  await world.ingest(world.order('A', { updatedAt: later(5) }))

  expect((await orders())[0]).toMatchObject({ status: 'cancelled', channel_status: 'cancelled' })
  expect(await reserved()).toBe(0)
  expect(await count('purchase_orders')).toBe(0)
})

test('D1, O5: the cursor moves in the transaction that stores the page, and not without it', async () => {
  // What JSON cannot carry ends the transaction.
  const broken = world.order('A', { raw: { id: 1n } })
  await expect(world.ingest(broken)).rejects.toThrow()
  expect(await count('sales_channels', 'order_cursor is not null')).toBe(0)
  await world.ingest(world.order('A'))
  expect(await count('sales_channels', "order_cursor = 'next' and orders_synced_at is not null")).toBe(1)
})

test('A7: nothing is stored for a channel that was switched off meanwhile', async () => {
  await world.settings({ enabled: false })
  expect(await world.ingest(world.order('A'))).toEqual({ kind: 'switched-off' })
  expect(await orders()).toEqual([])
})

const mixed: [string, number][] = [
  ['L1', 1],
  ['L2', 1],
]
test.each([
  // exclude, split, what is bought, imported lines, status
  [false, false, [['L1', 1]], 1, 'with-supplier'],
  [false, false, mixed, 2, 'with-supplier'],
  [false, false, [['L2', 1]], 1, 'awaiting-mapping'],
  [true, false, [['L1', 1]], 1, 'with-supplier'],
  [true, false, mixed, 0, 'excluded-mixed'],
  [true, false, [['L2', 1]], 0, 'excluded-unmapped'],
  [false, true, [['L1', 1]], 1, 'with-supplier'],
  [false, true, mixed, 1, 'with-supplier'],
  [false, true, [['L2', 1]], 1, 'awaiting-mapping'],
] as [boolean, boolean, [string, number][], number, string][])(
  'D2: exclude %s, split %s, bought %j: %i lines, %s',
  async (exclude, split, buys, lines, outcome) => {
    await world.settings({ exclude_unmapped: exclude, split_mixed: split })
    await world.ingest(world.order('A', { buys }))
    // The rule of the moment counts: a repeat under other settings changes nothing.
    await world.settings({ exclude_unmapped: false, split_mixed: false })
    await world.ingest(world.order('A', { buys, updatedAt: later(1) }))

    if (lines === 0) {
      expect(await orders()).toEqual([])
      expect(await count('skipped_orders', `reason = '${outcome}'`)).toBe(1)
    } else {
      expect(await orders()).toMatchObject([{ status: outcome, lines }])
      expect(await count('skipped_orders')).toBe(0)
    }
  },
)

test('D10: an order is paid since its marketplace lets it be shipped, where it never says when', async () => {
  const unsaid = { ...world.order('A'), paidAt: null }
  const paidAt = () =>
    database
      .asOwner('select paid_at from orders where tenant_id = $1', [world.tenantId])
      .then(([row]) => row?.['paid_at'])
  await world.ingest({ ...unsaid, status: 'awaiting-payment', marketplaceStatus: 'Pending' })
  expect(await paidAt()).toBeNull()
  await world.ingest({ ...unsaid, updatedAt: later(5) })
  expect(await paidAt()).toEqual(later(5))
  await world.ingest({ ...unsaid, updatedAt: later(9), marketplaceStatus: 'Packed' })
  expect(await paidAt()).toEqual(later(5))
})

test('D3b: an order that named no prices before it was paid has them afterwards', async () => {
  const paid = world.order('A')
  const free = paid.lines.map((line) => ({ ...line, unitPriceIncVat: { ...line.unitPriceIncVat, minor: 0 } }))
  const pending = { status: 'awaiting-payment' as const, marketplaceStatus: 'PENDING', paidAt: null }
  await world.ingest({ ...paid, ...pending, lines: free })
  const prices = () =>
    database.asOwner('select unit_price_minor::int as price from order_lines where tenant_id = $1', [world.tenantId])
  expect(await prices()).toEqual([{ price: 0 }])
  await world.ingest({ ...paid, updatedAt: new Date(paid.updatedAt.getTime() + 60_000) })
  expect(await prices()).toEqual([{ price: paid.lines[0]?.unitPriceIncVat.minor }])
})

test('D3b: an unpaid order holds its stock, goes to no supplier, and is routed once when it is paid', async () => {
  const unpaid = world.order('A', { status: 'awaiting-payment', marketplaceStatus: 'unpaid', paidAt: null })
  await world.ingest(unpaid)
  expect(await orders()).toMatchObject([{ status: 'on-hold', reason: 'unpaid' }])
  expect(await states()).toEqual(['reserved unpaid'])
  expect(await reserved()).toBe(1)
  expect(await count('purchase_orders')).toBe(0)

  const paid = world.order('A', { updatedAt: later(3) })
  await world.ingest(paid)
  await world.ingest(paid)
  expect(await orders()).toMatchObject([{ status: 'with-supplier' }])
  expect(await reserved()).toBe(1)
  expect(await count('purchase_orders')).toBe(1)
  expect(await world.stockFaults()).toEqual([])
})

test('D3b: an unpaid order that falls through gives its stock back', async () => {
  await world.ingest(world.order('A', { status: 'awaiting-payment', marketplaceStatus: 'unpaid', paidAt: null }))
  await world.ingest(
    world.order('A', { status: 'cancelled', marketplaceStatus: 'cancelled', paidAt: null, updatedAt: later(3) }),
  )
  expect(await orders()).toMatchObject([{ status: 'cancelled', reason: 'cancelled' }])
  expect(await reserved()).toBe(0)
})

test('D9, O6: a cancellation gives the stock back once and cancels the purchase order once', async () => {
  await world.ingest(world.order('A', { buys: [['L1', 4]] }), world.order('B'))
  const cancelled = world.order('A', {
    buys: [['L1', 4]],
    status: 'cancelled',
    marketplaceStatus: 'cancelled',
    updatedAt: later(2),
  })
  await world.ingest(cancelled)
  await world.ingest(cancelled)
  await world.ingest({ ...cancelled, status: 'refunded', marketplaceStatus: 'refunded', updatedAt: later(4) })

  expect(await reserved()).toBe(1)
  expect(await count('purchase_orders', "state = 'cancelled'")).toBe(1)
  expect(await count('order_events', "kind = 'purchase-order-cancelled'")).toBe(1)
  expect(await count('order_events', "kind = 'stock-released'")).toBe(1)
  expect(world.kicks.map((kick) => kick.name)).toContain('route-waiting')
  expect(await world.stockFaults()).toEqual([])
})

test('D9: an order the marketplace cancelled, refunded or shipped before we saw it is kept and takes no stock', async () => {
  await world.ingest(
    world.order('A', { status: 'cancelled', marketplaceStatus: 'cancelled' }),
    world.order('B', { status: 'refunded', marketplaceStatus: 'refunded' }),
    world.order('C', { status: 'shipped', marketplaceStatus: 'shipped' }),
  )
  expect((await orders()).map(({ status, reason }) => [status, reason])).toEqual([
    ['cancelled', 'cancelled'],
    ['cancelled', 'refunded'],
    ['dispatched', 'shipped-elsewhere'],
  ])
  expect(await reserved()).toBe(0)
})

test('an order whose status is not known is kept with its stock and a problem, and goes on when it is known again', async () => {
  await world.ingest(world.order('A', { status: 'unknown', marketplaceStatus: 'teleported' }))
  expect(await orders()).toMatchObject([{ status: 'error', reason: 'unknown-status' }])
  expect(await reserved()).toBe(1)
  expect(await count('problems', "kind = 'unknown-status' and closed_at is null")).toBe(1)

  await world.ingest(world.order('A', { updatedAt: later(1) }))
  expect(await orders()).toMatchObject([{ status: 'with-supplier' }])
  expect(await count('problems', 'closed_at is null')).toBe(0)
})

test('an entry that cannot be read becomes a problem with its reference, and the others are stored', async () => {
  const page = {
    channelId: world.channelId,
    orders: [world.order('A')],
    cursor: { before: null, after: 'next' },
    secrets: world.secrets,
  }
  const unreadable = [{ reference: 'R7', reason: 'The order has no price' }]
  for (let times = 0; times < 2; times++) await world.transaction((tx) => ingestOrders(tx, { ...page, unreadable }))
  expect(await orders()).toHaveLength(1)
  const problems = await database.asOwner('select data from problems where tenant_id = $1', [world.tenantId])
  expect(problems).toEqual([{ data: { reference: 'R7', reason: 'The order has no price' } }])
})

test('B6: the mapping of the moment counts; packs and kits multiply', async () => {
  const other = await world.addVariant('V2')
  await world.addOffer({ supplierId, variantId: other, onHand: 10 })
  await world.addListing('KIT', [
    [variantId, 2],
    [other, 1],
  ])
  await world.ingest(world.order('A', { buys: [['KIT', 3]] }))
  const rows = await database.asOwner(
    `select v.sku, c.quantity_each, c.quantity from order_line_components c join variants v on v.id = c.variant_id
     where c.tenant_id = $1 order by v.sku`,
    [world.tenantId],
  )
  expect(rows).toEqual([
    { sku: 'V1', quantity_each: 2, quantity: 6 },
    { sku: 'V2', quantity_each: 1, quantity: 3 },
  ])
  expect(await count('purchase_orders')).toBe(1)
  expect(await world.stockFaults()).toEqual([])
})

test('B6: a listing not known here is found by its SKU only where exactly one mapped listing has it', async () => {
  await world.addListing('L3', [[variantId, 1]], 'TWICE')
  await world.addListing('L4', [[variantId, 1]], 'TWICE')
  const line = (order: string, listing: string | null, channelSku: string) =>
    world.order(order, { lines: [{ ...world.order(order).lines[0]!, marketplaceListingId: listing, channelSku }] })
  await world.ingest(
    line('A', null, 'SKU-L1'),
    line('B', 'never-seen', 'SKU-L1'),
    line('C', null, 'TWICE'),
    line('D', 'L2', 'SKU-L1'),
  )
  expect((await orders()).map((order) => order.status)).toEqual([
    'with-supplier',
    'with-supplier',
    'awaiting-mapping',
    'awaiting-mapping',
  ])
})

test('D9: an address that changes after the purchase order was sent is stored and shown to a person', async () => {
  await world.ingest(world.order('A'))
  const [before] = await orders()
  const moved = { ...world.order('A').shipTo!, street: '2 Other Street' }
  const changed = world.order('A', { shipTo: moved, updatedAt: later(1) })
  await world.ingest(changed)
  await world.ingest(changed)
  const [after] = await orders()
  expect(after?.contact.equals(before!.contact)).toBe(false)
  expect(await count('problems', "kind = 'address-changed-at-supplier'")).toBe(1)
  expect(await count('order_events', "kind = 'address-changed'")).toBe(1)
  // Told once, as a new revision.
  expect(await count('purchase_orders', 'revision = 2')).toBe(1)
})

test('P6: without a complete address nothing goes to a supplier; it is reserved, and goes when the address comes', async () => {
  const { shipTo } = world.order('A')
  await world.ingest(
    world.order('A', { shipTo: null }),
    world.order('B', { shipTo: { ...shipTo!, street: ' ' } }),
    world.order('C', { shipTo: null, localPickup: true }),
  )
  expect((await orders()).map(({ status, reason }) => [status, reason])).toEqual([
    ['on-hold', 'no-address'],
    ['on-hold', 'no-address'],
    ['with-supplier', null],
  ])
  expect(await reserved()).toBe(3)
  await world.ingest(world.order('A', { updatedAt: later(1) }))
  expect(await orders()).toMatchObject([{ status: 'with-supplier' }, { status: 'on-hold' }, {}])
  expect(await count('purchase_orders')).toBe(2)
  expect(await count('problems')).toBe(0)
  expect(await world.stockFaults()).toEqual([])
})

test('X3: no buyer data is stored in the clear', async () => {
  await world.ingest(world.order('A'))
  const rows = await database.asOwner<{ text: string }>(
    `select o::text || (select string_agg(e::text, ' ') from order_events e where e.order_id = o.id) as text from orders o where tenant_id = $1`,
    [world.tenantId],
  )
  expect(rows[0]?.text).not.toMatch(/Buyer A|Test Street|LS1/)
})

test('D4: the last unit goes to one order, also within one page and one kit, and the other waits with the reason', async () => {
  await database.asOwner('update supplier_offers set on_hand = 1 where id = $1', [offerId])
  await database.asOwner('update stock_movements set delta = 1 where offer_id = $1', [offerId])
  await world.addListing('KIT', [[variantId, 1]])
  await world.ingest(
    world.order('A', {
      buys: [
        ['L1', 1],
        ['KIT', 1],
      ],
    }),
    world.order('B'),
  )
  expect((await states()).toSorted()).toEqual(['held no-stock', 'held no-stock', 'routed'])
  expect((await orders()).map(({ status, reason }) => [status, reason])).toEqual([
    ['awaiting-stock', 'no-stock'],
    ['awaiting-stock', 'no-stock'],
  ])
  expect(await world.stockFaults()).toEqual([])
})

test('D4, incident 3: two channels sell the last unit in the same moment: one gets it, the other waits', async () => {
  await database.asOwner('update supplier_offers set on_hand = 1 where id = $1', [offerId])
  await database.asOwner('update stock_movements set delta = 1 where offer_id = $1', [offerId])
  const other = await otherChannel()
  const stored = Promise.withResolvers<void>()
  const mayCommit = Promise.withResolvers<void>()
  const page = { orders: [world.order('A')], unreadable: [], cursor: null, secrets: world.secrets }
  const first = world.transaction(async (tx) => {
    await ingestOrders(tx, { ...page, channelId: world.channelId })
    stored.resolve()
    await mayCommit.promise
  })
  await stored.promise
  const second = world.transaction((tx) => ingestOrders(tx, { ...page, channelId: other }))
  await untilOneWaits()
  mayCommit.resolve()
  await Promise.all([first, second])
  expect((await states()).toSorted()).toEqual(['held no-stock', 'routed'])
  expect(await world.stockFaults()).toEqual([])
})

test('O1, incident 4: the same order pulled by many at once exists once, with one purchase order', async () => {
  await Promise.all(Array.from({ length: 8 }, () => world.ingest(world.order('A'))))
  expect(await orders()).toHaveLength(1)
  expect(await count('purchase_orders')).toBe(1)
  expect(await reserved()).toBe(1)
})

/** Until a transaction waits for another's lock. */
async function untilOneWaits(): Promise<void> {
  const waiting = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
  while ((await database.asOwner(waiting)).length === 0);
}

async function otherChannel(): Promise<string> {
  const id = crypto.randomUUID()
  await database.asOwner(
    `insert into sales_channels (tenant_id, id, account_id, connector, site_id, site_name, name, currency, connected_at)
     select tenant_id, $2, account_id, connector, 'other', 'Other', 'Other shop', currency, connected_at from sales_channels where id = $1`,
    [world.channelId, id],
  )
  await database.asOwner(
    `with listing as (
       insert into listings (tenant_id, id, channel_id, marketplace_listing_id, title, state, marketplace_state)
       values ($1, gen_random_uuid(), $2, 'L1', 'L1', 'live', 'live') returning tenant_id, id
     ), mapping as (
       insert into sku_mappings (tenant_id, id, channel_id, listing_id, created_by)
       select tenant_id, gen_random_uuid(), $2, id, 'test' from listing returning tenant_id, id
     )
     insert into sku_mapping_components (tenant_id, mapping_id, variant_id, quantity) select tenant_id, id, $3, 1 from mapping`,
    [world.tenantId, id, variantId],
  )
  return id
}
