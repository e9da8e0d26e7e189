// What is cancelled of a purchase order is taken off its invoice: out of a draft, or by a credit note once it is issued (D8).
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { addOrderEvents, fairlead } from '../orders/order-events.store.ts'
import { cutLines, type Left } from './credit.ts'
import { stateOf, totalsOf, type InvoiceState } from './invoice.ts'
import { insertInvoices, insertLines, lockInvoices, lockSuppliers, takeNumbers } from './invoices.store.ts'
import { book, creditNoteBooking } from './ledger.store.ts'

export type Cut = {
  purchaseOrderId: string
  /** Units of these lines that were cancelled now. */
  lines: { purchaseOrderLineId: string; quantity: number }[]
  /** Nothing of it leaves any more, so its shipping is not owed either. */
  isWhole: boolean
}

/** Once for each cut: the caller has written the cancelled quantities in this transaction. */
export async function creditPurchaseOrders(tx: Tx, cuts: Cut[]): Promise<void> {
  if (cuts.length === 0) return
  const invoices = await lockInvoicesOf(
    tx,
    cuts.map((cut) => cut.purchaseOrderId),
  )
  if (invoices.size === 0) return
  const left = Map.groupBy(await readLeft(tx, cuts), (line) => line.purchaseOrderId)
  const taken: Left[] = []
  for (const cut of cuts) {
    const lines = left.get(cut.purchaseOrderId) ?? []
    const cutNow = cutLines(lines, cut)
    taken.push(...cutNow)
    // A purchase order may be cut twice in one call.
    left.set(cut.purchaseOrderId, lessOf(lines, cutNow))
  }
  if (taken.length === 0) return
  const isDraft = (line: Left) => invoices.get(line.invoiceId)?.state === 'draft'
  await takeOffDrafts(tx, taken.filter(isDraft))
  await creditIssued(
    tx,
    taken.filter((line) => !isDraft(line)),
    invoices,
  )
  // Others may have waited for the credit that is free now.
  await tx.enqueue('settle-invoices', {}, { key: tx.tenantId })
  await tx.notify('invoices')
}

type Invoice = {
  id: string
  supplierId: string
  currency: string
  state: InvoiceState
  totalMinor: number
  paidMinor: number
  creditedMinor: number
}

async function lockInvoicesOf(tx: Tx, purchaseOrderIds: string[]): Promise<Map<string, Invoice>> {
  const { rows: found } = await sql<{ invoiceId: string; supplierId: string }>`
    select distinct invoice_id as "invoiceId", supplier_id as "supplierId" from purchase_orders
    where tenant_id = ${tx.tenantId} and id = any(${purchaseOrderIds}::uuid[]) and invoice_id is not null
  `.execute(tx)
  if (found.length === 0) return new Map()
  const ids = found.map((row) => row.invoiceId)
  await lockSuppliers(tx, [...new Set(found.map((row) => row.supplierId))])
  await lockInvoices(tx, ids)
  const { rows } = await sql<Invoice>`
    select id, supplier_id as "supplierId", currency, state, total_minor as "totalMinor", paid_minor as "paidMinor",
      credited_minor as "creditedMinor"
    from invoices where tenant_id = ${tx.tenantId} and id = any(${ids}::uuid[]) order by number, id
  `.execute(tx)
  return new Map(rows.map((row) => [row.id, row]))
}

/** Of each invoiced line what earlier credit notes left of it. */
async function readLeft(tx: Tx, cuts: Cut[]): Promise<Left[]> {
  const { rows } = await sql<Left>`
    with lines as (
      select l.*, i.kind from invoice_lines l
      join invoices i on i.tenant_id = l.tenant_id and i.id = l.invoice_id
      where l.tenant_id = ${tx.tenantId} and l.purchase_order_id = any(${cuts.map((cut) => cut.purchaseOrderId)}::uuid[])
    ), credited as (
      select purchase_order_id, purchase_order_line_id, sum(quantity)::int as quantity, sum(net_minor)::bigint as net,
        sum(vat_minor)::bigint as vat
      from lines where kind = 'credit-note' group by purchase_order_id, purchase_order_line_id
    )
    select l.id as "invoiceLineId", l.invoice_id as "invoiceId", l.purchase_order_id as "purchaseOrderId",
      l.purchase_order_line_id as "purchaseOrderLineId", l.text, l.quantity - coalesce(c.quantity, 0) as quantity,
      l.unit_minor as "unitMinor", l.net_minor - coalesce(c.net, 0) as "netMinor",
      l.vat_rate_basis_points as "vatRateBasisPoints", l.vat_minor - coalesce(c.vat, 0) as "vatMinor"
    from lines l
    left join credited c on c.purchase_order_id = l.purchase_order_id
      and c.purchase_order_line_id is not distinct from l.purchase_order_line_id
    where l.kind = 'invoice' and l.quantity > coalesce(c.quantity, 0)
    order by l.invoice_id, l.position, l.id
  `.execute(tx)
  return rows
}

function lessOf(lines: Left[], taken: Left[]): Left[] {
  const byId = new Map(taken.map((line) => [line.invoiceLineId, line]))
  return lines
    .map((line) => {
      const cut = byId.get(line.invoiceLineId)
      if (!cut) return line
      const { quantity, netMinor, vatMinor } = line
      return {
        ...line,
        quantity: quantity - cut.quantity,
        netMinor: netMinor - cut.netMinor,
        vatMinor: vatMinor - cut.vatMinor,
      }
    })
    .filter((line) => line.quantity > 0)
}

/** A draft is nobody's claim yet: lines shrink and go, and one that is empty goes as a whole. */
async function takeOffDrafts(tx: Tx, taken: Left[]): Promise<void> {
  if (taken.length === 0) return
  const column = <Key extends keyof Left>(key: Key) => taken.map((line) => line[key])
  await sql`
    with off as (
      select id, sum(quantity)::int as quantity, sum(net)::bigint as net, sum(vat)::bigint as vat
      from unnest(${column('invoiceLineId')}::uuid[], ${column('quantity')}::int[], ${column('netMinor')}::bigint[],
        ${column('vatMinor')}::bigint[]) as t (id, quantity, net, vat) group by id
    ), gone as (
      delete from invoice_lines l using off where l.tenant_id = ${tx.tenantId} and l.id = off.id and l.quantity = off.quantity
    )
    update invoice_lines l set quantity = l.quantity - off.quantity, net_minor = l.net_minor - off.net, vat_minor = l.vat_minor - off.vat
    from off where l.tenant_id = ${tx.tenantId} and l.id = off.id and l.quantity > off.quantity
  `.execute(tx)
  const totals = [...Map.groupBy(taken, (line) => line.invoiceId)].map(([id, lines]) => ({ id, ...totalsOf(lines) }))
  const ids = totals.map((each) => each.id)
  await sql`
    update invoices i set goods_minor = i.goods_minor - t.goods, shipping_minor = i.shipping_minor - t.shipping,
      vat_minor = i.vat_minor - t.vat, total_minor = i.total_minor - t.total
    from unnest(${ids}::uuid[], ${totals.map((each) => each.goodsMinor)}::bigint[],
      ${totals.map((each) => each.shippingMinor)}::bigint[], ${totals.map((each) => each.vatMinor)}::bigint[],
      ${totals.map((each) => each.totalMinor)}::bigint[]) as t (id, goods, shipping, vat, total)
    where i.tenant_id = ${tx.tenantId} and i.id = t.id
  `.execute(tx)
  await sql`
    update purchase_orders p set invoice_id = null
    where p.tenant_id = ${tx.tenantId} and p.id = any(${column('purchaseOrderId')}::uuid[])
      and not exists (select from invoice_lines l where l.tenant_id = p.tenant_id and l.purchase_order_id = p.id)
  `.execute(tx)
  await sql`
    delete from invoices i where i.tenant_id = ${tx.tenantId} and i.id = any(${ids}::uuid[])
      and not exists (select from invoice_lines l where l.tenant_id = i.tenant_id and l.invoice_id = i.id)
      and not exists (select from purchase_orders p where p.tenant_id = i.tenant_id and p.invoice_id = i.id)
  `.execute(tx)
}

/** One credit note an invoice. */
async function creditIssued(tx: Tx, taken: Left[], invoices: Map<string, Invoice>): Promise<void> {
  if (taken.length === 0) return
  const groups = [...Map.groupBy(taken, (line) => line.invoiceId)]
  const numbers = await takeNumbers(tx, 'credit-note', groups.length)
  const notes = groups.map(([invoiceId, lines], index) => {
    const invoice = invoices.get(invoiceId)
    if (!invoice) throw new Error('A credit note needs the invoice it credits.')
    const note = {
      id: tx.ids.uuid(),
      number: numbers[index] ?? '',
      kind: 'credit-note' as const,
      supplierId: invoice.supplierId,
      creditsInvoiceId: invoiceId,
      state: 'credited' as const,
      currency: invoice.currency,
      dueOn: null,
      ...totalsOf(lines),
    }
    return { note, lines, invoice }
  })
  await insertInvoices(
    tx,
    notes.map(({ note }) => note),
  )
  await insertLines(
    tx,
    notes.flatMap(({ note, lines }) => lines.map((line) => ({ ...line, invoiceId: note.id }))),
  )
  await book(
    tx,
    notes.map(({ note }) => creditNoteBooking(note)),
  )
  await sql`
    update invoices i set credited_minor = i.credited_minor + t.amount, state = t.state
    from unnest(${notes.map(({ invoice }) => invoice.id)}::uuid[], ${notes.map(({ note }) => note.totalMinor)}::bigint[],
      ${notes.map(({ note, invoice }) => stateOf({ ...invoice, creditedMinor: invoice.creditedMinor + note.totalMinor }))}::text[])
      as t (id, amount, state)
    where i.tenant_id = ${tx.tenantId} and i.id = t.id
  `.execute(tx)
  await tellCredited(tx, notes)
}

async function tellCredited(
  tx: Tx,
  notes: { note: { number: string; currency: string }; lines: Left[] }[],
): Promise<void> {
  const credited = notes.flatMap(({ note, lines }) =>
    [...Map.groupBy(lines, (line) => line.purchaseOrderId)].map(([purchaseOrderId, own]) => ({
      purchaseOrderId,
      creditNote: note.number,
      currency: note.currency,
      totalMinor: totalsOf(own).totalMinor,
    })),
  )
  const { rows } = await sql<{ id: string; number: string; orderId: string; supplier: string }>`
    select p.id, p.number, p.order_id as "orderId", s.name as supplier
    from purchase_orders p join suppliers s on s.tenant_id = p.tenant_id and s.id = p.supplier_id
    where p.tenant_id = ${tx.tenantId} and p.id = any(${credited.map((each) => each.purchaseOrderId)}::uuid[])
  `.execute(tx)
  const orders = new Map(rows.map((row) => [row.id, row]))
  await addOrderEvents(
    tx,
    credited.flatMap(({ purchaseOrderId, creditNote, currency, totalMinor }) => {
      const order = orders.get(purchaseOrderId)
      if (!order) return []
      const { orderId, number, supplier } = order
      return [{ orderId, kind: 'credited' as const, data: { number, supplier, creditNote, totalMinor, currency } }]
    }),
    fairlead,
  )
}
