// Lists with pages, the way Reverb links them, and the faults that pages have.
import { shuffled } from '../kit/random.ts'
import { done } from './call.ts'
import type { Answer, Call } from './call.ts'

export const pageSizeDefault = 24
export const pageSizeMax = 100

export type ListOptions<Item> = {
  name: string
  items: readonly Item[]
  show(item: Item): unknown
  /** Orders ignore `per_page`, as has been observed. */
  respectsPageSize: boolean
  /** Whether links to other pages carry the host. Both kinds have been seen. */
  absoluteLinks: boolean
}

export function answerPage<Item>(call: Call, options: ListOptions<Item>): Answer {
  const size = options.respectsPageSize ? readSize(call) : pageSizeDefault
  const { faults } = call.reverb
  const asked = positive(call.query.get('page')) ?? 1
  // As if a cache gave the page before: its items and its links. Who follows the links loses nothing.
  const page = asked > 1 && faults.strikes('repeat-page', call.operation) ? asked - 1 : asked
  const offset = positive(call.query.get('offset')) ?? 0
  const first = Math.max(0, offset + (page - 1) * size + shiftOf(call, page))
  const items = options.items.slice(first, first + size)
  const shown = faults.strikes('reordered-page', call.operation) ? shuffled(faults.random, items) : items
  const total = options.items.length
  const pages = Math.max(1, Math.ceil((total - offset) / size))
  const link = (target: number) => ({ href: linkTo(call, target, options.absoluteLinks) })
  return done({
    total,
    current_page: page,
    total_pages: pages,
    per_page: size,
    [options.name]: shown.map((item) => options.show(item)),
    _links: {
      self: link(page),
      ...(page > 1 ? { prev: link(page - 1) } : {}),
      ...(page < pages ? { next: link(page + 1) } : {}),
    },
  })
}

function linkTo(call: Call, page: number, absolute: boolean): string {
  const query = new URLSearchParams(call.query)
  query.set('page', String(page))
  return `${absolute ? call.origin : ''}${call.path}?${query}`
}

function shiftOf(call: Call, page: number): number {
  const { faults } = call.reverb
  if (page === 1 || !faults.strikes('shifting-page', call.operation)) return 0
  return faults.random() < 0.5 ? -1 : 1
}

function readSize(call: Call): number {
  return Math.min(positive(call.query.get('per_page')) ?? pageSizeDefault, pageSizeMax)
}

function positive(text: string | null): number | undefined {
  const value = Number(text)
  return text !== null && Number.isInteger(value) && value > 0 ? value : undefined
}
