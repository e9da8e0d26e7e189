import { expect, test } from 'vitest'
import { createTestClient } from './test-client.ts'
import type { WishOptions } from './index.ts'

type Shown = {
  id: string
  state: string
  transaction_id: string
  updated_at: string
  processing_source?: string
  processing_status?: string
  tracking_information: { tracking_number: string }[]
  fulfillment_records: { event_type: string }[]
  refunds: { refund_source: string }[]
}

const tracking = { origin_country: 'GB', shipping_provider: 'RoyalMail', tracking_number: 'AB123456789GB' }

function store(options: WishOptions = {}) {
  const client = createTestClient(options)
  const { control } = client.sandbox
  control.addListings([{ sku: 'A', title: 'Thing', price: '9.50', inventory: 100 }])
  const place = (quantity = 1, status: 'paid' | 'unpaid' = 'paid') =>
    control.placeOrders([{ lines: [{ sku: 'A', quantity }], status }])[0]?.orders[0]?.number ?? ''
  const read = async (id: string) => (await client.call('GET', `orders/${id}`)).data as Shown
  const ship = (id: string, more = {}) =>
    client.call('PUT', `orders/${id}/tracking`, { body: { ...tracking, ...more } })
  const stock = () => control.truth().listings[0]?.quantity
  const outcomes = () => control.truth().confirmations.map((one) => one.outcome)
  return { client, control, place, read, ship, stock, outcomes }
}

test('W5: shipping is only accepted, and has happened a little later', async () => {
  const { client, control, place, read, ship, outcomes } = store()
  const id = place(2)
  expect((await ship(id)).status).toBe(200)
  expect(await read(id)).toMatchObject({
    state: 'APPROVED',
    processing_source: 'UPDATE_TRACKING',
    processing_status: 'IN_PROGRESS',
  })
  client.pass(20)
  const shipped = await read(id)
  expect(shipped).toMatchObject({ state: 'SHIPPED', processing_status: 'SUCCEEDED' })
  expect(shipped.tracking_information).toHaveLength(1)
  expect(control.truth().orders[0]).toMatchObject({ isShipped: true, isPaid: true, isCanceled: false })
  expect(outcomes()).toEqual(['accepted'])
})

test('W5: an accepted call may fail later, and the order stays where it was', async () => {
  const { client, place, read, ship, outcomes } = store()
  const id = place()
  expect((await ship(id, { tracking_number: 'FAILME1' })).status).toBe(200)
  client.pass(20)
  expect(await read(id)).toMatchObject({ state: 'APPROVED', processing_status: 'FAILED', tracking_information: [] })
  expect(outcomes()).toEqual(['refused'])
  expect((await ship(id)).status).toBe(200)
})

test('what cannot be shipped is refused at once: spaces, no carrier, no country, refunded, in review, under way', async () => {
  const { control, place, ship } = store()
  const id = place()
  const wrong = [{ tracking_number: 'AB 12' }, { shipping_provider: 'Nobody' }, { origin_country: undefined }]
  for (const more of wrong) expect(await ship(id, more)).toMatchObject({ status: 400, code: 90_001 })
  const review = place(1, 'unpaid')
  expect(await ship(review)).toMatchObject({ status: 400 })
  control.cancelOrder(id)
  expect(await ship(id)).toMatchObject({ status: 400 })
  const twice = place()
  expect([(await ship(twice)).status, (await ship(twice)).status]).toEqual([200, 400])
})

test('a second call repeats or corrects, and at most two sets of tracking are kept, newest first', async () => {
  const { client, place, read, ship, outcomes } = store()
  const id = place()
  for (const number of ['ONE', 'ONE', 'TWO', 'THREE']) {
    await ship(id, { tracking_number: number })
    client.pass(20)
  }
  expect(outcomes()).toEqual(['accepted', 'repeated', 'replaced', 'replaced'])
  expect((await read(id)).tracking_information.map((one) => one.tracking_number)).toEqual(['THREE', 'TWO'])
})

test('W6: an order returns to APPROVED after a parcel that never moved or a refund, and is shipped again', async () => {
  const { client, control, place, read, ship, stock } = store()
  const id = place(3)
  await ship(id)
  client.pass(20)
  control.releaseAgain(id)
  const again = await read(id)
  expect(again.state).toBe('APPROVED')
  expect(again.fulfillment_records.map((one) => one.event_type)).toEqual([
    'ORDER_RELEASED',
    'MARK_SHIPPED',
    'TRACKING_CANCELLED',
    'ORDER_RE_RELEASED',
  ])
  expect(stock()).toBe(97)
  control.cancelOrder(id)
  expect(stock()).toBe(100)
  control.releaseAgain(id)
  expect(stock()).toBe(97)
  await ship(id)
  client.pass(20)
  expect((await read(id)).state).toBe('SHIPPED')
})

test('W7: what is not shipped in time is refunded by Wish and the stock returns', async () => {
  const { client, place, read, ship, stock } = store()
  const [late, quick] = [place(2), place(1)]
  await ship(quick)
  client.pass(5 * 86_400 - 1)
  expect((await read(late)).state).toBe('APPROVED')
  client.pass(1)
  expect(await read(late)).toMatchObject({ state: 'REFUNDED', refunds: [{ refund_source: 'WISH' }] })
  expect((await read(quick)).state).toBe('SHIPPED')
  expect(stock()).toBe(99)
})

test('W7: a call that fails across the deadline does not save the order from its refund', async () => {
  const { client, place, read, ship } = store()
  const id = place()
  client.pass(5 * 86_400 - 10)
  await ship(id, { tracking_number: 'FAILME1' })
  client.pass(15)
  expect((await read(id)).state).toBe('APPROVED')
  client.pass(5)
  expect((await read(id)).state).toBe('REFUNDED')
})

test('payment and refusal: REQUIRE_REVIEW becomes APPROVED or DECLINED', async () => {
  const { control, place, read, stock } = store()
  const [paid, declined] = [place(1, 'unpaid'), place(1, 'unpaid')]
  expect((await read(paid)).state).toBe('REQUIRE_REVIEW')
  expect(control.payOrder(paid)).toBeUndefined()
  expect(control.payOrder(paid)).toEqual({ refusal: 'a APPROVED order cannot be paid' })
  control.cancelOrder(declined)
  expect([(await read(paid)).state, (await read(declined)).state]).toEqual(['APPROVED', 'DECLINED'])
  expect(stock()).toBe(99)
})

test('the reasons for a refund differ by state, and a refund is asynchronous too', async () => {
  const { client, place, read, ship, stock } = store()
  const id = place()
  const refund = (reason: string) => client.call('PUT', `orders/${id}/refund`, { body: { refund_reason: reason } })
  expect((await client.call('GET', `orders/${id}/refund_reasons`)).data).toContain('UNABLE_TO_SHIP')
  expect((await refund('ITEM_IS_DAMAGED')).status).toBe(400)
  expect((await refund('UNABLE_TO_SHIP')).data).toMatchObject({ state: 'APPROVED', processing_source: 'REFUND' })
  client.pass(20)
  expect((await read(id)).state).toBe('REFUNDED')
  expect(stock()).toBe(100)
  expect((await ship(id)).status).toBe(400)
})

test('goods that left do not come back with the money', async () => {
  const { client, control, place, ship, stock } = store()
  const id = place(4)
  await ship(id)
  client.pass(20)
  const body = { refund_reason: 'ITEM_IS_DAMAGED' }
  expect((await client.call('PUT', `orders/${id}/refund`, { body })).status).toBe(200)
  client.pass(20)
  expect(control.truth().orders[0]).toMatchObject({ status: 'REFUNDED', isShipped: true, isCanceled: false })
  expect(stock()).toBe(96)
})

test('a basket is several orders that share a transaction', async () => {
  const { client, control } = store()
  control.addListings([{ sku: 'B', title: 'Other', price: '1.00', inventory: 1 }])
  const [placed] = control.placeOrders([
    {
      lines: [
        { sku: 'A', quantity: 2 },
        { sku: 'B', quantity: 1 },
        { sku: 'B', quantity: 1 },
        { sku: 'C', quantity: 1 },
      ],
    },
  ])
  expect(placed?.orders).toHaveLength(2)
  expect(placed?.refused).toEqual([
    { sku: 'B', reason: 'not-enough-stock' },
    { sku: 'C', reason: 'unknown-listing' },
  ])
  const shown = (await client.call('GET', 'orders')).data as Shown[]
  expect(new Set(shown.map((one) => one.transaction_id)).size).toBe(1)
})

test('W8: bounds include both ends, and more rows of one time than the limit cannot be walked', async () => {
  const { client, place } = store()
  for (let count = 0; count < 3; count += 1) place()
  client.pass(10)
  const last = place()
  const list = async (query: string) =>
    (await client.call('GET', `orders?sort_by=updated_at.asc&${query}`)).data as Shown[]
  const [first] = await list('limit=2')
  const walked = await list(`limit=2&updated_at_min=${first?.updated_at}`)
  expect(walked.map((one) => one.updated_at)).toEqual([first?.updated_at, first?.updated_at])
  expect(await list(`limit=10&updated_at_min=${first?.updated_at}`)).toHaveLength(4)
  expect((await list(`updated_at_min=2026-03-02T12:00:10Z`)).map((one) => one.id)).toEqual([last])
  expect(await list(`updated_at_max=2026-03-02T12:00:00Z`)).toHaveLength(3)
  const newest = (await client.call('GET', 'orders?limit=1')).data as Shown[]
  expect(newest[0]?.id).toBe(last)
  expect((await client.call('GET', 'orders?limit=501')).status).toBe(400)
  expect(await list('states=SHIPPED&states=APPROVED')).toHaveLength(4)
  expect(await list('states=SHIPPED,REFUNDED')).toHaveLength(0)
})

test('partial answers show what was asked for', async () => {
  const { client, place } = store()
  const id = place()
  const asked = 'id,product_information/sku,full_address(shipping_detail(name)),warehouse_information/*'
  const heard = await client.call('GET', `orders/${id}?fields=${encodeURIComponent(asked)}`)
  expect(heard.data).toMatchObject({ id, product_information: { sku: 'A' } })
  expect(Object.keys(heard.data).toSorted()).toEqual([
    'full_address',
    'id',
    'product_information',
    'warehouse_information',
  ])
  expect((await client.call('GET', 'orders?fields=id(')).status).toBe(400)
})

test('the order job goes through CREATING to a file with whole orders', async () => {
  const { client, place } = store()
  place()
  place()
  const job = (await client.call('POST', 'orders/bulk_get')).data as { id: string; status: string }
  expect(job).toMatchObject({ status: 'PENDING', file_urls: null })
  client.pass(6)
  const status = async () => (await client.call('GET', `orders/bulk_get/${job.id}`)).data as { file_urls: string[] }
  expect(await status()).toMatchObject({ status: 'CREATING' })
  client.pass(60)
  const [url = ''] = (await status()).file_urls
  const file = await client.call('GET', new URL(url).pathname, { token: null })
  expect(JSON.parse(file.text)).toHaveLength(2)
})

test('notifications carry the topic in a header; a hub has its address in the dashboard, not by calls', async () => {
  const { client, control, place } = store()
  const refused = await client.call('POST', 'webhook/subscriptions?topic_id=1&endpoint=https://hub.example.test')
  expect(refused.message).toContain('dashboard')
  control.changeApp(client.sandbox.account().clientId, { webhookUrl: 'http://hub.example.test/in' })
  const id = place()
  const sent = client.sandbox.takeDeliveries().filter((one) => one.headers['wish-topic'] === 'ORDER_RELEASE')
  expect(sent).toHaveLength(1)
  expect(sent[0]).toMatchObject({ url: 'http://hub.example.test/in', headers: { 'wish-api-version': 'V3' } })
  expect(JSON.parse(sent[0]?.body ?? '')).toMatchObject({ id })
})
