// Where the pulling of orders stands. There are two ways of looking. What is fresh is a closed window of "updated" that
// begins a little before the end of the last one. The look back is a closed window that begins a day before the end of
// the last one, for orders show up late; of a small shop it is all that is needed. Where it takes more pages than a pull
// may spend on it, the pull reads what is fresh and ends, and the next one reads what is fresh by then and goes on with
// the look back where it stood. So however much a day holds, what is new waits for the fresh pages and a few others.
//
// Nothing falls between two windows of a kind. An order that shows up late shows first in the window that ends next. That
// window begins an overlap before the end of the one before it, which had ended before the order showed: so it holds every
// order that is late by no more than the overlap. Of looks back that is a day.
import { RefusedError } from '../connector.ts'
import { asCount, asInstant, asObject } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import { parseCursor } from './cursor.ts'
import { freshWalk, walkIn } from './walk.ts'
import type { Step, Walk } from './walk.ts'

/**
 * By Reverb's own clock, so this is for what is on its way there while we ask. It is short, for a shop that sells twenty
 * orders a second must not spend its pace on reading them again and again; what shows later is the look back's.
 */
export const overlapSeconds = 30
/**
 * Polling only since the last run lost orders, and Reverb's own clients look back 12 hours (PrestaShop plugin) or a day
 * (Magento plugin 0.9.1), see R7.
 */
export const lookBackHours = 24
/** Of 24 orders each: the whole look back of a shop with 100 orders a day. A second's worth of our pace. */
export const lookBackPages = 5

export type Window = { start: Date; end: Date; walk: Walk }

export type Place = {
  /** Nothing updated before this instant is ever asked for: the `since` of the very first pull. */
  floor: Date
  /** All that was updated up to here was seen, but for what shows up late. */
  reached: Date
  /** The end of the last look back; null while the very first window is walked, which sees everything. */
  lookedBack: Date | null
  /** Goes first where there is one. */
  fresh: Window | null
  freshIsRead: boolean
  lookBack: Window | null
  /** Of the look back this pull may read so many pages more; null between two pulls. */
  pagesLeft: number | null
}

export function firstPlace(since: Date): Place {
  return {
    floor: since,
    reached: since,
    lookedBack: null,
    fresh: null,
    freshIsRead: false,
    lookBack: null,
    pagesLeft: null,
  }
}

/** What this pull is to look at; nothing changes in the midst of one. */
export function started(place: Place, now: Date): Place {
  if (place.pagesLeft !== null) return place
  const pull = { ...place, freshIsRead: false, pagesLeft: lookBackPages }
  if (place.lookBack || !place.lookedBack) return withFresh(pull, now)
  return { ...pull, lookBack: windowFrom(place, place.lookedBack, lookBackHours * 3600, now) }
}

function withFresh(place: Place, now: Date): Place {
  return { ...place, fresh: windowFrom(place, place.reached, overlapSeconds, now) }
}

/** What was reached by a clock that ran ahead may lie before us: then the window begins before now all the same. */
function windowFrom({ floor }: Place, reached: Date, overlap: number, now: Date): Window {
  const start = later(floor, new Date(earlier(reached, now).getTime() - overlap * 1000))
  return { start, end: later(start, now), walk: freshWalk }
}

export function afterFresh(place: Place, window: Window, step: Step): Place {
  if (step.kind === 'on') return { ...place, fresh: { ...window, walk: step.walk } }
  const pagesLeft = place.lookBack && place.pagesLeft !== 0 ? place.pagesLeft : null
  const read = { ...place, fresh: null, freshIsRead: true, pagesLeft }
  if (step.kind === 'gave-up') return read
  const reached = later(place.reached, window.end)
  return { ...read, reached, lookedBack: place.lookedBack ?? reached }
}

export function afterLookBack(place: Place, window: Window, step: Step, now: Date): Place {
  if (step.kind === 'end') {
    const { reached, freshIsRead } = place
    const lookedBack = later(place.lookedBack ?? window.end, window.end)
    // Begun and ended in this pull, it saw what is fresh as well.
    return {
      ...place,
      lookBack: null,
      pagesLeft: null,
      lookedBack,
      reached: freshIsRead ? reached : later(reached, window.end),
    }
  }
  const pagesLeft = step.kind === 'on' ? Math.max(0, (place.pagesLeft ?? 0) - 1) : 0
  const onward = { ...place, lookBack: step.kind === 'on' ? { ...window, walk: step.walk } : null, pagesLeft }
  if (pagesLeft > 0) return onward
  return place.freshIsRead ? { ...onward, pagesLeft: null } : withFresh(onward, now)
}

export function placeText(place: Place): string {
  return JSON.stringify(place)
}

export function placeIn(text: string): Place {
  const cursor = parseCursor(text)
  const [floor, reached] = [asInstant(cursor['floor']), asInstant(cursor['reached'])]
  if (!floor || !reached) return noCursor()
  return {
    floor,
    reached,
    lookedBack: asInstant(cursor['lookedBack']) ?? null,
    fresh: windowIn(asObject(cursor['fresh'])),
    freshIsRead: cursor['freshIsRead'] === true,
    lookBack: windowIn(asObject(cursor['lookBack'])),
    pagesLeft: asCount(cursor['pagesLeft']) ?? null,
  }
}

function windowIn(cursor: JsonObject | undefined): Window | null {
  if (!cursor) return null
  const [start, end] = [asInstant(cursor['start']), asInstant(cursor['end'])]
  const walk = walkIn(asObject(cursor['walk']) ?? {})
  return start && end && walk ? { start, end, walk } : noCursor()
}

function noCursor(): never {
  throw new RefusedError({ kind: 'rejected', reason: 'This is no cursor of Reverb orders' })
}

export function later(one: Date, other: Date): Date {
  return one > other ? one : other
}

export function earlier(one: Date, other: Date): Date {
  return one < other ? one : other
}
