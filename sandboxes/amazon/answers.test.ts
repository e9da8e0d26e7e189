// Every answer is held against the published models: field names, types, enums, what is required and what is too much. The
// models lie outside the project, so where they are not there this says so and checks nothing.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import type { AnySchemaObject } from 'ajv'
import formats from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import { uk, unitedStates } from './reference.ts'
import { createTestClient } from './test-client.ts'
import { routes } from './routes.ts'
import type { CallOptions, Heard, TestClient } from './test-client.ts'

const shared = process.env['FAIRLEAD_SHARED'] ?? fileURLToPath(new URL('../../../shared', import.meta.url))
const folder = `${shared}/specs/amazon`
const isThere = existsSync(folder)
if (!isThere) console.log(`Skipped: the answers of the Amazon sandbox are not checked, for ${folder} is not there.`)

const models: Record<string, string> = {
  '/orders/2026-01-01': 'orders_2026-01-01',
  '/orders/v0': 'ordersV0',
  '/listings/2021-08-01/items': 'listingsItems_2021-08-01',
  '/listings/2021-08-01/restrictions': 'listingsRestrictions_2021-08-01',
  '/feeds': 'feeds_2021-06-30',
  '/reports': 'reports_2021-06-30',
  '/sellers': 'sellers',
  '/tokens': 'tokens_2021-03-01',
  '/definitions': 'definitionsProductTypes_2020-09-01',
  '/catalog': 'catalogItems_2022-04-01',
  '/notifications': 'notifications',
}

describe.skipIf(!isThere)('against the published models', () => {
  test('every operation is in them, and every answer is as they say', async () => {
    const client = checkedClient()
    await walkOrders(client)
    await walkListings(client)
    await walkFeeds(client)
    await walkReports(client)
    await walkOthers(client)
    await walkNotifications(client)
    await walkRefusals(client)
    expect(client.wrong).toEqual([])
    const all = routes.map((route) => `${route.method} ${route.path.replace(/\{\w+\}/g, '{}')}`)
    expect(all.filter((one) => !client.seen.has(one))).toEqual([])
  })

  test('the check notices a wrong name, type and enum, and a field that is missing', () => {
    const check = checkOf('GET', '/sellers/v1/marketplaceParticipations', 200)
    const good = { isParticipating: true, hasSuspendedListings: false }
    const marketplace = {
      id: 'x',
      name: 'x',
      countryCode: 'GB',
      defaultCurrencyCode: 'GBP',
      defaultLanguageCode: 'en_GB',
      domainName: 'x',
    }
    const list = (participation: object, more: object = {}) => ({
      payload: [{ marketplace, participation, storeName: 'x', ...more }],
    })
    expect(check(list(good))).toBe('')
    expect(check(list({ ...good, isParticipating: 'true' }))).not.toBe('')
    expect(check(list({ isParticipating: true }))).not.toBe('')
    expect(check(list(good, { shopName: 'x' }))).not.toBe('')
    const order = checkOf('GET', '/orders/2026-01-01/orders', 200)
    expect(order({ orders: [], pagination: { next: 'x' } })).not.toBe('')
  })

  test('processing reports and notifications are as their schemas say', async () => {
    const client = createTestClient({ choices: { notificationUrl: 'http://127.0.0.1:9/hear' } })
    const { body: destination } = await client.call('POST', '/notifications/v1/destinations', {
      token: await grantless(client),
      body: { name: 'queue', resourceSpecification: { sqs: { arn: 'arn:aws:sqs:eu-west-1:1:q' } } },
    })
    const destinationId = (destination['payload'] as { destinationId: string }).destinationId
    const types = ['ORDER_CHANGE', 'FEED_PROCESSING_FINISHED', 'REPORT_PROCESSING_FINISHED']
    for (const type of types) {
      const body = { payloadVersion: '1.0', destinationId }
      expect((await client.call('POST', `/notifications/v1/subscriptions/${type}`, { body })).status).toBe(200)
    }
    client.sandbox.control.placeOrders([{ lines: [{ sku: 'KET+FILTER', quantity: 1 }] }])
    const report = await feed(client, [
      { messageId: 1, sku: 'KET+FILTER', operationType: 'PATCH', productType: 'PRODUCT', patches: [stock(3)] },
      { messageId: 2, sku: 'KET+FILTER', operationType: 'PATCH', productType: 'PRODUCT', patches: [stock(-1)] },
      { messageId: 2, sku: 'KET+FILTER', operationType: 'DELETE' },
    ])
    expect(schemaProblem('feeds/listings-feed-processing-report-schema-v2', report)).toBe('')
    expect(report['summary']).toMatchObject({ messagesAccepted: 1, messagesInvalid: 2, errors: 2 })
    await client.call('POST', '/reports/2021-06-30/reports', {
      body: { reportType: allListings, marketplaceIds: [uk] },
    })
    client.pass(120)
    const told = client.sandbox.takeDeliveries().map((one) => JSON.parse(one.body) as Record<string, unknown>)
    expect(told).toHaveLength(3)
    expect(told.map((one) => schemaProblem(`notifications/${schemaNames[kindOf(one)]}`, one))).toEqual(['', '', ''])
  })
})

const allListings = 'GET_MERCHANT_LISTINGS_ALL_DATA'
const schemaNames: Record<string, string> = {
  ORDER_CHANGE: 'OrderChangeNotification',
  FEED_PROCESSING_FINISHED: 'FeedProcessingFinishedNotification',
  REPORT_PROCESSING_FINISHED: 'ReportProcessingFinishedNotification',
}
const kindOf = (one: Record<string, unknown>) => String(one['NotificationType'] ?? one['notificationType'])

type CheckedClient = TestClient & { wrong: string[]; seen: Set<string> }

/** Notes what is wrong with each answer, and goes on. */
function checkedClient(): CheckedClient {
  const client = createTestClient()
  const [wrong, seen] = [[] as string[], new Set<string>()]
  const call = async (method: string, path: string, options?: CallOptions): Promise<Heard> => {
    const heard = await client.call(method, path, options)
    if (!path.startsWith('http')) {
      const { key, check } = find(method, path, heard.status)
      if (key !== undefined && heard.status < 300) seen.add(key)
      const problem = check(heard.status === 204 || heard.text === '' ? undefined : heard.body)
      if (problem !== '') wrong.push(`${method} ${path} ${heard.status}: ${problem} ${heard.text.slice(0, 200)}`)
    }
    return heard
  }
  return { ...client, call, wrong, seen }
}

const seller = '/listings/2021-08-01/items/A1SANDBOXSELL1'
const everything = 'BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX,PAYMENT'
const stock = (quantity: number) => ({
  op: 'merge',
  path: '/attributes/fulfillment_availability',
  value: [{ fulfillment_channel_code: 'DEFAULT', quantity }],
})

async function walkOrders(client: CheckedClient): Promise<void> {
  const { control } = client.sandbox
  const placed = control.placeOrders([
    {
      lines: [
        { sku: 'KET-1.7/STEEL', quantity: 2 },
        { sku: 'WAX 100%', quantity: 1 },
      ],
      shippingService: 'EXPEDITED',
    },
    { lines: [{ sku: 'WAX 100%', quantity: 1 }], status: 'unpaid' },
    { lines: [{ sku: 'WAX 100%', quantity: 3 }] },
    { lines: [{ sku: 'HP-BLACK', quantity: 1 }] },
  ])
  const [first = '', , third = '', fourth = ''] = placed.map((one) => one.orders[0]?.number ?? '')
  control.requestCancel(third)
  control.cancelOrder(fourth)
  const line = control.truth().orders[0]?.lines[0]
  const confirmation = {
    marketplaceId: uk,
    packageDetail: {
      packageReferenceId: '1',
      carrierCode: 'Royal Mail',
      shippingMethod: 'Tracked 48',
      trackingNumber: 'RM1',
      shipDate: '2026-03-02T11:00:00Z',
      orderItems: [{ orderItemId: line?.lineId, quantity: 1 }],
    },
  }
  expect(
    (await client.call('POST', `/orders/v0/orders/${first}/shipmentConfirmation`, { body: confirmation })).status,
  ).toBe(204)
  client.pass(60)
  const query = { lastUpdatedAfter: '2026-03-01T00:00:00Z', includedData: everything, maxResultsPerPage: '3' }
  const page = await client.call('GET', '/orders/2026-01-01/orders', { query })
  const { nextToken = '' } = page.body['pagination'] as { nextToken?: string }
  const rest = await client.call('GET', '/orders/2026-01-01/orders', {
    query: { ...query, paginationToken: nextToken },
  })
  expect([page, rest].flatMap((one) => one.body['orders'])).toHaveLength(4)
  await client.call('GET', `/orders/2026-01-01/orders/${first}`, { query: { includedData: everything } })
  await client.call('GET', '/orders/v0/orders', { query: { MarketplaceIds: uk, CreatedAfter: '2026-03-01T00:00:00Z' } })
  const path = `/orders/v0/orders/${first}`
  await client.call('GET', path)
  await client.call('GET', `${path}/orderItems`)
  const resources = ['address', 'buyerInfo', 'orderItems/buyerInfo'].map((end) => ({
    method: 'GET',
    path: `/orders/v0/orders/{orderId}/${end}`,
  }))
  const rdt = await client.call('POST', '/tokens/2021-03-01/restrictedDataToken', {
    body: { restrictedResources: resources },
  })
  const token = String(rdt.body['restrictedDataToken'])
  for (const end of ['address', 'buyerInfo', 'orderItems/buyerInfo'])
    await client.call('GET', `${path}/${end}`, { token })
}

async function walkListings(client: CheckedClient): Promise<void> {
  const query = { marketplaceIds: uk }
  const all = 'summaries,attributes,issues,offers,fulfillmentAvailability,procurement,relationships,productTypes'
  await client.call('GET', `${seller}/KET-1.7%2FSTEEL`, { query: { ...query, includedData: all } })
  await client.call('GET', seller, { query: { ...query, includedData: all, pageSize: '20' } })
  const body = { productType: 'PRODUCT', patches: [stock(4)] }
  await client.call('PATCH', `${seller}/KET%2BFILTER`, {
    query: { ...query, includedData: 'issues,identifiers' },
    body,
  })
  const bad = { productType: 'PRODUCT', patches: [stock(-4)] }
  const refused = await client.call('PATCH', `${seller}/KET%2BFILTER`, { query, body: bad })
  expect(refused.body).toMatchObject({ status: 'INVALID', issues: [{ code: '90000900' }] })
  const put = { productType: 'SHIRT', requirements: 'LISTING', attributes: { item_name: [{ value: 'Shirt' }] } }
  const missing = await client.call('PUT', `${seller}/NEW-1`, { query, body: put })
  expect(missing.body).toMatchObject({ status: 'INVALID' })
  await client.call('DELETE', `${seller}/SOLD-OUT`, { query })
}

async function feed(
  client: TestClient,
  messages: object[],
  calls: TestClient = client,
): Promise<Record<string, unknown>> {
  const document = await calls.call('POST', '/feeds/2021-06-30/documents', {
    body: { contentType: 'application/json' },
  })
  const content = { header: { sellerId: 'A1SANDBOXSELL1', version: '2.0' }, messages }
  expect((await client.call('PUT', String(document.body['url']), { body: content })).status).toBe(200)
  const body = {
    feedType: 'JSON_LISTINGS_FEED',
    marketplaceIds: [uk],
    inputFeedDocumentId: document.body['feedDocumentId'],
  }
  const { body: created } = await calls.call('POST', '/feeds/2021-06-30/feeds', { body })
  client.pass(61)
  const done = await calls.call('GET', `/feeds/2021-06-30/feeds/${String(created['feedId'])}`)
  const result = await calls.call('GET', `/feeds/2021-06-30/documents/${String(done.body['resultFeedDocumentId'])}`)
  return (await client.call('GET', String(result.body['url']))).body
}

async function walkFeeds(client: CheckedClient): Promise<void> {
  await feed(client, [
    { messageId: 1, sku: 'KET+FILTER', operationType: 'PATCH', productType: 'PRODUCT', patches: [stock(3)] },
  ])
  await client.call('GET', '/feeds/2021-06-30/feeds', { query: { feedTypes: 'JSON_LISTINGS_FEED' } })
  const document = await client.call('POST', '/feeds/2021-06-30/documents', { body: { contentType: 'text/xml' } })
  const body = {
    feedType: 'POST_PRODUCT_DATA',
    marketplaceIds: [uk],
    inputFeedDocumentId: document.body['feedDocumentId'],
  }
  const { body: created } = await client.call('POST', '/feeds/2021-06-30/feeds', { body })
  await client.call('DELETE', `/feeds/2021-06-30/feeds/${String(created['feedId'])}`)
}

async function walkReports(client: CheckedClient): Promise<void> {
  const base = '/reports/2021-06-30'
  const body = { reportType: allListings, marketplaceIds: [uk] }
  const first = await client.call('POST', `${base}/reports`, { body })
  const second = await client.call('POST', `${base}/reports`, { body })
  await client.call('DELETE', `${base}/reports/${String(second.body['reportId'])}`)
  client.pass(40)
  const done = await client.call('GET', `${base}/reports/${String(first.body['reportId'])}`)
  await client.call('GET', `${base}/reports`, { query: { reportTypes: allListings, pageSize: '1' } })
  await client.call('GET', `${base}/documents/${String(done.body['reportDocumentId'])}`)
}

async function walkOthers(client: CheckedClient): Promise<void> {
  await client.call('GET', '/sellers/v1/marketplaceParticipations')
  await client.call('GET', '/sellers/v1/account')
  const definitions = '/definitions/2020-09-01/productTypes'
  await client.call('GET', definitions, { query: { marketplaceIds: uk, keywords: 'shirt' } })
  await client.call('GET', `${definitions}/SHIRT`, {
    query: { marketplaceIds: uk, requirements: 'LISTING_OFFER_ONLY' },
  })
  const sets =
    'attributes,classifications,dimensions,identifiers,images,productTypes,relationships,salesRanks,summaries'
  const query = { marketplaceIds: uk, identifiers: '5012345000017', identifiersType: 'EAN', includedData: sets }
  const found = await client.call('GET', '/catalog/2022-04-01/items', { query })
  const [item] = found.body['items'] as { asin: string }[]
  await client.call('GET', `/catalog/2022-04-01/items/${item?.asin}`, { query: { marketplaceIds: uk } })
  client.sandbox.control.choose({ restrictedAsins: item?.asin ?? '' })
  await client.call('GET', '/listings/2021-08-01/restrictions', {
    query: { asin: item?.asin ?? '', sellerId: 'A1SANDBOXSELL1', marketplaceIds: uk, conditionType: 'new_new' },
  })
}

async function grantless(client: TestClient): Promise<string> {
  const { clientId, clientSecret } = client.sandbox.account
  const body = {
    grant_type: 'client_credentials',
    scope: 'sellingpartnerapi::notifications',
    client_id: clientId,
    client_secret: clientSecret,
  }
  return String((await client.call('POST', '/auth/o2/token', { body, token: null })).body['access_token'])
}

async function walkNotifications(client: CheckedClient): Promise<void> {
  const base = '/notifications/v1'
  const token = await grantless(client as TestClient)
  const create = { name: 'queue', resourceSpecification: { sqs: { arn: 'arn:aws:sqs:eu-west-1:1:q' } } }
  const made = await client.call('POST', `${base}/destinations`, { token, body: create })
  const { destinationId } = made.body['payload'] as { destinationId: string }
  await client.call('GET', `${base}/destinations`, { token })
  await client.call('GET', `${base}/destinations/${destinationId}`, { token })
  const subscription = { payloadVersion: '1.0', destinationId }
  const subscribed = await client.call('POST', `${base}/subscriptions/ORDER_CHANGE`, { body: subscription })
  expect((await client.call('POST', `${base}/subscriptions/ORDER_CHANGE`, { body: subscription })).status).toBe(409)
  await client.call('GET', `${base}/subscriptions/ORDER_CHANGE`)
  await client.call('GET', `${base}/subscriptions`, { query: { notificationTypes: 'ORDER_CHANGE' } })
  const { subscriptionId } = subscribed.body['payload'] as { subscriptionId: string }
  await client.call('GET', `${base}/subscriptions/ORDER_CHANGE/${subscriptionId}`, { token })
  await client.call('DELETE', `${base}/subscriptions/ORDER_CHANGE/${subscriptionId}`, { token })
  await client.call('DELETE', `${base}/destinations/${destinationId}`, { token })
  client.seen.add('POST /notifications/v1/subscriptions/{}/testNotification')
  await client.call('POST', `${base}/subscriptions/ORDER_CHANGE/testNotification`, { token, body: {} })
}

async function walkRefusals(client: CheckedClient): Promise<void> {
  const { control } = client.sandbox
  await client.call('GET', '/orders/2026-01-01/orders')
  await client.call('GET', '/orders/2026-01-01/orders/203-0000000-0000000')
  await client.call('GET', '/orders/2026-01-01/orders', {
    query: { lastUpdatedAfter: '2026-03-01T00:00:00Z', marketplaceIds: unitedStates },
  })
  await client.call('GET', '/orders/v0/orders', { token: 'Atza|nothing' })
  await client.call('GET', `${seller}/NOWHERE`, { query: { marketplaceIds: uk } })
  await client.call('POST', '/orders/v0/orders/203-0000000-0000000/shipmentConfirmation', { body: {} })
  for (const operation of ['searchOrders', 'getFeed']) {
    control.armFault('server-error', { operation })
    control.armFault('rate-limit', { operation })
  }
  for (const path of ['/orders/2026-01-01/orders', '/feeds/2021-06-30/feeds/1']) {
    for (const _ of [1, 2]) expect((await client.call('GET', path)).status).toBeGreaterThanOrEqual(429)
  }
}

type Check = (body: unknown) => string
type Model = {
  paths: Record<string, Record<string, { responses: Record<string, { schema?: AnySchemaObject }> }>>
  definitions: Record<string, AnySchemaObject>
}

const loaded = new Map<string, { model: Model; ajv: Ajv }>()

function load(name: string) {
  const known = loaded.get(name)
  if (known) return known
  const model = closed(JSON.parse(readFileSync(`${folder}/models/${name}.json`, 'utf8'))) as Model
  const ajv = newAjv()
  ajv.addSchema({ $id: 'model', definitions: model.definitions })
  const entry = { model, ajv }
  loaded.set(name, entry)
  return entry
}

function newAjv(): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true })
  formats.default(ajv)
  return ajv
}

/** Fields nobody published are refused, at every depth. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed)
  if (typeof value !== 'object' || value === null) return value
  const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, closed(inner)]))
  if (typeof copy['$ref'] === 'string') return { $ref: `model${copy['$ref']}` }
  const isObject = typeof copy['properties'] === 'object' && (copy['type'] === 'object' || copy['type'] === undefined)
  return isObject && copy['additionalProperties'] === undefined ? { ...copy, additionalProperties: false } : copy
}

function find(method: string, path: string, status: number): { key?: string; check: Check } {
  const plain = path.split('?')[0] ?? ''
  const name = Object.entries(models).find(([start]) => plain.startsWith(start))?.[1]
  if (name === undefined) return { check: () => '' }
  const parts = plain.split('/')
  const known = Object.keys(load(name).model.paths).find((pattern) => {
    const wanted = pattern.split('/')
    return (
      load(name).model.paths[pattern]?.[method.toLowerCase()] !== undefined &&
      wanted.length === parts.length &&
      wanted.every((part, index) => part.startsWith('{') || part === parts[index])
    )
  })
  if (known === undefined) return { check: () => 'no such path' }
  return { key: `${method} ${known.replace(/\{\w+\}/g, '{}')}`, check: checkOf(method, known, status) }
}

function checkOf(method: string, path: string, status: number): Check {
  const name = Object.entries(models).find(([start]) => path.startsWith(start))?.[1] ?? ''
  const { model, ajv } = load(name)
  const responses = model.paths[path]?.[method.toLowerCase()]?.responses
  // What stands before the API may answer 502 and 504 too, in the same words.
  const response = responses?.[String(status === 502 || status === 504 ? 500 : status)]
  if (!response) return () => `no answer ${status}`
  const { schema } = response
  if (!schema) return (body) => (body === undefined ? '' : 'a body where there is none')
  // The model of the restrictions writes its errors as a bare list, which nothing else in the API does.
  if (name.startsWith('listingsRestrictions') && status >= 400) return () => ''
  const validate = ajv.compile(schema)
  return (body) => (validate(body) ? '' : ajv.errorsText(validate.errors))
}

function schemaProblem(name: string, told: unknown): string {
  const ajv = newAjv()
  const schema = JSON.parse(readFileSync(`${folder}/schemas/${name}.json`, 'utf8')) as AnySchemaObject
  const { $schema: _, $id: __, ...plain } = schema
  const validate = ajv.compile(plain)
  return validate(told) ? '' : ajv.errorsText(validate.errors)
}
