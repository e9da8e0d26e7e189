import { describe, expect, test } from 'vitest'
import { makeCall, resolveUrl } from './call.ts'
import { parseJson } from './reading.ts'
import type { RequestRecord } from './call.ts'
import { RefusedError } from './connector.ts'
import type { HttpRequest, Refusal } from './connector.ts'
import { scriptedHttp, wholeHttp } from './scripted-http.ts'
import type { ScriptedAnswer } from './scripted-http.ts'
import { reverb } from './reverb/index.ts'

const base = 'http://127.0.0.1:4501/api'
const production = 'https://api.reverb.com/api'
const read: HttpRequest = { method: 'GET', url: '/my/listings' }
const write: HttpRequest = { method: 'PUT', url: '/listings/1', body: { inventory: 1 } }

describe('what a lost or senseless answer becomes', () => {
  const lost: ScriptedAnswer = { failure: { kind: 'timeout', sent: true } }
  const neverSent: ScriptedAnswer = { failure: { kind: 'refused', sent: false } }
  test.each<[string, HttpRequest, ScriptedAnswer, Refusal['kind']]>([
    ['a read that timed out is asked again', read, lost, 'wait'],
    ['a write that timed out is unclear, never wait', write, lost, 'unclear'],
    ['a write cut off by a reset is unclear', write, { failure: { kind: 'reset', sent: true } }, 'unclear'],
    ['a write that never left is simply repeated', write, neverSent, 'wait'],
    [
      'a write whose answer is too large to read is unclear',
      write,
      { failure: { kind: 'too-large', sent: true } },
      'unclear',
    ],
    ['a page of HTML under 200 says nothing to a read', read, { body: '<html>Down for maintenance</html>' }, 'wait'],
    ['a page of HTML under 200 leaves a write unclear', write, { body: '<html></html>' }, 'unclear'],
    ['a truncated body makes a read wait', read, { body: '{"listings":[{"id":1' }, 'wait'],
    ['a truncated body leaves a write unclear', write, { body: '{"listing":{"id":1' }, 'unclear'],
    ['an empty body makes a read wait', read, { body: '' }, 'wait'],
    ['an empty body leaves a write unclear', write, { body: '' }, 'unclear'],
    [
      'a redirect is not followed, for the token stays here',
      read,
      { status: 302, headers: { location: 'https://evil.test/' } },
      'wait',
    ],
    ['a fault over there may strike after a write took effect', write, { status: 502, body: 'Bad gateway' }, 'unclear'],
    ['a fault over there makes a read wait', read, { status: 500, json: { message: 'Oops' } }, 'wait'],
  ])('%s', async (_name, request, answer, kind) => {
    expect((await refused(request, answer)).kind).toBe(kind)
  })

  test('a write answered with "no content" is done', async () => {
    const { http } = scriptedHttp([{ status: 204 }])
    const response = await callWith(http).send(write)
    expect(response.status).toBe(204)
  })

  test('a fault of our own is not taken for a fault of the network', async () => {
    const http = wholeHttp(() => Promise.reject(new TypeError('bug')))
    await expect(callWith(http).send(read)).rejects.toThrow('bug')
  })
})

const goesTo = (url: string, query?: HttpRequest['query']) =>
  resolveUrl({ method: 'GET', url, ...(query ? { query } : {}) }, base, production)

describe('where a request goes', () => {
  test('paths stand below the base, links stand below its origin', () => {
    expect(goesTo('/my/listings')).toBe(`${base}/my/listings`)
    expect(goesTo('/api/listings/1?page=2')).toBe(`${base}/listings/1?page=2`)
    expect(goesTo('/apiary')).toBe(`${base}/apiary`)
  })

  test.each([
    'https://evil.test/api/my/orders',
    '//evil.test/api/my/orders',
    'http://evil.test@other.test/api/my/orders',
  ])('the token never follows a link to another host: %s', (link) => {
    expect(goesTo(link)).toBe(`${base}/my/orders`)
  })

  test('a link that is no web address is refused', () => {
    expect(() => goesTo('javascript:alert(1)')).toThrow(RefusedError)
  })

  test('a production link keeps its place when a sandbox stands at a deeper address', () => {
    const deeper = 'http://127.0.0.1:4501/reverb/api'
    const url = resolveUrl({ method: 'GET', url: 'https://reverb.com/api/categories/1' }, deeper, production)
    expect(url).toBe(`${deeper}/categories/1`)
  })

  test('R4: a SKU with blanks, ampersands and plus signs arrives as it is', () => {
    const sku = 'A B&C+D=E/é'
    expect(new URL(goesTo('/my/listings', { sku, page: undefined })).searchParams.get('sku')).toBe(sku)
    expect(goesTo('/my/listings', { page: undefined })).toBe(`${base}/my/listings`)
  })

  test('R5: the plus of a time zone in a link they gave is not read as a blank', () => {
    const url = new URL(goesTo('/api/orders?updated_start_date=2026-01-01T00:00:00+01:00&page=2&query=a+b'))
    expect(url.searchParams.get('updated_start_date')).toBe('2026-01-01T00:00:00+01:00')
    expect(url.searchParams.get('query')).toBe('a b')
  })
})

test('ids beyond 2^53 keep every digit, other numbers stay numbers', () => {
  expect(parseJson('{"id":9007199254740993,"n":-12345678901234567890,"small":7,"rate":0.5}')).toEqual({
    id: '9007199254740993',
    n: '-12345678901234567890',
    small: 7,
    rate: 0.5,
  })
  expect(parseJson('\uFEFF{"a":1}')).toEqual({ a: 1 })
})

test('each request is paced, signed and recorded, and the record holds no secret', async () => {
  const { http, seen } = scriptedHttp([{ json: {} }, { failure: { kind: 'timeout', sent: true } }])
  const records: RequestRecord[] = []
  const paced: string[] = []
  let clock = Date.UTC(2026, 0, 1)
  const call = makeCall({
    connector: reverb,
    account: { token: 'secret-token' },
    baseUrl: base,
    now: () => new Date((clock += 5)),
    http,
    pace: async (request) => void paced.push(request.url),
    onRequest: (record) => void records.push(record),
  })
  await call.send(read)
  await call.send(write).catch(() => undefined)
  expect(seen[0]?.headers).toMatchObject({ authorization: 'Bearer secret-token', 'accept-version': '3.0' })
  expect(paced).toEqual(['/my/listings', '/listings/1'])
  expect(records).toEqual([
    { method: 'GET', url: `${base}/my/listings`, status: 200, failure: null, milliseconds: 5 },
    { method: 'PUT', url: `${base}/listings/1`, status: null, failure: 'timeout', milliseconds: 5 },
  ])
  expect(JSON.stringify(records)).not.toContain('secret')
})

test('nothing is sent where the rate limit refuses a turn', async () => {
  const { http, seen } = scriptedHttp([])
  const call = makeCall({
    connector: reverb,
    account: { token: 't' },
    now: () => new Date(0),
    http,
    pace: () => Promise.reject(new RefusedError({ kind: 'wait', seconds: 9 })),
  })
  await expect(call.send(read)).rejects.toThrow(RefusedError)
  expect(seen).toEqual([])
})

function callWith(http: Parameters<typeof makeCall>[0]['http']) {
  return makeCall({ connector: reverb, account: { token: 't' }, baseUrl: base, now: () => new Date(0), http })
}

async function refused(request: HttpRequest, answer: ScriptedAnswer): Promise<Refusal> {
  const error: unknown = await callWith(scriptedHttp([answer]).http)
    .send(request)
    .then(() => undefined)
    .catch((error: unknown) => error)
  if (!(error instanceof RefusedError)) throw new Error('Expected a refusal')
  return error.refusal
}
