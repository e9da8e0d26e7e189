// What of orders is not at a supplier yet, as routing needs it, and where it stands afterwards.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { wantsStock } from '../orders/order.ts'
import type { OpenComponent } from './open-component.ts'
import type { Placement } from './routing.ts'

/** Oldest order first: who waited longest is served first. */
export async function readOpenComponents(
  tx: Tx,
  orderIds: string[],
  states: OpenComponent['state'][] = ['held', 'reserved'],
): Promise<OpenComponent[]> {
  if (orderIds.length === 0) return []
  // The page's few components first, and what belongs to them by its id: in tables that were not counted yet the planner
  // would rather begin with the whole catalogue.
  const { rows } = await sql<OpenComponent>`
    with c as materialized (
      select * from order_line_components
      where tenant_id = ${tx.tenantId} and order_id = any(${orderIds}::uuid[]) and state = any(${states}::text[])
    )
    select c.id as "componentId", c.order_id as "orderId", o.placed_at as "placedAt", c.variant_id as "variantId", v.sku,
      concat_ws(' – ', p.title, nullif(v.title, '')) as title, c.quantity, c.state, c.hold_reason as "holdReason",
      o.channel_status as "channelStatus", o.address_missing as "addressMissing", o.local_pickup as "localPickup",
      o.country_code as "countryCode", o.currency, o.shipping_service_id as "shippingServiceId",
      case when c.state <> 'held' then (
        select r.offer_id from reservations r where r.tenant_id = c.tenant_id and r.component_id = c.id and r.state = 'active'
      ) end as "reservedOfferId",
      array(
        select d.supplier_id from purchase_order_lines dl
        join purchase_orders d on d.tenant_id = dl.tenant_id and d.id = dl.purchase_order_id
        where d.tenant_id = c.tenant_id and d.order_id = c.order_id and dl.variant_id = c.variant_id and d.cancelled_by = 'supplier'
      )::text[] as "declinedBy"
    from c
    join orders o on o.tenant_id = c.tenant_id and o.id = c.order_id
    join order_lines l on l.tenant_id = c.tenant_id and l.order_id = c.order_id and l.id = c.order_line_id
    join variants v on v.tenant_id = c.tenant_id and v.id = c.variant_id
    join products p on p.tenant_id = v.tenant_id and p.id = v.product_id
    order by o.placed_at, o.id, l.position, c.id
  `.execute(tx)
  return rows.filter((row) => wantsStock(row.channelStatus))
}

export async function saveStates(tx: Tx, placements: Placement[]): Promise<void> {
  if (placements.length === 0) return
  await sql`
    update order_line_components c set state = t.state, hold_reason = t.reason
    from unnest(${placements.map((placement) => placement.need.componentId)}::uuid[],
      ${placements.map((placement) => placement.state)}::text[],
      ${placements.map((placement) => placement.holdReason)}::text[]) as t (id, state, reason)
    where c.tenant_id = ${tx.tenantId} and c.id = t.id
  `.execute(tx)
}
