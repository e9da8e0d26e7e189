// How long a person waits for a page of the listings grid with so many products behind it, for each way of asking; and how
// quickly the grid follows its sources. The limit is reading the same products and variants by their ids.
import { findGridProducts, type GridFilter, type GridOrder } from '../../src/domain/listings/grid.store.ts'
import { settleGrid } from '../../src/domain/listings/settle-grid.command.ts'
import { fillShop, type Shop } from './shop.ts'
import { percentile, round, timed, type Benchmark, type BenchWorld } from './world.ts'

const repeats = 20
const rowsShown = 100
const categories = 40
/** The first are in many titles, the last in few. */
const words = [
  'cotton',
  'blue',
  'large',
  'ceramic',
  'mug',
  'guitar',
  'strap',
  'lamp',
  'vintage',
  'walnut',
  'brass',
  'zinc',
]

export const grid: Benchmark = {
  name: 'grid',
  sentence: 'pages of the listings grid: every sort, filters, words, and all of them together',
  sizes: { alone: 100_000, among: 5_000, max: 1_000_000 },
  async run(world, size) {
    const shop = await fillCatalogue(world, size)
    const settleMs = await timed(() => settleAll(world, shop))
    await world.owner.query('vacuum analyze')
    const shapes = shapesOf(shop)
    const figures: Record<string, number> = { settledPerSecond: Math.round((size / settleMs) * 1000) }
    const limits: Record<string, number> = {}
    const all: number[] = []
    for (const [name, ask] of Object.entries(shapes)) {
      const waits = await measure(world, shop, ask)
      figures[`${name}P95Ms`] = round(percentile(waits.hub, 0.95))
      limits[`${name}P95Ms`] = round(percentile(waits.bare, 0.95))
      all.push(...waits.hub)
    }
    figures['p95Ms'] = round(percentile(all, 0.95))
    figures['rssMb'] = world.rssMb()
    return {
      figures,
      limits,
      ratios: {},
      notes: [`${repeats} times each, ${rowsShown} products a page with their count. Goal: p95 at most 150 ms.`],
    }
  },
}

type Ask = (at: number) => { filter: Omit<GridFilter, 'channelId'>; order?: Partial<GridOrder> }

function shapesOf({ supplierIds }: Shop): Record<string, Ask> {
  const word = (at: number) => words[at % words.length] ?? ''
  const category = (at: number) => `Category ${at % categories}`
  const supplierId = (at: number) => supplierIds[at % supplierIds.length]
  return {
    all: () => ({ filter: {} }),
    bySku: () => ({ filter: {}, order: { sort: 'sku', descending: true } }),
    byPrice: () => ({ filter: {}, order: { sort: 'price' } }),
    byStock: () => ({ filter: {}, order: { sort: 'stock', descending: true } }),
    byCost: () => ({ filter: {}, order: { sort: 'cost' } }),
    notListed: () => ({ filter: { states: ['not-listed'] } }),
    errors: () => ({ filter: { states: ['error'] }, order: { sort: 'price' } }),
    category: (at) => ({ filter: { category: category(at) } }),
    supplier: (at) => ({ filter: { supplierId: supplierId(at) }, order: { sort: 'cost' } }),
    outOfStock: () => ({ filter: { inStock: false }, order: { sort: 'price' } }),
    manyFilters: (at) => ({
      filter: { category: category(at), supplierId: supplierId(at), inStock: true, states: ['listed'] },
      order: { sort: 'price' },
    }),
    noMatch: () => ({ filter: { category: 'Category 1', states: ['error'], inStock: false } }),
    sku: (at) => ({ filter: { search: `SKU-${1 + at * 37}` } }),
    word: (at) => ({ filter: { search: word(at) } }),
    twoWords: (at) => ({ filter: { search: `${word(at)} ${word(at + 1)}` } }),
    wordsAndFilters: (at) => ({
      filter: { search: `${word(at)} ${word(at + 2)}`, states: ['listed'], category: category(at) },
      order: { sort: 'price' },
    }),
    wordByPrice: (at) => ({ filter: { search: word(at), inStock: true }, order: { sort: 'price', descending: true } }),
  }
}

async function fillCatalogue(world: BenchWorld, size: number): Promise<Shop> {
  const shop = await fillShop(world.owner, { variants: size, channels: 1, offersEach: 1, twin: false })
  const { tenantId } = shop
  // Word k stands in every (2 + 2k)th title or so; a tenth has nothing in stock; half is not linked.
  await world.owner.query(
    `update products p set category = 'Category ' || n % $2, title = concat_ws(' ',
       (select string_agg(w, ' ' order by md5(w || n)) from unnest($3::text[]) with ordinality as w (w, k)
        where hashint8(n * 31 + k) % (2 + 2 * k)::int = 0), 'article', n::text)
     from (select id, substr(handle, 9)::int as n from products where tenant_id = $1) numbered
     where p.tenant_id = $1 and p.id = numbered.id`,
    [tenantId, categories, words],
  )
  await world.owner.query(`update variants set price_minor = 500 + abs(hashtext(sku)) % 20000 where tenant_id = $1`, [
    tenantId,
  ])
  await world.owner.query(
    `update supplier_offers set on_hand = case when abs(hashtext(supplier_sku)) % 10 = 0 then 0 else abs(hashtext(supplier_sku)) % 500 end,
       cost_minor = 100 + abs(hashtext(supplier_sku || 'c')) % 9000 where tenant_id = $1`,
    [tenantId],
  )
  await world.owner.query(
    `delete from sku_mappings m using listings l
     where m.tenant_id = $1 and l.tenant_id = m.tenant_id and l.id = m.listing_id and abs(hashtext(l.channel_sku)) % 2 = 0`,
    [tenantId],
  )
  await world.owner.query(
    `update listings set listed_here_at = app_now() where tenant_id = $1 and abs(hashtext(channel_sku)) % 4 = 1`,
    [tenantId],
  )
  await world.owner.query('delete from grid_marks where tenant_id = $1', [tenantId])
  await world.owner.query(
    'insert into grid_marks (tenant_id, product_id) select tenant_id, id from products where tenant_id = $1',
    [tenantId],
  )
  await world.owner.query('vacuum analyze')
  return shop
}

async function settleAll(world: BenchWorld, shop: Shop): Promise<void> {
  while ((await settleGrid(world.db, shop.tenantId)) === 'more');
}

async function measure(world: BenchWorld, { tenantId, channelIds }: Shop, ask: Ask) {
  const hub: number[] = []
  const bare: number[] = []
  for (let at = 0; at < repeats; at++) {
    const { filter, order } = ask(at)
    let ids: string[] = []
    hub.push(
      await timed(async () => {
        const found = await world.db.read(tenantId, (tx) =>
          findGridProducts(
            tx,
            { ...filter, channelId: channelIds[0] ?? '' },
            { sort: 'title', descending: false, limit: rowsShown + 1, ...order },
          ),
        )
        ids = found.products.map(({ id }) => id)
      }),
    )
    bare.push(await timed(() => readBare(world, tenantId, ids)))
  }
  return { hub, bare }
}

async function readBare({ bare }: BenchWorld, tenantId: string, ids: string[]): Promise<void> {
  await bare.query(`begin read only; set local app.tenant = '${tenantId}'`)
  await bare.query('select * from products where tenant_id = $1 and id = any($2)', [tenantId, ids])
  await bare.query('select * from variants where tenant_id = $1 and product_id = any($2)', [tenantId, ids])
  await bare.query('commit')
}
