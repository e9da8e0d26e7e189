// Orders whose ship-by time is near or past and of which not all has left (V2): a problem each, closed by itself once it is
// no longer so. In two statements for a whole business.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'

/** Looked at so often: with a warning of an hour at least, one is always there half an hour before the time. */
export const deadlinesEverySeconds = 300

export async function watchDeadlines(tx: Tx): Promise<{ opened: number; closed: number }> {
  const near = sql`
    select o.id, o.channel_id, o.ship_by,
      case when o.ship_by <= app_now() then 'ship-by-passed' else 'ship-by-near' end as kind
    from orders o join tenants t on t.id = o.tenant_id
    where o.tenant_id = ${tx.tenantId} and o.ship_by is not null and o.closed_at is null
      and o.ship_by <= app_now() + make_interval(hours => t.deadline_warning_hours)
      and o.status not in ('dispatched', 'cancelled') and o.channel_status not in ('awaiting-payment', 'shipped', 'cancelled', 'refunded')
  `
  const closed = await sql`
    update problems p set closed_at = app_now()
    where p.tenant_id = ${tx.tenantId} and p.closed_at is null and p.kind in ('ship-by-near', 'ship-by-passed')
      and not exists (select from (${near}) n where n.id = p.order_id and n.kind = p.kind)
  `.execute(tx)
  const { rows } = await sql<{ id: string; kind: string; channelId: string | null; shipBy: Date }>`
    select n.id, n.kind, n.channel_id as "channelId", n.ship_by as "shipBy" from (${near}) n
    where not exists (
      select from problems p where p.tenant_id = ${tx.tenantId} and p.key = n.kind || '/' || n.id
        and p.closed_at is null
    )
    order by n.kind, n.id
  `.execute(tx)
  if (rows.length > 0) {
    await sql`
      insert into problems (tenant_id, id, key, kind, channel_id, order_id, data)
      select ${tx.tenantId}, t.id, t.kind || '/' || t.order_id, t.kind, t.channel_id, t.order_id, jsonb_build_object('shipBy', t.ship_by)
      from unnest(${rows.map(() => tx.ids.uuid())}::uuid[], ${rows.map((row) => row.kind)}::text[],
        ${rows.map((row) => row.channelId)}::uuid[], ${rows.map((row) => row.id)}::uuid[],
        ${rows.map((row) => row.shipBy.toISOString())}::text[]) as t (id, kind, channel_id, order_id, ship_by)
      on conflict (tenant_id, key) where closed_at is null do nothing
    `.execute(tx)
  }
  const count = Number(closed.numAffectedRows ?? 0)
  if (rows.length + count > 0) await tx.notify('problems')
  return { opened: rows.length, closed: count }
}
