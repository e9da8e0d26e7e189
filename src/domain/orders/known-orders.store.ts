// Orders already here, as the comparison with a newer view of them needs them.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { atSupplierStates } from '../purchasing/purchase-order.ts'
import type { KnownLine } from './import-rules.ts'
import type { ChannelOrderStatus } from './order.ts'
import { lockOrders } from './orders.store.ts'

export type KnownOrderRow = {
  id: string
  channelId: string
  marketplaceOrderId: string
  channelStatus: ChannelOrderStatus
  marketplaceUpdatedAt: Date
  contact: Buffer | null
  lines: KnownLine[]
  leftOutLines: string[] | null
  hasParcels: boolean
  /** A purchase order of it has been sent and has not left completely. */
  atSupplier: boolean
}

export async function lockKnownOrders(
  tx: Tx,
  channelId: string,
  marketplaceOrderIds: string[],
): Promise<Map<string, KnownOrderRow>> {
  if (marketplaceOrderIds.length === 0) return new Map()
  // Each by itself: where the table has grown since it was counted, the planner would rather read all orders of the channel.
  const found = await sql<{ id: string }>`
    select o.id
    from unnest(${marketplaceOrderIds}::text[]) as asked (marketplace_order_id)
    cross join lateral (
      select id from orders
      where tenant_id = ${tx.tenantId} and channel_id = ${channelId} and marketplace_order_id = asked.marketplace_order_id
      limit 1
    ) o
  `.execute(tx)
  if (found.rows.length === 0) return new Map()
  const ids = found.rows.map((row) => row.id)
  await lockOrders(tx, ids)
  // A statement that waits for a lock goes on seeing all other tables as they were before it waited: what hangs on an order
  // is read by another one, after the lock.
  const { rows } = await sql<KnownOrderRow>`
    select o.id, o.channel_id as "channelId", o.marketplace_order_id as "marketplaceOrderId", o.channel_status as "channelStatus",
      o.marketplace_updated_at as "marketplaceUpdatedAt", o.contact, o.left_out_lines as "leftOutLines",
      (
        select coalesce(jsonb_agg(jsonb_build_object('marketplaceLineId', l.marketplace_line_id, 'quantity', l.quantity,
          'shown', coalesce(l.marketplace_quantity, l.quantity))), '[]')
        from order_lines l where l.tenant_id = o.tenant_id and l.order_id = o.id
      ) as lines,
      exists (select from shipments s where s.tenant_id = o.tenant_id and s.order_id = o.id) as "hasParcels",
      exists (
        select from purchase_orders p
        where p.tenant_id = o.tenant_id and p.order_id = o.id and p.state = any(${atSupplierStates}::text[])
      ) as "atSupplier"
    from orders o
    where o.tenant_id = ${tx.tenantId} and o.id = any(${ids}::uuid[])
    order by o.id
  `.execute(tx)
  return new Map(rows.map((row) => [row.marketplaceOrderId, row]))
}
