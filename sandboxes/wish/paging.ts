// Lists by key: bounds in time that include both ends, an order and a limit. There is no cursor and no total, so whoever
// walks them must move a bound, and more rows of one time than the limit cannot be walked at all.
import { shuffled } from '../kit/random.ts'
import { readTime } from './call.ts'
import type { Ask } from './call.ts'

export type KeysetOptions<Item extends { id: string }> = {
  items: readonly Item[]
  /** The same in rising order of one of the times, where that is known already. */
  rising?: ((name: string) => readonly Item[]) | undefined
  /** What may be sorted and bounded by. */
  times: Record<string, (item: Item) => Date | undefined>
  keeps(item: Item): boolean
  limitDefault: number
  limitMax: number
  sortDefault: string
}

export function listByTime<Item extends { id: string }>(
  ask: Ask,
  options: KeysetOptions<Item>,
): Item[] | { refusal: string } {
  const { query, wish } = ask
  const limit = readLimit(query.get('limit'), options)
  if (limit === undefined) return { refusal: `limit must be between 1 and ${options.limitMax}.` }
  const bounds = readBounds(query, options)
  if ('refusal' in bounds) return bounds
  const order = readOrder(query.get('sort_by') ?? options.sortDefault, options)
  if (!order) return { refusal: 'sort_by is not valid.' }
  const { timeOf, sign } = order
  const isShown = (item: Item) => timeOf(item) !== undefined && options.keeps(item) && bounds.keeps(item)
  const rising = options.rising?.(order.name) ?? sortedByTime(options.items, timeOf)
  const page: Item[] = []
  for (let index = sign > 0 ? 0 : rising.length - 1; page.length < limit; index += sign) {
    const item = rising[index]
    if (!item) break
    if (isShown(item)) page.push(item)
  }
  const first = page[0] && timeOf(page[0])?.getTime()
  if (first !== undefined && wish.faults.strikes('shifting-page', ask.operation)) {
    const early = oneTooEarly(options, { timeOf, sign, time: first })
    if (early) page.unshift(early)
  }
  return wish.faults.strikes('reordered-page', ask.operation) ? shuffled(wish.faults.random, page) : page
}

export function sortedByTime<Item extends { id: string }>(
  items: readonly Item[],
  timeOf: (item: Item) => Date | undefined,
): Item[] {
  return items
    .map((item) => ({ item, time: timeOf(item)?.getTime() ?? 0 }))
    .toSorted((one, other) => one.time - other.time || (one.item.id < other.item.id ? -1 : 1))
    .map(({ item }) => item)
}

/** The row that stands just before the window. */
function oneTooEarly<Item extends { id: string }>(
  { items, keeps }: KeysetOptions<Item>,
  { timeOf, sign, time }: { timeOf(item: Item): Date | undefined; sign: number; time: number },
): Item | undefined {
  let best: { item: Item; time: number } | undefined
  for (const item of items) {
    const own = timeOf(item)?.getTime()
    if (own === undefined || !keeps(item) || sign * (own - time) >= 0) continue
    if (!best || sign * (own - best.time) > 0) best = { item, time: own }
  }
  return best?.item
}

function readLimit(text: string | null, { limitDefault, limitMax }: { limitDefault: number; limitMax: number }) {
  if (text === null) return limitDefault
  const limit = Number(text)
  return Number.isInteger(limit) && limit >= 1 && limit <= limitMax ? limit : undefined
}

function readBounds<Item extends { id: string }>(
  query: URLSearchParams,
  { times }: KeysetOptions<Item>,
): { keeps(item: Item): boolean } | { refusal: string } {
  const tests: ((item: Item) => boolean)[] = []
  for (const [name, timeOf] of Object.entries(times)) {
    for (const end of ['min', 'max'] as const) {
      const text = query.get(`${name}_${end}`)
      if (text === null || text === '') continue
      const bound = readTime(text)?.getTime()
      if (bound === undefined) return { refusal: `${name}_${end} is not a valid date-time.` }
      tests.push((item) => {
        const time = timeOf(item)?.getTime()
        return time !== undefined && (end === 'min' ? time >= bound : time <= bound)
      })
    }
  }
  return { keeps: (item) => tests.every((test) => test(item)) }
}

function readOrder<Item extends { id: string }>(text: string, { times }: KeysetOptions<Item>) {
  const [, name = '', direction = 'asc'] = /^([a-z_]+)(?:\.(asc|desc))?$/.exec(text) ?? []
  const timeOf = Object.hasOwn(times, name) ? times[name] : undefined
  return timeOf && { name, timeOf, sign: direction === 'asc' ? 1 : -1 }
}
