import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { advertisedStock, unitsOf } from './advertised.ts'
import type { AdvertisingRules, ComponentStock, OfferStock } from './advertised.ts'
import { explainStock } from './explain.ts'

const plainRules: AdvertisingRules = { stockThreshold: 0, advertisedMax: 0, takesQuantity: true }

const offer = (onHand: number | null, reserved = 0, active = true): OfferStock => ({
  supplierName: 'Supplier',
  active,
  onHand,
  reserved,
  onHandAt: null,
})
const component = (quantity: number, ...offers: OfferStock[]): ComponentStock => ({ sku: 'A', quantity, offers })

describe('advertised stock', () => {
  test('E2: available is on hand less reserved over the suppliers in use', () => {
    const stock = advertisedStock([component(1, offer(5, 2), offer(4), offer(9, 0, false))], plainRules)
    expect(stock).toEqual({ quantity: 7, zeroByThreshold: false, because: [{ step: 'available', after: 7 }] })
  })

  test('E2: available is never below 0 and a shortage is flagged', () => {
    const stock = advertisedStock([component(1, offer(2, 5), offer(3))], plainRules)
    expect(stock.quantity).toBe(3)
    expect(stock.because.map(({ step }) => step)).toContain('shortage')
  })

  test('E1: unknown stock is not 0, and a known supplier still counts beside it', () => {
    expect(advertisedStock([component(1, offer(null))], plainRules).quantity).toBeNull()
    expect(advertisedStock([component(1)], plainRules).quantity).toBeNull()
    expect(advertisedStock([component(1, offer(null), offer(2))], plainRules).quantity).toBe(2)
  })

  test('E2: what every supplier has given up shows 0', () => {
    expect(advertisedStock([component(1, offer(7, 0, false))], plainRules).quantity).toBe(0)
  })

  test('E2: a pack is rounded down per supplier, for one supplier sends the whole pack', () => {
    expect(unitsOf(component(2, offer(3), offer(3)))).toBe(2)
    expect(unitsOf(component(4, offer(3), offer(3)))).toBe(0)
  })

  test('E2: a kit has as many as its scarcest part, and one part that is out settles it', () => {
    expect(advertisedStock([component(1, offer(9)), component(2, offer(5))], plainRules).quantity).toBe(2)
    expect(advertisedStock([component(1, offer(null)), component(1, offer(0))], plainRules).quantity).toBe(0)
    expect(advertisedStock([component(1, offer(null)), component(1, offer(3))], plainRules).quantity).toBeNull()
  })

  test('A10: at or below the threshold it shows 0, above it the real figure, then capped', () => {
    const rules = { ...plainRules, stockThreshold: 5, advertisedMax: 3 }
    expect(advertisedStock([component(1, offer(5))], rules)).toMatchObject({ quantity: 0, zeroByThreshold: true })
    expect(advertisedStock([component(1, offer(6))], rules)).toMatchObject({ quantity: 3, zeroByThreshold: false })
    expect(advertisedStock([component(1, offer(2))], { ...plainRules, advertisedMax: 3 }).quantity).toBe(2)
  })

  test('A10: a real 0 is not blamed on the threshold', () => {
    expect(advertisedStock([component(1, offer(0))], { ...plainRules, stockThreshold: 5 }).zeroByThreshold).toBe(false)
  })

  test('one of a kind shows 1 at most, and its threshold looks at the stock', () => {
    const single = { ...plainRules, takesQuantity: false }
    expect(advertisedStock([component(1, offer(9))], single).quantity).toBe(1)
    expect(advertisedStock([component(1, offer(9))], { ...single, stockThreshold: 5 }).quantity).toBe(1)
  })

  test('S3: what a listing shows can be delivered, each unit of it from one supplier per part', () => {
    const anyOffer = fc.record({
      supplierName: fc.constant('Supplier'),
      active: fc.boolean(),
      onHand: fc.option(fc.nat(20)),
      reserved: fc.nat(5),
      onHandAt: fc.constant(null),
    })
    const anyComponent = fc.record({
      sku: fc.constant('A'),
      quantity: fc.integer({ min: 1, max: 4 }),
      offers: fc.array(anyOffer, { maxLength: 4 }),
    })
    const anyRules = fc.record({ stockThreshold: fc.nat(8), advertisedMax: fc.nat(8), takesQuantity: fc.boolean() })
    fc.assert(
      fc.property(fc.array(anyComponent, { minLength: 1, maxLength: 3 }), anyRules, (components, rules) => {
        const { quantity } = advertisedStock(components, rules)
        if (quantity === null) return
        expect(quantity).toBeGreaterThanOrEqual(0)
        for (const { offers, quantity: each } of components) {
          const shelves = offers.map(({ active, onHand, reserved }) => (active ? (onHand ?? 0) - reserved : 0))
          for (let unit = 0; unit < quantity; unit++) {
            const shelf = shelves.findIndex((left) => left >= each)
            expect(shelf).not.toBe(-1)
            shelves[shelf] = (shelves[shelf] ?? 0) - each
          }
        }
      }),
    )
  })
})

describe('why it shows that', () => {
  const facts = { shows: 3, showsAsOf: null, stockUpdate: true, channelEnabled: true, waitingForPerson: false }

  test('E2: every step is told with its figure, and the last sentence says whether it is so', () => {
    const told = explainStock({
      ...facts,
      components: [component(2, offer(20, 2))],
      rules: { ...plainRules, advertisedMax: 3 },
    })
    expect(told.steps.map(({ step, after }) => [step, after])).toEqual([
      ['offer', 18],
      ['pack', 9],
      ['available', 9],
      ['advertised-max', 3],
      ['shown', 3],
    ])
    expect(told.sentence).toBe('It shows 3, as it should.')
  })

  test('E2: what is not sent says why', () => {
    const components = [component(1, offer(7))]
    expect(explainStock({ ...facts, components, rules: plainRules, stockUpdate: false }).sentence).toContain(
      'stock update is off',
    )
    expect(explainStock({ ...facts, components: [component(1, offer(null))], rules: plainRules }).sentence).toContain(
      'not known',
    )
  })
})
