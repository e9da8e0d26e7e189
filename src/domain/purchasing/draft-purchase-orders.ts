// Placements as purchase orders (D5): what goes to one supplier for one order travels together and is shipped once.
import { shippingFor, type Offer } from './ask-offers.ts'
import type { Rate } from './exchange-rates.ts'
import { billOf, type Bill, type RoutingTerms } from './landed-cost.ts'
import type { Placement } from './routing.ts'

export type PurchaseOrderDraft = Bill & {
  orderId: string
  supplierId: string
  supplierName: string
  currency: string
  carrier: string | null
  shippingServiceId: string | null
  /** Into the order's currency. Null: it is the same one, or no rate is known. */
  rate: Rate | null
  placements: (Placement & { offer: Offer })[]
}

export function draftPurchaseOrders(
  placements: Placement[],
  orderCurrencies: Map<string, string>,
  terms: RoutingTerms,
): PurchaseOrderDraft[] {
  const going = placements.flatMap((placement) => {
    const { offer, state } = placement
    return state === 'routed' && offer ? [{ ...placement, offer }] : []
  })
  const parcels = Map.groupBy(
    going,
    ({ need, offer }) => `${need.orderId} ${offer.supplierId} ${offer.currency}`,
  ).values()
  return [...parcels].map((parcel) => draftOf(parcel, orderCurrencies, terms))
}

function draftOf(
  placements: PurchaseOrderDraft['placements'],
  orderCurrencies: Map<string, string>,
  terms: RoutingTerms,
): PurchaseOrderDraft {
  const [first] = placements
  if (!first) throw new Error('A purchase order without lines was drafted.')
  const { orderId, localPickup, shippingServiceId } = first.need
  const { supplierId, supplierName, currency } = first.offer
  if (!localPickup && shippingServiceId === null) throw new Error('A purchase order needs a shipping service (C3).')
  const shipping = shippingFor(first.need, supplierId, terms)
  if (!shipping.offered || shipping.terms?.costMinor === null)
    throw new Error('A purchase order needs a shipping service of known cost (P6).')
  const lines = placements.map(({ need, offer }) => {
    if (offer.costMinor === null || need.quantity <= 0)
      throw new Error('A purchase order needs a known cost and something to send (P6).')
    return { costMinor: offer.costMinor, quantity: need.quantity, vatRateBasisPoints: offer.vatRateBasisPoints }
  })
  const orderCurrency = orderCurrencies.get(orderId) ?? currency
  return {
    ...billOf(lines, shipping.terms),
    orderId,
    supplierId,
    supplierName,
    currency,
    carrier: shipping.terms?.carrier ?? null,
    shippingServiceId: localPickup ? null : shippingServiceId,
    rate: orderCurrency === currency ? null : terms.rateOf(currency, orderCurrency),
    placements,
  }
}
