import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { wholeHttp } from '../scripted-http.ts'
import { callOver, fixture, now, scriptedCall, scriptedCallAs } from '../scripted-amazon.ts'
import { asked, refusalOf } from '../scripted-reverb.ts'
import type { ChannelOrder, Page } from '../connector.ts'
import type { JsonObject } from '../reading.ts'
import { deepEveryHours, overlapMinutesMin, pullOrders } from './order-pull.ts'

const since = new Date('2026-03-08T12:00:00Z')
const before = '2026-03-10T11:58:00Z'
const idOf = (number: number) => `203-0000001-${String(number).padStart(7, '0')}`

function page(numbers: number[], token: string | null = null, more: JsonObject = {}) {
  const orders = numbers.map((number) => fixture('order', { orderId: idOf(number) }))
  return {
    json: { orders, lastUpdatedBefore: before, ...(token ? { pagination: { nextToken: token } } : {}), ...more },
  }
}
const idsOf = (pages: Page<ChannelOrder>[]) =>
  new Set(pages.flatMap(({ items }) => items.map((order) => order.marketplaceOrderId)))
const first = { cursor: null, since }

describe('the window', () => {
  test('D1: the first pull asks for all of this site that changed since, up to 100 a page', async () => {
    const { call, seen } = scriptedCall(page([1, 2]))
    const got = await pullOrders(call, first)
    expect(asked(seen[0])).toMatchObject({
      what: 'GET /orders/2026-01-01/orders',
      query: {
        lastUpdatedAfter: '2026-03-08T12:00:00Z',
        marketplaceIds: 'A1F83G8C2ARO7P',
        maxResultsPerPage: '100',
        includedData: 'BUYER,RECIPIENT,PROCEEDS,CANCELLATION,FULFILLMENT,PACKAGES',
      },
    })
    expect(got).toMatchObject({ more: false, unreadable: [] })
    expect(idsOf([got])).toEqual(new Set([idOf(1), idOf(2)]))
  })

  test('O5: the next window begins some minutes before the end that Amazon named', async () => {
    const { cursor } = await pullOrders(scriptedCall(page([])).call, first)
    const next = scriptedCallAs({ at: new Date('2026-03-10T12:03:00Z') }, page([]))
    await pullOrders(next.call, { cursor, since: now })
    expect(asked(next.seen[0]).query['lastUpdatedAfter']).toBe('2026-03-10T11:28:00Z')
  })

  test('O5: while the pages are not full it looks further back each time, up to a day, and less far once they are', async () => {
    const starts: unknown[] = []
    let cursor: string | null = null
    const many = Array.from({ length: 60 }, (_, index) => index)
    const rounds = [
      ...Array.from({ length: 8 }, () => [page([1])]),
      [page(many)],
      [page(many, 'T'), page([99])],
      [page([1])],
    ]
    for (const answers of rounds) {
      const { call, seen } = scriptedCall(...answers)
      const pages = await walk(call, cursor, answers.length)
      cursor = pages.at(-1)?.cursor ?? null
      starts.push(new Date(before).getTime() - new Date(asked(seen[0]).query['lastUpdatedAfter'] ?? '').getTime())
    }
    const minutes = starts.slice(1).map((milliseconds) => Number(milliseconds) / 60_000)
    expect(minutes).toEqual([30, 60, 120, 240, 480, 960, 1440, 1440, 1440, 720])
  })

  test('O5: it never reaches back beyond the very first `since`', async () => {
    const anHourAgo = new Date('2026-03-10T11:00:00Z')
    let cursor: string | null = null
    for (let round = 0; round < 5; round++) {
      const { call, seen } = scriptedCall(page([]))
      ;({ cursor } = await pullOrders(call, { cursor, since: anHourAgo }))
      const start = new Date(asked(seen[0]).query['lastUpdatedAfter'] ?? '')
      expect(start.getTime()).toBeGreaterThanOrEqual(anHourAgo.getTime())
    }
  })

  test('O5: a seller too busy for that looks a day back every few hours, but not past ten pages', async () => {
    const busy = [page([1], 'T2'), page([2])]
    let cursor: string | null = null
    for (const hours of [0, 1]) {
      const at = new Date(now.getTime() + hours * (deepEveryHours * 3_600_000 + 60_000))
      const end = { lastUpdatedBefore: new Date(at.getTime() - 120_000).toISOString() }
      const { call } = scriptedCallAs({ at }, page([1], 'T2', end), page([2], null, end))
      cursor = (await walk(call, cursor, 2)).at(-1)?.cursor ?? null
    }
    const at = new Date(now.getTime() + deepEveryHours * 3_600_000 + 240_000)
    const pages = Array.from({ length: 10 }, (_, index) => page([index + 10], `D${index}`))
    const { call, seen } = scriptedCallAs({ at }, ...pages, ...busy)
    await walk(call, cursor, 12)
    const starts = seen.map((request) => asked(request).query['lastUpdatedAfter'])
    expect(new Set(starts.slice(0, 10))).toEqual(new Set(['2026-03-09T17:59:00Z']))
    expect(starts.slice(10)).toEqual(Array(2).fill('2026-03-10T17:44:00Z'))
    expect(overlapMinutesMin).toBe(15)
  })

  test('a window just opened begins before its own end, which is at least two minutes ago', async () => {
    const { call, seen } = scriptedCall(page([]))
    await pullOrders(call, { cursor: null, since: now })
    expect(asked(seen[0]).query['lastUpdatedAfter']).toBe('2026-03-10T11:57:00Z')
  })

  test('O5: it never goes back, and never beyond our own time, whatever Amazon names as the end', async () => {
    for (const [end, after] of [
      ['2020-01-01T00:00:00Z', '2026-03-08T12:00:00Z'],
      ['2099-01-01T00:00:00Z', '2026-03-10T11:30:00Z'],
      [undefined, '2026-03-10T11:28:00Z'],
    ]) {
      const { cursor } = await pullOrders(scriptedCall(page([], null, { lastUpdatedBefore: end })).call, first)
      const next = scriptedCall(page([]))
      await pullOrders(next.call, { cursor, since })
      expect(asked(next.seen[0]).query['lastUpdatedAfter']).toBe(after)
    }
  })

  test('pages follow by their token, with all else as it was, and the first page’s end counts', async () => {
    const { call, seen } = scriptedCall(
      page([1], 'T/2+='),
      page([2], 'T3', { lastUpdatedBefore: '2026-03-10T11:59:30Z' }),
      page([3], null, { lastUpdatedBefore: '2026-03-10T11:59:40Z' }),
      page([]),
    )
    const one = await pullOrders(call, first)
    const two = await pullOrders(call, { cursor: one.cursor, since })
    const three = await pullOrders(call, { cursor: two.cursor, since })
    expect([one.more, two.more, three.more]).toEqual([true, true, false])
    const queries = seen.map((request) => asked(request).query)
    expect(queries.map((query) => query['paginationToken'])).toEqual([undefined, 'T/2+=', 'T3'])
    for (const query of queries)
      expect({ ...query, paginationToken: 'x' }).toEqual({ ...queries[0], paginationToken: 'x' })
    await pullOrders(call, { cursor: three.cursor, since })
    expect(asked(seen[3]).query['lastUpdatedAfter']).toBe('2026-03-10T11:43:00Z')
  })

  test.each([400, 403, 404])('a token that ran out (%s) begins the window anew', async (status) => {
    const { call, seen } = scriptedCall(
      page([1], 'T2'),
      { status, json: { errors: [{ code: 'x', message: 'y' }] } },
      page([1]),
    )
    const one = await pullOrders(call, first)
    const again = await pullOrders(call, { cursor: one.cursor, since })
    expect(again).toMatchObject({ items: [], more: true })
    const anew = await pullOrders(call, { cursor: again.cursor, since })
    expect(anew.more).toBe(false)
    expect(asked(seen[2]).query).toEqual(asked(seen[0]).query)
  })

  test('a window whose tokens are always refused waits for the next poll, and a person sees it', async () => {
    const refused = { status: 400, json: { errors: [{ code: 'InvalidInput', message: 'Invalid Input' }] } }
    const { call } = scriptedCall(page([1], 'T'), refused, page([1], 'T'), refused, page([1], 'T'), refused)
    const pages = await walk(call, null, 6)
    expect(pages.at(-1)).toMatchObject({ more: false, unreadable: [{ reason: expect.stringContaining('next time') }] })
  })

  test('D1: a page that comes twice in place of another makes the window be walked again', async () => {
    const { call } = scriptedCall(
      page([1, 2], 'T2'),
      page([1, 2], 'T3'),
      page([5]),
      page([1, 2], 'T2'),
      page([3, 4], 'T3'),
      page([5]),
    )
    const pages = await walk(call, null, 10)
    expect(idsOf(pages)).toEqual(new Set([1, 2, 3, 4, 5].map(idOf)))
  })

  test('M: a token that leads to itself does not go on for ever', async () => {
    const { call, seen } = scriptedCall(...Array.from({ length: 6 }, () => page([1], 'T')))
    const pages = await walk(call, null, 20)
    expect(pages.at(-1)?.more).toBe(false)
    expect(seen.length).toBeLessThanOrEqual(6)
  })

  test('another site’s orders are left to its own sales channel', async () => {
    const salesChannel = { channelName: 'AMAZON', marketplaceId: 'A1PA6795UKMFR9' }
    const { call } = scriptedCall({ json: { orders: [fixture('order', { salesChannel })], lastUpdatedBefore: before } })
    expect(await pullOrders(call, first)).toMatchObject({ items: [], unreadable: [] })
  })

  test('D1: an order nobody can read is kept aside, the others come', async () => {
    const orders = [fixture('order', { orderItems: [] }), fixture('order', { orderId: idOf(2) })]
    const { call } = scriptedCall({ json: { orders, lastUpdatedBefore: before } })
    const got = await pullOrders(call, first)
    expect(idsOf([got])).toEqual(new Set([idOf(2)]))
    expect(got.unreadable).toMatchObject([{ reference: '203-0000001-0000001', reason: expect.stringMatching(/items/) }])
  })

  test.each(['', 'nonsense', '[]', '{}', '{"after":"2026-01-01T00:00:00Z"}'])('%j is no cursor', async (cursor) => {
    const { call, seen } = scriptedCall()
    expect(await refusalOf(pullOrders(call, { cursor, since }))).toMatchObject({ kind: 'rejected' })
    expect(seen).toEqual([])
  })

  test.each([
    ['a slow-down', { status: 429, json: { errors: [{ code: 'QuotaExceeded', message: 'x' }] } }, 'wait'],
    ['a lost answer', { failure: { kind: 'timeout' as const, sent: true } }, 'wait'],
    ['an answer without orders', { json: {} }, 'wait'],
    ['a missing role', { status: 403, json: { errors: [{ code: 'Unauthorized', message: 'denied' }] } }, 'rejected'],
  ])('%s', async (_name, answer, kind) => {
    expect(await refusalOf(pullOrders(scriptedCall(answer).call, first))).toMatchObject({ kind })
  })
})

test('O2, O5: orders that change while they are polled are all seen, in whatever order and however late they appear', async () => {
  const minute = 60_000
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ at: fc.integer({ min: 0, max: 120 }), late: fc.integer({ min: 0, max: 10 }) }), {
        maxLength: 60,
      }),
      fc.array(fc.integer({ min: 3, max: 20 }), { minLength: 3, maxLength: 8 }),
      fc.integer({ min: 1, max: 5 }),
      async (placed, gaps, pageSize) => {
        let at = since.getTime() + minute
        const seen = new Set<string>()
        let cursor: string | null = null
        for (const gap of [...gaps, 200]) {
          at += gap * minute
          const call = callOver(
            shop(placed, pageSize, () => at),
            { at: new Date(at) },
          )
          for (const one of await walk(call, cursor, 200)) {
            cursor = one.cursor
            for (const id of idsOf([one])) seen.add(id)
          }
        }
        // All that Amazon would have shown before the last poll.
        expect(seen).toEqual(new Set(placed.map((_, index) => idOf(index))))
      },
    ),
    { numRuns: 60 },
  )

  // Answers like Amazon: up to two minutes ago, page by page; an order shows only some minutes after its own time.
  function shop(placed: { at: number; late: number }[], pageSize: number, clock: () => number) {
    return wholeHttp(({ url }) => {
      const query = new URL(url).searchParams
      const after = new Date(query.get('lastUpdatedAfter') ?? '').getTime()
      const end = clock() - 2 * minute
      const shown = placed.flatMap(({ at, late }, index) => {
        const time = since.getTime() + at * minute
        return time >= after && time <= end && time + late * minute <= clock() ? [{ index, time }] : []
      })
      const from = Number(query.get('paginationToken') ?? 0)
      const orders = shown.slice(from, from + pageSize).map(({ index, time }) =>
        fixture('order', {
          orderId: idOf(index),
          createdTime: new Date(time).toISOString(),
          lastUpdatedTime: new Date(time).toISOString(),
        }),
      )
      const nextToken = from + pageSize < shown.length ? { pagination: { nextToken: String(from + pageSize) } } : {}
      const body = JSON.stringify({ orders, lastUpdatedBefore: new Date(end).toISOString(), ...nextToken })
      return { status: 200, headers: {}, body }
    })
  }
})

async function walk(call: Parameters<typeof pullOrders>[0], from: string | null, pagesMax: number) {
  const pages: Page<ChannelOrder>[] = []
  let cursor = from
  do {
    const got = await pullOrders(call, { cursor, since })
    cursor = got.cursor
    pages.push(got)
  } while (pages.at(-1)?.more && pages.length < pagesMax)
  return pages
}
