// Every answer is held against the published spec: its status, its field names, types and words. The spec lies outside
// the project, so where it is not there this says so and checks nothing.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import type { ValidateFunction } from 'ajv'
import { describe, expect, test } from 'vitest'
import { matchRoute } from '../kit/routes.ts'
import { createTestClient } from './test-client.ts'
import type { TestClient } from './test-client.ts'

const shared = process.env['FAIRLEAD_SHARED'] ?? fileURLToPath(new URL('../../../shared', import.meta.url))
const file = `${shared}/specs/wish/wish-v3.0.65-subset.openapi.json`
const isThere = existsSync(file)
if (!isThere) console.log(`Skipped: the answers of the Wish sandbox are not checked, for ${file} is not there.`)

type Json = Record<string, unknown>

describe.skipIf(!isThere)('against the published spec', () => {
  test('every answer of every operation is one the spec describes', async () => {
    const seen = await driveEverything()
    const spec = readSpec()
    const wrong = seen.flatMap((one) => whatIsWrong(spec, one))
    expect(wrong).toEqual([])
    const missing = spec.operations
      .map((one) => `${one.method} ${one.path}`)
      .filter((name) => !seen.some((one) => nameOf(spec, one) === name && one.status < 300))
    expect(missing).toEqual([])
  })

  test('the check notices a wrong name, type, word, status and a missing field', () => {
    const spec = readSpec()
    const heard = (data: unknown, status = 200, path = '/api/v3/orders') => ({
      method: 'GET',
      path,
      status,
      body: { code: 0, message: '', data },
    })
    const planted = [
      heard([{ order_id: '1' }]),
      heard([{ id: 7 }]),
      heard([{ state: 'PAID' }]),
      heard([{ updated_at: 'yesterday' }]),
      heard([{ full_address: { shipping_detail: { name: 'A' } } }]),
      heard([], 201),
      heard([], 200, '/api/v3/order'),
    ]
    expect(planted.filter((one) => whatIsWrong(spec, one).length === 0)).toEqual([])
    expect(whatIsWrong(spec, heard([]))).toEqual([])
  })
})

type Seen = { method: string; path: string; status: number; body: unknown }

/** Both kinds of account, with review and without, and the refusals that have a shape of their own. */
async function driveEverything(): Promise<Seen[]> {
  const seen: Seen[] = []
  for (const revenueType of ['REV_SHARE', 'COST_BASED'] as const) {
    const client = createTestClient({
      empty: false,
      revenueType,
      hasListingReview: revenueType === 'COST_BASED',
      choices: { hubWebhookCalls: true },
    })
    await drive(client, seen, revenueType)
  }
  return seen
}

async function drive(client: TestClient, seen: Seen[], revenueType: string): Promise<void> {
  const { control } = client.sandbox
  const ask = async (method: string, path: string, body?: unknown, token?: null) => {
    const heard = await client.call(method, path, { body, ...(token === null ? { token } : {}) })
    const read = heard.text === '' ? undefined : (JSON.parse(heard.text) as unknown)
    seen.push({ method, path: `/api/v3/${path.split('?')[0]}`, status: heard.status, body: read })
    return heard.data as Json & Json[]
  }
  await ask('GET', 'orders', undefined, null)
  for (const path of ['currency_settings', 'account_details', 'settings', 'shipping_settings']) {
    await ask('GET', `merchant/${path}`)
  }
  await ask('GET', 'currencies')
  const [warehouse] = await ask('GET', 'merchant/warehouses')
  await driveMerchant(ask, warehouse)
  await driveProducts(client, ask, { warehouse, revenueType })
  await driveJobs(client, ask)
  control.addListings([{ sku: 'SOLD', title: 'Sold thing', price: '10.00', inventory: 100 }])
  for (const countryCode of ['GB', 'DE', 'NO', 'BR', 'US']) {
    control.placeOrders([{ lines: [{ sku: 'SOLD', quantity: 2 }], countryCode, shippingService: 'WISH_EXPRESS' }])
  }
  for (let buyer = 0; buyer < 30; buyer += 1) control.buyNow()
  control.placeOrders([{ lines: [{ sku: 'SOLD', quantity: 1 }], status: 'unpaid' }])
  await driveOrders(client, ask)
  await driveWebhooks(ask)
  await driveOauth(client, ask)
}

type AskFor = (method: string, path: string, body?: unknown, token?: null) => Promise<Json & Json[]>

async function driveMerchant(ask: AskFor, warehouse: Json | undefined): Promise<void> {
  const address = { ...(warehouse?.['address'] as Json), street_address2: 'Unit 2' }
  const given = { name: 'Second', shipping_type: 'STANDARD', address, destination_countries: ['GB', 'DE'] }
  const made = await ask('POST', 'merchant/warehouses', given)
  await ask('POST', 'merchant/warehouses', given)
  await ask('PUT', `merchant/warehouses/${String(made['id'])}`, { address })
  await ask('PUT', `merchant/warehouses/${String(made['id'])}`, {})
  await ask('PUT', 'merchant/shipping_settings', [{ country_code: 'JP', enabled: false }])
  await ask('PUT', 'merchant/shipping_settings', [{ country_code: 'XX', enabled: false }])
}

async function driveProducts(
  client: TestClient,
  ask: AskFor,
  { warehouse, revenueType }: { warehouse: Json | undefined; revenueType: string },
): Promise<void> {
  const warehouseId = warehouse?.['id']
  const currency = client.sandbox.control.truth().listings[0]?.price.currency
  const money = { amount: 12.34, currency_code: currency }
  const amount = revenueType === 'COST_BASED' ? { cost: money } : { price: money }
  const variation = {
    sku: 'NEW-1',
    ...amount,
    inventories: [{ warehouse_id: warehouseId, inventory: 3 }],
    image: 'https://images.example.test/2.jpg',
    options: [{ name: 'COLOR', value: 'Red' }],
    attributes: null,
    gtin: '0012345678905',
    logistics_details: { origin_country: 'CN', weight: 10, customs_declared_value: money },
  }
  const product = {
    name: 'New thing',
    description: 'A new thing.',
    parent_sku: 'NEW',
    category_id: 1001,
    tags: ['new'],
    unit: null,
    max_quantity: null,
    default_shipping_prices: [{ default_shipping_price: money, warehouse_id: warehouseId }],
    main_image: { url: 'https://images.example.test/1.jpg', is_clean_image: true },
    extra_images: [{ url: 'https://images.example.test/2.jpg' }],
    variations: [variation],
  }
  const made = await ask('POST', 'products', product)
  await ask('POST', 'products', product)
  const id = String(made['id'])
  const added = await ask('POST', `products/${id}/variations`, { ...variation, sku: 'NEW-2' })
  client.pass(1000)
  const change = { id: added['id'], ...amount, inventories: variation.inventories, status: 'DISABLED' }
  await ask('PUT', `products/${id}`, { variations: [change] })
  await ask('PUT', `products/${id}`, { name: 'Renamed', unit: 'COUNT', max_quantity: 4 })
  const [first, ...others] = await ask('GET', 'products/requests')
  if (first) await ask('GET', `products/requests/${String(first['id'])}`)
  for (const other of others) await ask('DELETE', `products/requests/${String(other['id'])}`)
  await ask('GET', 'products/requests/00000000-0000-4000-8000-000000000000')
  await ask('PUT', `products/${id}/calculated_shipping`, { enable: true })
  await ask('GET', `products/${id}`)
  await ask('GET', 'products/000000000000000000000000')
  for (const state of ['ACTIVE', 'WISH_INACTIVE', 'MERCHANT_INACTIVE', 'REMOVED_BY_WISH']) {
    for (const one of await ask('GET', `products?state=${state}&limit=1000`)) {
      await ask('GET', `products/${String(one['id'])}`)
    }
  }
  await ask('GET', 'products?fields=id,state')
  await ask('GET', 'products?limit=0')
  await ask('GET', 'products/variations/colors')
  await ask('DELETE', `products/${id}`)
}

async function driveJobs(client: TestClient, ask: AskFor): Promise<void> {
  const [product] = await ask('GET', 'products?limit=1')
  const starts: [string, unknown][] = [
    ['products/bulk_get', undefined],
    ['products/bulk_update', [{ id: product?.['id'], status: 'ENABLED' }]],
    ['orders/bulk_get', undefined],
  ]
  for (const [path, body] of starts) {
    const job = await ask('POST', path, body)
    client.pass(6)
    await ask('GET', `${path}/${String(job['id'])}`)
    client.pass(60)
    await ask('GET', `${path}/${String(job['id'])}`)
    await ask('GET', `${path}/000000000000000000000000`)
  }
}

async function driveOrders(client: TestClient, ask: AskFor): Promise<void> {
  const orders = await ask('GET', 'orders?limit=500&sort_by=updated_at.asc&states=APPROVED,REQUIRE_REVIEW')
  await ask('GET', 'orders?sort_by=created_at_max.desc')
  await ask('GET', 'orders/shipping_carriers?order_type=GENERAL')
  await ask('GET', 'orders/shipping_carriers?order_type=CONFIRMED_DELIVERY&dest_country_code=GB')
  const ids = orders.filter((one) => one['state'] === 'APPROVED').map((one) => String(one['id']))
  const [shipped = '', refunded = '', moved = '', failed = ''] = ids
  const tracking = { origin_country: 'GB', shipping_provider: 'RoyalMail', tracking_number: 'AB1', ship_note: 'Out' }
  await ask('PUT', `orders/${shipped}/tracking`, tracking)
  await ask('PUT', `orders/${shipped}/tracking`, { ...tracking, tracking_number: 'A B' })
  await ask('PUT', `orders/${failed}/tracking`, { ...tracking, tracking_number: 'FAILME1' })
  await ask('GET', `orders/${refunded}/refund_reasons`)
  await ask('PUT', `orders/${refunded}/refund`, { refund_reason: 'UNABLE_TO_SHIP', refund_reason_note: 'Sorry' })
  const address = { street_address1: '1 New Street', city: 'Town', state: 'Shire', zipcode: 'AB1', country_code: 'GB' }
  const country = (await ask('GET', `orders/${moved}`))['full_address'] as { shipping_detail: { country_code: string } }
  await ask('PUT', `orders/${moved}/address`, { ...address, country_code: country.shipping_detail.country_code })
  client.pass(60)
  for (const id of [shipped, refunded, moved, failed]) await ask('GET', `orders/${id}`)
  client.sandbox.control.releaseAgain(shipped)
  client.sandbox.control.releaseAgain(refunded)
  client.sandbox.control.addListings([{ sku: 'LTL', title: 'Large load', price: '10.00', inventory: 9 }])
  const load = { lines: [{ sku: 'LTL', quantity: 1 }], shippingService: 'LESS_THAN_TRUCKLOAD' }
  const [truckload] = client.sandbox.control.placeOrders([load])[0]?.orders ?? []
  await ask('PUT', `orders/${truckload?.number}`, { tracking_url: 'https://example.test/1' })
  await ask('PUT', `orders/${shipped}`, { tracking_url: 'https://example.test/1' })
  client.pass(20 * 86_400)
  await ask('GET', 'orders?limit=500')
}

async function driveWebhooks(ask: AskFor): Promise<void> {
  const [topic] = await ask('GET', 'webhook/topics')
  const address = encodeURIComponent('https://hub.example.test/wish')
  const made = await ask('POST', `webhook/subscriptions?topic_id=${String(topic?.['id'])}&endpoint=${address}`)
  const path = `webhook/subscriptions/${String(made['id'])}`
  await ask('GET', 'webhook/subscriptions')
  await ask('GET', path)
  await ask('PUT', `${path}?status=ACTIVE`)
  await ask('DELETE', path)
  await ask('GET', path)
}

async function driveOauth(client: TestClient, ask: AskFor): Promise<void> {
  const { clientId, clientSecret, refreshToken, merchantId } = client.sandbox.account()
  await ask('GET', 'oauth/test')
  const app = { client_id: clientId, client_secret: clientSecret }
  const sent = { ...app, grant_type: 'refresh_token', refresh_token: refreshToken }
  await ask('GET', `oauth/refresh_token?${new URLSearchParams(sent)}`, undefined, null)
  await ask('GET', `oauth/refresh_token?${new URLSearchParams({ ...sent, grant_type: 'x' })}`, undefined, null)
  for (const method of ['GET', 'POST']) {
    const code = await consentCode(client, { clientId, merchantId })
    const redeem = { ...app, code: code.code, redirect_uri: code.redirectUri, grant_type: 'authorization_code' }
    const isGet = method === 'GET'
    const path = isGet ? `oauth/access_token?${new URLSearchParams(redeem)}` : 'oauth/access_token'
    for (let time = 0; time < 2; time += 1) await ask(method, path, isGet ? undefined : redeem, null)
  }
}

async function consentCode(client: TestClient, { clientId }: { clientId: string; merchantId: string }) {
  const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString()
  const user = { username: 'first-seller', password: 'first-seller-password', back: '/v3/oauth/authorize' }
  const signedIn = await client.call('POST', '/v3/sign-in', { body: form(user), token: null })
  const cookie = signedIn.headers['set-cookie']?.split(';')[0] ?? ''
  const answer = { client_id: clientId, allow: 'yes', answer: 'confirm' }
  const heard = await client.call('POST', '/v3/oauth/authorize', { body: form(answer), headers: { cookie } })
  const back = new URL(heard.headers['location'] ?? '')
  return { code: back.searchParams.get('code') ?? '', redirectUri: `${back.origin}${back.pathname}` }
}

type Operation = { method: string; path: string; responses: Record<string, unknown> }
type Spec = { operations: Operation[]; ajv: Ajv; schemas: Json; compiled: Map<string, ValidateFunction> }

function readSpec(): Spec {
  const document = JSON.parse(readFileSync(file, 'utf8')) as {
    paths: Record<string, Record<string, { responses: Record<string, unknown> }>>
    components: { schemas: Json }
  }
  const ajv = new Ajv({ strict: false, allErrors: true })
  ajv.addFormat('object-id', /^[0-9a-f]{24}$/)
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?(Z|[+-]\d\d:\d\d)$/)
  ajv.addFormat('uuid', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  ajv.addFormat('uri', /^https?:\/\//)
  ajv.addFormat('iso-3166', /^[A-Z]{2}$/)
  ajv.addFormat('iso-4217', /^[A-Z]{3}$/)
  for (const loose of ['float', 'int32']) ajv.addFormat(loose, true)
  const operations = Object.entries(document.paths)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { responses }]) => ({ method: method.toUpperCase(), path, responses })),
    )
    // The most literal path first, for `/orders/{id}` also fits `/orders/shipping_carriers`.
    .toSorted((one, other) => one.path.split('{').length - other.path.split('{').length)
  return { operations, ajv, schemas: document.components.schemas, compiled: new Map() }
}

function nameOf({ operations }: Spec, { method, path }: Seen): string | undefined {
  const found = matchRoute(operations, method, path)
  return found && `${found.route.method} ${found.route.path}`
}

function whatIsWrong(spec: Spec, seen: Seen): string[] {
  const what = `${seen.method} ${seen.path} ${seen.status}`
  const found = matchRoute(spec.operations, seen.method, seen.path)
  if (!found) return [`${what}: the spec has no such operation`]
  const response = found.route.responses[String(seen.status)] as
    | { content?: Record<string, { schema: Json }> }
    | undefined
  if (!response) return [`${what}: the spec has no such status`]
  const schema = response.content?.['application/json']?.schema
  if (!schema) return seen.body === undefined ? [] : [`${what}: the spec has no body`]
  const name = `${nameOf(spec, seen)} ${seen.status}`
  const validate = spec.compiled.get(name) ?? spec.ajv.compile(closed(spec.schemas, schema))
  spec.compiled.set(name, validate)
  if (validate(seen.body)) return []
  return [`${what}: ${spec.ajv.errorsText(validate.errors)} in ${JSON.stringify(seen.body).slice(0, 2000)}`]
}

/** References and `allOf` merged into one object, which refuses every name it does not know, at any depth. */
function closed(schemas: Json, given: Json): Json {
  const schema = merged(schemas, given)
  const { properties, items, nullable, type, enum: words } = schema
  return {
    ...schema,
    ...(nullable === true && type !== undefined ? { type: [type, 'null'] } : {}),
    ...(nullable === true && Array.isArray(words) ? { enum: [...(words as unknown[]), null] } : {}),
    ...(items ? { items: closed(schemas, items as Json) } : {}),
    ...(properties
      ? {
          additionalProperties: schema['additionalProperties'] ?? false,
          properties: Object.fromEntries(
            Object.entries(properties as Record<string, Json>).map(([name, one]) => [name, closed(schemas, one)]),
          ),
        }
      : {}),
  }
}

function merged(schemas: Json, given: Json): Json {
  const { $ref: reference, allOf, ...own } = given
  const parts = [
    ...(typeof reference === 'string' ? [schemas[reference.split('/').at(-1) ?? ''] as Json] : []),
    ...((allOf as Json[] | undefined) ?? []),
  ].map((part) => merged(schemas, part))
  const all = [...parts, own]
  const properties = Object.assign({}, ...all.map((one) => one['properties'] ?? {})) as Json
  const required = all.flatMap((one) => (one['required'] as string[] | undefined) ?? [])
  const rest = Object.assign({}, ...all) as Json
  return {
    ...rest,
    ...(Object.keys(properties).length > 0 ? { properties } : {}),
    ...(required.length > 0 ? { required } : {}),
  }
}
