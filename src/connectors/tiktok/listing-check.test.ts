import { describe, expect, test } from 'vitest'
import type { ListingDraft } from '../connector.ts'
import { asked, ok, refused, scriptedCall, site } from '../scripted-tiktok.ts'
import type { Told } from '../scripted-tiktok.ts'
import { tiktok } from './index.ts'

const { listings } = tiktok
if (!listings?.precheck || !listings.recommend || !listings.explainRefusal || !listings.faults)
  throw new Error('It has')
const { precheck, recommend, explainRefusal, faults, limits, publish } = listings

const photo: Told = { body: '\xff\xd8\xff\xe0 a photo' }
const uploaded = ok({ uri: 'tos-1' })
const ready = ok({ check_results: [{ check_item: 'SHOP_TAX', is_failed: false, fail_reasons: [] }] })
const draft: ListingDraft = {
  channelSku: 'MUG-1',
  title: 'Mug',
  description: '<p>A mug.</p>',
  price: { minor: 1250, currency: 'GBP' },
  quantity: 3,
  images: ['https://images.example.test/1.jpg'],
  barcode: null,
  brand: null,
  model: null,
  attributes: { category: '600002', packageWeight: '0.4' },
}

describe('F4: limits', () => {
  test('go by the market: longer titles in Mexico, other prices in the euro, none known elsewhere', () => {
    expect(limits(site, null)).toMatchObject({ titleMax: 255, price: { max: { minor: 560_000, currency: 'GBP' } } })
    expect(limits({ ...site, currency: 'EUR' }, null).price?.max.minor).toBe(630_000)
    expect(limits({ ...site, currency: 'MXN' }, null)).toMatchObject({ titleMax: 300, price: null })
  })

  test.each<[string, Partial<ListingDraft>, string]>([
    ['no category', { attributes: { packageWeight: '1' } }, 'category'],
    ['no weight', { attributes: { category: '1' } }, 'attribute'],
    ['a SKU with a blank', { channelSku: 'A B' }, 'sku'],
    ['an emoji', { title: 'Mug 🎁' }, 'title'],
    ['HTML', { title: 'Mug &amp; cup' }, 'title'],
    ['a long repeat', { title: 'Mugggggggggggg' }, 'title'],
    ['nothing but signs', { title: '!!!' }, 'title'],
    ['an emoji in the text', { description: '<p>Nice 🎁</p>' }, 'description'],
    ['a size chart that is none', { attributes: { ...draft.attributes, sizeChart: 'chart' } }, 'attribute'],
  ])('%s is said', (_name, changes, field) => {
    expect(faults({ ...draft, ...changes }, site)).toMatchObject([{ field }])
  })

  test('a title is short only where the market wants more, and ® is no emoji', () => {
    expect(faults({ ...draft, title: 'Mug®' }, site)).toEqual([])
    expect(faults(draft, { ...site, currency: 'MYR' })).toMatchObject([{ field: 'title' }])
  })
})

describe('F4: the listing check', () => {
  test('asks whether the shop may list, then shows the product, and none is wrong', async () => {
    const { call, seen } = scriptedCall(ready, photo, uploaded, ok({ check_result: 'PASS' }))
    expect(await precheck(call, draft)).toEqual([])
    expect(asked(seen[0]).what).toBe('GET /product/202312/prerequisites')
    expect(asked(seen[3])).toMatchObject({
      what: 'POST /product/202309/products/listing_check',
      body: { title: 'Mug', main_images: [{ uri: 'tos-1' }] },
    })
  })

  test('its codes become the part and what to do; the shop’s own lacks come first', async () => {
    const lacks = [{ check_item: 'BANk_ACCOUNT', is_failed: true, fail_reasons: ['No account.'] }]
    const failed = { check_result: 'FAILED', fail_reasons: [{ code: 12052051, message: 'name too long' }] }
    const { call } = scriptedCall(ok({ check_results: lacks }), photo, uploaded, ok(failed))
    expect(await precheck(call, draft)).toEqual([
      { field: null, message: expect.stringContaining('bank account'), theirs: 'No account.' },
      { field: 'title', message: expect.stringContaining('shorten'), theirs: 'name too long (code 12052051)' },
    ])
  })

  test('what is known to be wrong is not asked at all', async () => {
    const { call, seen } = scriptedCall()
    expect(await precheck(call, { ...draft, title: '' })).toMatchObject([{ field: 'title' }])
    expect(seen).toEqual([])
  })

  test('a picture that cannot be had is a fault of the pictures', async () => {
    const { call } = scriptedCall(ready, { status: 404, body: '' })
    expect(await precheck(call, draft)).toMatchObject([
      { field: 'images', message: /* its own words */ expect.any(String) },
    ])
  })

  test('an outage is no fault of the product', async () => {
    await expect(precheck(scriptedCall({ status: 503, body: '' }).call, draft)).rejects.toMatchObject({
      refusal: { kind: 'wait' },
    })
  })
})

test('500 products with the same picture upload it once, under whatever address it has', async () => {
  const made = ok({ product_id: '500', skus: [] })
  const { call, seen } = scriptedCall(photo, uploaded, made, made, photo, made)
  await publish(call, draft)
  await publish(call, { ...draft, channelSku: 'MUG-2' })
  await publish(call, { ...draft, channelSku: 'MUG-3', images: ['https://images.example.test/copy.jpg'] })
  expect(seen.filter(({ url }) => url.includes('/images/upload'))).toHaveLength(1)
  expect(asked(seen.at(-1)).body).toMatchObject({ main_images: [{ uri: 'tos-1' }] })
})

test('F4: a category is recommended by title and text: the leaf, and whether it is open', async () => {
  const chain = [
    { id: '1', level: 1, name: 'Kitchen', is_leaf: false },
    { id: '2', level: 2, name: 'Mugs', is_leaf: true, permission_statuses: ['INVITE_ONLY'] },
  ]
  const { call, seen } = scriptedCall(ok({ leaf_category_id: '2', categories: chain }))
  expect(await recommend(call, draft)).toEqual([{ id: '2', parentId: '1', name: 'Mugs', isLeaf: true, mayList: false }])
  expect(asked(seen[0]).body).toEqual({ product_title: 'Mug', description: '<p>A mug.</p>', category_version: 'v1' })
})

describe('F3: a refusal in plain words', () => {
  test.each<[string, object[]]>([
    ['The product name exceed max limit characters (code 12052051)', [{ field: 'title' }]],
    ['product package weight is invalid (code 12019011)', [{ field: 'attribute', attribute: 'packageWeight' }]],
    [
      'Brand is wrong in a new way (code 99999999)',
      [{ field: 'brand', message: expect.stringContaining('own words') }],
    ],
    ['Title: Too short; Say more · Main image: Blurred', [{ field: 'title' }, { field: 'images' }]],
    ['product: violate listing rules; Please check', [{ field: null }]],
    ['The picture https://x.test/1 is larger than 10 MB', [{ field: 'images' }]],
    ['The product is FREEZE at TikTok Shop', [{ field: null, message: 'The product is FREEZE at TikTok Shop' }]],
  ])('%s', (reason, found) => {
    expect(explainRefusal(reason)).toMatchObject(found)
    expect(
      explainRefusal(reason)
        .map(({ theirs }) => theirs)
        .join(' · '),
    ).toBe(reason)
  })

  test('a publish that is refused is explained from its reason', async () => {
    const { call } = scriptedCall(photo, uploaded, refused(12052023, 'Category does not exist'))
    const reply = await publish(call, draft)
    expect(reply.kind === 'rejected' && explainRefusal(reply.reason)).toMatchObject([{ field: 'category' }])
  })
})
