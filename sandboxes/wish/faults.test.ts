import { expect, test } from 'vitest'
import { limitDefault } from './index.ts'
import { createTestClient } from './test-client.ts'
import type { WishOptions } from './index.ts'

function store(options: WishOptions = {}) {
  const client = createTestClient(options)
  const [made] = client.sandbox.control.addListings([{ sku: 'A', title: 'Thing', price: '9.50', inventory: 10 }])
  const update = (amount: number) =>
    client.outcome('PUT', `products/${made?.id}`, {
      body: { variations: [{ id: made?.variantId, price: { amount, currency_code: 'GBP' } }] },
    })
  const shown = async () => {
    const { data } = await client.call('GET', `products/${made?.id}`)
    return (data as { variations: { price: { amount: number } }[] }).variations[0]?.price.amount
  }
  const truth = () => (client.sandbox.control.truth().listings[0]?.price.minor ?? 0) / 100
  return { client, control: client.sandbox.control, update, shown, truth }
}

test('W15: 30 calls at once, then 10 a second, and the header says how many are left', async () => {
  const { client, control } = store({ limit: limitDefault })
  const left: (string | undefined)[] = []
  for (let call = 0; call < 31; call += 1) {
    const heard = await client.call('GET', 'currencies')
    left.push(heard.headers['wish-rate-limit-remaining'])
    if (call === 30) expect(heard).toMatchObject({ status: 429, data: {} })
  }
  expect([left[0], left[29], left[30]]).toEqual(['29', '0', '0'])
  client.pass(1)
  expect((await client.call('GET', 'currencies')).status).toBe(200)
  expect(control.meter()).toMatchObject({ refused: 1, retryAfter: { given: 1, tooEarly: 0 } })
})

test('W15: the reset header is a moment, a date or a number of seconds, by choice', async () => {
  const styles: Record<string, unknown> = {}
  for (const resetStyle of ['epoch', 'iso', 'seconds', 'absent'] as const) {
    const { client } = store({ limit: { perSecond: 1, burst: 1 }, choices: { resetStyle } })
    await client.call('GET', 'currencies')
    const heard = await client.call('GET', 'currencies')
    styles[resetStyle] = heard.headers['wish-rate-limit-reset']
    expect(heard.headers).not.toHaveProperty('retry-after')
  }
  const reset = new Date('2026-03-02T12:00:01.000Z')
  expect(styles).toEqual({
    epoch: String(reset.getTime() / 1000),
    iso: reset.toISOString(),
    seconds: '1',
    absent: undefined,
  })
})

test('the limit is of one merchant and one app together', async () => {
  const { client, control } = store({ limit: { perSecond: 1, burst: 1 } })
  const app = control.createApp({ name: 'Mine', redirectUri: 'http://127.0.0.1:9/back', kind: 'own' })
  expect((await client.call('GET', 'currencies')).status).toBe(200)
  expect((await client.call('GET', 'currencies')).status).toBe(429)
  const path = `oauth/refresh_token?client_id=${app.clientId}&grant_type=refresh_token`
  expect((await client.call('GET', path, { token: null })).status).toBe(400)
})

test('W14: a write that times out has happened or not, and nothing tells which', async () => {
  const { control, update, truth } = store()
  control.armFault('timeout-before', { operation: 'products.update' })
  expect([(await update(1)).kind, truth()]).toEqual(['silence', 9.5])
  control.armFault('timeout-after', { operation: 'products.update' })
  expect([(await update(1)).kind, truth()]).toEqual(['silence', 1])
})

test('an update may be answered and not be done, or be done and not be seen for a while', async () => {
  const { client, control, update, shown, truth } = store()
  control.armFault('accepted-not-applied', { operation: 'products.update' })
  await update(1)
  expect([await shown(), truth()]).toEqual([9.5, 9.5])
  control.armFault('eventual-read', { operation: 'products.update' })
  await update(2)
  expect([await shown(), truth()]).toEqual([9.5, 2])
  client.pass(901)
  expect([await shown(), truth()]).toEqual([2, 2])
})

test('R7, R12: an order may be listed late, or show a state no one has heard of for a while', async () => {
  const { client, control } = store()
  const place = () => control.placeOrders([{ lines: [{ sku: 'A', quantity: 1 }] }])[0]?.orders[0]?.number
  const listed = async () => (await client.call('GET', 'orders')).data as { id: string; state: string }[]
  control.armFault('late-order')
  const late = place()
  expect(await listed()).toEqual([])
  expect((await client.call('GET', `orders/${late}`)).status).toBe(200)
  client.pass(6 * 3600 + 60)
  expect(await listed()).toHaveLength(1)
  control.armFault('unknown-status')
  const strange = place()
  const state = async () => ((await client.call('GET', `orders/${strange}`)).data as { state: string }).state
  expect(await state()).not.toBe('APPROVED')
  expect(control.truth().orders[1]?.status).toBe('APPROVED')
  client.pass(2 * 3600 + 60)
  expect(await state()).toBe('APPROVED')
})

test('pages may come in another order or begin one row too early, and lose nothing', async () => {
  const { client, control } = store()
  const times: string[] = []
  for (let count = 0; count < 6; count += 1) {
    times.push(client.now().toISOString())
    control.placeOrders([{ lines: [{ sku: 'A', quantity: 1 }] }])
    client.pass(1)
  }
  const list = async () => {
    const heard = await client.call('GET', `orders?sort_by=updated_at.asc&updated_at_min=${times[2]}`)
    return (heard.data as { updated_at: string }[]).map((one) => one.updated_at)
  }
  control.armFault('reordered-page')
  const mixed = await list()
  expect(mixed).not.toEqual(times.slice(2))
  expect(mixed.toSorted()).toEqual(times.slice(2))
  control.armFault('shifting-page')
  expect(await list()).toEqual(times.slice(1))
})

test('words typed into a SKU make the sandbox misbehave for it alone', async () => {
  const client = createTestClient()
  const { control } = client.sandbox
  const words = 'reject-me forbid-me gone-me limit-me broken-me ignore-me silent-me slow-me stale-me plain'.split(' ')
  const answers: Record<string, unknown> = {}
  for (const word of words) {
    const [made] = control.addListings([{ sku: `${word} 1`, title: 'Thing', price: '9.50', inventory: 10 }])
    const change = { id: made?.variantId, price: { amount: 1, currency_code: 'GBP' } }
    const outcome = await client.outcome('PUT', `products/${made?.id}`, { body: { variations: [change] } })
    const status = outcome.kind === 'response' ? outcome.response.status : outcome.kind
    answers[word] = [status, control.truth().listings.at(-1)?.price.minor]
  }
  expect(answers).toEqual({
    'reject-me': [400, 950],
    'forbid-me': [400, 950],
    'gone-me': [400, 950],
    'limit-me': [429, 950],
    'broken-me': [500, 950],
    'ignore-me': [200, 950],
    'silent-me': ['silence', 100],
    'slow-me': [200, 100],
    'stale-me': [200, 100],
    plain: [200, 100],
  })
})

test('a tracking number can carry the word too', async () => {
  const { client, control } = store()
  const order = control.placeOrders([{ lines: [{ sku: 'A', quantity: 1 }] }])[0]?.orders[0]?.number
  const ship = (number: string) =>
    client.outcome('PUT', `orders/${order}/tracking`, {
      body: { origin_country: 'GB', shipping_provider: 'RoyalMail', tracking_number: number },
    })
  expect(await ship('reject-me')).toMatchObject({ response: { status: 400 } })
  expect(await ship('silent-me')).toEqual({ kind: 'silence' })
  client.pass(20)
  expect(control.truth().orders[0]).toMatchObject({ status: 'SHIPPED', isShipped: true })
})
