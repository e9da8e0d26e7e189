import { describe, expect, test } from 'vitest'
import type { HttpRequest, Refusal } from '../connector.ts'
import { refusalOf } from '../scripted-reverb.ts'
import { refused, scriptedCall } from '../scripted-tiktok.ts'
import { ask } from './ask.ts'
import { explain } from './errors.ts'

const read: HttpRequest = { method: 'POST', url: '/order/202309/orders/search', plan: 'orders.search', safe: true }
const write: HttpRequest = { method: 'POST', url: '/product/202309/products', plan: 'products.create' }

function said(code: number, message = 'Refused.', status = 200, headers: Record<string, string> = {}) {
  const json = { code, message, data: null }
  return { status, headers, json, text: JSON.stringify(json) }
}

describe('the code decides before the status', () => {
  test.each<[string, number, string, Refusal['kind']]>([
    ['an ended token', 105002, 'Expired credentials.', 'signed-out'],
    ['a missing right', 105005, 'Access denied.', 'rejected'],
    ['a wrong signature', 106001, 'Invalid credentials.', 'rejected'],
    ['a missing cipher', 106013, 'Missing identifier.', 'signed-out'],
    ['a token of another shop', 101000, 'Invalid query or header.', 'signed-out'],
    ['our address is not allowed', 36009033, 'Access denied.', 'rejected'],
    ['an unknown path', 36009009, 'Invalid path.', 'rejected'],
    ['too many requests', 36009002, 'Too many requests.', 'wait'],
    ['a product that is no more', 12052032, 'The product does not exist', 'gone'],
    ['any other refusal', 12052084, 'The provided currency is not available.', 'rejected'],
  ])('%s', (_name, code, message, kind) => {
    for (const status of [200, 400, 401, 403, 429, 500].filter((status) => status !== 429 || kind === 'wait')) {
      expect(explain(said(code, message, status), read).kind).toBe(kind)
    }
  })

  test('a missing right is said by its name', () => {
    expect(explain(said(105005), read).reason).toContain('seller.order.info')
  })
})

describe('36009004 stands for many faults: the words decide', () => {
  test.each([
    ['Invalid credentials. The `x-tts-access-token` header is invalid.', 'signed-out'],
    ["Invalid credentials. Invalid 'app_key' query parameter. For more details: https://example.test/x", 'rejected'],
    ['Invalid timestamp. The value of the `timestamp` query parameter must not be earlier than 5 minutes', 'wait'],
    ['Unexpected identifier. The `shop_cipher` query parameter is not required for this request.', 'rejected'],
    ['param body.address is missing', 'rejected'],
    ['MainImages is a required field and has not been provided.', 'rejected'],
  ])('%s', (message, kind) => {
    expect(explain(said(36009004, message, 400), write).kind).toBe(kind)
  })

  test('the link for developers is left out of what a seller reads', () => {
    const message = 'MainImages is a required field and has not been provided. For more details: https://example.test/x'
    expect(explain(said(36009004, message, 400), write)).toEqual({
      kind: 'rejected',
      reason: 'MainImages is a required field and has not been provided (code 36009004)',
    })
  })
})

test('a fault over there makes a read wait and leaves a write unclear, whatever its code', () => {
  for (const [code, message] of [
    [36009003, 'Internal error. Please try again.'],
    [36009007, 'Request timeout.'],
    [21001008, 'System process error, please try again later.'],
    [10002014, 'Failed to get orders, If multiple retry have failed, please contact the platform'],
  ] as const) {
    expect(explain(said(code, message), read).kind).toBe('wait')
    expect(explain(said(code, message), write).kind).toBe('unclear')
  }
  const broken = { status: 503, headers: { 'retry-after': '120' }, json: undefined, text: '<html>' }
  expect(explain(broken, read)).toMatchObject({ kind: 'wait', seconds: 120 })
  expect(explain(broken, write)).toMatchObject({ kind: 'unclear' })
})

test('told to slow down, it waits as long as it is told, and never for nothing or for a day', () => {
  const after = (text: string) => explain(said(36009002, '', 429, { 'retry-after': text }), write)
  expect(after('7')).toMatchObject({ kind: 'wait', seconds: 7 })
  expect(after('0')).toMatchObject({ seconds: 1 })
  expect(after('999999')).toMatchObject({ seconds: 3600 })
  expect(explain(said(36009002, '', 429), write)).toMatchObject({ kind: 'wait', seconds: 2 })
})

test.each([
  [401, 'signed-out'],
  [403, 'rejected'],
  [404, 'rejected'],
  [408, 'wait'],
  [500, 'wait'],
])('without a code the status %s says what it can', (status, kind) => {
  expect(explain({ status, headers: {}, json: undefined, text: '' }, read).kind).toBe(kind)
})

test('a refusal inside HTTP 200 is one, and an answer without a code is no success', async () => {
  const { call } = scriptedCall(refused(25001003, 'Invalid order status.'), { json: { data: {} } }, { json: [] })
  expect(await refusalOf(ask(call, 'orders.cancel'))).toMatchObject({ kind: 'rejected' })
  expect(await refusalOf(ask(call, 'orders.cancel'))).toMatchObject({ kind: 'unclear' })
  expect(await refusalOf(ask(call, 'orders.search'))).toMatchObject({ kind: 'wait' })
})
