// Products, their review, stock in every warehouse, prices; and what a search gives.
import { expect, test } from 'vitest'
import { plainPng } from './image-routes.ts'
import { categories } from './reference.ts'
import { createTestClient } from './test-client.ts'
import type { TestClient } from './test-client.ts'

type Ids = { product: string; sku: string; warehouses: string[] }
const leaf = categories.find((one) => one.name === 'Drinkware')?.id ?? ''

async function shop(options: Parameters<typeof createTestClient>[0] = {}): Promise<{ client: TestClient; ids: Ids }> {
  const client = createTestClient(options)
  const [made] = client.sandbox.control.addListings([{ sku: 'MUG', title: 'A mug', price: '9.99', inventory: 20 }])
  const { data } = await client.call('GET', '/logistics/202309/warehouses')
  const { warehouses } = data as { warehouses: { id: string; type: string }[] }
  const sales = warehouses.filter((one) => one.type === 'SALES_WAREHOUSE').map((one) => one.id)
  return { client, ids: { product: made?.id ?? '', sku: made?.variantId ?? '', warehouses: sales } }
}

const setStock = (client: TestClient, { product, sku }: Ids, inventory: unknown) =>
  client.call('POST', `/product/202309/products/${product}/inventory/update`, {
    body: { skus: [{ id: sku, inventory }] },
  })

const setPrice = (client: TestClient, { product, sku }: Ids, price: unknown) =>
  client.call('POST', `/product/202309/products/${product}/prices/update`, { body: { skus: [{ id: sku, price }] } })

const errorsOf = (heard: { data: unknown }) =>
  (heard.data as { errors: { code: number }[] }).errors.map((one) => one.code)
const mug = (client: TestClient) => client.sandbox.control.truth().listings.find((one) => one.sku === 'MUG')

async function newProduct(client: TestClient, { warehouses }: Ids, more = {}) {
  const sent = await client.upload('/product/202309/images/upload', { file: plainPng(300, [1, 2, 3]) })
  const { uri } = sent.data as { uri: string }
  const body = {
    title: 'A cup',
    description: '<p>A cup.</p>',
    category_id: leaf,
    main_images: [{ uri }],
    skus: [
      {
        seller_sku: 'CUP',
        price: { amount: '5.00', currency: 'GBP' },
        inventory: warehouses.map((warehouse_id) => ({ warehouse_id, quantity: 2 })),
      },
    ],
    package_weight: { value: '0.3', unit: 'KILOGRAM' },
    package_dimensions: { length: '9', width: '9', height: '9', unit: 'CENTIMETER' },
    product_attributes: [{ id: '100392', values: [{ id: '1000326' }] }],
    ...more,
  }
  return { body, heard: await client.call('POST', '/product/202309/products', { body }) }
}

const statusOf = async (client: TestClient, id: string) => {
  const { data } = await client.call('GET', `/product/202309/products/${id}`)
  const { status, audit, title } = data as { status: string; audit: { status: string }; title: string }
  return [status, audit.status, title]
}

test('T1: every warehouse of a SKU must be named, and a refusal hides behind code 0', async () => {
  const { client, ids } = await shop()
  const [first = '', second = ''] = ids.warehouses
  const both = [
    { warehouse_id: first, quantity: 3 },
    { warehouse_id: second, quantity: 4 },
  ]
  const one = await setStock(client, ids, both.slice(0, 1))
  expect([one.status, one.code, errorsOf(one)]).toEqual([200, 0, [12019028]])
  expect(errorsOf(await setStock(client, ids, [...both, { warehouse_id: '1', quantity: 1 }]))).toEqual([12052530])
  expect(mug(client)?.quantity).toBe(20)
  expect(errorsOf(await setStock(client, ids, both))).toEqual([])
  expect(mug(client)?.quantity).toBe(7)
  expect(errorsOf(await setStock(client, ids, [{ ...both[0], quantity: 100_000 }, both[1]]))).toEqual([12052055])
  const none = both.map((entry) => ({ ...entry, quantity: 0 }))
  expect(errorsOf(await setStock(client, ids, none))).toEqual([])
  expect(mug(client)).toMatchObject({ quantity: 0, isLive: true })
  await client.plain('POST', '/__sandbox/choices', { zeroStock: 'refused' })
  expect(errorsOf(await setStock(client, ids, none))).toEqual([12052055])
  client.sandbox.control.setWarehouse(second, 'DISABLED')
  expect(errorsOf(await setStock(client, ids, both))).toEqual([12052531])
})

test('stock for sale and stock promised are read apart', async () => {
  const { client, ids } = await shop()
  client.sandbox.control.placeOrders([{ lines: [{ sku: 'MUG', quantity: 3 }] }])
  const { data } = await client.call('POST', '/product/202309/inventory/search', { body: { sku_ids: [ids.sku] } })
  expect(data).toMatchObject({
    inventory: [{ skus: [{ total_available_quantity: 17, total_committed_quantity: 3 }] }],
  })
})

test('T2: a price needs the currency, the range, a live product and no promotion', async () => {
  const { client, ids } = await shop()
  const codes = [
    await setPrice(client, ids, { amount: '12.50', currency: 'EUR' }),
    await setPrice(client, ids, { amount: '5600.01', currency: 'GBP' }),
    await setPrice(client, ids, { amount: '12.50', currency: 'GBP' }),
  ].map((one) => one.code)
  expect(codes).toEqual([12052084, 12052570, 0])
  expect(mug(client)?.price).toEqual({ minor: 1250, currency: 'GBP' })
  client.sandbox.control.setPromotion('MUG', true)
  expect((await setPrice(client, ids, { amount: '13.00', currency: 'GBP' })).code).toBe(12052038)
  const less = ids.warehouses.map((warehouse_id) => ({ warehouse_id, quantity: 1 }))
  expect(errorsOf(await setStock(client, ids, less))).toEqual([12052393])
  client.sandbox.control.setPromotion('MUG', false)
  client.sandbox.control.setProductStatus(ids.product, 'SELLER_DEACTIVATED')
  expect((await setPrice(client, ids, { amount: '13.00', currency: 'GBP' })).code).toBe(12019113)
})

test('a new product is reviewed before it is live, and the same idempotency key makes no second one', async () => {
  const { client, ids } = await shop()
  const { heard, body } = await newProduct(client, ids, { idempotency_key: 'once' })
  const { product_id } = heard.data as { product_id: string }
  expect(await statusOf(client, product_id)).toEqual(['PENDING', 'AUDITING', 'A cup'])
  const again = await client.call('POST', '/product/202309/products', { body })
  expect((again.data as { product_id: string }).product_id).toBe(product_id)
  client.pass(600)
  expect(await statusOf(client, product_id)).toEqual(['ACTIVATE', 'APPROVED', 'A cup'])
})

test('an edit of a live product leaves it live as it was until the review passed; a failed one for good', async () => {
  const { client, ids } = await shop()
  const { heard, body } = await newProduct(client, ids)
  const { product_id, skus } = heard.data as { product_id: string; skus: [{ id: string }] }
  client.pass(600)
  const edit = (title: string) =>
    client.call('PUT', `/product/202509/products/${product_id}`, {
      body: { ...body, title, skus: [{ id: skus[0].id, seller_sku: 'CUP' }] },
    })
  expect((await edit('A better cup')).code).toBe(0)
  expect(await statusOf(client, product_id)).toEqual(['ACTIVATE', 'AUDITING', 'A cup'])
  client.pass(600)
  expect(await statusOf(client, product_id)).toEqual(['ACTIVATE', 'APPROVED', 'A better cup'])
  await edit('A fail-review cup')
  client.pass(600)
  expect(await statusOf(client, product_id)).toEqual(['ACTIVATE', 'FAILED', 'A better cup'])
  const bare = await client.call('PUT', `/product/202509/products/${product_id}`, { body: { title: 'Alone' } })
  expect([bare.code, bare.message]).toEqual([36009004, expect.stringContaining('is a required field')])
})

test('deactivate, activate, delete and recover answer code 0 with what failed inside', async () => {
  const { client, ids } = await shop()
  const change = (verb: string) =>
    client.call(
      verb === 'delete' ? 'DELETE' : 'POST',
      `/product/202309/products${verb === 'delete' ? '' : `/${verb}`}`,
      {
        body: { product_ids: [ids.product] },
      },
    )
  expect(errorsOf(await change('activate'))).toEqual([12052901])
  expect(errorsOf(await change('deactivate'))).toEqual([])
  expect(mug(client)?.isLive).toBe(false)
  expect(errorsOf(await change('activate'))).toEqual([])
  client.pass(600)
  expect(mug(client)?.isLive).toBe(true)
  expect(errorsOf(await change('delete'))).toEqual([])
  expect((await client.call('GET', `/product/202309/products/${ids.product}`)).code).toBe(12052032)
  expect(errorsOf(await change('recover'))).toEqual([])
  expect((await statusOf(client, ids.product))[0]).toBe('SELLER_DEACTIVATED')
})

test('what a product must have is asked for', async () => {
  const { client, ids } = await shop()
  const sku = (more: object) => ({
    skus: [
      {
        seller_sku: 'CUP',
        price: { amount: '5.00', currency: 'GBP' },
        inventory: [{ warehouse_id: ids.warehouses[0], quantity: 1 }],
        ...more,
      },
    ],
  })
  const codes = []
  for (const more of [
    { title: 'A cup 😀' },
    { title: 'x'.repeat(256) },
    { category_id: categories[0]?.id },
    { category_version: 'v2' },
    { main_images: [{ uri: 'https://elsewhere.example.test/1.jpg' }] },
    { product_attributes: [] },
    { product_attributes: [{ id: '100392', values: [{ id: '1000325' }] }] },
    { package_weight: { value: '1', unit: 'POUND' } },
    sku({ seller_sku: 'A B' }),
    sku({ price: { amount: '5,00', currency: 'GBP' } }),
  ]) {
    codes.push((await newProduct(client, ids, more)).heard.code)
  }
  expect(codes).toEqual([
    12052931, 12052051, 12052024, 12052217, 12052300, 12052104, 12052182, 12019061, 12019059, 12052073,
  ])
})

test('a shop the marketplace closed takes no products, stock or prices any more', async () => {
  const { client, ids } = await shop()
  client.sandbox.control.closeShop(client.sandbox.account.shopId, false)
  expect((await setPrice(client, ids, { amount: '1.00', currency: 'GBP' })).code).toBe(12052700)
  expect((await setStock(client, ids, [])).code).not.toBe(0)
  expect((await client.call('POST', '/order/202309/orders/search', { query: { page_size: '1' }, body: {} })).code).toBe(
    0,
  )
})

test('an upload must be an image of a fitting size', async () => {
  const { client } = await shop()
  const upload = (file: Buffer | undefined) =>
    client.upload('/product/202309/images/upload', file ? { file } : { fields: { use_case: 'MAIN_IMAGE' } })
  expect((await upload(undefined)).code).toBe(12038002)
  expect((await upload(Buffer.from('no image'))).code).toBe(12038015)
  expect((await upload(plainPng(299, [0, 0, 0]))).code).toBe(12038014)
  const fine = await upload(plainPng(301, [0, 0, 0]))
  expect(fine.data).toMatchObject({ width: 301, height: 301, use_case: 'MAIN_IMAGE' })
})

test('a search gives 10,000 hits at most, so a large shop is cut by time; SKUs are found exactly', async () => {
  const client = createTestClient()
  const { control } = client.sandbox
  control.addListings(
    Array.from({ length: 12_000 }, (_, index) => ({ sku: `S-${index}`, title: 'T', price: '1.00', inventory: 1 })),
  )
  const search = (body: unknown, query = {}) =>
    client.call('POST', '/product/202502/products/search', { query: { page_size: '100', ...query }, body })
  expect((await search({})).code).toBe(12052180)
  const half = Math.floor(client.now().getTime() / 1000) - 1000
  const counts = []
  for (const body of [{ create_time_le: half - 1 }, { create_time_ge: half }]) {
    counts.push(((await search(body)).data as { total_count: number }).total_count)
  }
  expect((counts[0] ?? 0) + (counts[1] ?? 0)).toBe(12_000)
  const { data } = await search({ seller_skus: ['S-77', 's-78'] })
  expect(
    (data as { products: { skus: { seller_sku: string }[] }[] }).products.map((one) => one.skus[0]?.seller_sku),
  ).toEqual(['S-77'])
  await client.plain('POST', '/__sandbox/choices', { searchCap: 'none' })
  const seen = new Set<string>()
  let token = ''
  do {
    const page = (await search({}, { page_token: token })).data as {
      products: { id: string }[]
      next_page_token: string
    }
    for (const product of page.products) seen.add(product.id)
    token = page.next_page_token
  } while (token !== '')
  expect(seen.size).toBe(12_000)
})
