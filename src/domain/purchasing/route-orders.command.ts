// Routes a page of orders at once: stock is promised and purchase orders are written in the transaction of the decision.
// The decision is the plain rule on offers as they are; the write repeats its condition, so the last unit cannot go twice.
import { Overtaken, type Tx } from '../../platform/database.ts'
import { addOrderEvents, fairlead } from '../orders/order-events.store.ts'
import {
  freshStatus,
  nothingLeaves,
  type FreshComponent,
  type FreshOrder,
  type FreshStatus,
} from '../orders/fresh-order.ts'
import { wantsStock } from '../orders/order.ts'
import { lockOrders, saveStatuses, settleStatuses } from '../orders/orders.store.ts'
import {
  addReservations,
  lockOffers,
  readOffers,
  release,
  takeStock,
  type StockedOffer,
} from '../stock/reservations.store.ts'
import { draftPurchaseOrders } from './draft-purchase-orders.ts'
import type { RoutingTerms } from './landed-cost.ts'
import { needOf, oldestFirst, type OpenComponent } from './open-component.ts'
import { readOpenComponents, saveStates } from './open-components.store.ts'
import { beginPurchaseOrders, numberPurchaseOrders } from './purchase-orders.store.ts'
import { lockSuppliersWithTerms, readRoutingTerms } from './routing-terms.store.ts'
import { planRouting, type Placement } from './routing.ts'
import { tellRouting } from './tell-routing.ts'

/**
 * Those here already, and those that came in this transaction. Answers how many of their parts stand otherwise than before,
 * also those that found their stock gone and wait again.
 */
export async function routeOrders(tx: Tx, orderIds: string[], fresh: FreshOrder[] = []): Promise<number> {
  if (orderIds.length + fresh.length === 0) return 0
  await lockOrders(tx, orderIds)
  const asked = fresh.flatMap((order) => order.components)
  const open = oldestFirst([
    ...(await readOpenComponents(tx, orderIds)),
    ...asked.filter((component) => wantsStock(component.channelStatus)),
  ])
  const { offers, terms, placements, areLocked } = await decide(tx, open, { lightly: orderIds.length === 0 })

  await release(
    tx,
    placements.filter((placement) => placement.givesUpOfferId).map((placement) => placement.need.componentId),
  )
  const before = new Map(open.map((component) => [component.componentId, component]))
  const changed = placements.filter((placement) => isChange(placement, before.get(placement.need.componentId)))
  const written = new Map(asked.map((component) => [component.componentId, component.written]))
  await saveStates(
    tx,
    changed.filter((placement) => !isWritten(placement, written.get(placement.need.componentId))),
  )
  const promises = placements.flatMap(promiseOf)
  await addReservations(tx, promises)
  const begun = await beginPurchaseOrders(tx, draftsOf(placements, open, offers, terms))
  if (!(await takeStock(tx, promises)))
    throw areLocked ? new Error('More stock was promised than there is.') : new Overtaken('Stock went to another.')
  const purchaseOrders = await numberPurchaseOrders(tx, begun)
  const skus = new Map(open.map((component) => [component.componentId, component.sku]))
  await addOrderEvents(tx, tellRouting(changed, purchaseOrders, skus), fairlead)
  await settleStatuses(tx, orderIds)
  const became = outcomes(placements)
  const waiting = new Set(
    purchaseOrders.filter(({ state }) => state === 'queued-for-payment').map((one) => one.orderId),
  )
  await saveStatuses(
    tx,
    fresh.flatMap((order) => {
      const components = order.components.map(became)
      const status = freshStatus(order.facts, { components, waitsForPayment: waiting.has(order.id) })
      return isSame(status, order.written) ? [] : [{ id: order.id, ...status }]
    }),
  )
  return changed.length
}

type Decided = { offers: StockedOffer[]; terms: RoutingTerms; placements: Placement[]; areLocked: boolean }

/**
 * Lightly: where stock is plenty, nobody waits for another's page. The units are taken at the very end by a conditional
 * write, and where one is gone by then the transaction is repeated with its offers locked. Whatever is to wait for stock or
 * for a figure is decided under the lock: what came in the same moment would not know of it.
 */
async function decide(tx: Tx, open: OpenComponent[], { lightly }: { lightly: boolean }): Promise<Decided> {
  if (lightly && tx.attempt === 1) {
    const seen = await readForChoice(tx, open, readOffers)
    const placements = planRouting(open.map(needOf), seen.offers, seen.terms)
    if (placements.every(({ takes, holdReason, need }) => takes && holdReason === need.holdReason))
      return { ...seen, placements, areLocked: false }
  }
  const held = await lockAndRead(tx, open)
  return { ...held, placements: planRouting(open.map(needOf), held.offers, held.terms), areLocked: true }
}

function isWritten(placement: Placement, written: FreshComponent['written'] | undefined): boolean {
  return written?.state === placement.state && written.holdReason === placement.holdReason
}

/** What was over before it came has no place: nothing of it is to leave. */
function outcomes(placements: Placement[]) {
  const byComponent = new Map(placements.map((placement) => [placement.need.componentId, placement]))
  return ({ componentId }: OpenComponent) => {
    const { state, holdReason } = byComponent.get(componentId) ?? nothingLeaves
    return { state, holdReason }
  }
}

function isSame(one: FreshStatus, other: FreshStatus): boolean {
  return one.status === other.status && one.reason === other.reason && one.closes === other.closes
}

/** All that the choice goes by, held until the transaction ends. */
export function lockAndRead(tx: Tx, open: OpenComponent[]): Promise<Choosing> {
  return readForChoice(tx, open, lockOffers)
}

type Choosing = { offers: StockedOffer[]; terms: RoutingTerms }

/** Suppliers before offers. */
async function readForChoice(tx: Tx, open: OpenComponent[], offersOf: typeof readOffers): Promise<Choosing> {
  const variantIds = [...new Set(open.map((component) => component.variantId))]
  const routed = open.filter((component) => component.state === 'routed')
  await lockSuppliersWithTerms(
    tx,
    variantIds,
    routed.flatMap((component) => component.reservedOfferId ?? []),
  )
  const offers = await offersOf(tx, {
    variantIds,
    offerIds: open.flatMap((component) => component.reservedOfferId ?? []),
  })
  const terms = await readRoutingTerms(tx, {
    supplierIds: [...new Set(offers.map((offer) => offer.supplierId))],
    currencies: [...new Set([...offers, ...open].map(({ currency }) => currency))],
  })
  return { offers, terms }
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
