// Orders as rows: locking them, and settling their status from their parts.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { isOver, statusOf, type OrderFacts, type OrderStatus, type StatusAnswer } from './order.ts'

/** Held until the transaction ends; in the order of their ids, so that two transactions cannot block each other. */
export async function lockOrders(tx: Tx, orderIds: string[]): Promise<void> {
  if (orderIds.length === 0) return
  await sql`
    select id from orders where tenant_id = ${tx.tenantId} and id = any(${orderIds}::uuid[]) order by id for no key update
  `.execute(tx)
}

type FactsRow = OrderFacts & {
  id: string
  status: OrderStatus
  statusReason: string | null
  isClosed: boolean
  cancelAsked: boolean
}

/** Brings the status of locked orders in line with their parts. */
export async function settleStatuses(tx: Tx, orderIds: string[]): Promise<void> {
  if (orderIds.length === 0) return
  const changed = (await readFacts(tx, orderIds)).flatMap((row) => {
    const { status, reason } = statusOf(row)
    const closes = isOver(row, status)
    if (status === row.status && reason === row.statusReason && closes === row.isClosed) return []
    return [{ id: row.id, status, reason, closes }]
  })
  await saveStatuses(tx, changed)
}

export type SettledStatus = StatusAnswer & { id: string; closes: boolean }

export async function saveStatuses(tx: Tx, changed: SettledStatus[]): Promise<void> {
  if (changed.length === 0) return
  await sql`
    update orders o set status = t.status, status_reason = t.reason, updated_at = app_now(),
      closed_at = case when t.closes then coalesce(o.closed_at, app_now()) end
    from unnest(${changed.map((row) => row.id)}::uuid[], ${changed.map((row) => row.status)}::text[],
      ${changed.map((row) => row.reason)}::text[], ${changed.map((row) => row.closes)}::boolean[]) as t (id, status, reason, closes)
    where o.tenant_id = ${tx.tenantId} and o.id = t.id
  `.execute(tx)
}

async function readFacts(tx: Tx, orderIds: string[]): Promise<FactsRow[]> {
  const { rows } = await sql<FactsRow>`
    select o.id, o.status, o.status_reason as "statusReason", o.channel_status as "channelStatus",
      o.closed_at is not null as "isClosed", o.cancel_asked_at is not null as "cancelAsked",
      (select count(*)::int from order_lines l where l.tenant_id = o.tenant_id and l.order_id = o.id and not l.mapped) as "unmappedLines",
      coalesce((
        select jsonb_agg(jsonb_build_object('state', c.state, 'holdReason', c.hold_reason) order by c.id)
        from order_line_components c where c.tenant_id = o.tenant_id and c.order_id = o.id
      ), '[]') as components,
      exists (select from shipments s where s.tenant_id = o.tenant_id and s.order_id = o.id) as "hasParcels",
      exists (
        select from purchase_orders p
        where p.tenant_id = o.tenant_id and p.order_id = o.id and p.state = 'queued-for-payment'
      ) as "waitsForPayment",
      o.shipping_service_id is null and not o.local_pickup as "lacksShippingService"
    from orders o
    where o.tenant_id = ${tx.tenantId} and o.id = any(${orderIds}::uuid[])
  `.execute(tx)
  return rows
}
