// A supplier says he will send what was ordered from him, with his own reference where he has one (G3).
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { addOrderEvents } from '../orders/order-events.store.ts'
import { lockOrders } from '../orders/orders.store.ts'
import { shownAs } from './desk-orders.ts'
import type { PurchaseOrderState } from './purchase-order.ts'

export type Acceptance = { purchaseOrderId: string; reference: string | null }

export type AcceptResult = {
  purchaseOrderId: string
  result: 'accepted' | 'accepted-before' | 'not-found' | 'cancelled'
}

/** Accepting twice is accepting once; a reference given later is kept. */
export async function acceptPurchaseOrders(
  tx: Tx,
  acceptances: Acceptance[],
  by: { supplierId: string; actor: string },
): Promise<AcceptResult[]> {
  const wanted = new Map(acceptances.map((acceptance) => [acceptance.purchaseOrderId, acceptance]))
  const found = await lockOwn(tx, [...wanted.keys()], by.supplierId)
  const open = found.filter(({ state }) => shownAs[state] === 'to-do')
  await saveAccepted(
    tx,
    found
      .filter(({ state }) => shownAs[state] !== null && state !== 'cancelled')
      .map(({ id }) => ({ id, reference: wanted.get(id)?.reference ?? null })),
  )
  await proveArrived(
    tx,
    open.filter(({ state }) => state === 'in-doubt').map(({ id }) => id),
  )
  const events = open.map(({ orderId, number, supplier }) => ({
    orderId,
    kind: 'purchase-order-accepted' as const,
    data: { number, supplier },
  }))
  await addOrderEvents(tx, events, by.actor)
  for (const orderId of new Set(open.map((row) => row.orderId))) await tx.notify('orders', { id: orderId })
  const states = new Map(found.map((row) => [row.id, row.state]))
  return [...wanted.keys()].map((purchaseOrderId) => ({
    purchaseOrderId,
    result: resultOf(states.get(purchaseOrderId)),
  }))
}

function resultOf(before: PurchaseOrderState | undefined): AcceptResult['result'] {
  const shown = before === undefined ? null : shownAs[before]
  if (shown === null) return 'not-found'
  if (shown === 'to-do') return 'accepted'
  return shown === 'cancelled' ? 'cancelled' : 'accepted-before'
}

type Own = { id: string; orderId: string; number: string; supplier: string; state: PurchaseOrderState }

/** Their orders are locked first, then read: a cancellation meanwhile is seen. */
async function lockOwn(tx: Tx, ids: string[], supplierId: string): Promise<Own[]> {
  const { rows: orders } = await sql<{ orderId: string }>`
    select distinct order_id as "orderId" from purchase_orders
    where tenant_id = ${tx.tenantId} and id = any(${ids}::uuid[]) and supplier_id = ${supplierId}
  `.execute(tx)
  await lockOrders(
    tx,
    orders.map((row) => row.orderId),
  )
  const { rows } = await sql<Own>`
    select p.id, p.order_id as "orderId", p.number, s.name as supplier, p.state
    from purchase_orders p join suppliers s on s.tenant_id = p.tenant_id and s.id = p.supplier_id
    where p.tenant_id = ${tx.tenantId} and p.id = any(${ids}::uuid[]) and p.supplier_id = ${supplierId}
      and (p.state <> 'cancelled' or p.sent_at is not null)
    order by p.id
  `.execute(tx)
  return rows
}

async function saveAccepted(tx: Tx, accepted: { id: string; reference: string | null }[]): Promise<void> {
  if (accepted.length === 0) return
  const ids = accepted.map(({ id }) => id)
  await sql`
    update purchase_orders p set
      state = case when p.state in ('sent', 'in-doubt') then 'accepted' else p.state end,
      accepted_at = coalesce(p.accepted_at, app_now()), sent_at = coalesce(p.sent_at, app_now()),
      supplier_reference = coalesce(t.reference, p.supplier_reference)
    from unnest(${ids}::uuid[], ${accepted.map(({ reference }) => reference)}::text[]) as t (id, reference)
    where p.tenant_id = ${tx.tenantId} and p.id = t.id
  `.execute(tx)
}

/** Who accepts it has it: what was in doubt is looked at again, and found settled, without asking a person. */
async function proveArrived(tx: Tx, ids: string[]): Promise<void> {
  if (ids.length === 0) return
  await sql`
    update effects set next_try_at = app_now(), data = data - 'asksPerson'
    where tenant_id = ${tx.tenantId} and subject_id = any(${ids}::uuid[]) and kind = 'send-purchase-order' and state = 'unknown'
  `.execute(tx)
  await tx.enqueue('send-purchase-orders', {}, { key: tx.tenantId })
}
