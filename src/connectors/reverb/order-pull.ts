// Pulling orders, a page at a time: what is fresh, and the look back over a day (order-place.ts).
import { RefusedError } from '../connector.ts'
import type { Call, ChannelOrder, HttpRequest, HttpResponse, Page, PullFrom } from '../connector.ts'
import type { ReverbAccount } from './account.ts'
import { marketplaceOrderIdOf, toChannelOrder } from './orders.ts'
import { asObject, objectIn, UnreadableError } from '../reading.ts'
import { afterFresh, afterLookBack, earlier, firstPlace, later, placeIn, placeText, started } from './order-place.ts'
import type { Place, Window } from './order-place.ts'
import { listPage, stepAfter, walkAgain } from './walk.ts'
import type { ListPage, Step } from './walk.ts'

/** Asked for, but orders were seen to come 24 to a page whatever is asked: the links say where the next page is. */
const perPage = 50

export async function pullOrders(call: Call<ReverbAccount>, from: PullFrom): Promise<Page<ChannelOrder>> {
  const place = started(from.cursor === null ? firstPlace(from.since) : placeIn(from.cursor), call.now)
  const window = place.fresh ?? place.lookBack
  if (!window) throw new Error('A pull of orders has begun and looks at nothing.')
  const response = await askFor(call, window)
  if (response === 'link-is-gone') {
    return pageAfter({ items: [], unreadable: [] }, after(place, window, walkAgain(window.walk), call.now), false)
  }
  const list = listPage(objectIn(response, 'a list of orders'), 'orders', marketplaceOrderIdOf)
  if (!list)
    throw new RefusedError({ kind: 'wait', seconds: 60, reason: 'Reverb did not answer with a list of orders' })
  const read = { ...readOrders(list, call), ...(list.total === undefined ? {} : { total: list.total }) }
  const step = stepAfter(window.walk, list)
  return pageAfter(read, after(place, endedByTheirClock(window, response), step, call.now), step.kind === 'gave-up')
}

function after(place: Place, window: Window, step: Step, now: Date): Place {
  return place.fresh ? afterFresh(place, window, step) : afterLookBack(place, window, step, now)
}

// A link of the list may end while it is followed, for its page is no more. Then the window is walked again.
async function askFor(call: Call<ReverbAccount>, { start, end, walk }: Window): Promise<HttpResponse | 'link-is-gone'> {
  if (walk.next === null) return call.send(firstRequest(start, end))
  try {
    return await call.send({ method: 'GET', url: walk.next })
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

/** A clock of ours that runs ahead must not make the next window begin behind what they have shown so far. */
function endedByTheirClock(window: Window, { headers }: HttpResponse): Window {
  const theirs = new Date(headers['date'] ?? '')
  if (window.walk.next !== null || Number.isNaN(theirs.getTime())) return window
  return { ...window, end: later(window.start, earlier(window.end, theirs)) }
}

type Read = Pick<Page<ChannelOrder>, 'items' | 'unreadable' | 'total'>

function pageAfter(read: Read, place: Place, gaveUp: boolean): Page<ChannelOrder> {
  const page = { ...read, cursor: placeText(place), more: place.pagesLeft !== null }
  if (!gaveUp) return page
  // What was seen is kept; the window stays where it is and is walked again at the next pull.
  const reason = 'Reverb’s list of orders repeats itself, so its end was not reached. It is read again next time'
  return { ...page, unreadable: [...read.unreadable, { reference: null, reason, raw: null }] }
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

// Whole seconds. Cutting the end off at the second is no loss, for the next window begins before it.
function secondsText(instant: Date): string {
  return instant.toISOString().replace(/\.\d+Z$/, 'Z')
}
