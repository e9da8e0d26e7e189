// Where the pulling of orders stands. There are three ways of looking, each a window of "updated" that ends at the time it
// was begun at: what is fresh on every pull, two hours back every few minutes, a day back once an hour. What is fresh goes
// first. Looks back go beside it and in slices, so that what is new never waits until all that was seen is seen again.
//
// Nothing falls between two windows of a kind. An order that shows late shows first in the window that ends next. That
// window begins an overlap before the end of the one before it, which had ended before the order showed: so it holds every
// order that is late by no more than the overlap. What a look back need not read is what the fresh window of its pull holds.
import { RefusedError } from '../connector.ts'
import { asCount, asObject } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import { cursorOf, walkIn, walkOf } from './walk.ts'
import type { Step, Walk } from './walk.ts'

/** In the order in which a pull takes them. A look back is left after `pagesMax` pages, and goes on with the next pull. */
export const looks = {
  /** TikTok Shop takes calls of a clock that is half a minute ahead, and shows what is new some seconds late. */
  fresh: { everySeconds: 0, overlapSeconds: 5 * 60, pagesMax: Infinity },
  /** It says itself that what it finds may lie outside the time asked for; an integrator looks two hours back. */
  recent: { everySeconds: 5 * 60, overlapSeconds: 2 * 3600, pagesMax: 10 },
  /** Orders have shown up hours late, with the time they were placed at. */
  day: { everySeconds: 3600, overlapSeconds: 24 * 3600, pagesMax: 10 },
}

type Look = keyof typeof looks
const looksBack = ['recent', 'day'] as const satisfies Look[]

/** What was updated before `end` and showed by then is seen when the walk is through. */
type Window = { end: number; walk: Walk }
/** `end` is that of the last window; null until the first pull is through, which sees everything. */
type Standing = { end: number | null; window: Window | null }

export type Place = {
  /** Nothing updated before this is ever asked for: the `since` of the very first pull. */
  floor: number
  standings: Record<Look, Standing>
  /** Null between two pulls. What is fresh was asked for from `freshFrom` on. */
  turn: { look: Look; pages: number; freshFrom: number } | null
}

export function firstPlace(floor: number): Place {
  const never = { end: null, window: null }
  return { floor, standings: { fresh: never, recent: never, day: never }, turn: null }
}

/** What this pull reads next; `now` counts where it begins only. */
export function nextWindow(place: Place, now: number): { place: Place; window: Window } {
  const window = place.turn && place.standings[place.turn.look].window
  if (window) return { place, window }
  const from = fromOf(place, 'fresh')
  // The second that is now is in: what a notification tells of has often been placed in it.
  const end = Math.max(now, from) + 1
  const fresh = { end, walk: walkOf({ from, end }) }
  return {
    place: { ...withWindow(place, 'fresh', fresh), turn: { look: 'fresh', pages: 0, freshFrom: from } },
    window: fresh,
  }
}

export function placeAfter(place: Place, window: Window, step: Step): Place {
  if (!place.turn) throw new Error('A page of orders came and no pull was under way.')
  const { look, pages } = place.turn
  if (step.kind === 'on') {
    const onward = withWindow(place, look, { ...window, walk: step.walk })
    // A page's token is used at once: slices end between the parts into which the walk cuts the time.
    const isSpent = pages + 1 >= looks[look].pagesMax && step.walk.token === null
    return isSpent ? withNextLook(onward) : { ...onward, turn: { ...place.turn, pages: pages + 1 } }
  }
  // What is not reached is walked again with the next pull.
  if (step.kind === 'gave-up') {
    const left = withWindow(place, look, null)
    return look === 'fresh' ? { ...left, turn: null } : withNextLook(left)
  }
  return withNextLook(ended(place, look, window.end))
}

function ended(place: Place, look: Look, end: number): Place {
  const { standings } = place
  const through = { end: Math.max(standings[look].end ?? end, end), window: null }
  const others = Object.fromEntries(
    looksBack.map((back) => [back, standings[back].end === null ? through : standings[back]]),
  )
  return { ...place, standings: { ...standings, ...others, [look]: through } }
}

/** The look back that is under way or due, or the end of the pull. */
function withNextLook(place: Place): Place {
  const { turn, standings } = place
  const end = standings.fresh.end ?? 0
  const left = turn ? looksBack.slice(looksBack.findIndex((one) => one === turn.look) + 1) : []
  const look = left.find((one) => standings[one].window || end - (standings[one].end ?? end) >= looks[one].everySeconds)
  if (!look || !turn) return { ...place, turn: null }
  const onward = { ...place, turn: { ...turn, look, pages: 0 } }
  if (standings[look].window) return onward
  const from = fromOf(place, look)
  if (from >= turn.freshFrom) return withNextLook(ended(onward, look, end))
  return withWindow(onward, look, { end, walk: walkOf({ from, end: turn.freshFrom }) })
}

function fromOf({ floor, standings }: Place, look: Look): number {
  return Math.max(floor, (standings[look].end ?? floor) - looks[look].overlapSeconds)
}

function withWindow(place: Place, look: Look, window: Window | null): Place {
  return { ...place, standings: { ...place.standings, [look]: { ...place.standings[look], window } } }
}

export function placeText(place: Place): string {
  return JSON.stringify(place)
}

export function placeIn(text: string): Place {
  const cursor = cursorOf(text, 'orders')
  const floor = asCount(cursor['floor'])
  if (floor === undefined) return noCursor()
  const standings = asObject(cursor['standings'])
  if (!standings) return placeOfOneWalk(cursor, floor)
  const turn = asObject(cursor['turn'])
  const [fresh, recent, day] = ['fresh', 'recent', 'day'].map((look) => standingIn(asObject(standings[look])))
  if (!fresh || !recent || !day) return noCursor()
  return { floor, standings: { fresh, recent, day }, turn: turn ? turnIn(turn) : null }
}

function standingIn(cursor: JsonObject | undefined): Standing {
  if (!cursor) return noCursor()
  const window = asObject(cursor['window'])
  return { end: asCount(cursor['end']) ?? null, window: window ? windowIn(window) : null }
}

function windowIn(cursor: JsonObject): Window {
  const [end, walk] = [asCount(cursor['end']), walkIn(cursor['walk'])]
  return end === undefined || !walk ? noCursor() : { end, walk }
}

function turnIn(cursor: JsonObject): Place['turn'] {
  const [pages, freshFrom] = [asCount(cursor['pages']), asCount(cursor['freshFrom'])]
  const look = (['fresh', 'recent', 'day'] as const).find((one) => one === cursor['look'])
  return look && pages !== undefined && freshFrom !== undefined ? { look, pages, freshFrom } : noCursor()
}

/** Cursors of one kind of look, which began at `start`: that is the fresh one's, and holds the two hours before it. */
function placeOfOneWalk(cursor: JsonObject, floor: number): Place {
  const start = asCount(cursor['start'])
  const walk = cursor['walk'] === null ? null : walkIn(cursor['walk'])
  if (start === undefined || walk === undefined) return noCursor()
  const { standings } = firstPlace(floor)
  const fresh = { end: start + looks.fresh.overlapSeconds, window: walk && { end: walk.end, walk } }
  const turn = walk && { look: 'fresh' as const, pages: 0, freshFrom: start }
  return {
    floor,
    standings: { ...standings, fresh, day: { end: asCount(cursor['deepAt']) ?? null, window: null } },
    turn,
  }
}

function noCursor(): never {
  throw new RefusedError({ kind: 'rejected', reason: 'This is no cursor of TikTok Shop orders' })
}
