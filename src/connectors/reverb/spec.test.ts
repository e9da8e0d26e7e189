// Every request we make is held against the published spec: path, method, query names, body. The spec lies outside the
// project, so where it is not there this says so and checks nothing.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import type { AnySchemaObject } from 'ajv'
import { describe, expect, test } from 'vitest'
import type { SeenRequest } from '../scripted-http.ts'
import { conditions } from './conditions.ts'
import { reverb } from './index.ts'
import { asArray, asObject, asText } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import { fixture, scriptedCall } from '../scripted-reverb.ts'
import { carriers } from './shipments.ts'
import { listingCurrencies } from './account.ts'

const shared = process.env['FAIRLEAD_SHARED'] ?? fileURLToPath(new URL('../../../../shared', import.meta.url))
const folder = `${shared}/specs/reverb`
const isThere = existsSync(folder)
if (!isThere) console.log(`Skipped: the requests of the Reverb connector are not checked, for ${folder} is not there.`)

describe.skipIf(!isThere)('against the published spec', () => {
  test('every request has a path, a method, query names and a body that the spec knows', async () => {
    const requests = await everyRequest()
    const operations = readOperations()
    const wrong = requests.flatMap((request) => whatIsWrong(request, operations))
    expect(requests.length).toBeGreaterThan(10)
    expect(wrong).toEqual([])
  })

  test('the check notices a wrong path, query, field and value', () => {
    const operations = readOperations()
    const planted = [
      request('GET', '/my/orders/sold'),
      request('GET', '/my/listings?colour=red'),
      request('PUT', '/listings/1', { stock: 3 }),
      request('PUT', '/listings/1', { inventory: '3' }),
      request('PUT', '/listings/1', { price: { amount: '1.00', currency: 'CHF' } }),
      request('POST', '/my/orders/selling/1/ship', { provider: 'UPS', tracking_number: '1' }),
      request('PUT', '/my/listings/1/state/end', { reason: 'bored' }),
    ]
    expect(planted.filter((one) => whatIsWrong(one, operations).length === 0)).toEqual([])
  })

  test('our carriers, conditions and currencies are theirs', () => {
    const operations = readOperations()
    const ship = bodyOf(operations, 'POST /my/orders/selling/{id}/ship')
    const listing = bodyOf(operations, 'POST /listings')
    const providers =
      asText(asObject(properties(ship)['provider'])?.['description'])
        ?.replace(/^.*One of /, '')
        .split(', ') ?? []
    expect(providers.length).toBeGreaterThan(20)
    expect(providers.filter((word) => !Object.values(carriers).includes(word))).toEqual([])
    const condition = asObject(properties(properties(listing)['condition'])['uuid'])
    expect(new Set(asArray(condition?.['enum']))).toEqual(new Set(Object.keys(conditions)))
    const currency = asObject(properties(properties(listing)['price'])['currency'])
    expect(asArray(currency?.['enum'])).toEqual(listingCurrencies)
  })
})

function properties(schema: unknown): JsonObject {
  return asObject(asObject(schema)?.['properties']) ?? {}
}

const request = (method: string, path: string, body?: unknown): SeenRequest => ({
  method,
  url: `https://api.reverb.com/api${path}`,
  headers: {},
  timeoutSeconds: 1,
  ...(body === undefined ? {} : { body: JSON.stringify(body) }),
})

// Runs every operation once against answers that let it go on to its last request.
async function everyRequest(): Promise<SeenRequest[]> {
  const { listings, stock, prices, shipments } = reverb
  if (!listings || !stock || !prices || !shipments) throw new Error('Reverb can do all of these')
  const ref = { marketplaceListingId: '41001', marketplaceVariantId: null, channelSku: 'PEDAL-01' }
  const price = { minor: 100, currency: 'USD' }
  const saved = { json: { listing: { id: 1 }, errors: [] } }
  const ended = { json: { listings: [], orders: [], _links: {} } }
  const from = { cursor: null, since: new Date(0) }
  const attributes = Object.fromEntries(
    ['category', 'finish', 'year', 'shipping_profile_id', 'storage_location', 'origin_country_code'].map((name) => [
      name,
      'x',
    ]),
  )
  const draft = {
    channelSku: 'A',
    title: 'A',
    description: 'A',
    price,
    quantity: 1,
    images: ['https://images.example.test/1.jpg'],
    barcode: '012345678905',
    brand: 'A',
    model: 'A',
    attributes,
  }
  const parcel = {
    marketplaceOrderId: '900001',
    packageNumber: 1,
    carrier: 'x',
    trackingNumber: '1',
    shippedAt: new Date(0),
    lines: [],
  }
  const runs = [
    [[{ json: {} }, { json: fixture('shop') }], (call) => reverb.findSites(call)],
    [[ended], (call) => reverb.orders.pull(call, from)],
    [[{ json: fixture('order') }], (call) => reverb.orders.read(call, '900001')],
    [[ended], (call) => listings.pull(call, from)],
    [[{ json: fixture('listing') }], (call) => listings.read(call, ref)],
    [[ended], (call) => listings.findBySku(call, 'A B')],
    [[saved], (call) => listings.publish(call, draft)],
    [
      [saved],
      (call) =>
        listings.publish(call, {
          ...draft,
          barcode: null,
          attributes: { condition: 'f7a3f48c-972a-44c6-b01a-0cd27488d3f6' },
        }),
    ],
    [[saved], (call) => listings.end(call, ref)],
    [[saved], (call) => stock.push(call, [{ ...ref, quantity: 0, state: 'live' }])],
    [[saved], (call) => prices.push(call, [{ ...ref, price }])],
    [[{ json: fixture('order') }, saved], (call) => shipments.confirm(call, parcel)],
  ] satisfies [Parameters<typeof scriptedCall>, (call: Parameters<typeof reverb.findSites>[0]) => Promise<unknown>][]
  const requests: SeenRequest[] = []
  for (const [answers, run] of runs) {
    const { call, seen } = scriptedCall(...answers)
    await run(call)
    requests.push(...seen)
  }
  return requests
}

type Operation = {
  method: string
  pattern: RegExp
  name: string
  queryNames: Set<string>
  body: AnySchemaObject | undefined
}

function readOperations(): Operation[] {
  // The newer document has the bodies, the older one has the filters of the order lists.
  const [bodies, filters] = ['reverb-swagger2-api3.0-2020-12.json', 'reverb-api3.0-2019-09-apievangelist.json'].map(
    (name) => asObject(asObject(JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')))?.['paths']),
  )
  // Both documents leave these out for listings; a client tested them live.
  const paging = ['page', 'per_page', 'offset']
  return Object.entries(bodies ?? {}).flatMap(([path, methods]) =>
    Object.entries(asObject(methods) ?? {}).map(([method, operation]) => {
      const parameters = parametersOf(operation)
      const older = parametersOf(asObject(filters?.[path])?.[method])
      const query = [...parameters, ...older]
        .filter((one) => one['in'] === 'query')
        .flatMap((one) => asText(one['name']) ?? [])
      const body = asObject(parameters.find((one) => one['in'] === 'body')?.['schema'])
      return {
        method: method.toUpperCase(),
        pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
        name: `${method.toUpperCase()} ${path}`,
        queryNames: new Set([...query, ...paging]),
        body: body && closed(body),
      }
    }),
  )
}

function parametersOf(operation: unknown): JsonObject[] {
  return (asArray(asObject(operation)?.['parameters']) ?? []).flatMap((one): JsonObject[] => [asObject(one) ?? {}])
}

// A field the spec does not name is a mistake of ours, at any depth.
function closed(schema: JsonObject): AnySchemaObject {
  const properties = asObject(schema['properties'])
  const items = asObject(schema['items'])
  return {
    ...schema,
    ...(items ? { items: closed(items) } : {}),
    ...(properties
      ? {
          additionalProperties: false,
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, one]) => [name, closed(asObject(one) ?? {})]),
          ),
        }
      : {}),
  }
}

function bodyOf(operations: Operation[], name: string): AnySchemaObject | undefined {
  return operations.find((operation) => operation.name === name)?.body
}

function whatIsWrong(request: SeenRequest, operations: Operation[]): string[] {
  const url = new URL(request.url)
  const path = url.pathname.replace(/^\/api/, '')
  const what = `${request.method} ${path}`
  const fitting = operations.filter((one) => one.method === request.method && one.pattern.test(path))
  // "/my/orders/selling/{id}" also fits a list's path, so the most literal one counts.
  const operation = fitting.toSorted((a, b) => a.name.split('{').length - b.name.split('{').length)[0]
  if (!operation) return [`${what}: the spec has no such request`]
  const unknownNames = [...url.searchParams.keys()].filter((name) => !operation.queryNames.has(name))
  const wrong = unknownNames.map((name) => `${what}: the spec has no query “${name}”`)
  if (request.body === undefined) return wrong
  if (!operation.body) return [...wrong, `${what}: the spec has no body`]
  const ajv = new Ajv({ strict: false, allErrors: true })
  if (ajv.validate(operation.body, JSON.parse(request.body))) return wrong
  return [...wrong, `${what}: ${ajv.errorsText()}`]
}
