// A supplier will not send what was ordered from him, or not the rest of it (G3): what left stays, everything else is
// free again and looked for elsewhere.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { takeBackFromSuppliers } from '../orders/cancel-units.command.ts'
import { lockOrders } from '../orders/orders.store.ts'
import { setOnHand } from '../stock/offers.store.ts'
import { declineTexts, meansNoStock, shownAs, type DeclineReason } from './desk-orders.ts'
import type { PurchaseOrderState } from './purchase-order.ts'
import { routeOrders } from './route-orders.command.ts'

export type Decline = {
  purchaseOrderId: string
  supplierId: string
  reason: DeclineReason
  /** In his own words, for the seller. */
  note: string
  actor: string
}

export type DeclineResult =
  | { kind: 'declined'; units: number }
  | { kind: 'refused'; reason: 'not-found' | 'cancelled' | 'nothing-open' }

export async function declinePurchaseOrder(tx: Tx, decline: Decline): Promise<DeclineResult> {
  const found = await lockOwn(tx, decline)
  if (!found || shownAs[found.state] === null) return { kind: 'refused', reason: 'not-found' }
  if (found.state === 'cancelled') return { kind: 'refused', reason: 'cancelled' }
  const { purchaseOrderId, actor } = decline
  const reason = declineTexts[decline.reason]
  const taken = await takeBackFromSuppliers(tx, [purchaseOrderId], { by: 'supplier', reason, actor })
  if (taken.length === 0) return { kind: 'refused', reason: 'nothing-open' }
  await sql`
    update purchase_orders set cancelled_by = 'supplier', cancel_reason = ${[reason, decline.note].filter(Boolean).join(': ')}
    where tenant_id = ${tx.tenantId} and id = ${purchaseOrderId}
  `.execute(tx)
  if (meansNoStock(decline.reason)) await emptyOffers(tx, decline)
  await routeOrders(tx, [found.orderId])
  await tx.notify('orders', { id: found.orderId })
  return { kind: 'declined', units: taken.reduce((sum, units) => sum + units.quantity, 0) }
}

async function lockOwn(tx: Tx, { purchaseOrderId, supplierId }: Decline) {
  const own = sql`tenant_id = ${tx.tenantId} and id = ${purchaseOrderId} and supplier_id = ${supplierId}`
  const { rows: orders } = await sql<{ orderId: string }>`
    select order_id as "orderId" from purchase_orders where ${own}
  `.execute(tx)
  await lockOrders(
    tx,
    orders.map((row) => row.orderId),
  )
  const { rows } = await sql<{ orderId: string; state: PurchaseOrderState }>`
    select order_id as "orderId", state from purchase_orders
    where ${own} and (state <> 'cancelled' or sent_at is not null)
  `.execute(tx)
  return rows[0]
}

/**
 * What he has not got must not be offered on until his next figure says otherwise. What other orders of his still hold
 * stays counted: about these he has said nothing.
 */
async function emptyOffers(tx: Tx, { purchaseOrderId, actor }: Decline): Promise<void> {
  const { rows } = await sql<{ offerId: string; reserved: number; number: string }>`
    select o.id as "offerId", o.reserved, p.number
    from purchase_orders p
    join purchase_order_lines l on l.tenant_id = p.tenant_id and l.purchase_order_id = p.id and l.cancelled_quantity > 0
    join supplier_offers o on o.tenant_id = l.tenant_id and o.id = l.offer_id and o.on_hand > o.reserved
    where p.tenant_id = ${tx.tenantId} and p.id = ${purchaseOrderId}
    order by o.id for no key update of o
  `.execute(tx)
  await setOnHand(
    tx,
    rows.map(({ offerId, reserved, number }) => ({
      offerId,
      onHand: reserved,
      reason: 'hand',
      reference: number,
      actor,
    })),
  )
}
