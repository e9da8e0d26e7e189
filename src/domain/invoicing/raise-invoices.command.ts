// Each purchase order is invoiced in the transaction that writes it (D8), and its supplier's terms say whether it may go
// or waits for payment.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { OrderWay } from '../catalog/supplier-connection.ts'
import { outstandingOf } from './gates.store.ts'
import {
  decideGates,
  linesOf,
  stateOf,
  totalsOf,
  type GateAnswer,
  type Invoiced,
  type NewLine,
  type Terms,
  type Totals,
} from './invoice.ts'
import { insertInvoices, takeNumbers, type InvoiceLine, type NewInvoice } from './invoices.store.ts'
import { book, invoiceBooking } from './ledger.store.ts'

/** A purchase order that is about to be written. */
export type NewPurchaseOrder = Invoiced & { supplierId: string; currency: string }

export type Raised = Omit<GateAnswer, 'purchaseOrderId'> & {
  /** How his supplier gets it, once it may go. */
  way: OrderWay
  /** Null: it comes from the seller's own stock, and nobody charges him for it. */
  invoice: { id: string; vatMinor: number; lines: InvoiceLine[] } | null
}

/** Booked, but not numbered: whoever has taken a number holds up all others until he commits. */
export type RaisedInvoice = Omit<NewInvoice, 'number'>

/**
 * Before the purchase orders themselves, so that each is written once, with its invoice and its gate. The answers stand in
 * the order given; the invoices are to be issued before the transaction ends, and their lines written after them.
 */
export async function raiseInvoices(
  tx: Tx,
  purchaseOrders: NewPurchaseOrder[],
): Promise<{ raised: Raised[]; invoices: RaisedInvoice[] }> {
  const supplierIds = [...new Set(purchaseOrders.map((order) => order.supplierId))]
  await lockLimitedSuppliers(tx, supplierIds)
  const suppliers = await readSuppliers(tx, supplierIds)
  const orders = purchaseOrders.map((order): Priced => {
    const supplier = suppliers.get(order.supplierId)
    if (!supplier) throw new Error('A supplier vanished while he was bought from.')
    const invoiceLines = linesOf(order)
    return { ...order, supplier, invoiceLines, totals: totalsOf(invoiceLines) }
  })
  const charged = orders.filter((order) => !order.supplier.ownStock)
  const gates = await gatesOf(tx, charged)
  const invoices = new Map(charged.filter((order) => order.supplier.invoicePer !== 'day').map(invoiceOf(tx)))
  const collected = await collect(
    tx,
    charged.filter((order) => order.supplier.invoicePer === 'day'),
  )
  const raised = orders.map(({ id, supplier, invoiceLines, totals }): Raised => {
    const { gate, reason } = gates.get(id) ?? { gate: 'open', reason: null }
    const invoiceId = invoices.get(id)?.id ?? collected.get(id)
    if (invoiceId === undefined) return { gate, reason, way: supplier.way, invoice: null }
    const lines = invoiceLines.map((line) => ({ ...line, invoiceId }))
    return { gate, reason, way: supplier.way, invoice: { id: invoiceId, vatMinor: totals.vatMinor, lines } }
  })
  await book(tx, [...invoices.values()].map(invoiceBooking))
  return { raised, invoices: [...invoices.values()] }
}

export async function issueInvoices(tx: Tx, invoices: RaisedInvoice[]): Promise<void> {
  const numbers = await takeNumbers(tx, 'invoice', invoices.length)
  await insertInvoices(
    tx,
    invoices.map((invoice, index) => ({ ...invoice, number: numbers[index] ?? '' })),
  )
}

type Supplier = {
  id: string
  ownStock: boolean
  currency: string
  terms: Terms
  creditLimitMinor: number | null
  invoicePer: 'purchase-order' | 'day'
  way: OrderWay
  today: string
  dueOn: string
}

type Priced = NewPurchaseOrder & { supplier: Supplier; invoiceLines: NewLine[]; totals: Totals }

/** Two pages must not both use the last of a supplier's credit. Where there is no limit, nobody has to wait. */
async function lockLimitedSuppliers(tx: Tx, supplierIds: string[]): Promise<void> {
  await sql`
    select id from suppliers
    where tenant_id = ${tx.tenantId} and id = any(${supplierIds}::uuid[])
      and credit_limit_minor is not null and terms = 'on-account'
    order by id
    for no key update
  `.execute(tx)
}

async function readSuppliers(tx: Tx, supplierIds: string[]): Promise<Map<string, Supplier>> {
  const { rows } = await sql<Supplier>`
    select s.id, s.own_stock as "ownStock", s.currency, s.terms, s.credit_limit_minor as "creditLimitMinor",
      s.invoice_per as "invoicePer", s.order_way as way, d.today::text as today, (d.today + s.payment_days)::text as "dueOn"
    from suppliers s
    cross join (select (app_now() at time zone time_zone)::date as today from tenants where id = ${tx.tenantId}) d
    where s.tenant_id = ${tx.tenantId} and s.id = any(${supplierIds}::uuid[])
  `.execute(tx)
  return new Map(rows.map((row) => [row.id, row]))
}

async function gatesOf(tx: Tx, orders: Priced[]): Promise<Map<string, GateAnswer>> {
  const limited = orders.filter(isLimited)
  const owed = await outstandingOf(tx, [...new Set(limited.map((order) => order.supplierId))])
  const bySupplier = Map.groupBy(orders, (order) => `${order.supplierId} ${order.currency}`)
  const answers = [...bySupplier.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    // A limit is in the supplier's currency, and without a rate nothing else can be held against it.
    const creditLimitMinor = isLimited(first) ? first.supplier.creditLimitMinor : null
    return decideGates(
      { terms: first.supplier.terms, creditLimitMinor },
      owed.get(first.supplierId) ?? 0,
      group.map(({ id, totals: { totalMinor } }) => ({
        purchaseOrderId: id,
        dueMinor: totalMinor,
        isPaid: totalMinor === 0,
      })),
    )
  })
  return new Map(answers.map((answer) => [answer.purchaseOrderId, answer]))
}

function isLimited({ supplier, currency }: Priced): boolean {
  return supplier.terms === 'on-account' && supplier.creditLimitMinor !== null && currency === supplier.currency
}

/** One invoice a purchase order. */
const invoiceOf =
  (tx: Tx) =>
  ({ id, supplierId, currency, supplier, totals }: Priced): [string, RaisedInvoice] => [
    id,
    {
      id: tx.ids.uuid(),
      kind: 'invoice',
      supplierId,
      creditsInvoiceId: null,
      state: stateOf({ totalMinor: totals.totalMinor, paidMinor: 0, creditedMinor: 0 }),
      currency,
      dueOn: supplier.dueOn,
      ...totals,
    },
  ]

/** One draft a supplier, currency and day, which takes in what comes until the day ends. It is booked when it is issued. */
async function collect(tx: Tx, orders: Priced[]): Promise<Map<string, string>> {
  if (orders.length === 0) return new Map()
  const keyOf = (order: { supplierId: string; currency: string }) => `${order.supplierId} ${order.currency}`
  const groups = [...Map.groupBy(orders, keyOf).values()]
    .map((group) => {
      const { supplierId = '', currency = '', supplier } = group[0] ?? {}
      const totals = totalsOf(group.flatMap((order) => order.invoiceLines))
      return { id: tx.ids.uuid(), supplierId, currency, today: supplier?.today ?? '', ...totals }
    })
    .toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))
  const column = <Key extends keyof (typeof groups)[number]>(key: Key) => groups.map((group) => group[key])
  const { rows } = await sql<{ id: string; supplierId: string; currency: string }>`
    insert into invoices as i (tenant_id, id, kind, supplier_id, state, currency, for_day, goods_minor, shipping_minor, vat_minor, total_minor)
    select ${tx.tenantId}, t.id, 'invoice', t.supplier_id, 'draft', t.currency, t.day, t.goods, t.shipping, t.vat, t.total
    from unnest(${column('id')}::uuid[], ${column('supplierId')}::uuid[], ${column('currency')}::text[], ${column('today')}::date[],
      ${column('goodsMinor')}::bigint[], ${column('shippingMinor')}::bigint[], ${column('vatMinor')}::bigint[],
      ${column('totalMinor')}::bigint[]) as t (id, supplier_id, currency, day, goods, shipping, vat, total)
    on conflict (tenant_id, supplier_id, currency, for_day) where state = 'draft' do update
    set goods_minor = i.goods_minor + excluded.goods_minor, shipping_minor = i.shipping_minor + excluded.shipping_minor,
      vat_minor = i.vat_minor + excluded.vat_minor, total_minor = i.total_minor + excluded.total_minor
    returning id, supplier_id as "supplierId", currency
  `.execute(tx)
  const drafts = new Map(rows.map((row) => [keyOf(row), row.id]))
  return new Map(orders.map((order) => [order.id, drafts.get(keyOf(order)) ?? '']))
}
