import { describe, expect, test } from 'vitest'
import type { ListingDraft } from '../connector.ts'
import { site } from '../scripted-wish.ts'
import { wish } from './index.ts'

const { listings } = wish
if (!listings?.explainRefusal || !listings.faults) throw new Error('It has')
const { explainRefusal, faults } = listings

const draft: ListingDraft = {
  channelSku: 'MUG',
  title: 'Mug',
  description: 'A mug.',
  price: { minor: 1050, currency: 'GBP' },
  quantity: 3,
  images: ['https://images.example.test/1.jpg'],
  barcode: null,
  brand: null,
  model: null,
  attributes: { category_id: '12', default_shipping_price: '2.50' },
}
const red = { ...draft, channelSku: 'RED', image: null, attributes: { COLOR: 'red' } }

describe('F3: a refusal in plain words', () => {
  test.each([
    ['There is an existing product with such parent SKU.', 'sku'],
    ['There is an existing variation with such SKU.', 'sku'],
    ['There are variations with the same SKU.', 'sku'],
    ['The description must not contain HTML.', 'description'],
    ['Missing required parameter: description.', 'description'],
    ['Only one clean image URL can be specified.', 'images'],
    ['The image of a variation must be one of the extra images.', 'images'],
    ['The currency code must be GBP, the localized currency of the merchant.', 'price'],
    ['Cost-based merchants must set cost instead of price.', 'price'],
    ['There is no such warehouse ID for the merchant.', 'quantity'],
    ['Missing required parameter: variations.inventories.', 'quantity'],
    ['Invalid parameter variations.0.gtin: Invalid string', 'barcode'],
    ['Missing required parameter: name.', 'title'],
    ['A product can have at most 400 variations.', 'variations'],
    ['The product has been removed and cannot be updated.', null],
    ['The listing does not follow the listing policy.', null],
    ['Something new', null],
  ])('%s', (reason, field) => {
    const [fault, another] = explainRefusal(reason)
    expect(fault).toMatchObject({ field, theirs: reason })
    expect(fault?.message).not.toBe(reason)
    expect(another).toBeUndefined()
  })

  test.each([
    ['Missing required parameter: category_id.', 'category_id'],
    ['The default shipping price of the standard warehouse is required.', 'default_shipping_price'],
    ['Missing required parameter: variations.logistics_details.origin_country.', 'origin_country'],
  ])('%s', (reason, attribute) => {
    expect(explainRefusal(reason)).toMatchObject([{ field: 'attribute', attribute }])
  })
})

describe('F4: what only Wish knows', () => {
  test.each<[string, Partial<ListingDraft>, object]>([
    ['no category', { attributes: { default_shipping_price: '1' } }, { attribute: 'category_id' }],
    ['no shipping price', { attributes: { category_id: '1' } }, { attribute: 'default_shipping_price' }],
    [
      'a country that is none',
      { attributes: { ...draft.attributes, origin_country: 'Britain' } },
      { attribute: 'origin_country' },
    ],
    ['too many tags', { attributes: { ...draft.attributes, tags: 'a|b|c|d|e|f|g|h|i|j|k' } }, { attribute: 'tags' }],
    ['a family without a SKU', { channelSku: '', variations: [red] }, { field: 'sku' }],
    ['a picture nobody can fetch', { images: ['/pictures/1'] }, { field: 'images' }],
  ])('%s', (_name, changes, fault) => {
    expect(faults({ ...draft, ...changes }, site)).toMatchObject([fault])
  })

  test('a good one has none', () => {
    expect(faults(draft, site)).toEqual([])
  })
})
