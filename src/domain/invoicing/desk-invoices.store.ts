// A supplier's invoices and credit notes as he sees them at his desk (G3, D8): those that are issued, never drafts.
import { sql, type RawBuilder } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { roughCountMax, type RowPage } from '../listings/paging.ts'
import type { Money } from '../money.ts'

export type DeskInvoiceRow = {
  id: string
  number: string
  kind: 'invoice' | 'credit-note'
  state: 'unpaid' | 'part-paid' | 'paid' | 'credited'
  issuedAt: Date | null
  /** ISO 8601. */
  dueOn: string | null
  total: Money
  paid: Money
  credited: Money
}

export type DeskInvoice = DeskInvoiceRow & {
  goods: Money
  shipping: Money
  vat: Money
  credits: { id: string; number: string } | null
  lines: {
    purchaseOrderId: string
    purchaseOrderNumber: string
    text: string
    quantity: number
    unit: Money
    net: Money
    vatRateBasisPoints: number
    vat: Money
  }[]
  payments: { paidOn: string; amount: Money; method: string; reference: string }[]
}

const idShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export async function listDeskInvoices(
  tx: Tx,
  supplierId: string,
  page: { cursor?: string | undefined; limit: number },
): Promise<RowPage<DeskInvoiceRow>> {
  const mine = issuedTo(tx, supplierId)
  const after = page.cursor !== undefined && idShape.test(page.cursor) ? sql`and i.id < ${page.cursor}::uuid` : sql``
  const rows = await readRows(tx, sql`${mine} ${after}`, page.limit + 1)
  const counted = await sql<{ count: number }>`
    select count(*)::int from (select from invoices i where ${mine} limit ${roughCountMax + 1}) as found
  `.execute(tx)
  const count = counted.rows[0]?.count ?? 0
  const shown = rows.slice(0, page.limit)
  return {
    rows: shown.map(toRow),
    next: rows.length > page.limit ? (shown.at(-1)?.id ?? null) : null,
    count: { value: Math.min(count, roughCountMax), more: count > roughCountMax },
  }
}

export async function readDeskInvoice(tx: Tx, supplierId: string, invoiceId: string): Promise<DeskInvoice | undefined> {
  const [row] = await readRows(tx, sql`${issuedTo(tx, supplierId)} and i.id = ${invoiceId}`, 1)
  if (!row) return undefined
  const money = (minor: number): Money => ({ minor, currency: row.currency })
  return {
    ...toRow(row),
    goods: money(row.goodsMinor),
    shipping: money(row.shippingMinor),
    vat: money(row.vatMinor),
    credits: row.credits,
    lines: (await readLines(tx, invoiceId)).map(({ unitMinor, netMinor, vatMinor, ...line }) => ({
      ...line,
      unit: money(unitMinor),
      net: money(netMinor),
      vat: money(vatMinor),
    })),
    payments: (await readPayments(tx, invoiceId)).map(({ amountMinor, ...payment }) => ({
      ...payment,
      amount: money(amountMinor),
    })),
  }
}

function issuedTo(tx: Tx, supplierId: string): RawBuilder<unknown> {
  return sql`i.tenant_id = ${tx.tenantId} and i.supplier_id = ${supplierId} and i.number is not null`
}

type RawRow = Omit<DeskInvoiceRow, 'total' | 'paid' | 'credited'> & {
  currency: string
  goodsMinor: number
  shippingMinor: number
  vatMinor: number
  totalMinor: number
  paidMinor: number
  creditedMinor: number
  credits: { id: string; number: string } | null
}

async function readRows(tx: Tx, where: RawBuilder<unknown>, limit: number): Promise<RawRow[]> {
  const { rows } = await sql<RawRow>`
    select i.id, i.number, i.kind, i.state, i.issued_at as "issuedAt", to_char(i.due_on, 'YYYY-MM-DD') as "dueOn", i.currency,
      i.goods_minor as "goodsMinor", i.shipping_minor as "shippingMinor", i.vat_minor as "vatMinor",
      i.total_minor as "totalMinor", i.paid_minor as "paidMinor", i.credited_minor as "creditedMinor", (
        select jsonb_build_object('id', c.id, 'number', c.number) from invoices c
        where c.tenant_id = i.tenant_id and c.id = i.credits_invoice_id and c.number is not null
      ) as credits
    from invoices i where ${where} order by i.id desc limit ${limit}
  `.execute(tx)
  return rows
}

function toRow(row: RawRow): DeskInvoiceRow {
  const { id, number, kind, state, issuedAt, dueOn, currency } = row
  return {
    id,
    number,
    kind,
    state,
    issuedAt,
    dueOn,
    total: { minor: row.totalMinor, currency },
    paid: { minor: row.paidMinor, currency },
    credited: { minor: row.creditedMinor, currency },
  }
}

async function readLines(tx: Tx, invoiceId: string) {
  const { rows } = await sql<{
    purchaseOrderId: string
    purchaseOrderNumber: string
    text: string
    quantity: number
    unitMinor: number
    netMinor: number
    vatRateBasisPoints: number
    vatMinor: number
  }>`
    select l.purchase_order_id as "purchaseOrderId", p.number as "purchaseOrderNumber", l.text, l.quantity,
      l.unit_minor as "unitMinor", l.net_minor as "netMinor", l.vat_rate_basis_points as "vatRateBasisPoints",
      l.vat_minor as "vatMinor"
    from invoice_lines l
    join purchase_orders p on p.tenant_id = l.tenant_id and p.id = l.purchase_order_id
    where l.tenant_id = ${tx.tenantId} and l.invoice_id = ${invoiceId}
    order by l.position, l.id
  `.execute(tx)
  return rows
}

async function readPayments(tx: Tx, invoiceId: string) {
  const { rows } = await sql<{ paidOn: string; amountMinor: number; method: string; reference: string }>`
    select to_char(paid_on, 'YYYY-MM-DD') as "paidOn", amount_minor as "amountMinor", method, reference
    from payments where tenant_id = ${tx.tenantId} and invoice_id = ${invoiceId} order by paid_on, id
  `.execute(tx)
  return rows
}
