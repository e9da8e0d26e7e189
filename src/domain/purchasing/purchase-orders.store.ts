// Purchase orders as rows: numbered without gaps, written with their lines and costs in one transaction.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { PurchaseOrderDraft } from './draft-purchase-orders.ts'
import type { OrderWay } from '../catalog/supplier-connection.ts'
import type { GateReason } from '../invoicing/invoice.ts'
import { raiseInvoices } from '../invoicing/raise-invoices.command.ts'
import { sendPurchaseOrders } from './send-purchase-orders.store.ts'

export type DraftWithTexts = PurchaseOrderDraft & {
  titles: Map<string, string>
  supplierSkus: Map<string, string>
}

export type WrittenPurchaseOrder = PurchaseOrderDraft & {
  id: string
  number: string
  /** How it goes to the supplier, or what it waits for. */
  goes: OrderWay | GateReason
}

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
  await insertRows(tx, written)
  await insertLines(tx, written)
  const gates = await raiseInvoices(
    tx,
    written.map((order) => order.id),
  )
  const ways = await sendPurchaseOrders(
    tx,
    gates.filter(({ gate }) => gate === 'open').map(({ purchaseOrderId }) => purchaseOrderId),
  )
  const waits = new Map(gates.map(({ purchaseOrderId, reason }) => [purchaseOrderId, reason]))
  return written.map((order) => ({ ...order, goes: waits.get(order.id) ?? ways.get(order.id) ?? 'screen' }))
}

type Numbered = DraftWithTexts & { id: string; number: string; split: number }

async function insertRows(tx: Tx, written: Numbered[]): Promise<void> {
  const column = <Value>(of: (order: (typeof written)[number]) => Value) => written.map(of)
  await sql`
    insert into purchase_orders (tenant_id, id, number, order_id, supplier_id, split_number, state, shipping_service_id, carrier,
      currency, cost_minor, shipping_minor, shipping_vat_basis_points, vat_minor, rate, rate_date, rate_source)
    select ${tx.tenantId}, t.id, t.number, t.order_id, t.supplier_id, t.split, 'to-send', t.service_id, t.carrier,
      t.currency, t.goods, t.shipping, t.shipping_vat, t.vat, t.rate, t.rate_date, t.rate_source
    from unnest(${column((order) => order.id)}::uuid[], ${column((order) => order.number)}::text[],
      ${column((order) => order.orderId)}::uuid[], ${column((order) => order.supplierId)}::uuid[],
      ${column((order) => order.split)}::int[], ${column((order) => order.shippingServiceId)}::uuid[],
      ${column((order) => order.carrier)}::text[], ${column((order) => order.currency)}::text[],
      ${column((order) => order.goodsMinor)}::bigint[], ${column((order) => order.shippingMinor)}::bigint[],
      ${column((order) => order.shippingVatBasisPoints)}::int[], ${column((order) => order.vatMinor)}::bigint[],
      ${column((order) => order.rate?.rate ?? null)}::numeric[], ${column((order) => order.rate?.onDate ?? null)}::date[],
      ${column((order) => order.rate?.source ?? null)}::text[]
    ) as t (id, number, order_id, supplier_id, split, service_id, carrier, currency, goods, shipping, shipping_vat, vat, rate,
      rate_date, rate_source)
  `.execute(tx)
}

async function insertLines(tx: Tx, written: Numbered[]): Promise<void> {
  const lines = written.flatMap((order) => order.placements.map(({ need, offer }) => ({ order, need, offer })))
  const column = <Value>(of: (line: (typeof lines)[number]) => Value) => lines.map(of)
  // The cost is of one unit; the purchase order has the sum.
  await sql`
    insert into purchase_order_lines (tenant_id, id, purchase_order_id, component_id, offer_id, variant_id, supplier_sku, title,
      quantity, cost_minor, vat_rate_basis_points)
    select ${tx.tenantId}, t.*
    from unnest(${column(() => tx.ids.uuid())}::uuid[], ${column(({ order }) => order.id)}::uuid[],
      ${column(({ need }) => need.componentId)}::uuid[], ${column(({ offer }) => offer.id)}::uuid[],
      ${column(({ need }) => need.variantId)}::uuid[],
      ${column(({ order, offer }) => order.supplierSkus.get(offer.id) ?? '')}::text[],
      ${column(({ order, need }) => order.titles.get(need.componentId) ?? '')}::text[],
      ${column(({ need }) => need.quantity)}::int[], ${column(({ offer }) => offer.costMinor)}::bigint[],
      ${column(({ offer }) => offer.vatRateBasisPoints)}::int[]) as t
  `.execute(tx)
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
