// Which products a page of the listings grid shows (F2). Behind row-level security the planner sees little, so the hub
// itself chooses: what few products match are gathered and sorted; what many match, an index gives in order.
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
export type GridOrder = { sort: GridSort; descending: boolean; after?: GridPlace | undefined; limit: number }

export type FoundProducts = {
  /** In the order asked for. */
  products: { id: string; key: string }[]
  count: { value: number; more: boolean }
}

/** Up to here what matches is gathered and sorted. */
const gatheredMaxUsual = 2 * roughCountMax
/** So many rows are looked at for a count where words and filters must be asked of each. */
const lookedAtMax = 30_000

export async function findGridProducts(
  tx: Tx,
  filter: GridFilter,
  order: GridOrder,
  gatheredMax = gatheredMaxUsual,
): Promise<FoundProducts> {
  const words = wordsToFind(filter.search)
  const facets = await readFacets(tx, filter)
  if (facets?.length === 0) return none
  const asks = asksOf(tx, filter, facets)
  const isFiltered = facets !== null || (filter.states?.length ?? 0) > 0
  if (words.length === 0 && !isFiltered) return walk(tx, { asks, words, order, isFiltered, gatheredMax })
  const found = words.length > 0 ? await foundByWords(tx, words, gatheredMax) : undefined
  const few = await gather(tx, { found, asks, order, gatheredMax })
  return few ?? walk(tx, { asks, words, order, isFiltered, gatheredMax })
}

const none: FoundProducts = { products: [], count: { value: 0, more: false } }

/** All that match, for an action on all of them: at most `limit` ids. */
export async function allGridProducts(tx: Tx, filter: GridFilter, limit: number): Promise<string[]> {
  const facets = await readFacets(tx, filter)
  if (facets?.length === 0) return []
  const words = wordsToFind(filter.search)
  const { rows } = await sql<{ id: string }>`
    select r.product_id as id from grid_rows r
    where ${asksOf(tx, filter, facets)} ${words.length > 0 ? sql`and r.product_id in (${productsOf(tx, words)})` : sql``}
    order by r.product_id limit ${limit}
  `.execute(tx)
  return rows.map(({ id }) => id)
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

function asksOf(tx: Tx, { channelId, states }: GridFilter, facets: number[] | null): RawBuilder<unknown> {
  const numbers = (states ?? []).map((state) => gridStates.indexOf(state))
  return sql`r.tenant_id = ${tx.tenantId} and r.channel_id = ${channelId}
    ${numbers.length === 0 ? sql`` : sql`and r.state = any(${numbers}::smallint[])`}
    ${facets === null ? sql`` : sql`and r.facet_id = any(${facets}::int[])`}`
}

/** A word is met by every term that begins with it. */
function meets(word: string): RawBuilder<unknown> {
  return sql`t.term >= ${word} and t.term < ${`${word}\u{10FFFF}`}`
}

function productsOf(tx: Tx, words: string[]): RawBuilder<unknown> {
  return sql.join(
    words.map(
      (word) => sql`select t.product_id from product_terms t where t.tenant_id = ${tx.tenantId} and ${meets(word)}`,
    ),
    sql` intersect `,
  )
}

/** One more than are gathered tells that there are too many. */
async function foundByWords(tx: Tx, words: string[], gatheredMax: number): Promise<RawBuilder<unknown>> {
  const sizes: number[] = []
  for (const word of words) sizes.push(await sizeOf(tx, word, gatheredMax))
  const rarest = Math.min(...sizes)
  const all = rarest > gatheredMax ? productsOf(tx, words) : probed(tx, words, sizes.indexOf(rarest))
  return sql`select product_id from (${all}) every_word limit ${gatheredMax + 1}`
}

/** The rarest word's products, each asked for the others. */
function probed(tx: Tx, words: string[], at: number): RawBuilder<unknown> {
  const others = words.filter((_, index) => index !== at)
  const rarest = sql`select distinct t.product_id from product_terms t where t.tenant_id = ${tx.tenantId} and ${meets(words[at] ?? '')}`
  if (others.length === 0) return rarest
  const asks = others.map(
    (word) =>
      sql`exists (select from product_terms t where t.tenant_id = ${tx.tenantId} and t.product_id = f.product_id and ${meets(word)})`,
  )
  return sql`select f.product_id from (${rarest}) f where ${sql.join(asks, sql` and `)}`
}

async function sizeOf(tx: Tx, word: string, gatheredMax: number): Promise<number> {
  const { rows } = await sql<{ size: number }>`
    select count(*)::int as size from (
      select from product_terms t where t.tenant_id = ${tx.tenantId} and ${meets(word)} limit ${gatheredMax + 1}
    ) met
  `.execute(tx)
  return rows[0]?.size ?? 0
}

/** Few: all that match are read and sorted. Undefined: they are too many, or what was found by words is. */
async function gather(
  tx: Tx,
  { found, asks, order, gatheredMax }: Asked & { found: RawBuilder<unknown> | undefined },
): Promise<FoundProducts | undefined> {
  const from = found
    ? sql`found cross join lateral (select * from grid_rows r where ${asks} and r.product_id = found.product_id offset 0) r`
    : sql`grid_rows r where ${asks}`
  const { rows } = await sql<{ id: string | null; key: string; count: number; found: number }>`
    with found as materialized (${found ?? sql`select null::uuid as product_id where false`}), met as materialized (
      select r.product_id as id, ${keyOf(order.sort)} as key from ${from} limit ${gatheredMax + 1}
    ), counted as (select (select count(*)::int from met) as count, (select count(*)::int from found) as found)
    select page.id, page.key::text as key, counted.count, counted.found from counted left join lateral (
      select * from met r
      where greatest(counted.count, counted.found) <= ${gatheredMax} and ${afterPlace(order, sql`r.key`, sql`r.id`)}
      order by r.key ${direction(order)}, r.id ${direction(order)} limit ${order.limit}
    ) page on true
  `.execute(tx)
  const { count = 0, found: foundCount = 0 } = rows[0] ?? {}
  if (Math.max(count, foundCount) > gatheredMax) return undefined
  const products = rows.flatMap(({ id, key }) => (id === null ? [] : [{ id, key }]))
  return { products, count: { value: Math.min(count, roughCountMax), more: count > roughCountMax } }
}

type Asked = { asks: RawBuilder<unknown>; order: GridOrder; gatheredMax: number }

/** Many: along the index of what it is sorted by, until the page is full. */
async function walk(
  tx: Tx,
  { asks, words, order, isFiltered, gatheredMax }: Asked & { words: string[]; isFiltered: boolean },
): Promise<FoundProducts> {
  const spoken = words.map(
    (word) =>
      sql`exists (select from product_terms t where t.tenant_id = r.tenant_id and t.product_id = r.product_id and ${meets(word)})`,
  )
  // The page is wanted in the order of the index; gathering all first would take far longer.
  await sql`select set_config('enable_sort', 'off', true), set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true)`.execute(
    tx,
  )
  const { rows } = await sql<{ id: string; key: string }>`
    select r.product_id as id, ${keyOf(order.sort)}::text as key from grid_rows r
    where ${asks} and ${and(spoken)} and ${afterPlace(order, keyOf(order.sort), sql`r.product_id`)}
    order by ${keyOf(order.sort)} ${direction(order)}, r.product_id ${direction(order)} limit ${order.limit}
  `.execute(tx)
  // What was too many to gather is that many; only words with filters are looked at again.
  if (words.length > 0 && !isFiltered)
    return { products: rows, count: { value: Math.min(gatheredMax, roughCountMax), more: true } }
  const asked = words.length > 0
  const { rows: counted } = await sql<{ count: number; looked: number }>`
    select (count(*) filter (where met))::int as count, count(*)::int as looked from (
      select ${asked ? and(spoken) : sql`true`} as met from grid_rows r where ${asks}
      limit ${asked ? lookedAtMax : roughCountMax + 1}
    ) looked_at
  `.execute(tx)
  await sql`select set_config('enable_sort', 'on', true), set_config('enable_seqscan', 'on', true), set_config('enable_bitmapscan', 'on', true)`.execute(
    tx,
  )
  const { count = 0, looked = 0 } = counted[0] ?? {}
  const isCut = asked && looked === lookedAtMax
  return { products: rows, count: { value: Math.min(count, roughCountMax), more: count > roughCountMax || isCut } }
}

function keyOf(sort: GridSort): RawBuilder<unknown> {
  return sql.raw(`r.${sort}_key`)
}

const and = (conditions: RawBuilder<unknown>[]) =>
  conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `)

const direction = ({ descending }: GridOrder) => (descending ? sql`desc` : sql`asc`)

function afterPlace({ sort, descending, after }: GridOrder, key: RawBuilder<unknown>, id: RawBuilder<unknown>) {
  if (!after) return sql`true`
  const type = sort === 'title' || sort === 'sku' ? sql`text` : sql`bigint`
  return sql`(${key}, ${id}) ${descending ? sql`<` : sql`>`} (${after.key}::${type}, ${after.id}::uuid)`
}
