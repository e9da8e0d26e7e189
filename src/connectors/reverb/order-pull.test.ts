import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ChannelOrder, Page } from '../connector.ts'
import { wholeHttp } from '../scripted-http.ts'
import type { ScriptedAnswer, SeenRequest } from '../scripted-http.ts'
import { reverb } from './index.ts'
import { lookBackHours, lookBackPages, overlapSeconds } from './order-place.ts'
import { asked, callOver, fixture, now, refusalOf, scriptedCall } from '../scripted-reverb.ts'

const since = new Date('2026-02-08T12:00:00Z')
const path = '/api/my/orders/selling/all'

function listOf(ids: string[], more: { next?: string; prev?: string; total?: number } = {}): ScriptedAnswer {
  const links = {
    ...(more.next ? { next: { href: more.next } } : {}),
    ...(more.prev ? { prev: { href: more.prev } } : {}),
  }
  const orders = ids.map((id) => fixture('order', { order_number: id }))
  return { json: { total: more.total ?? ids.length, current_page: 1, total_pages: 1, orders, _links: links } }
}

const idsOf = (page: Page<ChannelOrder>) => page.items.map((order) => order.marketplaceOrderId)

describe('the window', () => {
  test('D1: the first pull asks for all that was updated from `since` up to now', async () => {
    const { call, seen } = scriptedCall(listOf(['1', '2']))
    const page = await reverb.orders.pull(call, { cursor: null, since })
    expect(asked(seen[0])).toMatchObject({
      what: `GET ${path}`,
      query: { updated_start_date: '2026-02-08T12:00:00Z', updated_end_date: '2026-03-10T12:00:00Z' },
    })
    expect(page).toMatchObject({ more: false, total: 2, unreadable: [] })
    expect(idsOf(page)).toEqual(['1', '2'])
  })

  test('R5: times are sent without a plus sign', async () => {
    const { call, seen } = scriptedCall(listOf([]))
    await reverb.orders.pull(call, { cursor: null, since: new Date('2026-02-08T12:00:00.123+01:00') })
    expect(seen[0]?.url).not.toContain('+')
    expect(asked(seen[0]).query['updated_start_date']).toBe('2026-02-08T11:00:00Z')
  })

  test('R7, O5: the next window reaches a day back', async () => {
    const first = scriptedCall(listOf([]))
    const { cursor } = await reverb.orders.pull(first.call, { cursor: null, since })
    const next = scriptedCall(listOf([]))
    await reverb.orders.pull(next.call, { cursor, since: now })
    expect(lookBackHours).toBe(24)
    expect(asked(next.seen[0]).query).toMatchObject({ updated_start_date: '2026-03-09T12:00:00Z' })
  })

  test('the overlap never reaches back beyond the very first `since`', async () => {
    const first = scriptedCall(listOf([]))
    const anHourAgo = new Date('2026-03-10T11:00:00Z')
    const { cursor } = await reverb.orders.pull(first.call, { cursor: null, since: anHourAgo })
    const next = scriptedCall(listOf([]))
    await reverb.orders.pull(next.call, { cursor, since: anHourAgo })
    expect(asked(next.seen[0]).query).toMatchObject({ updated_start_date: '2026-03-10T11:00:00Z' })
  })

  test('R6: the links are followed to the end, and the window stays closed on the way', async () => {
    const script = scriptedCall(
      listOf(['1', '2'], { next: `${path}?page=2`, total: 3 }),
      listOf(['3'], { next: 'https://reverb.com/api/my/orders/selling/all?page=3', total: 3 }),
      listOf([], { total: 3 }),
    )
    const pages = await pullAll(script.call, since)
    expect(pages.flatMap(idsOf)).toEqual(['1', '2', '3'])
    expect(script.seen.map((request) => request.url.replace(/\?updated.*/, ''))).toEqual([
      `https://api.reverb.com${path}`,
      `https://api.reverb.com${path}?page=2`,
      `https://api.reverb.com${path}?page=3`,
    ])
    expect(pages.slice(0, 2).map((page) => JSON.parse(page.cursor) as unknown)).toMatchObject([
      { fresh: { end: '2026-03-10T12:00:00.000Z' } },
      { fresh: { end: '2026-03-10T12:00:00.000Z' } },
    ])
  })

  test.each(['', 'nonsense', '[]', '{}', '{"floor":"2026-01-01T00:00:00Z"}'])(
    'a cursor that is not ours is refused: %j',
    async (cursor) => {
      const { call, seen } = scriptedCall()
      expect(await refusalOf(reverb.orders.pull(call, { cursor, since }))).toMatchObject({ kind: 'rejected' })
      expect(seen).toEqual([])
    },
  )
})

describe('what comes on a page', () => {
  test('an order that cannot be read is set aside with its reason and its text', async () => {
    const bad = fixture('order', { order_number: '13', quantity: 'many' })
    const { call } = scriptedCall({ json: { total: 3, orders: [fixture('order'), bad, 'nonsense'], _links: {} } })
    const page = await reverb.orders.pull(call, { cursor: null, since })
    expect(idsOf(page)).toEqual(['900001'])
    expect(page.unreadable).toMatchObject([
      { reference: '13', reason: expect.stringContaining('quantity'), raw: bad },
      { reference: null, raw: 'nonsense' },
    ])
  })

  test('an order twice on a page comes once, in its later state', async () => {
    const early = fixture('order', { status: 'paid', updated_at: '2026-03-09T10:00:00Z' })
    const late = fixture('order', { status: 'shipped', updated_at: '2026-03-09T11:00:00Z' })
    const { call } = scriptedCall({ json: { orders: [late, early], _links: {} } })
    const page = await reverb.orders.pull(call, { cursor: null, since })
    expect(page.items.map((order) => order.status)).toEqual(['shipped'])
  })

  test.each([{ json: {} }, { json: [] }, { json: { orders: 'none' } }])(
    'an answer without orders is asked for again: %j',
    async (answer) => {
      const { call } = scriptedCall(answer)
      expect(await refusalOf(reverb.orders.pull(call, { cursor: null, since }))).toMatchObject({ kind: 'wait' })
    },
  )
})

describe('lists that misbehave', () => {
  test('a page that comes twice is asked for again, and nothing is lost', async () => {
    const one = listOf(['1', '2'], { next: `${path}?page=2`, total: 4 })
    const { call, seen } = scriptedCall(one, one, listOf(['3', '4'], { total: 4 }))
    const pages = await pullAll(call, since)
    expect(new Set(pages.flatMap(idsOf))).toEqual(new Set(['1', '2', '3', '4']))
    expect(seen.length).toBe(3)
  })

  test.each([1, 2, 3, 7])(
    'a list that runs in a circle of %i pages ends, and the window is walked again next time',
    async (size) => {
      const circle = (request: SeenRequest) => {
        const number = Number(new URL(request.url).searchParams.get('page') ?? 1)
        return listOf([`${number}a`, `${number}b`], { next: `${path}?page=${(number % size) + 1}`, total: 1000 })
      }
      const { call, seen } = scriptedCall(...Array.from({ length: 500 }, () => circle))
      const pages = await pullAll(call, since)
      const last = pages.at(-1)
      expect(last?.unreadable).toMatchObject([{ reason: expect.stringContaining('repeats') }])
      expect(new Set(pages.flatMap(idsOf)).size).toBe(size * 2)
      expect(seen.length).toBeLessThan(80)
      const again = scriptedCall(listOf([]))
      await reverb.orders.pull(again.call, { cursor: last?.cursor ?? null, since })
      expect(asked(again.seen[0]).query).toMatchObject({ updated_start_date: '2026-02-08T12:00:00Z' })
    },
  )

  test('an entry skipped at a page border is found by walking again', async () => {
    const skipped = [
      listOf(['1', '2'], { next: `${path}?page=2`, total: 5 }),
      listOf(['4', '5'], { next: `${path}?page=3`, total: 5 }), // begins one too late: 3 is on no page
      listOf(['5'], { total: 5 }),
    ]
    const whole = [
      listOf(['1', '2'], { next: `${path}?page=2`, total: 5 }),
      listOf(['3', '4'], { next: `${path}?page=3`, total: 5 }),
      listOf(['5'], { total: 5 }),
    ]
    const pages = await pullAll(scriptedCall(...skipped, ...whole).call, since)
    expect(new Set(pages.flatMap(idsOf))).toEqual(new Set(['1', '2', '3', '4', '5']))
  })

  test('an entry skipped on the last page shows in the total', async () => {
    const first = listOf(['1', '2'], { next: `${path}?page=2`, total: 4 })
    const { call } = scriptedCall(first, listOf(['4'], { total: 4 }), first, listOf(['3', '4'], { total: 4 }))
    expect((await pullAll(call, since)).flatMap(idsOf)).toContain('3')
  })

  test('a total that never fits does not keep the window from moving on', async () => {
    const wrong = listOf(['1', '2'], { total: 99 })
    const { call, seen } = scriptedCall(wrong, wrong, wrong)
    const pages = await pullAll(call, since)
    expect(pages.at(-1)).toMatchObject({ more: false, unreadable: [] })
    expect(JSON.parse(pages.at(-1)?.cursor ?? '')).toMatchObject({ reached: '2026-03-10T12:00:00.000Z' })
    expect(seen.length).toBe(3)
  })

  test('a link that is gone starts the same window again', async () => {
    const { call, seen } = scriptedCall(
      listOf(['1'], { next: `${path}/page-that-went`, total: 2 }),
      { status: 404, json: { message: 'Not found' } },
      listOf(['1', '2']),
    )
    const pages = await pullAll(call, since)
    expect(pages.flatMap(idsOf)).toEqual(['1', '1', '2'])
    expect(asked(seen[2]).query).toEqual(asked(seen[0]).query)
  })

  test('a list that names no way back is walked from its start once its total fell', async () => {
    const { call } = scriptedCall(
      listOf(['1', '2'], { next: `${path}?page=2`, total: 4 }),
      listOf(['4'], { total: 3 }), // 1 left; 3 slid onto the page already read
      listOf(['2', '3'], { next: `${path}?page=2`, total: 3 }),
      listOf(['4'], { total: 3 }),
    )
    expect(new Set((await pullAll(call, since)).flatMap(idsOf))).toEqual(new Set(['1', '2', '3', '4']))
  })
})

describe('a list that shifts during the walk', () => {
  // A shop of 40 orders, all far older than the overlap, of which some change between any two pages.
  const changes = fc.array(fc.array(fc.nat({ max: 39 }), { maxLength: 9 }), { maxLength: 30 })

  test('D1, O5: no order of the closed window is lost, whichever orders leave it while it is walked', async () => {
    await fc.assert(
      fc.asyncProperty(changes, fc.integer({ min: 1, max: 7 }), async (changes, pageSize) => {
        const shop = shiftingShop(changes, pageSize)
        const pages = await pullAll(callOver(shop.http), since)
        expect(pages.at(-1)?.unreadable).toEqual([])
        // Stepping back is enough: the walk never starts anew.
        expect(pages.some((page) => page.cursor.includes('"walks":2'))).toBe(false)
        const seen = new Set(pages.flatMap(idsOf))
        const lost = shop.ids().filter((id) => !seen.has(id) && shop.updatedAt(id) <= now)
        expect(lost).toEqual([])

        // Those that left are in the next window.
        const nextPages = await pullAll(
          callOver(shop.http, new Date(now.getTime() + 600_000)),
          since,
          pages.at(-1)?.cursor,
        )
        nextPages.flatMap(idsOf).forEach((id) => seen.add(id))
        expect(shop.ids().filter((id) => !seen.has(id))).toEqual([])
      }),
      { numRuns: 200 },
    )
  })

  test('the plain case: the order that slides over the page border is read', async () => {
    const shop = shiftingShop([[], [0]], 10)
    const pages = await pullAll(callOver(shop.http), since)
    expect(pages.flatMap(idsOf)).toContain('10')
  })
})

describe('a day that takes more pages than one pull may spend on it', () => {
  const minute = 60_000
  const startsOf = (seen: SeenRequest[]) =>
    seen.map((request) => {
      const { query } = asked(request)
      const start = new Date(query['updated_start_date'] ?? '').getTime()
      return [query['page'] ?? '1', (now.getTime() - start) / minute]
    })

  /** Some hundred orders of the last day, a page of them after the other; counts what it is asked. */
  function busyShop(orders: number) {
    const seen: SeenRequest[] = []
    const every = (24 * 60 * minute) / orders
    const placed = Array.from({ length: orders }, (_, index) => ({ at: now.getTime() - index * every, late: 0 }))
    const http = listing(placed, 24, () => now.getTime())
    const watched = wholeHttp((request) => {
      const { method, url } = request
      seen.push({ method, url, headers: {}, timeoutSeconds: 0 })
      return http(url)
    })
    return { seen, call: callOver(watched) }
  }

  test('O5: it reads the newest pages of it, then what is fresh; the next pull what is fresh, then goes on', async () => {
    const { seen, call } = busyShop(400)
    const first = await pullAll(call, since)
    seen.length = 0
    const second = await pullAll(call, since, first.at(-1)?.cursor)
    const day = lookBackHours * 60
    const newest = Array.from({ length: lookBackPages }, (_, page) => [String(page + 1), day])
    expect(startsOf(seen)).toEqual([...newest, ['1', overlapSeconds / 60]])
    seen.length = 0
    const third = await pullAll(call, since, second.at(-1)?.cursor)
    const further = Array.from({ length: lookBackPages }, (_, page) => [String(page + 1 + lookBackPages), day])
    expect(startsOf(seen)).toEqual([['1', overlapSeconds / 60], ...further])
    expect(idsOf(third.at(-1)!)).not.toEqual([])
    const fourth = await pullAll(call, since, third.at(-1)?.cursor)
    seen.length = 0
    await pullAll(call, since, fourth.at(-1)?.cursor)
    expect(startsOf(seen)).toEqual([
      ['1', overlapSeconds / 60],
      ['16', day],
      ['17', day],
    ])
  })

  test('a small shop is asked once a pull', async () => {
    const { seen, call } = busyShop(20)
    const first = await pullAll(call, since)
    seen.length = 0
    await pullAll(call, since, first.at(-1)?.cursor)
    expect(startsOf(seen)).toEqual([['1', lookBackHours * 60]])
  })

  test('M8: a clock of ours that runs ahead does not make the next window begin behind theirs', async () => {
    const theirs = new Date(now.getTime() - 10 * minute)
    const ahead = scriptedCall({ ...listOf([]), headers: { date: theirs.toUTCString() } })
    const { cursor } = await reverb.orders.pull(ahead.call, { cursor: null, since })
    expect(JSON.parse(cursor)).toMatchObject({ reached: theirs.toISOString(), lookedBack: theirs.toISOString() })
  })

  const seconds = (max: number) => fc.integer({ min: 0, max })
  const placedOrders = fc.array(
    fc.record({ at: seconds(1800), late: fc.oneof(seconds(overlapSeconds), seconds(lookBackHours * 3600)) }),
    { minLength: 40, maxLength: 50 },
  )

  test('O2, O5: what shows within the overlap is there after the next pull, what shows within a day after the next look back; whatever answers are lost', async () => {
    await fc.assert(
      fc.asyncProperty(
        placedOrders,
        fc.array(fc.integer({ min: 5, max: 400 }), { minLength: 8, maxLength: 15 }),
        fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 2 }),
        async (placed, gaps, luck, pageSize) => {
          const orders = placed.map(({ at, late }) => ({ at: since.getTime() + at * 1000, late: late * 1000 }))
          let clock = since.getTime()
          let asks = 0
          const list = listing(orders, pageSize, () => clock)
          const http = wholeHttp(({ url }) => list(url))
          const seen = new Set<string>()
          let cursor: string | null = null
          const pullOnce = async () => {
            const begun = clock
            for (let more = true; more; asks++) {
              clock += 1000
              const got: Page<ChannelOrder> = await reverb.orders.pull(callOver(http, new Date(clock)), {
                cursor,
                since,
              })
              // A process that ends here has stored neither the page nor where it stands.
              if (luck[asks % luck.length] === 0 && asks < 200) continue
              for (const id of idsOf(got)) seen.add(id)
              cursor = got.cursor
              more = got.more
            }
            return begun
          }
          const missing = (isDue: (order: { at: number; late: number }) => boolean) =>
            orders.flatMap((order, index) => (isDue(order) && !seen.has(String(index)) ? [order] : []))
          for (const gap of gaps) {
            clock += gap * 1000
            const begun = await pullOnce()
            expect(missing(({ at, late }) => at + late <= begun && late <= overlapSeconds * 1000)).toEqual([])
          }
          clock = Math.max(clock, ...orders.map(({ at, late }) => at + late)) + 1000
          // The look back that is under way may have begun before; the next one is a whole one.
          for (let pulls = 0; pulls < 2 * (50 / lookBackPages + 1); pulls++) await pullOnce()
          expect(missing(() => true)).toEqual([])
        },
      ),
      { numRuns: 10 },
    )
  })

  /** Answers like Reverb, newest first; an order shows only some time after its own. */
  function listing(orders: { at: number; late: number }[], pageSize: number, clock: () => number) {
    const sorted = orders.map((order, index) => ({ ...order, id: String(index) })).toSorted((a, b) => b.at - a.at)
    return (url: string) => {
      const query = new URL(url).searchParams
      const [start, end] = ['updated_start_date', 'updated_end_date'].map((name) => Date.parse(query.get(name) ?? ''))
      const number = Number(query.get('page') ?? 1)
      const all = sorted.filter(({ at, late }) => at >= start! && at <= end! && at + late <= clock())
      const link = (page: number) => ({
        href: `${path}?${new URLSearchParams({ ...Object.fromEntries(query), page: String(page) })}`,
      })
      const body = {
        total: all.length,
        orders: all.slice((number - 1) * pageSize, number * pageSize).map(({ id, at }) => {
          const time = new Date(at).toISOString()
          return fixture('order', { order_number: id, created_at: time, updated_at: time })
        }),
        _links: {
          ...(number * pageSize < all.length ? { next: link(number + 1) } : {}),
          ...(number > 1 ? { prev: link(number - 1) } : {}),
        },
      }
      return { status: 200, headers: {}, body: JSON.stringify(body) }
    }
  }
})

function shiftingShop(changes: number[][], pageSize: number) {
  const orders = Array.from({ length: 40 }, (_, index) => ({
    id: String(index),
    createdAt: new Date(since.getTime() + (40 - index) * 60_000),
    updatedAt: new Date(since.getTime() + (40 - index) * 60_000),
  }))
  let asks = 0
  const http = wholeHttp(({ url }) => {
    for (const index of changes[asks] ?? []) {
      const order = orders[index]
      if (order) order.updatedAt = new Date(now.getTime() + 1000 + asks)
    }
    asks += 1
    const query = new URL(url).searchParams
    const [start, end] = ['updated_start_date', 'updated_end_date'].map((name) => new Date(query.get(name) ?? ''))
    const number = Number(query.get('page') ?? 1)
    const all = orders.filter(({ updatedAt }) => start && end && updatedAt >= start && updatedAt <= end)
    const here = all.slice((number - 1) * pageSize, number * pageSize)
    const link = (page: number) => ({
      href: `${path}?${new URLSearchParams({ ...Object.fromEntries(query), page: String(page) })}`,
    })
    const body = {
      total: all.length,
      orders: here.map(({ id, createdAt, updatedAt }) =>
        fixture('order', { order_number: id, created_at: createdAt, updated_at: updatedAt }),
      ),
      _links: {
        ...(number * pageSize < all.length ? { next: link(number + 1) } : {}),
        ...(number > 1 ? { prev: link(number - 1) } : {}),
      },
    }
    return { status: 200, headers: {}, body: JSON.stringify(body) }
  })
  return {
    http,
    ids: () => orders.map(({ id }) => id),
    updatedAt: (id: string) => orders.find((order) => order.id === id)?.updatedAt ?? new Date(0),
  }
}

async function pullAll(call: Parameters<typeof reverb.orders.pull>[0], since: Date, from: string | null = null) {
  const pages: Page<ChannelOrder>[] = []
  let cursor = from
  do {
    const page = await reverb.orders.pull(call, { cursor, since })
    cursor = page.cursor
    pages.push(page)
    if (pages.length > 2000) throw new Error('The walk has no end')
  } while (pages.at(-1)?.more)
  return pages
}
