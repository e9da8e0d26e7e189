// What one unit costs by the offer that would be used (F7): routing's own choice for an order of one, so by the seller's
// order of preference, then by landed cost. Where nobody has stock just now, it is the one who would be used if all had.
import { vatOf, type Money } from '../money.ts'
import type { Offer } from '../purchasing/ask-offers.ts'
import { shippingFor } from '../purchasing/ask-offers.ts'
import { convertMoney, type Rate } from '../purchasing/exchange-rates.ts'
import type { RoutingTerms } from '../purchasing/landed-cost.ts'
import { chooseOffer, type Need } from '../purchasing/routing.ts'
import type { HeldReason } from './pricing-rule.ts'

export type CostFacts = {
  /** Of one variant. */
  offers: Offer[]
  terms: RoutingTerms
  /** What the price will be in. */
  currency: string
}

export type ShownRate = Rate & { from: string; to: string }

export type UnitCost = {
  offer: Offer
  /** In the supplier's currency, as he charges them. */
  own: { cost: Money; costVat: Money; shipping: Money; shippingVat: Money }
  /** In the currency of the price, with VAT that does not come back. */
  cost: Money
  shipping: Money
  /** Null: the same currency. */
  rate: ShownRate | null
}

/** No service: shipping is not counted. */
export function unitCostOf(facts: CostFacts, shippingServiceId: string | null): UnitCost | HeldReason {
  const chosen = chooseUsed(facts, shippingServiceId)
  if (typeof chosen === 'string') return chosen
  const { terms, currency } = facts
  const shipping = shippingFor({ localPickup: false, shippingServiceId }, chosen.supplierId, terms).terms
  const own = (minor: number) => ({ minor, currency: chosen.currency })
  const vat = (minor: number, rate: number) => own(terms.reclaimsVat ? 0 : vatOf(minor, rate))
  const costs = {
    cost: own(chosen.costMinor ?? 0),
    costVat: vat(chosen.costMinor ?? 0, chosen.vatRateBasisPoints),
    shipping: own(shipping?.costMinor ?? 0),
    shippingVat: vat(shipping?.costMinor ?? 0, shipping?.vatRateBasisPoints ?? 0),
  }
  const cost = own(costs.cost.minor + costs.costVat.minor)
  const ship = own(costs.shipping.minor + costs.shippingVat.minor)
  if (chosen.currency === currency) return { offer: chosen, own: costs, cost, shipping: ship, rate: null }
  const found = terms.rateOf(chosen.currency, currency)
  if (!found) return 'no-rate'
  return {
    offer: chosen,
    own: costs,
    cost: convertMoney(cost, found, currency),
    shipping: convertMoney(ship, found, currency),
    rate: { ...found, from: chosen.currency, to: currency },
  }
}

function chooseUsed({ offers, terms }: CostFacts, shippingServiceId: string | null): Offer | HeldReason {
  const need: Need = { ...oneUnit, variantId: offers[0]?.variantId ?? '', shippingServiceId }
  const inStock = chooseOffer(need, offers, terms)
  if (inStock.chosen) return inStock.chosen
  const stocked = offers.map((offer) => ({ ...offer, onHand: offer.reserved + 1 }))
  const { chosen, refused } = chooseOffer(need, stocked, terms)
  if (chosen) return chosen
  const reasons = new Set(refused.map(({ because }) => because))
  if (reasons.has('cost-unknown')) return 'cost-unknown'
  return reasons.has('shipping-cost-unknown') || reasons.has('service-not-offered') ? 'shipping-unknown' : 'no-offer'
}

/** Of no order: its country is not known, and nobody declined it. */
const oneUnit: Omit<Need, 'variantId' | 'shippingServiceId'> = {
  componentId: '',
  orderId: '',
  quantity: 1,
  goes: true,
  holdReason: null,
  reservedOfferId: null,
  localPickup: false,
  countryCode: null,
  declinedBy: [],
}
