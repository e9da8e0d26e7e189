import { expect, test } from 'vitest'
import { createTestClient } from './test-client.ts'
import type { TestClient } from './test-client.ts'

const aWeek = 7 * 24 * 3600

function week(options: Parameters<typeof createTestClient>[0], stepSeconds = aWeek): TestClient {
  const client = createTestClient({ ordersPerDay: 60, catalogueSize: 120, ...options })
  for (let passed = 0; passed < aWeek; passed += stepSeconds) client.pass(stepSeconds)
  return client
}

test('the same seed makes the same week, however often the clock is looked at', () => {
  const hash = week({ seed: 4 }).sandbox.control.truthHash()
  expect(week({ seed: 4 }, 3600).sandbox.control.truthHash()).toBe(hash)
  expect(week({ seed: 5 }).sandbox.control.truthHash()).not.toBe(hash)
})

test('requests and faults change nothing about who buys', async () => {
  const quiet = week({ seed: 4 })
  const asked = createTestClient({ ordersPerDay: 60, catalogueSize: 120, seed: 4, faults: { 'rate-limit': 0.5 } })
  for (let passed = 0; passed < aWeek; passed += 21_600) {
    asked.pass(21_600)
    await asked.outcome('GET', '/my/orders/selling/all')
  }
  expect(asked.sandbox.control.truthHash()).toBe(quiet.sandbox.control.truthHash())
})

test('a few weeks hold every kind of order that hurts', () => {
  const client = createTestClient({ ordersPerDay: 60, catalogueSize: 400, mix: { localPickup: 0.1 } })
  client.pass(aWeek * 2)
  const { orders, refunds } = client.sandbox.control.books()
  expect(orders.length).toBeGreaterThan(500)
  expect(new Set(orders.map((order) => order.shippingMethod))).toEqual(
    new Set(['shipped', 'local', 'expedited_shipping']),
  )
  const statuses = new Set(orders.flatMap((order) => order.history.map((change) => change.status)))
  for (const status of [
    'unpaid',
    'payment_pending',
    'pending_review',
    'blocked',
    'paid',
    'cancelled',
    'refunded',
  ] as const) {
    expect(statuses).toContain(status)
  }
  expect(orders.some((order) => order.bundleId !== undefined)).toBe(true)
  expect(orders.some((order) => order.address === undefined && order.shippingMethod !== 'local')).toBe(true)
  expect(orders.some((order) => !order.showsQuantity)).toBe(true)
  expect(orders.some((order) => order.buyer.email === undefined)).toBe(true)
  expect(orders.some((order) => order.address?.name.startsWith(' '))).toBe(true)
  expect(orders.some((order) => order.unitPrice.currency !== 'USD')).toBe(true)
  expect(
    orders.some((order) => order.kind === 'offer' && order.paidAt !== undefined && order.paidAt > order.createdAt),
  ).toBe(true)
  expect(refunds.length).toBeGreaterThan(0)
})

test('buyers take only what is live and in stock, and every unit is accounted for', () => {
  const { listings, orders } = week({ seed: 9, ordersPerDay: 400 }).sandbox.control.books()
  for (const listing of listings) {
    const sold = orders
      .filter((order) => order.listingId === listing.id && !order.stockGivenBack)
      .reduce((sum, order) => sum + order.quantity, 0)
    expect(listing.inventory + sold, listing.title).toBe(listing.history[0]?.inventory)
    expect(listing.history.every((change) => change.inventory >= 0)).toBe(true)
  }
  const hidden = listings.filter((one) => one.history[0]?.state !== 'live').map((one) => one.id)
  expect(orders.filter((order) => hidden.includes(order.listingId))).toEqual([])
})

test('what is true goes on after a restart, and new orders get new numbers', async () => {
  const before = week({ seed: 2 })
  const bytes = before.sandbox.keep()
  const after = createTestClient({ empty: true, seed: 2 })
  after.sandbox.bringBack(bytes)
  const told = ({ listings, orders }: ReturnType<typeof after.sandbox.control.books>) => ({ listings, orders })
  expect(told(after.sandbox.control.books())).toEqual(told(before.sandbox.control.books()))
  const last = before.sandbox.control.books().orders.length
  expect(after.sandbox.control.buyNow().length).toBeGreaterThan(0)
  const numbers = after.sandbox.control.books().orders.map((order) => order.number)
  expect(new Set(numbers).size).toBe(numbers.length)
  expect(numbers.length).toBeGreaterThan(last)
  expect((await after.call('GET', `/my/orders/selling/${numbers[0]}`)).status).toBe(200)
})

test('the pace can be changed and stopped', () => {
  const client = createTestClient({ catalogueSize: 200 })
  const { control } = client.sandbox
  client.pass(3600)
  expect(control.books().orders).toHaveLength(0)
  control.setOrdersPerMinute(6)
  client.pass(600)
  const many = control.books().orders.length
  expect(many).toBeGreaterThan(30)
  control.setOrdersPerMinute(0)
  client.pass(3600)
  expect(control.books().orders).toHaveLength(many)
})
