// How long a person waits for lists, filters and searches of orders, beside reading the same orders by their ids.
import { searchAll } from '../../src/domain/home/home-views.store.ts'
import { placeText, type OrderFilter, type OrderSort } from '../../src/domain/orders/order-search.store.ts'
import { countByStatus, listOrders } from '../../src/domain/orders/order-views.store.ts'
import {
  commonWord,
  fillOrders,
  firstNames,
  idOf,
  lastNames,
  orderNumber,
  postcodes,
  rareCountry,
  skuOf,
  trackingOf,
} from './many-orders.ts'
import { fillShop, type Shop } from './shop.ts'
import { percentile, round, timed, type Benchmark, type BenchWorld } from './world.ts'

const rowsShown = 50
const repeats = 40

export const orderLists: Benchmark = {
  name: 'order-lists',
  sentence: 'the orders list with so many orders behind it: every filter, every kind of search, counts and tabs',
  sizes: { alone: 100_000, among: 5_000, max: 2_000_000 },
  async run(world, size) {
    const shop = await fillShop(world.owner, { variants: 100, channels: 4, offersEach: 2 })
    const filling = await timed(() => fillOrders(world.owner, shop, size, world.secrets))
    const figures: Record<string, number> = { fillSeconds: round(filling / 1000) }
    const limits: Record<string, number> = {}
    const ratios: Record<string, number> = {}
    const notes: string[] = []
    const all: number[] = []
    for (const [name, ask] of Object.entries(questions(shop, size))) {
      const { hub, bare, found } = await measure(world, shop.tenantId, ask)
      all.push(...hub)
      const p95 = percentile(hub, 0.95)
      figures[`${name}P95Ms`] = round(p95)
      limits[`${name}P95Ms`] = round(percentile(bare, 0.95))
      ratios[`${name}P95Ms`] = round(percentile(bare, 0.95) / p95)
      notes.push(
        `${name.padEnd(26)} p50 ${ms(percentile(hub, 0.5))}  p95 ${ms(p95)}  max ${ms(Math.max(...hub))}  finds ${found}`,
      )
    }
    figures['allP95Ms'] = round(percentile(all, 0.95))
    const tabs = await repeat(() => world.db.read(shop.tenantId, countByStatus))
    const anything = await repeat((at) =>
      world.db.read(shop.tenantId, (tx) => searchAll(tx, lastNames[(at * 31) % lastNames.length] ?? '', world.secrets)),
    )
    figures['statusTabsP95Ms'] = round(percentile(tabs, 0.95))
    figures['searchAnythingP95Ms'] = round(percentile(anything, 0.95))
    notes.push(
      `${rowsShown} orders a page, with the count of all that match; ${repeats} times each with other values, as the role behind the wall.`,
      'The limit is a transaction that reads the same orders and their lines by id.',
    )
    return { figures, limits, ratios, notes }
  },
}

const ms = (value: number) => `${round(value)} ms`.padStart(9)

type Ask = { filter?: OrderFilter; sort?: OrderSort; cursor?: string }
type Question = (at: number) => Ask

function questions({ channelIds, supplierIds }: Shop, size: number): Record<string, Question> {
  const some = (at: number) => 1 + ((at * 7919 + 13) % size)
  const day = (back: number) => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10)
  const pick = <Value>(values: readonly Value[], at: number) => values[at % values.length] as Value
  const search = (text: string): Ask => ({ filter: { search: text } })
  const product = (at: number) => (some(at) * 7919) % 5_000
  return {
    firstPage: () => ({}),
    deepPage: (at) => ({
      cursor: placeText({ at: new Date(Date.now() - some(at) * (63_072_000_000 / size)), id: idOf(0) }),
    }),
    oneStatus: (at) => ({
      filter: { status: [pick(['dispatched', 'with-supplier', 'cancelled', 'error'] as const, at)] },
    }),
    someStatuses: () => ({
      filter: { status: ['awaiting-stock', 'on-hold', 'awaiting-mapping', 'queued-for-payment'] },
    }),
    oneChannel: (at) => ({ filter: { channels: [pick(channelIds, at)] } }),
    someChannels: (at) => ({ filter: { channels: [pick(channelIds, at), pick(channelIds, at + 1), null] } }),
    byHand: () => ({ filter: { channels: [null] } }),
    channelAndStatus: (at) => ({
      filter: { channels: [pick(channelIds, at)], status: ['on-hold', 'partly-dispatched'] },
    }),
    unpaid: () => ({ filter: { paid: 'no' } }),
    paidAndStatus: () => ({ filter: { paid: 'yes', status: ['awaiting-stock'] } }),
    country: (at) => ({ filter: { country: pick(['GB', 'DE', 'FR', 'US'], at) } }),
    rareCountry: () => ({ filter: { country: rareCountry } }),
    countryAndStatus: (at) => ({ filter: { country: pick(['GB', 'DE'], at), status: ['dispatched'] } }),
    countryAndChannelPaid: (at) => ({ filter: { country: 'FR', channels: [pick(channelIds, at)], paid: 'yes' } }),
    supplier: (at) => ({ filter: { supplierId: pick(supplierIds, at) } }),
    rareSupplierAndStatus: () => ({ filter: { supplierId: supplierIds[4], status: ['with-supplier'] } }),
    supplierAndCountry: (at) => ({ filter: { supplierId: pick(supplierIds, at), country: 'DE' } }),
    withProblem: () => ({ filter: { problems: 'yes' } }),
    problemAndStatus: () => ({ filter: { problems: 'yes', status: ['dispatched'] } }),
    overdue: () => ({ filter: { shipBy: 'overdue' } }),
    shipToday: () => ({ filter: { shipBy: 'today' } }),
    ship24h: (at) => ({ filter: { shipBy: '24h', channels: [pick(channelIds, at)] } }),
    soonestFirst: () => ({ sort: 'ship-by' }),
    soonestOfStatus: () => ({ sort: 'ship-by', filter: { status: ['with-supplier'] } }),
    days: (at) => ({ filter: { from: day(30 + at * 7), to: day(20 + at * 7) } }),
    daysAndStatus: (at) => ({
      filter: { from: day(60 + at * 7), to: day(20 + at * 7), status: ['on-hold', 'cancelled'] },
    }),
    orderNumber: (at) => search(orderNumber(some(at))),
    ourId: (at) => search(idOf(some(at))),
    orderNumberBeginning: (at) => search(orderNumber(some(at)).slice(0, 6)),
    sku: (at) => search(skuOf(product(at))),
    titleWord: (at) => search(`model${product(at)}`),
    commonTitleWord: () => search(commonWord),
    titleWordBeginning: () => search('colo'),
    twoTitleWords: (at) => search(`maker${at % 97} colour${at % 41}`),
    commonAndRareWord: (at) => search(`${commonWord} model${product(at)}`),
    wordsThatNeverMeet: (at) => search(`colour${at % 41} ${commonWord} first${(at * 3) % 400} maker${at % 97}`),
    wordAndStatus: () => ({ filter: { search: commonWord, status: ['on-hold'] } }),
    wordAndRareCountry: () => ({ filter: { search: commonWord, country: rareCountry } }),
    tracking: (at) => search(trackingOf(some(at))),
    trackingBeginning: (at) => search(trackingOf(some(at)).slice(0, 8)),
    purchaseOrder: (at) => search(`PO-${String(some(at)).padStart(7, '0')}`),
    buyerLastName: (at) => search(pick(lastNames, at * 31)),
    buyerFullName: (at) => search(`${pick(firstNames, some(at) * 7907)} ${pick(lastNames, some(at) * 7901)}`),
    postcode: (at) => search(pick(postcodes, at * 53)),
    nothing: (at) => search(`nowhere${at}`),
  }
}

async function measure(world: BenchWorld, tenantId: string, ask: Question) {
  const hub: number[] = []
  const bare: number[] = []
  let found = ''
  for (let at = 0; at < repeats; at++) {
    const { filter = {}, ...page } = ask(at)
    let ids: string[] = []
    hub.push(
      await timed(async () => {
        const list = await world.db.read(tenantId, (tx) =>
          listOrders(tx, filter, { limit: rowsShown, ...page }, world.secrets),
        )
        ids = list.rows.map((row) => row.id)
        found = `${list.count.value}${list.count.more ? '+' : ''}`
      }),
    )
    bare.push(await timed(() => readBare(world, tenantId, ids)))
  }
  return { hub, bare, found }
}

async function repeat(work: (at: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  for (let at = 0; at < repeats; at++) times.push(await timed(() => work(at)))
  return times
}

async function readBare({ bare }: BenchWorld, tenantId: string, ids: string[]): Promise<void> {
  await bare.query(`begin read only; set local app.tenant = '${tenantId}'`)
  await bare.query('select * from orders where tenant_id = $1 and id = any($2)', [tenantId, ids])
  await bare.query('select * from order_lines where tenant_id = $1 and order_id = any($2)', [tenantId, ids])
  await bare.query('commit')
}
