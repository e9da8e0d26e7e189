// What time does to invoices: drafts of a day that is over are issued, what waited for credit goes on, and what is overdue is told.
import { sql } from 'kysely'
import type { Database, Tx } from '../../platform/database.ts'
import { stateOf, type Totals } from './invoice.ts'
import { takeNumbers } from './invoices.store.ts'
import { book, invoiceBooking } from './ledger.store.ts'
import { openGates } from './open-gates.command.ts'
import { tellOverdue, tellWaiting } from './waiting-problems.store.ts'

/** Drafts issued in one transaction. */
const batchMax = 200

export async function settleInvoices(db: Database, tenantId: string): Promise<'done' | 'more'> {
  const tenant = db.tenant(tenantId)
  const issued = await tenant.transaction((tx) => issueDays(tx))
  const supplierIds = await db.read(tenantId, readSuppliersWaitedFor)
  let rest: 'done' | 'more' = issued === batchMax ? 'more' : 'done'
  // One supplier a transaction, so that nobody waits for another's orders.
  for (const supplierId of supplierIds) {
    const opened = await tenant.transaction(async (tx) => {
      const answer = await openGates(tx, [supplierId])
      await tellWaiting(tx, [supplierId])
      return answer
    })
    if (opened === 'more') rest = 'more'
  }
  await tenant.transaction(tellOverdue)
  return rest
}

type Draft = Totals & { id: string; supplierId: string; currency: string; dueOn: string }

/** In the business's time zone. A draft that takes in more at this moment is waited for, or has become another's day. */
export async function issueDays(tx: Tx): Promise<number> {
  const { rows } = await sql<Draft>`
    select i.id, i.supplier_id as "supplierId", i.currency, i.goods_minor as "goodsMinor", i.shipping_minor as "shippingMinor",
      i.vat_minor as "vatMinor", i.total_minor as "totalMinor", (d.today + s.payment_days)::text as "dueOn"
    from invoices i
    join suppliers s on s.tenant_id = i.tenant_id and s.id = i.supplier_id
    cross join (select (app_now() at time zone time_zone)::date as today from tenants where id = ${tx.tenantId}) d
    where i.tenant_id = ${tx.tenantId} and i.state = 'draft' and i.for_day < d.today
    order by i.id limit ${batchMax}
    for no key update of i
  `.execute(tx)
  if (rows.length === 0) return 0
  const numbers = await takeNumbers(tx, 'invoice', rows.length)
  await sql`
    update invoices i set number = t.number, state = t.state, due_on = t.due_on, issued_at = app_now()
    from unnest(${rows.map((row) => row.id)}::uuid[], ${numbers}::text[],
      ${rows.map((row) => stateOf({ totalMinor: row.totalMinor, paidMinor: 0, creditedMinor: 0 }))}::text[],
      ${rows.map((row) => row.dueOn)}::date[]) as t (id, number, state, due_on)
    where i.tenant_id = ${tx.tenantId} and i.id = t.id
  `.execute(tx)
  await book(tx, rows.map(invoiceBooking))
  await tx.notify('invoices')
  return rows.length
}

async function readSuppliersWaitedFor(tx: Tx): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct supplier_id as id from purchase_orders
    where tenant_id = ${tx.tenantId} and state = 'queued-for-payment' order by 1
  `.execute(tx)
  return rows.map((row) => row.id)
}
