// Pulling orders: a closed window of "updated" is walked to its end, then the next window begins a day before that end.
import { RefusedError } from '../connector.ts'
import type { Call, ChannelOrder, HttpRequest, HttpResponse, Page, PullFrom } from '../connector.ts'
import type { ReverbAccount } from './account.ts'
import { marketplaceOrderIdOf, toChannelOrder } from './orders.ts'
import { asInstant, asObject, objectIn, UnreadableError } from '../reading.ts'
import { parseCursor } from './cursor.ts'
import { freshWalk, listPage, stepAfter, walkAgain, walkIn } from './walk.ts'
import type { ListPage, Step, Walk } from './walk.ts'

/**
 * How far each window reaches back into the one before. Orders show up late and clocks differ: polling only since the
 * last run lost orders, and Reverb's own clients look back 12 hours (PrestaShop plugin) or a day (Magento plugin 0.9.1),
 * see R7. A day costs a seller of 100 orders a day some five pages per poll.
 */
export const overlapHours = 24
/** Asked for, but orders were seen to come 24 to a page whatever is asked: the links say where the next page is. */
const perPage = 50

type Window = {
  /** Nothing updated before this instant is ever asked for: the `since` of the very first pull. */
  floor: Date
  start: Date
  /** Null between two windows: the next pull sets it to its own time. */
  end: Date | null
  walk: Walk
}

export async function pullOrders(call: Call<ReverbAccount>, from: PullFrom): Promise<Page<ChannelOrder>> {
  const window = from.cursor === null ? firstWindow(from.since) : windowIn(from.cursor)
  const end = window.end ?? later(call.now, window.start)
  const response = await askFor(call, window, end)
  if (response === 'link-is-gone') return goOn([], [], { ...window, end }, walkAgain(window.walk), undefined)
  const page = listPage(objectIn(response, 'a list of orders'), 'orders', marketplaceOrderIdOf)
  if (!page)
    throw new RefusedError({ kind: 'wait', seconds: 60, reason: 'Reverb did not answer with a list of orders' })
  const { items, unreadable } = readOrders(page, call)
  return goOn(items, unreadable, { ...window, end }, stepAfter(window.walk, page), page.total)
}

// A link of the list may end while it is followed, for its page is no more. Then the window is walked again.
async function askFor(call: Call<ReverbAccount>, window: Window, end: Date): Promise<HttpResponse | 'link-is-gone'> {
  const { next } = window.walk
  if (next === null) return call.send(firstRequest(window.start, end))
  try {
    return await call.send({ method: 'GET', url: next })
  } catch (error) {
    if (error instanceof RefusedError && error.refusal.kind === 'gone') return 'link-is-gone'
    throw error
  }
}

function firstRequest(start: Date, end: Date): HttpRequest {
  return {
    method: 'GET',
    url: '/my/orders/selling/all',
    // Times end in Z: the "+" of an offset would be read as a blank (R5).
    query: { updated_start_date: secondsText(start), updated_end_date: secondsText(end), per_page: perPage },
  }
}

function goOn(
  items: ChannelOrder[],
  unreadable: Page<ChannelOrder>['unreadable'],
  window: Window & { end: Date },
  step: Step,
  total: number | undefined,
): Page<ChannelOrder> {
  const counted = total === undefined ? {} : { total }
  if (step.kind === 'on') {
    return { items, unreadable, cursor: cursorText({ ...window, walk: step.walk }), more: true, ...counted }
  }
  if (step.kind === 'gave-up') {
    // What was seen is kept, the window stays where it is and is walked again at the next pull.
    const reason = 'Reverb’s list of orders repeats itself, so its end was not reached. It is read again next time'
    const cursor = cursorText({ ...window, end: null, walk: freshWalk })
    return {
      items,
      unreadable: [...unreadable, { reference: null, reason, raw: null }],
      cursor,
      more: false,
      ...counted,
    }
  }
  const start = later(window.floor, new Date(window.end.getTime() - overlapHours * 3_600_000))
  const cursor = cursorText({ floor: window.floor, start, end: null, walk: freshWalk })
  return { items, unreadable, cursor, more: false, ...counted }
}

function readOrders(page: ListPage, call: Call<ReverbAccount>) {
  const items = new Map<string, ChannelOrder>()
  const unreadable: Page<ChannelOrder>['unreadable'] = []
  for (const raw of page.entries) {
    try {
      const order = toChannelOrder(raw, call.site.currency)
      // The same order twice on a page: the later state counts.
      const other = items.get(order.marketplaceOrderId)
      if (!other || other.updatedAt <= order.updatedAt) items.set(order.marketplaceOrderId, order)
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error
      unreadable.push({ reference: marketplaceOrderIdOf(asObject(raw) ?? {}), reason: error.message, raw })
    }
  }
  return { items: [...items.values()], unreadable }
}

function firstWindow(since: Date): Window {
  return { floor: since, start: since, end: null, walk: freshWalk }
}

function windowIn(text: string): Window {
  const cursor = parseCursor(text)
  const floor = asInstant(cursor['floor'])
  const start = asInstant(cursor['windowStart'])
  const walk = walkIn(cursor)
  if (!floor || !start || !walk)
    throw new RefusedError({ kind: 'rejected', reason: 'This is no cursor of Reverb orders' })
  return { floor, start, end: asInstant(cursor['windowEnd']) ?? null, walk }
}

function cursorText(window: Window): string {
  return JSON.stringify({ windowStart: window.start, windowEnd: window.end, floor: window.floor, ...window.walk })
}

function later(one: Date, other: Date): Date {
  return one > other ? one : other
}

// Whole seconds. Cutting the end off at the second is no loss, for the next window begins before it.
function secondsText(instant: Date): string {
  return instant.toISOString().replace(/\.\d+Z$/, 'Z')
}
