import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { asked, fixture, now, ok, refusalOf, scriptedCall, scriptedCallAt } from '../scripted-wish.ts'
import { makeCall } from '../call.ts'
import { wholeHttp } from '../scripted-http.ts'
import { account, app, site } from '../scripted-wish.ts'
import { wish } from './index.ts'
import { looks } from './order-place.ts'
import { pageSizeMax } from './walk.ts'

const since = new Date('2026-05-01T00:00:00Z')
const id = (number: number) => String(number).padStart(24, '0')
const at = (seconds: number) => new Date(since.getTime() + seconds * 1000).toISOString()
const anyOrder = fixture('order')
const row = (number: number, updated_at: string, released_at = updated_at) => ({
  ...anyOrder,
  id: id(number),
  updated_at,
  released_at,
  fulfillment_records: [],
})
const overlapMilliseconds = looks.fresh.overlapMinutes * 60_000

type Row = ReturnType<typeof row>

/** A Wish that keeps these orders and answers as its documentation says: bounds included, `limit` at most. */
function shop(rows: () => Row[], cut: (page: Row[], asked: number) => Row[] = (page) => page, clock = () => now) {
  let count = 0
  const queries: Record<string, string>[] = []
  const http = wholeHttp((request) => {
    const query = Object.fromEntries(new URL(request.url).searchParams)
    queries.push(query)
    const [by] = (query['sort_by'] ?? '').split('.') as ['updated_at' | 'released_at']
    const fits = (one: Row) =>
      ['updated_at', 'released_at'].every((name) => {
        const value = one[name as 'updated_at']
        return value >= (query[`${name}_min`] ?? '') && value <= (query[`${name}_max`] ?? '9')
      })
    const page = rows()
      .filter(fits)
      .toSorted((a, b) => (a[by] < b[by] ? -1 : 1))
    const data = cut(page, (count += 1)).slice(0, Number(query['limit']))
    return { status: 200, headers: {}, body: JSON.stringify({ code: 0, message: '', data }) }
  })
  const call = makeCall({ connector: wish, account, app, site, now: clock, http })
  return { call, queries }
}

async function pullAll(call: Parameters<typeof wish.findSites>[0], from: string | null = null) {
  const found = new Set<string>()
  const inOrder: string[] = []
  const asides: string[] = []
  let cursor = from
  for (let pages = 1; pages < 50; pages++) {
    const page = await wish.orders.pull(call, { cursor, since })
    inOrder.push(...page.items.map((order) => order.marketplaceOrderId))
    for (const order of page.items) found.add(order.marketplaceOrderId)
    asides.push(...page.unreadable.map(({ reason }) => reason))
    cursor = page.cursor
    if (!page.more) return { found, inOrder, asides, cursor, pages }
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
  const back = new Date(Date.parse('2026-05-02T10:00:00Z') - overlapMilliseconds)
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
  const back = new Date(now.getTime() - overlapMilliseconds)
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

describe('orders that show late', () => {
  const minute = 60
  type Late = { at: number; late: number }

  /** Polled every so often, as the engine does; answers with when each order was seen first. All in seconds. */
  async function seenWhilePolling(orders: Late[], { everySeconds, until }: { everySeconds: number; until: number }) {
    let clock = 0
    const rows = orders.map((order, index) => ({ ...order, row: row(index, at(order.at)) }))
    const shown = () => rows.flatMap((one) => (one.at + one.late <= clock ? [one.row] : []))
    const { call, queries } = shop(shown, undefined, () => new Date(since.getTime() + clock * 1000))
    const seenAt = new Map<string, number>()
    let cursor: string | null = null
    for (; clock <= until; clock += everySeconds) {
      const all = await pullAll(call, cursor)
      for (const order of all.found) if (!seenAt.has(order)) seenAt.set(order, clock)
      cursor = all.cursor
    }
    return { seenAt: (index: number) => seenAt.get(id(index)) ?? Infinity, queries }
  }

  /** An order every quarter of an hour, so that what is fresh moves on. */
  const busy = (minutes: number) => Array.from({ length: minutes / 15 }, (_, n) => ({ at: n * 15 * minute, late: 0 }))

  test('D1, O5: one that shows 90 minutes late is there within five minutes, one of ten hours within the hour', async () => {
    const late = [
      { at: 10 * minute, late: 90 * minute },
      { at: 12 * minute, late: 600 * minute },
      { at: 14 * minute, late: 4 * minute },
    ]
    const { seenAt } = await seenWhilePolling([...late, ...busy(700)], { everySeconds: 60, until: 700 * minute })
    const waited = late.map((one, index) => seenAt(index) - one.at - one.late)
    expect(waited[0]).toBeLessThanOrEqual(6 * minute)
    expect(waited[1]).toBeLessThanOrEqual(61 * minute)
    expect(waited[2]).toBeLessThanOrEqual(minute)
  })

  test('O2, O5: none is lost that is late by less than a look reaches back, however often it is polled', async () => {
    const overlapSeconds = (look: { overlapMinutes: number }) => look.overlapMinutes * minute
    const late = fc.oneof(...Object.values(looks).map((look) => fc.integer({ min: 0, max: overlapSeconds(look) - 1 })))
    const order = fc.record({ at: fc.integer({ min: 0, max: 7200 }), late })
    const everyMinutes = fc.integer({ min: 4, max: 40 })
    await fc.assert(
      fc.asyncProperty(fc.array(order, { minLength: 10, maxLength: 30 }), everyMinutes, async (orders, every) => {
        const everySeconds = every * minute
        const until = 7200 + 25 * 3600 + 2 * everySeconds
        const { seenAt } = await seenWhilePolling([...orders, ...busy(until / minute)], { everySeconds, until })
        for (const [index, { at, late }] of orders.entries()) {
          const look = Object.values(looks).find((one) => late < overlapSeconds(one))
          expect(seenAt(index)).toBeLessThanOrEqual(at + late + (look?.everyMinutes ?? 0) * minute + everySeconds)
        }
      }),
      { numRuns: 4 },
    )
  })

  test('most polls ask once and for minutes; two hours are looked at every five minutes', async () => {
    const { queries } = await seenWhilePolling(busy(60), { everySeconds: 15, until: 50 * minute })
    const back = queries.slice(-100).filter((query) => query['updated_at_max'] !== undefined)
    const fresh = queries.slice(-100).filter((query) => query['updated_at_max'] === undefined)
    expect(back.length).toBeGreaterThanOrEqual(4)
    expect(back.length).toBeLessThanOrEqual(6)
    for (const query of fresh) {
      expect(Date.parse(query['updated_at_min'] ?? '')).toBeGreaterThanOrEqual(Date.parse(at(10 * minute)))
    }
  })

  test('of a long look back a slice is read, and the next pull reads what is fresh before it goes on', async () => {
    const rows = Array.from({ length: 5000 }, (_, number) => row(number, at(number)))
    let clock = 5000
    const { call } = shop(
      () => rows,
      undefined,
      () => new Date(since.getTime() + clock * 1000),
    )
    const first = await pullAll(call)
    expect(first.found.size).toBe(5000)
    clock += 310
    const second = await pullAll(call, first.cursor)
    expect(second.pages).toBe(1 + looks.recent.pagesMax)
    rows.push(row(6000, at(clock + 5)))
    clock += 15
    const third = await pullAll(call, second.cursor)
    expect(third.inOrder.indexOf(id(6000))).toBeLessThan(pageSizeMax)
    expect(third.pages).toBe(1 + looks.recent.pagesMax)
    const fourth = await pullAll(call, third.cursor)
    expect(new Set([...second.found, ...third.found, ...fourth.found]).size).toBe(5001)
    expect((await pullAll(call, fourth.cursor)).pages).toBe(1)
  })

  test('M8: with two clocks that are twenty minutes apart nothing new has to wait', async () => {
    const rows: Row[] = []
    let clock = 0
    let polls = 0
    const skewed = () => new Date(since.getTime() + (clock + (polls % 2 ? 600 : -600)) * 1000)
    const { call } = shop(() => rows, undefined, skewed)
    let cursor: string | null = null
    for (; polls < 200; polls++) {
      clock += 15
      rows.push(row(polls, at(clock)))
      const all = await pullAll(call, cursor)
      expect(all.found).toContain(id(polls))
      cursor = all.cursor
    }
  })
})

describe('an older cursor', () => {
  const before = { floor: since.toISOString(), deepAt: '2026-05-02T11:30:00.000Z', seen: null, border: null }

  test('goes on where its walk was to begin, and looks back two hours and a day as before', async () => {
    const rows = [row(1, '2026-05-02T11:58:00.000Z')]
    let clock = now
    const { call, queries } = shop(
      () => rows,
      undefined,
      () => clock,
    )
    const cursor = JSON.stringify({ ...before, from: '2026-05-02T09:58:00.000Z', stepsBack: 0, releasedFrom: null })
    const first = await pullAll(call, cursor)
    clock = new Date(now.getTime() + 35 * 60_000)
    await pullAll(call, first.cursor)
    expect(queries.map((query) => [query['updated_at_min'], query['updated_at_max']])).toEqual([
      ['2026-05-02T09:58:00.000Z', undefined],
      ['2026-05-02T11:53:00.000Z', undefined],
      ['2026-05-02T09:58:00.000Z', '2026-05-02T11:53:00.000Z'],
      ['2026-05-01T11:30:00.000Z', '2026-05-02T11:53:00.000Z'],
    ])
  })

  test('goes on in the midst of its walk', async () => {
    const rows = Array.from({ length: 600 }, (_, number) => row(number, at(number)))
    const { call, queries } = shop(() => rows)
    const walk = { from: at(499), seen: at(499), border: id(499), stepsBack: 0, releasedFrom: null }
    const { found } = await pullAll(call, JSON.stringify({ ...before, deepAt: null, ...walk }))
    expect(found).toContain(id(599))
    expect(queries[0]).toEqual({ sort_by: 'updated_at.asc', limit: '500', updated_at_min: at(499) })
  })
})
