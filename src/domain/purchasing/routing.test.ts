import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chooseOffer, draftPurchaseOrders, holdReasonFor, planRouting, type Need, type Offer } from './routing.ts'

const offer = (id: string, changes: Partial<Offer> = {}): Offer => ({
  id,
  variantId: 'v',
  supplierId: `supplier of ${id}`,
  supplierName: `Supplier of ${id}`,
  preference: 100,
  supplierActive: true,
  active: true,
  onHand: 10,
  reserved: 0,
  costMinor: 500,
  currency: 'GBP',
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
  ...changes,
})

test('D4: the order of preference comes before the cost, the cost before anything else', () => {
  const dear = offer('a', { preference: 1, costMinor: 900 })
  const cheap = offer('b', { preference: 2, costMinor: 100 })
  expect(chooseOffer({ quantity: 1 }, [cheap, dear])).toMatchObject({ chosen: { id: 'a' }, because: 'preferred' })
  expect(chooseOffer({ quantity: 1 }, [offer('c'), offer('d', { costMinor: 499 })])).toMatchObject({
    chosen: { id: 'd' },
    because: 'cheaper',
  })
  expect(chooseOffer({ quantity: 1 }, [offer('f'), offer('e')])).toMatchObject({
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
    const choice = chooseOffer({ quantity: 5 }, [offer('a', changes)])
    expect(choice).toMatchObject({ chosen: null, refused: [{ because }] })
    expect(holdReasonFor(choice)).toBe(holdReason)
  },
)

test('D4: a variant without any offer waits for one', () => {
  expect(planRouting([need('x')], [])).toMatchObject([{ state: 'held', holdReason: 'no-offer' }])
})

test('D3b: what may not go yet is reserved, and routed from the same offer later', () => {
  const [first] = planRouting([need('x', { goes: false, holdReason: 'unpaid' })], [offer('a')])
  expect(first).toMatchObject({ state: 'reserved', holdReason: 'unpaid', takes: true })
  const better = offer('b', { preference: 1 })
  const [then] = planRouting([need('x', { reservedOfferId: 'a' })], [offer('a', { reserved: 1 }), better])
  expect(then).toMatchObject({ state: 'routed', offer: { id: 'a' }, takes: false })
})

test('D4: a reservation at a supplier who cannot deliver any more moves to another', () => {
  const [moved] = planRouting(
    [need('x', { reservedOfferId: 'a' })],
    [offer('a', { reserved: 1, supplierActive: false }), offer('b')],
  )
  expect(moved).toMatchObject({ state: 'routed', offer: { id: 'b' }, takes: true, givesUpOfferId: 'a' })
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
  const drafts = draftPurchaseOrders(planRouting(needs, offers))
  expect(drafts.map(({ supplierId, costMinor, placements }) => [supplierId, costMinor, placements.length])).toEqual([
    ['s', 640, 2],
    ['supplier of c', 500, 1],
  ])
})

const someOffers = fc.array(
  fc.record({
    variantId: fc.constantFrom('v', 'w'),
    preference: fc.integer({ min: 1, max: 2 }),
    supplierActive: fc.boolean(),
    active: fc.boolean(),
    onHand: fc.option(fc.integer({ min: 0, max: 6 })),
    costMinor: fc.option(fc.integer({ min: 1, max: 3 })),
  }),
  { maxLength: 5 },
)
const someNeeds = fc.array(
  fc.record({ variantId: fc.constantFrom('v', 'w'), quantity: fc.integer({ min: 1, max: 3 }), goes: fc.boolean() }),
  { maxLength: 8 },
)

test('D4, S1: whatever is asked of whatever there is, no offer promises more than it has and no need is filled twice', () => {
  fc.assert(
    fc.property(someOffers, someNeeds, (offerSeeds, needSeeds) => {
      const offers = offerSeeds.map((seed, index) => offer(`o${index}`, seed))
      const placements = planRouting(
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
      for (const placement of placements) {
        expect(placement.state).toBe(placement.offer ? (placement.need.goes ? 'routed' : 'reserved') : 'held')
      }
    }),
  )
})

test('D4: nothing waits while an offer has enough for it left', () => {
  fc.assert(
    fc.property(someOffers, someNeeds, (offerSeeds, needSeeds) => {
      const offers = offerSeeds.map((seed, index) =>
        offer(`o${index}`, { ...seed, active: true, supplierActive: true, costMinor: 1 }),
      )
      const placements = planRouting(
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
