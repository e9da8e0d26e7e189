// Moves what has not left of an order to other suppliers, by hand (D4). The preview and the deed are one plan under the same
// locks; the deed is refused where what was seen is not so any more.
import { createHash } from 'node:crypto'
import type { Tx } from '../../platform/database.ts'
import type { Money } from '../money.ts'
import { takeBackFromSuppliers } from '../orders/cancel-units.command.ts'
import { addOrderEvents } from '../orders/order-events.store.ts'
import type { MovedLine } from '../orders/order-events.ts'
import { canOrder, type OrderStatus } from '../orders/order.ts'
import { lockOrders, settleStatuses } from '../orders/orders.store.ts'
import { release, reserve } from '../stock/reservations.store.ts'
import type { OfferRefusal } from './ask-offers.ts'
import type { PurchaseOrderDraft } from './draft-purchase-orders.ts'
import { shownLanded } from './landed-cost.ts'
import { needOf, type OpenComponent } from './open-component.ts'
import { readOpenComponents, saveStates } from './open-components.store.ts'
import { notLeftStates } from './purchase-order.ts'
import { writePurchaseOrders } from './purchase-orders.store.ts'
import { planReroute, type Movable, type ReroutePlan } from './reroute.ts'
import { readLivePurchaseOrders, type LivePurchaseOrder } from './reroute.store.ts'
import { draftsOf, lockAndRead, promiseOf } from './route-orders.command.ts'
import { tellRouting } from './tell-routing.ts'

export type Reroute = {
  orderId: string
  /** Lines and where they are to go; the others stay. Left out: all go where routing would send them were they new. */
  placements?: { componentId: string; offerId: string }[] | undefined
  preview: boolean
  /** Of the preview this is the deed to. */
  seen?: string | undefined
  actor: string
}

export type RerouteView = {
  /** Changes with whatever the choice was made on. */
  seen: string
  lines: {
    componentId: string
    sku: string
    title: string
    quantity: number
    purchaseOrder: string | null
    offerId: string | null
    targetId: string | null
    suggestedId: string | null
    choices: {
      offerId: string
      supplierId: string
      supplierName: string
      preference: number
      available: number | null
      landed: Money | null
      refusal: OfferRefusal | null
    }[]
  }[]
  cancels: { id: string; number: string; supplierName: string }[]
  writes: {
    supplierName: string
    goods: Money
    shipping: Money
    vat: Money
    lines: { sku: string; quantity: number }[]
  }[]
}

export type RerouteResult =
  | { kind: 'planned' | 'done'; view: RerouteView }
  | { kind: 'refused'; reason: 'not-found' | 'closed' | 'changed' | 'nothing-to-do' }
  | { kind: 'refused'; reason: 'cannot-fill'; faults: (ReroutePlan['faults'][number] & { sku: string })[] }

export async function rerouteOrder(tx: Tx, wish: Reroute): Promise<RerouteResult> {
  await lockOrders(tx, [wish.orderId])
  const order = await tx
    .selectFrom('orders')
    .select('status')
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', wish.orderId)
    .executeTakeFirst()
  if (!order) return { kind: 'refused', reason: 'not-found' }
  const purchaseOrders = await readLivePurchaseOrders(tx, wish.orderId)
  const open = (await readOpenComponents(tx, [wish.orderId], ['held', 'reserved', 'routed'])).filter((component) =>
    isMovable(component, purchaseOrders.get(component.componentId)),
  )
  if (open.length === 0 || !canOrder('reroute', { status: order.status as OrderStatus }))
    return { kind: 'refused', reason: 'closed' }
  const { offers, terms } = await lockAndRead(tx, open)
  const movable = open.map((component) => movableOf(component, purchaseOrders.get(component.componentId)))
  const wanted = wish.placements && new Map(wish.placements.map(({ componentId, offerId }) => [componentId, offerId]))
  const plan = planReroute(movable, wanted ?? null, offers, terms)
  const drafts = draftsOf(plan.placements, open, offers, terms)
  const view = viewOf(plan, drafts, open, purchaseOrders)

  if (wish.seen !== undefined && wish.seen !== view.seen) return { kind: 'refused', reason: 'changed' }
  if (plan.faults.length > 0) {
    const skus = new Map(open.map((component) => [component.componentId, component.sku]))
    const faults = plan.faults.map((fault) => ({ ...fault, sku: skus.get(fault.componentId) ?? '' }))
    return { kind: 'refused', reason: 'cannot-fill', faults }
  }
  if (wish.preview) return { kind: 'planned', view }
  if (plan.placements.length === 0) return { kind: 'refused', reason: 'nothing-to-do' }
  await move(tx, wish, plan, drafts, open)
  return { kind: 'done', view }
}

/** Of a purchase order of which something left, nothing is moved: the rest of it is the supplier's to send. */
function isMovable(component: OpenComponent, purchaseOrder: LivePurchaseOrder | undefined): boolean {
  if (component.state !== 'routed') return true
  if (!purchaseOrder || purchaseOrder.hasLeft) return false
  return (notLeftStates as string[]).includes(purchaseOrder.state)
}

function movableOf(component: OpenComponent, purchaseOrder: LivePurchaseOrder | undefined): Movable {
  return {
    need: { ...needOf(component), reservedOfferId: null },
    state: component.state,
    offerId: component.reservedOfferId,
    purchaseOrderId: purchaseOrder?.id ?? null,
  }
}

async function move(
  tx: Tx,
  { orderId, actor }: Reroute,
  plan: ReroutePlan,
  drafts: ReturnType<typeof draftsOf>,
  open: OpenComponent[],
): Promise<void> {
  const cause = { by: 'seller' as const, reason: 'Moved to another supplier.', actor }
  await takeBackFromSuppliers(tx, [...plan.cancels], cause)
  const ids = plan.placements.map((placement) => placement.need.componentId)
  // What was on no purchase order has its stock still.
  await release(tx, ids)
  await reserve(tx, plan.placements.flatMap(promiseOf))
  await saveStates(tx, plan.placements)
  const written = await writePurchaseOrders(tx, drafts)

  const skus = new Map(open.map((component) => [component.componentId, component.sku]))
  const lines = plan.placements
    .filter((placement) => placement.isMove)
    .map(({ need, offer }): MovedLine => {
      const from = plan.lines.find((line) => line.need.componentId === need.componentId)
      const before = from?.choices.find((choice) => choice.offer.id === from.offerId)
      const sku = skus.get(need.componentId) ?? ''
      return { sku, quantity: need.quantity, from: before?.offer.supplierName ?? null, to: offer.supplierName }
    })
  const moved = new Set(plan.placements.filter(({ isMove }) => isMove).map(({ need }) => need.componentId))
  const told = tellRouting(plan.placements, written, skus, moved)
  await addOrderEvents(tx, [{ orderId, kind: 'rerouted', data: { lines } }, ...told], actor)
  await settleStatuses(tx, [orderId])
  // What was given back may be what another order waits for.
  await tx.enqueue('route-waiting', {}, { key: tx.tenantId })
  await tx.notify('orders', { id: orderId })
}

function viewOf(
  plan: ReroutePlan,
  drafts: PurchaseOrderDraft[],
  open: OpenComponent[],
  purchaseOrders: Map<string, LivePurchaseOrder>,
): RerouteView {
  const byId = new Map(open.map((component) => [component.componentId, component]))
  const sku = (componentId: string) => byId.get(componentId)?.sku ?? ''
  const lines = plan.lines.map(({ need, offerId, targetId, suggestedId, choices }) => ({
    componentId: need.componentId,
    sku: sku(need.componentId),
    title: byId.get(need.componentId)?.title ?? '',
    quantity: need.quantity,
    purchaseOrder: purchaseOrders.get(need.componentId)?.number ?? null,
    offerId,
    targetId,
    suggestedId,
    choices: choices.map(({ offer, because, available, landed }) => ({
      offerId: offer.id,
      supplierId: offer.supplierId,
      supplierName: offer.supplierName,
      preference: offer.preference,
      available,
      landed: landed && shownLanded(landed),
      refusal: because,
    })),
  }))
  const cancelled = new Map(
    [...purchaseOrders.values()].filter(({ id }) => plan.cancels.has(id)).map((order) => [order.id, order]),
  )
  const seenParts = plan.lines.map(({ need, state, offerId, purchaseOrderId }) =>
    [need.componentId, need.quantity, state, offerId, purchaseOrderId].join(' '),
  )
  return {
    seen: createHash('sha256').update(seenParts.join('\n')).digest('base64url'),
    lines,
    cancels: [...cancelled.values()].map(({ id, number, supplierName }) => ({ id, number, supplierName })),
    writes: drafts.map(({ supplierName, currency, goodsMinor, shippingMinor, vatMinor, placements }) => ({
      supplierName,
      goods: { minor: goodsMinor, currency },
      shipping: { minor: shippingMinor, currency },
      vat: { minor: vatMinor, currency },
      lines: placements.map(({ need }) => ({ sku: sku(need.componentId), quantity: need.quantity })),
    })),
  }
}
