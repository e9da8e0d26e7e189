import { describe, expect, test } from 'vitest'
import { gzipSync } from 'node:zlib'
import type { Reply } from '../connector.ts'
import type { ScriptedAnswer } from '../scripted-http.ts'
import { scriptedCall } from '../scripted-amazon.ts'
import { asked } from '../scripted-reverb.ts'
import { priceFeed } from './prices.ts'
import { stockFeed } from './stock.ts'

const ref = (sku: string) => ({ marketplaceListingId: sku, marketplaceVariantId: null, channelSku: sku })
const stock = (sku: string, quantity: number) => ({ ...ref(sku), quantity, state: 'live' as const })
const reports = [stock('A/1 +%', 7), { ...stock('FBA', 3), marketplaceVariantId: 'AMAZON_EU' }, stock('C', 0)]
const place: ScriptedAnswer = {
  status: 201,
  json: { feedDocumentId: 'D1', url: 'https://files.example.test/D1?sig=s' },
}
const stored: ScriptedAnswer = { status: 200, body: '' }
const queued: ScriptedAnswer = { status: 202, json: { feedId: 'F1' } }

describe('sending a feed', () => {
  test('E3: one message per listing, numbered by its place, without what Amazon ships itself', async () => {
    const { call, seen } = scriptedCall(place, stored, queued)
    expect(await stockFeed.submit(call, reports)).toEqual({ kind: 'pending', ticket: 'F1' })
    expect(seen.map((request) => `${request.method} ${request.url}`)).toEqual([
      'POST https://sellingpartnerapi-eu.amazon.com/feeds/2021-06-30/documents',
      'PUT https://files.example.test/D1?sig=s',
      'POST https://sellingpartnerapi-eu.amazon.com/feeds/2021-06-30/feeds',
    ])
    expect(asked(seen[0]).body).toEqual({ contentType: 'application/json; charset=UTF-8' })
    expect(seen[1]?.headers).toEqual({ 'content-type': 'application/json; charset=UTF-8' })
    expect(asked(seen[2]).body).toEqual({
      feedType: 'JSON_LISTINGS_FEED',
      marketplaceIds: ['A1F83G8C2ARO7P'],
      inputFeedDocumentId: 'D1',
    })
    const patch = (quantity: number) => ({
      op: 'merge',
      path: '/attributes/fulfillment_availability',
      value: [{ fulfillment_channel_code: 'DEFAULT', quantity }],
    })
    const message = { operationType: 'PATCH', productType: 'PRODUCT' }
    expect(JSON.parse(new TextDecoder().decode(seen[1]?.bytes))).toEqual({
      header: { sellerId: 'A2SELLER', version: '2.0' },
      messages: [
        { messageId: 1, sku: 'A/1 +%', ...message, patches: [patch(7)] },
        { messageId: 3, sku: 'C', ...message, patches: [patch(0)] },
      ],
    })
  })

  test('E4: prices go as whole offers', async () => {
    const { call, seen } = scriptedCall(place, stored, queued)
    await priceFeed.submit(call, [{ ...ref('A'), price: { minor: 1205, currency: 'GBP' } }])
    expect(JSON.parse(new TextDecoder().decode(seen[1]?.bytes))).toMatchObject({
      messages: [{ patches: [{ op: 'replace', value: [{ our_price: [{ schedule: [{ value_with_tax: 12.05 }] }] }] }] }],
    })
  })

  test('the largest feeds stay below what Amazon advises, with the longest SKUs', async () => {
    const sku = '🎸'.repeat(20)
    const { call, seen } = scriptedCall(place, stored, queued, place, stored, queued)
    await stockFeed.submit(
      call,
      Array.from({ length: stockFeed.batchMax }, () => stock(sku, 1_000_000)),
    )
    const dear = { minor: 99_999_999, currency: 'GBP' }
    await priceFeed.submit(
      call,
      Array.from({ length: priceFeed.batchMax }, () => ({ ...ref(sku), price: dear })),
    )
    expect(stockFeed.batchMax).toBeLessThanOrEqual(25_000)
    for (const request of [seen[1], seen[4]]) expect(request?.bytes?.length).toBeLessThan(10 * 1024 * 1024)
  })

  test('a feed with nothing in it is not sent', async () => {
    const { call, seen } = scriptedCall()
    expect(await stockFeed.submit(call, [reports[1] ?? stock('A', 1)])).toMatchObject({ kind: 'rejected' })
    expect(seen).toEqual([])
  })

  const lost: ScriptedAnswer = { failure: { kind: 'timeout', sent: true } }
  test.each<[string, ScriptedAnswer[], Reply['kind']]>([
    ['lost before anything was queued, it is sent again', [lost], 'wait'],
    ['a place that cannot be had is asked for again', [place, { status: 403, body: '<Error/>' }], 'wait'],
    ['an upload lost is done again', [place, lost], 'wait'],
    ['lost while it was queued, it may be there', [place, stored, lost], 'unclear'],
    ['told to slow down, it waits', [place, stored, { status: 429 }], 'wait'],
    [
      'refused, it says why',
      [place, stored, { status: 400, json: { errors: [{ code: 'x', message: 'No' }] } }],
      'rejected',
    ],
    ['without an id it may be there', [place, stored, { status: 202, json: {} }], 'unclear'],
  ])('%s', async (_name, answers, kind) => {
    expect(await stockFeed.submit(scriptedCall(...answers).call, reports)).toMatchObject({ kind })
  })
})

describe('what became of it', () => {
  const feed = (processingStatus: string, resultFeedDocumentId?: string): ScriptedAnswer => ({
    json: { feedId: 'F1', processingStatus, ...(resultFeedDocumentId ? { resultFeedDocumentId } : {}) },
  })
  const link = (more = {}): ScriptedAnswer => ({
    json: { feedDocumentId: 'R1', url: 'https://files.example.test/R1', ...more },
  })
  const result = (issues: unknown[], processed = 2, invalid = issues.length) => ({
    header: { sellerId: 'A2SELLER', version: '2.0', feedId: 'F1' },
    issues,
    summary: {
      errors: invalid,
      warnings: 0,
      messagesProcessed: processed,
      messagesAccepted: processed - invalid,
      messagesInvalid: invalid,
    },
  })
  const error = {
    messageId: 3,
    sku: 'C',
    code: '90220',
    severity: 'ERROR',
    message: 'No such thing.',
    attributeName: 'quantity',
  }
  const check = (...answers: ScriptedAnswer[]) => stockFeed.check(scriptedCall(...answers).call, 'F1', reports)
  const own = { kind: 'rejected', reason: expect.stringContaining('Amazon ships') }

  test.each(['IN_QUEUE', 'IN_PROGRESS'])('%s: not yet', async (status) => {
    expect(await check(feed(status))).toMatchObject({ kind: 'wait' })
  })

  test('E3: every message is settled by itself, in the order asked', async () => {
    const { call, seen } = scriptedCall(feed('DONE', 'R1'), link(), { json: result([error]) })
    expect(await stockFeed.check(call, 'F1', reports)).toEqual({
      kind: 'settled',
      replies: [
        { kind: 'done', reference: 'F1' },
        own,
        { kind: 'rejected', reason: 'No such thing. (code 90220: quantity)' },
      ],
    })
    expect(seen[2]?.headers).not.toHaveProperty('x-amz-access-token')
  })

  test('a warning refuses nothing, and a packed result is unpacked', async () => {
    const body = gzipSync(JSON.stringify(result([{ ...error, severity: 'WARNING' }], 2, 0))).toString('latin1')
    const settled = await check(feed('DONE', 'R1'), link({ compressionAlgorithm: 'GZIP' }), { body })
    expect(settled).toMatchObject({ replies: [{ kind: 'done' }, own, { kind: 'done' }] })
  })

  test('a fault of the whole feed is everyone’s', async () => {
    const header = { code: '4002001', severity: 'ERROR', message: 'The header is wrong.' }
    expect(await check(feed('DONE', 'R1'), link(), { json: result([header], 0) })).toMatchObject({
      replies: [{ kind: 'rejected', reason: 'The header is wrong. (code 4002001)' }, own, { kind: 'rejected' }],
    })
  })

  test.each<[string, ScriptedAnswer[]]>([
    ['a report of fewer messages', [feed('DONE', 'R1'), link(), { json: result([], 1) }]],
    ['a report that is no JSON', [feed('DONE', 'R1'), link(), { body: '<html>' }]],
    ['a feed given up without a report', [feed('FATAL')]],
    ['a feed that is no longer known', [{ status: 404 }]],
  ])('%s leaves it unclear, never done', async (_name, answers) => {
    expect(await check(...answers)).toMatchObject({ replies: [{ kind: 'unclear' }, own, { kind: 'unclear' }] })
  })

  test('of a feed given up in the middle, what is refused is refused and the rest unclear', async () => {
    const settled = await check(feed('FATAL', 'R1'), link(), { json: result([error]) })
    expect(settled).toMatchObject({ replies: [{ kind: 'unclear' }, own, { kind: 'rejected' }] })
  })

  test('a feed withdrawn before it was begun is sent again', async () => {
    expect(await check(feed('CANCELLED'))).toMatchObject({ replies: [{ kind: 'wait' }, own, { kind: 'wait' }] })
  })

  test('a result whose link ran out is asked for again', async () => {
    expect(await check(feed('DONE', 'R1'), { status: 500 })).toMatchObject({ kind: 'wait' })
  })
})
