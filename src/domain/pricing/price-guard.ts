// The loss guard (E4, R1): what becomes of the price of a listing when it is sold, and the lowest price that is no loss.
// Goods of a pack or kit add up; each supplier of a kit ships once; the marketplace takes its fee of the whole; where parts
// have different VAT the highest rate counts, so that the guard errs towards asking.
import { priceThatLeaves, shareOf, vatWithin } from '../money.ts'

export type GuardPart = {
  quantity: number
  supplierId: string
  /** Of one unit, in the currency of the price. */
  costMinor: number
  /** Of one parcel of this supplier. */
  shippingMinor: number
  /** Unknown counts as none where a price is typed by hand. */
  vatBasisPoints: number
  feeBasisPoints: number
  feeFixedMinor: number
  /** The rule's floor for one unit; 0: none. */
  floorMinor: number
}

export type GuardedCosts = {
  costMinor: number
  shippingMinor: number
  vatBasisPoints: number
  feeBasisPoints: number
  feeFixedMinor: number
  floorMinor: number
  /** Null: VAT and fees take all of any price. */
  leastMinor: number | null
}

/** All parts' costs must be known. `chargedMinor`: what the buyer pays for shipping apart from the price. */
export function guardedCosts(parts: GuardPart[], chargedMinor = 0): GuardedCosts {
  const most = (of: (part: GuardPart) => number) => parts.reduce((top, part) => Math.max(top, of(part)), 0)
  const sum = (of: (part: GuardPart) => number) => parts.reduce((total, part) => total + part.quantity * of(part), 0)
  const bySupplier = new Map<string, number>()
  for (const { supplierId, shippingMinor } of parts)
    bySupplier.set(supplierId, Math.max(bySupplier.get(supplierId) ?? 0, shippingMinor))
  const shipping = [...bySupplier.values()].reduce((total, minor) => total + minor, 0)
  const costs = {
    costMinor: sum((part) => part.costMinor),
    shippingMinor: Math.max(0, shipping - chargedMinor),
    vatBasisPoints: most((part) => part.vatBasisPoints),
    feeBasisPoints: most((part) => part.feeBasisPoints),
    feeFixedMinor: most((part) => part.feeFixedMinor),
    floorMinor: sum((part) => part.floorMinor),
  }
  const leastMinor = priceThatLeaves(costs.costMinor + costs.shippingMinor + costs.feeFixedMinor, {
    ...costs,
    marginBasisPoints: 0,
  })
  return { ...costs, leastMinor }
}

export type PriceApproval = { downToMinor: number; currency: string; costMinor: number }

export type WaitReason = 'loss' | 'below-floor' | 'large-step'

/** Why a price waits for a person; empty: it may go. */
export function waitReasons(
  price: { minor: number; currency: string },
  facts: {
    /** Null: not known. */
    costs: GuardedCosts | null
    /** What the listing shows; null: nothing, or in another currency. */
    showsMinor: number | null
    stepMaxBasisPoints: number
    stepApproved: boolean
    approval: PriceApproval | null
  },
): WaitReason[] {
  const { costs, showsMinor, approval } = facts
  const reasons: WaitReason[] = []
  const isApproved =
    approval !== null &&
    approval.currency === price.currency &&
    price.minor >= approval.downToMinor &&
    (costs === null || fixedCosts(costs) <= approval.costMinor)
  if (costs && !isApproved) {
    if (costs.leastMinor === null || price.minor < costs.leastMinor) reasons.push('loss')
    if (price.minor < costs.floorMinor) reasons.push('below-floor')
  }
  if (showsMinor !== null && !facts.stepApproved && isLargeStep(showsMinor, price.minor, facts.stepMaxBasisPoints))
    reasons.push('large-step')
  return reasons
}

/** What an approval holds for: until it rises. */
export function fixedCosts(costs: GuardedCosts): number {
  return costs.costMinor + costs.shippingMinor + costs.feeFixedMinor
}

export function isLargeStep(before: number, after: number, maxBasisPoints: number): boolean {
  return before > 0 && BigInt(Math.abs(after - before)) * 10_000n > BigInt(before) * BigInt(maxBasisPoints)
}

export type PriceSplit = {
  vatMinor: number
  feesMinor: number
  leftMinor: number
  marginBasisPoints: number | null
}

/** What becomes of the price, to the penny: VAT in it, the marketplace's fees, cost, and what is left. */
export function splitPrice(priceMinor: number, costs: GuardedCosts): PriceSplit {
  const vatMinor = vatWithin(priceMinor, costs.vatBasisPoints)
  const feesMinor = shareOf(priceMinor, costs.feeBasisPoints) + costs.feeFixedMinor
  const net = priceMinor - vatMinor
  const leftMinor = net - feesMinor - costs.costMinor - costs.shippingMinor
  return { vatMinor, feesMinor, leftMinor, marginBasisPoints: net > 0 ? Math.round((leftMinor * 10_000) / net) : null }
}
