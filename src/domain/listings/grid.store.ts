// Which products a page of the listings grid shows (F2). Behind row-level security the planner sees little, and a product
// looked at somewhere in a million costs forty times an entry of an index that is read along. So the hub itself chooses: what
// few products match are looked at one by one and sorted; what more match, the index of what it is sorted by gives in order.
import { sql, type RawBuilder } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { plainWord, typedWords } from '../orders/order-terms.ts'
import { countBits, slotsOf, without } from './grid-bits.ts'
import { bitsOfSent, readMetProducts, type MetProducts } from './grid-bits.store.ts'
import { roughCountMax } from './paging.ts'

export const gridStates = ['not-listed', 'linked', 'listed', 'error'] as const
export type GridState = (typeof gridStates)[number]

export const gridSorts = ['title', 'sku', 'stock', 'cost', 'price'] as const
export type GridSort = (typeof gridSorts)[number]

export type GridFilter = {
  channelId: string
  search?: string | undefined
  states?: GridState[] | undefined
  /** Of our catalogue; '' is none. */
  category?: string | undefined
  supplierId?: string | undefined
  inStock?: boolean | undefined
}

export type GridPlace = { key: string; id: string }
export type GridCount = { value: number; more: boolean }
export type GridOrder = {
  sort: GridSort
  descending: boolean
  after?: GridPlace | undefined
  limit: number
  /** As the first page had it: later ones do not count anew. */
  count?: GridCount | undefined
}

export type FoundProducts = {
  /** In the order asked for. */
  products: { id: string; key: string }[]
  count: GridCount
}

export type GridLimits = typeof usualLimits

const usualLimits = {
  /** Up to here what matches is looked at one by one. */
  few: 3_000,
  /** So many entries are walked along an index: if that fills no page, what matches stands far from here. */
  walked: 60_000,
  /** Up to here all that match are rather sorted than walked to: by figures, which stand beside what is filtered by. */
  sorted: 100_000,
  /** And by texts, for which each must be looked at. */
  sortedByText: 20_000,
  /** Up to here titles and SKUs that begin with a word are told apart from others that have it. */
  beginning: 100_000,
  /** So many are looked at for a count of what both words and filters leave. */
  counted: 60_000,
}

export async function findGridProducts(
  tx: Tx,
  filter: GridFilter,
  order: GridOrder,
  limits: GridLimits = usualLimits,
): Promise<FoundProducts> {
  const facets = await readFacets(tx, filter)
  if (facets?.length === 0) return none
  const words = wordsToFind(filter.search)
  const met = await readMetProducts(tx, words)
  if (met?.size === 0) return none
  const asked: Asked = { tx, filter, words, met, order, limits, asks: asksOf(filter, facets) }
  if (met && met.size <= limits.few) return gather(asked, ofSlots(asked, met))
  const count = order.count ?? (await countMatches(asked))
  if (!count.more && count.value <= limits.few) return gather(asked, left(asked))
  return { products: await walk(asked), count }
}

const none: FoundProducts = { products: [], count: { value: 0, more: false } }

/** All that match, for an action on all of them: at most `limit` ids, in their order, those behind `after`. */
export async function allGridProducts(
  tx: Tx,
  filter: GridFilter,
  limit: number,
  after: string | null = null,
): Promise<string[]> {
  const asks = await asksOfAll(tx, filter)
  if (!asks) return []
  const behind = after === null ? sql`` : sql`and r.product_id > ${after}`
  const { rows } = await sql<{ id: string }>`
    select r.product_id as id from grid_rows r where ${asks} ${behind} order by r.product_id limit ${limit}
  `.execute(tx)
  return rows.map(({ id }) => id)
}

/** However many they are. */
export async function countGridProducts(tx: Tx, filter: GridFilter): Promise<number> {
  const asks = await asksOfAll(tx, filter)
  if (!asks) return 0
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from grid_rows r where ${asks}`.execute(
    tx,
  )
  return rows[0]?.count ?? 0
}

/** Undefined: nothing can match. */
async function asksOfAll(tx: Tx, filter: GridFilter): Promise<RawBuilder<unknown> | undefined> {
  const facets = await readFacets(tx, filter)
  if (facets?.length === 0) return undefined
  const met = await readMetProducts(tx, wordsToFind(filter.search))
  return met?.size === 0 ? undefined : sql`${onChannel(tx, filter)} and ${and([...asksOf(filter, facets), isMet(met)])}`
}

function wordsToFind(search: string | undefined): string[] {
  return typedWords(search)
    .map(plainWord)
    .filter((word) => word !== '')
}

/** Null: no filter that a facet answers. */
async function readFacets(tx: Tx, { category, supplierId, inStock }: GridFilter): Promise<number[] | null> {
  if (category === undefined && supplierId === undefined && inStock === undefined) return null
  const { rows } = await sql<{ id: number }>`
    select id from grid_facets where tenant_id = ${tx.tenantId}
      ${category === undefined ? sql`` : sql`and category is not distinct from ${category === '' ? null : category}`}
      ${inStock === undefined ? sql`` : sql`and in_stock = ${inStock}`}
      ${supplierId === undefined ? sql`` : sql`and ${supplierId}::uuid = any(supplier_ids)`}
  `.execute(tx)
  return rows.map(({ id }) => id)
}

const onChannel = (tx: Tx, { channelId }: GridFilter) =>
  sql`r.tenant_id = ${tx.tenantId} and r.channel_id = ${channelId}`

function asksOf({ states = [] }: GridFilter, facets: number[] | null): RawBuilder<unknown>[] {
  const numbers = states.map((state) => gridStates.indexOf(state))
  return [
    ...(numbers.length === 0 ? [] : [sql`r.state = any(${numbers}::smallint[])`]),
    ...(facets === null ? [] : [sql`r.facet_id = any(${facets}::int[])`]),
  ]
}

/** Whether a product has all the words. A slot that came after they were read has no bit yet. */
function isMet(met: MetProducts | undefined): RawBuilder<unknown> {
  if (!met) return sql`true`
  const { bits } = met
  return sql`case when r.slot < ${bits.length * 8}::int then get_bit(${Buffer.from(bits.buffer, bits.byteOffset, bits.length)}::bytea, r.slot) = 1 else false end`
}

type Asked = {
  tx: Tx
  filter: GridFilter
  words: string[]
  /** Undefined: without words it is all. */
  met: MetProducts | undefined
  order: GridOrder
  limits: GridLimits
  /** What the filters ask of a row. */
  asks: RawBuilder<unknown>[]
}

/** The rows of these products that the filters leave, found one by one: the planner would rather read all rows. */
function ofSlots({ tx, filter, order, asks }: Asked, { bits }: Pick<MetProducts, 'bits'>): RawBuilder<unknown> {
  return sql`
    select r.product_id as id, ${keyOf(order.sort)} as key from unnest(${slotsOf(bits)}::int[]) met (slot)
    cross join lateral (
      select * from grid_rows r where ${and([onChannel(tx, filter), ...asks])} and r.slot = met.slot offset 0
    ) r`
}

/** What the filters leave, with all the words. Only for texts the index that they are found in is left. */
function left({ tx, filter, order, asks, met }: Asked): RawBuilder<unknown> {
  const key = keyOf(order.sort)
  const where = and([onChannel(tx, filter), ...asks, isMet(met)])
  if (!isByText(order)) return sql`select r.product_id as id, ${key} as key from grid_rows r where ${where} offset 0`
  return sql`
    select r.product_id as id, ${key} as key from (select r.slot from grid_rows r where ${where} offset 0) met
    cross join lateral (
      select * from grid_rows r where ${onChannel(tx, filter)} and r.slot = met.slot offset 0
    ) r`
}

const isByText = ({ sort }: GridOrder) => sort === 'title' || sort === 'sku'

/** Few: all that match are read and sorted. */
async function gather({ tx, order }: Asked, matches: RawBuilder<unknown>): Promise<FoundProducts> {
  const { rows } = await sql<{ id: string | null; key: string; count: number }>`
    with met as materialized (${matches})
    select page.id, page.key::text as key, counted.count
    from (select count(*)::int as count from met) counted
    left join lateral (
      select * from met where ${afterPlace(order, sql`key`, sql`id`)} ${inOrder(order, sql`key`, sql`id`)} limit ${order.limit}
    ) page on true
  `.execute(tx)
  const products = rows.flatMap(({ id, key }) => (id === null ? [] : [{ id, key }]))
  return { products, count: { value: rows[0]?.count ?? 0, more: false } }
}

type Found = FoundProducts['products']

/** Many: along the index of what it is sorted by, until the page is full. */
async function walk(asked: Asked): Promise<Found> {
  const { met, asks, order, limits } = asked
  if (!met && asks.length === 0) return walkIndex(asked)
  const near = await walkIndex(asked, limits.walked)
  if (near.length === order.limit) return near
  // Far from here, as all titles that begin with one word, or nowhere, as what a deep page has behind it.
  return (await besideBeginning(asked)) ?? (await sortAll(asked)) ?? walkIndex(asked)
}

async function walkIndex({ tx, filter, order, met, asks }: Asked, entriesMax?: number): Promise<Found> {
  const key = keyOf(order.sort)
  // A fence keeps the order of the index: gathering and sorting half a million would look cheaper to the planner.
  const fence = entriesMax === undefined ? sql`offset 0` : sql`limit ${entriesMax}`
  const { rows } = await sql<{ id: string; key: string }>`
    select r.product_id as id, r.key::text as key from (
      select r.product_id, ${key} as key, r.state, r.facet_id, r.slot from grid_rows r
      where ${onChannel(tx, filter)} and ${stockRange(filter, order)} and ${afterPlace(order, key, sql`r.product_id`)}
      ${inOrder(order, key, sql`r.product_id`)} ${fence}
    ) r
    where ${and([...asks, isMet(met)])}
    ${inOrder(order, sql`r.key`, sql`r.product_id`)} limit ${order.limit}
  `.execute(tx)
  return rows
}

/** A maker's name begins his titles: by title all of them stand together, and only the few others are looked for. */
async function besideBeginning(asked: Asked): Promise<Found | undefined> {
  const { tx, filter, words, met, order, asks, limits } = asked
  const [word] = words
  if (!isByText(order) || !word || !met) return undefined
  const key = keyOf(order.sort)
  const begins = sql`${key} >= ${word} and ${key} < ${`${word}\u{10FFFF}`}`
  const { rows } = await sql<{ count: number; slots: Buffer | null }>`
    select count(*)::int as count, string_agg(int4send(slot), '') as slots from (
      select r.slot from grid_rows r where ${onChannel(tx, filter)} and ${begins} limit ${limits.beginning + 1}
    ) r`.execute(tx)
  const [together] = rows
  if (!together || together.count > limits.beginning) return undefined
  const others = together.slots ? without(met.bits, bitsOfSent(together.slots)) : met.bits
  if (countBits(others) > limits.few) return undefined
  const standing = sql`
    select r.product_id as id, ${key} as key from grid_rows r
    where ${and([onChannel(tx, filter), ...asks, begins, isMet(met)])} offset 0`
  return sortParts(asked, [ofSlots(asked, { bits: others }), standing])
}

async function sortParts({ tx, order }: Asked, parts: RawBuilder<unknown>[]): Promise<Found> {
  const { rows } = await sql<{ id: string; key: string }>`
    select id, key::text as key from (${sql.join(parts, sql` union all `)}) found
    where ${afterPlace(order, sql`key`, sql`id`)} ${inOrder(order, sql`found.key`, sql`id`)} limit ${order.limit}
  `.execute(tx)
  return rows
}

/** Not so many that walking to them would be quicker. */
async function sortAll(asked: Asked): Promise<Found | undefined> {
  const { met, asks, order, limits } = asked
  const max = isByText(order) ? limits.sortedByText : limits.sorted
  if (met && met.size <= max) return sortParts(asked, [ofSlots(asked, met)])
  if (asks.length === 0 || (await countLeft(asked, max + 1)) > max) return undefined
  return sortParts(asked, [left(asked)])
}

/** What is in stock and what is not lie apart in the index of stock, so that the other half is not walked through. */
function stockRange({ inStock }: GridFilter, { sort }: GridOrder): RawBuilder<unknown> {
  if (sort !== 'stock' || inStock === undefined) return sql`true`
  return inStock ? sql`r.stock_key > 0` : sql`r.stock_key <= 0`
}

async function countMatches(asked: Asked): Promise<GridCount> {
  const { tx, met, asks, limits } = asked
  if (!met) return upToMax(await countLeft(asked, roughCountMax + 1))
  if (asks.length === 0) return upToMax(met.size)
  const { rows } = await sql<{ looked: number; count: number }>`
    select count(*)::int as looked, (count(*) filter (where ${isMet(met)}))::int as count
    from (${leftRows(asked, sql`r.slot`, limits.counted + 1)}) r
  `.execute(tx)
  const { looked = 0, count = 0 } = rows[0] ?? {}
  if (looked <= limits.counted || count > roughCountMax) return upToMax(count)
  return met.size <= limits.counted / 3 ? countOneByOne(asked, met) : { value: count, more: true }
}

async function countOneByOne(asked: Asked, met: MetProducts): Promise<GridCount> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (${ofSlots(asked, met)}) r`.execute(asked.tx)
  return upToMax(rows[0]?.count ?? 0)
}

/** How many the filters leave, as far as that matters. */
async function countLeft(asked: Asked, max: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (${leftRows(asked, sql``, max)}) r`.execute(asked.tx)
  return rows[0]?.count ?? 0
}

const leftRows = ({ tx, filter, asks }: Asked, columns: RawBuilder<unknown>, max: number) =>
  sql`select ${columns} from grid_rows r where ${and([onChannel(tx, filter), ...asks])} limit ${max}`

const upToMax = (size: number): GridCount => ({ value: Math.min(size, roughCountMax), more: size > roughCountMax })

function keyOf(sort: GridSort): RawBuilder<unknown> {
  return sql.raw(`r.${sort}_key`)
}

const and = (conditions: RawBuilder<unknown>[]) =>
  conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `)

function inOrder({ descending }: GridOrder, key: RawBuilder<unknown>, id: RawBuilder<unknown>): RawBuilder<unknown> {
  return descending ? sql`order by ${key} desc, ${id} desc` : sql`order by ${key}, ${id}`
}

function afterPlace({ sort, descending, after }: GridOrder, key: RawBuilder<unknown>, id: RawBuilder<unknown>) {
  if (!after) return sql`true`
  const type = sort === 'title' || sort === 'sku' ? sql`text` : sql`bigint`
  return sql`(${key}, ${id}) ${descending ? sql`<` : sql`>`} (${after.key}::${type}, ${after.id}::uuid)`
}
