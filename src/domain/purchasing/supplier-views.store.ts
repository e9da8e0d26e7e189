import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'

export type SupplierRow = {
  id: string
  name: string
  ownStock: boolean
  preference: number
  currency: string
  active: boolean
  leadTimeDays: number | null
  offers: number
  openPurchaseOrders: number
  lastFileAt: Date | null
  heldFiles: number
}

/** In the order they are asked. */
export function listSuppliers(tx: Tx): Promise<SupplierRow[]> {
  return loadRows(tx, null)
}

export async function loadSupplier(tx: Tx, supplierId: string): Promise<SupplierRow | undefined> {
  const [row] = await loadRows(tx, supplierId)
  return row
}

async function loadRows(tx: Tx, supplierId: string | null): Promise<SupplierRow[]> {
  const { rows } = await sql<SupplierRow>`
    select supplier.id, supplier.name, supplier.own_stock as "ownStock", supplier.preference, supplier.currency, supplier.active,
      supplier.lead_time_days as "leadTimeDays",
      (select count(*)::int from supplier_offers where tenant_id = ${tx.tenantId} and supplier_id = supplier.id) as offers,
      (select count(*)::int from purchase_orders where tenant_id = ${tx.tenantId} and supplier_id = supplier.id
        and state in ('queued-for-payment', 'sent', 'in-doubt', 'partly-dispatched')) as "openPurchaseOrders",
      (select max(finished_at) from file_imports where tenant_id = ${tx.tenantId} and supplier_id = supplier.id
        and kind = 'supplier-stock' and state = 'applied') as "lastFileAt",
      (select count(*)::int from file_imports where tenant_id = ${tx.tenantId} and supplier_id = supplier.id
        and kind = 'supplier-stock' and state = 'held') as "heldFiles"
    from suppliers supplier
    where supplier.tenant_id = ${tx.tenantId} and (${supplierId}::uuid is null or supplier.id = ${supplierId}::uuid)
    order by supplier.preference, lower(supplier.name), supplier.id
  `.execute(tx)
  return rows
}
