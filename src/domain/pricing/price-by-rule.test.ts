import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Offer } from '../purchasing/ask-offers.ts'
import type { RoutingTerms } from '../purchasing/landed-cost.ts'
import { priceByRule } from './price-by-rule.ts'
import type { PricingRule } from './pricing-rule.ts'

const offer: Offer = {
  id: 'o',
  variantId: 'v',
  supplierId: 's',
  supplierName: 'North',
  preference: 100,
  supplierActive: true,
  shipsTo: null,
  active: true,
  onHand: 10,
  reserved: 0,
  costMinor: 500,
  currency: 'GBP',
  vatRateBasisPoints: 0,
}
const terms: RoutingTerms = { currency: 'GBP', reclaimsVat: true, rateOf: () => null, services: new Map() }

function priceOf(costMinor: number, changes: Partial<PricingRule>): number | undefined {
  const rule: PricingRule = {
    name: 'A rule',
    channelIds: [],
    scope: { kind: 'all' },
    currency: 'GBP',
    shippingServiceId: null,
    markup: { kind: 'percent', basisPoints: 2500 },
    fee: { basisPoints: 1000, fixedMinor: 30 },
    vat: { from: 'rule', rateBasisPoints: 2000 },
    ending: null,
    floorMinor: null,
    ceilingMinor: null,
    ...changes,
  }
  const facts = { offers: [{ ...offer, costMinor }], terms, currency: 'GBP', vatRateBasisPoints: null }
  return priceByRule(rule, facts).price?.minor
}

const ending = fc.record({ minor: fc.constantFrom(0, 49, 95, 99), every: fc.constantFrom(100 as const, 1000 as const) })

test('F7: floor and ceiling are held against the price as it is shown, its ending included', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5000 }),
      ending,
      fc.integer({ min: 1, max: 9000 }),
      fc.integer({ min: 0, max: 4000 }),
      (cost, ending, floorMinor, above) => {
        const ceilingMinor = floorMinor + above
        const free = priceOf(cost, { ending })
        const bound = priceOf(cost, { ending, floorMinor, ceilingMinor })
        expect(bound).toBe(Math.min(ceilingMinor, Math.max(floorMinor, free ?? NaN)))
      },
    ),
  )
})
