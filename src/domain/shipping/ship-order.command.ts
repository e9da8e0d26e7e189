// A parcel left a supplier: record it, and ask the engine to tell the marketplace (D7).
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { addOrderEvents } from '../orders/order-events.store.ts'
import { canOrder, type OrderStatus } from '../orders/order.ts'
import { lockOrders, settleStatuses } from '../orders/orders.store.ts'
import { isAtSupplier } from '../purchasing/purchase-order.ts'
import { dispatchReserved } from '../stock/reservations.store.ts'
import { fillParcel, plainTracking, type OpenLine, type ParcelLine, type ParcelRefusal } from './parcel.ts'

export type NewParcel = {
  purchaseOrderId: string
  carrier: string
  /** May be empty only where the buyer picks it up. */
  trackingNumber: string
  shippedAt: Date
  /** Left out: all that is still open on the purchase order. */
  lines?: ParcelLine[]
  actor: string
}

export type ShipOrderResult =
  | { kind: 'dispatched'; orderId: string; shipmentId: string; packageNumber: number }
  /** The same parcel was entered before; nothing was done again. */
  | { kind: 'already-entered'; orderId: string; shipmentId: string }
  | { kind: 'refused'; reason: ParcelRefusal | 'not-found' | 'cancelled' | 'wrong-status' }

export async function shipOrder(tx: Tx, parcel: NewParcel): Promise<ShipOrderResult> {
  const order = await loadForUpdate(tx, parcel.purchaseOrderId)
  if (!order) return { kind: 'refused', reason: 'not-found' }
  const entered = await findSameParcel(tx, order.id, parcel)
  if (entered) return { kind: 'already-entered', orderId: order.id, shipmentId: entered }
  if (order.status === 'cancelled' || order.purchaseOrderState === 'cancelled')
    return { kind: 'refused', reason: 'cancelled' }
  if (!isSent(order.purchaseOrderState)) return { kind: 'refused', reason: 'wrong-status' }
  const filled = fillParcel(await readOpenLines(tx, parcel.purchaseOrderId), parcel.lines)
  if (filled.kind === 'refused') return filled
  if (!canOrder('dispatch', order)) return { kind: 'refused', reason: 'wrong-status' }
  if (parcel.trackingNumber.trim() === '' && !order.localPickup) return { kind: 'refused', reason: 'tracking-missing' }

  const shipment = await saveShipment(tx, order, parcel, filled.lines)
  await dispatchReserved(tx, filled.lines, { reference: shipment.id, actor: parcel.actor })
  await settleParts(tx, parcel.purchaseOrderId, filled.empties)
  const confirms = await askToConfirm(tx, order, parcel, shipment)
  await addOrderEvents(
    tx,
    [dispatchedEvent(order, parcel, filled.lines, shipment.packageNumber, confirms)],
    parcel.actor,
  )
  await settleStatuses(tx, [order.id])
  await tx.notify('orders', { id: order.id })
  return { kind: 'dispatched', orderId: order.id, shipmentId: shipment.id, packageNumber: shipment.packageNumber }
}

type ShippingOrder = {
  id: string
  /** Null: the order was entered by hand. */
  channelId: string | null
  marketplaceOrderId: string
  status: OrderStatus
  localPickup: boolean
  purchaseOrderState: string
  purchaseOrderNumber: string
}

async function loadForUpdate(tx: Tx, purchaseOrderId: string): Promise<ShippingOrder | undefined> {
  const found = await tx
    .selectFrom('purchase_orders')
    .select('order_id')
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', purchaseOrderId)
    .executeTakeFirst()
  if (!found) return undefined
  await lockOrders(tx, [found.order_id])
  const { rows } = await sql<ShippingOrder>`
    select o.id, o.channel_id as "channelId", o.marketplace_order_id as "marketplaceOrderId", o.status, o.local_pickup as "localPickup",
      p.state as "purchaseOrderState", p.number as "purchaseOrderNumber"
    from purchase_orders p join orders o on o.tenant_id = p.tenant_id and o.id = p.order_id
    where p.tenant_id = ${tx.tenantId} and p.id = ${purchaseOrderId}
  `.execute(tx)
  return rows[0]
}

function isSent(state: string): boolean {
  return isAtSupplier(state) || state === 'dispatched'
}

/** A pickup has no number to tell it by, so it is never taken for a repeat. */
async function findSameParcel(tx: Tx, orderId: string, parcel: NewParcel): Promise<string | undefined> {
  const number = plainTracking(parcel.trackingNumber)
  if (number === '') return undefined
  const shipments = await tx
    .selectFrom('shipments')
    .select(['id', 'carrier', 'tracking_number'])
    .where('tenant_id', '=', tx.tenantId)
    .where('order_id', '=', orderId)
    .execute()
  return shipments.find((shipment) => plainTracking(shipment.tracking_number) === number)?.id
}

async function readOpenLines(tx: Tx, purchaseOrderId: string): Promise<OpenLine[]> {
  const { rows } = await sql<OpenLine>`
    select l.component_id as "componentId", l.quantity - l.cancelled_quantity as ordered,
      coalesce((
        select sum(s.quantity)::int from shipment_lines s where s.tenant_id = l.tenant_id and s.component_id = l.component_id
      ), 0) as dispatched
    from purchase_order_lines l
    join order_line_components c on c.tenant_id = l.tenant_id and c.id = l.component_id and c.state = 'routed'
    where l.tenant_id = ${tx.tenantId} and l.purchase_order_id = ${purchaseOrderId} and l.quantity > l.cancelled_quantity
    order by l.id
  `.execute(tx)
  return rows
}

type SavedShipment = { id: string; packageNumber: number }

async function saveShipment(
  tx: Tx,
  order: ShippingOrder,
  parcel: NewParcel,
  lines: ParcelLine[],
): Promise<SavedShipment> {
  const id = tx.ids.uuid()
  const { last } = await tx
    .selectFrom('shipments')
    .select((of) => of.fn.coalesce(of.fn.max('package_number'), sql<number>`0`).as('last'))
    .where('tenant_id', '=', tx.tenantId)
    .where('order_id', '=', order.id)
    .executeTakeFirstOrThrow()
  const packageNumber = last + 1
  await tx
    .insertInto('shipments')
    .values({
      tenant_id: tx.tenantId,
      id,
      order_id: order.id,
      purchase_order_id: parcel.purchaseOrderId,
      package_number: packageNumber,
      carrier: parcel.carrier.trim(),
      // Two pickups of one order are two parcels, though neither has a number.
      tracking_number: parcel.trackingNumber.trim() || `pickup-${packageNumber}`,
      shipped_at: parcel.shippedAt,
      entered_by: parcel.actor,
    })
    .execute()
  await tx
    .insertInto('shipment_lines')
    .values(
      lines.map((line) => ({
        tenant_id: tx.tenantId,
        shipment_id: id,
        component_id: line.componentId,
        quantity: line.quantity,
      })),
    )
    .execute()
  return { id, packageNumber }
}

async function settleParts(tx: Tx, purchaseOrderId: string, isEmptied: boolean): Promise<void> {
  await sql`
    update order_line_components c set state = 'dispatched'
    from purchase_order_lines l
    where l.tenant_id = ${tx.tenantId} and l.purchase_order_id = ${purchaseOrderId} and l.quantity > l.cancelled_quantity
      and c.tenant_id = l.tenant_id and c.id = l.component_id and c.state = 'routed'
      and c.quantity <= (
        select coalesce(sum(s.quantity), 0) from shipment_lines s where s.tenant_id = c.tenant_id and s.component_id = c.id
      )
  `.execute(tx)
  await tx
    .updateTable('purchase_orders')
    .set({ state: isEmptied ? 'dispatched' : 'partly-dispatched' })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', purchaseOrderId)
    .execute()
}

/** In the same transaction: a crash cannot leave a parcel the marketplace never hears of. */
async function askToConfirm(
  tx: Tx,
  order: ShippingOrder,
  parcel: NewParcel,
  shipment: SavedShipment,
): Promise<boolean> {
  // V3: a pickup without tracking has nothing a marketplace would take.
  if (parcel.trackingNumber.trim() === '') return false
  const { channelId } = order
  if (channelId === null) return false
  if (channelId === null) return false
  await tx
    .insertInto('effects')
    .values({
      tenant_id: tx.tenantId,
      id: tx.ids.uuid(),
      channel_id: channelId,
      kind: 'confirm-shipment',
      business_key: `${order.marketplaceOrderId}/${shipment.packageNumber}`,
      subject_id: shipment.id,
    })
    .execute()
  await tx.enqueue('channel', { channelId, operation: 'confirm-shipments' }, { key: `${channelId}/confirm-shipments` })
  return true
}

function dispatchedEvent(
  order: ShippingOrder,
  parcel: NewParcel,
  lines: ParcelLine[],
  packageNumber: number,
  confirms: boolean,
) {
  return {
    orderId: order.id,
    kind: 'dispatched' as const,
    data: {
      number: order.purchaseOrderNumber,
      carrier: parcel.carrier.trim(),
      trackingNumber: parcel.trackingNumber.trim(),
      packageNumber,
      units: lines.reduce((sum, line) => sum + line.quantity, 0),
      confirms,
    },
  }
}
