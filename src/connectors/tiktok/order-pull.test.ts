import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ChannelOrder, Page } from '../connector.ts'
import { refusalOf } from '../scripted-reverb.ts'
import { asked, fixture, ok, orderWith, refused, scriptedCall, scriptedCallAt } from '../scripted-tiktok.ts'
import type { Told } from '../scripted-tiktok.ts'
import { looks } from './order-place.ts'
import { pullOrders } from './order-pull.ts'

const since = new Date(1_699_000_000_000)
const page = (ids: string[], more: object = {}) =>
  ok({ orders: ids.map((id) => fixture('order', { id })), total_count: ids.length, ...more })
const anyOrder = fixture('order')
const idsOf = ({ items }: Page<ChannelOrder>) => items.map((order) => order.marketplaceOrderId)

describe('a poll', () => {
  test('D1: asks for all that was updated up to now, this second too, oldest first, and begins a few minutes earlier the next time', async () => {
    const { call, seen } = scriptedCall(page(['1', '2']), page([]))
    const first = await pullOrders(call, { cursor: null, since })
    expect(asked(seen[0])).toEqual({
      what: 'POST /order/202309/orders/search',
      host: 'open-api.tiktokglobalshop.com',
      query: {
        page_size: '100',
        sort_field: 'update_time',
        sort_order: 'ASC',
        shop_cipher: 'GCP_demoCIPHER0001',
      },
      body: { update_time_ge: 1_699_000_000, update_time_lt: 1_700_000_001 },
    })
    expect(first).toMatchObject({ more: false, unreadable: [] })
    expect(idsOf(first)).toEqual(['1', '2'])
    await pullOrders(call, { cursor: first.cursor, since })
    expect(asked(seen[1]).body).toEqual({ update_time_ge: 1_699_999_701, update_time_lt: 1_700_000_001 })
  })

  test('goes on with the token of the page, in the same window', async () => {
    const { call, seen } = scriptedCall(
      page(['1'], { next_page_token: 'T/+=', total_count: 2 }),
      page(['2'], { total_count: 2 }),
    )
    const first = await pullOrders(call, { cursor: null, since })
    expect(first.more).toBe(true)
    const second = await pullOrders(call, { cursor: first.cursor, since })
    expect(second.more).toBe(false)
    expect(asked(seen[1])).toMatchObject({ query: { page_token: 'T/+=' }, body: asked(seen[0]).body as object })
  })

  test('the first pull never reaches before its beginning, however often it is repeated', async () => {
    const near = new Date(1_699_999_900_000)
    const { call, seen } = scriptedCall(page([]), page([]))
    const first = await pullOrders(call, { cursor: null, since: near })
    await pullOrders(call, { cursor: first.cursor, since: near })
    expect(asked(seen[1]).body).toMatchObject({ update_time_ge: 1_699_999_900 })
  })

  test('an order nobody can read is set aside and stops nothing', async () => {
    const broken = orderWith({ id: '9' }, { sale_price: 'x' })
    const { call } = scriptedCall(ok({ orders: [broken, 'nonsense', fixture('order', { id: '2' })], total_count: 3 }))
    const result = await pullOrders(call, { cursor: null, since })
    expect(idsOf(result)).toEqual(['2'])
    expect(result.unreadable.map((one) => one.reference)).toEqual(['9', null])
  })

  test.each<[string, Told, string]>([
    ['an ended token', refused(105002), 'signed-out'],
    ['a lost answer', { failure: { kind: 'timeout', sent: true } }, 'wait'],
    ['a slow-down', { status: 429, headers: { 'retry-after': '3' } }, 'wait'],
    ['half an answer', { body: '{"code":0,"data":{"ord' }, 'wait'],
    ['a page of HTML', { body: '<html>' }, 'wait'],
    ['an answer without a list', ok({ total_count: 5 }), 'wait'],
  ])('%s', async (_name, answer, kind) => {
    expect(await refusalOf(pullOrders(scriptedCall(answer).call, { cursor: null, since }))).toMatchObject({ kind })
  })

  test.each(['', '{}', '[]', '{"floor":1,"start":1,"walk":{}}', 'x'])('%j is no cursor', async (cursor) => {
    expect(await refusalOf(pullOrders(scriptedCall().call, { cursor, since }))).toMatchObject({ kind: 'rejected' })
  })
})

/** A shop whose orders move while they are listed: pages are counted off the list as it is at that moment. */
function movingShop(updates: Map<string, number>, move: (asked: number) => void) {
  let count = 0
  return (request: { url: string; body?: string }) => {
    move(count++)
    const { update_time_ge: from, update_time_lt: to } = JSON.parse(request.body ?? '{}') as Record<string, number>
    const query = new URL(request.url).searchParams
    const size = Number(query.get('page_size'))
    const start = Number(query.get('page_token') ?? 0)
    const found = [...updates]
      .filter(([, at]) => at >= (from ?? 0) && at < (to ?? Infinity))
      .toSorted(([, one], [, other]) => one - other)
    const orders = found.slice(start, start + size).map(([id, at]) => ({ ...anyOrder, id, update_time: at }))
    const more = start + size < found.length ? { next_page_token: String(start + size) } : { next_page_token: '' }
    return ok({ orders, total_count: found.length, ...more })
  }
}

async function pullAll(answer: Told, cursor: string | null, now: Date) {
  const { call } = scriptedCallAt({ now }, ...Array.from({ length: 300 }, () => answer))
  const pages: Page<ChannelOrder>[] = []
  let from = cursor
  do {
    const next = await pullOrders(call, { cursor: from, since })
    pages.push(next)
    from = next.cursor
  } while (pages.at(-1)?.more === true)
  return { ids: new Set(pages.flatMap(idsOf)), pages, cursor: from }
}

test('D1: no order is lost, whatever moves while the list is walked', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 999_999 }), { minLength: 150, maxLength: 450, size: 'max' }),
      fc.array(fc.nat(), { maxLength: 12, size: 'max' }),
      // Within some minutes what is fresh is all that is looked at, later the looks back are due as well.
      fc.constantFrom(150, 400, 4000),
      async (times, moves, gap) => {
        const updates = new Map(times.map((time, index) => [`${index + 1}`, 1_699_000_000 + time]))
        const answer = movingShop(updates, (count) => {
          const index = moves[count]
          // Updated now: it leaves the window that is being walked.
          if (index !== undefined) updates.set(`${(index % times.length) + 1}`, 1_700_000_100)
        })
        const first = await pullAll(answer, null, new Date(1_700_000_000_000))
        const second = await pullAll(answer, first.cursor, new Date(1_700_000_000_000 + gap * 1000))
        const missing = [...updates.keys()].filter((id) => !first.ids.has(id) && !second.ids.has(id))
        expect(missing).toEqual([])
      },
    ),
    { numRuns: 40 },
  )
})

describe('orders that show late', () => {
  const minute = 60
  const begun = 1_700_000_000
  type Late = { at: number; late: number }

  /** Polled every so often, as the engine does; answers with when each order was seen first. */
  async function seenWhilePolling(orders: Late[], { everySeconds, until }: { everySeconds: number; until: number }) {
    let clock = begun
    const asks: { from: number; to: number }[] = []
    const seenAt = new Map<string, number>()
    const answer: Told = (request) => {
      const { update_time_ge: from = 0, update_time_lt: to = 0 } = JSON.parse(request.body ?? '{}') as Record<
        string,
        number
      >
      asks.push({ from, to })
      const shown = new Map(
        orders.flatMap(({ at, late }, index) => (at + late <= clock ? [[`${index + 1}`, at] as const] : [])),
      )
      return movingShop(shown, () => {})(request)
    }
    let cursor: string | null = null
    for (; clock <= until; clock += everySeconds) {
      const all = await pullAll(answer, cursor, new Date(clock * 1000))
      for (const id of all.ids) if (!seenAt.has(id)) seenAt.set(id, clock)
      cursor = all.cursor
    }
    return { seenAt, asks }
  }

  test('D1, O5: one that shows 90 minutes late is there within five minutes, one of ten hours within the hour', async () => {
    const orders = [
      { at: begun + 10 * minute, late: 90 * minute },
      { at: begun + 12 * minute, late: 600 * minute },
      { at: begun + 14 * minute, late: 4 * minute },
    ]
    const { seenAt } = await seenWhilePolling(orders, { everySeconds: 15, until: begun + 700 * minute })
    const waited = orders.map(({ at, late }, index) => (seenAt.get(`${index + 1}`) ?? Infinity) - at - late)
    expect(waited[0]).toBeLessThanOrEqual(5 * minute + 15)
    expect(waited[1]).toBeLessThanOrEqual(60 * minute + 15)
    expect(waited[2]).toBeLessThanOrEqual(15)
  })

  test('O2, O5: none is lost that is late by less than a look reaches back, however often it is polled', async () => {
    const late = fc.oneof(...Object.values(looks).map((look) => fc.integer({ min: 0, max: look.overlapSeconds - 1 })))
    const order = fc.record({ at: fc.integer({ min: begun - 3600, max: begun + 7200 }), late })
    const everyMinutes = fc.integer({ min: 1, max: 40 })
    await fc.assert(
      fc.asyncProperty(fc.array(order, { minLength: 20, maxLength: 60 }), everyMinutes, async (orders, every) => {
        const everySeconds = every * minute
        const until = begun + 7200 + looks.day.overlapSeconds + looks.day.everySeconds + 2 * everySeconds
        const { seenAt } = await seenWhilePolling(orders, { everySeconds, until })
        for (const [index, { at, late }] of orders.entries()) {
          const look = Object.values(looks).find(({ overlapSeconds }) => late < overlapSeconds)
          const due = Math.max(begun, at + late) + (look?.everySeconds ?? 0) + everySeconds
          expect(seenAt.get(`${index + 1}`) ?? Infinity).toBeLessThanOrEqual(due)
        }
      }),
      { numRuns: 8 },
    )
  })

  test('most polls ask once and for minutes; two hours are looked at every five minutes', async () => {
    const { asks } = await seenWhilePolling([], { everySeconds: 15, until: begun + 20 * minute })
    const spans = asks.slice(1).map(({ from, to }) => to - from)
    const back = looks.recent.overlapSeconds
    expect(spans.filter((span) => span <= 6 * minute).length).toBe(80)
    expect(spans.filter((span) => span > back - 10 * minute).length).toBe(4)
    expect(spans.length).toBe(84)
  })

  test('of a long look back a slice is read, and the next pull reads what is fresh before it goes on', async () => {
    const updates = new Map(Array.from({ length: 6_000 }, (_, index) => [`${index + 1}`, begun - 6_600 + index]))
    const first = await pullAll(
      movingShop(updates, () => {}),
      null,
      new Date(begun * 1000),
    )
    const second = await pullAll(
      movingShop(updates, () => {}),
      first.cursor,
      new Date((begun + 310) * 1000),
    )
    updates.set('new', begun + 320)
    const third = await pullAll(
      movingShop(updates, () => {}),
      second.cursor,
      new Date((begun + 325) * 1000),
    )
    expect(second.pages.length).toBeLessThan(40)
    expect(second.ids.size).toBeLessThan(4_500)
    expect(third.pages.flatMap(idsOf)[0]).toBe('new')
    expect(third.pages.length).toBeGreaterThan(5)
  })

  test('after an outage what was missed is read once, and what may have shown late beside it', async () => {
    const orders = [{ at: begun - 60 * minute, late: 65 * minute }]
    const { asks, seenAt } = await seenWhilePolling(orders, { everySeconds: 3 * 3600, until: begun + 3 * 3600 })
    expect(seenAt.get('1')).toBe(begun + 3 * 3600)
    const hours = asks.slice(1).reduce((sum, { from, to }) => sum + (to - from) / 3600, 0)
    expect(hours).toBeLessThan(3 + 2 + 24 + 0.5)
  })
})

describe('cursors of one kind of look', () => {
  const before = { floor: 1_699_000_000, start: 1_699_992_800, deepAt: 1_699_999_000 }

  test('go on where the look began, and two hours and a day are looked back at as before', async () => {
    const { call, seen } = scriptedCall(page(['1']), page([]))
    const first = await pullOrders(call, { cursor: JSON.stringify({ ...before, walk: null }), since })
    expect(asked(seen[0]).body).toEqual({ update_time_ge: 1_699_992_800, update_time_lt: 1_700_000_001 })
    expect(first.more).toBe(false)
    const later = scriptedCallAt({ now: new Date(1_700_003_000_000) }, page([]), page([]), page([]))
    const pulled = [await pullOrders(later.call, { cursor: first.cursor, since })]
    while (pulled.at(-1)?.more) pulled.push(await pullOrders(later.call, { cursor: pulled.at(-1)!.cursor, since }))
    expect(later.seen.map((request) => asked(request).body)).toEqual([
      { update_time_ge: 1_699_999_701, update_time_lt: 1_700_003_001 },
      { update_time_ge: 1_699_992_801, update_time_lt: 1_699_999_701 },
      { update_time_ge: 1_699_999_000 - 86_400, update_time_lt: 1_699_999_701 },
    ])
  })

  test('go on with the page they stand at', async () => {
    const walk = {
      end: 1_700_000_001,
      from: 1_699_992_800,
      to: 1_700_000_001,
      token: 'T2',
      total: 2,
      seen: 1,
      pages: 1,
    }
    const { call, seen } = scriptedCall(page(['2'], { total_count: 2 }))
    const next = await pullOrders(call, { cursor: JSON.stringify({ ...before, walk }), since })
    expect(asked(seen[0])).toMatchObject({ query: { page_token: 'T2' }, body: { update_time_ge: 1_699_992_800 } })
    expect(next.more).toBe(false)
  })
})

test('a busy time is cut into windows that are walked quickly', async () => {
  const updates = new Map(Array.from({ length: 6_000 }, (_, index) => [`${index + 1}`, 1_699_900_000 + index * 10]))
  const all = await pullAll(
    movingShop(updates, () => {}),
    null,
    new Date(1_700_000_000_000),
  )
  expect(all.ids.size).toBe(6_000)
  expect(all.pages.length).toBeLessThan(90)
})

test('a list that repeats its pages without an end is left, and said', async () => {
  const endless: Told = (request) => {
    const token = Number(new URL(request.url).searchParams.get('page_token') ?? 0)
    const ids = [`${token % 3}`, `${token % 3}x`]
    return page(ids, { next_page_token: String(token + 1), total_count: 4 })
  }
  const all = await pullAll(endless, null, new Date(1_700_000_000_000))
  expect(all.pages.flatMap((one) => one.unreadable)).toMatchObject([{ reference: null }])
})
