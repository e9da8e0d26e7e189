// Invoices and their lines as rows: numbered without gaps, a page of them in a statement each.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { InvoiceState, NewLine, Totals } from './invoice.ts'

export type NewInvoice = Totals & {
  id: string
  number: string
  kind: 'invoice' | 'credit-note'
  supplierId: string
  creditsInvoiceId: string | null
  state: Exclude<InvoiceState, 'draft'>
  currency: string
  dueOn: string | null
}

const series = {
  invoice: { counter: 'invoice', prefix: 'INV' },
  'credit-note': { counter: 'credit-note', prefix: 'CN' },
} as const

/** A gap would need a committed number without its document: both are written in one transaction. */
export async function takeNumbers(tx: Tx, kind: NewInvoice['kind'], count: number): Promise<string[]> {
  if (count === 0) return []
  const { counter, prefix } = series[kind]
  const { rows } = await sql<{ value: number }>`
    insert into counters as c (tenant_id, name, value) values (${tx.tenantId}, ${counter}, ${count})
    on conflict (tenant_id, name) do update set value = c.value + excluded.value
    returning value
  `.execute(tx)
  const first = (rows[0]?.value ?? count) - count + 1
  return Array.from({ length: count }, (_, index) => `${prefix}-${String(first + index).padStart(6, '0')}`)
}

export async function insertInvoices(tx: Tx, invoices: NewInvoice[]): Promise<void> {
  if (invoices.length === 0) return
  const column = <Key extends keyof NewInvoice>(key: Key) => invoices.map((invoice) => invoice[key])
  await sql`
    insert into invoices (tenant_id, id, number, kind, supplier_id, credits_invoice_id, state, currency, goods_minor,
      shipping_minor, vat_minor, total_minor, due_on, issued_at)
    select ${tx.tenantId}, t.id, t.number, t.kind, t.supplier_id, t.credits, t.state, t.currency, t.goods, t.shipping, t.vat,
      t.total, t.due_on, app_now()
    from unnest(${column('id')}::uuid[], ${column('number')}::text[], ${column('kind')}::text[],
      ${column('supplierId')}::uuid[], ${column('creditsInvoiceId')}::uuid[], ${column('state')}::text[],
      ${column('currency')}::text[], ${column('goodsMinor')}::bigint[], ${column('shippingMinor')}::bigint[],
      ${column('vatMinor')}::bigint[], ${column('totalMinor')}::bigint[], ${column('dueOn')}::date[])
      as t (id, number, kind, supplier_id, credits, state, currency, goods, shipping, vat, total, due_on)
  `.execute(tx)
}

export type InvoiceLine = NewLine & { invoiceId: string }

export async function insertLines(tx: Tx, lines: InvoiceLine[]): Promise<void> {
  if (lines.length === 0) return
  const positions = new Map<string, number>()
  const position = ({ invoiceId }: InvoiceLine) => {
    const next = (positions.get(invoiceId) ?? 0) + 1
    positions.set(invoiceId, next)
    return next
  }
  const column = <Key extends keyof InvoiceLine>(key: Key) => lines.map((line) => line[key])
  await sql`
    insert into invoice_lines (tenant_id, id, invoice_id, position, purchase_order_id, purchase_order_line_id, text, quantity,
      unit_minor, net_minor, vat_rate_basis_points, vat_minor)
    select ${tx.tenantId}, t.*
    from unnest(${lines.map(() => tx.ids.uuid())}::uuid[], ${column('invoiceId')}::uuid[], ${lines.map(position)}::int[],
      ${column('purchaseOrderId')}::uuid[], ${column('purchaseOrderLineId')}::uuid[], ${column('text')}::text[],
      ${column('quantity')}::int[], ${column('unitMinor')}::bigint[], ${column('netMinor')}::bigint[],
      ${column('vatRateBasisPoints')}::int[], ${column('vatMinor')}::bigint[]) as t
  `.execute(tx)
}

/** Held until the transaction ends; after orders, before offers. */
export async function lockSuppliers(tx: Tx, supplierIds: string[]): Promise<void> {
  if (supplierIds.length === 0) return
  await sql`
    select id from suppliers where tenant_id = ${tx.tenantId} and id = any(${supplierIds}::uuid[]) order by id for no key update
  `.execute(tx)
}

/** After suppliers. */
export async function lockInvoices(tx: Tx, invoiceIds: string[]): Promise<void> {
  if (invoiceIds.length === 0) return
  await sql`
    select id from invoices where tenant_id = ${tx.tenantId} and id = any(${invoiceIds}::uuid[]) order by id for no key update
  `.execute(tx)
}
