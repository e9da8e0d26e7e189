import { expect, test } from 'vitest'
import { germany, nonAmazon, uk } from './reference.ts'
import { createTestClient } from './test-client.ts'
import type { GivenOrder } from '../kit/control.ts'
import type { CallOptions, TestClient } from './test-client.ts'

const orders = '/orders/2026-01-01/orders'
const from = '2026-03-01T00:00:00Z'

const search = (client: TestClient, query: Record<string, string>, more: CallOptions = {}) =>
  client.call('GET', orders, { query, ...more })
const idsIn = (body: Record<string, unknown>) => (body['orders'] as { orderId: string }[]).map((one) => one.orderId)
const tokenIn = (body: Record<string, unknown>) => (body['pagination'] as { nextToken: string } | undefined)?.nextToken

function placeOne(control: TestClient['sandbox']['control'], order: GivenOrder): string {
  return control.placeOrders([order])[0]?.orders[0]?.number ?? ''
}

function place(client: TestClient, count = 1, quantity = 1): string[] {
  const given = Array.from({ length: count }, () => ({ lines: [{ sku: 'TEA A&B 20g', quantity }] }))
  return client.sandbox.control.placeOrders(given).map((one) => one.orders[0]?.number ?? '')
}

function confirmation(client: TestClient, id: string, more: Record<string, unknown> = {}) {
  const order = client.sandbox.control.truth().orders.find((one) => one.number === id)
  const orderItems = order?.lines.map(({ lineId, quantity }) => ({ orderItemId: lineId, quantity }))
  const packageDetail = {
    packageReferenceId: '1',
    carrierCode: 'Royal Mail',
    trackingNumber: 'RM1',
    shipDate: '2026-03-02T12:00:00Z',
    orderItems,
    ...more,
  }
  return { body: { marketplaceId: uk, packageDetail } }
}
const confirm = (client: TestClient, id: string, more: Record<string, unknown> = {}) =>
  client.call('POST', `/orders/v0/orders/${id}/shipmentConfirmation`, confirmation(client, id, more))
const messageOf = (body: Record<string, unknown>) => (body['errors'] as { message: string }[])[0]?.message

test('a search names exactly one After, a Before of the same family, and nothing newer than two minutes', async () => {
  const client = createTestClient()
  const status = async (query: Record<string, string>) => (await search(client, query)).status
  expect(await status({})).toBe(400)
  expect(await status({ createdAfter: from, lastUpdatedAfter: from })).toBe(400)
  expect(await status({ createdAfter: from, lastUpdatedBefore: '2026-03-02T10:00:00Z' })).toBe(400)
  expect(await status({ lastUpdatedAfter: from, lastUpdatedBefore: '2026-03-02T11:58:01Z' })).toBe(400)
  expect(await status({ lastUpdatedAfter: from, lastUpdatedBefore: '2026-03-02T11:58:00Z' })).toBe(200)
  expect(await status({ lastUpdatedAfter: from, maxResultsPerPage: '101' })).toBe(400)
  expect(await status({ lastUpdatedAfter: from, marketplaceIds: nonAmazon })).toBe(403)
})

test('what is two minutes old is promised, and what is newer is shown at once or not, as chosen', async () => {
  const client = createTestClient()
  const [id] = place(client)
  const at = async () => (await search(client, { lastUpdatedAfter: from })).body
  expect(await at()).toMatchObject({ lastUpdatedBefore: '2026-03-02T11:58:00.000Z', orders: [{ orderId: id }] })
  client.sandbox.control.choose({ freshOrdersAtOnce: false })
  expect(idsIn(await at())).toEqual([])
  client.pass(120)
  expect(idsIn(await at())).toEqual([id])
})

test('pages continue only with the same parameters, tell every order once, and leave later changes to the next walk', async () => {
  const client = createTestClient()
  const ids = place(client, 5)
  const query = { lastUpdatedAfter: from, maxResultsPerPage: '2' }
  const first = await search(client, query)
  const paginationToken = tokenIn(first.body) ?? ''
  expect((await search(client, { ...query, fulfilledBy: 'MERCHANT', paginationToken })).status).toBe(400)
  client.pass(10)
  client.sandbox.control.cancelOrder(ids.toSorted()[4] ?? '')
  const second = await search(client, { ...query, maxResultsPerPage: '1', includedData: 'BUYER', paginationToken })
  const third = await search(client, { ...query, paginationToken: tokenIn(second.body) ?? '' })
  expect([first, second, third].flatMap(({ body }) => idsIn(body))).toEqual(ids.toSorted().slice(0, 4))
  expect(tokenIn(third.body)).toBeUndefined()
  expect(third.body['lastUpdatedBefore']).toBe(first.body['lastUpdatedBefore'])
  const next = await search(client, { lastUpdatedAfter: String(first.body['lastUpdatedBefore']) })
  expect(idsIn(next.body)).toContain(ids.toSorted()[4])
  client.pass(86_400)
  await client.renew()
  expect((await search(client, { ...query, paginationToken })).status).toBe(400)
})

test('a data set the app has no role for refuses the whole call', async () => {
  const client = createTestClient({ choices: { rolePersonalData: false } })
  place(client)
  expect((await search(client, { lastUpdatedAfter: from, includedData: 'RECIPIENT,PROCEEDS' })).status).toBe(403)
  expect((await search(client, { lastUpdatedAfter: from, includedData: 'PROCEEDS' })).status).toBe(200)
})

test('an unpaid order has no prices and no address, and a paid one has', async () => {
  const client = createTestClient()
  const number = placeOne(client.sandbox.control, { lines: [{ sku: 'TEA A&B 20g', quantity: 2 }], status: 'unpaid' })
  const read = async () =>
    (await client.call('GET', `${orders}/${number}`, { query: { includedData: 'RECIPIENT,PROCEEDS,FULFILLMENT' } }))
      .body['order']
  expect(await read()).not.toHaveProperty('proceeds')
  expect(await read()).not.toHaveProperty('recipient')
  expect((await confirm(client, number)).status).toBe(400)
  client.sandbox.control.payOrder(number)
  expect(await read()).toMatchObject({
    fulfillment: { fulfillmentStatus: 'UNSHIPPED' },
    proceeds: { grandTotal: { amount: '13.90', currencyCode: 'GBP' } },
    recipient: { deliveryAddress: { countryCode: 'GB' } },
  })
})

test('D7: a confirmed parcel shows later; the same reference edits it, another is refused when nothing is left', async () => {
  const client = createTestClient()
  const [id = ''] = place(client)
  const read = async () =>
    (await client.call('GET', `${orders}/${id}`, { query: { includedData: 'FULFILLMENT,PACKAGES' } })).body['order']
  expect((await confirm(client, id)).status).toBe(204)
  expect((await confirm(client, id)).status).toBe(204)
  expect(await read()).toMatchObject({ fulfillment: { fulfillmentStatus: 'UNSHIPPED' } })
  client.pass(31)
  expect(await read()).toMatchObject({
    fulfillment: { fulfillmentStatus: 'SHIPPED' },
    packages: [{ trackingNumber: 'RM1' }],
  })
  expect((await confirm(client, id, { trackingNumber: 'RM2' })).status).toBe(204)
  const refused = await confirm(client, id, { packageReferenceId: '2' })
  expect(messageOf(refused.body)).toContain('PackageToUpdateNotFound')
  client.pass(31)
  expect(await read()).toMatchObject({ packages: [{ packageReferenceId: '1', trackingNumber: 'RM2' }] })
  const outcomes = client.sandbox.control.truth().confirmations.map((one) => one.outcome)
  expect(outcomes).toEqual(['accepted', 'repeated', 'replaced', 'refused'])
})

test('part of an order leaves it partly shipped, and what is wrong is said in the words Amazon uses', async () => {
  const client = createTestClient()
  const [id = ''] = place(client, 1, 3)
  const lineId = client.sandbox.control.truth().orders[0]?.lines[0]?.lineId
  await confirm(client, id, { orderItems: [{ orderItemId: lineId, quantity: 1 }] })
  client.pass(31)
  const read = await client.call('GET', `${orders}/${id}`, { query: { includedData: 'FULFILLMENT' } })
  expect(read.body['order']).toMatchObject({
    fulfillment: { fulfillmentStatus: 'PARTIALLY_SHIPPED' },
    orderItems: [{ fulfillment: { quantityFulfilled: 1, quantityUnfulfilled: 2 } }],
  })
  expect(messageOf((await confirm(client, id, { packageReferenceId: 'A1' })).body)).toBe(
    'PackageReferenceId: is invalid, must be a positive numeric value.',
  )
  expect(messageOf((await confirm(client, id, { orderItems: [{ orderItemId: '1', quantity: 1 }] })).body)).toBe(
    'OrderItemId  is invalid, please obtain the value through the getOrderItems API or Manage Orders page',
  )
})

test('v0: without a restricted data token personal data is missing, with one it is there, on its own path only', async () => {
  const client = createTestClient()
  const [id = ''] = place(client)
  const path = `/orders/v0/orders/${id}`
  const address = async (token?: string) => {
    const { body } = await client.call('GET', path, token === undefined ? {} : { token })
    return (body['payload'] as { ShippingAddress: object }).ShippingAddress
  }
  expect(await address()).not.toHaveProperty('Name')
  const restrictedResources = [
    { method: 'GET', path: '/orders/v0/orders/{orderId}', dataElements: ['shippingAddress'] },
  ]
  const made = await client.call('POST', '/tokens/2021-03-01/restrictedDataToken', { body: { restrictedResources } })
  const token = String(made.body['restrictedDataToken'])
  expect(await address(token)).toHaveProperty('Name')
  expect((await client.call('GET', `${path}/address`, { token })).status).toBe(403)
  client.sandbox.control.choose({ ordersV0Reads: false })
  const gone = await client.call('GET', path)
  expect([gone.status, gone.headers['x-amzn-ErrorType']]).toEqual([403, 'MissingAuthenticationTokenException'])
  expect((await confirm(client, id)).status).toBe(204)
})

async function feed(client: TestClient, feedType: string, contentType: string, content: string) {
  const { body: made } = await client.call('POST', '/feeds/2021-06-30/documents', { body: { contentType } })
  await client.call('PUT', String(made['url']), { body: content, headers: { 'content-type': contentType } })
  const body = { feedType, marketplaceIds: [uk], inputFeedDocumentId: made['feedDocumentId'] }
  const { body: created } = await client.call('POST', '/feeds/2021-06-30/feeds', { body })
  client.pass(61)
  const { body: done } = await client.call('GET', `/feeds/2021-06-30/feeds/${String(created['feedId'])}`)
  if (typeof done['resultFeedDocumentId'] !== 'string') return { status: done['processingStatus'], report: '' }
  const result = await client.call('GET', `/feeds/2021-06-30/documents/${done['resultFeedDocumentId']}`)
  return { status: done['processingStatus'], report: (await client.call('GET', String(result.body['url']))).text }
}

test('an order is cancelled by an acknowledgement feed, as XML or as a tab file, and never once it was shipped', async () => {
  const client = createTestClient()
  const [first = '', second = '', shipped = ''] = place(client, 3)
  await confirm(client, shipped)
  client.pass(31)
  const message = (id: number, order: string) =>
    `<Message><MessageID>${id}</MessageID><OrderAcknowledgement><AmazonOrderID>${order}</AmazonOrderID><StatusCode>Failure</StatusCode></OrderAcknowledgement></Message>`
  const xml =
    '<?xml version="1.0"?><AmazonEnvelope><Header><DocumentVersion>1.01</DocumentVersion><MerchantIdentifier>A1SANDBOXSELL1</MerchantIdentifier>' +
    `</Header><MessageType>OrderAcknowledgement</MessageType>${message(1, first)}${message(2, shipped)}</AmazonEnvelope>`
  const heard = await feed(client, 'POST_ORDER_ACKNOWLEDGEMENT_DATA', 'text/xml', xml)
  expect(heard.status).toBe('DONE')
  expect(heard.report).toContain('<MessagesSuccessful>1</MessagesSuccessful>')
  expect(heard.report).toContain('<MessageID>2</MessageID><ResultCode>Error</ResultCode>')
  const item = client.sandbox.control.truth().orders.find((one) => one.number === second)?.lines[0]?.lineId
  const flat = `order-id\tamazon-order-item-code\tcancellation-reason-code\n${second}\t${item}\tNoInventory\n`
  const text = await feed(client, 'POST_FLAT_FILE_ORDER_ACKNOWLEDGEMENT_DATA', 'text/plain', flat)
  expect(text.report).toContain('Number of records successful\t\t1')
  const statuses = client.sandbox.control.truth().orders.map((one) => one.status)
  expect(statuses).toEqual(['CANCELLED', 'CANCELLED', 'SHIPPED'])
})

test('the EU sells one stock, and a cancelled order gives it back', () => {
  const client = createTestClient()
  const { control } = client.sandbox
  const quantities = () =>
    control
      .allListings()
      .filter((one) => one.sku === 'KET+FILTER')
      .map((one) => [one.price.currency, one.quantity])
  const number = placeOne(control, { lines: [{ sku: 'KET+FILTER', quantity: 5 }] })
  expect(quantities()).toEqual([
    ['GBP', 13],
    ['EUR', 13],
    ['USD', 18],
  ])
  control.cancelOrder(number)
  expect(quantities()).toEqual([
    ['GBP', 18],
    ['EUR', 18],
    ['USD', 18],
  ])
  expect(germany).not.toBe(uk)
})

test('the same seed makes the same month, however often somebody asks', async () => {
  const month = async (asks: number) => {
    const client = createTestClient({ ordersPerMinute: 0.1 })
    for (let hour = 0; hour < 48; hour += 1) {
      client.pass(3600)
      await client.renew()
      for (let ask = 0; ask < asks; ask += 1) await search(client, { lastUpdatedAfter: from })
    }
    return client.sandbox.control.truth().orders
  }
  const [quiet, busy] = [await month(0), await month(3)]
  expect(quiet.length).toBeGreaterThan(50)
  expect(busy).toEqual(quiet)
})
