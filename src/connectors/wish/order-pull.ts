// Pulling orders: walked upwards by the time of their last change, page by page, from a mark that reaches back into what
// was read before. An order that changes during the walk moves to its end, so upwards nothing slips past us; a list read
// downwards, as is Wish's default, loses it.
//
// Wish has no cursor: the next page begins at the time of the last row, bounds included. Where more orders share one
// instant than fit on a page, that bound cannot move (W8). Then the orders of that instant are read by themselves, walked
// by the time of their release, and the walk goes on behind it.
import { RefusedError } from '../connector.ts'
import type { Call, ChannelOrder, HttpRequest, Page, PullFrom } from '../connector.ts'
import { newestOfEach } from '../../domain/orders/channel-order.ts'
import { asCount, asInstant, asObject, UnreadableError } from '../reading.ts'
import type { WishAccount } from './account.ts'
import { askForList } from './ask.ts'
import { parseCursor } from './cursor.ts'
import { orderIdOf, toChannelOrder } from './orders.ts'

export const pageSizeMax = 500
/** How far each walk reaches back behind the last change it saw: orders may show up late, and a page may be cut wrongly. */
export const overlapHours = 2
/** Orders have shown up hours late, with the time they were placed at: so far back it looks once in a while. */
export const deepHours = 24
const deepEveryHours = 1
const hourMilliseconds = 3_600_000
/** A page cut one order too late is noticed by the missing one at the border; it is asked for again this often. */
const stepsBackMax = 2

type Walk = {
  /** Nothing that changed before is ever asked for: the `since` of the very first pull. */
  floor: Date
  /** Orders that changed at this time or later are asked for. */
  from: Date
  /** When the last look a day back was due; null while the very first walk is under way, which sees everything. */
  deepAt: Date | null
  /** The newest change seen so far. */
  seen: Date | null
  /** The last order of the page before: the next one begins with it, unless it changed meanwhile. */
  border: string | null
  stepsBack: number
  /** Set while the orders of the instant `from` are read by themselves: those released at this time or later (0: all). */
  releasedFrom: Date | null
}

export async function pullOrders(call: Call<WishAccount>, from: PullFrom): Promise<Page<ChannelOrder>> {
  const walk = from.cursor === null ? firstWalk(from.since) : walkIn(from.cursor)
  const rows = await askForList(call, requestFor(walk), 'a list of orders')
  const { items, unreadable } = readOrders(rows)
  const step = walk.releasedFrom === null ? stepAfter(walk, rows) : stepWithinInstant(walk, rows)
  if (step.lost) unreadable.push({ reference: null, reason: step.lost, raw: null })
  if (step.next) return { items, unreadable, cursor: cursorText(step.next), more: true }
  return { items, unreadable, cursor: cursorText(nextWalk(walk, rows, call.now)), more: false }
}

function requestFor(walk: Walk): HttpRequest {
  const query: HttpRequest['query'] =
    walk.releasedFrom === null
      ? { sort_by: 'updated_at.asc', limit: pageSizeMax, updated_at_min: walk.from.toISOString() }
      : {
          sort_by: 'released_at.asc',
          limit: pageSizeMax,
          updated_at_min: walk.from.toISOString(),
          // What Wish shows may be cut to milliseconds, so the instant reaches to the next one.
          updated_at_max: new Date(walk.from.getTime() + 1).toISOString(),
          released_at_min: walk.releasedFrom.getTime() === 0 ? undefined : walk.releasedFrom.toISOString(),
        }
  return { method: 'GET', url: '/api/v3/orders', query }
}

type Step = { next?: Walk; lost?: string }

function stepAfter(walk: Walk, rows: unknown[]): Step {
  const last = latest(rows, 'updated_at')
  const seen = later(walk.seen, last)
  if (isCutWrongly(walk, rows)) {
    const from = later(walk.floor, new Date(walk.from.getTime() - 1)) ?? walk.floor
    return { next: { ...walk, from, seen, stepsBack: walk.stepsBack + 1 } }
  }
  if (rows.length < pageSizeMax) return {}
  if (!last) throw new RefusedError({ kind: 'wait', seconds: 60, reason: 'Wish does not say when its orders changed' })
  const border = orderIdOf(asObject(rows.findLast((row) => isOf(row, last))) ?? {})
  if (last > walk.from) return { next: { ...walk, from: last, seen, border, stepsBack: 0 } }
  return { next: { ...walk, seen, border: null, stepsBack: 0, releasedFrom: new Date(0) } }
}

function stepWithinInstant(walk: Walk, rows: unknown[]): Step {
  const behind: Walk = { ...walk, from: new Date(walk.from.getTime() + 1), border: null, releasedFrom: null }
  if (rows.length < pageSizeMax) return { next: behind }
  const last = latest(rows, 'released_at')
  if (last && walk.releasedFrom && last > walk.releasedFrom) return { next: { ...walk, releasedFrom: last } }
  const reason = `More than ${pageSizeMax} orders changed and were released in the same instant (${walk.from.toISOString()}), so some may be missing`
  return { next: behind, lost: reason }
}

// The border order is missing either because it changed, and then it comes later on, or because the page begins too late.
function isCutWrongly(walk: Walk, rows: unknown[]): boolean {
  if (walk.border === null || walk.stepsBack >= stepsBackMax) return false
  return !rows.some((row) => orderIdOf(asObject(row) ?? {}) === walk.border)
}

/** By Wish's own times, never beyond ours: one order dated far ahead must not hide those that come before it. */
function nextWalk(walk: Walk, rows: unknown[], now: Date): Walk {
  const seen = later(walk.seen, latest(rows, 'updated_at'))
  const { floor } = walk
  // Nothing at all changed since: the next walk begins where this one did.
  if (!seen) return { ...firstWalk(floor), from: walk.from, deepAt: walk.deepAt }
  const deepAt = walk.deepAt ?? now
  const isDeep = now.getTime() - deepAt.getTime() >= deepEveryHours * hourMilliseconds
  const hours = isDeep ? deepHours : overlapHours
  const mark = new Date(Math.min(seen.getTime(), now.getTime()) - hours * hourMilliseconds)
  return { ...firstWalk(floor), from: later(floor, mark) ?? floor, deepAt: isDeep ? now : deepAt }
}

function readOrders(rows: unknown[]) {
  const items: ChannelOrder[] = []
  const unreadable: Page<ChannelOrder>['unreadable'] = []
  for (const raw of rows) {
    try {
      items.push(toChannelOrder(raw))
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error
      unreadable.push({ reference: orderIdOf(asObject(raw) ?? {}), reason: error.message, raw })
    }
  }
  return { items: newestOfEach(items), unreadable }
}

function latest(rows: unknown[], name: 'updated_at' | 'released_at'): Date | null {
  return rows.reduce<Date | null>((last, row) => later(last, asInstant(asObject(row)?.[name]) ?? null), null)
}

function isOf(row: unknown, instant: Date): boolean {
  return asInstant(asObject(row)?.['updated_at'])?.getTime() === instant.getTime()
}

function later(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other
  return one > other ? one : other
}

function firstWalk(since: Date): Walk {
  return { floor: since, from: since, deepAt: null, seen: null, border: null, stepsBack: 0, releasedFrom: null }
}

function cursorText(walk: Walk): string {
  return JSON.stringify(walk)
}

function walkIn(text: string): Walk {
  const cursor = parseCursor(text)
  const [floor, from] = [asInstant(cursor['floor']), asInstant(cursor['from'])]
  if (!floor || !from) throw new RefusedError({ kind: 'rejected', reason: 'This is no cursor of Wish orders' })
  return {
    floor,
    from,
    deepAt: asInstant(cursor['deepAt']) ?? null,
    seen: asInstant(cursor['seen']) ?? null,
    border: orderIdOf({ id: cursor['border'] }),
    stepsBack: asCount(cursor['stepsBack']) ?? 0,
    releasedFrom: asInstant(cursor['releasedFrom']) ?? null,
  }
}
