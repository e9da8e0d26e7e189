// Pulling orders by the time of their last change: a window is walked to its end by Amazon's page tokens, then the next
// one begins some minutes before the end that Amazon itself named. One call a poll, for one call in 180 s is the plan.
import { RefusedError } from '../connector.ts'
import type { Call, ChannelOrder, HttpResponse, Page, PullFrom } from '../connector.ts'
import { newestOfEach } from '../../domain/orders/channel-order.ts'
import { asArray, asCount, asInstant, asObject, asText, objectIn, UnreadableError } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import type { AmazonAccount } from './account.ts'
import { noCursor, parseCursor } from './cursor.ts'
import { includedData, toChannelOrder } from './orders.ts'
import { ask } from './request.ts'

/**
 * How far a window reaches back into the one before. New orders take a couple of minutes to appear, and hours have been
 * seen. Looking back is free as long as one page holds it, so it grows while the pages are not full, up to a day.
 */
export const overlapMinutesMin = 15
const overlapMinutesMax = 24 * 60
/** Twice as much still fits on one page of 100. */
const fewOrders = 40
/** A seller too busy for that looks a day back every so often; given up where it would keep the newest orders waiting. */
export const deepEveryHours = 6
const deepPagesMax = 10
const pageSize = 100
/** The end of a window is at least two minutes ago, and a beginning after the end is refused. */
const endMinutesBeforeNow = 2
/** 2,000 pages are 200,000 orders: more is a list without an end. */
const pagesMax = 2_000
/** A window whose pages repeat themselves is walked again this often, for something may stand on no page we read. */
const triesMax = 3

type Window = {
  /** Nothing changed before this instant is ever asked for: the `since` of the very first pull. */
  floor: Date
  /** All that changed up to here was seen. */
  reached: Date
  overlapMinutes: number
  /** When a window last reached back a day, and whether this one does. */
  deepAt: Date
  isDeep: boolean
  after: Date
  walk: Walk
}

type Walk = {
  /** As Amazon answered on the first page; null before it. */
  end: Date | null
  /** The token of the page to ask for next; null for the first. It lives for 24 hours. */
  token: string | null
  pages: number
  orders: number
  /** Which try of this window it is, from 1. */
  tries: number
  shaky: boolean
  /** The orders of the page before, to notice a page that comes twice. */
  idsBefore: string[]
}

const freshWalk: Walk = { end: null, token: null, pages: 0, orders: 0, tries: 1, shaky: false, idsBefore: [] }

export async function pullOrders(call: Call<AmazonAccount>, from: PullFrom): Promise<Page<ChannelOrder>> {
  const window = from.cursor === null ? firstWindow(call, from.since) : windowIn(from.cursor)
  const response = await askFor(call, window)
  if (response === 'token-is-refused') return walkAgain(window, { items: [], unreadable: [] })
  const body = objectIn(response, 'a list of orders')
  const entries = asArray(body['orders'])
  if (!entries) throw new RefusedError({ kind: 'wait', seconds: 60, reason: 'Amazon did not answer with orders' })
  const { items, unreadable, ids } = readOrders(entries, call)
  const token = asText(asObject(body['pagination'])?.['nextToken'])
  const { walk } = window
  const here: Walk = {
    ...walk,
    end: walk.end ?? endOf(asInstant(body['lastUpdatedBefore']), call.now),
    pages: walk.pages + 1,
    orders: walk.orders + ids.length,
    shaky: walk.shaky || ids.some((id) => walk.idsBefore.includes(id)),
  }
  const read = { items, unreadable }
  if (token !== null && window.isDeep && here.pages >= deepPagesMax) {
    return { ...read, cursor: JSON.stringify(regularAgain(window)), more: true }
  }
  // A token that leads back to itself, or a list without an end.
  const isLoop = token !== null && (token === walk.token || here.pages >= pagesMax)
  if (isLoop || (token === null && here.shaky && here.tries < triesMax))
    return walkAgain({ ...window, walk: here }, read)
  if (token === null) return { ...read, cursor: JSON.stringify(windowAfter(window, here, call.now)), more: false }
  const onward: Window = { ...window, walk: { ...here, token, idsBefore: ids } }
  return { ...read, cursor: JSON.stringify(onward), more: true }
}

async function askFor(call: Call<AmazonAccount>, window: Window): Promise<HttpResponse | 'token-is-refused'> {
  try {
    return await ask(call, 'searchOrders', {
      method: 'GET',
      url: '/orders/2026-01-01/orders',
      // With a page token everything else must be as it was on the first page.
      query: {
        lastUpdatedAfter: secondsText(window.after),
        marketplaceIds: call.site.id,
        maxResultsPerPage: pageSize,
        includedData,
        paginationToken: window.walk.token ?? undefined,
      },
    })
  } catch (error) {
    const refused = error instanceof RefusedError && ['rejected', 'gone'].includes(error.refusal.kind)
    if (refused && window.walk.token !== null) return 'token-is-refused'
    throw error
  }
}

type Unreadable = Page<ChannelOrder>['unreadable']
type Read = Pick<Page<ChannelOrder>, 'items' | 'unreadable'>

/** From its first page; after the last try the window waits for the next poll, and a person sees it. */
function walkAgain(window: Window, { items, unreadable }: Read): Page<ChannelOrder> {
  const { tries } = window.walk
  if (tries < triesMax) {
    const again: Window = { ...window, walk: { ...freshWalk, tries: tries + 1 } }
    return { items, unreadable, cursor: JSON.stringify(again), more: true }
  }
  const reason = 'Amazon’s list of orders did not come to an end. It is read again next time'
  const note = { reference: null, reason, raw: null }
  const cursor = JSON.stringify({ ...window, walk: freshWalk })
  return { items, unreadable: [...unreadable, note], cursor, more: false }
}

function windowAfter(window: Window, walk: Walk, now: Date): Window {
  // It never goes back, whatever Amazon named.
  const reached = later(window.reached, walk.end ?? window.reached)
  const overlapMinutes = window.isDeep ? window.overlapMinutes : overlapAfter(window.overlapMinutes, walk)
  const isDeep = now.getTime() - window.deepAt.getTime() >= deepEveryHours * 3_600_000
  const after = minutesBefore(reached, isDeep ? overlapMinutesMax : overlapMinutes)
  const deepAt = isDeep ? now : window.deepAt
  return {
    floor: window.floor,
    reached,
    overlapMinutes,
    deepAt,
    isDeep,
    after: later(window.floor, after),
    walk: freshWalk,
  }
}

function overlapAfter(minutes: number, { pages, orders }: Walk): number {
  if (pages > 1) return Math.max(overlapMinutesMin, Math.floor(minutes / 2))
  return orders <= fewOrders ? Math.min(overlapMinutesMax, minutes * 2) : minutes
}

/** What a deep window was to find waits for the next one; the newest orders do not. */
function regularAgain(window: Window): Window {
  const after = later(window.floor, minutesBefore(window.reached, window.overlapMinutes))
  return { ...window, isDeep: false, after, walk: freshWalk }
}

function readOrders(entries: unknown[], call: Call<AmazonAccount>) {
  const items: ChannelOrder[] = []
  const unreadable: Unreadable = []
  const ids: string[] = []
  for (const raw of entries) {
    const id = asText(asObject(raw)?.['orderId'])
    if (id !== null) ids.push(id)
    // Another site's order is that sales channel's to import.
    const siteId = asText(asObject(asObject(raw)?.['salesChannel'])?.['marketplaceId'])
    if (siteId !== null && siteId !== call.site.id) continue
    try {
      items.push(toChannelOrder(raw, call.site.currency))
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error
      unreadable.push({ reference: id, reason: error.message, raw })
    }
  }
  return { items: newestOfEach(items), unreadable, ids }
}

function firstWindow(call: Call<AmazonAccount>, since: Date): Window {
  const latest = minutesBefore(call.now, endMinutesBeforeNow + 1)
  const floor = since < latest ? since : latest
  const overlapMinutes = overlapMinutesMin
  return { floor, reached: floor, overlapMinutes, deepAt: call.now, isDeep: false, after: floor, walk: freshWalk }
}

// The earlier of what Amazon says and what its rule allows, so that a wrong clock of either costs a repeat and no order.
function endOf(answered: Date | undefined, now: Date): Date {
  const allowed = minutesBefore(now, endMinutesBeforeNow)
  if (!answered) return allowed
  return answered < now ? answered : now
}

function windowIn(text: string): Window {
  const cursor = parseCursor(text)
  const floor = asInstant(cursor['floor'])
  const [reached, deepAt, after] = [cursor['reached'], cursor['deepAt'], cursor['after']].map(asInstant)
  const overlapMinutes = asCount(cursor['overlapMinutes'])
  const walk = walkIn(asObject(cursor['walk']) ?? {})
  if (!floor || !reached || !deepAt || !after || overlapMinutes === undefined || !walk) return noCursor()
  return { floor, reached, overlapMinutes, deepAt, isDeep: cursor['isDeep'] === true, after, walk }
}

function walkIn(walk: JsonObject): Walk | undefined {
  const pages = asCount(walk['pages'])
  const orders = asCount(walk['orders'])
  const tries = asCount(walk['tries'])
  if (pages === undefined || orders === undefined || tries === undefined) return undefined
  return {
    end: asInstant(walk['end']) ?? null,
    token: asText(walk['token']),
    pages,
    orders,
    tries,
    shaky: walk['shaky'] === true,
    idsBefore: (asArray(walk['idsBefore']) ?? []).flatMap((id) => asText(id) ?? []),
  }
}

function later(one: Date, other: Date): Date {
  return one > other ? one : other
}

function minutesBefore(instant: Date, minutes: number): Date {
  return new Date(instant.getTime() - minutes * 60_000)
}

// Whole seconds, cut off: the window begins no later for it.
function secondsText(instant: Date): string {
  return instant.toISOString().replace(/\.\d+Z$/, 'Z')
}
