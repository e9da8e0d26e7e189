// Pages of lists: an opaque token for where to go on, and what may go wrong between two pages.
import { shuffled } from '../kit/random.ts'
import type { Faults } from '../kit/faults.ts'

export type Page<Item> = { items: Item[]; nextToken: string }

export type Keyed<Item> = {
  /** In the order they are given. */
  items: readonly Item[]
  /** Where a page ended. Later pages start behind the first item that comes after it, however the list moved meanwhile. */
  keyOf(item: Item): string
  comesAfter(item: Item, key: string): boolean
}

export function pageOf<Item>(
  { items, keyOf, comesAfter }: Keyed<Item>,
  { size, token, operation, faults }: { size: number; token: string | null; operation: string; faults: Faults },
): Page<Item> | undefined {
  const isFirst = token === null || token === ''
  const key = isFirst ? undefined : readToken(token)
  if (!isFirst && key === undefined) return undefined
  let start = key === undefined ? 0 : firstAfter(items, (item) => comesAfter(item, key))
  if (key !== undefined && faults.strikes('repeat-page', operation)) start = Math.max(0, start - size)
  else if (key !== undefined && faults.strikes('shifting-page', operation)) {
    start = Math.max(0, start + (faults.random() < 0.5 ? -1 : 1))
  }
  const taken = items.slice(start, start + size)
  const last = taken.at(-1)
  const isMore = start + size < items.length
  const shown = faults.strikes('reordered-page', operation) ? shuffled(faults.random, taken) : taken
  return { items: shown, nextToken: last !== undefined && isMore ? makeToken(keyOf(last)) : '' }
}

// The list is in order, so a search in halves is enough.
function firstAfter<Item>(items: readonly Item[], isAfter: (item: Item) => boolean): number {
  let [low, high] = [0, items.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (isAfter(items[middle] as Item)) high = middle
    else low = middle + 1
  }
  return low
}

export function makeToken(key: string): string {
  return Buffer.from(`p1:${key}`).toString('base64url')
}

/** Undefined: not one of ours. */
export function readToken(token: string): string | undefined {
  const text = Buffer.from(token, 'base64url').toString('utf8')
  return text.startsWith('p1:') ? text.slice(3) : undefined
}
