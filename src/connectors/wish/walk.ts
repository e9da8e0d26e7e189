// Walking the list of orders upwards by the time of their last change, page by page. An order that changes meanwhile moves
// to its end, so upwards nothing slips past us; a list read downwards, as is Wish's default, loses it.
//
// Wish has no cursor: the next page begins at the time of the last row, bounds included. Where more orders share one
// instant than fit on a page, that bound cannot move (W8). Then the orders of that instant are read by themselves, walked
// by the time of their release, and the walk goes on behind it.
import { RefusedError } from '../connector.ts'
import type { HttpRequest } from '../connector.ts'
import { asCount, asInstant, asObject } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import { orderIdOf } from './orders.ts'

export const pageSizeMax = 500
/** A page cut one order too late is noticed by the missing one at the border; it is asked for again this often. */
const stepsBackMax = 2

export type Walk = {
  /** Nothing that changed before is ever asked for. */
  floor: Date
  /** Orders that changed at this time or later are asked for. */
  from: Date
  /** And at this time or before; null: up to whatever there is. */
  to: Date | null
  /** The newest change seen so far. */
  seen: Date | null
  /** The last order of the page before: the next one begins with it, unless it changed meanwhile. */
  border: string | null
  stepsBack: number
  /** Set while the orders of the instant `from` are read by themselves: those released at this time or later (0: all). */
  releasedFrom: Date | null
}

/** Where the walk goes on, or that it is through: then it tells the newest change it saw. */
export type Step = { walk: Walk; isEnd: boolean; lost?: string }

export function walkOf({ floor, from, to }: Pick<Walk, 'floor' | 'from' | 'to'>): Walk {
  return { floor, from, to, seen: null, border: null, stepsBack: 0, releasedFrom: null }
}

export function queryOf(walk: Walk): NonNullable<HttpRequest['query']> {
  const { from, to, releasedFrom } = walk
  if (releasedFrom === null) {
    const query = { sort_by: 'updated_at.asc', limit: pageSizeMax, updated_at_min: from.toISOString() }
    return to === null ? query : { ...query, updated_at_max: to.toISOString() }
  }
  return {
    sort_by: 'released_at.asc',
    limit: pageSizeMax,
    updated_at_min: from.toISOString(),
    // What Wish shows may be cut to milliseconds, so the instant reaches to the next one.
    updated_at_max: new Date(from.getTime() + 1).toISOString(),
    released_at_min: releasedFrom.getTime() === 0 ? undefined : releasedFrom.toISOString(),
  }
}

export function stepAfter(walk: Walk, rows: unknown[]): Step {
  return walk.releasedFrom === null ? stepUpwards(walk, rows) : stepWithinInstant(walk, rows)
}

function stepUpwards(walk: Walk, rows: unknown[]): Step {
  const last = latest(rows, 'updated_at')
  const seen = laterOf(walk.seen, last)
  if (isCutWrongly(walk, rows)) {
    const from = later(walk.floor, new Date(walk.from.getTime() - 1))
    return onward({ ...walk, from, seen, stepsBack: walk.stepsBack + 1 })
  }
  if (rows.length < pageSizeMax) return { walk: { ...walk, seen }, isEnd: true }
  if (!last) throw new RefusedError({ kind: 'wait', seconds: 60, reason: 'Wish does not say when its orders changed' })
  const border = orderIdOf(asObject(rows.findLast((row) => isOf(row, last))) ?? {})
  if (last > walk.from) return onward({ ...walk, from: last, seen, border, stepsBack: 0 })
  return onward({ ...walk, seen, border: null, stepsBack: 0, releasedFrom: new Date(0) })
}

function stepWithinInstant(walk: Walk, rows: unknown[]): Step {
  const behind: Walk = { ...walk, from: new Date(walk.from.getTime() + 1), border: null, releasedFrom: null }
  if (rows.length < pageSizeMax) return onward(behind)
  const last = latest(rows, 'released_at')
  if (last && walk.releasedFrom && last > walk.releasedFrom) return onward({ ...walk, releasedFrom: last })
  const lost = `More than ${pageSizeMax} orders changed and were released in the same instant (${walk.from.toISOString()}), so some may be missing`
  return { ...onward(behind), lost }
}

// The border order is missing either because it changed, and then it comes later on, or because the page begins too late.
function isCutWrongly(walk: Walk, rows: unknown[]): boolean {
  if (walk.border === null || walk.stepsBack >= stepsBackMax) return false
  return !rows.some((row) => orderIdOf(asObject(row) ?? {}) === walk.border)
}

function onward(walk: Walk): Step {
  return { walk, isEnd: false }
}

function latest(rows: unknown[], name: 'updated_at' | 'released_at'): Date | null {
  return rows.reduce<Date | null>((last, row) => laterOf(last, asInstant(asObject(row)?.[name]) ?? null), null)
}

function isOf(row: unknown, instant: Date): boolean {
  return asInstant(asObject(row)?.['updated_at'])?.getTime() === instant.getTime()
}

function laterOf(one: Date | null, other: Date | null): Date | null {
  return one && other ? later(one, other) : (one ?? other)
}

export function later(one: Date, other: Date): Date {
  return one > other ? one : other
}

/** A walk out of a cursor; undefined where it is not one we wrote. */
export function walkIn(cursor: JsonObject, floor: Date): Walk | undefined {
  const from = asInstant(cursor['from'])
  if (!from) return undefined
  return {
    floor,
    from,
    to: asInstant(cursor['to']) ?? null,
    seen: asInstant(cursor['seen']) ?? null,
    border: orderIdOf({ id: cursor['border'] }),
    stepsBack: asCount(cursor['stepsBack']) ?? 0,
    releasedFrom: asInstant(cursor['releasedFrom']) ?? null,
  }
}
