// Walking a list through time, losing nothing. The stretch of time is cut into windows small enough to be walked quickly,
// and one whose count did not come out is cut again: entries may slide to pages already read while we read on.
import { RefusedError } from '../connector.ts'
import { asCount, asObject, asText, parseJson } from '../reading.ts'
import type { JsonObject } from '../reading.ts'

/** A window with more is halved. Twenty pages are walked in seconds. */
const entriesPerWindowMax = 2_000
const walksMax = 3
/** A page that comes twice is asked for again this often. */
const repeatsMax = 3

/** All times are whole seconds; a window has its start in it and its end not. */
export type Walk = {
  /** The end of the stretch. */
  end: number
  from: number
  to: number
  /** Null for the first page of the window. */
  token: string | null
  /** How many entries the window has, as far as was said. */
  total: number | null
  seen: number
  pages: number
  /** The total went down: something left the window and the rest moved up. */
  fell: boolean
  /** The entries of the page before, to notice those that come twice. */
  before: string[]
  repeats: number
  /** Which try of this window it is, from 1. */
  walks: number
}

export type ListPage = { ids: string[]; next: string | null; total: number | undefined }

export type Step = { kind: 'on'; walk: Walk } | { kind: 'end' } | { kind: 'gave-up'; walk: Walk | null }

export function walkOf({ from, end }: { from: number; end: number }): Walk {
  return windowOf(from, end, end)
}

export function stepAfter(walk: Walk, page: ListPage): Step {
  const isTooMuch = (page.total ?? 0) > entriesPerWindowMax
  if (walk.token === null && isTooMuch && walk.to - walk.from > 1) return { kind: 'on', walk: halved(walk) }
  const isRepeat = page.ids.length > 0 && page.ids.every((id) => walk.before.includes(id))
  if (isRepeat && walk.repeats < repeatsMax) return { kind: 'on', walk: { ...walk, repeats: walk.repeats + 1 } }
  const fresh = page.ids.filter((id) => !walk.before.includes(id))
  const here: Walk = {
    ...walk,
    total: page.total ?? walk.total,
    seen: walk.seen + fresh.length,
    pages: walk.pages + 1,
    fell: walk.fell || (page.total ?? Infinity) < (walk.total ?? 0),
    before: page.ids,
    repeats: 0,
  }
  if (page.next !== null && page.next !== walk.token && here.pages <= pagesMax(here)) {
    return { kind: 'on', walk: { ...here, token: page.next } }
  }
  const isWhole = page.next === null && !here.fell && here.seen >= (here.total ?? 0)
  if (isWhole) return afterWindow(here)
  // In a window of one page nothing can slide, so a half of it is the better try.
  if (page.next === null && here.pages > 1 && walk.to - walk.from > 1) return { kind: 'on', walk: halved(walk) }
  if (here.walks < walksMax) {
    return { kind: 'on', walk: { ...windowOf(walk.from, walk.to, walk.end), walks: walk.walks + 1 } }
  }
  if (page.next === null) return afterWindow(here)
  const next = afterWindow(here)
  return { kind: 'gave-up', walk: next.kind === 'on' ? next.walk : null }
}

/** The window holds more than the marketplace gives at all. Undefined where it cannot be cut any smaller. */
export function narrower(walk: Walk): Walk | undefined {
  return walk.to - walk.from > 1 ? halved(walk) : undefined
}

/** Behind a window that cannot be read; null at the end of the stretch. */
export function skipWindow(walk: Walk): Walk | null {
  const next = afterWindow(walk)
  return next.kind === 'on' ? next.walk : null
}

// The next window may be twice as long: a busy time is over as suddenly as it began.
function afterWindow(walk: Walk): { kind: 'on'; walk: Walk } | { kind: 'end' } {
  if (walk.to >= walk.end) return { kind: 'end' }
  const to = Math.min(walk.end, walk.to + 2 * (walk.to - walk.from))
  return { kind: 'on', walk: windowOf(walk.to, to, walk.end) }
}

function halved(walk: Walk): Walk {
  return windowOf(walk.from, walk.from + Math.ceil((walk.to - walk.from) / 2), walk.end)
}

function windowOf(from: number, to: number, end: number): Walk {
  return { end, from, to, token: null, total: null, seen: 0, pages: 0, fell: false, before: [], repeats: 0, walks: 1 }
}

/** More than twice the pages there can be is a list without an end. */
function pagesMax({ total }: Walk): number {
  return 10 + 2 * Math.ceil((total ?? 100_000) / 50)
}

export function cursorOf(text: string, what: string): JsonObject {
  const cursor = asObject(parseJson(text))
  if (cursor) return cursor
  throw new RefusedError({ kind: 'rejected', reason: `This is no cursor of TikTok Shop ${what}` })
}

/** A walk out of a cursor; undefined where it is not one we wrote. */
export function walkIn(value: unknown): Walk | undefined {
  const cursor = asObject(value) ?? {}
  const [end, from, to] = [asCount(cursor['end']), asCount(cursor['from']), asCount(cursor['to'])]
  if (end === undefined || from === undefined || to === undefined || from > to) return undefined
  const before = cursor['before']
  return {
    end,
    from,
    to,
    token: asText(cursor['token']),
    total: asCount(cursor['total']) ?? null,
    seen: asCount(cursor['seen']) ?? 0,
    pages: asCount(cursor['pages']) ?? 0,
    fell: cursor['fell'] === true,
    before: Array.isArray(before) ? before.flatMap((id) => asText(id) ?? []) : [],
    repeats: asCount(cursor['repeats']) ?? 0,
    walks: asCount(cursor['walks']) ?? 1,
  }
}
