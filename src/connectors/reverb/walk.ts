// Walks a list of Reverb's page by page to its end, following its links, one page per pull. Where the walk stands is kept
// in the cursor, so that a crash goes on from the page after the last one stored.
//
// Why no entry slips through while the list changes under us. In a closed window of "updated" nothing can enter (that
// would need an update in the past), but an entry that is updated during the walk leaves, and every later entry slides
// one place forward. What stood first on the page we ask for next then stands last on the page we already read: missed.
// Reverb states the total on every page. When it fell since the page before, as many entries may have slid past us, so
// the walk steps back until it has read again as many entries as slid, and goes on from there. Entries read twice are
// harmless. Each step back costs the list an entry, so the steps back are finite.
//
// Pages may also be cut wrongly over there: one begins an entry too late, and the entry at the border is on neither page.
// Then a later page repeats an entry of the page before it, or the pages hold fewer entries than the total says. Either
// makes the walk shaky, and a shaky walk is walked again, up to three times in all: for an entry to be missed it would
// have to be skipped every time. After the third the walk counts, for the total itself may be wrong.
// What remains is for the overlap of the windows (order-pull.ts) and the next whole walk (listings.ts).
import type { JsonObject } from '../reading.ts'
import { asArray, asCount, asObject, asText } from '../reading.ts'

/** 5,000 pages of 24 are 120,000 entries: more than a shop has, so more is a list without an end. */
const pagesMax = 5_000
/** A page that comes twice is asked for again this often, and a list that runs in a circle is walked again this often. */
const repeatsMax = 3
const walksMax = 3
/** Stands for an entry without an id. */
const unnamed = '?'

export type Walk = {
  /** The link to ask next; null for the first page. */
  next: string | null
  pages: number
  total: number | null
  /** How many entries stand on the list before the page to ask next. */
  start: number
  pageSize: number
  /** An entry may stand on no page we read. */
  shaky: boolean
  /** How many entries may have slid onto pages already read. */
  slid: number
  /** The entries of the page before, to notice a page that comes twice. */
  pageBefore: string
  /** A link from earlier on, see `isLoop`. */
  mark: string | null
  /** How often in a row the page asked for was the page before once more. */
  repeats: number
  /** Which try of this walk it is, from 1. */
  walks: number
}

export const freshWalk: Walk = {
  next: null,
  pages: 0,
  total: null,
  start: 0,
  pageSize: 0,
  shaky: false,
  slid: 0,
  pageBefore: '',
  mark: null,
  repeats: 0,
  walks: 1,
}

export type ListPage = {
  entries: unknown[]
  ids: string[]
  total: number | undefined
  next: string | null
  previous: string | null
}

export type Step = { kind: 'on'; walk: Walk } | { kind: 'end' } | { kind: 'gave-up' } // the list repeats itself or has no end

export function stepAfter(walk: Walk, page: ListPage): Step {
  const fell = Math.max(0, (walk.total ?? 0) - (page.total ?? walk.total ?? 0))
  // A page read on the way back makes good as many entries as it holds.
  const steppingBack = walk.slid > 0
  const slid = (steppingBack ? Math.max(0, walk.slid - page.ids.length) : 0) + fell
  const idsBefore = walk.pageBefore === '' ? [] : walk.pageBefore.split('\n')
  const here: Walk = {
    ...walk,
    pages: walk.pages + 1,
    total: page.total ?? walk.total,
    pageSize: Math.max(walk.pageSize, page.ids.length),
    shaky: walk.shaky || (!steppingBack && page.ids.some((id) => id !== unnamed && idsBefore.includes(id))),
    slid,
    pageBefore: page.ids.toSorted().join('\n'),
    repeats: 0,
  }
  if (here.pages >= pagesMax) return { kind: 'gave-up' }
  // With a total that changed, the same entries may stand on the page for good reason: a whole page slid.
  if (page.ids.length > 0 && here.total === walk.total && here.pageBefore === walk.pageBefore) {
    if (walk.repeats >= repeatsMax) return { kind: 'gave-up' }
    return { kind: 'on', walk: { ...walk, pages: here.pages, repeats: walk.repeats + 1 } }
  }
  if (slid > 0 && page.previous !== null) {
    const start = Math.max(0, walk.start - here.pageSize)
    return { kind: 'on', walk: { ...here, next: page.previous, start, mark: null } }
  }
  // No way back: either this is the first page, which nothing slides past, or the list names no way back.
  if (slid > 0 && !steppingBack) return walkAgain(walk)
  if (page.next === null) {
    const isWhole = !here.shaky && (page.total === undefined || page.total === walk.start + page.ids.length)
    return isWhole || walk.walks >= walksMax ? { kind: 'end' } : walkAgain(walk)
  }
  if (isLoop(walk, page.next)) return walkAgain(walk)
  const isPowerOfTwo = Number.isInteger(Math.log2(here.pages))
  const mark = isPowerOfTwo ? page.next : walk.mark
  return { kind: 'on', walk: { ...here, slid: 0, next: page.next, start: walk.start + page.ids.length, mark } }
}

/** From the start, unless it has been tried often enough. */
export function walkAgain(walk: Walk): Step {
  if (walk.walks >= walksMax) return { kind: 'gave-up' }
  return { kind: 'on', walk: { ...freshWalk, walks: walk.walks + 1 } }
}

// Brent's way to find a cycle of any length while remembering one link: the link of every 1st, 2nd, 4th, 8th … page.
function isLoop(walk: Walk, next: string): boolean {
  return next === walk.next || next === walk.mark
}

export function listPage(
  body: JsonObject,
  key: string,
  idOf: (entry: JsonObject) => string | null,
): ListPage | undefined {
  const entries = asArray(body[key])
  if (!entries) return undefined
  return {
    entries,
    ids: entries.map((entry) => idOf(asObject(entry) ?? {}) ?? unnamed),
    total: asCount(body['total']),
    next: linkIn(body, 'next'),
    previous: linkIn(body, 'prev'),
  }
}

/** A walk out of a cursor; undefined where it is not one we wrote. */
export function walkIn(cursor: JsonObject): Walk | undefined {
  const pages = asCount(cursor['pages'])
  const slid = asCount(cursor['slid'])
  const repeats = asCount(cursor['repeats'])
  const walks = asCount(cursor['walks'])
  const [start, pageSize] = [asCount(cursor['start']), asCount(cursor['pageSize'])]
  if (pages === undefined || slid === undefined || repeats === undefined) return undefined
  if (walks === undefined || start === undefined || pageSize === undefined) return undefined
  return {
    next: asText(cursor['next']),
    pages,
    total: asCount(cursor['total']) ?? null,
    start,
    pageSize,
    shaky: cursor['shaky'] === true,
    slid,
    pageBefore: asText(cursor['pageBefore']) ?? '',
    mark: asText(cursor['mark']),
    repeats,
    walks,
  }
}

export function linkIn(object: JsonObject, name: string): string | null {
  return asText(asObject(asObject(object['_links'])?.[name])?.['href'])
}
