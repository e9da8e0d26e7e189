// Which orders a list, a count, a file and an action on many are about: the same filter for all four. Behind row-level
// security the planner sees little, so the hub itself walks the filter that leaves the fewest orders, newest first, and
// asks the others of each order it meets.
import { sql, type RawBuilder } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { orderStatuses, type OrderStatus } from './order.ts'
import { findWord, type FoundWord } from './find-word.store.ts'
import { typedWords } from './order-terms.ts'
import type { Secrets } from '../../platform/secrets.ts'

export type OrderFilter = {
  search?: string | undefined
  status?: OrderStatus[] | undefined
  /** Sales channels; null among them: entered by hand. */
  channels?: (string | null)[] | undefined
  paid?: 'yes' | 'no' | undefined
  supplierId?: string | undefined
  country?: string | undefined
  /** Of what has not all left yet. */
  shipBy?: 'overdue' | 'today' | '24h' | undefined
  problems?: 'yes' | undefined
  /** Days, both included; the instants are the seller's own midnight. */
  from?: string | undefined
  to?: string | undefined
}

/** By ship-by time only what has not all left yet is listed, soonest first, without a time last. */
export type OrderSort = 'placed' | 'ship-by'

/** Beyond this a count says "and more". */
export const countMax = 10_000
/** So many orders are looked at for a count where the rest of the filter must be asked of each. */
const lookedAtMax = 10_000
/** Where they lie scattered over the table. */
const scatteredMax = 5_000

export type FoundOrders = {
  /** `id` and `at` in the order of the list. */
  ids(wanted: { sort?: OrderSort | undefined; after?: Place | undefined; limit: number }): RawBuilder<unknown>
  count(sort?: OrderSort): Promise<{ value: number; more: boolean }>
}

export async function findOrders(tx: Tx, filter: OrderFilter, secrets: Secrets): Promise<FoundOrders> {
  const words: FoundWord[] = []
  for (const word of await wordsToFind(tx, filter.search)) words.push(await findWord(tx, word, secrets))
  if (words.some(({ terms, ids }) => terms.length + ids.length === 0)) return nothing
  if (wantedStatuses(filter)?.length === 0 && filter.status?.length !== 0) return nothing
  const parts = partsOf(tx, filter, words)
  const isCut = words.some(({ cut }) => cut)
  const way = await chooseWay(tx, parts)
  return {
    ids: ({ sort, after, limit }) =>
      sort === 'ship-by' ? toSend(tx, parts, { after, limit }) : newest(way, { after, limit }),
    async count(sort) {
      const all = sort === 'ship-by' ? await countToSend(tx, parts) : await countNewest(tx, way)
      return { ...all, more: all.more || isCut }
    },
  }
}

const nothing: FoundOrders = {
  ids: () => sql`select null::uuid as id, null::timestamptz as at where false`,
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

/**
 * One part of a filter: what it asks of an order `o`, and, where an index walks the orders it leaves newest first, the
 * statement that does: `o` once for each order at most within an arm, `asked` of each, so many of them.
 */
type Part = { asks: RawBuilder<unknown>; walk?: Walk }
type Walk = {
  orders: (more: RawBuilder<unknown>, limit: number) => RawBuilder<unknown>
  /** A row for each order it leaves. */
  size: RawBuilder<unknown>
  /** The same for a count, in no order. */
  counted: (limit: number) => RawBuilder<unknown>
  /** Its orders lie far from each other. */
  scattered?: boolean
  /** Its size is no more than a guess: an order may be met by several words. */
  rough?: boolean
  /** Only while they are few: they must be gathered first. */
  few?: boolean
}

const and = (conditions: RawBuilder<unknown>[]) =>
  conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `)
const newestFirst = sql`order by o.placed_at desc, o.id`
/** What the other parts ask about, so that a count reads each order once. */
const columns = sql`o.tenant_id, o.id, o.placed_at, o.status, o.channel_id, o.country_code, o.paid_at, o.ship_by, o.terms`
const isOpen = sql`o.status not in ('dispatched', 'cancelled')`
const shipByOf = sql`coalesce(o.ship_by, 'infinity')`

/** Where two leave many, the former is walked: words come last, for theirs is the costliest walk. */
function partsOf(tx: Tx, filter: OrderFilter, words: FoundWord[]): Part[] {
  const parts: Part[] = []
  const { channels, country, paid, supplierId, shipBy, problems, from, to } = filter
  const plain = (asks: RawBuilder<unknown>): Part => ({ asks, walk: walkOrders(tx, asks) })
  const status = wantedStatuses(filter)
  if (channels?.length || status?.length) parts.push(placePart(tx, channels, status))
  if (country !== undefined) parts.push(plain(sql`o.country_code = ${country}`))
  if (paid === 'yes') parts.push({ asks: sql`o.paid_at is not null` })
  if (paid === 'no') parts.push(plain(sql`o.paid_at is null`))
  if (shipBy !== undefined) {
    // Asked without the statuses, which are chosen already: else each status would be read from the index by ship-by time.
    const asks = sql`${shipByOf} < ${shipByEnd(tx, shipBy)}`
    parts.push({ asks, walk: walkOrders(tx, sql`${isOpen} and ${asks}`) })
  }
  if (problems !== undefined)
    parts.push(
      listedPart(
        tx,
        sql`select p.order_id from problems p where p.tenant_id = ${tx.tenantId} and p.closed_at is null and p.order_id is not null`,
        sql`exists (select from problems p where p.tenant_id = o.tenant_id and p.order_id = o.id and p.closed_at is null)`,
      ),
    )
  if (supplierId !== undefined)
    parts.push(
      listedPart(
        tx,
        sql`select p.order_id from purchase_orders p where p.tenant_id = ${tx.tenantId} and p.supplier_id = ${supplierId}::uuid and p.state <> 'cancelled'`,
        sql`exists (
          select from purchase_orders p where p.tenant_id = o.tenant_id and p.order_id = o.id and p.supplier_id = ${supplierId}::uuid
            and p.state <> 'cancelled'
        )`,
      ),
    )
  const zone = sql`(select time_zone from tenants where id = ${tx.tenantId})`
  const days = [
    ...(from === undefined ? [] : [sql`o.placed_at >= (${from}::date::timestamp at time zone ${zone})`]),
    ...(to === undefined ? [] : [sql`o.placed_at < ((${to}::date + 1)::timestamp at time zone ${zone})`]),
  ]
  if (days.length > 0) parts.push(plain(and(days)))
  return [...parts, ...words.map((word) => wordPart(tx, word))]
}

/** What must leave soon stands in few statuses, and walking the others would find nothing. */
function wantedStatuses({ status, shipBy }: OrderFilter): OrderStatus[] | undefined {
  if (shipBy === undefined) return status
  const open = orderStatuses.filter((each) => each !== 'dispatched' && each !== 'cancelled')
  return status?.length ? open.filter((each) => status.includes(each)) : open
}

/** A subselect, so that it is asked once and not for each order. */
function shipByEnd(tx: Tx, shipBy: 'overdue' | 'today' | '24h'): RawBuilder<unknown> {
  if (shipBy === 'overdue') return sql`(select app_now())`
  if (shipBy === '24h') return sql`(select app_now() + interval '24 hours')`
  return sql`(
    select (date_trunc('day', app_now() at time zone time_zone) + interval '1 day') at time zone time_zone
    from tenants where id = ${tx.tenantId}
  )`
}

function walkOrders(tx: Tx, asks: RawBuilder<unknown>): Walk {
  const these = sql`from orders o where o.tenant_id = ${tx.tenantId} and ${asks}`
  return {
    orders: (more, limit) => sql`select ${columns} ${these} and ${more} ${newestFirst} limit ${limit}`,
    counted: (limit) => sql`select ${columns} ${these} ${newestFirst} limit ${limit}`,
    size: sql`select ${these}`,
  }
}

/** Each word of it newest first, and what was found without words, put together. */
function wordPart(tx: Tx, { terms, ids }: FoundWord): Part {
  const orders: Walk['orders'] = (more, limit) => sql`
    select distinct on (found.placed_at, found.id) found.* from (
      select hit.* from unnest(${terms}::text[]) as word (term) cross join lateral (
        select ${columns} from order_terms t
        join orders o on o.tenant_id = t.tenant_id and o.id = t.order_id
        where t.tenant_id = ${tx.tenantId} and t.term = word.term collate "C" and ${more}
        order by t.placed_at desc, t.order_id limit ${limit}
      ) hit
      union all
      (select ${columns} from orders o where o.tenant_id = ${tx.tenantId} and o.id = any(${ids}::uuid[]) and ${more})
    ) found order by found.placed_at desc, found.id limit ${limit}`
  const these = sql`
    from unnest(${terms}::text[]) as word (term)
    join order_terms t on t.tenant_id = ${tx.tenantId} and t.term = word.term collate "C"`
  // Gathered through the index alone, and each order is read once, whatever words it has. An array, for a subselect would
  // be joined to all orders.
  const counted = (limit: number) => sql`
    select ${columns} from orders o where o.tenant_id = ${tx.tenantId} and o.id = any(array(
      select found.id from (select t.order_id as id ${these} union all select unnest(${ids}::uuid[])) found limit ${limit}
    ))`
  return {
    asks: sql`(o.terms && ${terms}::text[] or o.id = any(${ids}::uuid[]))`,
    walk: { orders, size: sql`select ${these}`, counted, scattered: true, rough: terms.length !== 1 || ids.length > 0 },
  }
}

/** Channels, statuses or both: a walk for each pair of them, merged. */
function placePart(tx: Tx, channels: (string | null)[] = [], statuses: OrderStatus[] = []): Part {
  const named = channels.filter((id) => id !== null)
  const byHand = channels.includes(null)
  const wanted: readonly OrderStatus[] = statuses.length === 0 ? orderStatuses : statuses
  const asks = [
    ...(statuses.length === 0 ? [] : [sql`o.status = any(${wanted}::text[])`]),
    ...(channels.length === 0
      ? []
      : [sql`(o.channel_id = any(${named}::uuid[]) or ${byHand} and o.channel_id is null)`]),
  ]
  const arms = (body: (place: RawBuilder<unknown>) => RawBuilder<unknown>) => {
    const inStatus = sql`o.status = chosen.status`
    const each = [
      ...(channels.length === 0 ? [sql`cross join lateral (${body(inStatus)}) hit`] : []),
      ...(byHand ? [sql`cross join lateral (${body(sql`o.channel_id is null and ${inStatus}`)}) hit`] : []),
      ...(named.length === 0
        ? []
        : [
            sql`cross join unnest(${named}::uuid[]) as channel (id)
              cross join lateral (${body(sql`o.channel_id = channel.id and ${inStatus}`)}) hit`,
          ]),
    ].map((hits) => sql`select hit.* from unnest(${wanted}::text[]) as chosen (status) ${hits}`)
    return sql.join(each, sql` union all `)
  }
  const these = sql`from orders o where o.tenant_id = ${tx.tenantId}`
  return {
    asks: and(asks),
    walk: {
      orders: (more, limit) => sql`
        select o.* from (
          ${arms((place) => sql`select ${columns} ${these} and ${place} and ${more} ${newestFirst} limit ${limit}`)}
        ) o ${newestFirst} limit ${limit}`,
      counted: (limit) => sql`
        select o.* from (${arms((place) => sql`select ${columns} ${these} and ${place} ${newestFirst} limit ${limit}`)}) o
        limit ${limit}`,
      size: arms((place) => sql`select 1 ${these} and ${place} limit ${countMax + 1}`),
    },
  }
}

/** Orders that another table names: walked only while they are few, otherwise asked for of each order met. */
function listedPart(tx: Tx, listed: RawBuilder<unknown>, asks: RawBuilder<unknown>): Part {
  const ids = sql`array(${listed} limit ${countMax + 1})`
  return {
    asks,
    walk: {
      orders: (more, limit) => sql`
        select ${columns} from orders o where o.tenant_id = ${tx.tenantId} and o.id = any(${ids}) and ${more}
        ${newestFirst} limit ${limit}`,
      size: listed,
      counted: (limit) =>
        sql`select ${columns} from orders o where o.tenant_id = ${tx.tenantId} and o.id = any(${ids}) limit ${limit}`,
      rough: true,
      few: true,
    },
  }
}

type Way = {
  walk: Walk
  size: number
  rest: RawBuilder<unknown>[]
  /** There is one part at most, and it leaves more than a count may say. */
  isMany: boolean
}

/** The part that leaves the fewest is walked; sizes are compared up to the largest count, for all beyond is many. */
async function chooseWay(tx: Tx, parts: Part[]): Promise<Way> {
  const all: Part = { asks: sql`true`, walk: walkOrders(tx, sql`true`) }
  const walked = [...parts.filter((part) => part.walk !== undefined), all]
  const sizes = walked.map(
    ({ walk }, at) =>
      sql`(select count(*)::int from (${walk?.size ?? sql``} limit ${countMax + 1}) part) as ${sql.id(`s${at}`)}`,
  )
  const { rows } = await sql<Record<string, number>>`select ${sql.join(sizes)}`.execute(tx)
  let way: Way | undefined
  for (const [at, part] of walked.entries()) {
    const size = rows[0]?.[`s${at}`] ?? 0
    if (!part.walk || (part.walk.few && size > countMax) || (way && size >= way.size)) continue
    const others = parts.filter((other) => other !== part)
    way = { walk: part.walk, size, rest: others.map(({ asks }) => asks), isMany: false }
  }
  if (!way) throw new Error('A list without a way.')
  const sole = parts.length === 0 ? all : parts.length === 1 ? walked.find((part) => part === parts[0]) : undefined
  const isMany = sole !== undefined && (rows[0]?.[`s${walked.indexOf(sole)}`] ?? 0) > countMax
  return { ...way, isMany }
}

type Wanted = { after: Place | undefined; limit: number }

function newest({ walk, rest }: Way, { after, limit }: Wanted): RawBuilder<unknown> {
  const asked = after
    ? [...rest, sql`o.placed_at <= ${after.at} and (o.placed_at < ${after.at} or o.id > ${after.id}::uuid)`]
    : rest
  return sql`select o.id, o.placed_at as at from (${walk.orders(and(asked), limit)}) o ${newestFirst} limit ${limit}`
}

async function countNewest(tx: Tx, { walk, rest, size, isMany }: Way): Promise<{ value: number; more: boolean }> {
  // What is larger than a count may say is not counted to the end.
  if (isMany) return { value: countMax, more: true }
  if (rest.length === 0 && !walk.rough) return { value: size, more: false }
  const looks = walk.scattered ? scatteredMax : lookedAtMax
  const { rows } = await sql<{ found: number; looked: number }>`
    select count(*) filter (where matches)::int as found, count(*)::int as looked
    from (select ${and(rest)} as matches from (${walk.counted(looks)}) o) as looked_at
  `.execute(tx)
  const { found, looked } = rows[0] ?? { found: 0, looked: 0 }
  return { value: found, more: looked >= looks && size > looks }
}

const soonestFirst = sql`order by ${shipByOf}, o.id`

function openOrders(tx: Tx, parts: Part[]): RawBuilder<unknown> {
  return sql`from orders o where o.tenant_id = ${tx.tenantId} and ${isOpen} and ${and(parts.map(({ asks }) => asks))}`
}

function toSend(tx: Tx, parts: Part[], { after, limit }: Wanted): RawBuilder<unknown> {
  const at = after ? sql`${Number.isFinite(after.at.getTime()) ? after.at : 'infinity'}::timestamptz` : undefined
  const later =
    at && after ? sql`and ${shipByOf} >= ${at} and (${shipByOf} > ${at} or o.id > ${after.id}::uuid)` : sql``
  return sql`select o.id, ${shipByOf} as at ${openOrders(tx, parts)} ${later} ${soonestFirst} limit ${limit}`
}

async function countToSend(tx: Tx, parts: Part[]) {
  const { rows } = await sql<{ found: number }>`
    select count(*)::int as found from (select 1 ${openOrders(tx, parts)} limit ${countMax + 1}) as found
  `.execute(tx)
  const found = rows[0]?.found ?? 0
  return { value: Math.min(found, countMax), more: found > countMax }
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
