// How long a person waits for the orders list, beside reading the same orders and lines by their ids.
import { listOrders, type OrderList } from '../../src/domain/orders/order-views.store.ts'
import type { OrderFilter } from '../../src/domain/orders/order-search.store.ts'
import { orderOf } from './buyers.ts'
import { ingestPage, pageOrders } from './orders.ts'
import { fillShop, type Shop } from './shop.ts'
import { percentile, round, timed, type Benchmark, type BenchWorld } from './world.ts'

const rowsShown = 50
const repeats = 60

export const lists: Benchmark = {
  name: 'lists',
  sentence: 'the orders list with so many orders behind it: first page, next pages, a filter, a search',
  sizes: { alone: 20_000, among: 2_000, max: 1_000_000 },
  async run(world, size) {
    const shop = await fillShop(world.owner, { variants: 2_000, channels: 2, offersEach: 2 })
    for (let page = 0; page < Math.ceil(size / pageOrders); page++) await ingestPage(world, shop, page, mixedOrder)
    // As autovacuum does by itself within the minute.
    await world.owner.query('vacuum analyze')
    const measured = {
      firstPage: await measure(world, shop, () => ({ filter: {} })),
      nextPage: await measure(world, shop, (last) => ({ filter: {}, cursor: last?.next ?? undefined })),
      filter: await measure(world, shop, (_, at) => ({
        filter: { status: ['on-hold'], channels: [shop.channelIds[at % 2] ?? ''] },
      })),
      search: await measure(world, shop, (_, at) => ({
        filter: { search: orderOf((at * 31) % size, shop.variants).lines[0]?.channelSku ?? '' },
      })),
    }
    const keyed = (pick: (one: Waits) => number) =>
      Object.fromEntries(Object.entries(measured).map(([name, one]) => [`${name}P95Ms`, round(pick(one))]))
    return {
      figures: { ...keyed((one) => one.hubMs), rssMb: world.rssMb() },
      limits: keyed((one) => one.bareMs),
      ratios: keyed((one) => one.bareMs / one.hubMs),
      notes: [
        `${rowsShown} orders a page, with the count of all that match; ${repeats} times each, as the role behind the wall.`,
        'The limit is a transaction that reads the same orders and their lines by id.',
      ],
    }
  },
}

function mixedOrder(at: number, variants: number) {
  if (at % 50 === 0) return orderOf(at, variants, 'on-hold')
  return orderOf(at, variants, at % 10 === 1 ? 'cancelled' : 'to-ship')
}

type Ask = { filter: OrderFilter; cursor?: string | undefined }
type Waits = { hubMs: number; bareMs: number }

async function measure(
  world: BenchWorld,
  { tenantId }: Shop,
  ask: (last: OrderList | undefined, at: number) => Ask,
): Promise<Waits> {
  const hub: number[] = []
  const bare: number[] = []
  let last: OrderList | undefined
  for (let at = 0; at < repeats; at++) {
    const { filter, cursor } = ask(last, at)
    hub.push(
      await timed(async () => {
        last = await world.db.read(tenantId, (tx) =>
          listOrders(tx, filter, { cursor, limit: rowsShown }, world.secrets),
        )
      }),
    )
    if (!last || last.rows.length === 0) throw new Error('A list without orders measures nothing.')
    const ids = last.rows.map((row) => row.id)
    bare.push(await timed(() => readBare(world, tenantId, ids)))
  }
  return { hubMs: percentile(hub, 0.95), bareMs: percentile(bare, 0.95) }
}

async function readBare({ bare }: BenchWorld, tenantId: string, ids: string[]): Promise<void> {
  await bare.query(`begin read only; set local app.tenant = '${tenantId}'`)
  await bare.query('select * from orders where tenant_id = $1 and id = any($2)', [tenantId, ids])
  await bare.query('select * from order_lines where tenant_id = $1 and order_id = any($2)', [tenantId, ids])
  await bare.query('commit')
}
