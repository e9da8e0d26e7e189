// Pulling orders, a page at a time: what is fresh, and looks back beside it (order-place.ts), each walked upwards (walk.ts).
import type { Call, ChannelOrder, Page, PullFrom } from '../connector.ts'
import { newestOfEach } from '../../domain/orders/channel-order.ts'
import { asObject, UnreadableError } from '../reading.ts'
import type { WishAccount } from './account.ts'
import { askForList } from './ask.ts'
import { firstPlace, nextWindow, placeAfter, placeIn, placeText } from './order-place.ts'
import { orderIdOf, toChannelOrder } from './orders.ts'
import { queryOf, stepAfter } from './walk.ts'

export async function pullOrders(call: Call<WishAccount>, from: PullFrom): Promise<Page<ChannelOrder>> {
  const begun = from.cursor === null ? firstPlace(from.since) : placeIn(from.cursor)
  const { place, window } = nextWindow(begun, call.now)
  const request = { method: 'GET', url: '/api/v3/orders', query: queryOf(window.walk) } as const
  const rows = await askForList(call, request, 'a list of orders')
  const { items, unreadable } = readOrders(rows)
  const step = stepAfter(window.walk, rows)
  if (step.lost) unreadable.push({ reference: null, reason: step.lost, raw: null })
  const next = placeAfter(place, window, step, call.now)
  return { items, unreadable, cursor: placeText(next), more: next.turn !== null }
}

function readOrders(rows: unknown[]) {
  const items: ChannelOrder[] = []
  const unreadable: Page<ChannelOrder>['unreadable'] = []
  for (const raw of rows) {
    try {
      items.push(toChannelOrder(raw))
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error
      unreadable.push({ reference: orderIdOf(asObject(raw) ?? {}), reason: error.message, raw })
    }
  }
  return { items: newestOfEach(items), unreadable }
}
