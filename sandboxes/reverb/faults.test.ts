import { expect, test } from 'vitest'
import { createTestClient, nextLink } from './test-client.ts'
import type { FaultName } from '../kit/faults.ts'
import type { TestClient } from './test-client.ts'

function shopWithOrders(count: number): TestClient {
  const client = createTestClient({ empty: true })
  client.sandbox.control.addListings([{ sku: 'A', title: 'Harrow Cable', price: 10, inventory: 1000 }])
  for (let index = 0; index < count; index += 1) {
    client.sandbox.control.placeOrders([{ lines: [{ sku: 'A', quantity: 1 }] }])
    client.pass(60)
  }
  return client
}

const shipment = { body: { provider: 'UPS', tracking_number: 'T1', send_notification: false } }
const firstOrder = (client: TestClient) => client.sandbox.control.books().orders[0]?.number ?? ''

test('before or after: silence and resets differ in what happened', async () => {
  const expected: Partial<Record<FaultName, [string, number]>> = {
    'timeout-before': ['silence', 0],
    'timeout-after': ['silence', 1],
    reset: ['reset', 0],
    'reset-after': ['reset', 1],
    'server-error': ['response', 0],
    'rate-limit': ['response', 0],
    'truncated-json': ['response', 1],
    'empty-body': ['response', 1],
  }
  for (const [name, [kind, calls]] of Object.entries(expected)) {
    const client = shopWithOrders(1)
    client.sandbox.control.armFault(name as FaultName, { operation: 'orders.ship' })
    const outcome = await client.outcome('POST', `/my/orders/selling/${firstOrder(client)}/ship`, shipment)
    expect(outcome.kind, name).toBe(kind)
    expect(client.sandbox.control.books().confirmations, name).toHaveLength(calls)
    expect(client.sandbox.control.requests().at(-1)?.faults).toEqual([name])
  }
})

test('damaged bodies are what they say', async () => {
  const client = shopWithOrders(1)
  const read = async (name: FaultName) => {
    client.sandbox.control.armFault(name)
    return client.call('GET', '/my/orders/selling/all')
  }
  expect((await read('empty-body')).text).toBe('')
  expect(() => JSON.parse('{'), 'a truncated body is no JSON').toThrow()
  const truncated = (await read('truncated-json')).text
  expect(() => JSON.parse(truncated)).toThrow()
  expect((await read('byte-order-mark')).text.charCodeAt(0)).toBe(0xfeff)
  expect((await read('wrong-content-type')).headers['content-type']).toBe('text/plain')
  const html = await read('html-body')
  expect([html.status, html.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
  client.sandbox.control.armFault('slow')
  expect(await client.outcome('GET', '/my/orders/selling/all')).toMatchObject({ delaySeconds: expect.any(Number) })
})

test('R15: 429 comes with seconds, a date, zero or nothing, and is counted', async () => {
  for (const [retryAfter, pattern] of [
    ['seconds', /^\d+$/],
    ['date', /GMT$/],
    ['absent', /^undefined$/],
  ] as const) {
    const client = createTestClient({ choices: { retryAfter } })
    client.sandbox.control.setFaults({ 'rate-limit': 1 })
    const heard = await client.call('GET', '/my/account')
    expect(heard.status).toBe(429)
    expect(String(heard.headers['retry-after'])).toMatch(pattern)
    await client.call('GET', '/my/account')
    expect(client.sandbox.control.meter()).toMatchObject({ calls: 2, refused: 2, shareRefused: 1 })
    expect(client.sandbox.control.meter().retryAfter.tooEarly).toBe(retryAfter === 'absent' ? 0 : 1)
  }
})

test('the limit is enforced on the virtual clock', async () => {
  const client = createTestClient({ limit: { perSecond: 1, burst: 2 } })
  const statuses = async (count: number) => {
    const heard: number[] = []
    for (let index = 0; index < count; index += 1) heard.push((await client.call('GET', '/my/account')).status)
    return heard
  }
  expect(await statuses(3)).toEqual([200, 200, 429])
  client.pass(1)
  expect(await statuses(2)).toEqual([200, 429])
  client.sandbox.control.setLimit({ perSecond: 100, burst: 100 })
  client.pass(1)
  expect(await statuses(3)).toEqual([200, 200, 200])
})

test('a repeated page is the page before with its links, so following links loses nothing', async () => {
  const client = shopWithOrders(60)
  const seen: string[] = []
  let next: string | undefined = '/api/my/orders/selling/all'
  client.sandbox.control.armFault('repeat-page', { operation: 'orders.list' })
  let pages = 0
  while (next !== undefined) {
    const body = (await client.call('GET', `http://x${next}`)).body as {
      orders: { order_number: string }[]
    }
    seen.push(...body.orders.map((one) => one.order_number))
    next = nextLink(body)
    pages += 1
  }
  expect(pages).toBe(4)
  expect(new Set(seen).size).toBe(60)
  expect(seen).toHaveLength(84)
})

test('shifted and reordered pages hold other items or another order', async () => {
  const client = shopWithOrders(60)
  const page = async () =>
    ((await client.call('GET', '/my/orders/selling/all?page=2')).body['orders'] as { order_number: string }[]).map(
      (one) => one.order_number,
    )
  const plain = await page()
  client.sandbox.control.armFault('shifting-page')
  const shifted = await page()
  expect(shifted.filter((number) => plain.includes(number))).toHaveLength(23)
  client.sandbox.control.armFault('reordered-page')
  const reordered = await page()
  expect(reordered).not.toEqual(plain)
  expect(reordered.toSorted()).toEqual(plain.toSorted())
})

test('R7: a late order is read by number at once and listed later', async () => {
  const client = shopWithOrders(0)
  client.sandbox.control.armFault('late-order')
  client.sandbox.control.placeOrders([{ lines: [{ sku: 'A', quantity: 1 }] }])
  const total = async () => (await client.call('GET', '/my/orders/selling/all')).body['total']
  expect(await total()).toBe(0)
  expect((await client.call('GET', `/my/orders/selling/${firstOrder(client)}`)).status).toBe(200)
  client.pass(6 * 3600 + 60)
  expect(await total()).toBe(1)
})

test('R12: an unknown status goes away, and the order is then updated anew', async () => {
  const client = shopWithOrders(0)
  client.sandbox.control.armFault('unknown-status')
  client.sandbox.control.placeOrders([{ lines: [{ sku: 'A', quantity: 1 }] }])
  const read = async () => (await client.call('GET', `/my/orders/selling/${firstOrder(client)}`)).body
  const before = await read()
  expect(before['status']).not.toBe('paid')
  client.pass(3 * 3600)
  const after = await read()
  expect(after['status']).toBe('paid')
  expect(after['updated_at']).not.toBe(before['updated_at'])
})

test('an eventual read shows the old value for a while; an ignored update never shows', async () => {
  const client = shopWithOrders(0)
  const id = client.sandbox.control.books().listings[0]?.id
  const inventory = async () => (await client.call('GET', `/listings/${id}`)).body['inventory']
  client.sandbox.control.armFault('eventual-read')
  await client.call('PUT', `/listings/${id}`, { body: { inventory: 5 } })
  expect(await inventory()).toBe(1000)
  expect(client.sandbox.control.books().listings[0]?.inventory).toBe(5)
  client.pass(901)
  expect(await inventory()).toBe(5)
  client.sandbox.control.armFault('accepted-not-applied')
  const heard = await client.call('PUT', `/listings/${id}`, { body: { inventory: 9 } })
  expect(heard.status).toBe(200)
  client.pass(86_400)
  expect(await inventory()).toBe(5)
})

test('R4: a listing whose creation was never answered is there, and a stale list may hide it for a while', async () => {
  const client = shopWithOrders(0)
  client.sandbox.control.armFault('timeout-after', { operation: 'listings.create' })
  client.sandbox.control.armFault('eventual-read', { operation: 'listings.create' })
  const outcome = await client.outcome('POST', '/listings', { body: { title: 'Lost thing', sku: 'LOST' } })
  expect(outcome.kind).toBe('silence')
  const total = async () => (await client.call('GET', '/my/listings?state=all&sku=LOST')).body['total']
  expect(await total()).toBe(0)
  client.pass(901)
  expect(await total()).toBe(1)
})

test('words typed into a listing make the sandbox misbehave for it alone', async () => {
  const client = createTestClient({ empty: true, choices: { retryAfter: 'seconds' } })
  const words = [
    'reject-me',
    'forbid-me',
    'gone-me',
    'limit-me',
    'broken-me',
    'ignore-me',
    'silent-me',
    'slow-me',
    'plain',
  ]
  client.sandbox.control.addListings(
    words.map((word) => ({ sku: word, title: 'Harrow Cable', price: 10, inventory: 5 })),
  )
  const answers: Record<string, unknown> = {}
  for (const listing of client.sandbox.control.books().listings) {
    const outcome = await client.outcome('PUT', `/listings/${listing.id}`, { body: { inventory: 3 } })
    const status = outcome.kind === 'response' ? outcome.response.status : outcome.kind
    const stored = client.sandbox.control.books().listings.find((one) => one.id === listing.id)?.inventory
    answers[listing.sku ?? ''] = [status, stored]
  }
  expect(answers).toEqual({
    'reject-me': [412, 5],
    'forbid-me': [403, 5],
    'gone-me': [404, 5],
    'limit-me': [429, 5],
    'broken-me': [500, 5],
    'ignore-me': [200, 5],
    'silent-me': ['silence', 3],
    'slow-me': [200, 3],
    plain: [200, 3],
  })
  expect((await client.call('GET', '/my/listings')).body['total']).toBe(words.length - 1)
})

test('a tracking number can carry the word too', async () => {
  const client = shopWithOrders(1)
  const body = { provider: 'UPS', tracking_number: 'reject-me', send_notification: false }
  const heard = await client.call('POST', `/my/orders/selling/${firstOrder(client)}/ship`, { body })
  expect(heard.status).toBe(412)
})
