// Stops what has not left (D9): the stock goes back once, purchase orders are cancelled. What has left stays as it is.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { cancelPurchaseOrders } from '../purchasing/purchase-orders.store.ts'
import { release } from '../stock/reservations.store.ts'
import { addOrderEvents, fairlead, type NewOrderEvent } from './order-events.store.ts'
import type { PlacedLine } from './order-events.ts'
import type { ComponentState } from './order.ts'

export type StopExtent =
  /** The order is called off: nothing more is to leave. */
  | 'all-not-left'
  /** It left without us: what is not at a supplier is not needed any more; what is there, a person settles with him. */
  | 'not-at-supplier'

const statesStopped: Record<StopExtent, ComponentState[]> = {
  'all-not-left': ['held', 'reserved', 'routed'],
  'not-at-supplier': ['held', 'reserved'],
}

/** The orders must be locked. Stopping twice is stopping once. */
export async function stopOrders(tx: Tx, orderIds: string[], extent: StopExtent): Promise<void> {
  if (orderIds.length === 0) return
  const stopped = await cancelComponents(tx, orderIds, statesStopped[extent])
  const released = await release(
    tx,
    stopped.map((component) => component.id),
  )
  const cancelled = extent === 'all-not-left' ? await cancelPurchaseOrders(tx, orderIds) : []
  const suppliers = await supplierNames(
    tx,
    released.map((row) => row.offerId),
  )

  const byId = new Map(stopped.map((component) => [component.id, component]))
  const lines = Map.groupBy(released, (row) => byId.get(row.componentId)?.orderId ?? '')
  const events: NewOrderEvent[] = []
  for (const [orderId, rows] of lines) {
    const given = rows.map(({ componentId, quantity, offerId }): PlacedLine => {
      return { sku: byId.get(componentId)?.sku ?? '', quantity, supplier: suppliers.get(offerId) ?? '' }
    })
    events.push({ orderId, kind: 'stock-released', data: { lines: given } })
  }
  for (const { orderId, number, supplier } of cancelled) {
    events.push({ orderId, kind: 'purchase-order-cancelled', data: { number, supplier } })
  }
  await addOrderEvents(tx, events, fairlead)
  // What was given back may be what another order waits for.
  if (released.length > 0) await tx.enqueue('route-waiting', {}, { key: tx.tenantId })
}

async function cancelComponents(tx: Tx, orderIds: string[], states: ComponentState[]) {
  const { rows } = await sql<{ id: string; orderId: string; sku: string }>`
    update order_line_components c set state = 'cancelled', hold_reason = null
    from variants v
    where c.tenant_id = ${tx.tenantId} and c.order_id = any(${orderIds}::uuid[]) and c.state = any(${states}::text[])
      and v.tenant_id = c.tenant_id and v.id = c.variant_id
    returning c.id, c.order_id as "orderId", v.sku
  `.execute(tx)
  return rows
}

async function supplierNames(tx: Tx, offerIds: string[]): Promise<Map<string, string>> {
  if (offerIds.length === 0) return new Map()
  const { rows } = await sql<{ id: string; name: string }>`
    select o.id, s.name from supplier_offers o join suppliers s on s.tenant_id = o.tenant_id and s.id = o.supplier_id
    where o.tenant_id = ${tx.tenantId} and o.id = any(${[...new Set(offerIds)]}::uuid[])
  `.execute(tx)
  return new Map(rows.map((row) => [row.id, row.name]))
}
