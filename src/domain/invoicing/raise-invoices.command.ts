// Each purchase order is invoiced in the transaction that writes it (D8), and its supplier's terms say whether it may go
// or waits for payment.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { outstandingOf } from './gates.store.ts'
import {
  decideGates,
  linesOf,
  stateOf,
  totalsOf,
  type GateAnswer,
  type NewLine,
  type Terms,
  type Totals,
} from './invoice.ts'
import { insertInvoices, insertLines, takeNumbers } from './invoices.store.ts'
import { book, invoiceBooking } from './ledger.store.ts'
import { tellWaiting } from './waiting-problems.store.ts'

export type Gate = GateAnswer

/** The purchase orders are written, with their lines, and not sent. Those that wait are `queued-for-payment` afterwards. */
export async function raiseInvoices(tx: Tx, purchaseOrderIds: string[]): Promise<Gate[]> {
  if (purchaseOrderIds.length === 0) return []
  await lockLimitedSuppliers(tx, purchaseOrderIds)
  const orders = (await readOrders(tx, purchaseOrderIds)).map((order): Priced => {
    const lines = linesOf(order)
    return { ...order, invoiceLines: lines, totals: totalsOf(lines) }
  })
  // What comes from the seller's own stock, nobody charges him for.
  const charged = orders.filter((order) => !order.ownStock)
  const gates = await gatesOf(tx, charged)
  const byDay = charged.filter((order) => order.invoicePer === 'day')
  const invoiceIds = new Map([
    ...(await issueEach(
      tx,
      charged.filter((order) => order.invoicePer !== 'day'),
    )),
    ...(await collect(tx, byDay)),
  ])
  await insertLines(
    tx,
    charged.flatMap(({ id, invoiceLines }) => {
      const invoiceId = invoiceIds.get(id)
      return invoiceId === undefined ? [] : invoiceLines.map((line) => ({ ...line, invoiceId }))
    }),
  )
  await saveGates(tx, charged, invoiceIds, gates)
  const waiting = charged.filter(({ id }) => (gates.get(id)?.reason ?? null) !== null)
  await tellWaiting(tx, [...new Set(waiting.map(({ supplierId }) => supplierId))])
  return purchaseOrderIds.map(
    (purchaseOrderId) => gates.get(purchaseOrderId) ?? { purchaseOrderId, gate: 'open', reason: null },
  )
}

type Order = {
  id: string
  number: string
  orderId: string
  supplierId: string
  supplierName: string
  ownStock: boolean
  supplierCurrency: string
  terms: Terms
  creditLimitMinor: number | null
  invoicePer: 'purchase-order' | 'day'
  currency: string
  shippingMinor: number
  shippingVatBasisPoints: number
  today: string
  dueOn: string
  lines: {
    id: string
    supplierSku: string
    title: string
    quantity: number
    costMinor: number
    vatRateBasisPoints: number
  }[]
}

type Priced = Order & { invoiceLines: NewLine[]; totals: Totals }

/** Two pages must not both use the last of a supplier's credit. Where there is no limit, nobody has to wait. */
async function lockLimitedSuppliers(tx: Tx, purchaseOrderIds: string[]): Promise<void> {
  await sql`
    select s.id from suppliers s
    where s.tenant_id = ${tx.tenantId} and s.credit_limit_minor is not null and s.terms = 'on-account'
      and s.id in (
        select p.supplier_id from purchase_orders p where p.tenant_id = ${tx.tenantId} and p.id = any(${purchaseOrderIds}::uuid[])
      )
    order by s.id
    for no key update
  `.execute(tx)
}

/** Those without an invoice yet, in the order given. */
async function readOrders(tx: Tx, purchaseOrderIds: string[]): Promise<Order[]> {
  const { rows } = await sql<Omit<Order, 'lines'>>`
    select p.id, p.number, p.order_id as "orderId", p.supplier_id as "supplierId", s.name as "supplierName",
      s.own_stock as "ownStock", s.currency as "supplierCurrency", s.terms, s.credit_limit_minor as "creditLimitMinor",
      s.invoice_per as "invoicePer", p.currency, p.shipping_minor as "shippingMinor",
      p.shipping_vat_basis_points as "shippingVatBasisPoints", d.today::text as today,
      (d.today + s.payment_days)::text as "dueOn"
    from unnest(${purchaseOrderIds}::uuid[]) with ordinality as asked (id, position)
    join purchase_orders p on p.tenant_id = ${tx.tenantId} and p.id = asked.id and p.invoice_id is null
    join suppliers s on s.tenant_id = p.tenant_id and s.id = p.supplier_id
    cross join (select (app_now() at time zone time_zone)::date as today from tenants where id = ${tx.tenantId}) d
    order by asked.position
  `.execute(tx)
  const lines = await sql<Order['lines'][number] & { purchaseOrderId: string }>`
    select id, purchase_order_id as "purchaseOrderId", supplier_sku as "supplierSku", title,
      quantity - cancelled_quantity as quantity, cost_minor as "costMinor", vat_rate_basis_points as "vatRateBasisPoints"
    from purchase_order_lines
    where tenant_id = ${tx.tenantId} and purchase_order_id = any(${purchaseOrderIds}::uuid[])
    order by purchase_order_id, id
  `.execute(tx)
  const byOrder = Map.groupBy(lines.rows, (line) => line.purchaseOrderId)
  return rows.map((row) => ({ ...row, lines: byOrder.get(row.id) ?? [] }))
}

async function gatesOf(tx: Tx, orders: Priced[]): Promise<Map<string, GateAnswer>> {
  const limited = orders.filter(isLimited)
  const owed = await outstandingOf(tx, [...new Set(limited.map((order) => order.supplierId))])
  const bySupplier = Map.groupBy(orders, (order) => `${order.supplierId} ${order.currency}`)
  const answers = [...bySupplier.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    // A limit is in the supplier's currency, and without a rate nothing else can be held against it.
    const creditLimitMinor = isLimited(first) ? first.creditLimitMinor : null
    return decideGates(
      { terms: first.terms, creditLimitMinor },
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

function isLimited(order: Order): boolean {
  return order.terms === 'on-account' && order.creditLimitMinor !== null && order.currency === order.supplierCurrency
}

/** One invoice a purchase order, issued at once. */
async function issueEach(tx: Tx, orders: Priced[]): Promise<Map<string, string>> {
  const numbers = await takeNumbers(tx, 'invoice', orders.length)
  const invoices = orders.map((order, index) => ({
    id: tx.ids.uuid(),
    number: numbers[index] ?? '',
    kind: 'invoice' as const,
    supplierId: order.supplierId,
    creditsInvoiceId: null,
    state: stateOf({ totalMinor: order.totals.totalMinor, paidMinor: 0, creditedMinor: 0 }),
    currency: order.currency,
    dueOn: order.dueOn,
    ...order.totals,
  }))
  await insertInvoices(tx, invoices)
  await book(tx, invoices.map(invoiceBooking))
  return new Map(orders.map((order, index) => [order.id, invoices[index]?.id ?? '']))
}

/** One draft a supplier, currency and day, which takes in what comes until the day ends. It is booked when it is issued. */
async function collect(tx: Tx, orders: Priced[]): Promise<Map<string, string>> {
  if (orders.length === 0) return new Map()
  const keyOf = (order: { supplierId: string; currency: string }) => `${order.supplierId} ${order.currency}`
  const groups = [...Map.groupBy(orders, keyOf).values()]
    .map((group) => {
      const { supplierId = '', currency = '', today = '' } = group[0] ?? {}
      const totals = totalsOf(group.flatMap((order) => order.invoiceLines))
      return { id: tx.ids.uuid(), supplierId, currency, today, ...totals }
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

/** The VAT of its invoice is the purchase order's, so that their totals cannot differ. */
async function saveGates(
  tx: Tx,
  orders: Priced[],
  invoiceIds: Map<string, string>,
  gates: Map<string, GateAnswer>,
): Promise<void> {
  if (orders.length === 0) return
  await sql`
    update purchase_orders p set invoice_id = t.invoice_id, vat_minor = t.vat, payment_gate = t.gate, gate_reason = t.reason,
      state = case when t.gate = 'waiting' then 'queued-for-payment' else p.state end
    from unnest(${orders.map((order) => order.id)}::uuid[], ${orders.map((order) => invoiceIds.get(order.id) ?? null)}::uuid[],
      ${orders.map((order) => order.totals.vatMinor)}::bigint[], ${orders.map((order) => gates.get(order.id)?.gate ?? 'open')}::text[],
      ${orders.map((order) => gates.get(order.id)?.reason ?? null)}::text[]) as t (id, invoice_id, vat, gate, reason)
    where p.tenant_id = ${tx.tenantId} and p.id = t.id
  `.execute(tx)
}
