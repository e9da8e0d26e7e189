// Orders as the screens show them. Buyers are opened here and nowhere else; figures and words are those of the contract.
import { sql, type RawBuilder } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { Secrets } from '../../platform/secrets.ts'
import type { Money } from '../money.ts'
import { openContact } from './contact.store.ts'
import { countMax, findOrders, placeText, readPlace, type OrderFilter, type OrderSort } from './order-search.store.ts'
import { orderStatuses, type OrderStatus } from './order.ts'

export type OrderRow = {
  id: string
  marketplaceOrderId: string
  /** Null: entered by hand. */
  channelId: string | null
  channelName: string | null
  /** The connector's id; the API says the marketplace's name. */
  marketplace: string | null
  status: OrderStatus
  statusReason: string | null
  summary: string
  lines: number
  units: number
  unmappedLines: number
  buyerName: string | null
  countryCode: string | null
  total: Money
  paid: boolean
  placedAt: string
  shipBy: string | null
  problems: number
}

export type OrderList = { rows: OrderRow[]; next: string | null; count: { value: number; more: boolean } }

/** Newest first, or what must leave soonest. */
export async function listOrders(
  tx: Tx,
  filter: OrderFilter,
  page: { cursor?: string | undefined; limit: number; sort?: OrderSort | undefined },
  secrets: Secrets,
): Promise<OrderList> {
  const orders = await findOrders(tx, filter, secrets)
  const { sort, limit } = page
  const found = await readOrderRows(
    tx,
    await orders.ids({ sort, after: readPlace(page.cursor), limit: limit + 1 }),
    sort,
  )
  const shown = found.slice(0, limit)
  const last = shown.at(-1)
  return {
    rows: shown.map((row) => toOrderRow(tx.tenantId, row, secrets)),
    next: found.length > limit && last ? placeText(placeOf(last, sort)) : null,
    count: await orders.count(sort),
  }
}

function placeOf({ id, placedAt, shipBy }: FoundOrder, sort: OrderSort | undefined) {
  return { id, at: sort === 'ship-by' ? (shipBy ?? new Date(Number.NaN)) : placedAt }
}

export type FoundOrder = Omit<OrderRow, 'buyerName' | 'total' | 'placedAt' | 'shipBy' | 'summary'> & {
  firstTitle: string | null
  currency: string
  totalMinor: number
  placedAt: Date
  shipBy: Date | null
  contact: Buffer | null
}

/** `ids` selects the ids; what is counted is counted for these only. */
export async function readOrderRows(tx: Tx, ids: RawBuilder<unknown>, sort?: OrderSort): Promise<FoundOrder[]> {
  const inOrder =
    sort === 'ship-by' ? sql`order by coalesce(o.ship_by, 'infinity'), o.id` : sql`order by o.placed_at desc, o.id`
  const { rows } = await sql<FoundOrder>`
    select o.id, o.marketplace_order_id as "marketplaceOrderId", o.channel_id as "channelId", c.name as "channelName",
      c.connector as marketplace, o.status, o.status_reason as "statusReason", o.country_code as "countryCode", o.contact,
      o.currency, o.total_minor as "totalMinor", o.paid_at is not null as paid, o.placed_at as "placedAt", o.ship_by as "shipBy",
      l.lines, l.units, l.unmapped as "unmappedLines", l.first_title as "firstTitle",
      (
        select count(*)::int from problems p where p.tenant_id = o.tenant_id and p.order_id = o.id and p.closed_at is null
      ) as problems
    from (${ids}) as wanted
    join orders o on o.tenant_id = ${tx.tenantId} and o.id = wanted.id
    left join sales_channels c on c.tenant_id = o.tenant_id and c.id = o.channel_id
    cross join lateral (
      select count(*)::int as lines, coalesce(sum(quantity), 0)::int as units, count(*) filter (where not mapped)::int as unmapped,
        (array_agg(title order by position))[1] as first_title
      from order_lines where tenant_id = o.tenant_id and order_id = o.id
    ) l
    ${inOrder}
  `.execute(tx)
  return rows
}

export function toOrderRow(tenantId: string, found: FoundOrder, secrets: Secrets): OrderRow {
  const { contact, firstTitle, currency, totalMinor, placedAt, shipBy, ...row } = found
  const opened = openContact(secrets, { tenantId, orderId: row.id }, contact)
  return {
    ...row,
    summary: summaryOf(firstTitle, row.lines),
    buyerName: opened?.buyer?.name ?? opened?.shipTo?.name ?? null,
    total: { minor: totalMinor, currency },
    placedAt: placedAt.toISOString(),
    shipBy: shipBy?.toISOString() ?? null,
  }
}

function summaryOf(firstTitle: string | null, lines: number): string {
  if (firstTitle === null) return ''
  return lines > 1 ? `${firstTitle} and ${lines - 1} more` : firstTitle
}

export type StatusCount = { status: OrderStatus; count: number; more: boolean }

/** How many orders stand where, up to the largest count. */
export async function countByStatus(tx: Tx): Promise<StatusCount[]> {
  const { rows } = await sql<{ status: OrderStatus; count: number }>`
    select chosen.status, counted.count
    from unnest(${orderStatuses}::text[]) as chosen (status)
    cross join lateral (
      select count(*)::int from (
        select from orders o where o.tenant_id = ${tx.tenantId} and o.status = chosen.status limit ${countMax + 1}
      ) found
    ) counted
    where counted.count > 0
    order by chosen.status
  `.execute(tx)
  return rows.map(({ status, count }) => ({ status, count: Math.min(count, countMax), more: count > countMax }))
}

export type DayFigures = { orders: number; units: number; sales: Money[]; dispatched: number }

/** Since midnight where the seller is. Called-off orders are no sales. */
export async function figuresOfToday(tx: Tx): Promise<DayFigures> {
  const midnight = sql`(
    select date_trunc('day', app_now() at time zone time_zone) at time zone time_zone from tenants where id = ${tx.tenantId}
  )`
  const { rows } = await sql<{ currency: string; minor: number; orders: number; units: number }>`
    select o.currency, sum(o.total_minor)::bigint as minor, count(*)::int as orders,
      sum((select coalesce(sum(quantity), 0) from order_lines l where l.tenant_id = o.tenant_id and l.order_id = o.id))::int as units
    from orders o
    where o.tenant_id = ${tx.tenantId} and o.placed_at >= ${midnight} and o.channel_status not in ('cancelled', 'refunded')
    group by o.currency order by o.currency
  `.execute(tx)
  const dispatched = await sql<{ count: number }>`
    select count(*)::int from shipments where tenant_id = ${tx.tenantId} and created_at >= ${midnight}
  `.execute(tx)
  return {
    orders: rows.reduce((sum, row) => sum + row.orders, 0),
    units: rows.reduce((sum, row) => sum + row.units, 0),
    sales: rows.map(({ minor, currency }) => ({ minor, currency })),
    dispatched: dispatched.rows[0]?.count ?? 0,
  }
}

export type OrderCsvRow = {
  order: string
  channel: string
  status: OrderStatus
  marketplaceStatus: string
  placedAt: Date
  paidAt: Date | null
  sku: string | null
  title: string
  quantity: number
  unitPriceMinor: number
  totalMinor: number
  currency: string
  mapped: boolean
}

/** Orders in one piece of a file. */
export const csvOrdersMax = 2_000

/** One row an order line, newest order first; `next` is where the following piece begins. */
export async function readOrderCsv(
  tx: Tx,
  filter: OrderFilter,
  cursor: string | undefined,
  secrets: Secrets,
): Promise<{ rows: OrderCsvRow[]; next: string | null }> {
  const orders = await findOrders(tx, filter, secrets)
  const piece = await orders.ids({ after: readPlace(cursor), limit: csvOrdersMax })
  const { rows, last } = await readCsvRows(tx, piece)
  const isFull = last?.orders === csvOrdersMax
  return { rows, next: isFull ? placeText({ at: last.placedAt, id: last.id }) : null }
}

/** Of orders that were chosen one by one. */
export async function readChosenCsv(tx: Tx, orderIds: string[]): Promise<OrderCsvRow[]> {
  const chosen = sql`select id from orders where tenant_id = ${tx.tenantId} and id = any(${orderIds}::uuid[])`
  return (await readCsvRows(tx, chosen)).rows
}

async function readCsvRows(tx: Tx, ids: RawBuilder<unknown>) {
  const { rows } = await sql<OrderCsvRow & { id: string; orders: number }>`
    with wanted as materialized (${ids})
    select o.id, o.marketplace_order_id as order, coalesce(c.name, '') as channel, o.status, o.marketplace_status as "marketplaceStatus",
      o.placed_at as "placedAt", o.paid_at as "paidAt", l.channel_sku as sku, l.title, l.quantity, l.unit_price_minor as "unitPriceMinor",
      o.total_minor as "totalMinor", o.currency, l.mapped, (select count(*)::int from wanted) as orders
    from wanted
    join orders o on o.tenant_id = ${tx.tenantId} and o.id = wanted.id
    left join sales_channels c on c.tenant_id = o.tenant_id and c.id = o.channel_id
    join order_lines l on l.tenant_id = o.tenant_id and l.order_id = o.id
    order by o.placed_at desc, o.id, l.position
  `.execute(tx)
  return { rows: rows.map(({ id: _id, orders: _orders, ...row }): OrderCsvRow => row), last: rows.at(-1) }
}
