// Pulling orders by the time of their last change: a window is walked to its end by Amazon's page tokens, then the next
// one begins some minutes before the end that Amazon itself named. One call a poll, for one call in 180 s is the plan.
import { RefusedError } from '../connector.ts'
import type { Call, ChannelOrder, HttpResponse, Page, PullFrom } from '../connector.ts'
import { newestOfEach } from '../../domain/orders/channel-order.ts'
import { asArray, asCount, asInstant, asObject, asText, objectIn, UnreadableError } from '../reading.ts'
import type { AmazonAccount } from './account.ts'
import { noCursor, parseCursor } from './cursor.ts'
import { includedData, toChannelOrder } from './orders.ts'
import { ask } from './request.ts'

/**
 * How far a window reaches back into the one before. New orders take a couple of minutes to appear. More than 100 orders
 * in it would cost a second call per poll, so it is not made longer than it must be.
 */
export const overlapMinutes = 15
const pageSize = 100
/** The end of a window is at least two minutes ago, and a beginning after the end is refused. */
const endMinutesBeforeNow = 2
/** 2,000 pages are 200,000 orders: more is a list without an end. */
const pagesMax = 2_000
/** A window whose pages repeat themselves is walked again this often, for something may stand on no page we read. */
const walksMax = 3

type Window = {
  after: Date
  /** As Amazon answered on the first page; null before it. */
  end: Date | null
  /** The token of the page to ask for next; null for the first. It lives for 24 hours. */
  token: string | null
  pages: number
  /** Which try of this window it is, from 1. */
  walks: number
  shaky: boolean
  /** The orders of the page before, to notice a page that comes twice. */
  idsBefore: string[]
}

export async function pullOrders(call: Call<AmazonAccount>, from: PullFrom): Promise<Page<ChannelOrder>> {
  const window = from.cursor === null ? firstWindow(call, from.since) : windowIn(from.cursor)
  const response = await askFor(call, window)
  if (response === 'token-is-refused') return walkAgain(window, [], [])
  const body = objectIn(response, 'a list of orders')
  const entries = asArray(body['orders'])
  if (!entries) throw new RefusedError({ kind: 'wait', seconds: 60, reason: 'Amazon did not answer with orders' })
  const { items, unreadable, ids } = readOrders(entries, call)
  const token = asText(asObject(body['pagination'])?.['nextToken'])
  const here: Window = {
    ...window,
    end: window.end ?? endOf(asInstant(body['lastUpdatedBefore']), call.now),
    pages: window.pages + 1,
    shaky: window.shaky || ids.some((id) => window.idsBefore.includes(id)),
  }
  // A token that leads back to itself, or a list without an end.
  if (token !== null && (token === window.token || here.pages >= pagesMax)) return walkAgain(here, items, unreadable)
  if (token !== null) {
    return { items, unreadable, cursor: cursorText({ ...here, token, idsBefore: ids }), more: true }
  }
  return here.shaky && here.walks < walksMax ? walkAgain(here, items, unreadable) : nextWindow(here, items, unreadable)
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
        paginationToken: window.token ?? undefined,
      },
    })
  } catch (error) {
    const refused = error instanceof RefusedError && ['rejected', 'gone'].includes(error.refusal.kind)
    if (refused && window.token !== null) return 'token-is-refused'
    throw error
  }
}

type Unreadable = Page<ChannelOrder>['unreadable']

/** From its first page; after the last try the window waits for the next poll, and a person sees it. */
function walkAgain(window: Window, items: ChannelOrder[], unreadable: Unreadable): Page<ChannelOrder> {
  const fresh: Window = { after: window.after, end: null, token: null, pages: 0, walks: 1, shaky: false, idsBefore: [] }
  if (window.walks < walksMax) {
    return { items, unreadable, cursor: cursorText({ ...fresh, walks: window.walks + 1 }), more: true }
  }
  const reason = 'Amazon’s list of orders did not come to an end. It is read again next time'
  const note = { reference: null, reason, raw: null }
  return { items, unreadable: [...unreadable, note], cursor: cursorText(fresh), more: false }
}

function nextWindow(window: Window, items: ChannelOrder[], unreadable: Unreadable): Page<ChannelOrder> {
  const back = (window.end ?? window.after).getTime() - overlapMinutes * 60_000
  // It never goes back, so nothing before the `since` of the very first pull is asked for twice.
  const after = new Date(Math.max(window.after.getTime(), back))
  const next: Window = { after, end: null, token: null, pages: 0, walks: 1, shaky: false, idsBefore: [] }
  return { items, unreadable, cursor: cursorText(next), more: false }
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
  const latest = call.now.getTime() - (endMinutesBeforeNow + 1) * 60_000
  const after = new Date(Math.min(since.getTime(), latest))
  return { after, end: null, token: null, pages: 0, walks: 1, shaky: false, idsBefore: [] }
}

// The earlier of what Amazon says and what its rule allows, so that a wrong clock of either costs a repeat and no order.
function endOf(answered: Date | undefined, now: Date): Date {
  const allowed = now.getTime() - endMinutesBeforeNow * 60_000
  return new Date(Math.min(answered?.getTime() ?? allowed, now.getTime()))
}

function windowIn(text: string): Window {
  const cursor = parseCursor(text)
  const after = asInstant(cursor['after'])
  const [pages, walks] = [asCount(cursor['pages']), asCount(cursor['walks'])]
  if (!after || pages === undefined || walks === undefined) return noCursor()
  return {
    after,
    end: asInstant(cursor['end']) ?? null,
    token: asText(cursor['token']),
    pages,
    walks,
    shaky: cursor['shaky'] === true,
    idsBefore: (asArray(cursor['idsBefore']) ?? []).flatMap((id) => asText(id) ?? []),
  }
}

function cursorText(window: Window): string {
  return JSON.stringify(window)
}

// Whole seconds, cut off: the window begins no later for it.
function secondsText(instant: Date): string {
  return instant.toISOString().replace(/\.\d+Z$/, 'Z')
}
