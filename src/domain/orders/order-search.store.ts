// Which orders a list, a count, a file and an action on many are about: the same filter for all four. Behind row-level
// security the planner sees little, so the hub itself walks the filter that leaves the fewest orders, newest first, and
// asks the others of each order it meets.
import { sql, type RawBuilder } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { findWord, type FoundWord } from './find-word.store.ts'
import {
  and,
  countMax,
  isOpen,
  newestFirst,
  partsOf,
  walkOrders,
  wantedStatuses,
  type OrderFilter,
  type Part,
  type Walk,
} from './order-filter-parts.store.ts'
import { typedWords } from './order-terms.ts'
import type { Secrets } from '../../platform/secrets.ts'

export { countMax, type OrderFilter } from './order-filter-parts.store.ts'

/** By ship-by time only what has not all left yet is listed, soonest first, without a time last. */
export type OrderSort = 'placed' | 'ship-by'

/** So many orders are looked at for a count where the rest of the filter must be asked of each, in an index. */
const lookedAtMax = 10_000
/** Where each is read itself, scattered over the table. */
const scatteredMax = 3_000

export type FoundOrders = {
  /** `id` and `at` in the order of the list. */
  ids(wanted: Wanted & { sort?: OrderSort | undefined }): Promise<RawBuilder<unknown>>
  count(sort?: OrderSort): Promise<{ value: number; more: boolean }>
}

type Wanted = { after?: Place | undefined; limit: number }

export async function findOrders(tx: Tx, filter: OrderFilter, secrets: Secrets): Promise<FoundOrders> {
  const words: FoundWord[] = []
  for (const word of await wordsToFind(tx, filter.search)) words.push(await findWord(tx, word, secrets))
  if (words.some(({ terms, ids }) => terms.length + ids.length === 0)) return nothing
  if (wantedStatuses(filter)?.length === 0 && filter.status?.length !== 0) return nothing
  const parts = partsOf(tx, filter, words)
  const isCut = words.some(({ cut }) => cut)
  const way = await chooseWay(tx, parts)
  let gathered: Promise<Gathered[]> | undefined
  // Read once for list and count. In the order of the walk alone, a page is a page of the index.
  const gatherFew = async (sort: OrderSort | undefined) => {
    const isPage = sort !== 'ship-by' && way.early.length + way.late.length === 0 && !way.walk.rough
    return way.size > scatteredMax || isPage ? undefined : await (gathered ??= gather(tx, way))
  }
  return {
    async ids({ sort, ...wanted }) {
      const few = await gatherFew(sort)
      if (few) return pageOf(few, sort, wanted)
      return sort === 'ship-by' ? toSend(tx, parts, wanted) : newest(way, wanted)
    },
    async count(sort) {
      const few = await gatherFew(sort)
      if (few) return { value: listed(few, sort).length, more: isCut }
      const all = sort === 'ship-by' ? await countToSend(tx, parts) : await countNewest(tx, way)
      return { ...all, more: all.more || isCut }
    },
  }
}

const nothing: FoundOrders = {
  ids: async () => sql`select null::uuid as id, null::timestamptz as at where false`,
  count: async () => ({ value: 0, more: false }),
}

/** A tracking number is often written in groups: then the groups are one word. */
async function wordsToFind(tx: Tx, search: string | undefined): Promise<string[]> {
  const words = typedWords(search)
  if (words.length < 2) return words
  const joined = words.join('').toUpperCase()
  const { rows } = await sql`
    select from shipments where tenant_id = ${tx.tenantId} and tracking_plain = ${joined} limit 1
  `.execute(tx)
  return rows.length > 0 ? [joined] : words
}

type Way = {
  walk: Walk
  size: number
  /** Asked before an order is read, and of the order read. */
  early: RawBuilder<unknown>[]
  late: RawBuilder<unknown>[]
  /** Orders are read themselves, one here and one there. */
  isScattered: boolean
  /** There is one part at most, and it leaves more than a count may say. */
  isMany: boolean
}

/** The part that leaves the fewest is walked; sizes are compared up to the largest count, for all beyond is many. */
async function chooseWay(tx: Tx, parts: Part[]): Promise<Way> {
  const walked = parts.filter(({ walk }) => walk !== undefined)
  const all: Part = { asks: sql`true`, walk: walkOrders(tx, sql`true`) }
  if (walked.every(({ walk }) => walk?.few)) walked.push(all)
  const sizes = walked.map((part, at) => {
    // Beside other parts all orders are many, without a look.
    const size = part === all && parts.length > 0 ? sql`${countMax + 1}::int` : sizeOf(part)
    return sql`${size} as ${sql.id(`s${at}`)}`
  })
  const { rows } = await sql<Record<string, number>>`select ${sql.join(sizes)}`.execute(tx)
  const sizeAt = (at: number) => rows[0]?.[`s${at}`] ?? 0
  let way: Way | undefined
  for (const [at, part] of walked.entries()) {
    const size = sizeAt(at)
    if (!part.walk || (part.walk.few && size > countMax) || (way && size >= way.size)) continue
    const others = parts.filter((other) => other !== part)
    const isScattered = part.walk.scattered === true || others.some(({ readsOrder }) => readsOrder)
    const asked = inTurn(part.walk, others, (other) => sizeAt(walked.indexOf(other)) <= countMax)
    way = { walk: part.walk, size, ...asked, isScattered, isMany: false }
  }
  if (!way) throw new Error('A list without a way.')
  const asked = parts.filter(({ implied }) => !implied)
  const [sole = all] = asked
  return { ...way, isMany: asked.length <= 1 && sizeAt(walked.indexOf(sole)) > countMax }
}

/** Where orders must be read in the end, only a rare word is worth a look before. */
function inTurn(walk: Walk, rest: Part[], isRare: (part: Part) => boolean): Pick<Way, 'early' | 'late'> {
  if (!walk.entries) return { early: [], late: rest.map(({ asks }) => asks) }
  const needsNone = rest.every(({ isEarly }) => isEarly)
  const isEarly = (part: Part) => part.isEarly === true && (needsNone || isRare(part))
  return {
    early: rest.filter(isEarly).map(({ asks }) => asks),
    late: rest.filter((part) => !isEarly(part)).map(({ asks, asksRead }) => asksRead ?? asks),
  }
}

function sizeOf({ walk }: Part): RawBuilder<unknown> {
  return sql`(select count(*)::int from (${walk?.size ?? sql``} limit ${countMax + 1}) part)`
}

type Gathered = { id: string; placedAt: Date; shipBy: Date | null; isOpen: boolean }

async function gather(tx: Tx, { walk, early, late }: Way): Promise<Gathered[]> {
  const { rows } = await sql<Gathered>`
    select o.id, o.placed_at as "placedAt", o.ship_by as "shipBy", ${isOpen} as "isOpen"
    from (${walk.counted(lookedAtMax, and(early))}) o where ${and(late)}
  `.execute(tx)
  return rows
}

const listed = (few: Gathered[], sort: OrderSort | undefined) =>
  sort === 'ship-by' ? few.filter((order) => order.isOpen) : few

function pageOf(few: Gathered[], sort: OrderSort | undefined, { after, limit }: Wanted): RawBuilder<unknown> {
  const keyOf = ({ placedAt, shipBy }: Gathered) =>
    sort === 'ship-by' ? (shipBy?.getTime() ?? Infinity) : -placedAt.getTime()
  const time = after?.at.getTime() ?? Number.NaN
  const last = after && { key: Number.isFinite(time) ? (sort === 'ship-by' ? time : -time) : Infinity, id: after.id }
  const page = listed(few, sort)
    .map((order) => ({ ...order, key: keyOf(order) }))
    .filter(({ key, id }) => !last || key > last.key || (key === last.key && id > last.id))
    .toSorted((one, other) => (one.key === other.key ? (one.id < other.id ? -1 : 1) : one.key < other.key ? -1 : 1))
    .slice(0, limit)
  const ats = page.map(({ placedAt, shipBy }) => (sort === 'ship-by' ? (shipBy ?? 'infinity') : placedAt))
  return sql`
    select id, at from unnest(${page.map(({ id }) => id)}::uuid[], ${ats}::timestamptz[]) with ordinality as page (id, at, n)
    order by n`
}

function newest({ walk, early, late }: Way, { after, limit }: Wanted): RawBuilder<unknown> {
  const asked = after
    ? [...late, sql`o.placed_at <= ${after.at} and (o.placed_at < ${after.at} or o.id > ${after.id}::uuid)`]
    : late
  return sql`select o.id, o.placed_at as at from (${walk.orders(and(asked), limit, after?.at, and(early))}) o ${newestFirst} limit ${limit}`
}

async function countNewest(tx: Tx, way: Way): Promise<{ value: number; more: boolean }> {
  const { walk, early, late, size, isScattered, isMany } = way
  const asked = [...early, ...late]
  // What is larger than a count may say is not counted to the end.
  if (isMany) return { value: countMax, more: true }
  if (asked.length === 0 && !walk.rough) return { value: size, more: false }
  const looks = isScattered ? scatteredMax : lookedAtMax
  const orders = late.length === 0 && walk.entries ? walk.entries(looks) : walk.counted(looks)
  const { found, looked } = await countOf(tx, orders, and(asked))
  return { value: found, more: looked >= looks && size > looks }
}

async function countOf(tx: Tx, orders: RawBuilder<unknown>, asks: RawBuilder<unknown>) {
  const { rows } = await sql<{ found: number; looked: number }>`
    select count(*) filter (where matches)::int as found, count(*)::int as looked
    from (select ${asks} as matches from (${orders}) o) as looked_at
  `.execute(tx)
  return rows[0] ?? { found: 0, looked: 0 }
}

const soonestFirst = sql`order by o.ship_by, o.id`

function openOrders(tx: Tx, asks: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`from orders o where o.tenant_id = ${tx.tenantId} and ${isOpen} and ${asks}`
}

/** Two walks of one index, for in a single condition with "or" neither begins where the page does. */
function toSend(tx: Tx, parts: Part[], { after, limit }: Wanted): RawBuilder<unknown> {
  const asks = parts.map((part) => part.asks)
  const arm = (where: RawBuilder<unknown>[]) =>
    sql`(select o.id, coalesce(o.ship_by, 'infinity') as at ${openOrders(tx, and([...asks, ...where]))} ${soonestFirst} limit ${limit})`
  if (!after) return arm([])
  const later = sql`o.id > ${after.id}::uuid`
  if (!Number.isFinite(after.at.getTime())) return arm([sql`o.ship_by is null`, later])
  const timed = sql`o.ship_by >= ${after.at} and (o.ship_by > ${after.at} or ${later})`
  return sql`
    select id, at from (${arm([timed])} union all ${arm([sql`o.ship_by is null`])}) o order by at, id limit ${limit}`
}

async function countToSend(tx: Tx, parts: Part[]) {
  const looks = parts.some(({ readsOrder }) => readsOrder) ? scatteredMax : 2 * lookedAtMax
  const open = sql`select o.* ${openOrders(tx, sql`true`)} ${soonestFirst} limit ${looks + 1}`
  const { found, looked } = await countOf(tx, open, and(parts.map(({ asks }) => asks)))
  return { value: Math.min(found, countMax), more: looked > looks || found > countMax }
}

/** Where a page ended; opaque outside. An invalid time: after all that have one. */
export type Place = { at: Date; id: string }

const never = 'never'

export function placeText({ at, id }: Place): string {
  return Buffer.from(`${Number.isFinite(at.getTime()) ? at.toISOString() : never} ${id}`).toString('base64url')
}

/** Undefined for what is no place of ours: then the list begins at the top. */
export function readPlace(text: string | undefined): Place | undefined {
  if (text === undefined) return undefined
  const [time, id] = Buffer.from(text, 'base64url').toString('utf8').split(' ')
  const at = new Date(time ?? '')
  if ((Number.isNaN(at.getTime()) && time !== never) || !/^[0-9a-f-]{36}$/.test(id ?? '')) return undefined
  return { at, id: id ?? '' }
}
