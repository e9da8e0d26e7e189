// Purchase orders on their way out (D5): the supplier's screen shows them as soon as they are sent; every other way is an
// effect under the key <number>/<revision>.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'

/** Their payment gate is open. */
export async function sendPurchaseOrders(tx: Tx, purchaseOrderIds: string[]): Promise<void> {
  if (purchaseOrderIds.length === 0) return
  await sql`
    update purchase_orders set state = 'sent', sent_at = app_now()
    where tenant_id = ${tx.tenantId} and id = any(${purchaseOrderIds}::uuid[])
  `.execute(tx)
}

/** Something of them is other than what went out (units cut, all cancelled, another address): the supplier is told, once a revision. */
export async function tellChanged(tx: Tx, purchaseOrderIds: string[]): Promise<void> {
  if (purchaseOrderIds.length === 0) return
  await sql`
    update purchase_orders set revision = revision + 1
    where tenant_id = ${tx.tenantId} and id = any(${purchaseOrderIds}::uuid[]) and sent_at is not null
  `.execute(tx)
}
