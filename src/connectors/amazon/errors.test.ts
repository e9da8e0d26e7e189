import { describe, expect, test } from 'vitest'
import type { HttpRequest, HttpResponse } from '../connector.ts'
import { RefusedError } from '../connector.ts'
import { explain, repliesOf } from './errors.ts'

const get: HttpRequest = { method: 'GET', url: '/orders/2026-01-01/orders', plan: 'searchOrders' }
const patch: HttpRequest = { method: 'PATCH', url: '/listings/2021-08-01/items/A/B', plan: 'patchListingsItem' }

function answer(status: number, errors: unknown[] = [], headers: Record<string, string> = {}): HttpResponse {
  return { status, headers, json: errors.length === 0 ? undefined : { errors }, text: '' }
}
const denied = (details: string) => [
  { code: 'Unauthorized', message: 'Access to requested resource is denied.', details },
]

describe('refusals', () => {
  test.each([
    ['The access token you provided has expired.'],
    ['Access token is missing in the request header.'],
    ['The access token you provided is revoked, malformed or invalid.'],
  ])('T2: a 403 that says “%s” is put right by a new token', (details) => {
    expect(explain(answer(403, denied(details)), get)).toMatchObject({ kind: 'signed-out' })
  })

  test.each([
    ['/orders/2026-01-01/orders/1', 'Direct-to-Consumer Shipping'],
    ['/orders/v0/orders/1/shipmentConfirmation', 'Inventory and Order Tracking'],
    ['/listings/2021-08-01/items/A/B', 'Product Listing'],
    ['/feeds/2021-06-30/feeds', 'Product Listing'],
    ['/sellers/v1/marketplaceParticipations', 'Selling Partner Insights'],
  ])('a 403 for %s without a word about the token names the role %s', (url, role) => {
    const refusal = explain(answer(403, denied('')), { method: 'GET', url })
    expect(refusal).toMatchObject({ kind: 'rejected', reason: expect.stringContaining(role) })
  })

  test('an unknown route is a mistake of ours and not a lost account', () => {
    const errors = [{ code: 'MissingAuthenticationToken', message: 'Missing Authentication Token' }]
    const headers = { 'x-amzn-errortype': 'MissingAuthenticationTokenException' }
    expect(explain(answer(403, errors, headers), get)).toMatchObject({ kind: 'rejected' })
  })

  test.each([
    [get, {}, 179],
    [patch, {}, 1],
    [patch, { 'retry-after': '7' }, 7],
    [{ method: 'GET' as const, url: '/x' }, {}, 30],
  ])('M3: told to slow down, it waits until the plan has a turn (%j, %j)', (request, headers, seconds) => {
    const errors = [{ code: 'QuotaExceeded', message: 'You exceeded your quota for the requested resource.' }]
    expect(explain(answer(429, errors, headers), request)).toMatchObject({ kind: 'wait', seconds })
  })

  test('what is not there is gone, in Amazon’s words', () => {
    const errors = [{ code: 'NOT_FOUND', message: "SKU 'B' not found in marketplace C" }]
    expect(explain(answer(404, errors), get)).toMatchObject({
      kind: 'gone',
      reason: expect.stringContaining("SKU 'B'"),
    })
  })

  test('a refusal is told with its details, and with the request id that support asks for', () => {
    const errors = [{ code: 'InvalidInput', message: 'Invalid Input', details: 'createdAfter' }]
    expect(explain(answer(400, errors, { 'x-amzn-requestid': 'R-1' }), get)).toEqual({
      kind: 'rejected',
      reason: 'Invalid Input createdAfter (Amazon’s request id: R-1)',
    })
  })

  test.each([400, 413, 415])('a %s without a word is a refusal all the same', (status) => {
    expect(explain(answer(status), patch)).toMatchObject({ kind: 'rejected', reason: expect.stringMatching(/\w{4,}/) })
  })

  test.each([
    ['a read is asked again', get, 'wait'],
    ['a write may have taken effect', patch, 'unclear'],
    ['a write that may be repeated is asked again', { ...patch, safe: true }, 'wait'],
  ])('after a fault %s', (_name, request, kind) => {
    for (const status of [500, 502, 503]) expect(explain(answer(status), request)).toMatchObject({ kind })
  })
})

describe('several writes at once', () => {
  test('answers come in the order asked, whichever is ready first', async () => {
    const replies = await repliesOf([3, 1, 2], 2, async (report) => {
      for (let turns = 0; turns < report; turns++) await Promise.resolve()
      return { kind: 'done', reference: String(report) }
    })
    expect(replies.map((reply) => reply.kind === 'done' && reply.reference)).toEqual(['3', '1', '2'])
  })

  test('once told to wait, the rest is not even tried', async () => {
    const tried: number[] = []
    const replies = await repliesOf([1, 2, 3, 4, 5, 6], 2, async (report) => {
      tried.push(report)
      await Promise.resolve()
      if (report === 2) throw new RefusedError({ kind: 'wait', seconds: 5 })
      return { kind: 'done' }
    })
    expect(tried.length).toBeLessThan(5)
    expect(replies.length).toBe(6)
    expect(replies.slice(3).every((reply) => reply.kind === 'wait')).toBe(true)
  })
})
