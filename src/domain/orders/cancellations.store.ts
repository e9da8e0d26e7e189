// Units cut from orders, as rows. A part of a component that is cut becomes a component of its own, so that each stays in
// one state (O3); what is in a parcel is never cut. All statements take a whole batch.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { notLeftStates } from '../purchasing/purchase-order.ts'
import type { ComponentState } from './order.ts'

/** What a component still has open, and the purchase order it is on. */
export type OpenUnits = {
  componentId: string
  orderId: string
  sku: string
  quantity: number
  dispatched: number
  state: ComponentState
  supplierId: string | null
  purchaseOrderId: string | null
  purchaseOrderLineId: string | null
}

/** The orders must be locked. In the order of orders and components. */
export async function readOpenUnits(tx: Tx, componentIds: string[]): Promise<OpenUnits[]> {
  if (componentIds.length === 0) return []
  const { rows } = await sql<OpenUnits>`
    select c.id as "componentId", c.order_id as "orderId", v.sku, c.quantity, c.state,
      coalesce((
        select sum(s.quantity)::int from shipment_lines s where s.tenant_id = c.tenant_id and s.component_id = c.id
      ), 0) as dispatched,
      p.supplier_id as "supplierId", p.id as "purchaseOrderId", p.line_id as "purchaseOrderLineId"
    from order_line_components c
    join variants v on v.tenant_id = c.tenant_id and v.id = c.variant_id
    left join lateral (
      select p.id, p.supplier_id, l.id as line_id
      from purchase_order_lines l
      join purchase_orders p on p.tenant_id = l.tenant_id and p.id = l.purchase_order_id and p.state <> 'cancelled'
      where l.tenant_id = c.tenant_id and l.component_id = c.id and l.quantity > l.cancelled_quantity and c.state = 'routed'
      order by l.id desc limit 1
    ) p on true
    where c.tenant_id = ${tx.tenantId} and c.id = any(${componentIds}::uuid[]) and c.state in ('held', 'reserved', 'routed')
    order by c.order_id, c.id
  `.execute(tx)
  return rows
}

export type ComponentCut = {
  componentId: string
  quantity: number
  /** All that it asks for: the component itself changes its state. */
  isWhole: boolean
  /** Nothing else of it is open: what stays has left already. */
  leavesNothingOpen: boolean
}

export async function cutComponents(tx: Tx, cuts: ComponentCut[], state: 'cancelled' | 'held'): Promise<void> {
  const whole = cuts.filter((cut) => cut.isWhole)
  if (whole.length > 0) {
    await sql`
      update order_line_components set state = ${state}, hold_reason = null
      where tenant_id = ${tx.tenantId} and id = any(${whole.map((cut) => cut.componentId)}::uuid[])
    `.execute(tx)
  }
  const parts = cuts.filter((cut) => !cut.isWhole)
  if (parts.length === 0) return
  const ids = parts.map((cut) => cut.componentId)
  const quantities = parts.map((cut) => cut.quantity)
  await sql`
    with t as (
      select * from unnest(${ids}::uuid[], ${parts.map(() => tx.ids.uuid())}::uuid[], ${quantities}::int[],
        ${parts.map((cut) => cut.leavesNothingOpen)}::boolean[]) as t (id, new_id, quantity, leaves_nothing)
    ), lessened as (
      update order_line_components c set quantity = c.quantity - t.quantity,
        state = case when t.leaves_nothing then 'dispatched' else c.state end
      from t where c.tenant_id = ${tx.tenantId} and c.id = t.id
      returning c.*
    )
    insert into order_line_components (tenant_id, id, order_id, order_line_id, variant_id, quantity_each, quantity, state)
    select c.tenant_id, t.new_id, c.order_id, c.order_line_id, c.variant_id, c.quantity_each, t.quantity, ${state}
    from lessened c join t on t.id = c.id
  `.execute(tx)
}

export async function cutPurchaseOrderLines(tx: Tx, cuts: { lineId: string; quantity: number }[]): Promise<void> {
  if (cuts.length === 0) return
  await sql`
    update purchase_order_lines l set cancelled_quantity = l.cancelled_quantity + t.quantity
    from unnest(${cuts.map((cut) => cut.lineId)}::uuid[], ${cuts.map((cut) => cut.quantity)}::int[]) as t (id, quantity)
    where l.tenant_id = ${tx.tenantId} and l.id = t.id
  `.execute(tx)
}

export type CutPurchaseOrder = {
  id: string
  number: string
  orderId: string
  supplier: string
  /** Nothing of it left, and nothing will. */
  isCancelled: boolean
}

/** Those of which nothing is to leave any more are cancelled; those that only lack what was cut are dispatched. */
export async function settlePurchaseOrders(
  tx: Tx,
  purchaseOrderIds: string[],
  cause: { by: string; reason: string | null },
): Promise<CutPurchaseOrder[]> {
  if (purchaseOrderIds.length === 0) return []
  const { rows } = await sql<CutPurchaseOrder>`
    with t as (
      select p.id,
        (select sum(l.quantity - l.cancelled_quantity) from purchase_order_lines l
          where l.tenant_id = p.tenant_id and l.purchase_order_id = p.id) as wanted,
        (select coalesce(sum(x.quantity), 0) from shipments s
          join shipment_lines x on x.tenant_id = s.tenant_id and x.shipment_id = s.id
          where s.tenant_id = p.tenant_id and s.purchase_order_id = p.id) as gone
      from purchase_orders p where p.tenant_id = ${tx.tenantId} and p.id = any(${purchaseOrderIds}::uuid[])
    )
    update purchase_orders p set
      state = case when t.wanted = 0 then 'cancelled' when t.wanted <= t.gone then 'dispatched' else p.state end,
      cancelled_at = case when t.wanted = 0 then app_now() else p.cancelled_at end,
      cancelled_by = case when t.wanted = 0 then ${cause.by} else p.cancelled_by end,
      cancel_reason = case when t.wanted = 0 then ${cause.reason} else p.cancel_reason end
    from t, suppliers s
    where p.tenant_id = ${tx.tenantId} and p.id = t.id and s.tenant_id = p.tenant_id and s.id = p.supplier_id
    returning p.id, p.number, p.order_id as "orderId", s.name as supplier, p.state = 'cancelled' as "isCancelled"
  `.execute(tx)
  return rows.toSorted((one, other) => (one.number < other.number ? -1 : 1))
}

export type StopExtent =
  /** The order is called off: nothing more is to leave. */
  | 'all-not-left'
  /** It left without us: what is not at a supplier is not needed any more; what is there, a person settles with him. */
  | 'not-at-supplier'

/** What of these orders can still be stopped. */
export async function findOpenComponents(tx: Tx, orderIds: string[], extent: StopExtent): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select c.id from order_line_components c
    where c.tenant_id = ${tx.tenantId} and c.order_id = any(${orderIds}::uuid[]) and (
      c.state in ('held', 'reserved')
      or c.state = 'routed' and (${extent === 'all-not-left'} or exists (
        select from purchase_order_lines l
        join purchase_orders p on p.tenant_id = l.tenant_id and p.id = l.purchase_order_id and p.state = 'queued-for-payment'
        where l.tenant_id = c.tenant_id and l.component_id = c.id and l.quantity > l.cancelled_quantity
      ))
    )
  `.execute(tx)
  return rows.map((row) => row.id)
}

/** What these purchase orders still have to send, and of which orders. */
export async function findOpenOfPurchaseOrders(
  tx: Tx,
  purchaseOrderIds: string[],
): Promise<{ componentId: string; orderId: string }[]> {
  const { rows } = await sql<{ componentId: string; orderId: string }>`
    select c.id as "componentId", c.order_id as "orderId"
    from purchase_orders p
    join purchase_order_lines l on l.tenant_id = p.tenant_id and l.purchase_order_id = p.id and l.quantity > l.cancelled_quantity
    join order_line_components c on c.tenant_id = l.tenant_id and c.id = l.component_id and c.state = 'routed'
    where p.tenant_id = ${tx.tenantId} and p.id = any(${purchaseOrderIds}::uuid[])
      and p.state = any(${[...notLeftStates, 'partly-dispatched']}::text[])
    order by c.id
  `.execute(tx)
  return rows
}

export async function supplierNames(tx: Tx, offerIds: string[]): Promise<Map<string, string>> {
  if (offerIds.length === 0) return new Map()
  const { rows } = await sql<{ id: string; name: string }>`
    select o.id, s.name from supplier_offers o join suppliers s on s.tenant_id = o.tenant_id and s.id = o.supplier_id
    where o.tenant_id = ${tx.tenantId} and o.id = any(${[...new Set(offerIds)]}::uuid[])
  `.execute(tx)
  return new Map(rows.map((row) => [row.id, row.name]))
}
