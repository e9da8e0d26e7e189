// How long a person waits for a page of the listings grid with so many products behind it, for every way of asking; and how
// quickly the grid follows its sources. The limit is reading the same products and variants by their ids.
import type { GridOrder } from '../../src/domain/listings/grid.store.ts'
import { listGrid } from '../../src/domain/listings/grid-views.store.ts'
import { encodeCursor } from '../../src/domain/listings/paging.ts'
import { settleGrid } from '../../src/domain/listings/settle-grid.command.ts'
import { fillCatalogue, withoutIndexes, type Catalogue } from './grid-catalogue.ts'
import { measureGridInBrowser } from './grid-browser.ts'
import { gridShapes, type GridQuestion } from './grid-shapes.ts'
import { percentile, round, timed, type Benchmark, type BenchWorld } from './world.ts'

const repeats = 10
const rowsShown = 100
const worstShown = 12
const goalMs = 150
/** So many are settled as in daily work, with all indexes in place; the first million would take the bench minutes more. */
const settledMax = 50_000

export const grid: Benchmark = {
  name: 'grid',
  sentence: 'pages of the listings grid: every sort, filter and kind of words, in pairs, deep and shallow',
  sizes: { alone: 100_000, among: 5_000, max: 1_000_000 },
  async run(world, size) {
    const catalogue = await fillCatalogue(world.owner, size)
    const settled = Math.min(settledMax, Math.ceil(size / 2))
    await withoutIndexes(world.owner, ['grid_rows'], () =>
      settle(world, catalogue, { offset: 0, limit: size - settled }),
    )
    await world.owner.query('vacuum analyze')
    const settleMs = await timed(() => settle(world, catalogue, { offset: size - settled, limit: settled }))
    await world.owner.query('vacuum analyze')
    const shapes = await measureAll(world, catalogue)
    const inBrowser = await measureGridInBrowser(world, catalogue.tenantId)
    const hub = shapes.flatMap((shape) => shape.hub)
    const worst = shapes.toSorted((one, other) => other.p95 - one.p95)
    const over = shapes.filter(({ p95 }) => p95 > goalMs).length
    return {
      figures: {
        settledPerSecond: Math.round((settled / settleMs) * 1000),
        p50Ms: round(percentile(hub, 0.5)),
        p95Ms: round(percentile(hub, 0.95)),
        firstPageMs: round(Math.max(...(shapes[0]?.hub ?? []))),
        shapes: shapes.length,
        shapesOver150Ms: over,
        ...Object.fromEntries(worst.slice(0, worstShown).map(({ name, p95 }) => [`${name} p95Ms`, round(p95)])),
        rssMb: world.rssMb(),
        ...inBrowser.figures,
      },
      limits: {
        ...inBrowser.limits,
        p95Ms: round(
          percentile(
            shapes.flatMap((shape) => shape.bare),
            0.95,
          ),
        ),
      },
      ratios: {},
      notes: [
        ...inBrowser.notes,
        `${shapes.length} ways of asking, ${repeats} times each, ${rowsShown} products a page with all that the screen shows of them.`,
        `The ${worstShown} slowest are named. Goal: p95 at most ${goalMs} ms, the first page within a second.`,
        `The last ${settled} products were settled with all indexes in place, the others before the indexes were made.`,
      ],
    }
  },
}

/** Oldest first, as an import would have marked them. */
async function settle(
  world: BenchWorld,
  { tenantId }: Catalogue,
  part: { offset: number; limit: number },
): Promise<void> {
  await world.owner.query(
    `insert into grid_marks (tenant_id, product_id)
     select tenant_id, id from products where tenant_id = $1 order by id offset $2 limit $3`,
    [tenantId, part.offset, part.limit],
  )
  while ((await settleGrid(world.db, tenantId)) === 'more');
}

async function measureAll(world: BenchWorld, catalogue: Catalogue) {
  const shapes: { name: string; hub: number[]; bare: number[]; p95: number }[] = []
  for (const [name, ask] of Object.entries(gridShapes(catalogue.supplierIds))) {
    const waits = await measure(world, catalogue, ask)
    shapes.push({ name, ...waits, p95: percentile(waits.hub, 0.95) })
  }
  return shapes
}

async function measure(world: BenchWorld, { tenantId, channelId }: Catalogue, ask: (at: number) => GridQuestion) {
  const hub: number[] = []
  const bare: number[] = []
  for (let at = 0; at < repeats; at++) {
    const { filter, order } = ask(at)
    let ids: string[] = []
    hub.push(
      await timed(async () => {
        const page = await world.db.read(tenantId, (tx) => listGrid(tx, { ...filter, channelId }, wantedOf(order)))
        ids = page.rows.map(({ productId }) => productId)
      }),
    )
    bare.push(await timed(() => readBare(world, tenantId, ids)))
  }
  return { hub, bare }
}

function wantedOf({ after, count, ...order }: Partial<GridOrder> = {}) {
  const cursor = after && encodeCursor({ text: after.key, id: after.id, count })
  return { sort: 'title' as const, descending: false, limit: rowsShown, cursor, ...order }
}

async function readBare({ bare }: BenchWorld, tenantId: string, ids: string[]): Promise<void> {
  await bare.query(`begin read only; set local app.tenant = '${tenantId}'`)
  await bare.query('select * from products where tenant_id = $1 and id = any($2)', [tenantId, ids])
  await bare.query('select * from variants where tenant_id = $1 and product_id = any($2)', [tenantId, ids])
  await bare.query('commit')
}
