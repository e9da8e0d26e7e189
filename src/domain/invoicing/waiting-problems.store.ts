// What waits for payment, and what is overdue, as one problem a supplier: settled from the tables, so it can be done at any time.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { closeProblems, openProblems } from '../problems/problems.store.ts'

/** Opens, renews or closes "purchase orders wait for payment" of these suppliers. */
export async function tellWaiting(tx: Tx, supplierIds: string[]): Promise<void> {
  if (supplierIds.length === 0) return
  const { rows } = await sql<{ supplierId: string; count: number; isPrepaid: boolean }>`
    select s.id as "supplierId", s.terms = 'prepaid' as "isPrepaid", (
      select count(*)::int from purchase_orders p
      where p.tenant_id = s.tenant_id and p.supplier_id = s.id and p.state = 'queued-for-payment'
    ) as count
    from suppliers s where s.tenant_id = ${tx.tenantId} and s.id = any(${supplierIds}::uuid[]) order by s.id
  `.execute(tx)
  const key = (supplierId: string) => `waiting-for-payment/${supplierId}`
  await openProblems(
    tx,
    rows
      .filter((row) => row.count > 0)
      .map(({ supplierId, count, isPrepaid }) => ({
        key: key(supplierId),
        kind: 'waiting-for-payment',
        supplierId,
        data: { count, isPrepaid },
      })),
  )
  await closeProblems(
    tx,
    rows.filter((row) => row.count === 0).map((row) => key(row.supplierId)),
  )
}

/** The same for invoices past their day, of all suppliers. */
export async function tellOverdue(tx: Tx): Promise<void> {
  const { rows } = await sql<{ supplierId: string; count: number; minor: number; currency: string; since: string }>`
    select i.supplier_id as "supplierId", i.currency, count(*)::int as count, min(i.due_on)::text as since,
      sum(i.total_minor - i.paid_minor - i.credited_minor)::bigint as minor
    from invoices i
    where i.tenant_id = ${tx.tenantId} and i.state in ('unpaid', 'part-paid') and i.kind = 'invoice'
      and i.due_on < (select (app_now() at time zone time_zone)::date from tenants where id = ${tx.tenantId})
    group by i.supplier_id, i.currency
    order by i.supplier_id, i.currency
  `.execute(tx)
  const key = (row: { supplierId: string; currency: string }) => `invoices-overdue/${row.supplierId}/${row.currency}`
  await openProblems(
    tx,
    rows.map((row) => ({
      key: key(row),
      kind: 'invoices-overdue',
      supplierId: row.supplierId,
      data: { count: row.count, minor: row.minor, currency: row.currency, since: row.since },
    })),
  )
  const open = await sql<{ key: string }>`
    select key from problems where tenant_id = ${tx.tenantId} and kind = 'invoices-overdue' and closed_at is null
  `.execute(tx)
  const still = new Set(rows.map(key))
  await closeProblems(
    tx,
    open.rows.map((row) => row.key).filter((each) => !still.has(each)),
  )
}
