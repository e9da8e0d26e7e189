import { expect, test } from 'vitest'
import { asked, fixture, now, ok, refusalOf, scriptedCall, scriptedCallAt } from '../scripted-wish.ts'
import { makeCall } from '../call.ts'
import { wholeHttp } from '../scripted-http.ts'
import { account, app, site } from '../scripted-wish.ts'
import { wish } from './index.ts'
import { overlapHours, pageSizeMax } from './order-pull.ts'

const since = new Date('2026-05-01T00:00:00Z')
const id = (number: number) => String(number).padStart(24, '0')
const at = (seconds: number) => new Date(since.getTime() + seconds * 1000).toISOString()
const row = (number: number, updated_at: string, released_at = updated_at) =>
  fixture('order', { id: id(number), updated_at, released_at, fulfillment_records: [] })

type Row = ReturnType<typeof row>

/** A Wish that keeps these orders and answers as its documentation says: bounds included, `limit` at most. */
function shop(rows: () => Row[], cut: (page: Row[], asked: number) => Row[] = (page) => page) {
  let count = 0
  const queries: Record<string, string>[] = []
  const http = wholeHttp((request) => {
    const query = Object.fromEntries(new URL(request.url).searchParams)
    queries.push(query)
    const [by] = (query['sort_by'] ?? '').split('.') as ['updated_at' | 'released_at']
    const fits = (one: Row) =>
      ['updated_at', 'released_at'].every((name) => {
        const value = String(one[name])
        return value >= (query[`${name}_min`] ?? '') && value <= (query[`${name}_max`] ?? '9')
      })
    const page = rows()
      .filter(fits)
      .toSorted((a, b) => (String(a[by]) < String(b[by]) ? -1 : 1))
    const data = cut(page, (count += 1)).slice(0, Number(query['limit']))
    return { status: 200, headers: {}, body: JSON.stringify({ code: 0, message: '', data }) }
  })
  const call = makeCall({ connector: wish, account, app, site, now: () => now, http })
  return { call, queries }
}

async function pullAll(call: Parameters<typeof wish.findSites>[0], from: string | null = null) {
  const found = new Set<string>()
  const asides: string[] = []
  let cursor = from
  for (let pages = 1; pages < 50; pages++) {
    const page = await wish.orders.pull(call, { cursor, since })
    for (const order of page.items) found.add(order.marketplaceOrderId)
    asides.push(...page.unreadable.map(({ reason }) => reason))
    cursor = page.cursor
    if (!page.more) return { found, asides, cursor, pages }
  }
  throw new Error('The walk has no end')
}

test('D1: asks upwards from the mark, with as many on a page as Wish gives', async () => {
  const { call, seen } = scriptedCall(ok([row(1, at(5))]))
  const page = await wish.orders.pull(call, { cursor: null, since })
  expect(page).toMatchObject({ more: false, unreadable: [] })
  expect(page.items.map((order) => order.marketplaceOrderId)).toEqual([id(1)])
  expect(asked(seen[0])).toMatchObject({
    what: 'GET /orders',
    query: { sort_by: 'updated_at.asc', limit: '500', updated_at_min: since.toISOString() },
  })
})

test('D1: the next walk reaches back behind the last change seen, never before the beginning', async () => {
  const { call, queries } = shop(() => [row(1, '2026-05-02T10:00:00.000Z')])
  const { cursor } = await pullAll(call)
  await pullAll(call, cursor)
  const back = new Date(Date.parse('2026-05-02T10:00:00Z') - overlapHours * 3_600_000)
  expect(queries.at(-1)?.['updated_at_min']).toBe(back.toISOString())
  const early = shop(() => [row(1, at(60))])
  const first = await pullAll(early.call)
  await pullAll(early.call, first.cursor)
  expect(early.queries.at(-1)?.['updated_at_min']).toBe(since.toISOString())
})

test('a quiet account is asked from where it was asked before', async () => {
  const { call, queries } = shop(() => [])
  const first = await pullAll(call)
  const second = await pullAll(call, first.cursor)
  await pullAll(call, second.cursor)
  expect(queries.map((query) => query['updated_at_min'])).toEqual(Array(3).fill(since.toISOString()))
})

test('an order dated far ahead does not hide those before it', async () => {
  const { call, queries } = shop(() => [row(1, '2030-01-01T00:00:00.000Z')])
  await pullAll(call, (await pullAll(call)).cursor)
  const back = new Date(now.getTime() - overlapHours * 3_600_000)
  expect(queries.at(-1)?.['updated_at_min']).toBe(back.toISOString())
})

test('W8: pages share their border, and every order comes', async () => {
  const rows = Array.from({ length: 1200 }, (_, number) => row(number, at(Math.floor(number / 3))))
  const { call } = shop(() => rows)
  const { found, asides } = await pullAll(call)
  expect(found.size).toBe(1200)
  expect(asides).toEqual([])
})

test('W8: more orders of one instant than fit on a page are walked by their release', async () => {
  const instant = at(100)
  const before = Array.from({ length: 40 }, (_, number) => row(number, at(number)))
  const tied = Array.from({ length: 1300 }, (_, number) => row(1000 + number, instant, at(number % 90)))
  const after = Array.from({ length: 30 }, (_, number) => row(5000 + number, at(200 + number)))
  const { call } = shop(() => [...before, ...tied, ...after])
  const { found, asides } = await pullAll(call)
  expect(found.size).toBe(1370)
  expect(asides).toEqual([])
})

test('W8: where even that cannot tell them apart, it is said and the walk goes on', async () => {
  const tied = Array.from({ length: pageSizeMax + 20 }, (_, number) => row(number, at(100), at(1)))
  const { call } = shop(() => [...tied, row(9000, at(300))])
  const { found, asides } = await pullAll(call)
  expect(found.has(id(9000))).toBe(true)
  expect(asides).toEqual([expect.stringContaining('same instant')])
})

test('an order that changes during the walk comes, and none is lost to it', async () => {
  const rows = Array.from({ length: 1100 }, (_, number) => row(number, at(number)))
  let asks = 0
  const { call } = shop(() => {
    asks += 1
    // The order at the border moves to the end.
    if (asks === 2) rows[499] = row(499, at(5000))
    return rows
  })
  expect((await pullAll(call)).found.size).toBe(1100)
})

test.each([
  ['begins too late', (page: Row[], asked: number) => (asked === 2 ? page.slice(2) : page)],
  ['is shuffled', (page: Row[]) => page.slice(0, pageSizeMax).toReversed()],
])('no order is lost to a page that %s', async (_name, cut) => {
  const rows = Array.from({ length: 1100 }, (_, number) => row(number, at(number)))
  expect((await pullAll(shop(() => rows, cut).call)).found.size).toBe(1100)
})

test('an entry that cannot be read is set aside with its id, the others come', async () => {
  const { call } = scriptedCall(ok([row(1, at(1)), { id: id(2), updated_at: at(2) }, 'nothing']))
  const page = await wish.orders.pull(call, { cursor: null, since })
  expect(page.items.length).toBe(1)
  expect(page.unreadable.map(({ reference }) => reference)).toEqual([id(2), null])
})

test.each([
  ['no list', ok({}), 'wait'],
  ['a full page without times', ok(Array.from({ length: pageSizeMax }, () => ({ id: id(1) }))), 'wait'],
  ['a lost answer', { failure: { kind: 'timeout' as const, sent: true } }, 'wait'],
  ['an ended token', { status: 401, json: { code: 1007, message: 'ended' } }, 'signed-out'],
])('%s', async (_name, answer, kind) => {
  const { call } = scriptedCall(answer)
  expect((await refusalOf(wish.orders.pull(call, { cursor: null, since }))).kind).toBe(kind)
})

test.each(['nonsense', '[]', '{}', '{"floor":"yesterday","from":"x"}'])('%j is no cursor of ours', async (cursor) => {
  const { call } = scriptedCallAt({})
  expect((await refusalOf(wish.orders.pull(call, { cursor, since }))).kind).toBe('rejected')
})
