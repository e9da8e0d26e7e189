import { describe, expect, test } from 'vitest'
import { fetchedPictureFaults, draftFaults, textOfFaults } from './draft-faults.ts'
import type { DraftRules } from './draft-faults.ts'
import type { ListingAttribute, ListingDraft, ListingLimits, ListingVariation } from './draft.ts'

const gbp = (minor: number) => ({ minor, currency: 'GBP' })

const limits: ListingLimits = {
  titleMax: 20,
  descriptionMax: 60,
  descriptionTags: ['p', 'br'],
  imagesMin: 1,
  imagesMax: 2,
  imageSide: null,
  skuMax: 10,
  variationsMax: 3,
  variationAttributesMax: 2,
  price: { min: gbp(1), max: gbp(10_000) },
  quantityMax: 500,
  forbiddenWords: ['free shipping', 'best'],
}
const attribute = (key: string, more: Partial<ListingAttribute> = {}): ListingAttribute => ({
  key,
  label: key.toUpperCase(),
  isRequired: false,
  isVariation: false,
  isMultiple: false,
  takesOwnText: true,
  ...more,
})
const choices = [
  { value: 'id:1', label: 'Cotton' },
  { value: 'id:2', label: 'Wool' },
]
const rules: DraftRules = {
  limits,
  currencies: ['GBP'],
  attributes: [
    attribute('material', { isRequired: true, choices, takesOwnText: false }),
    attribute('uses', { choices, takesOwnText: false, isMultiple: true }),
    attribute('weight', { unit: 'kg' }),
    attribute('color', { isVariation: true }),
  ],
}
const draft: ListingDraft = {
  channelSku: 'MUG-1',
  title: 'A mug',
  description: '<p>It holds tea.</p>',
  price: gbp(1250),
  quantity: 3,
  images: ['https://images.example.test/1.jpg'],
  barcode: '5012345678900',
  brand: null,
  model: null,
  attributes: { material: 'id:1' },
}
const variation = (channelSku: string, attributes: Record<string, string>, more: Partial<ListingVariation> = {}) => ({
  channelSku,
  price: gbp(1000),
  quantity: 1,
  barcode: null,
  image: null,
  attributes,
  ...more,
})
const [red, blue] = [variation('RED', { color: 'red' }), variation('BLUE', { color: 'blue' })]
const faultsOf = (changes: Partial<ListingDraft>, more: Partial<DraftRules> = {}) =>
  draftFaults({ ...draft, ...changes }, { ...rules, ...more })

describe('F4: what is wrong with a draft', () => {
  test('a good one has no fault, alone and with variations', () => {
    expect(faultsOf({})).toEqual([])
    expect(faultsOf({ variations: [red, blue] })).toEqual([])
  })

  test('up to its limits everything is taken', () => {
    const full = { title: 'x'.repeat(20), description: 'x'.repeat(60), channelSku: 'x'.repeat(10), quantity: 500 }
    const images = ['/pictures/1', 'https://images.example.test/2.jpg']
    expect(faultsOf({ ...full, images, price: gbp(10_000) })).toEqual([])
    expect(faultsOf({ price: gbp(1), quantity: 0 })).toEqual([])
  })

  test.each<[string, Partial<ListingDraft>, object]>([
    ['an empty title', { title: '  ' }, { field: 'title', message: /empty/ }],
    [
      'a title too long, by how many',
      { title: 'x'.repeat(23) },
      { field: 'title', message: /23 characters, 3 too many/ },
    ],
    ['a forbidden word', { title: 'The BEST mug' }, { field: 'title', message: /“best”/ }],
    ['a forbidden phrase in the text', { description: '<p>With free shipping!</p>' }, { field: 'description' }],
    ['an empty description', { description: '<p> </p>' }, { field: 'description', message: /empty/ }],
    ['a long description', { description: 'x'.repeat(61) }, { field: 'description', message: /1 too many/ }],
    ['an element', { description: '<h2>Tea</h2><script>x</script>' }, { field: 'description', message: /h2, script/ }],
    ['no picture', { images: [] }, { field: 'images', message: /no picture/ }],
    ['too many pictures', { images: ['/pictures/1', '/pictures/2', '/pictures/3'] }, { message: /remove 1/ }],
    ['no address', { images: ['photo.jpg'] }, { field: 'images', message: /no address/ }],
    ['another no address', { images: ['//images.example.test/1.jpg'] }, { field: 'images' }],
    ['a missing attribute', { attributes: {} }, { field: 'attribute', attribute: 'material', message: /MATERIAL/ }],
    ['no choice', { attributes: { material: 'Silk' } }, { attribute: 'material', message: /cannot be “Silk”/ }],
    ['two of one', { attributes: { material: 'id:1|id:2' } }, { attribute: 'material', message: /one value/ }],
    ['no number', { attributes: { material: 'id:1', weight: 'heavy' } }, { attribute: 'weight', message: /number/ }],
    ['a weight of 0', { attributes: { material: 'id:1', weight: '0' } }, { attribute: 'weight' }],
    ['a price of 0', { price: gbp(0) }, { field: 'price', message: /above 0/ }],
    ['half a penny', { price: gbp(0.5) }, { field: 'price' }],
    ['a price too high', { price: gbp(10_001) }, { field: 'price', message: /100\.01 GBP.*from 0\.01 to 100\.00/ }],
    ['another currency', { price: { minor: 1, currency: 'EUR' } }, { field: 'price', message: /in GBP.*in EUR/ }],
    ['a stock below 0', { quantity: -1 }, { field: 'quantity' }],
    ['half an article', { quantity: 1.5 }, { field: 'quantity' }],
    ['too much stock', { quantity: 501 }, { field: 'quantity', message: /500/ }],
    ['no SKU', { channelSku: ' ' }, { field: 'sku', message: /empty/ }],
    ['a long SKU', { channelSku: 'x'.repeat(12) }, { field: 'sku', message: /2 too many/ }],
    ['a wrong barcode', { barcode: '5012345678901' }, { field: 'barcode', message: /5012345678901/ }],
  ])('%s is one fault', (_name, changes, fault) => {
    const expected = Object.fromEntries(
      Object.entries(fault).map(([key, value]) => [
        key,
        value instanceof RegExp ? expect.stringMatching(value) : value,
      ]),
    )
    expect(faultsOf(changes)).toEqual([expect.objectContaining(expected)])
  })

  test('several values are taken where they may be, a comma is a decimal point, and a word is no part of another', () => {
    const attributes = { material: 'id:1', uses: 'id:1 | id:2', weight: '0,4' }
    expect(faultsOf({ attributes, title: 'Bestow abest mug' })).toEqual([])
  })

  test('of a draft that is wrong everywhere everything is said at once', () => {
    const faults = faultsOf({ title: '', description: '', images: [], attributes: {}, price: gbp(0), quantity: -1 })
    expect(faults.map(({ field }) => field)).toEqual([
      'title',
      'description',
      'images',
      'attribute',
      'price',
      'quantity',
    ])
    expect(textOfFaults(faults)).toMatch(/^The title is empty.*picture/)
  })

  test('an offer on a product of theirs needs price, stock and SKU only', () => {
    const bare = { title: '', description: '', images: [], attributes: {} }
    expect(faultsOf(bare, { onlyOffer: true })).toEqual([])
    expect(faultsOf({ ...bare, price: gbp(0) }, { onlyOffer: true })).toMatchObject([{ field: 'price' }])
  })
})

describe('F4: what is wrong with variations, each child by its SKU', () => {
  const both = { size: 'S', color: 'red' }
  test.each<[string, ListingVariation[], object]>([
    ['none', [], { field: 'variations', message: /no variation/ }],
    ['too many', ['a', 'b', 'c', 'd'].map((one) => variation(one, { color: one })), { message: /4 variations.*3/ }],
    ['the same values', [red, variation('RED-2', { color: 'Red' })], { field: 'variations', channelSku: 'RED-2' }],
    ['nothing apart', [variation('A', {}), variation('B', {})], { field: 'variations', message: /tells/ }],
    ['one lacks a value', [variation('A', both), red], { attribute: 'size', channelSku: 'RED', message: /missing/ }],
    ['a wrong price', [red, variation('B', { color: 'b' }, { price: gbp(0) })], { field: 'price', channelSku: 'B' }],
    ['a wrong barcode', [red, variation('B', { color: 'b' }, { barcode: '1' })], { field: 'barcode', channelSku: 'B' }],
    ['a wrong picture', [red, variation('B', { color: 'b' }, { image: 'x' })], { field: 'images', channelSku: 'B' }],
    ['a SKU twice', [red, variation('RED', { color: 'b' })], { field: 'sku', message: /“RED”/ }],
  ])('%s', (_name, variations, fault) => {
    const expected = Object.fromEntries(
      Object.entries(fault).map(([key, value]) => [
        key,
        value instanceof RegExp ? expect.stringMatching(value) : value,
      ]),
    )
    expect(faultsOf({ variations })).toEqual([expect.objectContaining(expected)])
  })

  test('a barcode of two is said of the second', () => {
    const barcode = '5012345678900'
    const variations = [
      { ...red, barcode },
      { ...blue, barcode: '50-1234-5678900' },
    ]
    expect(faultsOf({ variations })).toMatchObject([{ field: 'barcode', channelSku: 'BLUE' }])
  })

  test('they may differ in so many ways and no more', () => {
    const values = (one: string) => ({ color: one, size: one, shape: one })
    const variations = [variation('A', values('a')), variation('B', values('b'))]
    expect(faultsOf({ variations })).toMatchObject([
      { field: 'variations', message: expect.stringContaining('3 ways') },
    ])
  })

  test('a marketplace without variations says that each is listed on its own', () => {
    const alone = { limits: { ...limits, variationsMax: 1 } }
    expect(faultsOf({ variations: [red, blue] }, alone)).toMatchObject([
      { message: expect.stringContaining('on its own') },
    ])
    expect(faultsOf({ variations: [red] }, alone)).toEqual([])
  })

  test('a required attribute may stand with the variations, and then each needs it', () => {
    const inColor = (value: string) => ({ material: value, color: value })
    const variations = [variation('A', inColor('id:1')), variation('B', inColor('id:9'))]
    expect(faultsOf({ attributes: {}, variations })).toMatchObject([{ attribute: 'material', channelSku: 'B' }])
  })
})

test('a picture of ours cannot be fetched by a marketplace unless the hub has an address', () => {
  expect(fetchedPictureFaults({ ...draft, images: ['/pictures/1'] }, 'Theirs')).toMatchObject([{ field: 'images' }])
  expect(fetchedPictureFaults(draft, 'Theirs')).toEqual([])
})
