// Orders from a page of the marketplace to a purchase order, beside the same rows written bare.
import type { Client } from 'pg'
import { ingestOrders } from '../../src/domain/orders/ingest-orders.command.ts'
import { bareTransaction, describeTables, insertBare, readRows, type BareRows, type BareTable } from './bare.ts'
import { orderOf } from './buyers.ts'
import { fillShop, type Shop } from './shop.ts'
import { percentile, rates, round, sum, timed, type Benchmark, type BenchWorld } from './world.ts'

export const pageOrders = 100
/** The first pages warm up both sides: code compiled, pages of the database in memory. */
const warmUpPages = 3
/** So many sales channels of one business have pages in flight at once, each of them so many one after the other. */
const channelsTogether = 4
const pagesEach = 5

export const orders: Benchmark = {
  name: 'orders',
  sentence: 'orders of two lines, in pages of 100: mapped, routed, reserved, purchase orders and invoices written',
  sizes: { alone: 10_000, among: 2_000, max: 1_000_000 },
  async run(world, size) {
    const shop = await fillShop(world.owner, { variants: 2_000, channels: channelsTogether, offersEach: 2 })
    const tables = await describeTables(world.owner, Object.keys(ofThePage))
    const written: Record<string, number> = {}
    const note = (rows: BareRows[]) => {
      for (const { table, count } of rows) written[table] = (written[table] ?? 0) + count
    }
    const pages = Math.ceil(size / pageOrders)
    const alone = await measureAlone(world, { shop, tables, pages, note })
    const together = await measureTogether(world, { shop, tables, pages, from: pages + warmUpPages, note })
    const { hub, bare, ratio } = rates(alone.hubMs.length * pageOrders, {
      hubMs: sum(alone.hubMs),
      bareMs: sum(alone.bareMs),
    })
    const atOnce = rates(together.pages * pageOrders, together)
    const latencies = (values: number[]) => ({
      p50Ms: round(percentile(values, 0.5)),
      p99Ms: round(percentile(values, 0.99)),
    })
    return {
      figures: {
        ...hub,
        perSecondTogether: atOnce.hub.perSecond,
        ...latencies(alone.hubMs),
        rssMb: world.rssMb(),
      },
      limits: { ...bare, perSecondTogether: atOnce.bare.perSecond, ...latencies(alone.bareMs) },
      ratios: { perSecond: ratio, perSecondTogether: atOnce.ratio },
      notes: [
        `Both wrote ${Object.entries(written)
          .map(([table, count]) => `${count} ${table}`)
          .join(', ')}.`,
        'The hub besides: reserved units of offers, marks of changed variants, purchase order numbers, the bookmark, a kick.',
        `Together: ${channelsTogether} sales channels that sell the same variants, a page of each in flight; as many connections write bare.`,
      ],
    }
  },
}

type Measuring = { shop: Shop; tables: BareTable[]; pages: number; note(rows: BareRows[]): void }

/** Page by page in turn, so that whatever else the machine does meanwhile slows both. */
async function measureAlone(world: BenchWorld, { shop, tables, pages, note }: Measuring) {
  const ofOne = { ...shop, channelIds: shop.channelIds.slice(0, 1) }
  const hubMs: number[] = []
  const bareMs: number[] = []
  for (let page = 0; page < pages + warmUpPages; page++) {
    const hub = await timed(() => ingestPage(world, ofOne, page))
    const rows = await rowsOfPage(world.owner, tables, shop.tenantId, page)
    const bare = await writeBare(world.bare, shop.twinId, rows)
    if (page < warmUpPages) continue
    hubMs.push(hub)
    bareMs.push(bare)
    note(rows)
  }
  return { hubMs, bareMs }
}

/** Round by round in turn. The first round warms up the connections. */
async function measureTogether(world: BenchWorld, { shop, tables, pages, from, note }: Measuring & { from: number }) {
  const clients = await world.moreBare(channelsTogether)
  const perRound = channelsTogether * pagesEach
  const rounds = Math.ceil(pages / perRound)
  const total = { hubMs: 0, bareMs: 0, pages: rounds * perRound }
  for (let round = 0; round <= rounds; round++) {
    const first = Math.ceil(from / channelsTogether) * channelsTogether + round * perRound
    const ofChannels = shop.channelIds.map((_, channel) =>
      Array.from({ length: pagesEach }, (__, index) => first + index * channelsTogether + channel),
    )
    const hubMs = await timed(() =>
      Promise.all(ofChannels.map((mine) => inTurn(mine, (page) => ingestPage(world, shop, page)))),
    )
    const rows = new Map<number, BareRows[]>()
    for (const page of ofChannels.flat()) rows.set(page, await rowsOfPage(world.owner, tables, shop.tenantId, page))
    const bareMs = await timed(() =>
      Promise.all(
        ofChannels.map((mine, channel) =>
          inTurn(mine, (page) => writeBare(clients[channel] ?? world.bare, shop.twinId, rows.get(page) ?? [])),
        ),
      ),
    )
    if (round === 0) continue
    total.hubMs += hubMs
    total.bareMs += bareMs
    for (const each of rows.values()) note(each)
  }
  return total
}

async function inTurn(pages: number[], work: (page: number) => Promise<unknown>): Promise<void> {
  for (const page of pages) await work(page)
}

const idOf = (at: number) => orderOf(at, 1).marketplaceOrderId
const atOf = (page: number) => Array.from({ length: pageOrders }, (_, index) => page * pageOrders + index)

export async function ingestPage({ db, secrets }: BenchWorld, shop: Shop, page: number, make = orderOf): Promise<void> {
  const stored = await db.tenant(shop.tenantId).transaction((tx) =>
    ingestOrders(tx, {
      channelId: shop.channelIds[page % shop.channelIds.length] ?? '',
      orders: atOf(page).map((at) => make(at, shop.variants)),
      unreadable: [],
      cursor: { before: page === 0 ? null : String(page), after: String(page + 1) },
      secrets,
    }),
  )
  if (stored.kind !== 'stored' || stored.imported !== pageOrders)
    throw new Error('Not every order of the page was imported.')
}

const orderIds = 'select id from orders where tenant_id = $1 and marketplace_order_id = any($2)'
const purchaseOrderIds = `select id from purchase_orders where tenant_id = $1 and order_id in (${orderIds})`
const invoiceIds = `select invoice_id from purchase_orders where tenant_id = $1 and order_id in (${orderIds})`
const componentIds = `select id from order_line_components where tenant_id = $1 and order_id in (${orderIds})`

/** What of each table belongs to a page; a table after those that it names. */
const ofThePage: Record<string, string> = {
  orders: 'marketplace_order_id = any($2)',
  order_terms: `order_id in (${orderIds})`,
  order_bodies: `order_id in (${orderIds})`,
  order_lines: `order_id in (${orderIds})`,
  order_line_components: `order_id in (${orderIds})`,
  reservations: `component_id in (${componentIds})`,
  invoices: `id in (${invoiceIds})`,
  purchase_orders: `order_id in (${orderIds})`,
  purchase_order_lines: `purchase_order_id in (${purchaseOrderIds})`,
  invoice_lines: `invoice_id in (${invoiceIds})`,
  ledger_entries: `transaction_id in (${invoiceIds})`,
  order_events: `order_id in (${orderIds})`,
}

async function rowsOfPage(owner: Client, tables: BareTable[], tenantId: string, page: number): Promise<BareRows[]> {
  const rows: BareRows[] = []
  for (const table of tables)
    rows.push(
      await readRows(owner, table, `tenant_id = $1 and ${ofThePage[table.table]}`, [tenantId, atOf(page).map(idOf)]),
    )
  return rows
}

function writeBare(bare: Client, twinId: string, rows: BareRows[]): Promise<number> {
  const inserts = rows.map(insertBare)
  return bareTransaction(bare, twinId, async () => {
    for (const insert of inserts) await insert(bare, twinId)
  })
}
