// Invoices as the screens and files show them: newest first, and one with all that belongs to it.
import { sql, type RawBuilder } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type {
  InvoiceFilter,
  InvoiceParties,
  InvoiceRow,
  InvoiceView,
  OwedRow,
  SupplierTerms,
} from './invoice-shapes.ts'

const countMax = 10_000
const idShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const money = (minor: RawBuilder<unknown>) => sql`jsonb_build_object('minor', ${minor}, 'currency', i.currency)`
const owed = sql`i.total_minor - i.credited_minor - i.paid_minor`
const isClaim = sql`i.kind = 'invoice' and i.state <> 'draft'`
const isLate = sql`i.kind = 'invoice' and i.state in ('unpaid', 'part-paid') and i.due_on < d.today`
const today = sql`(select (app_now() at time zone time_zone)::date as today, time_zone from tenants where id = app_tenant()) d`

const columns = sql`
  i.id, i.number, i.kind, i.state, i.supplier_id as "supplierId", s.name as "supplierName",
  i.credits_invoice_id as "creditsInvoiceId", ${money(sql`i.total_minor`)} as total, ${money(sql`i.paid_minor`)} as paid,
  ${money(sql`i.credited_minor`)} as credited,
  ${money(sql`case when i.kind = 'invoice' then greatest(0, ${owed}) else 0 end`)} as open,
  ${money(sql`case when ${isClaim} then greatest(0, -(${owed})) else 0 end`)} as "toGetBack",
  ${isLate} as "isOverdue", i.for_day::text as "forDay", (i.issued_at at time zone d.time_zone)::date::text as "issuedOn",
  i.due_on::text as "dueOn"
`

export async function listInvoices(
  tx: Tx,
  filter: InvoiceFilter,
  page: { cursor?: string | undefined; limit: number },
): Promise<{ rows: InvoiceRow[]; next: string | null; count: { value: number; more: boolean } }> {
  const where = conditionsOf(tx, filter)
  const after = page.cursor !== undefined && idShape.test(page.cursor) ? sql`and i.id < ${page.cursor}::uuid` : sql``
  const { rows } = await sql<InvoiceRow>`
    select ${columns} from invoices i cross join ${today}
    join suppliers s on s.tenant_id = i.tenant_id and s.id = i.supplier_id
    where ${where} ${after} order by i.id desc limit ${page.limit + 1}
  `.execute(tx)
  const counted = await sql<{ count: number }>`
    select count(*)::int from (select from invoices i cross join ${today} where ${where} limit ${countMax + 1}) found
  `.execute(tx)
  const found = counted.rows[0]?.count ?? 0
  const shown = rows.slice(0, page.limit)
  return {
    rows: shown,
    next: rows.length > page.limit ? (shown.at(-1)?.id ?? null) : null,
    count: { value: Math.min(found, countMax), more: found > countMax },
  }
}

function conditionsOf(tx: Tx, { supplierId, state, search, from, to }: InvoiceFilter): RawBuilder<unknown> {
  const conditions = [sql`i.tenant_id = ${tx.tenantId}`]
  if (supplierId !== undefined) conditions.push(sql`i.supplier_id = ${supplierId}::uuid`)
  if (state !== undefined) conditions.push(stateCondition(state))
  const number = search?.trim().toUpperCase() ?? ''
  if (number !== '') {
    conditions.push(sql`(i.number = ${number} or i.id in (
      select l.invoice_id from purchase_orders p
      join invoice_lines l on l.tenant_id = p.tenant_id and l.purchase_order_id = p.id
      where p.tenant_id = ${tx.tenantId} and p.number = ${number}
    ))`)
  }
  if (from !== undefined) conditions.push(sql`i.issued_at >= ${from}::date::timestamp at time zone d.time_zone`)
  if (to !== undefined) conditions.push(sql`i.issued_at < (${to}::date + 1)::timestamp at time zone d.time_zone`)
  return sql.join(conditions, sql` and `)
}

function stateCondition(state: NonNullable<InvoiceFilter['state']>): RawBuilder<unknown> {
  switch (state) {
    case 'open':
      return sql`i.kind = 'invoice' and i.state in ('unpaid', 'part-paid')`
    case 'overdue':
      return isLate
    case 'credit-note':
      return sql`i.kind = 'credit-note'`
    default:
      return sql`i.kind = 'invoice' and i.state = ${state}`
  }
}

/** What is owed, a row a currency; of one supplier or of all. */
export async function readOwed(tx: Tx, supplierId: string | undefined): Promise<OwedRow[]> {
  const whose = supplierId === undefined ? sql`` : sql`and i.supplier_id = ${supplierId}::uuid`
  const { rows } = await sql<OwedRow>`
    select i.currency, ${money(sql`coalesce(sum(${owed}) filter (where i.state in ('unpaid', 'part-paid')), 0)`)} as owed,
      ${money(sql`coalesce(sum(${owed}) filter (where ${isLate}), 0)`)} as overdue,
      ${money(sql`coalesce(sum(${owed}) filter (where i.state = 'draft'), 0)`)} as drafts,
      ${money(sql`coalesce(sum(-(${owed})) filter (where i.state in ('paid', 'credited')), 0)`)} as "toGetBack",
      count(*) filter (where i.state in ('unpaid', 'part-paid'))::int as invoices
    from invoices i cross join ${today}
    where i.tenant_id = ${tx.tenantId} ${whose} and i.kind = 'invoice'
      and (i.state in ('draft', 'unpaid', 'part-paid') or (i.state in ('paid', 'credited') and ${owed} < 0))
    group by i.currency order by i.currency
  `.execute(tx)
  return rows
}

export async function loadInvoice(tx: Tx, id: string): Promise<InvoiceView | undefined> {
  const { rows } = await sql<InvoiceRow & Pick<InvoiceView, 'goods' | 'shipping' | 'vat' | 'creditsNumber'>>`
    select ${columns}, ${money(sql`i.goods_minor`)} as goods, ${money(sql`i.shipping_minor`)} as shipping,
      ${money(sql`i.vat_minor`)} as vat,
      (select o.number from invoices o where o.tenant_id = i.tenant_id and o.id = i.credits_invoice_id) as "creditsNumber"
    from invoices i cross join ${today}
    join suppliers s on s.tenant_id = i.tenant_id and s.id = i.supplier_id
    where i.tenant_id = ${tx.tenantId} and i.id = ${id}
  `.execute(tx)
  const row = rows[0]
  if (!row) return undefined
  return {
    ...row,
    lines: await readLines(tx, id),
    purchaseOrders: await readPurchaseOrders(tx, id),
    payments: await readPayments(tx, id),
    creditNotes: await readCreditNotes(tx, id),
    ledger: await readLedger(tx, id),
  }
}

async function readLines(tx: Tx, id: string): Promise<InvoiceView['lines']> {
  const { rows } = await sql<InvoiceView['lines'][number]>`
    select l.id, p.number as "purchaseOrderNumber", l.text, l.purchase_order_line_id is null as "isShipping", l.quantity,
      ${money(sql`l.unit_minor`)} as unit, ${money(sql`l.net_minor`)} as net, l.vat_rate_basis_points as "vatRateBasisPoints",
      ${money(sql`l.vat_minor`)} as vat
    from invoice_lines l
    join invoices i on i.tenant_id = l.tenant_id and i.id = l.invoice_id
    join purchase_orders p on p.tenant_id = l.tenant_id and p.id = l.purchase_order_id
    where l.tenant_id = ${tx.tenantId} and l.invoice_id = ${id}
    order by p.number, l.position, l.id
  `.execute(tx)
  return rows
}

async function readPurchaseOrders(tx: Tx, id: string): Promise<InvoiceView['purchaseOrders']> {
  const { rows } = await sql<InvoiceView['purchaseOrders'][number]>`
    select p.id, p.number, p.order_id as "orderId", o.marketplace_order_id as "marketplaceOrderId", p.state
    from purchase_orders p join orders o on o.tenant_id = p.tenant_id and o.id = p.order_id
    where p.tenant_id = ${tx.tenantId} and p.id in (
      select purchase_order_id from invoice_lines where tenant_id = ${tx.tenantId} and invoice_id = ${id}
    )
    order by p.number
  `.execute(tx)
  return rows
}

async function readPayments(tx: Tx, id: string): Promise<InvoiceView['payments']> {
  const { rows } = await sql<InvoiceView['payments'][number]>`
    select id, ${money(sql`amount_minor`)} as amount, paid_on::text as "paidOn", method, reference, entered_by as "enteredBy"
    from payments i where tenant_id = ${tx.tenantId} and invoice_id = ${id} order by created_at, id
  `.execute(tx)
  return rows
}

async function readCreditNotes(tx: Tx, id: string): Promise<InvoiceView['creditNotes']> {
  const { rows } = await sql<InvoiceView['creditNotes'][number]>`
    select i.id, i.number, ${money(sql`i.total_minor`)} as total, (i.issued_at at time zone d.time_zone)::date::text as "issuedOn"
    from invoices i cross join ${today} where i.tenant_id = ${tx.tenantId} and i.credits_invoice_id = ${id} order by i.number
  `.execute(tx)
  return rows
}

/** Of itself, its credit notes and its payments. */
async function readLedger(tx: Tx, id: string): Promise<InvoiceView['ledger']> {
  const { rows } = await sql<InvoiceView['ledger'][number]>`
    with booked as (
      select id as transaction_id, number as text from invoices where tenant_id = ${tx.tenantId} and (id = ${id} or credits_invoice_id = ${id})
      union all
      select id, 'Payment' from payments where tenant_id = ${tx.tenantId} and invoice_id = ${id}
    )
    select i.id, i.at, i.account, ${money(sql`i.debit_minor`)} as debit, ${money(sql`i.credit_minor`)} as credit, b.text
    from booked b join ledger_entries i on i.tenant_id = ${tx.tenantId} and i.transaction_id = b.transaction_id
    order by i.at, i.transaction_id, i.id
  `.execute(tx)
  return rows
}

export async function readTermsAndCredit(tx: Tx, supplierId: string): Promise<SupplierTerms | undefined> {
  const { rows } = await sql<{
    terms: SupplierTerms['terms']
    limit: number | null
    owed: number
    currency: string
    waiting: number
  }>`
    select s.terms, s.credit_limit_minor as limit, s.currency,
      coalesce((
        select sum(greatest(0, ${owed})) from invoices i
        where i.tenant_id = s.tenant_id and i.supplier_id = s.id and i.currency = s.currency and i.kind = 'invoice'
          and i.state in ('draft', 'unpaid', 'part-paid')
      ), 0)::bigint as owed,
      (select count(*)::int from purchase_orders p
        where p.tenant_id = s.tenant_id and p.supplier_id = s.id and p.state = 'queued-for-payment') as waiting
    from suppliers s where s.tenant_id = ${tx.tenantId} and s.id = ${supplierId}
  `.execute(tx)
  const row = rows[0]
  if (!row) return undefined
  const { terms, limit, currency, waiting } = row
  if (limit === null || terms === 'prepaid') return { terms, creditLimit: null, creditLeft: null, waiting }
  const creditLeft = { minor: Math.max(0, limit - row.owed), currency }
  return { terms, creditLimit: { minor: limit, currency }, creditLeft, waiting }
}

export async function readParties(tx: Tx, supplierId: string): Promise<InvoiceParties> {
  const { rows } = await sql<InvoiceParties>`
    select t.name as "businessName", s.name as "supplierName", s.postal_address as "postalAddress", s.vat_number as "vatNumber"
    from suppliers s join tenants t on t.id = s.tenant_id where s.tenant_id = ${tx.tenantId} and s.id = ${supplierId}
  `.execute(tx)
  const parties = rows[0]
  if (!parties) throw new Error('An invoice has a supplier.')
  return parties
}
