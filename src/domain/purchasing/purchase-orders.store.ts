// Purchase orders as rows: numbered without gaps, written with their lines and costs in one transaction.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { notLeftStates } from './purchase-order.ts'
import type { PurchaseOrderDraft } from './routing.ts'
import { raiseInvoices } from '../invoicing/raise-invoices.command.ts'
import { sendPurchaseOrders } from './send-purchase-orders.store.ts'

export type DraftWithTexts = PurchaseOrderDraft & {
  shippingServiceId: string | null
  titles: Map<string, string>
  supplierSkus: Map<string, string>
}

export type WrittenPurchaseOrder = PurchaseOrderDraft & { id: string; number: string }

export async function writePurchaseOrders(tx: Tx, drafts: DraftWithTexts[]): Promise<WrittenPurchaseOrder[]> {
  if (drafts.length === 0) return []
  const splits = await lastSplits(tx, drafts)
  const last = await takeNumbers(tx, drafts.length)
  const written = drafts.map((draft, index) => {
    const key = `${draft.orderId} ${draft.supplierId}`
    const split = (splits.get(key) ?? 0) + 1
    splits.set(key, split)
    return { ...draft, id: tx.ids.uuid(), number: numberText(last - drafts.length + 1 + index), split }
  })
  await tx
    .insertInto('purchase_orders')
    .values(
      written.map((order) => ({
        tenant_id: tx.tenantId,
        id: order.id,
        number: order.number,
        order_id: order.orderId,
        supplier_id: order.supplierId,
        split_number: order.split,
        state: 'to-send',
        shipping_service_id: order.shippingServiceId,
        currency: order.currency,
        cost_minor: order.costMinor,
      })),
    )
    .execute()
  await tx
    .insertInto('purchase_order_lines')
    .values(
      written.flatMap((order) =>
        order.placements.map(({ need, offer }) => ({
          tenant_id: tx.tenantId,
          id: tx.ids.uuid(),
          purchase_order_id: order.id,
          component_id: need.componentId,
          offer_id: offer.id,
          variant_id: need.variantId,
          supplier_sku: order.supplierSkus.get(offer.id) ?? '',
          title: order.titles.get(need.componentId) ?? '',
          quantity: need.quantity,
          // For one unit; the purchase order has the sum.
          cost_minor: offer.costMinor ?? 0,
        })),
      ),
    )
    .execute()
  const gates = await raiseInvoices(
    tx,
    written.map((order) => order.id),
  )
  await sendPurchaseOrders(
    tx,
    gates.filter(({ gate }) => gate === 'open').map(({ purchaseOrderId }) => purchaseOrderId),
  )
  return written
}

/** A gap would need a committed number without its purchase order: both are written in one transaction. */
async function takeNumbers(tx: Tx, count: number): Promise<number> {
  const { rows } = await sql<{ value: number }>`
    insert into counters as c (tenant_id, name, value) values (${tx.tenantId}, 'purchase-order', ${count})
    on conflict (tenant_id, name) do update set value = c.value + excluded.value
    returning value
  `.execute(tx)
  return rows[0]?.value ?? 0
}

export function numberText(number: number): string {
  return `PO-${String(number).padStart(6, '0')}`
}

async function lastSplits(tx: Tx, drafts: PurchaseOrderDraft[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ orderId: string; supplierId: string; split: number }>`
    select order_id as "orderId", supplier_id as "supplierId", max(split_number) as split
    from purchase_orders
    where tenant_id = ${tx.tenantId} and order_id = any(${[...new Set(drafts.map((draft) => draft.orderId))]}::uuid[])
    group by order_id, supplier_id
  `.execute(tx)
  return new Map(rows.map((row) => [`${row.orderId} ${row.supplierId}`, row.split]))
}

export type CancelledPurchaseOrder = { id: string; number: string; orderId: string; supplier: string }

/** Cancels what has not begun to leave. A second request finds nothing to cancel (O6). */
export async function cancelPurchaseOrders(tx: Tx, orderIds: string[]): Promise<CancelledPurchaseOrder[]> {
  if (orderIds.length === 0) return []
  const { rows } = await sql<CancelledPurchaseOrder>`
    update purchase_orders p set state = 'cancelled', cancelled_at = app_now()
    from suppliers s
    where p.tenant_id = ${tx.tenantId} and p.order_id = any(${orderIds}::uuid[])
      and p.state = any(${notLeftStates}::text[])
      and s.tenant_id = p.tenant_id and s.id = p.supplier_id
    returning p.id, p.number, p.order_id as "orderId", s.name as supplier
  `.execute(tx)
  return rows.toSorted((one, other) => (one.number < other.number ? -1 : 1))
}
