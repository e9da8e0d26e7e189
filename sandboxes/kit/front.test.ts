import { expect, test } from 'vitest'
import { createFaults } from './faults.ts'
import { answerThrough } from './front.ts'
import { createMeter } from './meter.ts'
import { seededRandom } from './random.ts'
import { createRequestLog } from './request-log.ts'
import { requestOf } from './sandbox.ts'
import type { Answer, Call, Front } from './front.ts'
import type { RateLimit } from './meter.ts'

const noon = new Date('2026-03-02T12:00:00Z')

/** A marketplace with one figure, `PUT /stock`, that anyone may set, and `GET /stock`. */
function create(options: { limit?: RateLimit; plans?: Record<string, RateLimit>; refusesWith200?: boolean } = {}) {
  const log = createRequestLog()
  const store = { stock: 1, shown: undefined as { stock: number; until: Date } | undefined }
  const front: Front<Call> = {
    faults: createFaults(seededRandom(1)),
    meter: createMeter(options.limit ?? { perSecond: 100, burst: 1000 }, options.plans),
    record: log.record,
    understand(request) {
      const isWrite = request.method === 'PUT'
      return {
        operation: isWrite ? 'setStock' : 'getStock',
        caller: request.headers['seller'] ?? 'nobody',
        isWrite,
        refused: request.headers['seller'] === undefined ? { status: 401, body: { code: 'who?' } } : undefined,
        limits: [{ key: 'app', limit: { perSecond: 1, burst: 4 } }],
        texts: () => [request.body],
        before() {
          const { stock } = store
          return { restore: () => (store.stock = stock), showUntil: (until) => (store.shown = { stock, until }) }
        },
        run(): Answer {
          if (!isWrite) return { status: 200, bytes: Buffer.from([0xff, store.stock]) }
          if (options.refusesWith200 === true) return { status: 200, isRefusal: true, body: { code: 1 } }
          store.stock = 2
          return { status: 200, body: { code: 0 } }
        },
      }
    },
    tooMany: (call) => ({ status: 429, headers: { 'x-plan': call.operation }, body: { code: 'QuotaExceeded' } }),
    retryAfter: () => 'absent',
    broken: (status) => ({ status, body: { code: 'Broken' } }),
    word: (word) => ({ status: 400, body: { code: word } }),
  }
  const ask = (method: string, body = '', seller: string | undefined = 'one') => {
    const headers: Record<string, string> = seller === '' ? {} : { seller }
    const outcome = answerThrough(front, requestOf({ method, url: '/stock', headers, body }), noon)
    return outcome.kind === 'response' ? outcome.response : outcome.kind
  }
  return { front, log, store, ask }
}

const statuses = (answers: ReturnType<ReturnType<typeof create>['ask']>[]) =>
  answers.map((one) => (typeof one === 'string' ? one : one.status))

test('M4: an operation with a plan has its own limit for each caller, and all share a further one', () => {
  const { ask, front } = create({ plans: { setStock: { perSecond: 0.1, burst: 1 } } })
  expect(statuses([ask('PUT'), ask('PUT'), ask('PUT', '', 'two'), ask('GET'), ask('GET'), ask('GET')])).toEqual([
    200, 429, 200, 200, 200, 429,
  ])
  expect(ask('PUT')).toMatchObject({ headers: { 'x-plan': 'setStock' } })
  expect(front.meter.read().byOperation['setStock']).toMatchObject({
    calls: 4,
    refused: 2,
    limit: { perSecond: 0.1, burst: 1 },
    firstAt: noon.toISOString(),
  })
  front.meter.setLimit({ perSecond: 50, burst: 50 })
  expect(statuses([ask('PUT', '', 'three'), ask('PUT', '', 'three')])).toEqual([200, 200])
  front.meter.setLimit(undefined)
  expect(statuses([ask('PUT')])).toEqual([429])
})

test('an update answered as done and not applied is undone, and one the marketplace refuses is left alone', () => {
  const { ask, front, store } = create()
  front.faults.arm('accepted-not-applied')
  expect(statuses([ask('PUT')])).toEqual([200])
  expect(store.stock).toBe(1)
  ask('PUT', 'stale-me')
  expect(store.shown).toEqual({ stock: 1, until: new Date('2026-03-02T12:05:00Z') })
  const refusing = create({ refusesWith200: true })
  refusing.front.faults.arm('accepted-not-applied')
  refusing.ask('PUT')
  expect(refusing.front.faults.struck()).toEqual({})
})

test('who may not come in is told so, whatever words he types', () => {
  const { ask, log } = create()
  expect(statuses([ask('PUT', 'silent-me', ''), ask('PUT', 'silent-me')])).toEqual([401, 'silence'])
  expect(statuses([ask('PUT', 'reject-me'), ask('GET', 'reject-me')])).toEqual([400, 200])
  expect(log.lines().map(({ operation, answer, faults }) => [operation, answer, ...faults])).toEqual([
    ['setStock', 401],
    ['setStock', 'silence', 'silent-me'],
    ['setStock', 400, 'reject-me'],
    ['getStock', 200, 'reject-me'],
  ])
})

test('answers of bytes stay bytes, also where they break off', () => {
  const { ask, front } = create()
  expect(ask('GET')).toMatchObject({ body: Buffer.from([0xff, 1]) })
  front.faults.arm('truncated-json')
  expect(ask('GET')).toMatchObject({ body: Buffer.from([0xff]) })
})
