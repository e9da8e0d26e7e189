// Purchase orders on their way out (D5): the supplier's screen shows them as soon as they are sent; every other way is an
// effect under the key <number>/<revision>, written with what caused it.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { OrderWay } from '../catalog/supplier-connection.ts'
import { sendKey } from './sending.ts'

/** They were written before, and their payment gate is open now. */
export async function sendPurchaseOrders(tx: Tx, purchaseOrderIds: string[]): Promise<void> {
  if (purchaseOrderIds.length === 0) return
  const { rows } = await sql<Outgoing & { way: OrderWay }>`
    update purchase_orders p set order_way = s.order_way,
      state = case s.order_way when 'screen' then 'sent' else 'to-send' end,
      sent_at = case s.order_way when 'screen' then app_now() end
    from suppliers s
    where p.tenant_id = ${tx.tenantId} and p.id = any(${purchaseOrderIds}::uuid[])
      and p.state in ('queued-for-payment', 'to-send') and p.sent_at is null
      and s.tenant_id = p.tenant_id and s.id = p.supplier_id
    returning p.id, p.number, p.revision, p.supplier_id as "supplierId", s.order_way as way, false as "isCancelled"
  `.execute(tx)
  await writeSendings(
    tx,
    rows.filter(({ way }) => way !== 'screen'),
  )
}

/** Something of them is other than what went out (units cut, all cancelled, another address): the supplier is told, once a revision. */
export async function tellChanged(tx: Tx, purchaseOrderIds: string[]): Promise<void> {
  if (purchaseOrderIds.length === 0) return
  // Who sends takes the row before he claims: behind this lock it is certain whether something may have gone out.
  await sql`
    select from purchase_orders where tenant_id = ${tx.tenantId} and id = any(${purchaseOrderIds}::uuid[])
    order by id for no key update
  `.execute(tx)
  const { rows } = await sql<Outgoing & { wentAnotherWay: boolean }>`
    update purchase_orders p set revision = p.revision + 1
    where p.tenant_id = ${tx.tenantId} and p.id = any(${purchaseOrderIds}::uuid[])
      and (p.sent_at is not null or exists (
        select from effects e where e.tenant_id = p.tenant_id and e.subject_id = p.id and e.kind = 'send-purchase-order'
          and (e.state in ('in-flight', 'unknown', 'applied') or e.data ? 'mayHaveArrived')
      ))
      and not (p.state = 'cancelled' and exists (
        select from effects e where e.tenant_id = p.tenant_id and e.subject_id = p.id and e.kind = 'send-purchase-order'
          and e.data ? 'tellsCancelled'
      ))
    returning p.id, p.number, p.revision, p.supplier_id as "supplierId", p.state = 'cancelled' as "isCancelled",
      p.order_way <> 'screen' as "wentAnotherWay"
  `.execute(tx)
  await writeSendings(
    tx,
    rows.filter(({ wentAnotherWay }) => wentAnotherWay),
  )
}

type Outgoing = { id: string; number: string; revision: number; supplierId: string; isCancelled: boolean }

/** In the same transaction: a crash cannot leave a purchase order that nobody sends. */
export async function writeSendings(tx: Tx, outgoing: Outgoing[]): Promise<void> {
  if (outgoing.length === 0) return
  await tx
    .insertInto('effects')
    .values(
      outgoing.map(({ id, number, revision, supplierId, isCancelled }) => ({
        tenant_id: tx.tenantId,
        id: tx.ids.uuid(),
        kind: 'send-purchase-order',
        business_key: sendKey(number, revision),
        subject_id: id,
        supplier_id: supplierId,
        data: JSON.stringify({ revision, ...(isCancelled ? { tellsCancelled: true } : {}) }),
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await tx.enqueue('send-purchase-orders', {}, { key: tx.tenantId })
}
