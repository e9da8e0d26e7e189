import { describe, expect, test } from 'vitest'
import type { HttpRequest, HttpResponse } from '../connector.ts'
import { codeIn, explain } from './errors.ts'
import { ok, orderId, refusalOf, refused, scriptedCall } from '../scripted-wish.ts'
import { wish } from './index.ts'

const read: HttpRequest = { method: 'GET', url: '/api/v3/orders/1' }
const write: HttpRequest = { method: 'PUT', url: '/api/v3/products/1', body: {} }
const list: HttpRequest = { method: 'GET', url: '/api/v3/orders' }

function answer(status: number, json?: unknown, headers: Record<string, string> = {}): HttpResponse {
  return { status, headers, json, text: json === undefined ? '' : JSON.stringify(json) }
}
const said = (status: number, code: unknown, message: string) => answer(status, { code, message, data: {} })

describe('W15: a slow-down', () => {
  const date = 'Sat, 02 May 2026 12:00:00 GMT'
  test.each([
    ['seconds', '7', 7],
    ['seconds since 1970', '1777723225', 25],
    ['milliseconds since 1970', '1777723225000', 25],
    ['a date', '2026-05-02T12:00:25.000Z', 25],
    ['a date that passed', '2026-05-02T11:00:00.000Z', 10],
    ['a time of another clock', '1900000000', 10],
    ['nothing of use', 'soon', 10],
    ['nothing', undefined, 10],
    ['zero', '0', 1],
    ['a day', '86400', 3600],
  ])('waits by %s', (_name, text, seconds) => {
    const headers: Record<string, string> = text === undefined ? { date } : { date, 'wish-rate-limit-reset': text }
    expect(explain(answer(429, undefined, headers), write)).toMatchObject({ kind: 'wait', seconds })
  })
})

describe('W13: a code is a number or a text', () => {
  test.each([1006, '1006', 1007, '1007', 1008, '1008', 1012, '1012'])('%j means signing in again', (code) => {
    expect(explain(said(400, code, 'no'), read)).toMatchObject({ kind: 'signed-out' })
  })
  test('so does 401, whatever it says', () => {
    expect(explain(answer(401), read)).toMatchObject({ kind: 'signed-out' })
  })
  test.each([0, '0', ' 0 '])('%j is a success', (code) => {
    expect(codeIn(answer(200, { code }))).toBe(0)
  })
  test('what is no code is none', () => {
    expect(codeIn(answer(200, { code: 'OK' }))).toBeUndefined()
    expect(codeIn(answer(200, []))).toBeUndefined()
  })
})

describe('W13: 90001 is understood by its words', () => {
  test.each([
    'There is no such order for the merchant.',
    'No order was found',
    'Invalid order id',
    'It does not exist',
  ])('gone: %s', (message) => expect(explain(said(400, 90001, message), read)).toMatchObject({ kind: 'gone' }))
  test('W12: what was removed is gone', () => {
    expect(explain(said(400, 90001, 'Removed products cannot be updated'), write)).toMatchObject({ kind: 'gone' })
  })
  test.each(['There is no such warehouse.', 'There is an existing variation with such SKU.', 'Price must be above 0'])(
    'rejected, with its words: %s',
    (message) => expect(explain(said(400, 90001, message), write)).toEqual({ kind: 'rejected', reason: message }),
  )
  test('a list that is not found is a wrong address', () => {
    expect(explain(answer(404), list)).toMatchObject({ kind: 'rejected' })
  })
})

test('a right that is missing is said by its name', () => {
  const refusal = explain(said(403, 1009, 'Insufficient scope'), list)
  expect(refusal).toMatchObject({ kind: 'rejected', reason: expect.stringContaining('orders:read') })
  expect(explain(answer(403), write).reason).toContain('products:write')
})

test('an outage makes a read wait and leaves a write unclear', () => {
  expect(explain(answer(503), read)).toMatchObject({ kind: 'wait', seconds: 60 })
  expect(explain(answer(503, undefined, { 'retry-after': '120' }), read)).toMatchObject({ seconds: 120 })
  expect(explain(answer(500), write)).toMatchObject({ kind: 'unclear' })
})

describe('W17: HTTP 200 is no success by itself', () => {
  test.each([
    ['a refusal inside', { json: { code: '1007', message: 'ended', data: {} } }, 'signed-out'],
    ['a thing that is not there', { json: { code: 90001, message: 'There is no such order', data: {} } }, 'gone'],
    ['no code', { json: { data: { id: orderId } } }, 'wait'],
    ['no data', ok(null), 'wait'],
    ['a list for a thing', ok([]), 'wait'],
    ['a page', { body: '<html></html>' }, 'wait'],
  ])('%s', async (_name, told, kind) => {
    expect((await refusalOf(wish.orders.read(scriptedCall(told).call, orderId))).kind).toBe(kind)
  })

  test('of a write without a code nobody knows what became', async () => {
    const { call } = scriptedCall({ json: { data: {} } })
    const reports = [{ marketplaceListingId: '1', marketplaceVariantId: '2', channelSku: null }]
    const push = wish.stock?.push(
      call,
      reports.map((ref) => ({ ...ref, quantity: 1, state: 'live' as const })),
    )
    expect(await push).toEqual([{ kind: 'unclear', reason: expect.any(String) }])
  })

  test('a refusal with its status is one as well', async () => {
    const { call } = scriptedCall(refused(400, 1012, 'Missing access token in authorization header'))
    expect((await refusalOf(wish.orders.read(call, orderId))).kind).toBe('signed-out')
  })
})
