// From a purchase to a delivered parcel, and the ways that end it.
import { expect, test } from 'vitest'
import { createTestClient } from './test-client.ts'
import type { TestClient } from './test-client.ts'

const carrier = '7117858858072016901'
const hour = 3600

type Shown = {
  id: string
  status: string
  update_time: number
  recipient_address?: { postal_code: string }
  line_items: { id: string; sku_id: string; seller_sku: string; display_status: string; package_id: string }[]
  payment: Record<string, string>
}

function shop(options: Parameters<typeof createTestClient>[0] = {}): TestClient {
  const client = createTestClient(options)
  client.sandbox.control.addListings([
    { sku: 'MUG', title: 'A mug', price: '9.99', inventory: 20 },
    { sku: 'BOX', title: 'A box', price: '4.50', inventory: 20 },
  ])
  return client
}

const place = (client: TestClient, quantity = 1, more = {}) =>
  client.sandbox.control.placeOrders([{ lines: [{ sku: 'MUG', quantity }], ...more }])[0]?.orders[0]?.number ?? ''

async function show(client: TestClient, id: string): Promise<Shown> {
  const { data } = await client.call('GET', '/order/202507/orders', { query: { ids: id } })
  const { orders } = data as { orders: [Shown] }
  return orders[0]
}

const ship = (client: TestClient, id: string, more: Record<string, unknown> = {}) =>
  client.call('POST', `/fulfillment/202309/orders/${id}/packages`, {
    body: { tracking_number: `AB${id.slice(-9)}GB`, shipping_provider_id: carrier, ...more },
  })

const search = (client: TestClient, query: Record<string, string>, body: unknown = {}) =>
  client.call('POST', '/order/202309/orders/search', { query, body })

const quantityOf = (client: TestClient) =>
  client.sandbox.control.truth().listings.find((one) => one.sku === 'MUG')?.quantity

test('O1: three of a SKU are three lines, and money adds up', async () => {
  const client = shop()
  const order = await show(client, place(client, 3))
  expect(new Set(order.line_items.map((line) => line.id)).size).toBe(3)
  expect(new Set(order.line_items.map((line) => line.sku_id)).size).toBe(1)
  expect(order.payment).toMatchObject({ sub_total: '29.97', shipping_fee: '2.99', total_amount: '32.96' })
  expect(quantityOf(client)).toBe(17)
  const [truth] = client.sandbox.control.truth().orders
  expect(truth?.lines.map((line) => line.quantity)).toEqual([1, 1, 1])
  expect(truth?.total).toEqual({ minor: 3296, currency: 'GBP' })
})

test('an order is unpaid, then on hold without an address for an hour, then to be shipped', async () => {
  const client = shop({ choices: { onHold: 'always' } })
  const id = place(client, 1, { status: 'unpaid' })
  expect(await show(client, id)).toMatchObject({ status: 'UNPAID' })
  client.sandbox.control.payOrder(id)
  const held = await show(client, id)
  expect([held.status, held.recipient_address]).toEqual(['ON_HOLD', undefined])
  expect((await ship(client, id)).code).toBe(21011044)
  client.pass(hour)
  const ready = await show(client, id)
  expect(ready.status).toBe('AWAITING_SHIPMENT')
  expect(ready.recipient_address?.postal_code).not.toBe('')
  expect(ready.update_time).toBe(client.now().getTime() / 1000)
})

test('S1: units are shipped parcel by parcel, and the carrier moves the order on', async () => {
  const client = shop()
  const id = place(client, 3)
  const lines = (await show(client, id)).line_items.map((line) => line.id)
  const first = await ship(client, id, { order_line_item_ids: lines.slice(0, 1) })
  expect(first.data).toMatchObject({ order_id: id, order_line_item_ids: lines.slice(0, 1) })
  expect((await show(client, id)).status).toBe('PARTIALLY_SHIPPING')
  expect((await ship(client, id, { tracking_number: 'SECOND-1' })).code).toBe(21011048)
  await ship(client, id, { order_line_item_ids: lines.slice(1), tracking_number: 'SECOND-1' })
  expect((await show(client, id)).status).toBe('AWAITING_COLLECTION')
  client.pass(6 * hour)
  expect((await show(client, id)).status).toBe('IN_TRANSIT')
  client.pass(40 * hour)
  expect((await show(client, id)).status).toBe('DELIVERED')
  client.pass(14 * 24 * hour)
  const [truth] = client.sandbox.control.truth().orders
  expect([truth?.status, truth?.isShipped]).toEqual(['COMPLETED', true])
})

test('S2: shipping again is refused and changes nothing, and the books say it was a repeat', async () => {
  const client = shop()
  const id = place(client)
  expect((await ship(client, id)).code).toBe(0)
  const again = await ship(client, id)
  expect([again.status, again.code]).toEqual([200, 21011020])
  expect((await ship(client, id, { tracking_number: 'OTHER-1' })).code).toBe(21011020)
  const outcomes = client.sandbox.control.truth().confirmations.map((one) => one.outcome)
  expect(outcomes).toEqual(['accepted', 'repeated', 'refused'])
})

test('a tracking number is checked, and belongs to one buyer', async () => {
  const client = shop()
  const [one, two, same] = [
    place(client, 1, { buyerNumber: 1 }),
    place(client, 1, { buyerNumber: 2 }),
    place(client, 1, { buyerNumber: 1 }),
  ]
  expect((await ship(client, one, { tracking_number: 'AB 1/2' })).code).toBe(21004012)
  expect((await ship(client, one, { shipping_provider_id: '1' })).code).toBe(21011022)
  expect((await ship(client, one, { tracking_number: 'AB1234' })).code).toBe(0)
  expect((await ship(client, two, { tracking_number: 'AB1234' })).code).toBe(21011025)
  expect((await ship(client, same, { tracking_number: 'AB1234' })).code).toBe(0)
})

test('a correction works once and within three days', async () => {
  const client = shop()
  const ids = [place(client), place(client)]
  const parcels = []
  for (const id of ids) parcels.push(((await ship(client, id)).data as { package_id: string }).package_id)
  const correct = (parcel: string | undefined, tracking_number: string) =>
    client.call('POST', `/fulfillment/202309/packages/${parcel}/shipping_info/update`, {
      body: { tracking_number, shipping_provider_id: carrier },
    })
  expect((await correct(parcels[0], 'NEW-1')).code).toBe(0)
  expect((await correct(parcels[0], 'NEW-2')).code).toBe(21011051)
  expect(client.sandbox.control.truth().confirmations.at(-2)?.outcome).toBe('replaced')
  client.pass(73 * hour)
  expect([21011050, 21011030]).toContain((await correct(parcels[1], 'NEW-3')).code)
})

test('where parcels exist at payment, they are shipped by their id and the other way is closed', async () => {
  const client = shop({ choices: { dispatch: 'packages' } })
  const id = place(client)
  expect((await ship(client, id)).code).toBe(21008106)
  const parcel = (await show(client, id)).line_items[0]?.package_id ?? ''
  const self_shipment = { tracking_number: 'ABC123456', shipping_provider_id: carrier }
  const path = `/fulfillment/202309/packages/${parcel}/ship`
  expect((await client.call('POST', path, { body: { self_shipment } })).code).toBe(0)
  expect((await show(client, id)).status).toBe('AWAITING_COLLECTION')
})

test('O5: a seller cancels a line, a buyer asks and is heard, and stock comes back once', async () => {
  const client = shop()
  const id = place(client, 2)
  const [line] = (await show(client, id)).line_items
  const part = { order_id: id, order_line_item_ids: [line?.id] }
  const cancel = (body: unknown) => client.call('POST', '/return_refund/202309/cancellations', { body })
  expect((await cancel({ ...part, cancel_reason: 'seller_cancel_reason_wrong_price_uk' })).code).toBe(25001021)
  expect((await cancel({ ...part, cancel_reason: 'seller_cancel_reason_out_of_stock_uk' })).code).toBe(0)
  const after = await show(client, id)
  expect([after.status, after.line_items[0]?.display_status]).toEqual(['AWAITING_SHIPMENT', 'CANCELLED'])
  expect(quantityOf(client)).toBe(19)
  client.sandbox.control.askToCancel(id)
  expect((await ship(client, id)).code).toBe(21011007)
  client.pass(48 * hour)
  expect((await show(client, id)).status).toBe('CANCELLED')
  expect(quantityOf(client)).toBe(20)
})

test('O2: a search sorted by update time is walked to its end and misses nothing, also while orders move', async () => {
  const client = shop()
  const ids = Array.from({ length: 7 }, () => {
    client.pass(1)
    return place(client)
  })
  const seen = new Set<string>()
  let token = ''
  do {
    const query = { page_size: '2', sort_field: 'update_time', sort_order: 'ASC', page_token: token }
    const { data } = await search(client, query, { update_time_ge: 1 })
    const page = data as { orders: Shown[]; next_page_token: string; total_count: number }
    for (const order of page.orders) seen.add(order.id)
    token = page.next_page_token
    client.pass(1)
    await ship(client, ids[0] ?? '', { tracking_number: 'MOVED-1' })
  } while (token !== '')
  expect([...seen].toSorted()).toEqual(ids.toSorted())
  expect((await search(client, { page_size: '2', page_token: 'nonsense' })).code).toBe(36009004)
  expect((await search(client, { page_size: '101' })).code).toBe(36009004)
})

test('an order of another shop is nobody’s, and TikTok’s own shipping hides the address', async () => {
  const client = shop()
  const id = place(client, 1, { shippingService: 'Economy Shipping' })
  expect((await show(client, id)).recipient_address?.postal_code).toContain('*****')
  expect((await ship(client, id)).code).toBe(21008025)
  client.pass(24 * hour)
  expect((await show(client, id)).status).toBe('AWAITING_COLLECTION')
  expect(client.sandbox.control.truth().confirmations.map((one) => one.outcome)).toEqual(['refused'])
  const others = Object.values(JSON.parse(client.sandbox.account.ciphers) as Record<string, string>)
  const foreign = await client.call('GET', '/order/202507/orders', { query: { ids: id }, cipher: others[1] ?? '' })
  expect(foreign.code).toBe(21008111)
})

test('sold by force beyond the stock, nothing less than nothing is left, and only what was there comes back', () => {
  const client = shop()
  const { control } = client.sandbox
  const order = (quantity: number, force: boolean) =>
    control.placeOrders([{ lines: [{ sku: 'MUG', quantity }], force }])
  expect(order(21, false)[0]?.refused).toEqual([{ sku: 'MUG', reason: 'not-enough-stock' }])
  const [placed] = order(23, true)
  expect(quantityOf(client)).toBe(0)
  control.cancelOrder(placed?.orders[0]?.number ?? '')
  expect(quantityOf(client)).toBe(20)
})

test('the same seed makes the same month, and a restart keeps the books', () => {
  const run = () => {
    const client = createTestClient({ empty: false, ordersPerDay: 30, seed: 3, faults: { 'unknown-status': 0.1 } })
    for (let day = 0; day < 12; day += 1) client.pass(86_400)
    return client
  }
  const [one, other] = [run(), run()]
  expect(one.sandbox.control.truth().orders.length).toBeGreaterThan(200)
  expect(one.sandbox.control.truthHash()).toBe(other.sandbox.control.truthHash())
  const words = new Set(one.sandbox.control.truth().orders.map((order) => order.status))
  expect([...words]).toEqual(expect.arrayContaining(['AWAITING_SHIPMENT', 'CANCELLED']))
  const back = createTestClient({ seed: 3 })
  back.pass(12 * 86_400)
  back.sandbox.bringBack(one.sandbox.keep())
  expect(back.sandbox.control.truthHash()).toBe(one.sandbox.control.truthHash())
})
