// D3: an order with no mapped line is removed after some days, with its buyer's data, unless it is pinned or all of it is
// mapped by now. A tombstone keeps repeats from bringing it back; a person can have it downloaded again.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { isMappedByNow } from './mapping-snapshot.store.ts'

const batchMax = 200

/** How many were removed; as many as the batch takes where there may be more. */
export async function sweepUnmapped(tx: Tx): Promise<{ removed: number; more: boolean }> {
  const { rows } = await sql<{ id: string; channelId: string; marketplaceOrderId: string }>`
    select o.id, o.channel_id as "channelId", o.marketplace_order_id as "marketplaceOrderId"
    from orders o
    join tenants t on t.id = o.tenant_id
    where o.tenant_id = ${tx.tenantId} and o.channel_id is not null and o.unmapped and not o.pinned
      and o.imported_at < app_now() - make_interval(days => t.unmapped_keep_days)
      and exists (select from order_lines l where l.tenant_id = o.tenant_id and l.order_id = o.id and not (${isMappedByNow}))
    order by o.id
    limit ${batchMax}
    for update of o skip locked
  `.execute(tx)
  if (rows.length === 0) return { removed: 0, more: false }
  const ids = rows.map((row) => row.id)
  await sql`
    insert into skipped_orders (tenant_id, channel_id, marketplace_order_id, reason)
    select ${tx.tenantId}, t.channel_id, t.marketplace_order_id, 'removed-unmapped'
    from unnest(${rows.map((row) => row.channelId)}::uuid[], ${rows.map((row) => row.marketplaceOrderId)}::text[]) as t (channel_id, marketplace_order_id)
    on conflict (tenant_id, channel_id, marketplace_order_id) do update set reason = excluded.reason, at = app_now()
  `.execute(tx)
  await sql`delete from problems where tenant_id = ${tx.tenantId} and order_id = any(${ids}::uuid[])`.execute(tx)
  await sql`delete from orders where tenant_id = ${tx.tenantId} and id = any(${ids}::uuid[])`.execute(tx)
  await tx.notify('orders')
  return { removed: rows.length, more: rows.length === batchMax }
}
