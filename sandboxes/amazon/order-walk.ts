// Both versions of the order search: windows of time, and pages that continue where the last one ended.
import { shuffled } from '../kit/random.ts'
import { isTyped } from '../kit/faults.ts'
import { listed } from './choices.ts'
import { fingerprint, readToken, timeOf, writeToken } from './call.ts'
import { marketplaceOf } from './reference.ts'
import type { ApiCall } from './call.ts'
import type { Order } from './state.ts'

/** What the parameters are called. */
export type Words = { created: string; updated: string; token: string; page: string; free: readonly string[] }

export type Walk = {
  orders: Order[]
  nextToken: string | undefined
  /** Which of the two dates was asked by. */
  by: 'created' | 'updated'
  /** Up to when everything is told. */
  before: number
}

const twoMinutes = 120_000
const tokenLife = 86_400_000

export type Filter = { marketplaceIds: string[]; fits(order: Order): boolean }

export function walkOrders(
  call: ApiCall,
  words: Words,
  { size, filter }: { size: number; filter: Filter },
): Walk | { problem: string } {
  const range = readRange(call, words)
  if ('problem' in range) return range
  const print = fingerprint(call.query, [words.token, words.page, ...words.free])
  const token = call.query.get(words.token)
  const bookmark = token === null ? undefined : readToken(token)
  const isGood = bookmark?.['print'] === print && Number(bookmark['issued']) + tokenLife > call.at
  if (token !== null && (!bookmark || !isGood))
    return { problem: `The ${words.token} is not valid for these parameters.` }
  // What a walk tells is decided when it starts, so that what changes on the way is for the next one.
  const before = Number(bookmark?.['before'] ?? range.before)
  const until = Number(bookmark?.['until'] ?? range.until)
  const found = candidates(call, range, until).filter((order) => filter.fits(order))
  const { faults } = call.amazon
  const isRepeat = bookmark !== undefined && faults.strikes('repeat-page', call.operation)
  const after = bookmark?.[isRepeat ? 'previous' : 'after'] as string | undefined
  let start = after === undefined ? 0 : firstAfter(found, range.by, after)
  if (start > 0 && faults.strikes('shifting-page', call.operation)) start -= 1
  const page = found.slice(start, start + size)
  const last = page.at(-1)
  const hasNext = start + size < found.length
  const next = {
    print,
    before,
    until,
    issued: Number(bookmark?.['issued'] ?? call.at),
    previous: after,
    after: last && keyOf(last, range.by),
  }
  return {
    orders: faults.strikes('reordered-page', call.operation) ? shuffled(faults.random, page) : page,
    nextToken: hasNext ? writeToken(next) : undefined,
    by: range.by,
    before,
  }
}

type Range = { by: 'created' | 'updated'; from: number; before: number; until: number }

function readRange({ amazon, query, at }: ApiCall, words: Words): Range | { problem: string } {
  const times = {
    created: { after: timeOf(query, `${words.created}After`), before: timeOf(query, `${words.created}Before`) },
    updated: { after: timeOf(query, `${words.updated}After`), before: timeOf(query, `${words.updated}Before`) },
  }
  const given = [...Object.values(times.created), ...Object.values(times.updated)]
  if (given.some((time) => Number.isNaN(time))) return { problem: 'A date is not in ISO 8601 format.' }
  if ((times.created.after === undefined) === (times.updated.after === undefined)) {
    return { problem: `Give exactly one of ${words.created}After and ${words.updated}After.` }
  }
  const by = times.created.after === undefined ? 'updated' : 'created'
  const { after: from = 0, before } = times[by]
  const other = times[by === 'created' ? 'updated' : 'created']
  if (other.before !== undefined) return { problem: `Give ${words[by]}Before with ${words[by]}After.` }
  if (before !== undefined && before < from) return { problem: `${words[by]}Before lies before ${words[by]}After.` }
  if (before !== undefined && before > at - twoMinutes) {
    return { problem: `${words[by]}Before must be at least two minutes before now.` }
  }
  if (from > at) return { problem: `${words[by]}After lies in the future.` }
  const told = before ?? at - twoMinutes
  // The newest two minutes may be told, but are never promised: whoever goes on from `told` sees them again.
  return { by, from, before: told, until: before ?? (amazon.choices.freshOrdersAtOnce ? at : told) }
}

function candidates({ amazon, sellerId, region, at }: ApiCall, { by, from }: Range, until: number): Order[] {
  return amazon.orders
    .filter((order) => {
      const time = timeBy(order, by)
      const isMine = order.sellerId === sellerId && marketplaceOf(order.marketplaceId)?.region === region
      return isMine && time >= from && time <= until && order.hiddenUntil <= at && !isGone(order)
    })
    .toSorted((one, other) => timeBy(one, by) - timeBy(other, by) || (one.id < other.id ? -1 : 1))
}

export function isGone(order: Order): boolean {
  return order.lines.some((line) => isTyped('gone-me', line.sku, line.title))
}

function timeBy(order: Order, by: Range['by']): number {
  return by === 'created' ? order.createdAt : order.updatedAt
}

function keyOf(order: Order, by: Range['by']): string {
  return `${String(timeBy(order, by)).padStart(15, '0')} ${order.id}`
}

function firstAfter(orders: readonly Order[], by: Range['by'], key: string): number {
  const index = orders.findIndex((order) => keyOf(order, by) > key)
  return index === -1 ? orders.length : index
}

/** Sites the seller may not read orders of; the whole call is refused for one of them. */
export function deniedSites({ amazon, sellerId, region }: ApiCall, marketplaceIds: readonly string[]): string[] {
  const closed = listed(amazon.choices.closedMarketplaces)
  const sells = amazon.sellers.get(sellerId)?.marketplaces ?? []
  return marketplaceIds.filter(
    (id) => marketplaceOf(id)?.region !== region || closed.includes(id) || !sells.includes(id),
  )
}
