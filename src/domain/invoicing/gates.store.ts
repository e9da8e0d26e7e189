// What is owed to suppliers for what went, and which purchase orders wait behind it.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'

/** In each supplier's currency: all that is open on his invoices, issued and drafts, also for what waits. Under the lock on him. */
export async function outstandingOf(tx: Tx, supplierIds: string[]): Promise<Map<string, number>> {
  if (supplierIds.length === 0) return new Map()
  const { rows } = await sql<{ supplierId: string; minor: number }>`
    select i.supplier_id as "supplierId", sum(greatest(0, i.total_minor - i.paid_minor - i.credited_minor))::bigint as minor
    from invoices i
    join suppliers s on s.tenant_id = i.tenant_id and s.id = i.supplier_id and s.currency = i.currency
    where i.tenant_id = ${tx.tenantId} and i.supplier_id = any(${supplierIds}::uuid[])
      and i.state in ('draft', 'unpaid', 'part-paid') and i.kind = 'invoice'
    group by i.supplier_id
  `.execute(tx)
  return new Map(rows.map((row) => [row.supplierId, row.minor]))
}

export type WaitingOrder = {
  purchaseOrderId: string
  number: string
  orderId: string
  supplierId: string
  currency: string
  /** What is still to be paid for it. */
  dueMinor: number
  isPaid: boolean
}

/** Oldest first, over these suppliers: who waited longest goes first. */
export async function readWaiting(tx: Tx, supplierIds: string[], limit: number): Promise<WaitingOrder[]> {
  if (supplierIds.length === 0) return []
  const { rows } = await sql<WaitingOrder>`
    select p.id as "purchaseOrderId", p.number, p.order_id as "orderId", p.supplier_id as "supplierId", p.currency,
      least(x.owed, greatest(0, i.total_minor - i.paid_minor - i.credited_minor)) as "dueMinor",
      i.state in ('paid', 'credited') as "isPaid"
    from (
      select p.* from purchase_orders p
      where p.tenant_id = ${tx.tenantId} and p.supplier_id = any(${supplierIds}::uuid[]) and p.state = 'queued-for-payment'
      order by p.id limit ${limit}
    ) p
    join invoices i on i.tenant_id = p.tenant_id and i.id = p.invoice_id
    cross join lateral (
      select coalesce(sum(case when n.kind = 'invoice' then l.net_minor + l.vat_minor else -l.net_minor - l.vat_minor end), 0)::bigint as owed
      from invoice_lines l join invoices n on n.tenant_id = l.tenant_id and n.id = l.invoice_id
      where l.tenant_id = p.tenant_id and l.purchase_order_id = p.id
    ) x
    order by p.id
  `.execute(tx)
  return rows
}
