import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { uk } from './reference.ts'
import { createTestClient } from './test-client.ts'
import type { TestClient } from './test-client.ts'

const seller = '/listings/2021-08-01/items/A1SANDBOXSELL1'
const query = { marketplaceIds: uk }
const sku = 'KET%2BFILTER'

type Item = {
  summaries: { status: string[] }[]
  attributes: Record<string, Record<string, unknown>[]>
  fulfillmentAvailability: { fulfillmentChannelCode: string; quantity: number }[]
  offers: { price: { amount: string } }[]
}

async function read(client: TestClient, path = sku): Promise<Item> {
  const includedData = 'summaries,attributes,fulfillmentAvailability,offers'
  const heard = await client.call('GET', `${seller}/${path}`, { query: { ...query, includedData } })
  return heard.body as unknown as Item
}

const patch = (client: TestClient, patches: unknown, path = sku) =>
  client.call('PATCH', `${seller}/${path}`, { query, body: { productType: 'PRODUCT', patches } })
const stock = (op: string, entry: object) => [{ op, path: '/attributes/fulfillment_availability', value: [entry] }]
const own = (more: object) => ({ fulfillment_channel_code: 'DEFAULT', ...more })
const price = (more: object) => [
  {
    op: 'replace',
    path: '/attributes/purchasable_offer',
    value: [{ marketplace_id: uk, currency: 'GBP', audience: 'ALL', ...more }],
  },
]
const scheduled = (value: number, more: object = {}) => [{ schedule: [{ value_with_tax: value, ...more }] }]

test('what is accepted shows as submitted at once and is live later', async () => {
  const client = createTestClient()
  const heard = await patch(client, stock('merge', own({ quantity: 7 })))
  expect(heard.body).toMatchObject({ sku: 'KET+FILTER', status: 'ACCEPTED' })
  const before = await read(client)
  expect(before.attributes['fulfillment_availability']?.[0]).toMatchObject({ quantity: 7 })
  expect(before.fulfillmentAvailability).toEqual([{ fulfillmentChannelCode: 'DEFAULT', quantity: 18 }])
  client.pass(31)
  expect((await read(client)).fulfillmentAvailability[0]?.quantity).toBe(7)
})

test('replace drops the handling time, merge keeps it, and another channel code adds an entry', async () => {
  const client = createTestClient()
  const entries = async () => (await read(client)).attributes['fulfillment_availability']
  await patch(client, stock('replace', own({ quantity: 5, lead_time_to_ship_max_days: 3 })))
  await patch(client, stock('merge', own({ quantity: 6 })))
  expect(await entries()).toEqual([own({ quantity: 6, lead_time_to_ship_max_days: 3 })])
  await patch(client, stock('replace', own({ quantity: 4 })))
  expect(await entries()).toEqual([own({ quantity: 4 })])
  await patch(client, stock('replace', { fulfillment_channel_code: 'AMAZON_EU', quantity: 2 }))
  expect(await entries()).toHaveLength(2)
  client.pass(31)
  expect((await read(client)).fulfillmentAvailability).toHaveLength(2)
})

test('a sale price ends when an offer is replaced without it, and counts only in its time', async () => {
  const client = createTestClient()
  const amount = async () => (await read(client)).offers[0]?.price.amount
  const times = { start_at: '2026-03-02T13:00:00Z', end_at: '2026-03-02T14:00:00Z' }
  await patch(client, price({ our_price: scheduled(45), discounted_price: scheduled(40, times) }))
  client.pass(31)
  expect(await amount()).toBe('45.00')
  client.pass(3600)
  await client.renew()
  expect(await amount()).toBe('40.00')
  await patch(client, price({ our_price: scheduled(44.5) }))
  client.pass(31)
  expect(await amount()).toBe('44.50')
})

test('a malformed patch is a 400 in known words, a wrong value a 200 that says INVALID', async () => {
  const client = createTestClient()
  const message = async (patches: unknown) =>
    ((await patch(client, patches)).body['errors'] as { message: string }[])[0]?.message
  const path = '/attributes/fulfillment_availability/0/quantity'
  expect(await message([{ op: 'replace', path, value: [{}] }])).toBe('Invalid path provided in patch at index of 0.')
  const flat = [{ op: 'replace', path: '/attributes/fulfillment_availability', value: 7 }]
  expect(await message(flat)).toBe('Invalid empty value provided in patch at index of 0.')
  const euros = price({ currency: 'EUR', our_price: scheduled(9) })
  for (const wrong of [stock('merge', own({ quantity: 1.5 })), euros, price({ our_price: scheduled(0) })]) {
    const heard = await patch(client, wrong)
    expect([heard.status, heard.body['status']]).toEqual([200, 'INVALID'])
  }
  const nowhere = await patch(client, stock('merge', own({ quantity: 1 })), 'NOBODY-KNOWS')
  expect(nowhere.body['status']).toBe('ACCEPTED')
  client.pass(31)
  expect((await client.call('GET', `${seller}/NOBODY-KNOWS`, { query })).status).toBe(404)
})

test('a SKU is decoded once', async () => {
  const client = createTestClient()
  for (const [path, status] of [
    ['WAX%20100%25', 200],
    ['WAX%2520100%2525', 404],
    ['KET-1.7%2FSTEEL', 200],
    ['GIFT-%F0%9F%8E%81-01', 200],
  ] as const) {
    expect((await client.call('GET', `${seller}/${path}`, { query })).status).toBe(status)
  }
})

const attributes = {
  item_name: [{ value: 'A plain shirt' }],
  brand: [{ value: 'Lowmoor' }],
  product_description: [{ value: 'Cotton.' }],
  bullet_point: [{ value: 'Soft' }],
  country_of_origin: [{ value: 'GB' }],
  supplier_declared_dg_hz_regulation: [{ value: 'not_applicable' }],
  main_product_image_locator: [{ media_location: 'http://127.0.0.1/a.png' }],
  department: [{ value: 'Unisex Adult' }],
  material: [{ value: 'Cotton' }],
}
const offer = {
  condition_type: [{ value: 'new_new' }],
  purchasable_offer: [{ marketplace_id: uk, currency: 'GBP', our_price: scheduled(15) }],
  fulfillment_availability: [own({ quantity: 4 })],
}
const put = (client: TestClient, path: string, given: object, mode?: string) =>
  client.call('PUT', `${seller}/${path}`, {
    query: { ...query, ...(mode === undefined ? {} : { mode }) },
    body: { productType: 'SHIRT', requirements: 'LISTING', attributes: given },
  })

test('a new listing is checked, appears after a while, and its child needs a parent that is there', async () => {
  const client = createTestClient()
  expect((await put(client, 'SHIRT-1', attributes)).body).toMatchObject({
    status: 'INVALID',
    issues: expect.arrayContaining([expect.objectContaining({ code: '90220' })]),
  })
  expect((await put(client, 'SHIRT-1', { ...attributes, ...offer }, 'VALIDATION_PREVIEW')).body).toMatchObject({
    status: 'VALID',
  })
  expect((await client.call('GET', `${seller}/SHIRT-1`, { query })).status).toBe(404)
  expect((await put(client, 'SHIRT-1', { ...attributes, ...offer })).body).toMatchObject({ status: 'ACCEPTED' })
  expect((await read(client, 'SHIRT-1')).summaries).toEqual([])
  client.pass(121)
  expect((await read(client, 'SHIRT-1')).summaries[0]?.status).toEqual(['BUYABLE', 'DISCOVERABLE'])
  const relation = (more: object) => [{ child_relationship_type: 'variation', ...more }]
  const variation_theme = [{ name: 'SIZE' }]
  const child = {
    ...attributes,
    ...offer,
    parentage_level: [{ value: 'child' }],
    child_parent_sku_relationship: relation({ parent_sku: 'SHIRT' }),
    variation_theme,
    size: [{ value: 'M' }],
  }
  expect((await put(client, 'SHIRT-M', child)).body).toMatchObject({ status: 'INVALID' })
  const parent = {
    ...attributes,
    parentage_level: [{ value: 'parent' }],
    child_parent_sku_relationship: relation({}),
    variation_theme,
  }
  expect((await put(client, 'SHIRT', parent)).body).toMatchObject({ status: 'ACCEPTED' })
  expect((await put(client, 'SHIRT-M', child)).body).toMatchObject({ status: 'ACCEPTED' })
})

test('a deleted SKU is gone after a while and cannot be used again the same day', async () => {
  const client = createTestClient()
  expect((await client.call('DELETE', `${seller}/${sku}`, { query })).body).toMatchObject({ status: 'ACCEPTED' })
  expect((await client.call('GET', `${seller}/${sku}`, { query })).status).toBe(200)
  client.pass(31)
  expect((await client.call('GET', `${seller}/${sku}`, { query })).status).toBe(404)
  const again = await put(client, sku, { ...attributes, ...offer })
  expect(again.body).toMatchObject({
    status: 'INVALID',
    issues: expect.arrayContaining([expect.objectContaining({ code: '13013' })]),
  })
})

test('faults: an update can be answered and lost, read stale, refused by a word, or happen in silence', async () => {
  const client = createTestClient()
  const { control } = client.sandbox
  const live = () => control.truth().listings.find((one) => one.sku === 'KET+FILTER')?.quantity
  control.armFault('accepted-not-applied', { operation: 'patchListingsItem' })
  expect((await patch(client, stock('merge', own({ quantity: 3 })))).body['status']).toBe('ACCEPTED')
  client.pass(31)
  expect(live()).toBe(18)
  control.armFault('timeout-after', { operation: 'patchListingsItem' })
  const silent = await client.outcome('PATCH', `${seller}/${sku}`, {
    query,
    body: { productType: 'PRODUCT', patches: stock('merge', own({ quantity: 2 })) },
  })
  expect(silent.kind).toBe('silence')
  client.pass(31)
  expect(live()).toBe(2)
  control.addListings([
    { sku: 'A-reject-me', title: 'Word', price: '5', inventory: 5 },
    { sku: 'A-ignore-me', title: 'Word', price: '5', inventory: 5 },
    { sku: 'A-gone-me', title: 'Word', price: '5', inventory: 5 },
  ])
  const told = async (path: string) => (await patch(client, stock('merge', own({ quantity: 1 })), path)).body['status']
  expect([await told('A-reject-me'), await told('A-ignore-me'), await told('A-gone-me')]).toEqual([
    'INVALID',
    'ACCEPTED',
    'ACCEPTED',
  ])
  client.pass(31)
  const words = control.truth().listings.filter((one) => one.title === 'Word')
  expect(words.map((one) => one.quantity)).toEqual([5, 5, 5])
  expect((await client.call('GET', `${seller}/A-gone-me`, { query })).status).toBe(404)
})

test('search pages twenty at a time and never beyond a thousand', async () => {
  const client = createTestClient({ empty: true })
  client.sandbox.control.addListings(
    Array.from({ length: 1030 }, (_, index) => ({ sku: `S-${index}`, title: 'Thing', price: '5', inventory: 1 })),
  )
  const skus = new Set<string>()
  let pageToken: string | undefined
  let pages = 0
  do {
    const asked = { ...query, pageSize: '20', sortBy: 'sku', ...(pageToken === undefined ? {} : { pageToken }) }
    const { body } = await client.call('GET', seller, { query: asked })
    for (const item of body['items'] as { sku: string }[]) skus.add(item.sku)
    expect(body['numberOfResults']).toBe(1030)
    pageToken = (body['pagination'] as { nextToken: string } | undefined)?.nextToken
    pages += 1
  } while (pageToken !== undefined && pages < 60)
  expect([pages, skus.size]).toEqual([50, 1000])
  const { body } = await client.call('GET', seller, {
    query: { ...query, identifiers: 'S-7,S-1029', identifiersType: 'SKU' },
  })
  expect(body['numberOfResults']).toBe(2)
})

async function report(client: TestClient): Promise<{ status: unknown; text: string; heard: Record<string, unknown> }> {
  const base = '/reports/2021-06-30'
  const body = { reportType: 'GET_MERCHANT_LISTINGS_ALL_DATA', marketplaceIds: [uk] }
  const { body: created } = await client.call('POST', `${base}/reports`, { body })
  client.pass(31)
  const { body: done } = await client.call('GET', `${base}/reports/${String(created['reportId'])}`)
  if (typeof done['reportDocumentId'] !== 'string') return { status: done['processingStatus'], text: '', heard: {} }
  const { body: heard } = await client.call('GET', `${base}/documents/${done['reportDocumentId']}`)
  const { bytes } = await client.call('GET', String(heard['url']))
  const text = (heard['compressionAlgorithm'] === 'GZIP' ? gunzipSync(bytes) : bytes).toString('latin1')
  return { status: done['processingStatus'], text, heard }
}

test('the report is a tab file in cp1252, packed if chosen, and CANCELLED when there is nothing', async () => {
  const client = createTestClient({ choices: { reportGzip: true } })
  const { text } = await report(client)
  const [head = '', ...lines] = text.trimEnd().split('\n')
  const names = head.split('\t')
  const cells = lines.map((line) => line.split('\t'))
  expect(new Set(cells.map((one) => one.length))).toEqual(new Set([names.length]))
  const cell = (wanted: string, name: string) =>
    cells.find((one) => one[names.indexOf('seller-sku')] === wanted)?.[names.indexOf(name)]
  expect(cell('KET+FILTER', 'price')).toBe('49.99')
  expect(cell('SOLD-OUT', 'status')).toBe('Inactive')
  expect(cell('DRAFT-01', 'status')).toBe('Incomplete')
  expect(text).toContain('Caf\u00e9 Cr\u00e8me Set \u0096 6 cups')
  expect(text).toContain('GIFT-?-01')
  const empty = await report(createTestClient({ empty: true }))
  expect(empty.status).toBe('CANCELLED')
})

test('a hundred thousand listings are reported in seconds, and the link ends after five minutes', async () => {
  const client = createTestClient({ empty: true })
  client.sandbox.control.addListings(
    Array.from({ length: 100_000 }, (_, index) => ({
      sku: `S-${index}`,
      title: `Thing ${index}`,
      price: '5.25',
      inventory: 3,
    })),
  )
  const started = performance.now()
  const { text, heard } = await report(client)
  expect(text.split('\n')).toHaveLength(100_002)
  expect(performance.now() - started).toBeLessThan(10_000)
  client.pass(300)
  const late = await client.call('GET', String(heard['url']))
  expect([late.status, late.text]).toEqual([403, expect.stringContaining('Request has expired')])
})
