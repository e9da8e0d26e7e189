import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { createOrdersWorld, type OrdersWorld } from '../../../test/support/orders-world.ts'
import {
  allGridProducts,
  findGridProducts,
  gridSorts,
  gridStates,
  type GridFilter,
  type GridLimits,
  type GridSort,
} from './grid.store.ts'
import { listGrid, listGridChildren, listManagerChannels } from './grid-views.store.ts'
import { countGridMarks, settleGrid } from './settle-grid.command.ts'

let database: TestDatabase
let world: OrdersWorld
let supplierIds: string[]

const productsMax = 60
const titleWords = ['blue', 'bluebell', 'mug', 'lamp', 'Étude']
const categories = ['Kitchen', 'Light', null]

/** As the catalogue has it, said once more without SQL. */
type Plain = {
  id: string
  title: string
  sku: string
  category: string | null
  supplierId: string
  /** Null: not known. */
  stock: number | null
  cost: number
  price: number | null
  state: (typeof gridStates)[number]
}
let plain: Plain[]

beforeAll(async () => {
  database = await createTestDatabase()
  world = await createOrdersWorld(database)
  supplierIds = [await world.addSupplier({ name: 'North' }), await world.addSupplier({ name: 'South' })]
  plain = []
  for (let n = 0; n < productsMax; n++) plain.push(await addProduct(n))
  await settle()
})
afterAll(() => database.dispose())

async function addProduct(n: number): Promise<Plain> {
  const sku = `AB-${1000 + n}`
  const title = `${titleWords[n % 5]} ${titleWords[(n * 3 + 1) % 5]} no ${n % 7}`
  const category = categories[n % 3] ?? null
  const supplierId = supplierIds[n % 2] ?? ''
  const [stock, cost, price] = [
    n % 11 === 5 ? null : n % 4 === 0 ? 0 : n % 9,
    100 + ((n * 7) % 50),
    n % 8 === 0 ? null : 500 + ((n * 13) % 90),
  ]
  const variantId = await world.addVariant(sku)
  const [row] = (await database.asOwner(
    'update products p set title = $2, category = $3 from variants v where v.id = $1 and p.id = v.product_id returning p.id',
    [variantId, title, category],
  )) as { id: string }[]
  await database.asOwner('update variants set price_minor = $2, title = $3 where id = $1', [variantId, price, ''])
  await world.addOffer({ supplierId, variantId, onHand: stock ?? 0, cost })
  if (stock === null)
    await database.asOwner('update supplier_offers set on_hand = null where variant_id = $1', [variantId])
  if (n % 3 !== 0) await world.addListing(`L${n}`, [[variantId, 1]])
  if (n % 3 === 2)
    await database.asOwner('update listings set listed_here_at = app_now() where marketplace_listing_id = $1', [
      `L${n}`,
    ])
  return {
    id: row?.id ?? '',
    title,
    sku,
    category,
    supplierId,
    stock,
    cost,
    price,
    state: gridStates[n % 3] ?? 'not-listed',
  }
}

async function settle(): Promise<void> {
  while ((await settleGrid(world.db, world.tenantId)) === 'more');
}

const read: OrdersWorld['db']['read'] = (tenantId, work) => world.db.read(tenantId, work)

function matching({ search, states, category, supplierId, inStock }: Omit<GridFilter, 'channelId'>): Plain[] {
  const words = (search ?? '').toLowerCase().split(' ').filter(Boolean)
  return plain.filter((one) => {
    const terms = `${one.title} ${one.sku} ${one.sku.split('-').join(' ')}`
      .toLowerCase()
      .normalize('NFKD')
      .replaceAll(/\p{M}/gu, '')
      .split(' ')
    return (
      words.every((word) => terms.some((term) => term.startsWith(word))) &&
      (states === undefined || states.length === 0 || states.includes(one.state)) &&
      (category === undefined || (one.category ?? '') === category) &&
      (supplierId === undefined || one.supplierId === supplierId) &&
      (inStock === undefined || (one.stock ?? 0) > 0 === inStock)
    )
  })
}

function keyOf(sort: GridSort, one: Plain): string | number {
  return {
    title: one.title.toLowerCase(),
    sku: one.sku.toLowerCase(),
    stock: one.stock ?? -1,
    cost: one.cost,
    price: one.price ?? -1,
  }[sort]
}

function sorted(rows: Plain[], sort: GridSort, descending: boolean): string[] {
  const bytes = (one: string | number) => (typeof one === 'number' ? one : Buffer.from(one).toString('latin1'))
  const compare = (one: string | number, other: string | number) => (one < other ? -1 : one > other ? 1 : 0)
  const up = rows.toSorted(
    (one, other) => compare(bytes(keyOf(sort, one)), bytes(keyOf(sort, other))) || compare(one.id, other.id),
  )
  return (descending ? up.toReversed() : up).map(({ id }) => id)
}

const optional = <Value>(...values: Value[]) => fc.constantFrom(undefined, ...values)

test('F2: any filter, search and sort gives the same products as looking at each, page by page', async () => {
  const asked = fc.record({
    search: optional('blue', 'mug blue', 'etude', 'ab-1007', '1007', 'lamp no', 'nothing'),
    states: optional(['not-listed' as const], ['linked' as const, 'listed' as const], ['error' as const], []),
    category: optional('Kitchen', ''),
    supplier: optional(0, 1),
    inStock: optional(true, false),
    sort: fc.constantFrom(...gridSorts),
    descending: fc.boolean(),
    limit: fc.integer({ min: 1, max: 25 }),
    // Few are looked at one by one, many walked along an index, those far away sorted: all must answer alike.
    limits: fc.constantFrom<GridLimits | undefined>(
      undefined,
      { few: 3, walked: 9, sorted: 0, sortedByText: 0, beginning: 0, counted: 5_000 },
      { few: 3, walked: 3, sorted: 500, sortedByText: 500, beginning: 0, counted: 5_000 },
      { few: 10, walked: 1, sorted: 20, sortedByText: 5, beginning: 40, counted: 5_000 },
      { few: 0, walked: 20, sorted: 5, sortedByText: 20, beginning: 500, counted: 15 },
      { few: 0, walked: 5_000, sorted: 5, sortedByText: 20, beginning: 500, counted: 15 },
    ),
  })
  await fc.assert(
    fc.asyncProperty(asked, async ({ sort, descending, limit, supplier, limits, ...rest }) => {
      const filter = { ...rest, supplierId: supplier === undefined ? undefined : supplierIds[supplier] }
      const expected = matching(filter)
      const seen: string[] = []
      let after: { key: string; id: string } | undefined
      for (;;) {
        const found = await read(world.tenantId, (tx) =>
          findGridProducts(tx, { ...filter, channelId: world.channelId }, { sort, descending, after, limit }, limits),
        )
        seen.push(...found.products.map(({ id }) => id))
        // So many as it says, unless it says that there are more.
        if (found.count.more) expect(found.count.value).toBeLessThanOrEqual(expected.length)
        else expect(found.count.value).toBe(expected.length)
        if (limits?.counted !== 15) expect(found.count.more).toBe(false)
        const last = found.products.at(-1)
        if (!last || found.products.length < limit) break
        after = last
      }
      expect(seen).toEqual(sorted(expected, sort, descending))
      const all = await read(world.tenantId, (tx) =>
        allGridProducts(tx, { ...filter, channelId: world.channelId }, 1000),
      )
      expect(all.toSorted()).toEqual(expected.map(({ id }) => id).toSorted())
    }),
    { numRuns: 200 },
  )
})

test('F2: what changes is in the grid as soon as it is looked at again', async () => {
  const [one] = plain
  if (!one) throw new Error('No product.')
  await database.asOwner(`update products set title = 'Walnut bowl', category = 'Wood' where id = $1`, [one.id])
  expect(await read(world.tenantId, countGridMarks)).toBe('few')
  await settle()
  const page = await read(world.tenantId, (tx) =>
    listGrid(tx, { channelId: world.channelId, search: 'walnut' }, { sort: 'title', descending: false, limit: 10 }),
  )
  expect(page.rows).toMatchObject([
    { productId: one.id, title: 'Walnut bowl', category: 'Wood', kind: 'single', state: 'not-listed' },
  ])
  await database.asOwner(`update products set title = $2, category = $3 where id = $1`, [
    one.id,
    one.title,
    one.category,
  ])
  await settle()
})

test('F1, F3: counts by state, and a refused change is an error until a later one is taken', async () => {
  const [channel] = await read(world.tenantId, listManagerChannels)
  expect(channel).toMatchObject({ products: 60, notListed: 20, linked: 20, listed: 20, errors: 0 })
  const [one] = plain
  const change = (id: string, state: string) =>
    database.asOwner(
      `with run as (insert into runs (tenant_id, id, kind) values ($1, uuidv7(), 'listing-changes') returning id)
       insert into listing_changes (tenant_id, id, run_id, channel_id, product_id, action, state, asked_by)
       select $1, $2, run.id, $3, $4, 'list', $5, 'somebody' from run`,
      [world.tenantId, id, world.channelId, one?.id, state],
    )
  await change('01900000-0000-7000-8000-000000000001', 'refused')
  await settle()
  expect((await read(world.tenantId, listManagerChannels))[0]).toMatchObject({ notListed: 19, errors: 1 })
  await change('01900000-0000-7000-8000-000000000002', 'done')
  await settle()
  expect((await read(world.tenantId, listManagerChannels))[0]).toMatchObject({ notListed: 20, errors: 0 })
})

test('F2: the children of a product have their own stock, price and state', async () => {
  const one = plain[1]
  await database.asOwner(
    `insert into variants (tenant_id, id, product_id, sku, sku_normalized, title, currency, position)
     values ($1, uuidv7(), $2, 'AB-CHILD', 'ABCHILD', 'Large', 'GBP', 5)`,
    [world.tenantId, one?.id],
  )
  const children = await read(world.tenantId, (tx) => listGridChildren(tx, world.channelId, one?.id ?? ''))
  expect(children).toMatchObject([
    { sku: one?.sku, kind: 'child', state: 'linked', stock: one?.stock, priceIs: 'variant' },
    { sku: 'AB-CHILD', kind: 'child', title: 'Large', state: 'not-listed', stock: null, priceIs: 'none' },
  ])
})

test('F2: a product that is gone leaves nothing in the grid, and one that is archived is found by no word', async () => {
  let slot = -1
  const left = async (productId: string) => {
    const [words] = await database.asOwner<{ slot: number }>('select slot from product_words where product_id = $1', [
      productId,
    ])
    slot = words?.slot ?? slot
    const [counts] = await database.asOwner(
      `select (select count(*)::int from grid_rows where product_id = $1) as rows,
         (select count(*)::int from product_terms where slot = $2) as terms,
         (select count(*)::int from product_words where product_id = $1) as words`,
      [productId, slot],
    )
    return counts
  }
  const one = await addProduct(99)
  await settle()
  expect(await left(one.id)).toMatchObject({ rows: 1, words: 1 })
  await database.asOwner('update products set archived_at = app_now() where id = $1', [one.id])
  await settle()
  expect(await left(one.id)).toEqual({ rows: 0, terms: 0, words: 1 })
  await database.asOwner('update products set archived_at = null where id = $1', [one.id])
  await settle()
  expect(await left(one.id)).not.toMatchObject({ terms: 0 })
  await database.asOwner(
    'delete from supplier_offers o using variants v where v.id = o.variant_id and v.product_id = $1',
    [one.id],
  )
  await database.asOwner(
    'delete from sku_mappings m using sku_mapping_components c, variants v where c.mapping_id = m.id and v.id = c.variant_id and v.product_id = $1',
    [one.id],
  )
  await database.asOwner('delete from products where id = $1', [one.id])
  expect(await left(one.id)).toEqual({ rows: 0, terms: 0, words: 0 })
  await settle()
})
