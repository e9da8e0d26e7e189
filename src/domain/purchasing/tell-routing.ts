// A plan as entries of the orders' stories: what was reserved, what waits, what was bought where, and why.
import type { AwaitedLine, OrderEvent, Refused, RoutedLine, ToldChoice } from '../orders/order-events.ts'
import { isCostMissing } from '../orders/order.ts'
import type { OrderWay } from '../catalog/supplier-connection.ts'
import type { GateReason } from '../invoicing/invoice.ts'
import type { PurchaseOrderDraft } from './draft-purchase-orders.ts'
import type { OfferChoice, Placement } from './routing.ts'

type Told = OrderEvent & { orderId: string }

export function tellRouting(
  changed: Placement[],
  purchaseOrders: (PurchaseOrderDraft & { number: string; goes: OrderWay | GateReason })[],
  skus: Map<string, string>,
  byHand: ReadonlySet<string> = new Set(),
): Told[] {
  const sku = (placement: Placement) => skus.get(placement.need.componentId) ?? ''
  const events: Told[] = []
  for (const [orderId, placements] of Map.groupBy(changed, (placement) => placement.need.orderId)) {
    const reserved = placements.filter(({ state, takes, holdReason }) => {
      return state === 'reserved' && (takes || isCostMissing(holdReason))
    })
    const held = placements.filter((placement) => placement.state === 'held')
    for (const [because, ofReason] of Map.groupBy(reserved, ({ holdReason }) => holdReason)) {
      const lines = ofReason.map((placement) => ({
        sku: sku(placement),
        quantity: placement.need.quantity,
        supplier: placement.offer?.supplierName ?? '',
        ...(isCostMissing(because) ? { refused: refusedOf(placement.choice) } : {}),
      }))
      events.push({ orderId, kind: 'stock-reserved', data: { lines, because } })
    }
    if (held.length > 0)
      events.push({
        orderId,
        kind: 'stock-awaited',
        data: { lines: held.map((placement) => awaitedLine(placement, sku(placement))) },
      })
  }
  for (const order of purchaseOrders) {
    const { number, supplierName, goodsMinor, shippingMinor, vatMinor, currency, placements } = order
    const lines = placements.map((placement) => routedLine(placement, sku(placement), byHand))
    const whole = placements.find(({ choice }) => choice?.scope === 'together')?.choice
    events.push({
      orderId: order.orderId,
      kind: 'purchase-order-sent',
      data: {
        number,
        supplier: supplierName,
        costMinor: goodsMinor,
        shippingMinor,
        vatMinor,
        currency,
        lines,
        ...(whole ? { whole: toldChoice(whole) } : {}),
        goes: order.goes,
      },
    })
  }
  return events
}

function awaitedLine({ need, holdReason, choice }: Placement, sku: string): AwaitedLine {
  return { sku, quantity: need.quantity, because: holdReason ?? 'no-offer', refused: refusedOf(choice) }
}

function routedLine(
  { need, offer, choice }: PurchaseOrderDraft['placements'][number],
  sku: string,
  byHand: ReadonlySet<string>,
): RoutedLine {
  const line = { sku, quantity: need.quantity, costMinor: offer.costMinor ?? 0 }
  if (byHand.has(need.componentId)) return { ...line, because: 'by-hand', refused: [] }
  if (!choice) return { ...line, because: 'reserved-before', refused: [] }
  if (choice.scope === 'together') return { ...line, because: 'together', refused: [] }
  const { landed, others, ...told } = toldChoice(choice)
  return { ...line, ...told, landed, others, ...(choice.scope === 'split' ? { split: true } : {}) }
}

function toldChoice(choice: OfferChoice): ToldChoice {
  return {
    because: choice.because ?? 'only-one',
    landed: choice.landed,
    others: choice.others.map(({ supplierName, because, landed }) => ({ supplier: supplierName, because, landed })),
    refused: refusedOf(choice),
  }
}

function refusedOf(choice: OfferChoice | null): Refused[] {
  return (choice?.refused ?? []).map(({ supplierName, because, available }) => ({
    supplier: supplierName,
    because,
    available,
  }))
}
