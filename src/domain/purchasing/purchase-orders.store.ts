// Purchase orders as rows: numbered without gaps, written with their lines and costs in one transaction.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { OrderWay } from '../catalog/supplier-connection.ts'
import { namedBy, type GateReason } from '../invoicing/invoice.ts'
import { insertLines as insertInvoiceLines } from '../invoicing/invoices.store.ts'
import { issueInvoices, raiseInvoices, type Raised, type RaisedInvoice } from '../invoicing/raise-invoices.command.ts'
import { tellWaiting } from '../invoicing/waiting-problems.store.ts'
import type { PurchaseOrderDraft } from './draft-purchase-orders.ts'
import { writeSendings } from './send-purchase-orders.store.ts'

export type DraftWithTexts = PurchaseOrderDraft & {
  titles: Map<string, string>
  supplierSkus: Map<string, string>
}

export type WrittenPurchaseOrder = PurchaseOrderDraft & {
  id: string
  number: string
  state: 'queued-for-payment' | 'to-send' | 'sent'
  /** How it goes to the supplier, or what it waits for. */
  goes: OrderWay | GateReason
}

/** All of it is there but for its number. */
export type BegunPurchaseOrders = { orders: Begun[]; invoices: RaisedInvoice[] }

export async function writePurchaseOrders(tx: Tx, drafts: DraftWithTexts[]): Promise<WrittenPurchaseOrder[]> {
  return numberPurchaseOrders(tx, await beginPurchaseOrders(tx, drafts))
}

/**
 * Invoiced first: what it comes to and its supplier's terms say whether it may go, so that it is written but once. Nobody
 * else waits for what is done here, but for other purchase orders at a supplier whose terms look at them.
 */
export async function beginPurchaseOrders(tx: Tx, drafts: DraftWithTexts[]): Promise<BegunPurchaseOrders> {
  if (drafts.length === 0) return { orders: [], invoices: [] }
  const splits = await lastSplits(tx, drafts)
  const split = drafts.map((draft): SplitOff => {
    const key = `${draft.orderId} ${draft.supplierId}`
    const number = (splits.get(key) ?? 0) + 1
    splits.set(key, number)
    return { ...draft, id: tx.ids.uuid(), split: number, lines: linesOf(tx, draft) }
  })
  const { raised, invoices } = await raiseInvoices(tx, split)
  const orders = split.map((order, index): Begun => {
    const { gate, reason, way, invoice } = raised[index] ?? unraised()
    const state = gate === 'waiting' ? 'queued-for-payment' : way === 'screen' ? 'sent' : 'to-send'
    return { ...order, gate, reason, invoice, state, way: gate === 'waiting' ? 'screen' : way, goes: reason ?? way }
  })
  await insertLines(
    tx,
    orders.flatMap((order) => order.lines.map((line) => ({ ...line, purchaseOrderId: order.id }))),
  )
  return { orders, invoices }
}

/** Last: from the first number taken until this transaction commits, every other one that wants a number waits. */
export async function numberPurchaseOrders(
  tx: Tx,
  { orders, invoices }: BegunPurchaseOrders,
): Promise<WrittenPurchaseOrder[]> {
  if (orders.length === 0) return []
  const last = await takeNumbers(tx, orders.length)
  const written = orders.map((order, index): Written => {
    return { ...order, number: numberText(last - orders.length + 1 + index) }
  })
  await issueInvoices(tx, invoices)
  await insertRows(tx, written)
  await insertInvoiceLines(
    tx,
    written.flatMap((order) => namedBy(order.invoice?.lines ?? [], order)),
  )
  await writeSendings(
    tx,
    written.filter(({ state }) => state === 'to-send').map((order) => ({ ...order, revision: 1, isCancelled: false })),
  )
  await tellWaiting(tx, [...new Set(written.flatMap((order) => (order.reason === null ? [] : order.supplierId)))])
  return written
}

function unraised(): never {
  throw new Error('A purchase order was not invoiced.')
}

type Line = ReturnType<typeof linesOf>[number]

type SplitOff = PurchaseOrderDraft & { id: string; split: number; lines: Line[] }

type Begun = SplitOff & Raised & Omit<WrittenPurchaseOrder, 'number'>

type Written = Begun & WrittenPurchaseOrder

/** The cost is of one unit; the purchase order has the sum. */
function linesOf(tx: Tx, { placements, supplierSkus, titles }: DraftWithTexts) {
  return placements.map(({ need, offer }) => ({
    id: tx.ids.uuid(),
    componentId: need.componentId,
    offerId: offer.id,
    variantId: need.variantId,
    supplierSku: supplierSkus.get(offer.id) ?? '',
    title: titles.get(need.componentId) ?? '',
    quantity: need.quantity,
    costMinor: offer.costMinor ?? 0,
    vatRateBasisPoints: offer.vatRateBasisPoints,
  }))
}

/** The VAT of its invoice is the purchase order's, so that their totals cannot differ. */
async function insertRows(tx: Tx, written: Written[]): Promise<void> {
  const column = <Value>(of: (order: Written) => Value) => written.map(of)
  await sql`
    insert into purchase_orders (tenant_id, id, number, order_id, supplier_id, split_number, state, payment_gate, gate_reason,
      order_way, sent_at, invoice_id, shipping_service_id, carrier, currency, cost_minor, shipping_minor,
      shipping_vat_basis_points, vat_minor, rate, rate_date, rate_source)
    select ${tx.tenantId}, t.id, t.number, t.order_id, t.supplier_id, t.split, t.state, t.gate, t.gate_reason,
      t.way, case t.state when 'sent' then app_now() end, t.invoice_id, t.service_id, t.carrier, t.currency, t.goods, t.shipping,
      t.shipping_vat, t.vat, t.rate, t.rate_date, t.rate_source
    from unnest(${column((order) => order.id)}::uuid[], ${column((order) => order.number)}::text[],
      ${column((order) => order.orderId)}::uuid[], ${column((order) => order.supplierId)}::uuid[],
      ${column((order) => order.split)}::int[], ${column((order) => order.state)}::text[], ${column((order) => order.gate)}::text[],
      ${column((order) => order.reason)}::text[], ${column((order) => order.way)}::text[],
      ${column((order) => order.invoice?.id ?? null)}::uuid[], ${column((order) => order.shippingServiceId)}::uuid[],
      ${column((order) => order.carrier)}::text[], ${column((order) => order.currency)}::text[],
      ${column((order) => order.goodsMinor)}::bigint[], ${column((order) => order.shippingMinor)}::bigint[],
      ${column((order) => order.shippingVatBasisPoints)}::int[],
      ${column((order) => order.invoice?.vatMinor ?? order.vatMinor)}::bigint[],
      ${column((order) => order.rate?.rate ?? null)}::numeric[], ${column((order) => order.rate?.onDate ?? null)}::date[],
      ${column((order) => order.rate?.source ?? null)}::text[]
    ) as t (id, number, order_id, supplier_id, split, state, gate, gate_reason, way, invoice_id, service_id, carrier, currency,
      goods, shipping, shipping_vat, vat, rate, rate_date, rate_source)
  `.execute(tx)
}

async function insertLines(tx: Tx, lines: (Line & { purchaseOrderId: string })[]): Promise<void> {
  const column = <Key extends keyof (typeof lines)[number]>(key: Key) => lines.map((line) => line[key])
  await sql`
    insert into purchase_order_lines (tenant_id, id, purchase_order_id, component_id, offer_id, variant_id, supplier_sku, title,
      quantity, cost_minor, vat_rate_basis_points)
    select ${tx.tenantId}, t.*
    from unnest(${column('id')}::uuid[], ${column('purchaseOrderId')}::uuid[], ${column('componentId')}::uuid[],
      ${column('offerId')}::uuid[], ${column('variantId')}::uuid[], ${column('supplierSku')}::text[], ${column('title')}::text[],
      ${column('quantity')}::int[], ${column('costMinor')}::bigint[], ${column('vatRateBasisPoints')}::int[]) as t
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
