// Every answer is held against the published OpenAPI files: names, types, nothing beyond them. They lie outside the
// project, so where they are not there this says so and checks nothing.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { plainPng } from './image-routes.ts'
import { routes } from './routes.ts'
import { createTestClient } from './test-client.ts'
import type { CallOptions, Heard, TestClient } from './test-client.ts'

const shared = process.env['FAIRLEAD_SHARED'] ?? fileURLToPath(new URL('../../../shared', import.meta.url))
const folder = `${shared}/specs/tiktok/oas/paths`
const isThere = existsSync(folder)
if (!isThere)
  console.log(`Skipped: the answers of the TikTok Shop sandbox are not checked, for ${folder} is not there.`)

type Json = Record<string, unknown>
type Seen = { method: string; path: string; heard: Heard }

describe.skipIf(!isThere)('against the published spec', () => {
  test('every operation answers with fields and types the spec knows, and all are tried', async () => {
    const seen = await everyOperation()
    const schemas = readSchemas()
    const wrong = seen.flatMap((one) => whatIsWrong(schemas, one))
    expect(wrong).toEqual([])
    const tried = new Set(seen.map((one) => `${one.method} ${specPath(schemas, one)}`))
    const untried = routes.map((one) => `${one.method} ${one.path}`).filter((name) => !tried.has(plain(name)))
    expect(untried).toEqual([])
  })

  test('the check notices a field too many, a wrong type and an unknown path', () => {
    const schemas = readSchemas()
    const answered = (data: unknown) => ({ code: 0, message: 'Success', request_id: '1', data })
    const tell = (path: string, body: unknown) =>
      whatIsWrong(schemas, { method: 'GET', path, heard: { text: JSON.stringify(body) } as Heard })
    expect(tell('/authorization/202309/shops', answered({ shops: [{ id: '1' }] }))).toEqual([])
    expect(tell('/authorization/202309/shops', answered({ shops: [{ id: 1 }] }))).not.toEqual([])
    expect(tell('/authorization/202309/shops', answered({ shops: [], more: 1 }))).not.toEqual([])
    expect(tell('/authorization/202001/shops', answered({}))).not.toEqual([])
  })
})

/** Runs through a shop's life, so that every part of an answer is there at least once. */
async function everyOperation(): Promise<Seen[]> {
  const client = createTestClient({ empty: false })
  const seen: Seen[] = []
  const ask = async (method: string, path: string, options?: CallOptions) => {
    const heard = await client.call(method, path, options)
    seen.push({ method, path, heard })
    expect([path, heard.code, heard.message]).toEqual([path, 0, 'Success'])
    return heard.data as Json
  }
  await askAboutShop(client, ask)
  await askAboutOrders(client, ask)
  await askAboutPackagesAtPayment(client, ask)
  await askAboutProducts(client, ask, seen)
  await ask('DELETE', '/authorization/202403/shops')
  return seen
}

type Ask = (method: string, path: string, options?: CallOptions) => Promise<Json>

async function askAboutShop(client: TestClient, ask: Ask): Promise<void> {
  await ask('GET', '/authorization/202309/shops', { cipher: null })
  await ask('GET', '/seller/202309/shops', { cipher: null })
  await ask('GET', '/seller/202309/permissions', { cipher: null })
  const { warehouses } = (await ask('GET', '/logistics/202309/warehouses')) as { warehouses: { id: string }[] }
  const options = await ask('GET', `/logistics/202309/warehouses/${warehouses[0]?.id}/delivery_options`)
  const [option] = options['delivery_options'] as { id: string }[]
  await ask('GET', `/logistics/202309/delivery_options/${option?.id}/shipping_providers`)
  const body = { event_type: 'ORDER_STATUS_CHANGE', address: 'http://127.0.0.1:1234/hook' }
  await ask('PUT', '/event/202309/webhooks', { body })
  await ask('GET', '/event/202309/webhooks')
  await ask('DELETE', '/event/202309/webhooks', { body: { event_type: 'ORDER_STATUS_CHANGE' } })
  expect(client.sandbox.control.meter().calls).toBeGreaterThan(8)
}

async function askAboutOrders(client: TestClient, ask: Ask): Promise<void> {
  const { control } = client.sandbox
  const place = (quantity: number, sku = 'KES-BTL/500') =>
    control.placeOrders([{ lines: [{ sku, quantity }] }])[0]?.orders[0]?.number ?? ''
  const [order, asked, canceled] = [place(3), place(2), place(2)]
  const label = { tracking_number: 'AB123456789GB', shipping_provider_id: '7117858858072016901' }
  const lines = control.truth().orders.find((one) => one.number === order)?.lines ?? []
  await ask('GET', '/fulfillment/202309/orders/split_attributes', { query: { order_ids: `${order},${asked}` } })
  const body = { ...label, order_line_item_ids: [lines[0]?.lineId] }
  const { package_id } = await ask('POST', `/fulfillment/202309/orders/${order}/packages`, { body })
  const other = { ...label, tracking_number: 'AB123456790GB' }
  await ask('POST', `/fulfillment/202309/packages/${String(package_id)}/shipping_info/update`, { body: other })
  const single = place(1)
  await ask('POST', `/fulfillment/202309/orders/${single}/packages`, {
    body: { ...label, tracking_number: 'CD123456789GB' },
  })
  await ask('POST', `/fulfillment/202309/orders/${single}/shipping_info/update`, {
    body: { ...label, tracking_number: 'CD123456790GB' },
  })
  await ask('GET', `/fulfillment/202309/orders/${single}/tracking`)
  await ask('GET', `/fulfillment/202309/packages/${String(package_id)}`)
  await ask('POST', '/fulfillment/202309/packages/search', { query: { page_size: '1' }, body: {} })
  const out = { order_id: canceled, cancel_reason: 'seller_cancel_reason_out_of_stock_uk' }
  await ask('POST', '/return_refund/202309/cancellations', { body: out })
  control.askToCancel(asked)
  const search = '/return_refund/202309/cancellations/search'
  const found = await ask('POST', search, { body: { order_ids: [asked] } })
  const [request] = found['cancellations'] as { cancel_id: string }[]
  const reasons = { return_or_cancel_id: request?.cancel_id ?? '' }
  await ask('GET', '/return_refund/202309/reject_reasons', { query: reasons })
  const reject = { reject_reason: 'seller_reject_apply_product_has_been_packed' }
  await ask('POST', `/return_refund/202309/cancellations/${request?.cancel_id}/reject`, { body: reject })
  control.askToCancel(asked)
  const again = await ask('POST', search, {
    body: { order_ids: [asked], cancel_status: ['CANCELLATION_REQUEST_PENDING'] },
  })
  const [second] = again['cancellations'] as { cancel_id: string }[]
  await ask('POST', `/return_refund/202309/cancellations/${second?.cancel_id}/approve`)
  control.askToReturn(single)
  await ask('POST', '/return_refund/202309/returns/search', { query: { page_size: '10' }, body: {} })
  client.pass(3 * 86_400)
  await ask('GET', `/order/202407/orders/${order}/price_detail`)
  await ask('GET', '/order/202309/orders', { query: { ids: order } })
  await ask('GET', '/order/202507/orders', { query: { ids: `${order},${asked},${single}` } })
  await ask('POST', '/order/202309/orders/search', { query: { page_size: '2' }, body: {} })
}

async function askAboutPackagesAtPayment(client: TestClient, ask: Ask): Promise<void> {
  await client.plain('POST', '/__sandbox/choices', { dispatch: 'packages' })
  const { control } = client.sandbox
  const lines = [
    { sku: 'KES-BTL/500', quantity: 1 },
    { sku: 'STR&10-46', quantity: 1 },
  ]
  const placed = control.placeOrders([{ lines }, { lines }, { lines }]).map((one) => one.orders[0]?.number ?? '')
  const packageOf = async (number: string | undefined) => {
    const { orders } = await ask('GET', '/order/202507/orders', { query: { ids: number ?? '' } })
    return (orders as { packages: { id: string }[] }[])[0]?.packages[0]?.id ?? ''
  }
  const label = (tracking_number: string) => ({ tracking_number, shipping_provider_id: '7117858858072016903' })
  const [split, one, two] = placed
  const ids =
    control
      .truth()
      .orders.find((order) => order.number === split)
      ?.lines.map((line) => line.lineId) ?? []
  const groups = ids.map((id, index) => ({ id: String(index + 1), order_line_item_ids: [id] }))
  await ask('POST', `/fulfillment/202309/orders/${split}/split`, { body: { splittable_groups: groups } })
  const body = { handover_method: 'DROP_OFF', self_shipment: label('12345678901234') }
  await ask('POST', `/fulfillment/202309/packages/${await packageOf(one)}/ship`, { body })
  const packages = [{ id: await packageOf(two), self_shipment: label('12345678901235') }, { id: '1' }]
  await ask('POST', '/fulfillment/202309/packages/ship', { body: { packages } })
  await client.plain('POST', '/__sandbox/choices', { dispatch: 'own-carrier' })
}

async function askAboutProducts(client: TestClient, ask: Ask, seen: Seen[]): Promise<void> {
  const leaf = await askAboutListing(ask)
  const path = '/product/202309/images/upload'
  const heard = await client.upload(path, { file: plainPng(320, [10, 20, 30]), fields: { use_case: 'MAIN_IMAGE' } })
  seen.push({ method: 'POST', path, heard })
  const { uri } = heard.data as { uri: string }
  const warehouses = client.sandbox.control.truth().listings[0]
  expect(warehouses).toBeDefined()
  const product = await productBody(client, { uri, leaf })
  await ask('POST', '/product/202309/products/listing_check', { body: product })
  await ask('POST', '/product/202309/products/listing_check', { body: { ...product, category_id: '1' } })
  const made = await ask('POST', '/product/202309/products', { body: product })
  const id = String(made['product_id'])
  client.pass(700)
  const skus = (made['skus'] as { id: string }[]).map((sku, index) => ({ ...product.skus[index], id: sku.id }))
  const edited = { ...product, title: 'Another title', skus }
  for (const version of ['202509', '202309']) {
    await ask('PUT', `/product/${version}/products/${id}`, { body: { ...edited, title: `Edited by ${version}` } })
    await ask('GET', `/product/202309/products/${id}`, { query: { return_under_review_version: 'true' } })
    client.pass(700)
    const partial = { description: `<p>Edited by ${version}</p>` }
    await ask('POST', `/product/${version}/products/${id}/partial_edit`, { body: partial })
    client.pass(700)
  }
  await ask('GET', `/product/202309/products/${id}`)
  for (const version of ['202502', '202312', '202309']) {
    await ask('POST', `/product/${version}/products/search`, { query: { page_size: '40' }, body: { status: 'ALL' } })
  }
  const price = { amount: '7.50', currency: 'GBP' }
  await ask('POST', `/product/202309/products/${id}/prices/update`, { body: { skus: [{ id: skus[0]?.id, price }] } })
  const inventory = product.skus[0]?.inventory
  const stock = [
    { id: skus[0]?.id, inventory },
    { id: '1', inventory },
  ]
  await ask('POST', `/product/202309/products/${id}/inventory/update`, { body: { skus: stock } })
  await ask('POST', '/product/202309/inventory/search', { body: { product_ids: [id] } })
  for (const change of ['deactivate', 'activate', 'activate', 'recover']) {
    await ask('POST', `/product/202309/products/${change}`, { body: { product_ids: [id, '1'] } })
  }
  await ask('DELETE', '/product/202309/products', { body: { product_ids: [id, '1'] } })
}

async function askAboutListing(ask: Ask): Promise<string> {
  await ask('GET', '/product/202309/categories')
  const recommended = await ask('POST', '/product/202309/categories/recommend', { body: { product_title: 'Red mug' } })
  const leaf = String(recommended['leaf_category_id'])
  await ask('GET', `/product/202309/categories/${leaf}/rules`)
  await ask('GET', `/product/202309/categories/${leaf}/attributes`)
  await ask('GET', '/product/202309/brands', { query: { page_size: '2' } })
  await ask('POST', '/product/202309/brands', { body: { name: 'Own Name' }, cipher: null })
  await ask('GET', '/product/202312/prerequisites')
  return leaf
}

async function productBody(client: TestClient, { uri, leaf }: { uri: string; leaf: string }) {
  const heard = await client.call('GET', '/logistics/202309/warehouses')
  const { warehouses } = heard.data as { warehouses: { id: string; type: string }[] }
  const inventory = warehouses
    .filter((one) => one.type === 'SALES_WAREHOUSE')
    .map((one) => ({ warehouse_id: one.id, quantity: 4 }))
  const sku = (colour: string) => ({
    seller_sku: `MUG-${colour}`,
    external_sku_id: `ours-${colour}`,
    price: { amount: '9.99', currency: 'GBP' },
    inventory,
    sales_attributes: [{ name: 'Colour', value_name: colour, sku_img: { uri } }],
    identifier_code: { code: colour === 'Red' ? '4006381333931' : '4006381333948', type: 'EAN' },
  })
  return {
    title: 'A plain mug',
    description: '<p>A mug.</p>',
    category_id: leaf,
    main_images: [{ uri }],
    skus: [sku('Red'), sku('Striped')],
    package_weight: { value: '0.4', unit: 'KILOGRAM' },
    package_dimensions: { length: '10', width: '10', height: '10', unit: 'CENTIMETER' },
    product_attributes: [{ id: '100392', values: [{ id: '1000326' }] }],
  }
}

type Schema = { method: string; path: string; pattern: RegExp; schema: Json }

function readSchemas(): Schema[] {
  return readdirSync(folder).flatMap((file) => {
    const document = JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as { paths: Record<string, Json> }
    return Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, operation]) => {
        const { responses } = operation as {
          responses?: Record<string, { content?: Record<string, { schema: Json }> }>
        }
        const schema = responses?.['200']?.content?.['application/json']?.schema
        const pattern = new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`)
        return schema
          ? [{ method: method.toUpperCase(), path, pattern, schema: closed(resolve(document, schema)) }]
          : []
      }),
    )
  })
}

function resolve(document: Json, schema: Json): Json {
  const pointer = schema['$ref']
  if (typeof pointer !== 'string') return schema
  return pointer
    .split('/')
    .slice(1)
    .reduce<Json>((part, key) => part[key] as Json, document)
}

/** A field the spec does not name is a mistake of ours, at any depth. Errors of the envelope have `data: null`. */
function closed(schema: Json): Json {
  const properties = schema['properties'] as Record<string, Json> | undefined
  const items = schema['items'] as Json | undefined
  return {
    type: schema['type'],
    ...(schema['enum'] ? { enum: schema['enum'] } : {}),
    ...(items ? { items: closed(items) } : {}),
    ...(properties
      ? {
          additionalProperties: false,
          properties: Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, closed(one)])),
        }
      : {}),
  }
}

// The most literal path counts: "/products/{product_id}" also fits "/products/search".
function schemaFor(schemas: Schema[], { method, path }: Seen): Schema | undefined {
  const fitting = schemas.filter((one) => one.method === method && one.pattern.test(path))
  return fitting.toSorted((one, other) => one.path.split('{').length - other.path.split('{').length)[0]
}

function specPath(schemas: Schema[], seen: Seen): string {
  return plain(schemaFor(schemas, seen)?.path ?? seen.path)
}

function plain(path: string): string {
  return path.replaceAll(/\{\w+\}/g, '{}')
}

const ajv = new Ajv({ strict: false, allErrors: true })

function whatIsWrong(schemas: Schema[], seen: Seen): string[] {
  const found = schemaFor(schemas, seen)
  if (!found) return [`${seen.method} ${seen.path}: the spec has no such operation`]
  if (ajv.validate(found.schema, JSON.parse(seen.heard.text))) return []
  const errors = ajv.errors?.map((one) => `${one.instancePath} ${one.message} ${JSON.stringify(one.params)}`) ?? []
  return [...new Set(errors)].map((text) => `${seen.method} ${found.path}: ${text}`)
}
