// Pulling orders: the time up to now is walked by "updated", oldest first; the next pull begins two hours before its end,
// and once an hour a whole day before it.
import { newestOfEach } from '../../domain/orders/channel-order.ts'
import { RefusedError } from '../connector.ts'
import type { ChannelOrder, Page, PullFrom } from '../connector.ts'
import { asArray, asCount, asObject, asText, UnreadableError } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import type { TikTokCall } from './account.ts'
import { ask } from './ask.ts'
import { orderIdOf, toChannelOrder } from './orders.ts'
import { cursorOf, stepAfter, walkIn, walkOf } from './walk.ts'
import type { ListPage, Walk } from './walk.ts'

/** TikTok Shop says itself that what it finds may lie outside the time asked for, while its data moves. */
export const overlapSeconds = 2 * 3600
/** Orders have shown up hours late, with the time they were placed at. */
export const deepSeconds = 24 * 3600
const deepEverySeconds = 3600
const pageSize = 100

type Place = {
  /** Nothing updated before this is ever asked for: the `since` of the very first pull. */
  floor: number
  /** Where the next stretch begins. */
  start: number
  /** The end of the last look a day back; null while the very first pull is under way, which sees everything. */
  deepAt: number | null
  /** Null between two stretches: the next pull ends its own at its own time. */
  walk: Walk | null
}

export async function pullOrders(call: TikTokCall, from: PullFrom): Promise<Page<ChannelOrder>> {
  const place = placeIn(from)
  // The second that is now is in: what a notification tells of has often been placed in it.
  const walk = place.walk ?? walkOf({ from: place.start, end: Math.max(secondsOf(call.now), place.start) + 1 })
  const data = await ask(call, 'orders.search', {
    query: {
      page_size: pageSize,
      sort_field: 'update_time',
      sort_order: 'ASC',
      ...(walk.token === null ? {} : { page_token: walk.token }),
    },
    body: { update_time_ge: walk.from, update_time_lt: walk.to },
  })
  const { orders, page } = listIn(data)
  const { items, unreadable } = readOrders(orders, call)
  const step = stepAfter(walk, page)
  if (step.kind === 'on') return pageWith({ ...place, walk: step.walk }, true)
  if (step.kind === 'gave-up') {
    const reason = 'TikTok Shop’s list of orders has no end, so it was not reached. It is read again next time'
    unreadable.push({ reference: null, reason, raw: null })
    return pageWith({ ...place, walk: null }, false)
  }
  return pageWith(placeAfter(place, walk.end), false)

  function pageWith(next: Place, more: boolean): Page<ChannelOrder> {
    return { items, unreadable, cursor: JSON.stringify(next), more }
  }
}

function placeAfter({ floor, deepAt }: Place, end: number): Place {
  const isDeep = deepAt !== null && end - deepAt >= deepEverySeconds
  const start = Math.max(floor, end - (isDeep ? deepSeconds : overlapSeconds))
  return { floor, start, deepAt: isDeep ? end : (deepAt ?? end), walk: null }
}

function listIn(data: JsonObject): { orders: unknown[]; page: ListPage } {
  const total = asCount(data['total_count'])
  const next = asText(data['next_page_token'])
  const orders = asArray(data['orders']) ?? (next === null && (total ?? 0) === 0 ? [] : undefined)
  if (!orders) {
    throw new RefusedError({ kind: 'wait', seconds: 60, reason: 'TikTok Shop did not answer with a list of orders' })
  }
  return { orders, page: { ids: orders.map((raw) => orderIdOf(asObject(raw) ?? {}) ?? '?'), next, total } }
}

function readOrders(orders: unknown[], call: TikTokCall) {
  const items: ChannelOrder[] = []
  const unreadable: Page<ChannelOrder>['unreadable'] = []
  for (const raw of orders) {
    try {
      items.push(toChannelOrder(raw, call.site.currency))
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error
      unreadable.push({ reference: orderIdOf(asObject(raw) ?? {}), reason: error.message, raw })
    }
  }
  return { items: newestOfEach(items), unreadable }
}

function placeIn({ cursor, since }: PullFrom): Place {
  if (cursor === null) {
    const floor = secondsOf(since)
    return { floor, start: floor, deepAt: null, walk: null }
  }
  const place = cursorOf(cursor, 'orders')
  const [floor, start] = [asCount(place['floor']), asCount(place['start'])]
  const walk = place['walk'] === null ? null : walkIn(place['walk'])
  if (floor === undefined || start === undefined || walk === undefined) {
    throw new RefusedError({ kind: 'rejected', reason: 'This is no cursor of TikTok Shop orders' })
  }
  return { floor, start, deepAt: asCount(place['deepAt']) ?? null, walk }
}

function secondsOf(instant: Date): number {
  return Math.max(0, Math.floor(instant.getTime() / 1000))
}
