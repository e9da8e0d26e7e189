import { describe, expect, test } from 'vitest'
import type { ListingDraft } from '../connector.ts'
import { asked, fixture, mainWarehouse, ok, refused, scriptedCall, scriptedCallAt, site } from '../scripted-tiktok.ts'
import type { Told } from '../scripted-tiktok.ts'
import type { JsonObject } from '../reading.ts'
import { tiktok } from './index.ts'

const { listings } = tiktok
if (!listings?.update || !listings.check || !listings.categories || !listings.attributes) throw new Error('It has all')
const { publish, update, check, end, categories, attributes } = listings

const photoOf = (words: string): Told => ({ body: `\xff\xd8\xff\xe0 ${words}` })
const photo = photoOf('a photo')
const uploaded = (uri: string) => ok({ uri, url: 'x', width: 800, height: 800, use_case: 'MAIN_IMAGE' })
const made = ok({ product_id: '500', skus: [{ id: '501', seller_sku: 'MUG-1' }], warnings: [] })
const gbp = (minor: number) => ({ minor, currency: 'GBP' })

const draft: ListingDraft = {
  channelSku: 'MUG-1',
  title: 'Mug',
  description: '<p>A mug.</p>',
  price: gbp(1250),
  quantity: 3,
  images: ['https://images.example.test/1.jpg'],
  barcode: '5012345678900',
  brand: null,
  model: null,
  attributes: { category: '600002', packageWeight: '0,4', '100392': 'id:1000039', '100400': 'Every day|id:77' },
}
const ref = {
  marketplaceListingId: '1729592969712207008',
  marketplaceVariantId: '1729592969712207013',
  channelSku: null,
}

describe('making a product', () => {
  test('F4: the picture is fetched and handed over, then the product is made, and its review is waited for', async () => {
    const { call, seen } = scriptedCall(photo, uploaded('tos-1'), made)
    expect(await publish(call, draft)).toEqual({ kind: 'pending', ticket: '500' })
    const [fetched, upload, create] = seen
    expect(fetched).toMatchObject({ method: 'GET', url: 'https://images.example.test/1.jpg', headers: {} })
    expect(upload?.url).toContain('/product/202309/images/upload?')
    const form = Buffer.from(upload?.bytes ?? []).toString('latin1')
    const boundary = /boundary=(.+)$/.exec(upload?.headers['content-type'] ?? '')?.[1] ?? 'none'
    expect(form.split(`--${boundary}`).length).toBe(4)
    expect(form).toContain('name="use_case"\r\n\r\nMAIN_IMAGE\r\n')
    expect(form).toContain(
      'name="data"; filename="image.jpg"\r\nContent-Type: image/jpeg\r\n\r\n\xff\xd8\xff\xe0 a photo\r\n',
    )
    expect(asked(create).what).toBe('POST /product/202309/products')
    expect(asked(create).body).toEqual({
      title: 'Mug',
      description: '<p>A mug.</p>',
      category_id: '600002',
      category_version: 'v1',
      main_images: [{ uri: 'tos-1' }],
      package_weight: { value: '0.4', unit: 'KILOGRAM' },
      product_attributes: [
        { id: '100392', values: [{ id: '1000039' }] },
        { id: '100400', values: [{ name: 'Every day' }, { id: '77' }] },
      ],
      skus: [
        {
          seller_sku: 'MUG-1',
          price: { amount: '12.50', currency: 'GBP' },
          inventory: [{ warehouse_id: mainWarehouse, quantity: 3 }],
          identifier_code: { code: '5012345678900', type: 'EAN' },
        },
      ],
      save_mode: 'LISTING',
      idempotency_key: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })

  test('R4: the same draft sent again soon has the same key, another one another', async () => {
    const keys: unknown[] = []
    for (const one of [draft, draft, { ...draft, title: 'Cup' }]) {
      const { call, seen } = scriptedCall(photo, uploaded('tos-1'), made)
      await publish(call, one)
      keys.push((asked(seen[2]).body as JsonObject)['idempotency_key'])
    }
    expect(keys[0]).toBe(keys[1])
    expect(keys[0]).not.toBe(keys[2])
  })

  test('F4: variations have their attributes, and pictures on the first of them, one for each value', async () => {
    const variation = (channelSku: string, color: string, size: string, image: string) => ({
      channelSku,
      price: gbp(1000),
      quantity: 1,
      barcode: null,
      image,
      attributes: { '100000': color, Size: size },
    })
    const variations = [
      variation('R-S', 'id:11', 'S', 'https://images.example.test/red.jpg'),
      variation('R-L', 'id:11', 'L', 'https://images.example.test/red2.jpg'),
      variation('B-S', 'Blue', 'S', 'https://images.example.test/blue.jpg'),
    ]
    const pictures = ['tos-1', 'tos-red', 'tos-red2', 'tos-blue'].flatMap((uri) => [photoOf(uri), uploaded(uri)])
    const { call, seen } = scriptedCall(...pictures, made)
    await publish(call, { ...draft, variations })
    const { skus } = asked(seen.at(-1)).body as { skus: JsonObject[] }
    const size = (value_name: string) => ({ name: 'Size', value_name })
    expect(skus.map((sku) => sku['sales_attributes'])).toEqual([
      [{ id: '100000', value_id: '11', sku_img: { uri: 'tos-red' } }, size('S')],
      [{ id: '100000', value_id: '11', sku_img: { uri: 'tos-red' } }, size('L')],
      [{ id: '100000', value_name: 'Blue', sku_img: { uri: 'tos-blue' } }, size('S')],
    ])
  })

  test('a brand goes by its id: found by name, left out where it comes from the product and is not known', async () => {
    const brands = ok({
      brands: [
        { id: '70', name: 'MADE-UP' },
        { id: '71', name: 'Made-up too' },
      ],
    })
    const known = scriptedCall(brands, photo, uploaded('tos-1'), made)
    await publish(known.call, { ...draft, brand: 'Made-up' })
    expect(asked(known.seen[0]).query).toMatchObject({ brand_name: 'Made-up', page_size: '100' })
    expect(asked(known.seen[3]).body).toMatchObject({ brand_id: '70' })
    const unknown = scriptedCall(brands, photo, uploaded('tos-1'), made)
    await publish(unknown.call, { ...draft, brand: 'Nobody' })
    expect(asked(unknown.seen[3]).body).not.toHaveProperty('brand_id')
    const chosen = scriptedCall(brands)
    const reply = await publish(chosen.call, { ...draft, attributes: { ...draft.attributes, brand: 'Nobody' } })
    expect(reply).toMatchObject({ kind: 'rejected' })
  })

  test.each<[string, Partial<ListingDraft>]>([
    ['no title', { title: ' ' }],
    ['a title too long', { title: 'x'.repeat(256) }],
    ['no description', { description: '' }],
    ['no picture', { images: [] }],
    ['no category', { attributes: { packageWeight: '1' } }],
    ['no weight', { attributes: { category: '1' } }],
    ['no SKU', { channelSku: '' }],
    ['a price of nothing', { price: gbp(0) }],
    ['no variations at all', { variations: [] }],
    ['a stock below 0', { quantity: -1 }],
  ])('%s is said before anything is sent', async (_name, changes) => {
    const { call, seen } = scriptedCall()
    expect(await publish(call, { ...draft, ...changes })).toMatchObject({ kind: 'rejected' })
    expect(seen).toEqual([])
  })

  test('a shop without a warehouse cannot list', async () => {
    const { call } = scriptedCallAt({ site: { ...site, warehouses: [] } })
    expect(await publish(call, draft)).toMatchObject({ kind: 'rejected' })
  })

  test.each<[string, Told[], string]>([
    ['a picture that is not there is said', [{ status: 404, body: '' }], 'rejected'],
    ['a picture that cannot be had just now waits', [{ status: 503, body: '' }], 'wait'],
    ['a page in place of a picture is said', [{ body: '<html>' }], 'rejected'],
    ['a lost upload waits', [photo, { failure: { kind: 'timeout', sent: true } }], 'wait'],
    ['a refused picture is said', [photo, refused(12052001, 'The image is too small')], 'rejected'],
    ['a lost product is unclear', [photo, uploaded('t'), { failure: { kind: 'timeout', sent: true } }], 'unclear'],
    ['a product without an id is unclear', [photo, uploaded('t'), ok()], 'unclear'],
    ['a refused product is said', [photo, uploaded('t'), refused(12052093, 'Quota is used up.')], 'rejected'],
  ])('%s', async (_name, answers, kind) => {
    expect(await publish(scriptedCall(...answers).call, draft)).toMatchObject({ kind })
  })
})

describe('the review', () => {
  const failed = {
    ...fixture('product', { status: 'FAILED' }),
    audit_failed_reasons: [{ position: 'Title', reasons: ['Too short'], suggestions: ['Say more'] }],
  }
  test.each<[Told, object]>([
    [ok(fixture('product', { status: 'PENDING' })), { kind: 'pending', ticket: '500' }],
    [ok(fixture('product')), { kind: 'done', reference: '500' }],
    [ok(failed), { kind: 'rejected', reason: 'Title: Too short; Say more' }],
    [ok(fixture('product', { status: 'FREEZE' })), { kind: 'rejected' }],
    [refused(12052032), { kind: 'gone' }],
    [{ status: 503, body: '' }, { kind: 'wait' }],
  ])('of a new product: %#', async (answer, reply) => {
    expect(await check(scriptedCall(answer).call, '500')).toMatchObject(reply)
  })

  test.each<[Told, object]>([
    [ok(fixture('product', { audit: { status: 'AUDITING' } })), { kind: 'pending', ticket: 'update:500' }],
    [
      refused(12052547, 'There is no version of this product that is under review.'),
      { kind: 'done', reference: '500' },
    ],
    [ok(fixture('product')), { kind: 'done', reference: '500' }],
    [ok({ ...failed, audit: { status: 'FAILED' } }), { kind: 'rejected', reason: 'Title: Too short; Say more' }],
  ])('of a change: %#', async (answer, reply) => {
    const { call, seen } = scriptedCall(answer)
    expect(await check(call, 'update:500')).toMatchObject(reply)
    expect(asked(seen[0]).query).toMatchObject({ return_under_review_version: 'true' })
  })
})

describe('changing and removing', () => {
  const red = {
    id: '1729592969712207013',
    seller_sku: 'MUG-RED',
    identifier_code: { code: '5012345678900', type: 'EAN' },
    sales_attributes: [{ id: '100000', value_id: '1729592969712207111', sku_img: { uri: 'tos-red' } }],
  }
  const blue = {
    id: '1729592969712207014',
    seller_sku: 'MUG-BLUE',
    sales_attributes: [{ id: '100000', value_id: '1729592969712207112' }],
  }
  const edited = ok({ product_id: ref.marketplaceListingId, audit: { status: 'AUDITING' } })

  test('F5: what the draft does not say goes back as it was; price and stock are not touched', async () => {
    const { call, seen } = scriptedCall(ok(fixture('product')), edited)
    const changes: ListingDraft = { ...draft, title: 'Better mug', images: [], attributes: { '100392': 'Glass' } }
    expect(await update(call, ref, changes)).toEqual({ kind: 'pending', ticket: `update:${ref.marketplaceListingId}` })
    expect(asked(seen[1])).toMatchObject({ what: `PUT /product/202509/products/${ref.marketplaceListingId}` })
    expect(asked(seen[1]).body).toEqual({
      title: 'Better mug',
      description: '<p>A mug.</p>',
      category_id: '600002',
      category_version: 'v1',
      brand_id: '7082427311584347905',
      main_images: [{ uri: 'tos-image-1' }],
      package_weight: { value: '0.4', unit: 'KILOGRAM' },
      package_dimensions: { length: '12', width: '12', height: '11', unit: 'CENTIMETER' },
      product_attributes: [
        { id: '100400', values: [{ id: '1000050' }] },
        { id: '100392', values: [{ name: 'Glass' }] },
      ],
      skus: [red, blue],
      save_mode: 'LISTING',
    })
  })

  test('F5: variations keep the SKUs they are, a new one comes with price and stock', async () => {
    const { call, seen } = scriptedCall(ok(fixture('product')), edited)
    const variation = (channelSku: string, color: string) => ({
      channelSku,
      price: gbp(900),
      quantity: 4,
      barcode: null,
      image: null,
      attributes: { '100000': color },
    })
    const variations = [variation('MUG-RED', 'Red'), variation('MUG-GREEN', 'Green')]
    await update(call, ref, { ...draft, images: [], variations })
    const { skus } = asked(seen[1]).body as { skus: JsonObject[] }
    expect(skus).toEqual([
      { ...red, sales_attributes: [{ id: '100000', value_name: 'Red' }] },
      {
        seller_sku: 'MUG-GREEN',
        price: { amount: '9.00', currency: 'GBP' },
        inventory: [{ warehouse_id: mainWarehouse, quantity: 4 }],
        sales_attributes: [{ id: '100000', value_name: 'Green' }],
      },
    ])
  })

  test('F6: of a product with several SKUs only the one is taken out', async () => {
    const { call, seen } = scriptedCall(ok(fixture('product')), edited)
    expect(await end(call, ref)).toMatchObject({ kind: 'pending' })
    expect(asked(seen[1]).body).toMatchObject({ title: 'Mug', skus: [blue] })
  })

  const alone = fixture('product', { skus: [(fixture('product')['skus'] as unknown[])[0]] })

  test('F6: for a SKU that is no more, the others stay', async () => {
    const { call, seen } = scriptedCall(ok(fixture('product')))
    expect(await end(call, { ...ref, marketplaceVariantId: '1' })).toMatchObject({ kind: 'gone' })
    expect(seen.length).toBe(1)
  })

  test('F6: a product with one SKU is removed', async () => {
    const { call, seen } = scriptedCall(ok(alone), ok())
    expect(await end(call, ref)).toEqual({ kind: 'done', reference: ref.marketplaceListingId })
    expect(asked(seen[1])).toMatchObject({
      what: 'DELETE /product/202309/products',
      body: { product_ids: [ref.marketplaceListingId] },
    })
  })

  test.each<[string, Told[], string]>([
    ['what is gone already is gone', [refused(12052032)], 'gone'],
    [
      'a removal that failed inside a success failed',
      [
        ok(alone),
        ok({ errors: [{ code: 12052377, message: 'No.', detail: { product_id: ref.marketplaceListingId } }] }),
      ],
      'rejected',
    ],
    ['a lost removal is unclear', [ok(alone), { failure: { kind: 'reset', sent: true } }], 'unclear'],
  ])('%s', async (_name, answers, kind) => {
    expect(await end(scriptedCall(...answers).call, ref)).toMatchObject({ kind })
  })
})

describe('categories and what they ask', () => {
  const tree = {
    categories: [
      { id: '1', parent_id: '0', local_name: 'Kitchen', is_leaf: false, permission_statuses: ['AVAILABLE'] },
      { id: '2', parent_id: '1', local_name: 'Mugs', is_leaf: true, permission_statuses: ['AVAILABLE'] },
      { id: '3', parent_id: '1', local_name: 'Knives', is_leaf: true, permission_statuses: ['INVITE_ONLY'] },
    ],
  }

  test('F4: the tree level by level; only leaves that are open take listings', async () => {
    const { call, seen } = scriptedCall(ok(tree), ok(tree))
    expect(await categories(call, null)).toEqual([
      { id: '1', parentId: null, name: 'Kitchen', isLeaf: false, mayList: false },
    ])
    expect(await categories(call, '1')).toEqual([
      { id: '2', parentId: '1', name: 'Mugs', isLeaf: true, mayList: true },
      { id: '3', parentId: '1', name: 'Knives', isLeaf: true, mayList: false },
    ])
    expect(asked(seen[0]).query).toMatchObject({ category_version: 'v1' })
  })

  test('F4: the United States have the deep tree', async () => {
    const { call, seen } = scriptedCallAt({ site: { ...site, currency: 'USD' } }, ok(tree))
    await categories(call, null)
    expect(asked(seen[0]).query).toMatchObject({ category_version: 'v2' })
  })

  const rules = {
    package_dimension: { is_required: true },
    size_chart: { is_supported: true, is_required: false },
    product_certifications: [{ id: '9', name: 'Food safety', is_required: true, document_details: 'A test report.' }],
  }
  const own = {
    attributes: [
      {
        id: '100392',
        name: 'Material',
        type: 'PRODUCT_PROPERTY',
        is_requried: true,
        is_customizable: false,
        is_multiple_selection: true,
        values: [{ id: '5', name: 'Glass' }],
      },
      { id: '100000', name: 'Color', type: 'SALES_PROPERTY', values: [] },
      {
        id: '100500',
        name: 'Coating',
        type: 'PRODUCT_PROPERTY',
        requirement_conditions: [{ condition_type: 'VALUE_ID_MATCH', attribute_id: '100392', attribute_value_id: '5' }],
      },
    ],
  }

  test('F4: attributes, parcel, brand and documents', async () => {
    const brands = { brands: [{ id: '70', name: 'Made-up' }], next_page_token: '' }
    const { call } = scriptedCall(ok(rules), ok(own), ok(brands))
    const found = await attributes(call, '2')
    const by = (key: string) => found.find((one) => one.key === key)
    expect(by('packageWeight')).toMatchObject({ isRequired: true, unit: 'kg' })
    expect(by('packageHeight')).toMatchObject({ isRequired: true, unit: 'cm' })
    expect(by('brand')).toMatchObject({ choices: [{ value: 'id:70', label: 'Made-up' }], takesOwnText: false })
    expect(by('sizeChart')).toMatchObject({ isRequired: false })
    expect(by('certification:9')).toMatchObject({ isRequired: true, isMultiple: true, help: 'A test report.' })
    expect(by('100392')).toEqual({
      key: '100392',
      label: 'Material',
      isRequired: true,
      isVariation: false,
      isMultiple: true,
      choices: [{ value: 'id:5', label: 'Glass' }],
      takesOwnText: false,
    })
    expect(by('100000')).toMatchObject({ isVariation: true, takesOwnText: true })
    expect(by('100500')).toMatchObject({ isRequired: false, help: 'Needed where “Material” is “Glass”' })
  })

  test('a long list of brands is no list to choose from', async () => {
    const brands = { brands: [{ id: '70', name: 'Made-up' }], next_page_token: 'N' }
    const found = await attributes(scriptedCall(ok({}), ok({}), ok(brands)).call, '2')
    expect(found.find((one) => one.key === 'brand')).toMatchObject({ takesOwnText: true })
    expect(found.find((one) => one.key === 'sizeChart')).toBeUndefined()
  })
})
