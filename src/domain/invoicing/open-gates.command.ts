// Purchase orders that wait for payment go on: their invoice is paid, or credit is free again, oldest first (D8).
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { addOrderEvents, fairlead } from '../orders/order-events.store.ts'
import { lockOrders, settleStatuses } from '../orders/orders.store.ts'
import { sendPurchaseOrders } from '../purchasing/send-purchase-orders.store.ts'
import { outstandingOf, readWaiting, type WaitingOrder } from './gates.store.ts'
import { decideGates, type Terms } from './invoice.ts'
import { lockSuppliers } from './invoices.store.ts'
import { tellWaiting } from './waiting-problems.store.ts'

/** Orders sent on in one transaction. */
export const ordersMax = 200

/** Within one supplier there may be more waiting than this; then the job comes again. */
const waitingMax = 20_000

/** 'more': not all that may go has gone. */
export async function openGates(tx: Tx, supplierIds: string[]): Promise<'done' | 'more'> {
  const likely = await decide(tx, supplierIds)
  if (likely.length === 0) return 'done'
  const orderIds = [...new Set(likely.map((waiting) => waiting.orderId))].slice(0, ordersMax)
  await lockOrders(tx, orderIds)
  await lockSuppliers(tx, supplierIds)
  return openLocked(tx, supplierIds, new Set(orderIds))
}

/** Orders and suppliers are locked. Nothing goes on of an order that is not. */
export async function openLocked(tx: Tx, supplierIds: string[], orderIds: Set<string>): Promise<'done' | 'more'> {
  const free = await decide(tx, supplierIds)
  const going = free.filter((waiting) => orderIds.has(waiting.orderId))
  if (going.length > 0) {
    const ids = going.map((waiting) => waiting.purchaseOrderId)
    await sql`
      update purchase_orders set state = 'to-send', payment_gate = 'open', gate_reason = null
      where tenant_id = ${tx.tenantId} and id = any(${ids}::uuid[])
    `.execute(tx)
    await sendPurchaseOrders(tx, ids)
    await addOrderEvents(
      tx,
      going.map(({ orderId, number, supplierName, isPaid }) => ({
        orderId,
        kind: 'purchase-order-released' as const,
        data: { number, supplier: supplierName, because: isPaid ? ('paid' as const) : ('credit' as const) },
      })),
      fairlead,
    )
    await settleStatuses(tx, [...new Set(going.map((waiting) => waiting.orderId))])
    await tx.notify('orders')
  }
  await tellWaiting(tx, supplierIds)
  return going.length < free.length ? 'more' : 'done'
}

type Free = WaitingOrder & { supplierName: string }

/** Which of those that wait may go now, by the terms as they are now. */
async function decide(tx: Tx, supplierIds: string[]): Promise<Free[]> {
  const waiting = await readWaiting(tx, supplierIds, waitingMax)
  if (waiting.length === 0) return []
  const owed = await outstandingOf(tx, supplierIds)
  const suppliers = await readTerms(tx, supplierIds)
  const groups = Map.groupBy(waiting, (order) => `${order.supplierId} ${order.currency}`)
  return [...groups.values()].flatMap((group): Free[] => {
    const supplier = suppliers.get(group[0]?.supplierId ?? '')
    if (!supplier) return []
    const isOwnCurrency = group[0]?.currency === supplier.currency
    const waitsFor = group.reduce((sum, order) => sum + order.dueMinor, 0)
    const answers = decideGates(
      { terms: supplier.terms, creditLimitMinor: isOwnCurrency ? supplier.creditLimitMinor : null },
      Math.max(0, (owed.get(supplier.id) ?? 0) - (isOwnCurrency ? waitsFor : 0)),
      group,
    )
    const open = new Set(answers.filter(({ gate }) => gate === 'open').map(({ purchaseOrderId }) => purchaseOrderId))
    return group
      .filter((order) => open.has(order.purchaseOrderId))
      .map((order) => ({ ...order, supplierName: supplier.name }))
  })
}

type SupplierTerms = { id: string; name: string; currency: string; terms: Terms; creditLimitMinor: number | null }

async function readTerms(tx: Tx, supplierIds: string[]): Promise<Map<string, SupplierTerms>> {
  const { rows } = await sql<SupplierTerms>`
    select id, name, currency, terms, credit_limit_minor as "creditLimitMinor"
    from suppliers where tenant_id = ${tx.tenantId} and id = any(${supplierIds}::uuid[])
  `.execute(tx)
  return new Map(rows.map((row) => [row.id, row]))
}
