import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'

export type LivePurchaseOrder = { id: string; number: string; supplierName: string; state: string; hasLeft: boolean }

/** The purchase order that each component of this order is on now. */
export async function readLivePurchaseOrders(tx: Tx, orderId: string): Promise<Map<string, LivePurchaseOrder>> {
  const { rows } = await sql<LivePurchaseOrder & { componentId: string }>`
    select l.component_id as "componentId", p.id, p.number, s.name as "supplierName", p.state,
      exists (select from shipments x where x.tenant_id = p.tenant_id and x.purchase_order_id = p.id) as "hasLeft"
    from purchase_orders p
    join purchase_order_lines l on l.tenant_id = p.tenant_id and l.purchase_order_id = p.id and l.quantity > l.cancelled_quantity
    join suppliers s on s.tenant_id = p.tenant_id and s.id = p.supplier_id
    where p.tenant_id = ${tx.tenantId} and p.order_id = ${orderId}::uuid and p.state <> 'cancelled'
  `.execute(tx)
  return new Map(rows.map(({ componentId, ...order }) => [componentId, order]))
}
