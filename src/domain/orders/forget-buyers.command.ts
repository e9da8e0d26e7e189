// Buyer data goes some days after an order is over (X3): contact, the marketplace's own text, the hashes of the buyer's
// words, what others wrote about the order in their own words, and what was refused of tracking files that long ago. What
// was ordered, sent and paid stays.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { OrderEvent } from './order-events.ts'
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
    await forgetWords(tx, ids)
    await addOrderEvents(
      tx,
      rows.map(({ id: orderId, days }) => ({ orderId, kind: 'buyer-data-forgotten' as const, data: { days } })),
      fairlead,
    )
  }
  await forgetTrackingFiles(tx)
  return { more: ids.length === batchMax }
}

/** Whoever answers us in words of his own may have put the buyer into them. */
const toldByOthers = [
  'purchase-order-delayed',
  'purchase-order-refused',
  'purchase-order-unclear',
  'cancel-delayed',
  'cancel-unclear',
  'cancel-rejected',
  'confirmation-delayed',
  'confirmation-unclear',
  'confirmation-rejected',
] satisfies OrderEvent['kind'][]

const forgotten = 'no longer kept'

/** What suppliers and marketplaces said; that they did, and when, stays. */
async function forgetWords(tx: Tx, orderIds: string[]): Promise<void> {
  const { tenantId } = tx
  const ids = sql`any(${orderIds}::uuid[])`
  await sql`
    update effects e set data = e.data - 'reason',
      refusal = case when e.refusal is not null then ${forgotten}::text end
    where e.tenant_id = ${tenantId} and (e.data ? 'reason' or e.refusal is not null) and e.subject_id in (
      select unnest(${orderIds}::uuid[])
      union all select id from purchase_orders where tenant_id = ${tenantId} and order_id = ${ids}
      union all select id from shipments where tenant_id = ${tenantId} and order_id = ${ids}
    )
  `.execute(tx)
  // Before the colon stands which of our reasons he chose, behind it his own words.
  await sql`
    update purchase_orders set cancel_reason = split_part(cancel_reason, ': ', 1)
    where tenant_id = ${tenantId} and order_id = ${ids} and cancelled_by = 'supplier' and cancel_reason like '%: %'
  `.execute(tx)
  await sql`
    update order_events set data = jsonb_set(data, '{reason}', to_jsonb(${forgotten}::text))
    where tenant_id = ${tenantId} and order_id = ${ids} and kind = any(${toldByOthers}::text[])
      and jsonb_typeof(data->'reason') = 'string'
  `.execute(tx)
  await sql`
    update problems set data = jsonb_set(data, '{reason}', to_jsonb(${forgotten}::text))
    where tenant_id = ${tenantId} and order_id = ${ids} and jsonb_typeof(data->'reason') = 'string'
  `.execute(tx)
}

/** A supplier may have put names into his tracking file. Its own name stays: by that it is known not to be read again. */
async function forgetTrackingFiles(tx: Tx): Promise<void> {
  const old = sql`i.kind = 'tracking' and i.started_at <= app_now() - make_interval(days => t.buyer_data_days)`
  await sql`
    update file_import_refusals r set row_text = '', reason = ${forgotten}
    from file_imports i, tenants t
    where r.tenant_id = ${tx.tenantId} and i.tenant_id = r.tenant_id and i.id = r.import_id and t.id = r.tenant_id
      and ${old} and (r.row_text <> '' or r.reason <> ${forgotten})
  `.execute(tx)
  await sql`
    update file_imports i set notes = '[]', failure = case when i.failure is not null then ${forgotten}::text end
    from tenants t
    where i.tenant_id = ${tx.tenantId} and t.id = i.tenant_id and i.state <> 'reading' and ${old}
      and (i.notes <> '[]' or i.failure <> ${forgotten})
  `.execute(tx)
}
