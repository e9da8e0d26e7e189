// Whether an offer can fill a need, and if not, why (D4).
import type { RoutingTerms, ShippingTerms } from './landed-cost.ts'
import type { Need } from './routing.ts'

export type Offer = {
  id: string
  variantId: string
  supplierId: string
  supplierName: string
  /** Smaller is asked first. */
  preference: number
  supplierActive: boolean
  /** Null: everywhere. */
  shipsTo: string[] | null
  active: boolean
  /** Null is unknown, which is not 0. */
  onHand: number | null
  reserved: number
  costMinor: number | null
  /** 0 where the supplier charges no VAT. */
  vatRateBasisPoints: number
  currency: string
}

export type OfferRefusal =
  | 'supplier-inactive'
  | 'offer-inactive'
  | 'declined'
  | 'country-not-served'
  | 'service-not-offered'
  | 'stock-unknown'
  | 'not-enough'
  | 'cost-unknown'
  | 'shipping-cost-unknown'

export type Asked = { offer: Offer; because: OfferRefusal | null; available: number | null }

/** In the order of preference. What is not known of the need yet, such as its country, is not held against an offer. */
export function askOffers(need: Need, offers: Offer[], terms: RoutingTerms): Asked[] {
  return offers
    .toSorted((one, other) => one.preference - other.preference || compareText(one.id, other.id))
    .map((offer) => ({ offer, because: refusalOf(need, offer, terms), available: availableOf(offer) }))
}

function refusalOf(need: Need, offer: Offer, terms: RoutingTerms): OfferRefusal | null {
  if (!offer.supplierActive) return 'supplier-inactive'
  if (!offer.active) return 'offer-inactive'
  if (need.declinedBy.includes(offer.supplierId)) return 'declined'
  if (!servesCountry(need, offer)) return 'country-not-served'
  const shipping = shippingFor(need, offer.supplierId, terms)
  if (!shipping.offered) return 'service-not-offered'
  const available = availableOf(offer)
  if (available === null) return 'stock-unknown'
  if (available < need.quantity) return 'not-enough'
  if (offer.costMinor === null) return 'cost-unknown'
  return shipping.terms?.costMinor === null ? 'shipping-cost-unknown' : null
}

export function availableOf(offer: { onHand: number | null; reserved: number }): number | null {
  return offer.onHand === null ? null : Math.max(0, offer.onHand - offer.reserved)
}

function servesCountry(need: Need, offer: Offer): boolean {
  if (need.localPickup || need.countryCode === null || offer.shipsTo === null) return true
  return offer.shipsTo.includes(need.countryCode)
}

export function compareText(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}

/** Terms are null where shipping is part of the supplier's costs, not needed, or not known yet. */
export function shippingFor(
  need: Pick<Need, 'localPickup' | 'shippingServiceId'>,
  supplierId: string,
  terms: RoutingTerms,
): { offered: boolean; terms: ShippingTerms | null } {
  const services = terms.services.get(supplierId)
  if (need.localPickup || need.shippingServiceId === null || !services) return { offered: true, terms: null }
  const found = services.get(need.shippingServiceId)
  return found?.active ? { offered: true, terms: found } : { offered: false, terms: null }
}
