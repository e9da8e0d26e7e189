import { describe, expect, test } from 'vitest'
import type { ListingDraft } from '../connector.ts'
import {
  asked,
  express,
  fixture,
  ok,
  productId,
  refused,
  scriptedCall,
  standard,
  variationId,
} from '../scripted-wish.ts'
import { asArray, asObject } from '../reading.ts'
import { wish } from './index.ts'

const listings = wish.listings ?? raise('Wish has listings')
const gbp = (minor: number) => ({ minor, currency: 'GBP' })
const price = (amount: number) => ({ amount, currency_code: 'GBP' })
const warehouses = ok(fixture('warehouses')['list'])
const details = (revenue_type = 'REV_SHARE') => ok({ revenue_type })
const made = (changes: object = {}) => ok(fixture('product', { request_id: null, ...changes }))
const ref = { marketplaceListingId: productId, marketplaceVariantId: variationId, channelSku: 'SHIRT-RED-L' }
const requestId = '00000000-0000-4000-8000-000000000001'

const draft: ListingDraft = {
  channelSku: 'MUG-1',
  title: ' Made-up mug ',
  description: '<p>Holds tea &amp; coffee.</p><ul><li>Blue</li></ul>',
  price: gbp(1050),
  quantity: 3,
  images: ['https://images.example.test/mug.jpg', 'https://images.example.test/mug-2.jpg'],
  barcode: '00000012345670',
  brand: 'Made-up',
  model: null,
  attributes: { category_id: '12', default_shipping_price: '2.50', tags: 'mug|tea', Material: 'Clay|Glaze' },
}
const size = (name: string) => ({
  channelSku: `MUG-${name}`,
  price: gbp(999),
  quantity: 1,
  barcode: null,
  image: `https://images.example.test/${name}.jpg`,
  attributes: { SIZE: name },
})
const variations = [size('S'), size('L')]
const variationsOf = (body: unknown) => asArray(asObject(body)?.['variations'])?.map(asObject) ?? []

describe('F2: the shipping price', () => {
  const known = { weightGrams: null, lengthMm: null, widthMm: null, heightMm: null }

  test('is one for all variations: the highest', () => {
    const said = [gbp(250), null, gbp(395)].map((shippingIncVat) => ({ ...known, shippingIncVat }))
    expect(listings.derive?.(said, scriptedCall().call.site)).toEqual({ default_shipping_price: '3.95' })
    expect(listings.derive?.([{ ...known, shippingIncVat: null }], scriptedCall().call.site)).toEqual({})
  })

  test('goes with a change too, and a change without one leaves it as it is', async () => {
    for (const [attributes, prices] of [
      [draft.attributes, [{ warehouse_id: standard, default_shipping_price: price(2.5) }]],
      [{ category_id: '12' }, undefined],
    ] as const) {
      const { call, seen } = scriptedCall(warehouses, made(), made())
      await listings.update?.(call, ref, { ...draft, attributes })
      const put = seen.map(asked).find(({ what }) => what.startsWith('PUT'))
      expect(asObject(put?.body)?.['default_shipping_prices']).toEqual(prices)
    }
  })
})

describe('F4: publishing', () => {
  test('a single article is a product of one variation under the same SKU', async () => {
    const { call, seen } = scriptedCall(warehouses, details(), made())
    expect(await listings.publish(call, draft)).toEqual({ kind: 'done', reference: productId })
    expect(asked(seen[2])).toMatchObject({ what: 'POST /products' })
    expect(asked(seen[2]).body).toEqual({
      name: 'Made-up mug',
      description: 'Holds tea & coffee.\nBlue',
      category_id: 12,
      tags: ['mug', 'tea'],
      attributes: [{ name: 'Material', value: ['Clay', 'Glaze'] }],
      main_image: { url: draft.images[0], is_clean_image: true },
      extra_images: [{ url: draft.images[1], is_clean_image: false }],
      parent_sku: 'MUG-1',
      default_shipping_prices: [{ warehouse_id: standard, default_shipping_price: price(2.5) }],
      variations: [
        {
          sku: 'MUG-1',
          gtin: '00000012345670',
          price: price(10.5),
          inventories: [
            { warehouse_id: standard, inventory: 3 },
            { warehouse_id: express, inventory: 0 },
          ],
          logistics_details: { origin_country: 'GB' },
        },
      ],
    })
  })

  test('variations have their own SKU, options and a picture that is among the product’s', async () => {
    const { call, seen } = scriptedCall(warehouses, details(), made())
    await listings.publish(call, { ...draft, variations })
    const body = asObject(asked(seen[2]).body)
    expect(variationsOf(body)[1]).toMatchObject({
      sku: 'MUG-L',
      price: price(9.99),
      image: 'https://images.example.test/L.jpg',
      options: [{ name: 'SIZE', value: 'L' }],
    })
    const extra = (asArray(body?.['extra_images']) ?? []).map((one) => asObject(one)?.['url'])
    expect(extra).toContain('https://images.example.test/L.jpg')
  })

  test('W11: who is paid by cost sends both, and the cost alone where that is refused', async () => {
    const no = refused(400, 90001, 'Cost-based merchants must set cost instead of price.')
    const { call, seen } = scriptedCall(warehouses, details('COST_BASED'), no, made())
    expect((await listings.publish(call, draft)).kind).toBe('done')
    expect(variationsOf(asked(seen[2]).body)[0]).toMatchObject({ price: price(10.5), cost: price(10.5) })
    expect(variationsOf(asked(seen[3]).body)[0]).not.toHaveProperty('price')
  })

  test.each([
    ['a request that is reviewed', { request_id: requestId }, `request/${requestId}/${productId}`],
    ['a product in review', { state: 'WISH_INACTIVE' }, `product/${productId}`],
  ])('W12: %s is pending', async (_name, changes, ticket) => {
    const { call } = scriptedCall(warehouses, details(), made(changes))
    expect(await listings.publish(call, draft)).toEqual({ kind: 'pending', ticket })
  })

  test.each<[string, Partial<ListingDraft>, RegExp]>([
    ['title', { title: ' ' }, /title/],
    ['description', { description: '' }, /description/],
    ['picture', { images: [] }, /picture/],
    ['category', { attributes: { default_shipping_price: '1' } }, /category/],
    ['category that is a number', { attributes: { ...draft.attributes, category_id: 'mugs' } }, /number/],
    ['shipping price', { attributes: { category_id: '12' } }, /shipping price/],
    ['price above 0', { price: gbp(0) }, /above 0/],
    ['price in its currency', { price: { minor: 1, currency: 'USD' } }, /are in GBP/],
    ['SKU short enough', { channelSku: 'x'.repeat(81) }, /80/],
    ['SKU for each variation', { variations: [size('S'), size('S')] }, /have the SKU/],
  ])('without a %s nothing is sent', async (_name, changes, reason) => {
    const { call, seen } = scriptedCall()
    const reply = await listings.publish(call, { ...draft, ...changes })
    expect(reply).toMatchObject({ kind: 'rejected', reason: expect.stringMatching(reason) })
    expect(seen).toEqual([])
  })

  test('a lost answer is unclear, a refusal keeps its words', async () => {
    const lost = scriptedCall(warehouses, details(), { failure: { kind: 'timeout', sent: true } })
    expect((await listings.publish(lost.call, draft)).kind).toBe('unclear')
    const words = 'Only one clean image URL can be specified.'
    const no = scriptedCall(warehouses, details(), refused(400, 90001, words))
    expect(await listings.publish(no.call, draft)).toEqual({ kind: 'rejected', reason: words })
    const nameless = scriptedCall(warehouses, details(), ok({}))
    expect((await listings.publish(nameless.call, draft)).kind).toBe('unclear')
  })
})

describe('F5: updating', () => {
  test('changes words and pictures, never stock or price', async () => {
    const { call, seen } = scriptedCall(warehouses, made(), made())
    expect((await listings.update?.(call, ref, draft))?.kind).toBe('done')
    expect(asked(seen[2])).toMatchObject({ what: `PUT /products/${productId}`, body: { name: 'Made-up mug' } })
    expect(variationsOf(asked(seen[2]).body)).toEqual([{ id: variationId, gtin: '00000012345670' }])
    expect(asked(seen[2]).body).not.toHaveProperty('parent_sku')
  })
  test('a variation that is new is added with all it needs, the others go by their SKU', async () => {
    const { call, seen } = scriptedCall(warehouses, made(), made(), details(), ok({ id: 'new', request_id: requestId }))
    const both = [{ ...size('L'), channelSku: 'SHIRT-RED-L' }, size('S')]
    const reply = await listings.update?.(call, ref, { ...draft, variations: both })
    expect(reply).toEqual({ kind: 'pending', ticket: `request/${requestId}/${productId}` })
    expect(variationsOf(asked(seen[2]).body)).toMatchObject([{ id: variationId, options: [{ value: 'L' }] }])
    expect(asked(seen[4])).toMatchObject({
      what: `POST /products/${productId}/variations`,
      body: { sku: 'MUG-S', price: price(9.99), logistics_details: { origin_country: 'GB' } },
    })
  })
})

describe('W12: what became of it', () => {
  const ticket = `request/${requestId}/${productId}`
  test.each([
    ['APPROVED', { kind: 'done', reference: productId }],
    ['UNDER_REVIEW', { kind: 'pending', ticket }],
    ['BLOCKED', { kind: 'rejected', reason: 'A forbidden word' }],
  ])('a request that is %s', async (status, reply) => {
    const { call, seen } = scriptedCall(ok({ id: requestId, status, blocking_reason: 'A forbidden word' }))
    expect(await listings.check?.(call, ticket)).toEqual(reply)
    expect(asked(seen[0]).what).toBe(`GET /products/requests/${requestId}`)
  })
  test.each([
    [{ state: 'ACTIVE' }, 'done'],
    [{ state: 'WISH_INACTIVE' }, 'pending'],
    [{ state: 'WISH_INACTIVE', status: 'REJECTED' }, 'rejected'],
    [{ state: 'REMOVED_BY_WISH' }, 'rejected'],
  ])('a product that is %j is %s', async (changes, kind) => {
    const { call } = scriptedCall(made(changes))
    expect((await listings.check?.(call, `product/${productId}`))?.kind).toBe(kind)
  })
  test('another’s ticket is none', async () => {
    expect((await listings.check?.(scriptedCall().call, 'x'))?.kind).toBe('rejected')
  })
})

test('what every product needs is asked for, and there are no categories to choose from', async () => {
  const attributes = (await listings.attributes?.(scriptedCall().call, '12')) ?? []
  expect(attributes.filter((one) => one.isRequired).map(({ key }) => key)).toEqual([
    'category_id',
    'default_shipping_price',
  ])
  expect(attributes.filter((one) => one.isVariation).map(({ key }) => key)).toEqual(['COLOR', 'SIZE'])
  expect(listings).not.toHaveProperty('categories')
})

function raise(message: string): never {
  throw new Error(message)
}
