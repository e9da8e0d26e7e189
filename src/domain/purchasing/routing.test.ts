import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Offer } from './ask-offers.ts'
import { draftPurchaseOrders } from './draft-purchase-orders.ts'
import { rateFinder, type ExchangeRate } from './exchange-rates.ts'
import type { RoutingTerms, ShippingTerms } from './landed-cost.ts'
import { chooseOffer, holdReasonFor, planRouting, type Need } from './routing.ts'

const offer = (id: string, changes: Partial<Offer> = {}): Offer => ({
  id,
  variantId: 'v',
  supplierId: `supplier of ${id}`,
  supplierName: `Supplier of ${id}`,
  preference: 100,
  supplierActive: true,
  shipsTo: null,
  active: true,
  onHand: 10,
  reserved: 0,
  costMinor: 500,
  currency: 'GBP',
  vatRateBasisPoints: 0,
  ...changes,
})

const need = (componentId: string, changes: Partial<Need> = {}): Need => ({
  componentId,
  orderId: `order of ${componentId}`,
  variantId: 'v',
  quantity: 1,
  goes: true,
  holdReason: null,
  reservedOfferId: null,
  localPickup: false,
  countryCode: 'GB',
  shippingServiceId: 'standard',
  declinedBy: [],
  ...changes,
})

type TermsChanges = {
  reclaimsVat?: boolean
  rates?: ExchangeRate[]
  services?: Record<string, Record<string, Partial<ShippingTerms>>>
}

const terms = ({ reclaimsVat = true, rates = [], services = {} }: TermsChanges = {}): RoutingTerms => ({
  currency: 'GBP',
  reclaimsVat,
  rateOf: rateFinder(rates, 'GBP'),
  services: new Map(
    Object.entries(services).map(([supplierId, ofSupplier]) => [
      supplierId,
      new Map(
        Object.entries(ofSupplier).map(([serviceId, changes]) => [
          serviceId,
          { carrier: 'royal-mail', costMinor: 0, vatRateBasisPoints: 0, active: true, ...changes },
        ]),
      ),
    ]),
  ),
})

const choose = (quantity: number, offers: Offer[], with_: TermsChanges = {}) =>
  chooseOffer(need('x', { quantity }), offers, terms(with_))
const plan = (needs: Need[], offers: Offer[], with_: TermsChanges = {}) => planRouting(needs, offers, terms(with_))

test('D4: the order of preference comes before the cost, the cost before anything else', () => {
  const dear = offer('a', { preference: 1, costMinor: 900 })
  const cheap = offer('b', { preference: 2, costMinor: 100 })
  expect(choose(1, [cheap, dear])).toMatchObject({ chosen: { id: 'a' }, because: 'preferred' })
  expect(choose(1, [offer('c'), offer('d', { costMinor: 499 })])).toMatchObject({
    chosen: { id: 'd' },
    because: 'cheaper',
  })
  expect(choose(1, [offer('f'), offer('e')])).toMatchObject({
    chosen: { id: 'e' },
    because: 'equal',
  })
})

test.each([
  [{ onHand: 4 }, 'not-enough', 'no-stock'],
  [{ onHand: 10, reserved: 6 }, 'not-enough', 'no-stock'],
  [{ onHand: null }, 'stock-unknown', 'stock-unknown'],
  [{ costMinor: null }, 'cost-unknown', 'cost-unknown'],
  [{ active: false }, 'offer-inactive', 'no-offer'],
  [{ supplierActive: false }, 'supplier-inactive', 'no-offer'],
] as [Partial<Offer>, string, string][])(
  'D4: five units are not taken from an offer with %j, because %s',
  (changes, because, holdReason) => {
    const choice = choose(5, [offer('a', changes)])
    expect(choice).toMatchObject({ chosen: null, refused: [{ because }] })
    expect(holdReasonFor(choice)).toBe(holdReason)
  },
)

test('D4: a variant without any offer waits for one', () => {
  expect(plan([need('x')], [])).toMatchObject([{ state: 'held', holdReason: 'no-offer' }])
})

test('D3b: what may not go yet is reserved, and routed from the same offer later', () => {
  const [first] = plan([need('x', { goes: false, holdReason: 'unpaid' })], [offer('a')])
  expect(first).toMatchObject({ state: 'reserved', holdReason: 'unpaid', takes: true })
  const better = offer('b', { preference: 1 })
  const [then] = plan([need('x', { reservedOfferId: 'a' })], [offer('a', { reserved: 1 }), better])
  expect(then).toMatchObject({ state: 'routed', offer: { id: 'a' }, takes: false })
})

test('D4: a reservation at a supplier who cannot deliver any more moves to another', () => {
  const [moved] = plan(
    [need('x', { reservedOfferId: 'a' })],
    [offer('a', { reserved: 1, supplierActive: false }), offer('b')],
  )
  expect(moved).toMatchObject({ state: 'routed', offer: { id: 'b' }, takes: true, givesUpOfferId: 'a' })
})

test('D4, S6: units whose cost or shipping is not known yet are promised, so that nobody else gets them', () => {
  const costless = offer('a', { onHand: 2, costMinor: null })
  const needs = [need('1', { orderId: 'o', quantity: 2 }), need('2', { orderId: 'o', quantity: 1 })]
  expect(plan(needs, [costless])).toMatchObject([
    { state: 'reserved', holdReason: 'cost-unknown', offer: { id: 'a' }, takes: true, givesUpOfferId: null },
    { state: 'held', holdReason: 'no-stock', offer: null, takes: false },
  ])
  const services = { 'supplier of a': { standard: { costMinor: null } } }
  expect(plan([need('x')], [offer('a')], { services })).toMatchObject([
    { state: 'reserved', holdReason: 'shipping-cost-unknown', offer: { id: 'a' } },
  ])
  // Whoever can send it goes first, and what keeps it from leaving anyway is told before.
  expect(plan([need('x')], [costless, offer('b')])).toMatchObject([{ state: 'routed', offer: { id: 'b' } }])
  expect(plan([need('x')], [costless, offer('b', { onHand: 0 })])).toMatchObject([
    { state: 'reserved', holdReason: 'cost-unknown', offer: { id: 'a' } },
  ])
  expect(plan([need('x', { goes: false, holdReason: 'unpaid' })], [costless])).toMatchObject([
    { state: 'reserved', holdReason: 'unpaid', offer: { id: 'a' } },
  ])
})

test('D4: units promised without a known cost stay promised, also when their supplier is short, until somebody can send them', () => {
  const promised = need('x', { reservedOfferId: 'a' })
  const costless = { preference: 200, onHand: 1, reserved: 3, costMinor: null }
  const alike = offer('b', { costMinor: null })
  expect(plan([promised], [offer('a', costless), alike])).toMatchObject([
    {
      state: 'reserved',
      holdReason: 'cost-unknown',
      offer: { id: 'a', reserved: 3 },
      takes: false,
      givesUpOfferId: null,
    },
  ])
  expect(plan([promised], [offer('a', costless), offer('b')])).toMatchObject([
    { state: 'routed', offer: { id: 'b' }, takes: true, givesUpOfferId: 'a' },
  ])
  expect(plan([promised], [offer('a', { ...costless, costMinor: 500 })])).toMatchObject([
    { state: 'routed', offer: { id: 'a', reserved: 3 }, takes: false, givesUpOfferId: null },
  ])
  expect(plan([promised], [offer('a', { ...costless, active: false })])).toMatchObject([
    { state: 'held', holdReason: 'no-offer', offer: null, takes: false, givesUpOfferId: 'a' },
  ])
  // A line that came later, be it the first of the order, does not take them from it.
  const ofOrder = [need('1', { orderId: 'o' }), need('2', { orderId: 'o', reservedOfferId: 'a' })]
  expect(plan(ofOrder, [offer('a', { onHand: 1, reserved: 1, costMinor: null })])).toMatchObject([
    { state: 'held', holdReason: 'no-stock' },
    { state: 'reserved', offer: { id: 'a', reserved: 1 }, takes: false },
  ])
})

test('D5: what goes to one supplier for one order is one purchase order, with the sum of its costs', () => {
  const common = { orderId: 'o' }
  const offers = [
    offer('a', { supplierId: 's' }),
    offer('b', { supplierId: 's', variantId: 'w', costMinor: 70 }),
    offer('c', { variantId: 'u' }),
  ]
  const needs = [
    need('1', common),
    need('2', { ...common, variantId: 'w', quantity: 2 }),
    need('3', { ...common, variantId: 'u' }),
  ]
  const drafts = draftPurchaseOrders(plan(needs, offers), new Map(), terms())
  expect(drafts.map(({ supplierId, goodsMinor, placements }) => [supplierId, goodsMinor, placements.length])).toEqual([
    ['s', 640, 2],
    ['supplier of c', 500, 1],
  ])
})

test('D4: landed cost is goods and shipping, so the dearer goods may be the cheaper choice', () => {
  const services = { near: { standard: { costMinor: 50 } }, far: { standard: { costMinor: 400 } } }
  const offers = [
    offer('a', { supplierId: 'far', supplierName: 'Far', costMinor: 500 }),
    offer('b', { supplierId: 'near', supplierName: 'Near', costMinor: 600 }),
  ]
  expect(choose(1, offers, { services })).toMatchObject({
    chosen: { id: 'b' },
    because: 'cheaper',
    landed: { minor: 650, currency: 'GBP' },
    others: [{ supplierName: 'Far', because: 'dearer', landed: { minor: 900, currency: 'GBP' } }],
  })
  // Shipping is paid once however many are sent, so of many the cheaper goods win.
  expect(choose(5, offers, { services })).toMatchObject({ chosen: { id: 'a' }, landed: { minor: 2900 } })
})

test('D4: VAT counts where it does not come back, rounded line by line, on goods and shipping', () => {
  const services = { s: { standard: { costMinor: 333, vatRateBasisPoints: 2000 } } }
  const offers = [
    offer('a', { supplierId: 's', costMinor: 333, vatRateBasisPoints: 500 }),
    offer('b', { supplierId: 't', costMinor: 700 }),
  ]
  expect(choose(1, offers, { services })).toMatchObject({ chosen: { id: 'a' }, landed: { minor: 666 } })
  // 333 + 17 (16.65) + 333 + 67 (66.6)
  expect(choose(1, offers, { services, reclaimsVat: false })).toMatchObject({
    chosen: { id: 'b' },
    others: [{ landed: { minor: 750 } }],
  })
})

const rate = (from: string, to: string, value: string): ExchangeRate => {
  return { from, to, rate: value, onDate: '2026-03-01', source: 'bank' }
}

test('D4: costs in other currencies are compared by the exchange rate, and asked last where none is known', () => {
  const offers = [
    offer('a', { currency: 'EUR', costMinor: 550, supplierName: 'Euro' }),
    offer('b', { currency: 'GBP', costMinor: 480, supplierName: 'Pound' }),
    offer('c', { currency: 'USD', costMinor: 100, supplierName: 'Dollar' }),
  ]
  expect(choose(1, offers, { rates: [rate('EUR', 'GBP', '0.85')] })).toMatchObject({
    chosen: { id: 'a' },
    because: 'cheaper',
    landed: { minor: 468, currency: 'GBP' },
    others: [
      { supplierName: 'Pound', because: 'dearer' },
      { supplierName: 'Dollar', because: 'no-rate', landed: { minor: 100, currency: 'USD' } },
    ],
  })
  expect(choose(1, offers)).toMatchObject({ chosen: { id: 'b' }, because: 'comparable' })
  // The seller's order of preference comes before what can be compared.
  const preferred = { ...offer('d', { currency: 'JPY' }), preference: 1 }
  expect(choose(1, [...offers, preferred])).toMatchObject({ chosen: { id: 'd' }, because: 'preferred' })
})

test.each([
  [{ shipsTo: ['FR', 'DE'] }, {}, {}, 'country-not-served', 'country-not-served'],
  [{}, {}, { express: {} }, 'service-not-offered', 'service-not-offered'],
  [{}, {}, { standard: { active: false } }, 'service-not-offered', 'service-not-offered'],
  [{}, {}, { standard: { costMinor: null } }, 'shipping-cost-unknown', 'shipping-cost-unknown'],
  [{}, { declinedBy: ['supplier of a'] }, {}, 'declined', 'declined'],
  [{ onHand: 0 }, {}, { standard: { costMinor: null } }, 'not-enough', 'no-stock'],
] as [Partial<Offer>, Partial<Need>, Record<string, Partial<ShippingTerms>>, string, string][])(
  'D4: an offer with %j is not taken for %j with services %j: %s',
  (changes, needs, services, because, holdReason) => {
    const withServices = Object.keys(services).length > 0 ? { services: { 'supplier of a': services } } : {}
    const choice = chooseOffer(need('x', needs), [offer('a', changes)], terms(withServices))
    expect(choice).toMatchObject({ chosen: null, refused: [{ because }] })
    expect(holdReasonFor(choice)).toBe(holdReason)
  },
)

test('D4: who picks up needs no shipping service and no country, and pays no shipping', () => {
  const services = { 'supplier of a': { express: { costMinor: null } } }
  const pickup = need('x', { localPickup: true, shippingServiceId: null, countryCode: null })
  const choice = chooseOffer(pickup, [offer('a', { shipsTo: ['FR'] })], terms({ services }))
  expect(choice).toMatchObject({ chosen: { id: 'a' }, landed: { minor: 500 } })
})

const twoLines = [need('1', { orderId: 'o' }), need('2', { orderId: 'o', variantId: 'w' })]

test('D4: lines of one order travel together, even where two suppliers would be cheaper line by line', () => {
  const offers = [
    offer('a', { supplierId: 's', supplierName: 'S', costMinor: 400 }),
    offer('b', { supplierId: 's', supplierName: 'S', variantId: 'w', costMinor: 400 }),
    offer('c', { supplierId: 't', supplierName: 'T', costMinor: 300, preference: 1 }),
    offer('d', { supplierId: 'u', supplierName: 'U', costMinor: 390 }),
    offer('e', { supplierId: 'u', supplierName: 'U', variantId: 'w', costMinor: 420 }),
  ]
  const placements = plan(twoLines, offers)
  expect(placements.map((placement) => placement.offer?.id)).toEqual(['a', 'b'])
  expect(placements[0]?.choice).toMatchObject({
    scope: 'together',
    because: 'cheaper',
    landed: { minor: 800 },
    others: [
      { supplierName: 'U', because: 'dearer', landed: { minor: 810 } },
      { supplierName: 'T', because: 'not-all' },
    ],
  })
})

test('D4: where nobody has all, each line goes where it is best, and a supplier who sends a parcel anyway adds no second shipping', () => {
  const services = { s: { standard: { costMinor: 300 } }, t: { standard: { costMinor: 300 } } }
  const needs = [...twoLines, need('3', { orderId: 'o', variantId: 'u' })]
  const offers = [
    offer('a', { supplierId: 's', costMinor: 400 }),
    offer('b', { supplierId: 's', variantId: 'u', costMinor: 400 }),
    offer('c', { supplierId: 't', variantId: 'w', costMinor: 400 }),
    // Cheaper than b, but not once its parcel is paid for... which is paid already.
    offer('d', { supplierId: 't', variantId: 'u', costMinor: 390 }),
  ]
  const placements = plan(needs, offers, { services })
  expect(placements.map((placement) => placement.offer?.id)).toEqual(['a', 'c', 'd'])
  expect(placements[2]?.choice).toMatchObject({ scope: 'split', landed: { minor: 390 } })
  const drafts = draftPurchaseOrders(placements, new Map(), terms({ services }))
  expect(drafts.map((draft) => [draft.supplierId, draft.goodsMinor, draft.shippingMinor])).toEqual([
    ['s', 400, 300],
    ['t', 790, 300],
  ])
})

test('D4: a line nobody has does not keep the others from travelling together', () => {
  const offers = [
    offer('a', { supplierId: 's' }),
    offer('b', { supplierId: 's', variantId: 'w' }),
    offer('c', { supplierId: 't', costMinor: 1 }),
  ]
  const placements = plan([...twoLines, need('3', { orderId: 'o', variantId: 'u' })], offers)
  expect(placements.map((placement) => placement.offer?.id ?? placement.holdReason)).toEqual(['a', 'b', 'no-offer'])
})

test('D4: two lines of one thing travel together only from a supplier who has enough for both', () => {
  const lines = [need('1', { orderId: 'o', quantity: 2 }), need('2', { orderId: 'o', quantity: 2 })]
  const offers = [offer('a', { onHand: 3, costMinor: 1 }), offer('b', { onHand: 4 })]
  expect(plan(lines, offers).map((placement) => placement.offer?.id)).toEqual(['b', 'b'])
})

test('P6: a purchase order knows its VAT line by line, its carrier, and the rate into the order’s currency', () => {
  const services = { s: { standard: { costMinor: 299, vatRateBasisPoints: 2000, carrier: 'dpd' } } }
  const offers = [
    offer('a', { supplierId: 's', currency: 'EUR', costMinor: 333, vatRateBasisPoints: 2000 }),
    offer('b', { supplierId: 's', currency: 'EUR', variantId: 'w', costMinor: 333, vatRateBasisPoints: 500 }),
  ]
  const withRates = { services, rates: [rate('EUR', 'GBP', '0.85'), rate('USD', 'GBP', '0.8')] }
  const [draft] = draftPurchaseOrders(plan(twoLines, offers, withRates), new Map([['o', 'USD']]), terms(withRates))
  // 66.6 → 67, 16.65 → 17, 59.8 → 60; one euro is 0.85 pounds, and a dollar 0.8 of one.
  expect(draft).toMatchObject({
    goodsMinor: 666,
    shippingMinor: 299,
    vatMinor: 67 + 17 + 60,
    carrier: 'dpd',
    rate: { rate: '1.0625', onDate: '2026-03-01', source: 'bank' },
  })
  const [unknown] = draftPurchaseOrders(
    plan(twoLines, offers, { services }),
    new Map([['o', 'USD']]),
    terms({ services }),
  )
  expect(unknown).toMatchObject({ rate: null })
})

const someOffers = fc.uniqueArray(
  fc.record({
    supplierId: fc.constantFrom('s', 't', 'u'),
    variantId: fc.constantFrom('v', 'w'),
    preference: fc.integer({ min: 1, max: 2 }),
    supplierActive: fc.boolean(),
    active: fc.boolean(),
    onHand: fc.option(fc.integer({ min: 0, max: 6 })),
    costMinor: fc.option(fc.integer({ min: 1, max: 3 })),
  }),
  { maxLength: 6, selector: ({ supplierId, variantId }) => `${supplierId} ${variantId}` },
)
const someNeeds = fc.array(
  fc.record({
    orderId: fc.constantFrom('o', 'p', 'q'),
    variantId: fc.constantFrom('v', 'w'),
    quantity: fc.integer({ min: 1, max: 3 }),
    goes: fc.boolean(),
  }),
  { maxLength: 8 },
)

test('D4, S1: whatever is asked of whatever there is, no offer promises more than it has and no need is filled twice', () => {
  fc.assert(
    fc.property(someOffers, someNeeds, (offerSeeds, needSeeds) => {
      const offers = offerSeeds.map((seed, index) => offer(`o${index}`, seed))
      const placements = plan(
        needSeeds.map((seed, index) => need(`n${index}`, seed)),
        offers,
      )
      expect(placements).toHaveLength(needSeeds.length)
      for (const { id, onHand } of offers) {
        const promised = placements.filter((placement) => placement.offer?.id === id)
        const units = promised.reduce((sum, placement) => sum + placement.need.quantity, 0)
        if (promised.length > 0) expect(units).toBeLessThanOrEqual(onHand ?? -1)
        for (const placement of promised)
          expect(placement.offer).toMatchObject({
            active: true,
            supplierActive: true,
            variantId: placement.need.variantId,
          })
      }
      for (const { state, holdReason, offer: taken, need: placed } of placements) {
        if (!taken) expect(state).toBe('held')
        else if (taken.costMinor !== null) expect(state).toBe(placed.goes ? 'routed' : 'reserved')
        else expect([state, holdReason]).toEqual(['reserved', 'cost-unknown'])
      }
    }),
  )
})

test('D4: nothing waits while an offer has enough for it left', () => {
  fc.assert(
    fc.property(someOffers, someNeeds, (offerSeeds, needSeeds) => {
      const offers = offerSeeds.map((seed, index) =>
        offer(`o${index}`, { ...seed, active: true, supplierActive: true }),
      )
      const placements = plan(
        needSeeds.map((seed, index) => need(`n${index}`, seed)),
        offers,
      )
      for (const waiting of placements.filter((placement) => placement.state === 'held')) {
        for (const candidate of offers.filter(({ variantId }) => variantId === waiting.need.variantId)) {
          const taken = placements
            .filter((placement) => placement.offer?.id === candidate.id)
            .reduce((sum, { need }) => sum + need.quantity, 0)
          expect((candidate.onHand ?? 0) - taken).toBeLessThan(waiting.need.quantity)
        }
      }
    }),
  )
})

test('D4: whenever one supplier could fill all that can be filled of an order, one supplier gets all of it', () => {
  fc.assert(
    fc.property(someOffers, someNeeds, (offerSeeds, needSeeds) => {
      const offers = offerSeeds.map((seed, index) => offer(`o${index}`, seed))
      const needs = needSeeds.map((seed, index) => need(`n${index}`, seed))
      const placements = plan(needs, offers)
      const left = new Map(
        offers.map((each) => [
          each.id,
          each.active && each.supplierActive && each.costMinor !== null ? (each.onHand ?? 0) : 0,
        ]),
      )
      const has = (supplierId: string, wanted: Need[]) =>
        Map.groupBy(wanted, (each) => each.variantId)
          .entries()
          .every(([variantId, ofVariant]) => {
            const units = ofVariant.reduce((sum, each) => sum + each.quantity, 0)
            return offers.some(
              (each) =>
                each.supplierId === supplierId && each.variantId === variantId && (left.get(each.id) ?? 0) >= units,
            )
          })
      for (const orderId of new Set(needs.map((each) => each.orderId))) {
        const ofOrder = placements.filter((placement) => placement.need.orderId === orderId)
        const fillable = ofOrder.filter(({ need: wanted }) =>
          ['s', 't', 'u'].some((supplierId) => has(supplierId, [wanted])),
        )
        const wanted = fillable.map((placement) => placement.need)
        if (['s', 't', 'u'].some((supplierId) => has(supplierId, wanted)))
          expect(new Set(fillable.map((placement) => placement.offer?.supplierId)).size).toBeLessThanOrEqual(1)
        for (const { offer: taken, need: placed } of ofOrder)
          if (taken) left.set(taken.id, (left.get(taken.id) ?? 0) - placed.quantity)
      }
    }),
    { numRuns: 500 },
  )
})
