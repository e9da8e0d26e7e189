// Pulling orders, a page at a time, by "updated" and oldest first: what is fresh, and looks back beside it (order-place.ts).
import { newestOfEach } from '../../domain/orders/channel-order.ts'
import { RefusedError } from '../connector.ts'
import type { ChannelOrder, Page, PullFrom } from '../connector.ts'
import { asArray, asCount, asObject, asText, UnreadableError } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import type { TikTokCall } from './account.ts'
import { ask } from './ask.ts'
import { firstPlace, nextWindow, placeAfter, placeIn, placeText } from './order-place.ts'
import { orderIdOf, toChannelOrder } from './orders.ts'
import { stepAfter } from './walk.ts'
import type { ListPage } from './walk.ts'

const pageSize = 100

export async function pullOrders(call: TikTokCall, from: PullFrom): Promise<Page<ChannelOrder>> {
  const begun = from.cursor === null ? firstPlace(secondsOf(from.since)) : placeIn(from.cursor)
  const { place, window } = nextWindow(begun, secondsOf(call.now))
  const { walk } = window
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
  if (step.kind === 'gave-up') {
    const reason = 'TikTok Shop’s list of orders has no end, so it was not reached. It is read again next time'
    unreadable.push({ reference: null, reason, raw: null })
  }
  const next = placeAfter(place, window, step)
  return { items, unreadable, cursor: placeText(next), more: next.turn !== null }
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

function secondsOf(instant: Date): number {
  return Math.max(0, Math.floor(instant.getTime() / 1000))
}
