// Lines that wait for stock, oldest order first, once there is an offer that can fill them.
import { sql } from 'kysely'
import type { Database, Tx } from '../../platform/database.ts'
import { missingCosts } from '../orders/order.ts'
import { routeOrders } from './route-orders.command.ts'

/** Orders in one transaction. */
const batchMax = 200

/** 'more': the batch was full, so others may be waiting. */
export function routeWaitingOrders(db: Database, tenantId: string): Promise<'done' | 'more'> {
  return db.tenant(tenantId).transaction(async (tx) => {
    const orderIds = await findFillable(tx)
    if (orderIds.length === 0) return 'done'
    const changed = await routeOrders(tx, orderIds)
    if (changed > 0) await tx.notify('orders')
    // Nothing changed although it looked fillable: others took it first. The next kick looks again.
    return orderIds.length === batchMax && changed > 0 ? 'more' : 'done'
  })
}

/**
 * Only what an offer can fill now by the rules of routing, so that what nobody can fill never stands in the way; what only
 * waits for its cost, once it is known; and what waited for a shipping service and has one.
 */
export async function findFillable(tx: Tx): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select o.id
    from orders o
    where o.tenant_id = ${tx.tenantId} and o.id in (
      select c.order_id
      from order_line_components c
      join orders w on w.tenant_id = c.tenant_id and w.id = c.order_id
        and w.channel_status in ('to-ship', 'awaiting-payment', 'on-hold', 'unknown')
      join supplier_offers f on f.tenant_id = c.tenant_id and f.variant_id = c.variant_id and f.active
      join suppliers s on s.tenant_id = f.tenant_id and s.id = f.supplier_id and s.active
        and (w.local_pickup or w.country_code is null or s.ship_to_countries is null or w.country_code = any(s.ship_to_countries))
      left join reservations r on r.tenant_id = c.tenant_id and r.component_id = c.id and r.state = 'active'
      where c.tenant_id = ${tx.tenantId} and c.state in ('held', 'reserved')
        and (c.state = 'held' or c.hold_reason = any(${missingCosts}::text[]) and f.cost_minor is not null)
        and case when r.offer_id = f.id then f.on_hand is not null else f.on_hand - f.reserved >= c.quantity end
        and (
          w.local_pickup or w.shipping_service_id is null
          or exists (
            select from supplier_services x
            where x.tenant_id = s.tenant_id and x.supplier_id = s.id and x.shipping_service_id = w.shipping_service_id
              and x.active and (c.state = 'held' or x.cost_minor is not null)
          )
          or not exists (select from supplier_services x where x.tenant_id = s.tenant_id and x.supplier_id = s.id)
        )
        and not exists (
          select from purchase_order_lines l
          join purchase_orders d on d.tenant_id = l.tenant_id and d.id = l.purchase_order_id
          where d.tenant_id = c.tenant_id and d.order_id = c.order_id and l.variant_id = c.variant_id and d.supplier_id = s.id
            and d.cancelled_by = 'supplier'
        )
      union all
      select c.order_id
      from order_line_components c
      join orders w on w.tenant_id = c.tenant_id and w.id = c.order_id
      where c.tenant_id = ${tx.tenantId} and c.state = 'reserved' and c.hold_reason = 'no-shipping-service'
        and w.shipping_service_id is not null
    )
    order by o.placed_at, o.id
    limit ${batchMax}
  `.execute(tx)
  return rows.map((row) => row.id)
}
