// Every request we make is held against Amazon's published models: path, method, query, body, and what goes into a feed.
// So are the answers our own fixtures give. The models lie outside the project; where they are not, this says so.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import type { AnySchemaObject } from 'ajv'
import { describe, expect, test } from 'vitest'
import type { ScriptedAnswer, SeenRequest } from '../scripted-http.ts'
import type { Call, ListingDraft } from '../connector.ts'
import { asArray, asObject, asText } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import { fixture, now, scriptedCall } from '../scripted-amazon.ts'
import type { AmazonAccount } from './account.ts'
import { amazon } from './index.ts'
import { includedData } from './orders.ts'
import { plans } from './plans.ts'
import { objectsIn } from './read.ts'
import { orderStatuses, serviceLevels } from './statuses.ts'

const shared = process.env['FAIRLEAD_SHARED'] ?? fileURLToPath(new URL('../../../../shared', import.meta.url))
const folder = `${shared}/specs/amazon`
const isThere = existsSync(folder)
if (!isThere) console.log(`Skipped: the requests of the Amazon connector are not checked, for ${folder} is not there.`)

const modelNames = [
  'orders_2026-01-01',
  'ordersV0',
  'listingsItems_2021-08-01',
  'feeds_2021-06-30',
  'reports_2021-06-30',
  'sellers',
  'definitionsProductTypes_2020-09-01',
  'catalogItems_2022-04-01',
  'listingsRestrictions_2021-08-01',
]

describe.skipIf(!isThere)('against the published models', () => {
  test('every request has a path, a method, query and body that a model knows', async () => {
    const { api } = await everyRequest()
    const operations = readOperations()
    expect(api.length).toBeGreaterThan(20)
    expect(api.flatMap((request) => whatIsWrong(request, operations))).toEqual([])
  })

  test('every operation of ours but the token’s is in the models, and asked for at least once', async () => {
    const { api } = await everyRequest()
    const operations = readOperations()
    const known = new Set(operations.map((operation) => operation.name))
    const names = Object.keys(plans).filter((name) => name !== 'token')
    expect(names.filter((name) => !known.has(name))).toEqual([])
    const asked = new Set(api.map((request) => operationOf(request, operations)?.name))
    expect(names.filter((name) => !asked.has(name))).toEqual([])
  })

  test('the check notices a wrong path, query, field, value and a body where none may be', () => {
    const operations = readOperations()
    const planted = [
      request('GET', '/orders/2026-01-01/order'),
      request('GET', '/orders/2026-01-01/orders?marketplace=1'),
      request('GET', '/orders/2026-01-01/orders?includedData=BUYER%2CSHOES'),
      request('GET', '/orders/2026-01-01/orders/1', {}),
      request('GET', '/listings/2021-08-01/items/A/B'),
      request('PATCH', '/listings/2021-08-01/items/A/B?marketplaceIds=x', { productType: 'PRODUCT' }),
      request('PATCH', '/listings/2021-08-01/items/A/B?marketplaceIds=x', {
        productType: 'P',
        patches: [{ op: 'set', path: '/' }],
      }),
      request('POST', '/orders/v0/orders/1/shipmentConfirmation', {
        marketplaceId: 'x',
        packageDetail: { carrierCode: 'UPS' },
      }),
    ]
    expect(planted.filter((one) => whatIsWrong(one, operations).length === 0)).toEqual([])
  })

  test('the feeds we send are the feeds of the schema, message by message', async () => {
    const { feeds } = await everyRequest()
    const [whole, message] = ['listings-feed-schema-v2', 'listings-feed-message-schema-v2'].map(
      (name) => asObject(JSON.parse(readFileSync(`${folder}/schemas/feeds/${name}.json`, 'utf8'))) ?? {},
    )
    expect(feeds.length).toBe(2)
    const ajv = new Ajv({ strict: false, allErrors: true })
    for (const feed of feeds) {
      expect(ajv.validate(whole ?? {}, feed), ajv.errorsText()).toBe(true)
      for (const one of objectsIn(asObject(feed)?.['messages'])) {
        expect(ajv.validate(message ?? {}, one), ajv.errorsText()).toBe(true)
      }
    }
  })

  test('what our tests give as Amazon’s answers is what it would answer', () => {
    const answers: [string, string, unknown][] = [
      ['orders_2026-01-01', 'Order', fixture('order')],
      ['listingsItems_2021-08-01', 'Item', fixture('item')],
      ['sellers', 'GetMarketplaceParticipationsResponse', fixture('participations')],
    ]
    for (const [model, definition, answer] of answers) {
      const { definitions } = readModel(model)
      const schema = closed({ ...asObject(asObject(definitions)?.[definition]), definitions })
      const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
      expect(ajv.validate(schema, answer), `${definition}: ${ajv.errorsText()}`).toBe(true)
    }
  })

  test('R12: our order statuses and shipping services are the model’s', () => {
    const { definitions } = readModel('orders_2026-01-01')
    const statuses = asArray(asObject(asObject(definitions)?.['FulfillmentStatus'])?.['enum'])
    expect(new Set(statuses)).toEqual(new Set(Object.keys(orderStatuses)))
    const level = asObject(
      asObject(asObject(asObject(definitions)?.['OrderFulfillment'])?.['properties'])?.['fulfillmentServiceLevel'],
    )
    const words = [...(asText(level?.['description']) ?? '').matchAll(/`([A-Z_]+)`/g)].map((match) => match[1])
    expect(new Set(words)).toEqual(new Set(serviceLevels.map(({ code }) => code)))
    expect(includedData.split(',').length).toBe(6)
  })
})

// Runs every operation against answers that let it go on to its last request.
async function everyRequest() {
  const { listings, stock, prices, shipments, orders } = amazon
  if (!listings || !stock?.bulk || !prices?.bulk || !shipments) throw new Error('Amazon can do all of these')
  const [stockBulk, priceBulk] = [stock.bulk, prices.bulk]
  const ref = { marketplaceListingId: 'LAMP/01 +%', marketplaceVariantId: null, channelSku: 'LAMP/01 +%' }
  const price = { minor: 1250, currency: 'GBP' }
  const from = { cursor: null, since: new Date('2026-03-01T00:00:00Z') }
  const order = { json: { order: fixture('order') } }
  const item = { json: fixture('item') }
  const taken = { json: { sku: 'x', status: 'ACCEPTED', submissionId: 'S' } }
  const feed = [{ json: { feedDocumentId: 'D', url: 'https://files.example.test/D' } }, {}, { json: { feedId: 'F' } }]
  const result = [
    { json: { processingStatus: 'DONE', resultFeedDocumentId: 'R' } },
    { json: { url: 'https://files.example.test/R' } },
    { json: {} },
  ]
  const rules = [
    { json: { schema: { link: { resource: 'https://files.example.test/S' } } } },
    { json: fixture('product-type') },
  ]
  const draft: ListingDraft = {
    channelSku: 'A',
    title: 'A',
    description: 'A',
    price,
    quantity: 1,
    images: ['https://images.example.test/1.jpg'],
    barcode: '5012345678900',
    brand: 'A',
    model: null,
    attributes: { category: 'LAMP', color: 'red' },
  }
  const variations = [
    { channelSku: 'A-1', price, quantity: 1, barcode: null, image: null, attributes: { color: 'red' } },
  ]
  const relations = [{ type: 'VARIATION', parentSkus: ['A'] }]
  const childOf = (sku: string) => ({
    json: fixture('item', { sku, relationships: [{ marketplaceId: 'A1F83G8C2ARO7P', relationships: relations }] }),
  })
  const itemOf = (sku: string) => ({ json: fixture('item', { sku }) })
  const family = { ...draft, attributes: { category: 'LAMP', variation_theme: 'COLOR' }, variations }
  const offer = { ...draft, attributes: { merchant_suggested_asin: 'B000000001' } }
  const parcel = {
    marketplaceOrderId: '203-0000001-0000001',
    packageNumber: 1,
    carrier: 'x',
    trackingNumber: '1',
    shippedAt: now,
    lines: [],
  }
  const page = { orders: [], pagination: { nextToken: 'T' } }
  const waiting = JSON.stringify({ kind: 'wait', reportId: 'R', askedAt: now })
  type Run = (call: Call<AmazonAccount>) => Promise<unknown>
  const runs: [ScriptedAnswer[], Run][] = [
    [[{ json: fixture('participations') }, { json: { items: [] } }], (call) => amazon.findSites(call)],
    [
      [{ json: page }, { json: { orders: [] } }],
      async (call) => {
        const { cursor } = await orders.pull(call, from)
        await orders.pull(call, { ...from, cursor })
      },
    ],
    [[order], (call) => orders.read(call, '203-0000001-0000001')],
    [[order, ...feed], (call) => orders.cancel?.(call, '203-0000001-0000001', 'x') ?? Promise.reject(new Error('no'))],
    [[{ json: { reportId: 'R' } }], (call) => listings.pull(call, from)],
    [
      [
        { json: { processingStatus: 'DONE', reportDocumentId: 'D' } },
        { json: { url: 'https://files.example.test/D' } },
        {},
      ],
      (call) => listings.pull(call, { ...from, cursor: waiting }),
    ],
    [
      [{ json: { processingStatus: 'CANCELLED' } }, { json: { items: [] } }],
      (call) => listings.pull(call, { ...from, cursor: waiting }),
    ],
    [[item], (call) => listings.read(call, ref)],
    [[item], (call) => listings.findBySku(call, ref.channelSku)],
    [[...rules, taken], (call) => listings.publish(call, draft)],
    [[...rules, taken, taken], (call) => listings.publish(call, family)],
    [[taken], (call) => listings.publish(call, offer)],
    [[...rules, taken], (call) => listings.update?.(call, ref, draft) ?? Promise.reject(new Error('no'))],
    [
      [...rules, itemOf('A'), taken, itemOf('A-1'), taken],
      (call) => listings.update?.(call, ref, family) ?? Promise.reject(new Error('no')),
    ],
    [
      [{ json: { restrictions: [] } }, taken],
      (call) => listings.precheck?.(call, offer) ?? Promise.reject(new Error('no')),
    ],
    [[...rules, taken, taken], (call) => listings.precheck?.(call, family) ?? Promise.reject(new Error('no'))],
    [[{ json: { items: [] } }], (call) => listings.match?.(call, draft) ?? Promise.reject(new Error('no'))],
    [[{ json: { productTypes: [] } }], (call) => listings.recommend?.(call, draft) ?? Promise.reject(new Error('no'))],
    [[itemOf('A'), taken], (call) => listings.end(call, { ...ref, marketplaceListingId: 'A' })],
    [
      [childOf('A-1'), taken, { json: { numberOfResults: 0, items: [] } }, taken],
      (call) => listings.end(call, { ...ref, marketplaceListingId: 'A-1' }),
    ],
    [[{ json: { productTypes: [] } }], (call) => listings.categories?.(call, null) ?? Promise.reject(new Error('no'))],
    [[taken], (call) => stock.push(call, [{ ...ref, quantity: 1, state: 'live' }])],
    [feed, (call) => stockBulk.submit(call, [{ ...ref, quantity: 1, state: 'live' }])],
    [result, (call) => stockBulk.check(call, 'F', [])],
    [[{ status: 200, json: {} }], (call) => stockBulk.cancel?.(call, 'F') ?? Promise.resolve()],
    [[item, taken], (call) => prices.push(call, [{ ...ref, price }])],
    [feed, (call) => priceBulk.submit(call, [{ ...ref, price }])],
    [[order, { status: 204 }], (call) => shipments.confirm(call, parcel)],
  ]
  const requests: SeenRequest[] = []
  for (const [answers, run] of runs) {
    const { call, seen } = scriptedCall(...answers)
    await run(call)
    expect(seen.length).toBe(answers.length)
    requests.push(...seen)
  }
  const api = requests.filter((one) => new URL(one.url).host.startsWith('sellingpartnerapi'))
  const uploads = requests.filter((one) => one.bytes && one.headers['content-type']?.includes('json'))
  return { api, feeds: uploads.map((one): unknown => JSON.parse(new TextDecoder().decode(one.bytes))) }
}

type Operation = {
  name: string
  method: string
  pattern: RegExp
  path: string
  query: JsonObject[]
  body: AnySchemaObject | undefined
}

function readModel(name: string): JsonObject {
  return asObject(JSON.parse(readFileSync(`${folder}/models/${name}.json`, 'utf8'))) ?? {}
}

function readOperations(): Operation[] {
  return modelNames.flatMap((name) => {
    const model = readModel(name)
    const { definitions } = model
    return Object.entries(asObject(model['paths']) ?? {}).flatMap(([path, methods]) =>
      Object.entries(asObject(methods) ?? {}).flatMap(([method, operation]) => {
        const operationId = asText(asObject(operation)?.['operationId'])
        if (operationId === null) return []
        const parameters = objectsIn(asObject(operation)?.['parameters'])
        const body = asObject(parameters.find((one) => one['in'] === 'body')?.['schema'])
        return [
          {
            name: operationId,
            method: method.toUpperCase(),
            path,
            pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
            query: parameters.filter((one) => one['in'] === 'query'),
            body: body && closed({ ...body, definitions }),
          },
        ]
      }),
    )
  })
}

// A field the model does not name is a mistake of ours, at any depth.
function closed(schema: JsonObject): AnySchemaObject {
  return Object.fromEntries(
    Object.entries({ ...(asObject(schema['properties']) ? { additionalProperties: false } : {}), ...schema }).map(
      ([key, value]) => {
        if (key === 'properties' || key === 'definitions') {
          const entries = Object.entries(asObject(value) ?? {})
          return [key, Object.fromEntries(entries.map(([name, one]) => [name, closed(asObject(one) ?? {})]))]
        }
        return [key, key === 'items' ? closed(asObject(value) ?? {}) : value]
      },
    ),
  )
}

const request = (method: string, path: string, body?: unknown): SeenRequest => ({
  method,
  url: `https://sellingpartnerapi-eu.amazon.com${path}`,
  headers: {},
  timeoutSeconds: 1,
  ...(body === undefined ? {} : { body: JSON.stringify(body) }),
})

function operationOf(request: SeenRequest, operations: Operation[]): Operation | undefined {
  const { pathname } = new URL(request.url)
  return operations
    .filter((one) => one.method === request.method && one.pattern.test(pathname))
    .toSorted((a, b) => a.path.split('{').length - b.path.split('{').length)[0]
}

function whatIsWrong(request: SeenRequest, operations: Operation[]): string[] {
  const url = new URL(request.url)
  const what = `${request.method} ${url.pathname}`
  const operation = operationOf(request, operations)
  if (!operation) return [`${what}: no model has such a request`]
  const wrong = [...url.searchParams].flatMap(([name, value]) => {
    const parameter = operation.query.find((one) => one['name'] === name)
    return parameter
      ? valuesWrong(parameter, value).map((text) => `${what}?${name}: ${text}`)
      : [`${what}: no query “${name}”`]
  })
  const missing = operation.query.filter(
    (one) => one['required'] === true && !url.searchParams.has(asText(one['name']) ?? ''),
  )
  wrong.push(...missing.map((one) => `${what}: without ${asText(one['name'])}`))
  if (request.body === undefined) return operation.body ? [...wrong, `${what}: without a body`] : wrong
  if (!operation.body) return [...wrong, `${what}: a body where none may be`]
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
  return ajv.validate(operation.body, JSON.parse(request.body)) ? wrong : [...wrong, `${what}: ${ajv.errorsText()}`]
}

// Lists go in one parameter with commas between.
function valuesWrong(parameter: JsonObject, value: string): string[] {
  const isList = parameter['type'] === 'array'
  const values = isList ? value.split(',') : [value]
  const taken = asArray(isList ? asObject(parameter['items'])?.['enum'] : parameter['enum'])
  const most = Number(parameter['maxItems'] ?? values.length)
  const wrong = values.length > most ? [`more than ${most}`] : []
  if (parameter['type'] === 'integer' && !/^\d+$/.test(value)) wrong.push(`“${value}” is no number`)
  return taken ? [...wrong, ...values.filter((one) => !taken.includes(one)).map((one) => `not “${one}”`)] : wrong
}
