// Buyer data goes some days after an order is over (X3): contact, the marketplace's own text, the hashes of the buyer's
// words, and what was refused of tracking files that long ago. What was ordered, sent and paid stays.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { addOrderEvents, fairlead } from './order-events.store.ts'
import { forgetBuyerTerms } from './order-terms.store.ts'

/** Orders in one transaction. */
const batchMax = 500

export async function forgetBuyers(tx: Tx): Promise<{ more: boolean }> {
  const { rows } = await sql<{ id: string; days: number }>`
    select o.id, t.buyer_data_days as days
    from orders o join tenants t on t.id = o.tenant_id
    where o.tenant_id = ${tx.tenantId} and o.contact is not null
      and o.closed_at <= app_now() - make_interval(days => t.buyer_data_days)
    order by o.id
    limit ${batchMax}
    for no key update of o
  `.execute(tx)
  const ids = rows.map((row) => row.id)
  if (ids.length > 0) {
    await forgetBuyerTerms(tx, ids)
    await sql`
      update orders set contact = null, address_missing = true where tenant_id = ${tx.tenantId} and id = any(${ids}::uuid[])
    `.execute(tx)
    await sql`delete from order_bodies where tenant_id = ${tx.tenantId} and order_id = any(${ids}::uuid[])`.execute(tx)
    await addOrderEvents(
      tx,
      rows.map(({ id: orderId, days }) => ({ orderId, kind: 'buyer-data-forgotten' as const, data: { days } })),
      fairlead,
    )
  }
  await forgetRefusedRows(tx)
  return { more: ids.length === batchMax }
}

/** A supplier may have put names into his tracking file. */
async function forgetRefusedRows(tx: Tx): Promise<void> {
  await sql`
    update file_import_refusals r set row_text = ''
    from file_imports i, tenants t
    where r.tenant_id = ${tx.tenantId} and i.tenant_id = r.tenant_id and i.id = r.import_id and i.kind = 'tracking'
      and t.id = r.tenant_id and i.started_at <= app_now() - make_interval(days => t.buyer_data_days) and r.row_text <> ''
  `.execute(tx)
}
