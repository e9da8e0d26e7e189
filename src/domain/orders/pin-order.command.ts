import type { Tx } from '../../platform/database.ts'
import { addOrderEvents } from './order-events.store.ts'

export type PinResult = { kind: 'saved' } | { kind: 'refused'; reason: 'not-found' | 'mapped' }

/** D3: a pinned order is kept although no line of it is mapped. */
export async function pinOrder(tx: Tx, wish: { orderId: string; pinned: boolean; actor: string }): Promise<PinResult> {
  const order = await tx
    .selectFrom('orders')
    .select(['unmapped', 'pinned'])
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', wish.orderId)
    .forNoKeyUpdate()
    .executeTakeFirst()
  if (!order) return { kind: 'refused', reason: 'not-found' }
  if (order.pinned === wish.pinned) return { kind: 'saved' }
  if (wish.pinned && !order.unmapped) return { kind: 'refused', reason: 'mapped' }
  await tx
    .updateTable('orders')
    .set({ pinned: wish.pinned })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', wish.orderId)
    .execute()
  await addOrderEvents(tx, [{ orderId: wish.orderId, kind: 'pinned', data: { pinned: wish.pinned } }], wish.actor)
  await tx.notify('orders', { id: wish.orderId })
  return { kind: 'saved' }
}
