import { expect, test } from 'vitest'
import { createTestClient, nextLink, testStart } from './test-client.ts'
import type { TestClient } from './test-client.ts'

type OrderLine = { order_number: string; status: string; created_at: string }

function shopWith(stock: number, options: Parameters<typeof createTestClient>[0] = {}): TestClient {
  const client = createTestClient({ empty: true, ...options })
  client.sandbox.control.addListings([{ sku: 'A', title: 'Harrow Cable', price: 10, inventory: stock }])
  return client
}

const place = (
  client: TestClient,
  changes: Partial<Parameters<TestClient['sandbox']['control']['placeOrders']>[0][number]> = {},
) =>
  client.sandbox.control.placeOrders([{ lines: [{ sku: 'A', quantity: 1 }], ...changes }])[0]?.orders[0]?.number ?? ''

const listed = async (client: TestClient, path: string) =>
  ((await client.call('GET', `/my/orders/selling/${path}`)).body['orders'] as OrderLine[]).map(
    (one) => one.order_number,
  )

const listing = (client: TestClient) => client.sandbox.control.books().listings[0]
const shipment = { provider: 'UPS', tracking_number: '1Z 999', send_notification: true }

test('a sale takes stock, the last unit sells the listing out, a cancellation brings it back once', () => {
  const client = shopWith(3)
  const [first, second] = [place(client), place(client, { lines: [{ sku: 'A', quantity: 2 }] })]
  expect(listing(client)).toMatchObject({ inventory: 0, state: 'sold_out' })
  const { control } = client.sandbox
  expect(control.cancelOrder(second)).toBeUndefined()
  expect(listing(client)).toMatchObject({ inventory: 2, state: 'live' })
  expect(control.cancelOrder(second)).toHaveProperty('refusal')
  expect(control.blockOrder(first)).toBeUndefined()
  expect(listing(client)?.inventory).toBe(3)
  expect(listing(client)?.history.map((change) => change.inventory)).toEqual([3, 2, 0, 2, 3])
})

test('R9: an accepted offer is unpaid, holds the stock, and becomes payable later', async () => {
  const client = shopWith(1)
  const number = place(client, { status: 'unpaid', kind: 'offer' })
  expect(listing(client)?.state).toBe('ordered')
  expect(await listed(client, 'all')).toEqual([number])
  expect(await listed(client, 'unpaid')).toEqual([number])
  expect(await listed(client, 'awaiting_shipment')).toEqual([])
  const refused = await client.call('POST', `/my/orders/selling/${number}/ship`, { body: shipment })
  expect(refused.status).toBe(412)
  client.pass(3600)
  client.sandbox.control.payOrder(number)
  expect(await listed(client, 'awaiting_shipment')).toEqual([number])
  expect(listing(client)?.state).toBe('sold_out')
  const since = encodeURIComponent(new Date(testStart.getTime() + 1_800_000).toISOString())
  expect(await listed(client, `awaiting_shipment?created_start_date=${since}`)).toEqual([])
  expect(await listed(client, `awaiting_shipment?updated_start_date=${since}`)).toEqual([number])
})

test('what is put on sale again while an offer waits for its payment stays on sale when it is paid', async () => {
  const client = shopWith(1)
  const number = place(client, { status: 'unpaid', kind: 'offer' })
  const body = { has_inventory: true, inventory: 4 }
  expect((await client.call('PUT', `/listings/${listing(client)?.id}`, { body })).status).toBe(200)
  client.pass(3600)
  client.sandbox.control.payOrder(number)
  expect(listing(client)).toMatchObject({ inventory: 4, state: 'live' })
})

test('an offer that falls through puts even a used item back on sale', () => {
  const client = createTestClient({ empty: true })
  client.sandbox.control.addListings([{ sku: 'A', title: 'Harrow Bass', price: 400, condition: 'Good' }])
  const offer = place(client, { status: 'unpaid', kind: 'offer' })
  client.sandbox.control.cancelOrder(offer)
  expect(listing(client)).toMatchObject({ state: 'live', inventory: 1 })
  const sale = place(client)
  client.sandbox.control.cancelOrder(sale)
  expect(listing(client)).toMatchObject({ state: 'sold_out', inventory: 1 })
})

test('R5: a raw + in a query is a space, so the zone is lost and the window is hours off', async () => {
  const client = shopWith(5)
  const number = place(client)
  // 12:00 UTC is 14:00 at +02:00.
  const encoded = encodeURIComponent('2026-03-02T14:00:00+02:00')
  expect(await listed(client, `all?created_start_date=${encoded}`)).toEqual([number])
  expect(await listed(client, 'all?created_start_date=2026-03-02T14:00:00+02:00')).toEqual([])
  // Meant as 10:00 UTC, read as 12:00 UTC: the order of noon is in.
  expect(await listed(client, 'all?created_end_date=2026-03-02T12:00:00+02:00')).toEqual([number])
  expect(await listed(client, 'all?created_start_date=2026-03-02T12:00:00Z')).toEqual([number])
  expect(await listed(client, 'all?created_end_date=2026-03-02T11:59:59Z')).toEqual([])
  expect((await client.call('GET', '/my/orders/selling/all?created_start_date=yesterday')).status).toBe(412)
})

test('R6: orders come newest first, 24 a page whatever per_page says, linked by relative addresses', async () => {
  const client = shopWith(100)
  for (let index = 0; index < 50; index += 1) {
    place(client)
    client.pass(60)
  }
  const first = await client.call('GET', '/my/orders/selling/all?per_page=100')
  const body = first.body as {
    orders: OrderLine[]
    total: number
    total_pages: number
  }
  expect(body).toMatchObject({ total: 50, total_pages: 3, current_page: 1 })
  expect(body.orders).toHaveLength(24)
  expect(body.orders[0]?.created_at).toBe('2026-03-02T06:49:00-06:00')
  expect(nextLink(first.body)).toBe('/api/my/orders/selling/all?per_page=100&page=2')
  const last = await client.call('GET', '/my/orders/selling/all?page=3')
  expect(last.body['orders']).toHaveLength(2)
  expect(last.body['_links']).not.toHaveProperty('next')
  expect(await listed(client, 'all?page=4')).toEqual([])
})

test('V1: shipping needs all three fields and a known provider, and every call is remembered', async () => {
  const client = shopWith(5)
  const number = place(client)
  const ship = (body: Record<string, unknown>) => client.call('POST', `/my/orders/selling/${number}/ship`, { body })
  const { send_notification: _left, ...incomplete } = shipment
  expect((await ship(incomplete)).body).toMatchObject({ errors: { send_notification: ['is missing'] } })
  expect((await ship({ ...shipment, provider: 'Pigeon' })).body).toMatchObject({
    errors: { provider: [expect.any(String)] },
  })
  const accepted = await ship(shipment)
  expect(accepted.status).toBe(200)
  expect(accepted.body).not.toHaveProperty('errors')
  expect(Object.keys(accepted.body).length).toBeGreaterThan(0)
  await ship(shipment)
  await ship({ ...shipment, tracking_number: 'another' })
  expect(client.sandbox.control.books().confirmations.map((one) => one.outcome)).toEqual([
    'refused',
    'refused',
    'accepted',
    'repeated',
    'replaced',
  ])
  const order = await client.call('GET', `/my/orders/selling/${number}`)
  expect(order.body).toMatchObject({ status: 'shipped', shipping_code: 'another', shipment_status: 'in_transit' })
  client.pass(5 * 86_400)
  expect((await client.call('GET', `/my/orders/selling/${number}`)).body['status']).toBe('received')
})

test('R8: local pickup has no address and is picked up', async () => {
  const client = shopWith(5)
  const number = place(client, { shippingMethod: 'local' })
  const order = (await client.call('GET', `/my/orders/selling/${number}`)).body
  expect(order).toMatchObject({ local_pickup: true, shipping_method: 'local' })
  expect(order).not.toHaveProperty('shipping_address')
  const heard = await client.call('POST', `/my/orders/selling/${number}/mark_picked_up`, {
    body: { date: '2026-03-03' },
  })
  expect(heard.body).toMatchObject({ status: 'picked_up' })
})

test('several lines become several orders of one bundle, and lines that cannot be sold are named', () => {
  const client = shopWith(5)
  const [placed] = client.sandbox.control.placeOrders([
    {
      reference: 'INV-1',
      lines: [
        { sku: 'A', quantity: 2, unitPrice: 9.5 },
        { sku: 'A', quantity: 1 },
        { sku: 'a', quantity: 1 },
        { sku: 'A', quantity: 9 },
      ],
    },
  ])
  expect(placed?.orders).toHaveLength(2)
  expect(placed?.refused).toEqual([
    { line: 2, sku: 'a', reason: 'unknown-listing' },
    { line: 3, sku: 'A', reason: 'not-enough-stock' },
  ])
  const { orders } = client.sandbox.control.books()
  expect(new Set(orders.map((one) => one.bundleId)).size).toBe(1)
  expect(orders.map((one) => one.total.minor)).toEqual([1900, 1000])
  expect(orders[0]?.reference).toBe('INV-1')
})

test('orders placed by hand wait for a time to come and sort by a time that has passed', async () => {
  const client = shopWith(50)
  const now = place(client)
  const past = place(client, { at: new Date('2026-03-01T00:00:00Z') })
  expect(
    client.sandbox.control.placeOrders([
      { lines: [{ sku: 'A', quantity: 1 }], at: new Date('2026-03-02T13:00:00Z') },
    ])[0],
  ).toMatchObject({ scheduled: true })
  expect(await listed(client, 'all')).toEqual([now, past])
  client.pass(3601)
  expect((await client.call('GET', '/my/orders/selling/all')).body['total']).toBe(3)
})

test('R10: refunds by the seller add up, stay within what was paid, and a full one gives unsent stock back', async () => {
  const client = shopWith(5)
  const number = place(client)
  const refund = (amount: string, currency = 'USD') =>
    client.call('POST', `/my/orders/selling/${number}/refund_requests`, {
      body: { state: 'approved', reason: 'accidental_order', refund_amount: { amount, currency } },
    })
  expect((await refund('4.00')).status).toBe(201)
  expect((await refund('7.00')).status).toBe(412)
  expect((await refund('6.00', 'EUR')).status).toBe(412)
  expect((await refund('6.00')).status).toBe(201)
  expect((await client.call('GET', `/my/orders/selling/${number}`)).body['status']).toBe('refunded')
  expect(listing(client)?.inventory).toBe(5)
})

test('a refund a buyer asks for waits for the seller two days', async () => {
  const client = shopWith(5)
  const [one, two] = [place(client), place(client)]
  client.sandbox.control.requestRefund(one)
  client.sandbox.control.requestRefund(two)
  const open = (await client.call('GET', '/my/refund_requests/selling')).body['refund_requests'] as { id: number }[]
  expect(open).toHaveLength(2)
  const denied = await client.call('PUT', `/my/refund_requests/selling/${open[0]?.id}`, { body: { state: 'denied' } })
  expect(denied.status).toBe(200)
  client.pass(2 * 86_400 + 1)
  expect(client.sandbox.control.books().orders.map((order) => order.status)).toEqual(['refunded', 'paid'])
  expect(
    (await client.call('PUT', `/my/refund_requests/selling/${open[1]?.id}`, { body: { state: 'denied' } })).status,
  ).toBe(406)
})

test('an order is read by number and by uuid, and not found is 404', async () => {
  const client = shopWith(5)
  const number = place(client)
  const { uuid } = client.sandbox.control.books().orders[0] ?? { uuid: '' }
  expect((await client.call('GET', `/my/orders/selling/by_uuid/${uuid}`)).body['order_number']).toBe(number)
  expect((await client.call('GET', '/my/orders/selling/1')).status).toBe(404)
})

test('webhooks tell what changed to whoever registered for the topic, with the body of a read', async () => {
  const client = shopWith(5)
  const register = (body: object) => client.call('POST', '/webhooks/registrations', { body })
  expect((await register({ url: 'nowhere', topic: 'orders/create' })).status).toBe(412)
  const made = await register({ url: 'http://127.0.0.1:1/secret', topic: 'orders/create' })
  expect(made.status).toBe(201)
  const number = place(client)
  const deliveries = client.sandbox.takeDeliveries()
  expect(deliveries).toHaveLength(1)
  expect(JSON.parse(deliveries[0]?.body ?? '{}')).toMatchObject({ order_number: number, status: 'paid' })
  expect(client.sandbox.takeDeliveries()).toEqual([])
  expect((await client.call('GET', '/webhooks/registrations')).body['webhooks']).toHaveLength(1)
  expect((await client.call('DELETE', `/webhooks/registrations/${String(made.body['id'])}`)).status).toBe(200)
  place(client)
  expect(client.sandbox.takeDeliveries()).toEqual([])
})
