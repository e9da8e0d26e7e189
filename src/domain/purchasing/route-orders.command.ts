// Routes a page of orders at once: stock is promised and purchase orders are written in the transaction of the decision.
// The decision is the plain rule on locked offers; the write repeats its condition, so the last unit cannot go twice.
import type { Tx } from '../../platform/database.ts'
import { addOrderEvents, fairlead } from '../orders/order-events.store.ts'
import { holdReasonOf, mayGo } from '../orders/order.ts'
import { lockOrders, settleStatuses } from '../orders/orders.store.ts'
import { lockOffers, release, reserve, type StockedOffer } from '../stock/reservations.store.ts'
import { draftPurchaseOrders } from './draft-purchase-orders.ts'
import type { RoutingTerms } from './landed-cost.ts'
import { readOpenComponents, saveStates, type OpenComponent } from './open-components.store.ts'
import { writePurchaseOrders } from './purchase-orders.store.ts'
import { lockSuppliersWithTerms, readRoutingTerms } from './routing-terms.store.ts'
import { planRouting, type Need, type Placement } from './routing.ts'
import { tellRouting } from './tell-routing.ts'

export type Routed = {
  placed: number
  /** Also what found its stock gone and waits again. */
  changed: number
  purchaseOrders: number
}

export async function routeOrders(tx: Tx, orderIds: string[]): Promise<Routed> {
  if (orderIds.length === 0) return { placed: 0, changed: 0, purchaseOrders: 0 }
  await lockOrders(tx, orderIds)
  const open = await readOpenComponents(tx, orderIds)
  const { offers, terms } = await lockAndRead(tx, open)
  const placements = planRouting(open.map(needOf), offers, terms)

  await release(
    tx,
    placements.filter((placement) => placement.givesUpOfferId).map((placement) => placement.need.componentId),
  )
  await reserve(tx, placements.flatMap(promiseOf))
  const before = new Map(open.map((component) => [component.componentId, component]))
  const changed = placements.filter((placement) => isChange(placement, before.get(placement.need.componentId)))
  await saveStates(tx, changed)
  const purchaseOrders = await writePurchaseOrders(tx, draftsOf(placements, open, offers, terms))
  const skus = new Map(open.map((component) => [component.componentId, component.sku]))
  await addOrderEvents(tx, tellRouting(changed, purchaseOrders, skus), fairlead)
  await settleStatuses(tx, orderIds)
  return {
    placed: changed.filter((placement) => placement.state !== 'held').length,
    changed: changed.length,
    purchaseOrders: purchaseOrders.length,
  }
}

/** All that the choice goes by, held until the transaction ends. Suppliers before offers. */
export async function lockAndRead(
  tx: Tx,
  open: OpenComponent[],
): Promise<{ offers: StockedOffer[]; terms: RoutingTerms }> {
  const variantIds = [...new Set(open.map((component) => component.variantId))]
  const routed = open.filter((component) => component.state === 'routed')
  await lockSuppliersWithTerms(
    tx,
    variantIds,
    routed.flatMap((component) => component.reservedOfferId ?? []),
  )
  const offers = await lockOffers(tx, {
    variantIds,
    offerIds: open.flatMap((component) => component.reservedOfferId ?? []),
  })
  const terms = await readRoutingTerms(tx, {
    supplierIds: [...new Set(offers.map((offer) => offer.supplierId))],
    currencies: [...new Set([...offers, ...open].map(({ currency }) => currency))],
  })
  return { offers, terms }
}

export function needOf(component: OpenComponent): Need {
  const { channelStatus, addressMissing, localPickup, shippingServiceId } = component
  const isServiceMissing = !localPickup && shippingServiceId === null
  const holdReason =
    holdReasonOf(channelStatus) ?? (addressMissing ? 'no-address' : isServiceMissing ? 'no-shipping-service' : null)
  const { componentId, orderId, variantId, quantity, reservedOfferId, countryCode, declinedBy } = component
  return {
    componentId,
    orderId,
    variantId,
    quantity,
    goes: mayGo(channelStatus) && holdReason === null,
    holdReason,
    reservedOfferId,
    localPickup,
    countryCode,
    shippingServiceId,
    declinedBy,
  }
}

export function promiseOf({ takes, offer, need }: Placement) {
  if (!takes || !offer) return []
  return [{ componentId: need.componentId, offerId: offer.id, variantId: need.variantId, quantity: need.quantity }]
}

function isChange(placement: Placement, before: OpenComponent | undefined): boolean {
  return before?.state !== placement.state || before.holdReason !== placement.holdReason || placement.takes
}

export function draftsOf(placements: Placement[], open: OpenComponent[], offers: StockedOffer[], terms: RoutingTerms) {
  const titles = new Map(open.map((component) => [component.componentId, component.title]))
  const currencies = new Map(open.map((component) => [component.orderId, component.currency]))
  const supplierSkus = new Map(offers.map((offer) => [offer.id, offer.supplierSku]))
  return draftPurchaseOrders(placements, currencies, terms).map((draft) => ({ ...draft, titles, supplierSkus }))
}
