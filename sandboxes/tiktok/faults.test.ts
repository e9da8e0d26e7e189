// Mischief: typed words, lost answers, writes that are not applied, and notifications that cannot be relied on.
import { expect, test } from 'vitest'
import { signNotification } from './sign.ts'
import { createTestClient } from './test-client.ts'
import type { TestClient } from './test-client.ts'

const words = [
  'reject-me',
  'forbid-me',
  'gone-me',
  'limit-me',
  'broken-me',
  'silent-me',
  'ignore-me',
  'slow-me',
  'plain',
]

async function warehousesOf(client: TestClient): Promise<string[]> {
  const { data } = await client.call('GET', '/logistics/202309/warehouses')
  const { warehouses } = data as { warehouses: { id: string; type: string }[] }
  return warehouses.filter((one) => one.type === 'SALES_WAREHOUSE').map((one) => one.id)
}

async function update(client: TestClient, sku: string, quantity: number) {
  const listing = client.sandbox.control.truth().listings.find((one) => one.sku === sku)
  const ids = await warehousesOf(client)
  const inventory = ids.map((warehouse_id, index) => ({ warehouse_id, quantity: index === 0 ? quantity : 0 }))
  const body = { skus: [{ id: listing?.variantId, inventory }] }
  return client.outcome('POST', `/product/202309/products/${listing?.id}/inventory/update`, { body })
}

const quantityOf = (client: TestClient, sku: string) =>
  client.sandbox.control.truth().listings.find((one) => one.sku === sku)?.quantity

test('a word in a SKU makes exactly that product misbehave', async () => {
  const client = createTestClient()
  client.sandbox.control.addListings(words.map((sku) => ({ sku, title: 'A mug', price: '5.00', inventory: 5 })))
  const seen: Record<string, unknown> = {}
  for (const word of words) {
    const outcome = await update(client, word, 3)
    const heard = outcome.kind === 'response' ? (JSON.parse(outcome.response.body.toString()) as Heard) : undefined
    seen[word] = [heard?.code ?? outcome.kind, heard?.data?.errors?.[0]?.code, quantityOf(client, word)]
  }
  expect(seen).toEqual({
    'reject-me': [0, 12052990, 5],
    'forbid-me': [0, 12052700, 5],
    'gone-me': [12052032, undefined, 5],
    'limit-me': [36009002, undefined, 5],
    'broken-me': [36009003, undefined, 5],
    'silent-me': ['silence', undefined, 3],
    'ignore-me': [0, undefined, 5],
    'slow-me': [0, undefined, 3],
    plain: [0, undefined, 3],
  })
  const { data } = await client.call('POST', '/product/202502/products/search', {
    query: { page_size: '50' },
    body: {},
  })
  expect((data as { total_count: number }).total_count).toBe(words.length - 1)
})
type Heard = { code: number; data: { errors?: { code: number }[] } | null }

test('a lost answer of a shipment did ship, and one that is not applied changed no stock', async () => {
  const client = createTestClient()
  const { control } = client.sandbox
  control.addListings([{ sku: 'MUG', title: 'A mug', price: '5.00', inventory: 5 }])
  const number = control.placeOrders([{ lines: [{ sku: 'MUG', quantity: 1 }] }])[0]?.orders[0]?.number ?? ''
  control.armFault('timeout-after', { operation: 'packages.create' })
  const body = { tracking_number: 'AB1234', shipping_provider_id: '7117858858072016901' }
  const outcome = await client.outcome('POST', `/fulfillment/202309/orders/${number}/packages`, { body })
  expect([outcome.kind, control.truth().orders[0]?.isShipped]).toEqual(['silence', true])
  control.armFault('accepted-not-applied', { operation: 'inventory.update' })
  await update(client, 'MUG', 1)
  expect(quantityOf(client, 'MUG')).toBe(4)
  await update(client, 'MUG', 1)
  expect(quantityOf(client, 'MUG')).toBe(1)
})

test('notifications are signed and named by shop; some are lost, doubled, reordered and forged on purpose', async () => {
  const client = createTestClient({ app: { webhookUrl: 'http://127.0.0.1:9/app' } })
  const { control, account } = client.sandbox
  const address = 'http://127.0.0.1:9/orders'
  await client.call('PUT', '/event/202309/webhooks', { body: { event_type: 'ORDER_STATUS_CHANGE', address } })
  const [made] = control.addListings([{ sku: 'MUG', title: 'A mug', price: '5.00', inventory: 50 }])
  const number = control.placeOrders([{ lines: [{ sku: 'MUG', quantity: 1 }], status: 'unpaid' }])[0]?.orders[0]?.number
  const deliveries = client.sandbox.takeDeliveries()
  expect(deliveries.map((one) => one.url)).toEqual(['http://127.0.0.1:9/app', address])
  for (const { body, headers } of deliveries) {
    expect(headers['authorization']).toBe(signNotification(account, body))
    expect(JSON.parse(body)).toMatchObject({ type: 1, shop_id: account.shopId, data: { order_id: number } })
  }
  control.cancelOrder(number ?? '')
  const canceled = client.sandbox.takeDeliveries().map((one) => one.body)
  expect(canceled.some((body) => body.includes('"order_status":"CANCEL"'))).toBe(true)
  await client.call('POST', '/product/202309/products/deactivate', { body: { product_ids: [made?.id] } })
  expect(client.sandbox.takeDeliveries()[0]?.body).toContain(`"product_id":${made?.id},`)
  await client.plain('POST', '/__sandbox/choices', { webhookDouble: '1', webhookForge: '1' })
  control.placeOrders([{ lines: [{ sku: 'MUG', quantity: 1 }], status: 'unpaid', force: true }])
  const signatures = client.sandbox.takeDeliveries().map((one) => one.headers['authorization'] === '0'.repeat(64))
  expect(signatures).toEqual([false, false, true, false, false, true])
  await client.plain('POST', '/__sandbox/choices', { webhookDrop: '1' })
  control.placeOrders([{ lines: [{ sku: 'MUG', quantity: 1 }], status: 'unpaid', force: true }])
  expect(client.sandbox.takeDeliveries()).toEqual([])
})

test('the console page shows what is there and offers the app store', async () => {
  const client = createTestClient({ empty: false })
  const { text, status } = await client.plain('GET', '/__sandbox/')
  expect([status, text.includes('/open/store'), text.includes('Sandbox Home UK')]).toEqual([200, true, true])
  expect((await client.plain('POST', '/__sandbox/choices', { shopCipher: 'sloppy' })).status).toBe(400)
})
