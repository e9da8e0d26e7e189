// Which products a page of the listings grid shows (F2). Behind row-level security the planner sees little, and a product
// looked at somewhere in a million costs forty times an entry of an index that is read along. So the hub itself chooses: what
// few products match are looked at one by one and sorted; what more match, the index of what it is sorted by gives in order.
import { sql, type RawBuilder } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { plainWord, typedWords } from '../orders/order-terms.ts'
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

/** Up to here the products of a word are told apart from those whose title begins with it. */
const beginningMax = 100_000

export type GridLimits = typeof usualLimits

const usualLimits = {
  /** Up to here what matches is looked at one by one. */
  few: 3_000,
  /** Up to here the products of a word are read and kept beside a walk; those of a more common one are asked on the way. */
  kept: 50_000,
  /** So many entries are walked, and so many of them asked for common words: if that fills no page, they stand far from here. */
  walked: 60_000,
  asked: 4_000,
  /** So many are looked at for a count where each must be asked. */
  counted: 5_000,
}

export async function findGridProducts(
  tx: Tx,
  filter: GridFilter,
  order: GridOrder,
  limits: GridLimits = usualLimits,
): Promise<FoundProducts> {
  const facets = await readFacets(tx, filter)
  if (facets?.length === 0) return none
  const asked = { tx, filter, facets, order, limits, ...(await measureParts(tx, filter, facets, limits)) }
  if (asked.words.some(({ size }) => size === 0) || asked.filtered?.size === 0) return none
  if (smallestOf(asked).size <= limits.few) return gather(asked)
  return { products: await walk(asked), count: order.count ?? (await count(asked)) }
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
  const words = wordsToFind(filter.search).map((word) => sql`r.product_id in (${productsOf(tx, word)})`)
  return sql`${onChannel(tx, filter)} and ${and([...asksOf(filter, facets), ...words])}`
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

/** A word is met by every term that begins with it. */
function termsOf(tx: Tx, word: string): RawBuilder<unknown> {
  return sql`product_terms t where t.tenant_id = ${tx.tenantId} and t.term >= ${word} and t.term < ${`${word}\u{10FFFF}`}`
}

const productsOf = (tx: Tx, word: string) => sql`select t.product_id from ${termsOf(tx, word)}`

/** One product is asked for a word. Never a join: that would read all words of all products. */
function hasWord(tx: Tx, productId: RawBuilder<unknown>, word: string): RawBuilder<unknown> {
  return sql`exists (
    select from product_words w where w.tenant_id = ${tx.tenantId} and w.product_id = ${productId} and strpos(w.words, ${` ${word}`}) > 0
    offset 0
  )`
}

type Part = { size: number }
type Word = Part & { text: string; terms: number }
type Parts = { words: Word[]; filtered: Part | undefined }
type Asked = Parts & { tx: Tx; filter: GridFilter; facets: number[] | null; order: GridOrder; limits: GridLimits }

/** How many each word and the filters leave, as far as that matters. */
async function measureParts(
  tx: Tx,
  filter: GridFilter,
  facets: number[] | null,
  { kept, counted }: GridLimits,
): Promise<Parts> {
  const words = wordsToFind(filter.search)
  const asks = asksOf(filter, facets)
  const sizeMax = Math.max(kept, counted, roughCountMax)
  const sizes = words.map(
    (word) => sql`
      select count(*)::int as size, case when min(term) = max(term) then 1 else 2 end as terms
      from (select t.term from ${termsOf(tx, word)} limit ${sizeMax + 1}) met`,
  )
  // Without a filter it is all products of the channel.
  sizes.push(sql`
    select count(*)::int as size, 1 as terms from (
      select from grid_rows r where ${onChannel(tx, filter)} and ${and(asks)} limit ${sizeMax + 1}
    ) met`)
  const { rows } = await sql<{ size: number; terms: number }>`${sql.join(sizes, sql` union all `)}`.execute(tx)
  return {
    words: words.map((text, at) => ({ text, ...(rows[at] ?? { size: 0, terms: 1 }) })),
    filtered: words.length > 0 && asks.length === 0 ? undefined : (rows.at(-1) ?? { size: 0 }),
  }
}

function smallestOf({ words, filtered }: Parts): Part {
  const parts: Part[] = filtered ? [...words, filtered] : words
  return parts.reduce((one, other) => (other.size < one.size ? other : one))
}

/** Each product of the smallest part, or of so many of its entries: `r`, asked for all else. */
function matchesOf(asked: Asked, columns: RawBuilder<unknown>, entriesMax: number): RawBuilder<unknown> {
  const { tx, filter, facets, words } = asked
  const smallest = smallestOf(asked)
  const asks = sql`${onChannel(tx, filter)} and ${and(asksOf(filter, facets))}`
  const others = words.filter((word) => word !== smallest).map(({ text }) => hasWord(tx, sql`r.product_id`, text))
  const word = words.find((one) => one === smallest)
  if (!word)
    return sql`select ${columns}, ${and(others)} as met from (select * from grid_rows r where ${asks} limit ${entriesMax}) r`
  return sql`
    select ${columns}, r.product_id is not null and ${and(others)} as met
    from (select distinct product_id from (${productsOf(tx, word.text)} limit ${entriesMax}) entries) found
    left join lateral (select * from grid_rows r where ${asks} and r.product_id = found.product_id offset 0) r on true`
}

/** Few: all that match are read and sorted. */
async function gather(asked: Asked): Promise<FoundProducts> {
  const { tx, order, limits } = asked
  const matches = matchesOf(asked, sql`r.product_id as id, ${keyOf(order.sort)} as key`, limits.few)
  const { rows } = await sql<{ id: string | null; key: string; count: number }>`
    with met as materialized (select id, key from (${matches}) matches where met)
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
  const { tx, words, filtered, order, limits } = asked
  const common = words.filter(({ size }) => size > limits.kept)
  const isSole = words.length + (filtered ? 1 : 0) === 1
  if (filtered && isSole) return walkIndex(asked, { kept: [], common: [] })
  const kept = words.filter(({ size }) => size <= limits.kept)
  const near = await walkIndex(asked, { kept, common, entriesMax: limits.walked })
  if (near.length === order.limit) return near
  // Far from here, as all titles that begin with one word, or nowhere, as words that never meet.
  const few = isSole ? await besideBeginning(asked) : await gatherMeeting(asked)
  if (few) return few
  // So that the products of common words fit beside the walk; only for this transaction.
  await sql`select set_config('work_mem', '64MB', true)`.execute(tx)
  return walkIndex(asked, { kept: words, common: [] })
}

type Walked = { kept: Word[]; common: Word[]; entriesMax?: number }

async function walkIndex(
  { tx, filter, facets, order, limits }: Asked,
  { kept, common, entriesMax }: Walked,
): Promise<Found> {
  const key = keyOf(order.sort)
  // Fences keep the order of the index: gathering and sorting half a million would look cheaper to the planner.
  const fence = (rowsMax: number) => (entriesMax === undefined ? sql`offset 0` : sql`limit ${rowsMax}`)
  // "is true" keeps it from becoming a join, which would read the whole index before the first row.
  const among = kept.map(({ text }) => sql`(r.product_id in (${productsOf(tx, text)})) is true`)
  const asking = common.map(({ text }) => hasWord(tx, sql`r.product_id`, text))
  const { rows } = await sql<{ id: string; key: string }>`
    select r.product_id as id, r.key::text as key from (
      select r.product_id, r.key from (
        select r.product_id, ${key} as key, r.state, r.facet_id from grid_rows r
        where ${onChannel(tx, filter)} and ${stockRange(filter, order)} and ${afterPlace(order, key, sql`r.product_id`)}
        ${inOrder(order, key, sql`r.product_id`)} ${fence(entriesMax ?? 0)}
      ) r
      where ${and([...asksOf(filter, facets), ...among])}
      ${inOrder(order, sql`r.key`, sql`r.product_id`)} ${fence(limits.asked)}
    ) r
    where ${and(asking)}
    ${inOrder(order, sql`r.key`, sql`r.product_id`)} limit ${order.limit}
  `.execute(tx)
  return rows
}

/** Those that have all the words, and are left by the filters if these leave few: if they are few, they are sorted. */
async function gatherMeeting(asked: Asked): Promise<Found | undefined> {
  const { tx, filter, facets, words, filtered, limits } = asked
  const sets = words.map(({ text }) => productsOf(tx, text))
  if (filtered && filtered.size <= limits.kept)
    sets.push(
      sql`select r.product_id from grid_rows r where ${onChannel(tx, filter)} and ${and(asksOf(filter, facets))}`,
    )
  const [first, ...others] = sets
  if (!first || others.length === 0) return undefined
  const meeting = sql`
    select distinct product_id as id from (${first}) found
    where ${and(others.map((other) => sql`product_id in (${other})`))}`
  return sortFew(asked, await fewOf(tx, meeting, limits))
}

/** A maker's name begins his titles: by title all of them stand together, and only the few others are looked for. */
async function besideBeginning(asked: Asked): Promise<Found | undefined> {
  const { tx, filter, words, order, limits } = asked
  const [word] = words
  if (order.sort !== 'title' || !word) return undefined
  const { rows } = await sql<{ size: number }>`
    select count(*)::int as size from (${productsOf(tx, word.text)} limit ${beginningMax + 1}) met
  `.execute(tx)
  if ((rows[0]?.size ?? 0) > beginningMax) return undefined
  const begins = sql`r.title_key >= ${word.text} and r.title_key < ${`${word.text}\u{10FFFF}`}`
  const beginning = sql`select r.product_id from grid_rows r where ${onChannel(tx, filter)} and ${begins}`
  const beside = await fewOf(tx, sql`${productsOf(tx, word.text)} except ${beginning}`, limits)
  return beside && sortFew(asked, beside, sql`${begins} and ${hasWord(tx, sql`r.product_id`, word.text)}`)
}

async function fewOf(tx: Tx, ids: RawBuilder<unknown>, { few }: GridLimits): Promise<string[] | undefined> {
  const { rows } = await sql<{ id: string }>`select id from (${ids}) as found (id) limit ${few + 1}`.execute(tx)
  return rows.length > few ? undefined : rows.map(({ id }) => id)
}

/** With those that stand together in the index, if there are any. */
async function sortFew(
  { tx, filter, facets, order }: Asked,
  ids: string[] | undefined,
  together?: RawBuilder<unknown>,
): Promise<Found | undefined> {
  if (!ids) return undefined
  const key = keyOf(order.sort)
  const part = (where: RawBuilder<unknown>) => sql`(
    select r.product_id as id, ${key} as key from grid_rows r
    where ${and([onChannel(tx, filter), ...asksOf(filter, facets), where, afterPlace(order, key, sql`r.product_id`)])}
    ${inOrder(order, key, sql`r.product_id`)} limit ${order.limit})`
  const few = part(sql`r.product_id = any(${ids}::uuid[])`)
  const { rows } = await sql<{ id: string; key: string }>`
    select id, key::text as key from (${together ? sql`${few} union all ${part(together)}` : few}) found
    ${inOrder(order, sql`found.key`, sql`id`)} limit ${order.limit}
  `.execute(tx)
  return rows
}

/** What is in stock and what is not lie apart in the index of stock, so that the other half is not walked through. */
function stockRange({ inStock }: GridFilter, { sort }: GridOrder): RawBuilder<unknown> {
  if (sort !== 'stock' || inStock === undefined) return sql`true`
  return inStock ? sql`r.stock_key > 0` : sql`r.stock_key <= 0`
}

async function count(asked: Asked): Promise<GridCount> {
  const { tx, words, filtered, limits } = asked
  const [word] = words
  if (!word) return upToMax(filtered?.size ?? 0)
  if (words.length === 1 && !filtered) return word.terms === 1 ? upToMax(word.size) : countEntries(tx, word)
  const { rows } = await sql<{ count: number }>`
    select (count(*) filter (where met))::int as count from (${matchesOf(asked, sql`1 as one`, limits.counted)}) matches
  `.execute(tx)
  return { value: rows[0]?.count ?? 0, more: smallestOf(asked).size > limits.counted }
}

const upToMax = (size: number): GridCount => ({ value: Math.min(size, roughCountMax), more: size > roughCountMax })

/** Of a word that several terms begin with, a product may have more than one. */
async function countEntries(tx: Tx, { text, size }: Word): Promise<GridCount> {
  const entriesMax = 3 * roughCountMax
  const { rows } = await sql<{ count: number }>`
    select count(distinct product_id)::int as count from (${productsOf(tx, text)} limit ${entriesMax}) entries
  `.execute(tx)
  const counted = upToMax(rows[0]?.count ?? 0)
  return { ...counted, more: counted.more || size > entriesMax }
}

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
