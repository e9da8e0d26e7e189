import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { createOrdersWorld, noon, type OrdersWorld } from '../../../test/support/orders-world.ts'
import { startBulk, readBulk, readWaitingBulks } from './bulk.store.ts'
import { doBulkAction } from './do-bulk-action.command.ts'
import type { OrderFilter, OrderSort } from './order-search.store.ts'
import { forgetBuyerTerms, indexOrders } from './order-terms.store.ts'
import { listOrders } from './order-views.store.ts'
import { orderStatuses, type OrderStatus } from './order.ts'

let database: TestDatabase
let world: OrdersWorld
let supplierIds: string[]

const minutes = (count: number) => new Date(noon.getTime() + count * 60_000)
const countries = ['GB', 'DE', 'IS']
/** The first ones are made for searching, the rest for filters. */
const ordersMax = 60

beforeAll(async () => {
  database = await createTestDatabase()
  world = await createOrdersWorld(database)
  supplierIds = [await world.addSupplier({ name: 'North' }), await world.addSupplier({ name: 'South' })]
  const variantId = await world.addVariant('PEDAL-7')
  await world.addOffer({ supplierId: supplierIds[0] ?? '', variantId, onHand: 500 })
  await world.addListing('L1', [[variantId, 1]])
  await world.addListing('L2')
  const plain = (id: string, at: number) =>
    world.order(id, { placedAt: minutes(at), buys: [[at % 2 ? 'L1' : 'L2', 1]] })
  const orders = Array.from({ length: ordersMax }, (_, at) => plain(`N-${100 + at}`, Math.floor(at / 3)))
  const special = orders[0]
  if (special) {
    special.bundleId = 'BUNDLE-77'
    special.buyer = { name: 'Renée Quillfeather', email: 'renee@postbox.example', phone: null }
    special.lines[0]!.title = 'Tube-Screamer Overdrive, 9V'
    if (special.shipTo) Object.assign(special.shipTo, { name: 'Marlow Ashgrove', postalCode: 'LS9 4QT' })
  }
  await world.ingest(...orders)
  await spread()
})
afterAll(() => database.dispose())

/** Statuses, countries and times that the filters can tell apart, in orders that are stored already. */
async function spread(): Promise<void> {
  await database.asOwner(
    `update orders o set status = ($2::text[])[1 + n * 7 % 11], country_code = ($3::text[])[1 + n * 5 % 3],
       paid_at = case when n % 4 = 0 then null else placed_at end,
       channel_id = case when n % 9 = 0 then null else channel_id end,
       ship_by = case when n % 3 = 0 then null else app_now() + (n % 7 - 3) * interval '9 hours' end
     from (select id, row_number() over (order by marketplace_order_id)::int as n from orders where tenant_id = $1) s
     where o.tenant_id = $1 and o.id = s.id`,
    [world.tenantId, orderStatuses, countries],
  )
  await database.asOwner(
    `insert into problems (tenant_id, id, key, kind, order_id)
     select tenant_id, uuidv7(), 'test/' || id, 'order-reopened', id from orders where tenant_id = $1 and right(marketplace_order_id, 1) = '3'`,
    [world.tenantId],
  )
}

const list = (filter: OrderFilter, page: { cursor?: string; limit?: number; sort?: OrderSort } = {}) =>
  database.db.read(world.tenantId, (tx) => listOrders(tx, filter, { limit: 100, ...page }, world.secrets))
const find = async (search: string) => (await list({ search })).rows.map((row) => row.marketplaceOrderId)

test('D10: an order is found by its numbers, SKUs, title words and beginnings of them', async () => {
  const [row] = (await list({ search: 'n-100' })).rows
  for (const typed of [
    'N-100',
    'bundle-77',
    'BUND',
    row?.id ?? '',
    'tube-screamer',
    'screamer',
    'OVERDRIVE',
    'overd 9v',
  ])
    expect([typed, await find(typed)]).toEqual([typed, ['N-100']])
  expect(await find('n-10')).toHaveLength(10)
  expect(await find('ov')).toEqual([])
  expect(await find('pedal-7')).toHaveLength((await find('sku-l1')).length)
  expect(await find('overdrive n-101')).toEqual([])
})

test('D10: a buyer is found by whole words only, and a dump holds none of them', async () => {
  for (const typed of ['renée', 'RENEE quillfeather', 'renee@postbox.example', 'Ashgrove', 'ls94qt', 'LS9 4QT'])
    expect([typed, await find(typed)]).toEqual([typed, ['N-100']])
  for (const typed of ['quillfeathe', 'renee@postbox', 'ashgrov', 'ls9 4q']) expect(await find(typed)).toEqual([])
  const [dump] = await database.asOwner<{ text: string }>(
    `select string_agg(t::text, ' ') || (select string_agg(o.terms::text, ' ') from orders o) as text from order_terms t`,
  )
  expect(dump?.text).toContain('overdrive')
  expect(dump?.text.toLowerCase()).not.toMatch(/quillfeather|ashgrove|postbox/)
})

test('X3: with the buyer’s data his words go, and the order is still found by its own', async () => {
  const [row] = (await list({ search: 'N-100' })).rows
  const sum = () =>
    database.asOwner<{ count: number }>('select count(*)::int from order_terms where order_id = $1', [row?.id])
  const [before] = await sum()
  await world.transaction((tx) => forgetBuyerTerms(tx, [row?.id ?? '']))
  expect(await find('quillfeather')).toEqual([])
  expect(await find('overdrive')).toEqual(['N-100'])
  expect((await sum())[0]?.count).toBeLessThan(before?.count ?? 0)

  await database.asOwner('update orders set terms_version = 0, terms = $2 where id = $1', [row?.id, []])
  await world.transaction((tx) => indexOrders(tx, world.secrets))
  expect(await find('quillfeather')).toEqual(['N-100'])
  expect((await sum())[0]?.count).toBe(before?.count)
})

type Plain = {
  id: string
  number: string
  status: OrderStatus
  channel: string | null
  country: string
  paid: boolean
  placed: number
  shipBy: number
  problem: boolean
  supplied: boolean
  terms: string[]
}

test('D10: any filter, sort and page size lists what a naive look at every order finds, and nothing twice', async () => {
  const rows = await database.asOwner<Plain>(
    `select o.id, o.marketplace_order_id as number, o.status, o.channel_id as channel, o.country_code as country, o.paid_at is not null as paid,
       extract(epoch from o.placed_at)::float8 * 1000 as placed, coalesce(extract(epoch from o.ship_by)::float8 * 1000, 'infinity') as "shipBy",
       exists (select from problems p where p.order_id = o.id) as problem, o.terms,
       exists (select from purchase_orders p where p.order_id = o.id and p.supplier_id = $2 and p.state <> 'cancelled') as supplied
     from orders o where o.tenant_id = $1`,
    [world.tenantId, supplierIds[0]],
  )
  const [clock] = await database.asOwner<{ now: number }>('select extract(epoch from app_now())::float8 * 1000 as now')
  const now = clock?.now ?? 0
  const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined })
  const filters = fc.record({
    status: maybe(fc.uniqueArray(fc.constantFrom(...orderStatuses), { minLength: 1, maxLength: 4 })),
    channels: maybe(fc.uniqueArray(fc.constantFrom(world.channelId, null), { minLength: 1 })),
    country: maybe(fc.constantFrom(...countries)),
    paid: maybe(fc.constantFrom('yes' as const, 'no' as const)),
    problems: maybe(fc.constant('yes' as const)),
    supplierId: maybe(fc.constantFrom(...supplierIds)),
    shipBy: maybe(fc.constantFrom('overdue' as const, '24h' as const)),
    search: maybe(
      fc.constantFrom('pedal-7', 'listing', 'n-11', 'listing l2', 'n-11 listing l1', 'l2 pedal-7', 'nowhere'),
    ),
  })
  const isOpen = (row: Plain) => row.status !== 'dispatched' && row.status !== 'cancelled'
  const fits = (row: Plain, filter: OrderFilter) =>
    (!filter.status || filter.status.includes(row.status)) &&
    (!filter.channels || filter.channels.includes(row.channel)) &&
    (!filter.country || filter.country === row.country) &&
    (!filter.paid || (filter.paid === 'yes') === row.paid) &&
    (!filter.problems || row.problem) &&
    (!filter.supplierId || (filter.supplierId === supplierIds[0] && row.supplied)) &&
    (!filter.shipBy || (isOpen(row) && row.shipBy < now + (filter.shipBy === '24h' ? 86_400_000 : 0))) &&
    (filter.search ?? '')
      .split(' ')
      .every(
        (word) => row.terms.some((term) => (word.length > 2 ? term.startsWith(word) : term === word)) || word === '',
      )
  const walk = async (filter: OrderFilter, sort: OrderSort, limit: number) => {
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await list(filter, { limit, sort, ...(cursor === undefined ? {} : { cursor }) })
      seen.push(...page.rows.map((row) => row.id))
      cursor = page.next ?? undefined
      if (cursor === undefined) expect(page.count.more).toBe(false)
    } while (cursor !== undefined && seen.length <= ordersMax)
    return seen
  }
  const sorts = fc.constantFrom<OrderSort>('placed', 'ship-by')
  await fc.assert(
    fc.asyncProperty(filters, sorts, fc.integer({ min: 4, max: 70 }), async (filter, sort, limit) => {
      const wanted = rows.filter((row) => fits(row, filter) && (sort === 'placed' || isOpen(row)))
      const by = (row: Plain) => (sort === 'placed' ? -row.placed : row.shipBy)
      const sorted = wanted.toSorted((a, b) => (by(a) === by(b) ? (a.id < b.id ? -1 : 1) : by(a) - by(b)))
      expect(await walk(filter, sort, limit)).toEqual(sorted.map((row) => row.id))
      expect((await list(filter, { sort })).count).toEqual({ value: wanted.length, more: false })
    }),
    { numRuns: 60, seed: 7 },
  )
})

test('D10: pages have no gap and no repeat while new orders come in', async () => {
  const before = new Set((await list({})).rows.map((row) => row.id))
  const seen: string[] = []
  let cursor: string | undefined
  for (let page = 0; page === 0 || cursor !== undefined; page++) {
    const found = await list({}, { limit: 9, ...(cursor === undefined ? {} : { cursor }) })
    seen.push(...found.rows.map((row) => row.id))
    cursor = found.next ?? undefined
    await world.ingest(world.order(`late-${page}`, { placedAt: minutes(1000 + page), buys: [['L2', 1]] }))
  }
  expect(seen.length).toBe(new Set(seen).size)
  expect([...before].filter((id) => !seen.includes(id))).toEqual([])
})

test('D10: an action on many says of each order what became of it, and the good ones go on', async () => {
  const waiting = (await list({ search: 'late-0' })).rows[0]?.id ?? ''
  const [mapped] = await database.asOwner<{ id: string }>(
    'select id from orders where tenant_id = $1 and not unmapped order by id limit 1',
    [world.tenantId],
  )
  const chosen = { orderIds: [waiting, mapped?.id ?? '', world.tenantId] }
  const id = await world.transaction((tx) =>
    startBulk(tx, { chosen, action: { kind: 'pin' }, actor: 'a person' }, world.secrets),
  )
  expect(world.kicks).toContainEqual({ name: 'bulk-orders', data: expect.objectContaining({ bulkId: id }) })
  expect(await database.db.read(world.tenantId, readWaitingBulks)).toEqual([id])
  const work = (after: number): Promise<number | undefined> =>
    world.transaction((tx) => doBulkAction(tx, { bulkId: id ?? '', after, secrets: world.secrets, claimed: () => {} }))
  expect([await work(0), await work(1), await work(2)]).toEqual([1, 2, undefined])
  const view = await database.db.read(world.tenantId, (tx) => readBulk(tx, id ?? ''))
  expect(view).toMatchObject({
    total: 2,
    done: 1,
    refused: 1,
    finished: true,
    outcomes: [
      { orderId: mapped?.id, state: 'refused', reason: expect.stringContaining('without a mapped line') },
      { orderId: waiting, state: 'done', reason: null },
    ],
  })
  expect(await database.db.read(world.tenantId, readWaitingBulks)).toEqual([])
})

test('D10: an action on all that match takes the orders of that moment', async () => {
  const matching = (await list({ search: 'listing l2', country: 'GB' })).count.value
  const bulk = {
    chosen: { filter: { search: 'listing l2', country: 'GB' } },
    action: { kind: 'unpin' as const },
    actor: 'a person',
  }
  const id = await world.transaction((tx) => startBulk(tx, bulk, world.secrets))
  expect((await database.db.read(world.tenantId, (tx) => readBulk(tx, id ?? '')))?.total).toBe(matching)
  const none = { ...bulk, chosen: { filter: { search: 'nowhere' } } }
  expect(await world.transaction((tx) => startBulk(tx, none, world.secrets))).toBeUndefined()
})

test('D10: what more orders match than are looked at is walked to its end, and the count says "and more"', async () => {
  const many = 3_300
  await database.asOwner(
    `insert into orders select (jsonb_populate_record(o, jsonb_build_object('id', uuidv7(), 'marketplace_order_id', 'M-' || n,
       'status', case when n % 2 = 0 then 'with-supplier' else 'dispatched' end, 'placed_at', o.placed_at - n * interval '1 minute',
       'ship_by', case when n % 5 = 0 then null else date_trunc('second', app_now()) + (n % 600) * interval '1 minute' end, 'contact', null,
       'terms', array['m-' || n, 'amplifier', 'tone' || n % 3] || case when n % 40 = 0 then array['reissue'] else '{}' end))).*
     from orders o cross join generate_series(1, $2::int) as n
     where o.id = (select id from orders where tenant_id = $1 order by id limit 1)`,
    [world.tenantId, many],
  )
  await database.asOwner(
    `insert into order_terms select o.tenant_id, word.term, o.placed_at, o.id from orders o cross join lateral unnest(o.terms) as word (term)
     where o.tenant_id = $1 and o.marketplace_order_id like 'M-%'`,
    [world.tenantId],
  )
  const searches = ['amplifier', 'tone', 'amplifier tone', 'amplifier tone1', 'tone reissue', 'reissue amplifier tone1']
  for (const search of searches)
    for (const sort of ['placed', 'ship-by'] as const) {
      const rows = await database.asOwner<{ id: string }>(
        `select id from orders o where tenant_id = $1 and ($3 = 'placed' or status not in ('dispatched', 'cancelled'))
           and (select bool_and(exists (select from unnest(o.terms) as t (term) where starts_with(t.term, word))) from unnest($2::text[]) as word)
         order by case when $3 = 'placed' then -extract(epoch from placed_at) end, coalesce(ship_by, 'infinity'), id`,
        [world.tenantId, search.split(' '), sort],
      )
      const seen: string[] = []
      let cursor: string | undefined
      let count = { value: 0, more: false }
      for (let page = 0; page === 0 || cursor !== undefined; page++) {
        const found = await list({ search }, { limit: 1_000, sort, ...(cursor === undefined ? {} : { cursor }) })
        seen.push(...found.rows.map((row) => row.id))
        cursor = found.next ?? undefined
        count = found.count
      }
      expect([search, sort, seen]).toEqual([search, sort, rows.map((row) => row.id)])
      // So many as it says, unless it says there are more.
      expect(count.value <= rows.length && (count.more || count.value === rows.length)).toBe(true)
    }
})
