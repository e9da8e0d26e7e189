import { describe, expect, test } from 'vitest'
import { createSpecCheck } from './check.ts'
import type { Exchange } from './check.ts'
import { specsAreThere } from './documents.ts'

const order = {
  orderId: '111-1111111-1111111',
  createdTime: '2026-03-01T10:00:00Z',
  lastUpdatedTime: '2026-03-01T10:00:00Z',
  salesChannel: { channelName: 'AMAZON' },
  orderItems: [],
}
const amazonOrders = (one: object, query = 'lastUpdatedAfter=2026-03-01T00:00:00Z'): Exchange =>
  get(`/orders/2026-01-01/orders?${query}`, { orders: [one] }, { 'x-amz-access-token': 'x' })
const tiktok = (data: object, body: object = {}): Exchange => ({
  ...get('/order/202309/orders/search?page_size=20&app_key=a&sign=b&timestamp=1', {
    code: 0,
    message: 'Success',
    request_id: 'r',
    data,
  }),
  method: 'POST',
  body: JSON.stringify(body),
})
const wish = (one: object): Exchange => get('/api/v3/orders?limit=5', { code: 0, message: '', data: [one] })

test('where a marketplace publishes no spec of its answers, nothing is held against one', () => {
  expect(createSpecCheck('reverb')).toBeUndefined()
})

describe.skipIf(!specsAreThere)('what passes is held against the published specs', () => {
  test.each<[string, Exchange]>([
    ['amazon', amazonOrders(order)],
    ['tiktok', tiktok({ orders: [{ id: '1', status: 'UNPAID', create_time: 5 }], total_count: 1 })],
    ['wish', wish({ id: 'a', state: 'APPROVED' })],
  ])('what fits %s passes', (marketplace, exchange) => {
    expect(createSpecCheck(marketplace)?.see(exchange)).toEqual([])
  })

  test.each<[string, string, Exchange]>([
    ['a field that is not in the spec', 'amazon', amazonOrders({ ...order, orderStatus: 'UNSHIPPED' })],
    ['a required field that is left out', 'amazon', amazonOrders({ ...order, orderItems: undefined })],
    [
      'a value that is not of the list',
      'amazon',
      amazonOrders({ ...order, fulfillment: { fulfillmentStatus: 'Unshipped' } }),
    ],
    ['a query that is not in the spec', 'amazon', amazonOrders(order, 'orderIds=1')],
    ['a number for a text', 'tiktok', tiktok({ orders: [{ id: 1 }] })],
    ['a text for a number', 'tiktok', tiktok({ orders: [] }, { create_time_ge: '5' })],
    ['a field that is not in the request', 'tiktok', tiktok({ orders: [] }, { states: ['UNPAID'] })],
    ['a status that is not of the list', 'wish', wish({ id: 'a', state: 'PAID' })],
    [
      'money as text',
      'wish',
      wish({ id: 'a', order_payment: { general_payment_details: { product_price: { amount: '1' } } } }),
    ],
    ['a path that is not there', 'wish', get('/api/v3/order', { code: 0, message: '', data: {} })],
  ])('%s is noticed', (_what, marketplace, exchange) => {
    const check = createSpecCheck(marketplace)
    expect(check?.see(exchange)).not.toEqual([])
    expect(check?.violations().length).toBeGreaterThan(0)
  })
})

function get(url: string, answer: object, headers: Record<string, string> = {}): Exchange {
  return {
    method: 'GET',
    url: `http://marketplace.test${url}`,
    headers,
    body: undefined,
    status: 200,
    answer: JSON.stringify(answer),
  }
}
