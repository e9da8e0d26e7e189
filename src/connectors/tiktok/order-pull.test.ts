import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ChannelOrder, Page } from '../connector.ts'
import { refusalOf } from '../scripted-reverb.ts'
import { asked, fixture, ok, orderWith, refused, scriptedCall, scriptedCallAt } from '../scripted-tiktok.ts'
import type { Told } from '../scripted-tiktok.ts'
import { pullOrders } from './order-pull.ts'

const since = new Date(1_699_000_000_000)
const page = (ids: string[], more: object = {}) =>
  ok({ orders: ids.map((id) => fixture('order', { id })), total_count: ids.length, ...more })
const idsOf = ({ items }: Page<ChannelOrder>) => items.map((order) => order.marketplaceOrderId)

describe('a poll', () => {
  test('D1: asks for all that was updated up to now, this second too, oldest first, and begins two hours earlier the next time', async () => {
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
    expect(asked(seen[1]).body).toEqual({ update_time_ge: 1_699_992_801, update_time_lt: 1_700_000_001 })
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
    const near = new Date(1_699_999_000_000)
    const { call, seen } = scriptedCall(page([]), page([]))
    const first = await pullOrders(call, { cursor: null, since: near })
    await pullOrders(call, { cursor: first.cursor, since: near })
    expect(asked(seen[1]).body).toMatchObject({ update_time_ge: 1_699_999_000 })
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
    const orders = found.slice(start, start + size).map(([id, at]) => fixture('order', { id, update_time: at }))
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
      async (times, moves) => {
        const updates = new Map(times.map((time, index) => [`${index + 1}`, 1_699_000_000 + time]))
        const answer = movingShop(updates, (count) => {
          const index = moves[count]
          // Updated now: it leaves the window that is being walked.
          if (index !== undefined) updates.set(`${(index % times.length) + 1}`, 1_700_000_100)
        })
        const first = await pullAll(answer, null, new Date(1_700_000_000_000))
        const second = await pullAll(answer, first.cursor, new Date(1_700_000_200_000))
        const missing = [...updates.keys()].filter((id) => !first.ids.has(id) && !second.ids.has(id))
        expect(missing).toEqual([])
      },
    ),
    { numRuns: 40 },
  )
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
