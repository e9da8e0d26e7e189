import { describe, expect, test } from 'vitest'
import type { ListingDraft, Reply } from '../connector.ts'
import type { ScriptedAnswer } from '../scripted-http.ts'
import { fixture, scriptedCall } from '../scripted-amazon.ts'
import { asked } from '../scripted-reverb.ts'
import { publishListing, updateListing } from './listing-publish.ts'
import { listAttributes, listCategories } from './product-types.ts'

const site = 'A1F83G8C2ARO7P'
const definition: ScriptedAnswer = {
  json: {
    productType: 'LAMP',
    schema: { link: { resource: 'https://files.example.test/schema', verb: 'GET' }, checksum: 'x' },
  },
}
const rules: ScriptedAnswer = { json: fixture('product-type') }
const accepted: ScriptedAnswer = { json: { sku: 'x', status: 'ACCEPTED', submissionId: 'S1' } }
const invalid: ScriptedAnswer = {
  json: {
    sku: 'x',
    status: 'INVALID',
    submissionId: 'S',
    issues: [{ severity: 'ERROR', message: 'Title is too long.' }],
  },
}
const gbp = (minor: number) => ({ minor, currency: 'GBP' })
const draft: ListingDraft = {
  channelSku: 'LAMP-1',
  title: 'Test lamp',
  description: 'Plain words.',
  price: gbp(1250),
  quantity: 3,
  images: ['https://images.example.test/1.jpg', 'https://images.example.test/2.jpg'],
  barcode: '5012345678900',
  brand: 'Made-up',
  model: 'Model',
  attributes: {
    category: 'LAMP',
    color: 'red',
    bullet_point: 'Bright | Small',
    item_weight: '1.5',
    'item_weight.unit': 'kilograms',
    batteries_required: 'false',
  },
}
const sales = {
  purchasable_offer: [
    { marketplace_id: site, currency: 'GBP', audience: 'ALL', our_price: [{ schedule: [{ value_with_tax: 12.5 }] }] },
  ],
  fulfillment_availability: [{ fulfillment_channel_code: 'DEFAULT', quantity: 3 }],
}

describe('categories', () => {
  test('F4: are Amazon’s product types, every one a leaf', async () => {
    const types = {
      productTypes: [{ name: 'LAMP', displayName: 'Lamp', marketplaceIds: [site] }, { displayName: 'x' }],
    }
    const { call, seen } = scriptedCall({ json: types })
    expect(await listCategories(call, null)).toEqual([
      { id: 'LAMP', parentId: null, name: 'Lamp', isLeaf: true, mayList: true },
    ])
    expect(asked(seen[0])).toMatchObject({
      what: 'GET /definitions/2020-09-01/productTypes',
      query: { marketplaceIds: site },
    })
    expect(await listCategories(call, 'LAMP')).toEqual([])
  })

  test('F4: what a product type asks for, without what a listing has of its own', async () => {
    const { call, seen } = scriptedCall(definition, rules)
    const attributes = await listAttributes(call, 'LAMP')
    expect(attributes.map(({ key, isRequired }) => `${key}${isRequired ? '*' : ''}`)).toEqual([
      'condition_type',
      'color*',
      'bullet_point',
      'item_weight*',
      'item_weight.unit*',
      'batteries_required',
      'variation_theme',
    ])
    const byKey = new Map(attributes.map((one) => [one.key, one]))
    expect(byKey.get('color')).toEqual({
      key: 'color',
      label: 'Colour',
      help: 'As buyers see it',
      isRequired: true,
      isVariation: true,
      isMultiple: false,
      choices: [
        { value: 'red', label: 'Red' },
        { value: 'blue', label: 'Blue' },
      ],
      takesOwnText: true,
    })
    expect(byKey.get('condition_type')).toMatchObject({ takesOwnText: false, choices: [{ label: 'New' }, {}] })
    expect(byKey.get('bullet_point')).toMatchObject({ isMultiple: true, takesOwnText: true })
    expect(byKey.get('batteries_required')).toMatchObject({ choices: [{ label: 'Yes' }, { label: 'No' }] })
    expect(seen[1]?.url).toBe('https://files.example.test/schema')
    expect(seen[1]?.headers).not.toHaveProperty('x-amz-access-token')
  })
})

describe('publishing', () => {
  test('F4: a whole product in the shape of its type, with site and language in every entry', async () => {
    const { call, seen } = scriptedCall(definition, rules, accepted)
    const reply = await publishListing(call, draft)
    expect(reply).toMatchObject({ kind: 'pending', ticket: expect.stringContaining('LAMP-1') })
    const text = { marketplace_id: site, language_tag: 'en_GB' }
    const marketplace_id = site
    expect(asked(seen[2])).toMatchObject({
      what: 'PUT /listings/2021-08-01/items/A2SELLER/LAMP-1',
      query: { marketplaceIds: site },
    })
    expect(asked(seen[2]).body).toEqual({
      productType: 'LAMP',
      requirements: 'LISTING',
      attributes: {
        item_name: [{ ...text, value: 'Test lamp' }],
        product_description: [{ ...text, value: 'Plain words.' }],
        brand: [{ marketplace_id, value: 'Made-up' }],
        condition_type: [{ marketplace_id, value: 'new_new' }],
        color: [{ marketplace_id, value: 'red' }],
        bullet_point: [
          { ...text, value: 'Bright' },
          { ...text, value: 'Small' },
        ],
        item_weight: [{ marketplace_id, value: 1.5, unit: 'kilograms' }],
        batteries_required: [{ marketplace_id, value: false }],
        main_product_image_locator: [{ media_location: 'https://images.example.test/1.jpg', marketplace_id }],
        other_product_image_locator_1: [{ media_location: 'https://images.example.test/2.jpg', marketplace_id }],
        externally_assigned_product_identifier: [{ type: 'ean', value: '5012345678900', marketplace_id }],
        ...sales,
      },
    })
  })

  test('F4: an offer on a product that Amazon has needs no more than condition, price and stock', async () => {
    const { call, seen } = scriptedCall(accepted)
    const attributes = { merchant_suggested_asin: 'B000000001', condition_type: 'used_good' }
    expect(await publishListing(call, { ...draft, title: '', attributes })).toMatchObject({ kind: 'pending' })
    expect(asked(seen[0]).body).toEqual({
      productType: 'PRODUCT',
      requirements: 'LISTING_OFFER_ONLY',
      attributes: {
        condition_type: [{ value: 'used_good', marketplace_id: site }],
        merchant_suggested_asin: [{ value: 'B000000001', marketplace_id: site }],
        ...sales,
      },
    })
  })

  const variation = (channelSku: string, color: string) => ({
    channelSku,
    price: gbp(1250),
    quantity: 3,
    barcode: null,
    image: null,
    attributes: { color },
  })
  const family: ListingDraft = {
    ...draft,
    attributes: { category: 'LAMP', variation_theme: 'COLOR' },
    variations: [variation('LAMP-1-R', 'red'), variation('LAMP-1-B', 'blue')],
  }

  test('F4: of a product with variations the parent goes first, without price and stock', async () => {
    const { call, seen } = scriptedCall(definition, rules, accepted, accepted, accepted)
    const reply = await publishListing(call, family)
    expect(reply).toMatchObject({
      kind: 'pending',
      ticket: expect.stringContaining('["LAMP-1","LAMP-1-R","LAMP-1-B"]'),
    })
    expect(seen.slice(2).map((request) => asked(request).what.split('/').at(-1))).toEqual([
      'LAMP-1',
      'LAMP-1-R',
      'LAMP-1-B',
    ])
    const [parent, child] = [asked(seen[2]).body, asked(seen[3]).body] as { attributes: Record<string, unknown> }[]
    expect(parent?.attributes).toMatchObject({
      parentage_level: [{ value: 'parent' }],
      child_parent_sku_relationship: [{ child_relationship_type: 'variation' }],
      variation_theme: [{ name: 'COLOR' }],
    })
    expect(Object.keys(parent?.attributes ?? {})).not.toContain('purchasable_offer')
    expect(Object.keys(parent?.attributes ?? {})).not.toContain('fulfillment_availability')
    expect(child?.attributes).toMatchObject({
      parentage_level: [{ value: 'child' }],
      child_parent_sku_relationship: [{ child_relationship_type: 'variation', parent_sku: 'LAMP-1' }],
      variation_theme: [{ name: 'COLOR' }],
      color: [{ value: 'red' }],
      supplier_declared_has_product_identifier_exemption: [{ value: true }],
      ...sales,
    })
  })

  test('a refused parent stops its children, and the refusal names it', async () => {
    const { call, seen } = scriptedCall(definition, rules, invalid)
    expect(await publishListing(call, family)).toEqual({ kind: 'rejected', reason: '“LAMP-1”: Title is too long.' })
    expect(seen.length).toBe(3)
  })

  test.each<[string, Partial<ListingDraft>]>([
    ['no SKU', { channelSku: ' ' }],
    ['a SKU too long', { channelSku: 'x'.repeat(41) }],
    ['no title', { title: '' }],
    ['no price', { price: gbp(0) }],
    ['another currency', { price: { minor: 100, currency: 'EUR' } }],
    ['no product type', { attributes: {} }],
    ['half a lamp', { quantity: 1.5 }],
    ['variations without a theme', { variations: family.variations ?? [] }],
    ['two variations of one SKU', { ...family, variations: [variation('A', 'red'), variation('A', 'blue')] }],
    ['no variation at all', { variations: [] }],
  ])('F3: with %s nothing is sent, and it is said', async (_name, changes) => {
    const { call, seen } = scriptedCall()
    expect(await publishListing(call, { ...draft, ...changes })).toMatchObject({ kind: 'rejected' })
    expect(seen).toEqual([])
  })

  test.each([
    ['shape', 'round'],
    ['color.depth', 'x'],
    ['item_weight', 'heavy'],
    ['batteries_required', 'perhaps'],
  ])('F3: the attribute %s “%s” is refused by its name', async (key, text) => {
    const { call, seen } = scriptedCall(definition, rules)
    const reply = await publishListing(call, { ...draft, attributes: { ...draft.attributes, [key]: text } })
    expect(reply).toMatchObject({ kind: 'rejected', reason: expect.stringContaining(key) })
    expect(seen.length).toBe(2)
  })

  test.each<[string, ScriptedAnswer[], Reply['kind']]>([
    ['a product type that is no more', [{ status: 404 }], 'rejected'],
    ['a lost answer', [definition, rules, { failure: { kind: 'timeout', sent: true } }], 'unclear'],
    ['a refusal', [definition, rules, invalid], 'rejected'],
    ['a slow-down', [definition, rules, { status: 429 }], 'wait'],
  ])('%s', async (_name, answers, kind) => {
    expect((await publishListing(scriptedCall(...answers).call, draft)).kind).toBe(kind)
  })
})

describe('updating', () => {
  const ref = { marketplaceListingId: 'LAMP-1', marketplaceVariantId: null, channelSku: 'LAMP-1' }

  test('F5: what the draft says is replaced; stock, price and a condition not named stay', async () => {
    const { call, seen } = scriptedCall(definition, rules, accepted)
    expect(await updateListing(call, ref, draft)).toEqual({ kind: 'done', reference: 'S1' })
    const { productType, patches } = asked(seen[2]).body as {
      productType: string
      patches: { op: string; path: string }[]
    }
    expect(productType).toBe('LAMP')
    expect(patches.every((patch) => patch.op === 'replace')).toBe(true)
    const paths = patches.map((patch) => patch.path)
    expect(paths).toContain('/attributes/item_name')
    expect(paths.filter((path) => /offer|availability|condition/.test(path))).toEqual([])
  })

  test('the page of a product of Amazon’s is not the seller’s to change', async () => {
    const { call } = scriptedCall()
    const attributes = { merchant_suggested_asin: 'B000000001' }
    expect(await updateListing(call, ref, { ...draft, attributes })).toMatchObject({ kind: 'rejected' })
  })
})
