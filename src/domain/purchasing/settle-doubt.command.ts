// A person has asked the supplier: it arrived, or it is to be sent again. Also for what the supplier refused.
import { sql } from 'kysely'
import type { Database } from '../../platform/database.ts'
import { recordAudit } from '../channels/audit.store.ts'
import type { OrderWay } from '../catalog/supplier-connection.ts'
import { addOrderEvents } from '../orders/order-events.store.ts'
import { closeProblems } from '../problems/problems.store.ts'
import { problemKeys } from './sending.store.ts'

export type SettleDoubt = { purchaseOrderId: string; said: 'arrived' | 'send-again'; actor: string }

export type SettleDoubtResult = { kind: 'done' } | { kind: 'refused'; reason: 'not-found' | 'not-in-doubt' }

type Doubt = { effectId: string; revision: number; way: OrderWay }

type Order = { orderId: string; number: string; supplier: string }

export function settleDoubt(db: Database, tenantId: string, wanted: SettleDoubt): Promise<SettleDoubtResult> {
  return db.tenant(tenantId).transaction(async (tx) => {
    const { purchaseOrderId, said, actor } = wanted
    const found = await sql<Order>`
      select p.order_id as "orderId", p.number, s.name as supplier
      from purchase_orders p join suppliers s on s.tenant_id = p.tenant_id and s.id = p.supplier_id
      where p.tenant_id = ${tenantId} and p.id = ${purchaseOrderId} for no key update of p
    `.execute(tx)
    const order = found.rows[0]
    if (!order) return { kind: 'refused', reason: 'not-found' }
    // Raising the fence shuts out a worker who is just looking it up.
    const settled = await sql<Doubt>`
      update effects set fence = fence + 1, next_try_at = null, refusal = null,
        state = ${said === 'arrived' ? 'applied' : 'intended'},
        settled_at = ${said === 'arrived' ? sql`app_now()` : null},
        data = (data - 'asksPerson') || case when state = 'unknown' then '{"mayHaveArrived": true}'::jsonb else '{}'::jsonb end
      where tenant_id = ${tenantId} and subject_id = ${purchaseOrderId} and kind = 'send-purchase-order'
        and (state = 'unknown' or state = 'rejected' and ${said === 'send-again'})
      returning id as "effectId", (data->>'revision')::int as revision, coalesce(data->>'way', 'email') as way
    `.execute(tx)
    if (settled.rows.length === 0) return { kind: 'refused', reason: 'not-in-doubt' }
    await sql`
      update purchase_orders set
        state = case when state <> 'in-doubt' then state when ${said === 'arrived'} or sent_at is not null then 'sent' else 'to-send' end,
        sent_at = case when ${said === 'arrived'} then coalesce(sent_at, app_now()) else sent_at end
      where tenant_id = ${tenantId} and id = ${purchaseOrderId}
    `.execute(tx)
    for (const { effectId, revision, way } of settled.rows) {
      const about = { number: order.number, revision, supplier: order.supplier }
      await addOrderEvents(
        tx,
        [
          said === 'arrived'
            ? { orderId: order.orderId, kind: 'purchase-order-arrived', data: { ...about, way, said: 'person' } }
            : { orderId: order.orderId, kind: 'purchase-order-sent-again', data: about },
        ],
        actor,
      )
      await closeProblems(tx, problemKeys(effectId))
    }
    await recordAudit(tx, { actor, action: 'settle-doubt', subject: purchaseOrderId, data: { said } })
    await tx.enqueue('send-purchase-orders', {}, { key: tenantId })
    await tx.notify('orders', { id: order.orderId })
    return { kind: 'done' }
  })
}
