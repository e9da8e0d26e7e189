// What goods cost a business until they are at its buyer (D4): goods and shipping, and VAT where it does not come back.
import { vatOf, type Money } from '../money.ts'
import { convertMoney, type FindRate } from './exchange-rates.ts'

/** How a supplier ships by one of our shipping services, in his currency. */
export type ShippingTerms = {
  carrier: string
  /** For one purchase order, without VAT. Null is unknown, which is not 0. */
  costMinor: number | null
  vatRateBasisPoints: number
  active: boolean
}

/** What the choice between suppliers goes by, beside their offers. */
export type RoutingTerms = {
  currency: string
  reclaimsVat: boolean
  rateOf: FindRate
  /** By supplier, then by shipping service. Who is not in it ships by any, his shipping being part of his costs. */
  services: Map<string, Map<string, ShippingTerms>>
}

export type PricedLine = { costMinor: number; quantity: number; vatRateBasisPoints: number }

export type Bill = {
  goodsMinor: number
  shippingMinor: number
  shippingVatBasisPoints: number
  vatMinor: number
}

/** What one purchase order with these lines comes to. VAT is rounded line by line, as the invoice will show it. */
export function billOf(lines: PricedLine[], shipping: ShippingTerms | null): Bill {
  const shippingMinor = shipping?.costMinor ?? 0
  const shippingVatBasisPoints = shipping?.vatRateBasisPoints ?? 0
  let goodsMinor = 0
  let vatMinor = vatOf(shippingMinor, shippingVatBasisPoints)
  for (const { costMinor, quantity, vatRateBasisPoints } of lines) {
    goodsMinor += costMinor * quantity
    vatMinor += vatOf(costMinor * quantity, vatRateBasisPoints)
  }
  return { goodsMinor, shippingMinor, shippingVatBasisPoints, vatMinor }
}

export type Landed = {
  /** In the supplier's currency. */
  own: Money
  /** In the business's. Null: no exchange rate is known, so it cannot be compared. */
  compared: Money | null
}

export function landedCost(bill: Bill, currency: string, terms: RoutingTerms): Landed {
  const minor = bill.goodsMinor + bill.shippingMinor + (terms.reclaimsVat ? 0 : bill.vatMinor)
  const own = { minor, currency }
  if (currency === terms.currency) return { own, compared: own }
  const rate = terms.rateOf(currency, terms.currency)
  return { own, compared: rate && convertMoney(own, rate, terms.currency) }
}

/** Below 0: the first is cheaper. What can be compared comes first; the rest in the order of their currencies. */
export function compareLanded(one: Landed, other: Landed): number {
  if (one.compared && other.compared) return one.compared.minor - other.compared.minor
  if (one.compared || other.compared) return one.compared ? -1 : 1
  if (one.own.currency !== other.own.currency) return one.own.currency < other.own.currency ? -1 : 1
  return one.own.minor - other.own.minor
}

/** As people are shown it: comparable where it can be. */
export function shownLanded({ own, compared }: Landed): Money {
  return compared ?? own
}
