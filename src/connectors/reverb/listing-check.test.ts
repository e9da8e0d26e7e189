import { describe, expect, test } from 'vitest'
import type { ListingDraft, Site } from '../connector.ts'
import { asked, scriptedCall } from '../scripted-reverb.ts'
import { conditions } from './conditions.ts'
import { reverb } from './index.ts'

const { listings } = reverb
if (!listings?.update || !listings.categories || !listings.attributes) throw new Error('It has')
if (!listings.explainRefusal || !listings.faults) throw new Error('It has')
const { publish, update, categories, attributes, explainRefusal, faults, limits } = listings

const site: Site = { id: '77', name: 'Test shop', sellerId: '77', currency: 'USD', currencies: ['USD'] }
const [good = ''] = Object.keys(conditions).filter((uuid) => conditions[uuid]?.name === 'Good')
const draft: ListingDraft = {
  channelSku: 'PEDAL-1',
  title: 'A pedal',
  description: '<h2>Loud</h2><p>It is <b>loud</b>.</p>',
  price: { minor: 9500, currency: 'USD' },
  quantity: 3,
  images: ['https://images.example.test/1.jpg'],
  barcode: null,
  brand: 'Made-up',
  model: 'Pedal',
  attributes: { category: 'c-1', shipping_profile_id: '71001' },
}
const ref = { marketplaceListingId: '12', marketplaceVariantId: null, channelSku: null }
const saved = { json: { message: 'Saved', listing: { id: 12 }, errors: [], warnings: [] } }

describe('F4: categories and what they ask', () => {
  const tree = {
    categories: [
      {
        uuid: 'a',
        name: 'Effects Pedals',
        subcategories: [{ uuid: 'b', full_name: 'Effects Pedals / Delay' }, { name: 'no id' }],
      },
      { uuid: 'c', name: 'Home Audio', subcategories: [] },
    ],
  }

  const regions = {
    json: {
      shipping_regions: [
        { code: 'US', name: 'United States', children: [{ code: 'US_CON', name: 'Continental U.S.' }] },
        { code: 'GB', name: 'United Kingdom', children: [] },
      ],
    },
  }

  test('the tree is asked for once and walked level by level; only leaves take listings', async () => {
    const { call, seen } = scriptedCall({ json: tree })
    expect(await categories(call, null)).toEqual([
      { id: 'a', parentId: null, name: 'Effects Pedals', isLeaf: false, mayList: false },
      { id: 'c', parentId: null, name: 'Home Audio', isLeaf: true, mayList: true },
    ])
    expect(await categories(call, 'a')).toEqual([
      { id: 'b', parentId: 'a', name: 'Delay', isLeaf: true, mayList: true },
    ])
    expect(seen).toHaveLength(1)
    expect(asked(seen[0]).what).toBe('GET /api/categories')
  })

  test('condition and the shop’s shipping profiles are chosen; a shop without profiles needs none', async () => {
    const profiles = { json: { shipping_profiles: [{ id: 71001, name: 'Small parcels' }] } }
    const { call, seen } = scriptedCall(profiles, regions)
    const found = await attributes(call, 'b')
    expect(asked(seen[0]).what).toBe('GET /api/shops/77/shipping_profiles')
    const by = (key: string) => found.find((one) => one.key === key)
    expect(by('condition')).toMatchObject({
      takesOwnText: false,
      choices: expect.arrayContaining([{ value: good, label: 'Good' }]),
    })
    expect(by('shipping_profile_id')).toMatchObject({
      isRequired: true,
      choices: [{ value: '71001', label: 'Small parcels' }],
      takesOwnText: false,
      // A shipping price of the listing's own comes in its place.
      unless: 'shipping_rate',
    })
    expect(by('shipping_region_code')?.choices).toEqual([
      { value: 'US', label: 'United States' },
      { value: 'US_CON', label: 'Continental U.S.' },
      { value: 'GB', label: 'United Kingdom' },
    ])
    const without = await attributes(scriptedCall({ json: { shipping_profiles: [] } }, regions).call, 'b')
    expect(without.find((one) => one.key === 'shipping_profile_id')).toMatchObject({ isRequired: false })
  })
})

describe('F4: what only Reverb knows', () => {
  test.each<[string, Partial<ListingDraft>, object]>([
    ['no category', { attributes: {} }, { field: 'category' }],
    ['too many categories', { attributes: { category: 'a,b,c,d' } }, { field: 'category' }],
    ['nothing in stock', { quantity: 0 }, { field: 'quantity', message: expect.stringContaining('shows 0') }],
    ['two of a used item', { quantity: 2, attributes: { category: 'a', condition: good } }, { field: 'quantity' }],
    ['an attribute it has not', { attributes: { category: 'a', color: 'red' } }, { attribute: 'color' }],
    ['a picture nobody can fetch', { images: ['/pictures/1'] }, { field: 'images' }],
  ])('%s', (_name, changes, fault) => {
    expect(faults({ ...draft, ...changes }, site)).toMatchObject([fault])
  })

  test('one variation is that variation, several are listed one by one', async () => {
    const price = { minor: 100, currency: 'USD' }
    const image = 'https://images.example.test/red.jpg'
    const red = { channelSku: 'RED', price, quantity: 1, barcode: null, image, attributes: { color: 'red' } }
    const { call, seen } = scriptedCall(saved)
    expect(await publish(call, { ...draft, variations: [red] })).toMatchObject({ kind: 'done' })
    expect(asked(seen[0]).body).toMatchObject({ sku: 'RED', inventory: 1, photos: [image, draft.images[0]] })
    expect(limits(site, null).variationsMax).toBe(1)
    const blue = { ...red, channelSku: 'BLUE', attributes: { color: 'blue' } }
    const reply = await publish(scriptedCall().call, { ...draft, variations: [red, blue] })
    expect(reply).toMatchObject({ kind: 'rejected', reason: expect.stringContaining('on its own') })
  })
})

describe('F5: a change', () => {
  test('says words, pictures and what is named; price, stock and an unnamed condition stay', async () => {
    const { call, seen } = scriptedCall(saved)
    expect(await update(call, ref, draft)).toEqual({ kind: 'done', reference: '12' })
    expect(asked(seen[0])).toMatchObject({ what: 'PUT /api/listings/12' })
    expect(asked(seen[0]).body).toEqual({
      title: 'A pedal',
      description: 'Loud<br><p>It is <b>loud</b>.</p>',
      sku: 'PEDAL-1',
      make: 'Made-up',
      model: 'Pedal',
      upc_does_not_apply: true,
      categories: [{ uuid: 'c-1' }],
      photos: draft.images,
      photo_upload_method: 'override_position',
      shipping_profile_id: '71001',
    })
  })

  test.each([
    ['refused', { status: 422, json: { message: 'No', errors: { title: ['is bad'] } } }, 'rejected'],
    ['gone', { status: 404, json: {} }, 'gone'],
    ['lost', { failure: { kind: 'reset', sent: true } } as const, 'unclear'],
  ])('%s', async (_name, answer, kind) => {
    expect((await update(scriptedCall(answer).call, ref, draft)).kind).toBe(kind)
  })
})

describe('F2: a listing’s own shipping price', () => {
  const known = { weightGrams: null, lengthMm: null, widthMm: null, heightMm: null }
  const rate = { shipping_rate: '4.50', shipping_region_code: 'US_CON' }

  test('is one rate for the home region of its currency, unless another is chosen', () => {
    expect(listings?.derive?.([{ ...known, shippingIncVat: { minor: 450, currency: 'USD' } }], site)).toEqual(rate)
    expect(listings?.derive?.([{ ...known, shippingIncVat: null }], site)).toEqual({})
  })

  test('goes out in place of the shipping profile, with a new listing and with a change', async () => {
    const priced = { ...draft, attributes: { ...draft.attributes, ...rate } }
    const shipping = { rates: [{ region_code: 'US_CON', rate: { amount: '4.50', currency: 'USD' } }] }
    for (const send of [publish, (...[call, one]: Parameters<typeof publish>) => update(call, ref, one)]) {
      const { call, seen } = scriptedCall(saved)
      await send(call, priced)
      expect(asked(seen[0]).body).toMatchObject({ shipping })
      expect(asked(seen[0]).body).not.toHaveProperty('shipping_profile_id')
    }
  })

  test.each([
    ['no price', { shipping_rate: 'much', shipping_region_code: 'GB' }, 'shipping_rate'],
    ['no region', { shipping_rate: '4.50' }, 'shipping_region_code'],
  ])('%s is said before it is sent', (_name, attributes, attribute) => {
    const found = faults({ ...draft, attributes: { ...draft.attributes, ...attributes } }, site)
    expect(found).toMatchObject([{ field: 'attribute', attribute }])
  })
})

describe('F3: a refusal in plain words', () => {
  test.each<[string, object[]]>([
    [
      "The listing could not be saved: title: can't be blank; price: must be greater than 0",
      [{ field: 'title', message: expect.stringContaining('missing') }, { field: 'price' }],
    ],
    ["The listing could not be published: categories: can't be blank", [{ field: 'category' }]],
    ['condition: does not have a valid value', [{ field: 'attribute', attribute: 'condition' }]],
    ['shipping_profile_id: is invalid', [{ attribute: 'shipping_profile_id' }]],
    [
      'Your shop must be verified before you can publish listings',
      [{ field: null, message: expect.stringContaining('set-up') }],
    ],
    ['No category is chosen: choose one.', [{ field: null, message: 'No category is chosen: choose one.' }]],
  ])('%s', (reason, found) => {
    expect(explainRefusal(reason)).toMatchObject(found)
  })
})
