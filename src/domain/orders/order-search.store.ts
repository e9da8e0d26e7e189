// Which orders a list, a count and a file are about: the same filter for all three.
import { sql, type RawBuilder } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { plainTracking } from '../shipping/parcel.ts'
import type { OrderStatus } from './order.ts'

export type OrderFilter = {
  search?: string | undefined
  status?: OrderStatus | undefined
  channelId?: string | undefined
  paid?: 'yes' | 'no' | undefined
  /** Days, both included; the instants are the seller's own midnight. */
  from?: string | undefined
  to?: string | undefined
}

/** Beyond this a count says "and more". */
export const countMax = 10_000

/** Conditions on `orders o`. */
export function orderConditions(tx: Tx, filter: OrderFilter): RawBuilder<unknown> {
  const conditions = [sql`o.tenant_id = ${tx.tenantId}`]
  if (filter.status !== undefined) conditions.push(sql`o.status = ${filter.status}`)
  if (filter.channelId !== undefined) conditions.push(sql`o.channel_id = ${filter.channelId}::uuid`)
  if (filter.paid === 'yes') conditions.push(sql`o.paid_at is not null`)
  if (filter.paid === 'no') conditions.push(sql`o.paid_at is null`)
  const zone = sql`(select time_zone from tenants where id = ${tx.tenantId})`
  if (filter.from !== undefined)
    conditions.push(sql`o.placed_at >= (${filter.from}::date::timestamp at time zone ${zone})`)
  if (filter.to !== undefined)
    conditions.push(sql`o.placed_at < ((${filter.to}::date + 1)::timestamp at time zone ${zone})`)
  for (const word of wordsOf(filter.search)) conditions.push(wordCondition(word))
  return sql.join(conditions, sql` and `)
}

const wordsMax = 8

function wordsOf(search: string | undefined): string[] {
  return (search ?? '')
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, wordsMax)
}

/** Part of an id, SKU or title; or the whole of our own id, a tracking number or a purchase order's number. */
function wordCondition(word: string): RawBuilder<unknown> {
  const pattern = `%${word.toLowerCase().replace(/[\\%_]/g, (character) => `\\${character}`)}%`
  return sql`(
    o.search_text like ${pattern}
    or o.id::text = ${word.toLowerCase()}
    or exists (
      select from shipments s where s.tenant_id = o.tenant_id and s.order_id = o.id
        and upper(replace(s.tracking_number, ' ', '')) = ${plainTracking(word)}
    )
    or exists (
      select from purchase_orders p where p.tenant_id = o.tenant_id and p.order_id = o.id and p.number = ${word.toUpperCase()}
    )
  )`
}

export async function countOrders(tx: Tx, filter: OrderFilter): Promise<{ value: number; more: boolean }> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int from (select from orders o where ${orderConditions(tx, filter)} limit ${countMax + 1}) as found
  `.execute(tx)
  const found = rows[0]?.count ?? 0
  return { value: Math.min(found, countMax), more: found > countMax }
}

/** Where a page ended; opaque outside. */
export type Place = { at: Date; id: string }

export function placeText({ at, id }: Place): string {
  return Buffer.from(`${at.toISOString()} ${id}`).toString('base64url')
}

/** Undefined for what is no place of ours: then the list begins at the top. */
export function readPlace(text: string | undefined): Place | undefined {
  if (text === undefined) return undefined
  const [iso, id] = Buffer.from(text, 'base64url').toString('utf8').split(' ')
  const at = new Date(iso ?? '')
  if (Number.isNaN(at.getTime()) || !/^[0-9a-f-]{36}$/.test(id ?? '')) return undefined
  return { at, id: id ?? '' }
}
