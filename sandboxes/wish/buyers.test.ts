import { expect, test } from 'vitest'
import { createTestClient } from './test-client.ts'

const busy = { empty: false, ordersPerDay: 60, catalogueSize: 60 } as const

test('the same seed makes the same month, another seed another one', () => {
  const hashes = [7, 7, 8].map((seed) => {
    const client = createTestClient({ ...busy, seed })
    for (let hour = 0; hour < 24 * 10; hour += 1) client.pass(3600)
    return client.sandbox.control.truthHash()
  })
  expect(hashes[0]).toBe(hashes[1])
  expect(hashes[2]).not.toBe(hashes[0])
})

test('what anybody asks meanwhile does not change who buys', async () => {
  const bought = async (isNosy: boolean) => {
    const client = createTestClient(busy)
    for (let hour = 0; hour < 48; hour += 1) {
      client.pass(3600)
      if (isNosy) await client.call('GET', 'orders')
    }
    return client.sandbox.control.truth().orders.map((one) => [one.placedAt, one.lines[0]?.sku, one.lines[0]?.quantity])
  }
  expect(await bought(true)).toEqual(await bought(false))
})

test('a month holds every kind of story, and stock and orders add up', () => {
  const client = createTestClient({ ...busy, ordersPerDay: 200, choices: { shipDays: 3 } })
  client.sandbox.control.addListings([{ sku: 'MUCH', title: 'Much', price: '2.00', inventory: 100_000 }])
  for (let day = 0; day < 20; day += 1) client.pass(86_400)
  const { orders, listings } = client.sandbox.control.truth()
  expect(new Set(orders.map((one) => one.status))).toEqual(
    new Set(['APPROVED', 'REFUNDED', 'DECLINED', 'REQUIRE_REVIEW']),
  )
  const started = new Map(listings.map((one) => [one.sku, one.history[0]?.quantity ?? 0]))
  for (const { sku, quantity } of listings) {
    const held = orders
      .filter((one) => !one.isCanceled)
      .flatMap((one) => one.lines)
      .filter((line) => line.sku === sku)
      .reduce((sum, line) => sum + line.quantity, 0)
    expect([sku, quantity + held]).toEqual([sku, started.get(sku)])
  }
})

test('what it knows survives a restart; what was under way has failed', async () => {
  const before = createTestClient({ empty: false })
  before.sandbox.control.buyNow()
  const [order] = before.sandbox.control.truth().orders
  await before.call('PUT', `orders/${order?.number}/tracking`, {
    body: { origin_country: 'GB', shipping_provider: 'RoyalMail', tracking_number: 'AB1' },
  })
  const job = (await before.call('POST', 'products/bulk_get')).data as { id: string }
  const after = createTestClient({ empty: true, seed: 2 })
  after.sandbox.bringBack(before.sandbox.keep())
  const { accessToken } = before.sandbox.account()
  const token = { token: accessToken }
  expect((await after.call('GET', `orders/${order?.number}`, token)).data).toMatchObject({
    state: 'APPROVED',
    processing_status: 'FAILED',
  })
  expect((await after.call('GET', `products/bulk_get/${job.id}`, token)).data).toMatchObject({ status: 'EXCEPTION' })
})
