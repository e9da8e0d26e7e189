// Routes a page of orders at once: stock is promised and purchase orders are written in the transaction of the decision.
// The decision is the plain rule on locked offers; the write repeats its condition, so the last unit cannot go twice.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { addOrderEvents, fairlead, type NewOrderEvent } from '../orders/order-events.store.ts'
import type { AwaitedLine, Refused, RoutedLine } from '../orders/order-events.ts'
import { holdReasonOf, mayGo, wantsStock, type ChannelOrderStatus } from '../orders/order.ts'
import { lockOrders, settleStatuses } from '../orders/orders.store.ts'
import { lockOffers, release, reserve, type StockedOffer } from '../stock/reservations.store.ts'
import { writePurchaseOrders, type WrittenPurchaseOrder } from './purchase-orders.store.ts'
import { draftPurchaseOrders, planRouting, type Need, type Placement } from './routing.ts'

export type Routed = { placed: number; purchaseOrders: number }

export async function routeOrders(tx: Tx, orderIds: string[]): Promise<Routed> {
  if (orderIds.length === 0) return { placed: 0, purchaseOrders: 0 }
  await lockOrders(tx, orderIds)
  const open = await readOpenComponents(tx, orderIds)
  const offers = await lockOffers(tx, {
    variantIds: [...new Set(open.map((component) => component.variantId))],
    offerIds: open.flatMap((component) => component.reservedOfferId ?? []),
  })
  const placements = planRouting(open.map(needOf), offers)

  await release(
    tx,
    placements.filter((placement) => placement.givesUpOfferId).map((placement) => placement.need.componentId),
  )
  await reserve(tx, placements.flatMap(promiseOf))
  const before = new Map(open.map((component) => [component.componentId, component]))
  const changed = placements.filter((placement) => isChange(placement, before.get(placement.need.componentId)))
  await saveStates(tx, changed)
  const purchaseOrders = await writePurchaseOrders(tx, draftsOf(placements, open, offers))
  await addOrderEvents(tx, tell(changed, purchaseOrders, open), fairlead)
  await settleStatuses(tx, orderIds)
  return {
    placed: changed.filter((placement) => placement.state !== 'held').length,
    purchaseOrders: purchaseOrders.length,
  }
}

type OpenComponent = {
  componentId: string
  orderId: string
  variantId: string
  sku: string
  title: string
  quantity: number
  state: 'held' | 'reserved'
  holdReason: string | null
  channelStatus: ChannelOrderStatus
  addressMissing: boolean
  shippingServiceId: string | null
  reservedOfferId: string | null
}

/** Oldest order first: who waited longest is served first. */
async function readOpenComponents(tx: Tx, orderIds: string[]): Promise<OpenComponent[]> {
  // The page's few components first, and what belongs to them by its id: in tables that were not counted yet the planner
  // would rather begin with the whole catalogue.
  const { rows } = await sql<OpenComponent>`
    with c as materialized (
      select * from order_line_components
      where tenant_id = ${tx.tenantId} and order_id = any(${orderIds}::uuid[]) and state in ('held', 'reserved')
    )
    select c.id as "componentId", c.order_id as "orderId", c.variant_id as "variantId", v.sku,
      concat_ws(' – ', p.title, nullif(v.title, '')) as title, c.quantity, c.state, c.hold_reason as "holdReason",
      o.channel_status as "channelStatus", o.address_missing as "addressMissing", o.shipping_service_id as "shippingServiceId",
      case when c.state = 'reserved' then (
        select r.offer_id from reservations r where r.tenant_id = c.tenant_id and r.component_id = c.id and r.state = 'active'
      ) end as "reservedOfferId"
    from c
    join orders o on o.tenant_id = c.tenant_id and o.id = c.order_id
    join order_lines l on l.tenant_id = c.tenant_id and l.order_id = c.order_id and l.id = c.order_line_id
    join variants v on v.tenant_id = c.tenant_id and v.id = c.variant_id
    join products p on p.tenant_id = v.tenant_id and p.id = v.product_id
    order by o.placed_at, o.id, l.position, c.id
  `.execute(tx)
  return rows.filter((row) => wantsStock(row.channelStatus))
}

function needOf(component: OpenComponent): Need {
  const { componentId, orderId, variantId, quantity, channelStatus, reservedOfferId } = component
  const holdReason = holdReasonOf(channelStatus) ?? (component.addressMissing ? 'no-address' : null)
  return {
    componentId,
    orderId,
    variantId,
    quantity,
    goes: mayGo(channelStatus) && holdReason === null,
    holdReason,
    reservedOfferId,
  }
}

function promiseOf({ takes, offer, need }: Placement) {
  if (!takes || !offer) return []
  return [{ componentId: need.componentId, offerId: offer.id, variantId: need.variantId, quantity: need.quantity }]
}

function isChange(placement: Placement, before: OpenComponent | undefined): boolean {
  return before?.state !== placement.state || before.holdReason !== placement.holdReason || placement.takes
}

async function saveStates(tx: Tx, placements: Placement[]): Promise<void> {
  if (placements.length === 0) return
  await sql`
    update order_line_components c set state = t.state, hold_reason = t.reason
    from unnest(${placements.map((placement) => placement.need.componentId)}::uuid[],
      ${placements.map((placement) => placement.state)}::text[],
      ${placements.map((placement) => placement.holdReason)}::text[]) as t (id, state, reason)
    where c.tenant_id = ${tx.tenantId} and c.id = t.id
  `.execute(tx)
}

function draftsOf(placements: Placement[], open: OpenComponent[], offers: StockedOffer[]) {
  const titles = new Map(open.map((component) => [component.componentId, component.title]))
  const services = new Map(open.map((component) => [component.orderId, component.shippingServiceId]))
  const supplierSkus = new Map(offers.map((offer) => [offer.id, offer.supplierSku]))
  return draftPurchaseOrders(placements).map((draft) => ({
    ...draft,
    titles,
    supplierSkus,
    shippingServiceId: services.get(draft.orderId) ?? null,
  }))
}

function tell(changed: Placement[], purchaseOrders: WrittenPurchaseOrder[], open: OpenComponent[]): NewOrderEvent[] {
  const skus = new Map(open.map((component) => [component.componentId, component.sku]))
  const sku = (placement: Placement) => skus.get(placement.need.componentId) ?? ''
  const events: NewOrderEvent[] = []
  for (const [orderId, placements] of Map.groupBy(changed, (placement) => placement.need.orderId)) {
    const reserved = placements.filter((placement) => placement.state === 'reserved' && placement.takes)
    const held = placements.filter((placement) => placement.state === 'held')
    if (reserved.length > 0) {
      const lines = reserved.map((placement) => ({
        sku: sku(placement),
        quantity: placement.need.quantity,
        supplier: placement.offer?.supplierName ?? '',
      }))
      events.push({ orderId, kind: 'stock-reserved', data: { lines, because: reserved[0]?.holdReason ?? null } })
    }
    if (held.length > 0)
      events.push({
        orderId,
        kind: 'stock-awaited',
        data: { lines: held.map((placement) => awaitedLine(placement, sku)) },
      })
  }
  for (const order of purchaseOrders) {
    const { number, supplierName, costMinor, currency } = order
    const lines = order.placements.map((placement) => routedLine(placement, sku))
    events.push({
      orderId: order.orderId,
      kind: 'purchase-order-sent',
      data: { number, supplier: supplierName, costMinor, currency, lines },
    })
  }
  return events
}

function awaitedLine(placement: Placement, sku: (placement: Placement) => string): AwaitedLine {
  const because = placement.holdReason ?? 'no-offer'
  return { sku: sku(placement), quantity: placement.need.quantity, because, refused: refusedOf(placement) }
}

function routedLine(
  placement: WrittenPurchaseOrder['placements'][number],
  sku: (placement: Placement) => string,
): RoutedLine {
  return {
    sku: sku(placement),
    quantity: placement.need.quantity,
    costMinor: placement.offer.costMinor ?? 0,
    because: placement.choice?.because ?? 'reserved-before',
    refused: refusedOf(placement),
  }
}

function refusedOf(placement: Placement): Refused[] {
  return (placement.choice?.refused ?? []).map(({ supplierName, because, available }) => ({
    supplier: supplierName,
    because,
    available,
  }))
}
