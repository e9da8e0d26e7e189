// Where the pulling of orders stands. There are three ways of looking: what is fresh on every pull, two hours back every few
// minutes, a day back once an hour. What is fresh goes first, up to whatever there is. Looks back go beside it, up to where
// it began, and in slices: so what is new never waits until all that was seen is seen again.
//
// How far things have come is told by the changes that were seen, for our clock may be wrong by minutes; never beyond our
// clock all the same, or one order dated far ahead would hide those before it. A look back begins its overlap before how
// far things had come when the one before it was begun: so an order that showed since is in it, unless it was late by more
// than the overlap.
import { RefusedError } from '../connector.ts'
import { asCount, asInstant, asObject } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import { parseCursor } from './cursor.ts'
import { later, walkIn, walkOf } from './walk.ts'
import type { Step, Walk } from './walk.ts'

/** In the order in which a pull takes them. A look back is left after `pagesMax` pages, and goes on with the next pull. */
export const looks = {
  /** For what is on its way there while we ask, and for a page that was cut wrongly. */
  fresh: { everyMinutes: 0, overlapMinutes: 5, pagesMax: Infinity },
  /** Orders may show late; how late is said nowhere. */
  recent: { everyMinutes: 5, overlapMinutes: 2 * 60, pagesMax: 4 },
  /** Of other marketplaces orders were seen to show hours late, with the time they were placed at. */
  day: { everyMinutes: 60, overlapMinutes: 24 * 60, pagesMax: 4 },
}
const minuteMilliseconds = 60_000

type Look = keyof typeof looks
const looksBack = ['recent', 'day'] as const satisfies Look[]

/** When it was begun by our clock; `next` is where the next of its kind begins, which of what is fresh is told at its end. */
type Window = { begunAt: Date; walk: Walk; next: Date | null }
/** Where the next window begins, and when the last one was begun: null until the first pull is through, which sees all. */
type Standing = { from: Date; begunAt: Date | null; window: Window | null }

export type Place = {
  /** Nothing that changed before is ever asked for: the `since` of the very first pull. */
  floor: Date
  standings: Record<Look, Standing>
  /** Null between two pulls. What is fresh was asked for from `freshFrom` on. */
  turn: { look: Look; pages: number; freshFrom: Date } | null
}

export function firstPlace(floor: Date): Place {
  const never = { from: floor, begunAt: null, window: null }
  return { floor, standings: { fresh: never, recent: never, day: never }, turn: null }
}

/** What this pull reads next. */
export function nextWindow(place: Place, now: Date): { place: Place; window: Window } {
  const window = place.turn && place.standings[place.turn.look].window
  if (window) return { place, window }
  const { from } = place.standings.fresh
  const fresh = { begunAt: now, walk: walkOf({ floor: place.floor, from, to: null }), next: null }
  const begun = withStanding(place, 'fresh', { window: fresh })
  return { place: { ...begun, turn: { look: 'fresh', pages: 0, freshFrom: from } }, window: fresh }
}

export function placeAfter(place: Place, window: Window, { walk, isEnd }: Step, now: Date): Place {
  if (!place.turn) throw new Error('A page of orders came and no pull was under way.')
  const { look, pages } = place.turn
  if (isEnd)
    return withNextLook(look === 'fresh' ? freshEnded(place, window, walk) : backEnded(place, look, window), now)
  const onward = withStanding(place, look, { window: { ...window, walk } })
  if (pages + 1 >= looks[look].pagesMax) return withNextLook(onward, now)
  return { ...onward, turn: { ...place.turn, pages: pages + 1 } }
}

function freshEnded(place: Place, { begunAt }: Window, { seen }: Walk): Place {
  // Nothing at all changed since: the next one begins where this one did.
  const reached = seen && (seen < begunAt ? seen : begunAt)
  const from = reached ? later(place.standings.fresh.from, before(reached, 'fresh')) : place.standings.fresh.from
  const ended = withStanding(place, 'fresh', { from, begunAt, window: null })
  const first = looksBack.filter((look) => ended.standings[look].begunAt === null)
  return first.reduce((all, look) => withStanding(all, look, { from: nextFrom(all, look), begunAt }), ended)
}

function backEnded(place: Place, look: Look, { begunAt, next }: Pick<Window, 'begunAt' | 'next'>): Place {
  return withStanding(place, look, { from: next ?? place.standings[look].from, begunAt, window: null })
}

/** The look back that is under way or due, or the end of the pull. */
function withNextLook(place: Place, now: Date): Place {
  const { turn, standings, floor } = place
  const left = turn ? looksBack.slice(looksBack.findIndex((one) => one === turn.look) + 1) : []
  const look = left.find((one) => standings[one].window || isDue(standings[one], one, now))
  if (!look || !turn) return { ...place, turn: null }
  const onward = { ...place, turn: { ...turn, look, pages: 0 } }
  const { window, from } = standings[look]
  if (window) return onward
  const begun = { begunAt: now, next: nextFrom(place, look) }
  // What is fresh held all of it.
  if (from >= turn.freshFrom) return withNextLook(backEnded(onward, look, begun), now)
  return withStanding(onward, look, { window: { ...begun, walk: walkOf({ floor, from, to: turn.freshFrom }) } })
}

function isDue({ begunAt }: Standing, look: Look, now: Date): boolean {
  return begunAt !== null && now.getTime() - begunAt.getTime() >= looks[look].everyMinutes * minuteMilliseconds
}

/** What is fresh goes on its own overlap before how far things have come. */
function nextFrom({ floor, standings }: Place, look: Look): Date {
  const reached = new Date(standings.fresh.from.getTime() + looks.fresh.overlapMinutes * minuteMilliseconds)
  return later(floor, before(reached, look))
}

function before(instant: Date, look: Look): Date {
  return new Date(instant.getTime() - looks[look].overlapMinutes * minuteMilliseconds)
}

function withStanding(place: Place, look: Look, changes: Partial<Standing>): Place {
  return { ...place, standings: { ...place.standings, [look]: { ...place.standings[look], ...changes } } }
}

export function placeText(place: Place): string {
  return JSON.stringify(place)
}

export function placeIn(text: string): Place {
  const cursor = parseCursor(text)
  const floor = asInstant(cursor['floor'])
  if (!floor) return noCursor()
  const standings = asObject(cursor['standings'])
  if (!standings) return placeOfOneWalk(cursor, floor)
  const [fresh, recent, day] = ['fresh', 'recent', 'day'].map((look) => standingIn(asObject(standings[look]), floor))
  if (!fresh || !recent || !day) return noCursor()
  const turn = asObject(cursor['turn'])
  return { floor, standings: { fresh, recent, day }, turn: turn ? turnIn(turn) : null }
}

function standingIn(cursor: JsonObject | undefined, floor: Date): Standing {
  const from = asInstant(cursor?.['from'])
  if (!cursor || !from) return noCursor()
  const window = asObject(cursor['window'])
  return { from, begunAt: asInstant(cursor['begunAt']) ?? null, window: window ? windowIn(window, floor) : null }
}

function windowIn(cursor: JsonObject, floor: Date): Window {
  const [begunAt, walk] = [asInstant(cursor['begunAt']), walkIn(asObject(cursor['walk']) ?? {}, floor)]
  return begunAt && walk ? { begunAt, walk, next: asInstant(cursor['next']) ?? null } : noCursor()
}

function turnIn(cursor: JsonObject): Place['turn'] {
  const [pages, freshFrom] = [asCount(cursor['pages']), asInstant(cursor['freshFrom'])]
  const look = (['fresh', 'recent', 'day'] as const).find((one) => one === cursor['look'])
  return look && pages !== undefined && freshFrom ? { look, pages, freshFrom } : noCursor()
}

/** Cursors of one kind of look, whose walk began two hours back or a day: it goes on as what is fresh, and holds both. */
function placeOfOneWalk(cursor: JsonObject, floor: Date): Place {
  const [walk, deepAt] = [walkIn(cursor, floor), asInstant(cursor['deepAt']) ?? null]
  if (!walk) return noCursor()
  const { standings } = firstPlace(floor)
  const day = deepAt ? { from: later(floor, before(deepAt, 'day')), begunAt: deepAt, window: null } : standings.day
  if (!walk.seen)
    return { floor, standings: { ...standings, fresh: { ...standings.fresh, from: walk.from }, day }, turn: null }
  const fresh = { ...standings.fresh, window: { begunAt: walk.seen, walk, next: null } }
  return { floor, standings: { ...standings, fresh, day }, turn: { look: 'fresh', pages: 0, freshFrom: walk.from } }
}

function noCursor(): never {
  throw new RefusedError({ kind: 'rejected', reason: 'This is no cursor of Wish orders' })
}
