import { describe, expect, test } from 'vitest'
import type { ListingDraft } from '../connector.ts'
import type { ScriptedAnswer } from '../scripted-http.ts'
import { fixture, scriptedCall, ukSite } from '../scripted-amazon.ts'
import { asked } from '../scripted-reverb.ts'
import { amazon } from './index.ts'

const { listings } = amazon
if (!listings?.precheck || !listings.recommend || !listings.explainRefusal || !listings.faults)
  throw new Error('It has')
if (!listings.match || !listings.joins || !listings.update) throw new Error('It has')
const { precheck, recommend, match, joins, explainRefusal, faults, update } = listings

const site = ukSite.id
const rules: ScriptedAnswer[] = [
  { json: { schema: { link: { resource: 'https://files.example.test/S' } } } },
  { json: fixture('product-type') },
]
const valid: ScriptedAnswer = { json: { sku: 'x', status: 'VALID', submissionId: 'S', issues: [] } }
const accepted: ScriptedAnswer = { json: { sku: 'x', status: 'ACCEPTED', submissionId: 'S' } }
const invalidWith = (...issues: object[]): ScriptedAnswer => ({
  json: {
    sku: 'x',
    status: 'INVALID',
    submissionId: 'S',
    issues: issues.map((one) => ({ severity: 'ERROR', ...one })),
  },
})
const draft: ListingDraft = {
  channelSku: 'LAMP-1',
  title: 'Test lamp',
  description: 'Plain words.',
  price: { minor: 1250, currency: 'GBP' },
  quantity: 3,
  images: ['https://images.example.test/1.jpg'],
  barcode: '5012345678900',
  brand: 'Made-up',
  model: null,
  attributes: { category: 'LAMP' },
}
const offer = { ...draft, title: '', attributes: { merchant_suggested_asin: 'B000000001' } }
const variation = (channelSku: string, color: string) => ({
  channelSku,
  price: draft.price,
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

describe('F4: what only Amazon knows', () => {
  test.each<[string, Partial<ListingDraft>, object]>([
    ['no product type', { attributes: {} }, { field: 'category' }],
    ['a sign no title may have', { title: 'Lamp!' }, { field: 'title', message: expect.stringContaining('!') }],
    ['no brand', { brand: null }, { field: 'brand' }],
    ['a picture nobody can fetch', { images: ['/pictures/1'] }, { field: 'images' }],
    ['no theme', { ...family, attributes: { category: 'LAMP' } }, { attribute: 'variation_theme' }],
    ['a parent without a SKU', { ...family, channelSku: '' }, { field: 'sku' }],
    ['a parent with its child’s SKU', { ...family, channelSku: 'LAMP-1-R' }, { field: 'sku' }],
    ['no ASIN', { attributes: { merchant_suggested_asin: 'lamp' } }, { attribute: 'merchant_suggested_asin' }],
    ['a family joining one', { ...family, attributes: offer.attributes }, { field: 'variations' }],
  ])('%s', (_name, changes, fault) => {
    expect(faults({ ...draft, ...changes }, ukSite)).toMatchObject([fault])
  })

  test('a brand may be spelled as it is, and an offer needs no texts', () => {
    expect(faults({ ...draft, title: 'Yes! lamp', brand: 'Yes!' }, ukSite)).toEqual([])
    expect(faults(offer, ukSite)).toEqual([])
    expect([joins(offer), joins(draft)]).toEqual([true, false])
  })
})

describe('F4: the preview', () => {
  test('shows Amazon the whole product and keeps nothing', async () => {
    const { call, seen } = scriptedCall(...rules, valid)
    expect(await precheck(call, draft)).toEqual([])
    expect(asked(seen[2])).toMatchObject({
      what: 'PUT /listings/2021-08-01/items/A2SELLER/LAMP-1',
      query: { marketplaceIds: site, mode: 'VALIDATION_PREVIEW' },
    })
  })

  test('each issue is told at the part it is about, in our words with Amazon’s beside them', async () => {
    const issue = {
      code: '90220',
      message: "'bullet_point' is required.",
      attributeNames: ['bullet_point', 'item_name'],
    }
    const warning = { severity: 'WARNING', code: '1', message: 'Never mind' }
    const found = await precheck(scriptedCall(...rules, invalidWith(issue, warning)).call, draft)
    expect(found).toEqual([
      {
        field: 'attribute',
        attribute: 'bullet_point',
        message: expect.stringContaining('missing'),
        theirs: issue.message,
      },
      { field: 'title', message: expect.stringContaining('missing'), theirs: issue.message },
    ])
  })

  test('of a family each child is looked at; that its parent is not there yet says nothing', async () => {
    const noParent = { code: '90000900', message: 'No parent', attributeNames: ['child_parent_sku_relationship'] }
    const color = { code: '90000900', message: 'No such color', attributeNames: ['color'] }
    const { call } = scriptedCall(...rules, valid, invalidWith(noParent), invalidWith(noParent, color))
    expect(await precheck(call, family)).toMatchObject([{ attribute: 'color', channelSku: 'LAMP-1-B' }])
  })

  test('joining a product that needs an approval is said', async () => {
    const reasons = [{ message: 'You need approval.', reasonCode: 'APPROVAL_REQUIRED' }]
    const { call, seen } = scriptedCall({ json: { restrictions: [{ marketplaceId: site, reasons }] } }, valid)
    expect(await precheck(call, offer)).toMatchObject([
      { attribute: 'merchant_suggested_asin', theirs: 'You need approval.' },
    ])
    expect(asked(seen[0]).query).toMatchObject({ asin: 'B000000001', conditionType: 'new_new' })
  })

  test('a product type that is no more is a fault of the draft', async () => {
    expect(await precheck(scriptedCall({ status: 404 }).call, draft)).toMatchObject([{ field: 'category' }])
  })
})

describe('F4: products Amazon has', () => {
  const article = {
    asin: 'B000000001',
    summaries: [{ marketplaceId: site, itemName: 'A lamp', itemClassification: 'BASE_PRODUCT' }],
    identifiers: [{ marketplaceId: site, identifiers: [{ identifierType: 'EAN', identifier: '0012345678905' }] }],
    images: [{ marketplaceId: site, images: [{ variant: 'MAIN', link: 'https://images.example.test/a.jpg' }] }],
    productTypes: [{ marketplaceId: site, productType: 'LAMP' }],
  }

  test('are found by barcode, and their attributes make the draft an offer on them', async () => {
    const { call, seen } = scriptedCall({ json: { items: [article] } })
    const [found] = await match(call, { ...draft, barcode: '012345678905' })
    expect(found).toEqual({
      title: 'A lamp',
      imageUrl: 'https://images.example.test/a.jpg',
      url: 'https://www.amazon.co.uk/dp/B000000001',
      barcode: '012345678905',
      categoryId: 'LAMP',
      attributes: { merchant_suggested_asin: 'B000000001', category: 'LAMP' },
    })
    expect(joins({ ...draft, attributes: found?.attributes ?? {} })).toBe(true)
    expect(asked(seen[0])).toMatchObject({
      what: 'GET /catalog/2022-04-01/items',
      query: { identifiers: '012345678905', identifiersType: 'UPC', marketplaceIds: site },
    })
  })

  test('a family is none, a wrong barcode is not asked for, and each kind is one search', async () => {
    const parent = { ...article, summaries: [{ marketplaceId: site, itemClassification: 'VARIATION_PARENT' }] }
    expect(await match(scriptedCall({ json: { items: [parent] } }).call, draft)).toEqual([])
    const quiet = scriptedCall()
    expect(await match(quiet.call, { ...draft, barcode: '123' })).toEqual([])
    expect(quiet.seen).toEqual([])
    const [red, blue] = family.variations ?? []
    if (!red || !blue) throw new Error('There are two')
    const variations = [
      { ...red, barcode: '5012345678900' },
      { ...blue, barcode: '012345678905' },
    ]
    const { call, seen } = scriptedCall({ json: { items: [] } }, { json: { items: [] } })
    await match(call, { ...family, variations })
    expect(seen.map((request) => asked(request).query['identifiersType'])).toEqual(['EAN', 'UPC'])
  })

  test('product types are recommended by the title', async () => {
    const { call, seen } = scriptedCall({ json: { productTypes: [{ name: 'LAMP', displayName: 'Lamp' }] } })
    expect(await recommend(call, draft)).toMatchObject([{ id: 'LAMP', mayList: true }])
    expect(asked(seen[0]).query).toMatchObject({ itemName: 'Test lamp' })
  })
})

test('F5: of a family every listing is changed, without its relations, and a new child is made', async () => {
  const there = (sku: string): ScriptedAnswer => ({ json: fixture('item', { sku }) })
  const answers = [there('LAMP-1'), accepted, there('LAMP-1-R'), accepted, { status: 404 }, accepted]
  const { call, seen } = scriptedCall(...rules, ...answers)
  const ref = { marketplaceListingId: 'LAMP-1', marketplaceVariantId: null, channelSku: 'LAMP-1' }
  expect(await update(call, ref, family)).toMatchObject({
    kind: 'pending',
    ticket: expect.stringContaining('["LAMP-1-B"]'),
  })
  // The same for its next listing is done already.
  expect(await update(call, { ...ref, marketplaceListingId: 'LAMP-1-R' }, family)).toMatchObject({ kind: 'pending' })
  expect(seen.slice(2).map(({ method }) => method)).toEqual(['GET', 'PATCH', 'GET', 'PATCH', 'GET', 'PUT'])
  const { patches } = asked(seen[5]).body as { patches: { path: string }[] }
  expect(patches.filter(({ path }) => /parent|theme|offer|availability/.test(path))).toEqual([])
})

describe('F3: a refusal in plain words', () => {
  test.each<[string, object[]]>([
    ['A value is required. (code 90220: item_weight)', [{ field: 'attribute', attribute: 'item_weight' }]],
    ['Bad. (code 90000900: item_name) · No. (code 18027)', [{ field: 'title' }, { field: null }]],
    ['“LAMP-1-R”: Bad. (code 1: color, size)', [{ channelSku: 'LAMP-1-R' }, { attribute: 'size' }]],
    ['Wrong. (code 5: main_product_image_locator) (Amazon’s request id: 1-2)', [{ field: 'images' }]],
    ['The SKU was deleted (code 13013)', [{ field: 'sku', message: expect.stringContaining('24 hours') }]],
    ['The title is empty. Write one.', [{ field: 'title', message: 'The title is empty. Write one.' }]],
  ])('%s', (reason, found) => {
    expect(explainRefusal(reason)).toMatchObject(found)
  })
})
