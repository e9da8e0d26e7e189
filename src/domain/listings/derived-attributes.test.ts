// Shipping prices and parcels in drafts: what nobody has to type is taken from what is known (F2, F3, G1).
import { describe, expect, test } from 'vitest'
import { buildDrafts } from './build-draft.ts'
import type { DraftRules, DraftSource, DraftVariant } from './build-draft.ts'
import type { ListingAttribute } from './draft.ts'
import { highestShipping, largestOf } from './known-of-variant.ts'

const gbp = (minor: number) => ({ minor, currency: 'GBP' })
const asked = (key: string): ListingAttribute => ({
  key,
  label: key,
  isRequired: true,
  isVariation: false,
  isMultiple: false,
  takesOwnText: true,
})

const rules: DraftRules = {
  limits: {
    titleMax: 100,
    descriptionMax: 1000,
    descriptionTags: [],
    imagesMin: 0,
    imagesMax: 9,
    imageSide: null,
    skuMax: 40,
    variationsMax: 10,
    variationAttributesMax: 2,
    price: null,
    quantityMax: null,
    forbiddenWords: [],
  },
  attributes: [asked('weight'), asked('shipping')],
  hasCategories: false,
  currency: 'GBP',
  derive(variants) {
    const shipping = highestShipping(variants)
    return {
      weight: `${largestOf(variants, 'weightGrams') ?? ''}`,
      ...(shipping ? { shipping: `${shipping.minor}` } : {}),
      unasked: '1',
    }
  },
  shippingAttribute: 'shipping',
}

function variant(sku: string, changes: { grams?: number; shipping?: number; rate?: number | null } = {}): DraftVariant {
  const { grams = 400, shipping, rate = 2000 } = changes
  return {
    variantId: sku,
    sku,
    title: sku,
    options: { Size: sku },
    barcode: null,
    imageUrl: null,
    parcel: { weightGrams: grams, lengthMm: null, widthMm: null, heightMm: null },
    vatRateBasisPoints: rate,
    said: {
      included: true,
      title: null,
      attributes: {},
      price: gbp(1000),
      shipping: shipping === undefined ? null : gbp(shipping),
    },
    rulePrice: null,
    ownPrice: null,
    quantity: 1,
    listings: [],
  }
}

function source(variants: DraftVariant[], said: Record<string, string> = {}, template?: Record<string, string>) {
  const whole: DraftSource = {
    productId: 'p',
    handle: 'p',
    title: 'P',
    description: 'P',
    brand: null,
    productType: null,
    category: null,
    images: [],
    said: { title: null, description: null, categoryId: null, categoryPath: null, attributes: said, templateId: null },
    template: template
      ? { categoryId: '', categoryPath: '', attributes: template, titlePattern: null, descriptionPattern: null }
      : null,
    variants,
  }
  return whole
}
const attributesOf = (whole: DraftSource, more: Partial<DraftRules> = {}) =>
  buildDrafts(whole, { ...rules, ...more }).map(({ draft }) => {
    const { category: _, ...attributes } = draft.attributes
    return attributes
  })

describe('F2: the shipping price of a listing', () => {
  test('goes out with VAT, as the buyer pays it, to the penny', () => {
    expect(attributesOf(source([variant('S', { shipping: 329 })]))).toEqual([{ weight: '400', shipping: '395' }])
  })

  test('is the highest of the variations that go together, and each one’s own where each is a listing', () => {
    const two = source([variant('S', { shipping: 300 }), variant('L', { shipping: 500, grams: 900 })])
    expect(attributesOf(two)).toEqual([{ weight: '900', shipping: '600' }])
    const apart = { limits: { ...rules.limits, variationsMax: 1 } }
    expect(attributesOf(two, apart).map(({ shipping }) => shipping)).toEqual(['360', '600'])
  })

  test('comes before a template’s, which speaks for many, and after what is typed for the product', () => {
    const one = [variant('S', { shipping: 300 })]
    expect(attributesOf(source(one, {}, { shipping: '250' }))[0]).toMatchObject({ shipping: '360' })
    expect(attributesOf(source([variant('S')], {}, { shipping: '250' }))[0]).toMatchObject({ shipping: '250' })
    expect(attributesOf(source(one, { shipping: '199' }))[0]).toMatchObject({ shipping: '199' })
  })

  test('does not go out where its VAT rate is not known or its currency is another, and says so', () => {
    const [unknown] = buildDrafts(source([variant('S', { shipping: 300, rate: null })]), rules)
    expect(unknown?.draft.attributes).not.toHaveProperty('shipping')
    expect(unknown?.faults).toMatchObject([{ field: 'attribute', attribute: 'shipping', message: /VAT rate of “S”/ }])
    const [foreign] = buildDrafts(source([variant('S', { shipping: 300 })]), { ...rules, currency: 'EUR' })
    expect(foreign?.faults).toMatchObject([{ attribute: 'shipping', message: /in GBP, and prices here are in EUR/ }])
    const typed = source([variant('S', { shipping: 300, rate: null })], { shipping: '199' })
    expect(buildDrafts(typed, rules)[0]?.faults).toEqual([])
  })

  test('is no matter where the marketplace takes none', () => {
    const unknown = source([variant('S', { shipping: 300, rate: null })])
    expect(buildDrafts(unknown, { ...rules, derive: () => ({}), shippingAttribute: undefined })[0]?.faults).toEqual([])
  })
})

describe('G1: size and weight', () => {
  test('are those of the largest variation, only where asked for, and below what is said or templated', () => {
    const two = [variant('S'), variant('L', { grams: 900 })]
    expect(attributesOf(source(two))).toEqual([{ weight: '900' }])
    expect(attributesOf(source(two, {}, { weight: '1000' }))[0]).toEqual({ weight: '1000' })
    expect(attributesOf(source(two, { weight: '1' }, { weight: '1000' }))[0]).toEqual({ weight: '1' })
    expect(attributesOf(source(two), { attributes: [] })).toEqual([{}])
  })
})
