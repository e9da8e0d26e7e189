// Lines that wait for stock, oldest order first, once there is an offer that can fill them.
import { sql } from 'kysely'
import type { Database, Tx } from '../../platform/database.ts'
import { routeOrders } from './route-orders.command.ts'

/** Orders in one transaction. */
const batchMax = 200

/** 'more': the batch was full, so others may be waiting. */
export function routeWaitingOrders(db: Database, tenantId: string): Promise<'done' | 'more'> {
  return db.tenant(tenantId).transaction(async (tx) => {
    const orderIds = await findFillable(tx)
    if (orderIds.length === 0) return 'done'
    const { placed } = await routeOrders(tx, orderIds)
    if (placed > 0) await tx.notify('orders')
    // Nothing placed although it looked fillable: others took it first. The next kick looks again.
    return orderIds.length === batchMax && placed > 0 ? 'more' : 'done'
  })
}

/** Only what an offer can fill now, so that what nobody can fill never stands in the way. */
async function findFillable(tx: Tx): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select o.id
    from order_line_components c
    join orders o on o.tenant_id = c.tenant_id and o.id = c.order_id
    where c.tenant_id = ${tx.tenantId} and c.state = 'held'
      and o.channel_status in ('to-ship', 'awaiting-payment', 'on-hold', 'unknown')
      and exists (
        select from supplier_offers f
        join suppliers s on s.tenant_id = f.tenant_id and s.id = f.supplier_id and s.active
        where f.tenant_id = c.tenant_id and f.variant_id = c.variant_id and f.active
          and f.on_hand - f.reserved >= c.quantity and f.cost_minor is not null
      )
    group by o.id, o.placed_at
    order by o.placed_at, o.id
    limit ${batchMax}
  `.execute(tx)
  return rows.map((row) => row.id)
}
