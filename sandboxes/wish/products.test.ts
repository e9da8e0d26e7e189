import { expect, test } from 'vitest'
import { createTestClient } from './test-client.ts'
import type { WishOptions } from './index.ts'

type Shown = {
  id: string
  state: string
  status: string
  name: string
  request_id: string | null
  updated_at: string
  variations: {
    id: string
    sku: string
    price?: { amount: number }
    cost?: { amount: number }
    inventories: { warehouse_id: string; inventory: number }[]
  }[]
}

async function store(options: WishOptions = {}) {
  const client = createTestClient(options)
  const { control } = client.sandbox
  const [made] = control.addListings([{ sku: 'A', title: 'Thing', price: '9.50', inventory: 10 }])
  const [id, variationId] = [made?.id ?? '', made?.variantId ?? '']
  const warehouses = (await client.call('GET', 'merchant/warehouses')).data as { id: string; name: string }[]
  const [standard = '', express = ''] = warehouses.map((one) => one.id)
  const update = (change: object, more: object = {}) =>
    client.call('PUT', `products/${id}`, { body: { variations: [{ id: variationId, ...change }], ...more } })
  const read = async (one = id) => (await client.call('GET', `products/${one}`)).data as Shown
  const truth = () => control.truth().listings[0]
  return { client, control, id, variationId, warehouses, standard, express, update, read, truth }
}

function newThing({ standard }: { standard: string }, more: object = {}) {
  const price = { amount: 5, currency_code: 'GBP' }
  return {
    name: 'New thing',
    description: 'A new thing.',
    parent_sku: 'NEW',
    category_id: 1001,
    default_shipping_prices: [{ default_shipping_price: price, warehouse_id: standard }],
    main_image: { url: 'https://images.example.test/1.jpg', is_clean_image: true },
    variations: [
      {
        sku: 'NEW-1',
        price,
        inventories: [{ warehouse_id: standard, inventory: 3 }],
        logistics_details: { origin_country: 'CN' },
      },
    ],
    ...more,
  }
}

test('stock and price of one variation change, what is not named stays', async () => {
  const { update, read, standard, express, warehouses, truth } = await store()
  expect(warehouses.map((one) => one.name)).toEqual(['Default', 'Express UK'])
  expect((await update({ price: { amount: 8.75, currency_code: 'GBP' } })).status).toBe(200)
  expect((await update({ inventories: [{ warehouse_id: express, inventory: 2 }] })).status).toBe(200)
  const [shown] = (await read()).variations
  expect(shown?.price).toEqual({ amount: 8.75, currency_code: 'GBP' })
  expect(shown?.inventories).toEqual([
    { warehouse_id: standard, inventory: 10 },
    { warehouse_id: express, inventory: 2 },
  ])
  expect(truth()).toMatchObject({ quantity: 12, price: { minor: 875 } })
  expect(truth()?.history.map((one) => [one.by, one.quantity, one.priceMinor])).toEqual([
    ['sandbox', 10, 950],
    ['seller', 10, 875],
    ['seller', 12, 875],
  ])
})

test('by choice a list of inventories replaces the other warehouses', async () => {
  const { update, express, truth } = await store({ choices: { inventories: 'replace' } })
  await update({ inventories: [{ warehouse_id: express, inventory: 2 }] })
  expect(truth()?.quantity).toBe(2)
})

test('W10, W13: wrong currency, warehouse, variation and amount are all 400 with 90001 and change nothing', async () => {
  const { update, standard, truth, client, id } = await store()
  const wrong = [
    { price: { amount: 1, currency_code: 'USD' } },
    { price: { amount: -1, currency_code: 'GBP' } },
    { cost: { amount: 1, currency_code: 'GBP' } },
    { inventories: [{ warehouse_id: 'x', inventory: 1 }] },
    { inventories: [{ warehouse_id: standard, inventory: 500_001 }] },
    { inventories: [{ warehouse_id: standard, inventory: 1.5 }] },
    { id: 'other', inventories: [{ warehouse_id: standard, inventory: 1 }] },
  ]
  const sentences = new Set<unknown>()
  for (const change of wrong) {
    const heard = await update(change)
    expect(heard).toMatchObject({ status: 400, code: 90_001, data: {} })
    sentences.add(heard.message)
  }
  expect(sentences.size).toBe(wrong.length)
  expect(truth()).toMatchObject({ quantity: 10, price: { minor: 950 } })
  client.sandbox.control.choices.codeType = 'string'
  expect(await client.call('PUT', `products/${id}x`, { body: {} })).toMatchObject({ status: 400, code: '90001' })
})

test('W11: a cost-based account has costs where the other has prices', async () => {
  const { update, read, truth } = await store({ revenueType: 'COST_BASED' })
  expect((await update({ price: { amount: 4, currency_code: 'GBP' } })).status).toBe(400)
  expect((await update({ cost: { amount: 4, currency_code: 'GBP' } })).status).toBe(200)
  const [shown] = (await read()).variations
  expect([shown?.price, shown?.cost?.amount, truth()?.price.minor]).toEqual([undefined, 4, 400])
})

test('W9: the list has no variations, and its default leaves out what was removed', async () => {
  const { client, control, id } = await store()
  const list = async (query = '') => (await client.call('GET', `products${query}`)).data as Shown[]
  expect((await list())[0]).not.toHaveProperty('variations')
  expect((await client.call('DELETE', `products/${id}`)).status).toBe(204)
  expect(await list()).toEqual([])
  expect(await list('?state=REMOVED_BY_MERCHANT')).toHaveLength(1)
  expect(await list('?statuses=REMOVED_BY_MERCHANT,APPROVED')).toHaveLength(1)
  expect(control.truth().listings[0]?.isLive).toBe(false)
})

test('W12: what was removed refuses updates, and its SKU is free again', async () => {
  const { client, control, update, id, standard } = await store()
  expect(
    (await client.call('POST', `products/${id}/variations`, { body: newThing({ standard }).variations[0] })).status,
  ).toBe(200)
  const twice = await client.call('POST', `products/${id}/variations`, { body: newThing({ standard }).variations[0] })
  expect(twice.message).toBe('There is an existing variation with such SKU.')
  await client.call('DELETE', `products/${id}`)
  expect(await update({ status: 'ENABLED' })).toMatchObject({ status: 400, code: 90_001 })
  expect((await client.call('POST', 'products', { body: newThing({ standard }) })).status).toBe(200)
  expect(control.truth().listings.filter((one) => one.sku === 'NEW-1')).toHaveLength(2)
})

test('a new product waits for its review, and one that breaks the rules is refused with one sentence', async () => {
  const { client, standard, read } = await store()
  const create = (more: object = {}) => client.call('POST', 'products', { body: newThing({ standard }, more) })
  const wrong = [
    { description: '<b>Bold</b>' },
    { category_id: undefined },
    { main_image: { url: 'https://images.example.test/1.jpg' } },
    { extra_images: [{ url: 'https://images.example.test/2.jpg', is_clean_image: true }] },
    { default_shipping_prices: undefined },
    { variations: [] },
  ]
  for (const more of wrong) expect(await create(more)).toMatchObject({ status: 400, code: 90_001 })
  const made = (await create()).data as Shown
  expect(made).toMatchObject({ state: 'WISH_INACTIVE', status: 'PENDING_REVIEW', request_id: null })
  expect((await create()).message).toBe('There is an existing product with such parent SKU.')
  client.pass(300)
  expect(await read(made.id)).toMatchObject({ state: 'ACTIVE', status: 'APPROVED' })
})

test('W12: with automated review content changes later, stock at once, and a request may be blocked', async () => {
  const { client, standard, update, read, truth } = await store({ hasListingReview: true })
  const inventories = [{ warehouse_id: standard, inventory: 4 }]
  const heard = (await update({ inventories }, { name: 'Renamed' })).data as Shown
  expect([heard.name, truth()?.quantity]).toEqual(['Thing', 4])
  const request = async (id: string | null) => (await client.call('GET', `products/requests/${id}`)).data
  expect(await request(heard.request_id)).toMatchObject({ status: 'UNDER_REVIEW', product_dict: { name: 'Renamed' } })
  client.pass(300)
  expect((await read()).name).toBe('Renamed')
  expect(await request(heard.request_id)).toMatchObject({ status: 'APPROVED' })
  const blocked = newThing({ standard }, { name: 'suspend-me', parent_sku: 'BAD' })
  const made = (await client.call('POST', 'products', { body: blocked })).data as Shown
  client.pass(300)
  expect(await read(made.id)).toMatchObject({ state: 'WISH_INACTIVE', status: 'REJECTED' })
  expect(await request(made.request_id)).toMatchObject({ status: 'BLOCKED', blocking_reason: expect.any(String) })
})

test('a disabled product or variation cannot be bought', async () => {
  const { control, update, truth } = await store()
  const buy = () => control.placeOrders([{ lines: [{ sku: 'A', quantity: 1 }] }])[0]?.refused[0]?.reason
  await update({ status: 'DISABLED' })
  expect([truth()?.isLive, buy()]).toEqual([false, 'not-for-sale'])
  await update({ status: 'ENABLED' }, { status: 'DISABLED' })
  expect([truth()?.isLive, buy()]).toEqual([false, 'not-for-sale'])
  await update({}, { status: 'ENABLED' })
  expect([truth()?.isLive, buy()]).toEqual([true, undefined])
})

test('a bulk update says of each product whether it worked', async () => {
  const { client, id, variationId, standard, truth } = await store()
  const inventories = [{ warehouse_id: standard, inventory: 77 }]
  const body = [
    { id, variations: [{ id: variationId, inventories }] },
    { id: '000000000000000000000000', status: 'ENABLED' },
  ]
  const job = (await client.call('POST', 'products/bulk_update', { body })).data as { id: string }
  expect(truth()?.quantity).toBe(10)
  client.pass(15)
  const { file_urls: urls } = (await client.call('GET', `products/bulk_update/${job.id}`)).data as {
    file_urls: string[]
  }
  const file = await client.call('GET', new URL(urls[0] ?? '').pathname, { token: null })
  expect(JSON.parse(file.text)).toEqual([
    { id, success: true, message: '' },
    { id: '000000000000000000000000', success: false, message: 'There is no such product for the merchant.' },
  ])
  expect(truth()?.quantity).toBe(77)
})

test('a large catalogue is a bulk job with files of 10,000 products each, as they were when it ended', async () => {
  const { client, control } = await store()
  control.addListings(
    Array.from({ length: 30_000 }, (_, index) => ({
      sku: `S${index}`,
      title: `T${index}`,
      price: '1.00',
      inventory: 1,
    })),
  )
  const job = (await client.call('POST', 'products/bulk_get')).data as { id: string }
  client.pass(15)
  const ready = (await client.call('GET', `products/bulk_get/${job.id}`)).data as {
    status: string
    total_count: number
    file_urls: string[]
  }
  expect(ready).toMatchObject({ status: 'READY', total_count: 30_001 })
  expect(ready.file_urls).toHaveLength(4)
  const skus = new Set<string>()
  for (const url of ready.file_urls) {
    const file = await client.call('GET', new URL(url).pathname, { token: null })
    for (const product of JSON.parse(file.text) as Shown[]) for (const one of product.variations) skus.add(one.sku)
  }
  expect(skus.size).toBe(30_001)
  client.pass(30 * 86_400)
  const [url = ''] = ready.file_urls
  expect((await client.call('GET', new URL(url).pathname, { token: null })).status).toBe(404)
})
