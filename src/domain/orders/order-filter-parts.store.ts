// What each part of a filter asks of an order, and the statements that walk the orders it leaves.
import { sql, type RawBuilder } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { FoundWord } from './find-word.store.ts'
import { orderStatuses, type OrderStatus } from './order.ts'

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

/** Beyond this a count says "and more". */
export const countMax = 10_000

/**
 * One part of a filter: what it asks of an order `o`, and, where an index walks the orders it leaves newest first, the
 * statement that does: each order once, `more` asked of it, so many of them, none placed after `until`.
 */
export type Part = {
  asks: RawBuilder<unknown>
  walk?: Walk
  /** The words alone answer what it asks, from an order's id and time. */
  isEarly?: boolean
  /** The same, where the order is read anyway. */
  asksRead?: RawBuilder<unknown>
  /** No index knows the answer: each order itself is read for it. */
  readsOrder?: boolean
  /** Follows from another part, and is there for its walk. */
  implied?: boolean
}
export type Walk = {
  orders: (more: RawBuilder<unknown>, limit: number, until?: Date, early?: RawBuilder<unknown>) => RawBuilder<unknown>
  /** A row for each order it leaves. */
  size: RawBuilder<unknown>
  /** The same for a count, in no order. */
  counted: (limit: number, early?: RawBuilder<unknown>) => RawBuilder<unknown>
  /** Ids and times of orders that are not read yet; `early` is asked of these. */
  entries?: (limit: number) => RawBuilder<unknown>
  /** Its orders lie far from each other. */
  scattered?: boolean
  /** Its size is no more than a guess: an order may be met by several words. */
  rough?: boolean
  /** Only while they are few: they must be gathered first. */
  few?: boolean
}

export const and = (conditions: RawBuilder<unknown>[]) =>
  conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `)
export const newestFirst = sql`order by o.placed_at desc, o.id`
/** What the other parts ask about, so that a count reads each order once. */
const columns = sql`o.tenant_id, o.id, o.placed_at, o.status, o.channel_id, o.country_code, o.paid_at, o.ship_by, o.terms`
export const isOpen = sql`o.status not in ('dispatched', 'cancelled')`

/** Where two leave many, the former is walked: words come last, for theirs is the costliest walk. */
export function partsOf(tx: Tx, filter: OrderFilter, words: FoundWord[]): Part[] {
  const parts: Part[] = []
  const { channels, country, paid, supplierId, shipBy, problems, from, to } = filter
  const plain = (asks: RawBuilder<unknown>): Part => ({ asks, walk: walkOrders(tx, asks) })
  const status = wantedStatuses(filter)
  const isPlaceAsked = Boolean(channels?.length || filter.status?.length)
  if (isPlaceAsked || shipBy !== undefined) parts.push({ ...placePart(tx, channels, status), implied: !isPlaceAsked })
  if (country !== undefined) parts.push(plain(sql`o.country_code = ${country}`))
  if (paid === 'yes') parts.push({ asks: sql`o.paid_at is not null` })
  if (paid === 'no') parts.push(plain(sql`o.paid_at is null`))
  if (shipBy !== undefined) {
    // Asked without the statuses, which are chosen already.
    const asks = sql`o.ship_by < ${shipByEnd(tx, shipBy)}`
    parts.push({ asks, walk: walkSoon(tx, asks) })
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
export function wantedStatuses({ status, shipBy }: OrderFilter): OrderStatus[] | undefined {
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

export function walkOrders(tx: Tx, asks: RawBuilder<unknown>): Walk {
  const these = sql`from orders o where o.tenant_id = ${tx.tenantId} and ${asks}`
  return {
    orders: (more, limit) => sql`select ${columns} ${these} and ${more} ${newestFirst} limit ${limit}`,
    counted: (limit) => sql`select ${columns} ${these} ${newestFirst} limit ${limit}`,
    size: sql`select ${these}`,
  }
}

/** Through the index by ship-by time, while few must leave so soon: they are not in the order of the list. */
function walkSoon(tx: Tx, asks: RawBuilder<unknown>): Walk {
  const these = sql`from orders o where o.tenant_id = ${tx.tenantId} and ${isOpen} and ${asks}`
  return {
    orders: (more, limit) => sql`
      select ${columns} from (select ${columns} ${these} offset 0) o where ${more} ${newestFirst} limit ${limit}`,
    counted: (limit) => sql`select ${columns} ${these} limit ${limit}`,
    size: sql`select ${these}`,
    few: true,
  }
}

/** Each word of it newest first, and what was found without words, merged. */
function wordPart(tx: Tx, { terms, ids }: FoundWord): Part {
  // An arm for each word, and each sorted: so the merge reads of each as far as it must and no further.
  const merged = (until: Date | undefined) => {
    const isOlder = (at: RawBuilder<unknown>) => (until === undefined ? sql`true` : sql`${at} <= ${until}`)
    const arms = terms.map(
      (term) => sql`(
        select t.placed_at, t.order_id as id from order_terms t
        where t.tenant_id = ${tx.tenantId} and t.term = ${term} collate "C" and ${isOlder(sql`t.placed_at`)}
        order by t.placed_at desc, t.order_id)`,
    )
    const named = sql`(
      select o.placed_at, o.id from orders o
      where o.tenant_id = ${tx.tenantId} and o.id = any(${ids}::uuid[]) and ${isOlder(sql`o.placed_at`)} ${newestFirst})`
    return sql`
      select distinct on (t.placed_at, t.id) t.placed_at, t.id
      from (${sql.join(ids.length === 0 ? arms : [...arms, named], sql` union all `)}) t
      order by t.placed_at desc, t.id`
  }
  const walk = (entries: RawBuilder<unknown>, early: RawBuilder<unknown>, more: RawBuilder<unknown>) => sql`
    select o.* from (select o.placed_at, o.id from (${entries}) o where ${early}) t
    -- One by one, for nothing tells the planner how soon there are enough.
    cross join lateral (
      select ${columns} from orders o where o.tenant_id = ${tx.tenantId} and o.id = t.id and ${more} limit 1
    ) o`
  const entries = (limit: number) => sql`${merged(undefined)} limit ${limit}`
  const these = sql`
    from unnest(${terms}::text[]) as word (term)
    join order_terms t on t.tenant_id = ${tx.tenantId} and t.term = word.term collate "C"`
  const asksRead = sql`(o.terms && ${terms}::text[] or o.id = any(${ids}::uuid[]))`
  // Of one word a look into the index is enough; of many the order's own words are quicker.
  const [sole] = terms
  const isEarly = terms.length === 1 && ids.length === 0
  const inIndex = sql`(
    select true from order_terms t where t.tenant_id = ${tx.tenantId} and t.term = ${sole} collate "C"
      and t.placed_at = o.placed_at and t.order_id = o.id limit 1
  )`
  return {
    asks: isEarly ? inIndex : asksRead,
    asksRead,
    isEarly,
    readsOrder: true,
    walk: {
      orders: (more, limit, until, early = sql`true`) =>
        sql`${walk(merged(until), early, more)} order by t.placed_at desc, t.id limit ${limit}`,
      size: sql`select ${these} union all select from unnest(${ids}::uuid[])`,
      // The newest, for they lie closest together.
      counted: (limit, early = sql`true`) => walk(entries(limit), early, sql`true`),
      entries,
      scattered: true,
      rough: terms.length !== 1 || ids.length > 0,
    },
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
      scattered: true,
      rough: true,
      few: true,
    },
  }
}
