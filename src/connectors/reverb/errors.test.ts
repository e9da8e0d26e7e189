import { describe, expect, test } from 'vitest'
import type { HttpRequest, HttpResponse } from '../connector.ts'
import { explain, repliesOf } from './errors.ts'
import { fixture } from '../scripted-reverb.ts'

const read: HttpRequest = { method: 'GET', url: '/my/orders/selling/all' }
const write: HttpRequest = { method: 'PUT', url: '/listings/41001', body: {} }

function answer(status: number, json?: unknown, headers: Record<string, string> = {}): HttpResponse {
  return { status, headers, json, text: json === undefined ? '' : JSON.stringify(json) }
}

describe('R15: a rate limit', () => {
  test('waits as long as it says', () => {
    expect(explain(answer(429, undefined, { 'retry-after': '7' }), read)).toMatchObject({ kind: 'wait', seconds: 7 })
  })
  test('waits until the date it names, by the answer’s own clock', () => {
    const headers = { 'retry-after': 'Tue, 10 Mar 2026 12:01:30 GMT', date: 'Tue, 10 Mar 2026 12:00:00 GMT' }
    expect(explain(answer(429, undefined, headers), read)).toMatchObject({ kind: 'wait', seconds: 90 })
  })
  test.each([undefined, 'soon', ''])('backs off by itself where it says nothing of use (%j)', (text) => {
    const headers: Record<string, string> = text === undefined ? {} : { 'retry-after': text }
    expect(explain(answer(429, undefined, headers), write)).toMatchObject({ kind: 'wait', seconds: 30 })
  })
  test('never waits for nothing and never for a day', () => {
    expect(explain(answer(429, undefined, { 'retry-after': '0' }), read)).toMatchObject({ seconds: 1 })
    expect(explain(answer(429, undefined, { 'retry-after': '99999999' }), read)).toMatchObject({ seconds: 3600 })
  })
})

test.each([400, 406, 409, 412, 422])('R14: a refusal is one by its class, and its texts are kept (%s)', (status) => {
  expect(explain(answer(status, fixture('refused-validation')), write)).toEqual({
    kind: 'rejected',
    reason: "The listing could not be saved: price: must be above 0; make: can't be blank",
  })
})

test('a refusal without a text still says what happened', () => {
  expect(explain(answer(418), write)).toMatchObject({ kind: 'rejected', reason: expect.stringContaining('418') })
})

test('one thing that is not found is gone, a list that is not found is a wrong address', () => {
  expect(explain(answer(404, { message: 'Not found' }), write)).toMatchObject({ kind: 'gone' })
  expect(explain(answer(404), read)).toMatchObject({ kind: 'rejected' })
  expect(explain(answer(404), { method: 'GET', url: '/my/listings', query: { sku: 'a' } })).toMatchObject({
    kind: 'rejected',
  })
})

test('a 403 that says nothing of scopes names both what it may mean', () => {
  const refusal = explain(answer(403, { message: 'Please verify your account' }), write)
  expect(refusal).toMatchObject({ kind: 'rejected', reason: expect.stringContaining('write_listings') })
  expect(refusal.reason).toContain('Please verify your account')
})

test('an outage makes a read wait and leaves a write unclear', () => {
  expect(explain(answer(503, undefined, { 'retry-after': '120' }), read)).toMatchObject({ kind: 'wait', seconds: 120 })
  expect(explain(answer(500), read)).toMatchObject({ kind: 'wait', seconds: 60 })
  expect(explain(answer(500), write)).toMatchObject({ kind: 'unclear' })
})

describe('a batch', () => {
  test('goes on after a rejected entry', async () => {
    const replies = await repliesOf([1, 2, 3], async (n) =>
      n === 2 ? { kind: 'rejected', reason: 'no' } : { kind: 'done' },
    )
    expect(replies.map((reply) => reply.kind)).toEqual(['done', 'rejected', 'done'])
  })
  test('stops asking once told to wait, and says so of the rest', async () => {
    const tried: number[] = []
    const replies = await repliesOf([1, 2, 3], async (n) => {
      tried.push(n)
      return n === 2 ? { kind: 'wait', seconds: 5 } : { kind: 'done' }
    })
    expect(replies.map((reply) => reply.kind)).toEqual(['done', 'wait', 'wait'])
    expect(tried).toEqual([1, 2])
  })
})
