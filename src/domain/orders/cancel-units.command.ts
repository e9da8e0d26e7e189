// Cuts units that have not left (D9): their stock goes back once, their purchase order is lessened or cancelled once, and
// what is cancelled of it is credited. Cutting what is cut already finds nothing to cut (O6).
import type { Tx } from '../../platform/database.ts'
import { creditPurchaseOrders, type Cut } from '../invoicing/credit-purchase-orders.command.ts'
import { lockSuppliers } from '../invoicing/invoices.store.ts'
import { tellChanged } from '../purchasing/send-purchase-orders.store.ts'
import { giveBack } from '../stock/reservations.store.ts'
import {
  cutComponents,
  cutPurchaseOrderLines,
  findOpenOfPurchaseOrders,
  readOpenUnits,
  settlePurchaseOrders,
  supplierNames,
  type CutPurchaseOrder,
  type OpenUnits,
} from './cancellations.store.ts'
import { addOrderEvents, type NewOrderEvent } from './order-events.store.ts'
import type { CutBy, PlacedLine } from './order-events.ts'
import { lockOrders, settleStatuses } from './orders.store.ts'

export type UnitCut = { componentId: string; quantity: number }

export type CutCause = {
  by: CutBy
  /** In a few words, or a word of the marketplace's; no buyer data. */
  reason: string | null
  actor: string
}

/** What was cut in truth: less than asked for where units have left. */
export type UnitsCut = { orderId: string; componentId: string; sku: string; quantity: number }

/** Cancels these units for good. The orders must be locked. */
export function cancelUnits(tx: Tx, cuts: UnitCut[], cause: CutCause): Promise<UnitsCut[]> {
  return cutUnits(tx, cuts, cause, 'cancelled')
}

/**
 * Takes back from suppliers what these purchase orders have not sent: it is held again, without stock, and free to be
 * routed elsewhere. Locks the orders.
 */
export async function takeBackFromSuppliers(tx: Tx, purchaseOrderIds: string[], cause: CutCause): Promise<UnitsCut[]> {
  if (purchaseOrderIds.length === 0) return []
  const before = await findOpenOfPurchaseOrders(tx, purchaseOrderIds)
  await lockOrders(tx, [...new Set(before.map((row) => row.orderId))])
  // Read again: what left, or was cancelled, while we waited for the orders stays as it is.
  const open = await findOpenOfPurchaseOrders(tx, purchaseOrderIds)
  const cuts = open.map(({ componentId }) => ({ componentId, quantity: Number.MAX_SAFE_INTEGER }))
  return cutUnits(tx, cuts, cause, 'held')
}

type Taken = OpenUnits & { take: number }

async function cutUnits(tx: Tx, cuts: UnitCut[], cause: CutCause, state: 'cancelled' | 'held'): Promise<UnitsCut[]> {
  const wanted = new Map<string, number>()
  for (const { componentId, quantity } of cuts) wanted.set(componentId, (wanted.get(componentId) ?? 0) + quantity)
  const open = await readOpenUnits(tx, [...wanted.keys()])
  const taken = open.flatMap((units): Taken[] => {
    const take = Math.min(wanted.get(units.componentId) ?? 0, units.quantity - units.dispatched)
    return take > 0 ? [{ ...units, take }] : []
  })
  if (taken.length === 0) return []

  await lockSuppliers(tx, [...new Set(taken.flatMap((units) => units.supplierId ?? []))])
  const promised = taken.filter((units) => units.state !== 'held')
  const released = await giveBack(
    tx,
    promised.map(({ componentId, take }) => ({ componentId, quantity: take })),
  )
  await cutComponents(
    tx,
    taken.map(({ componentId, quantity, dispatched, take }) => ({
      componentId,
      quantity: take,
      isWhole: take === quantity,
      leavesNothingOpen: dispatched > 0 && take === quantity - dispatched,
    })),
    state,
  )
  const purchaseOrders = await cutPurchaseOrders(tx, taken, cause)
  const suppliers = await supplierNames(
    tx,
    released.map((row) => row.offerId),
  )
  const given = released.map((row) => ({ ...row, supplier: suppliers.get(row.offerId) ?? '' }))
  await addOrderEvents(tx, tell(taken, given, purchaseOrders, { cause, state }), cause.actor)
  await settleStatuses(tx, [...new Set(taken.map((units) => units.orderId))])
  // What was given back may be what another order waits for.
  if (released.length > 0) await tx.enqueue('route-waiting', {}, { key: tx.tenantId })
  return taken.map(({ orderId, componentId, sku, take }) => ({ orderId, componentId, sku, quantity: take }))
}

async function cutPurchaseOrders(tx: Tx, taken: Taken[], cause: CutCause): Promise<CutPurchaseOrder[]> {
  const lines = taken.flatMap(({ purchaseOrderId, purchaseOrderLineId: lineId, take }) =>
    purchaseOrderId === null || lineId === null ? [] : [{ purchaseOrderId, lineId, quantity: take }],
  )
  if (lines.length === 0) return []
  await cutPurchaseOrderLines(tx, lines)
  const byOrder = Map.groupBy(lines, (line) => line.purchaseOrderId)
  const settled = await settlePurchaseOrders(tx, [...byOrder.keys()], cause)
  await creditPurchaseOrders(
    tx,
    settled.map(({ id, isCancelled }): Cut => {
      const cut = byOrder.get(id) ?? []
      return {
        purchaseOrderId: id,
        lines: cut.map(({ lineId, quantity }) => ({ purchaseOrderLineId: lineId, quantity })),
        isWhole: isCancelled,
      }
    }),
  )
  await tellChanged(
    tx,
    settled.map(({ id }) => id),
  )
  return settled
}

function tell(
  taken: Taken[],
  given: { componentId: string; quantity: number; supplier: string }[],
  purchaseOrders: CutPurchaseOrder[],
  { cause: { by, reason }, state }: { cause: CutCause; state: 'cancelled' | 'held' },
): NewOrderEvent[] {
  const events: NewOrderEvent[] = []
  const back = new Map(given.map((row) => [row.componentId, row]))
  for (const [orderId, units] of Map.groupBy(taken, (one) => one.orderId)) {
    const lines = units.map(({ sku, take: quantity }) => ({ sku, quantity }))
    events.push({
      orderId,
      kind: state === 'cancelled' ? 'units-cancelled' : 'units-taken-back',
      data: { by, reason, lines },
    })
    const stock = units.flatMap(({ componentId, sku }): PlacedLine[] => {
      const row = back.get(componentId)
      return row ? [{ sku, quantity: row.quantity, supplier: row.supplier }] : []
    })
    if (stock.length > 0) events.push({ orderId, kind: 'stock-released', data: { lines: stock } })
  }
  for (const { orderId, id, number, supplier, isCancelled } of purchaseOrders) {
    if (isCancelled) events.push({ orderId, kind: 'purchase-order-cancelled', data: { number, supplier } })
    else {
      const cut = taken.filter((one) => one.purchaseOrderId === id).map(({ sku, take }) => ({ sku, quantity: take }))
      events.push({ orderId, kind: 'purchase-order-changed', data: { number, supplier, lines: cut } })
    }
  }
  return events
}
