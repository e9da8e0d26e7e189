// The filters of the orders list, as the address has them. What no filter can be is left out, so that a mangled link
// still shows orders.
import type { z } from 'zod'
import { orderFilter, orderStatus } from '../../../api/contract.ts'
import { useFilters, readSearch, writeSearch } from '../../parts/filters.ts'

export type OrderStatus = z.infer<typeof orderStatus>
export type OrderQuery = z.input<typeof orderFilter> & { sort?: 'ship-by' }
export type FilterKey = keyof OrderQuery
export type FilterChange = { [Key in FilterKey]?: string | null | undefined }

const keys = [
  'search',
  'status',
  'channelId',
  'paid',
  'supplierId',
  'country',
  'shipBy',
  'problems',
  'from',
  'to',
  'sort',
] as const satisfies readonly FilterKey[]

export function useOrderFilters() {
  const [filters, setFilters] = useFilters(...keys)
  const query: OrderQuery = readQuery(filters)
  const replace = (next: FilterChange) => setFilters({ ...Object.fromEntries(keys.map((key) => [key, null])), ...next })
  const isFiltered = Object.keys(query).some((key) => key !== 'sort')
  return { query, setFilters, replace, clear: () => replace({}), isFiltered }
}

function readQuery({ sort, ...filters }: Partial<Record<FilterKey, string>>): OrderQuery {
  const { shape } = orderFilter
  const kept = Object.entries(filters).filter(
    ([key, value]) => key in shape && shape[key as keyof typeof shape].safeParse(value).success,
  )
  return { ...Object.fromEntries(kept), ...(sort === 'ship-by' ? { sort } : {}) }
}

/** What is kept under a name is the address' own text. */
export function queryText(query: OrderQuery): string {
  return writeSearch(query).slice(1)
}

export function readQueryText(text: string): OrderQuery {
  return readQuery(readSearch(text))
}

/** For the routes that know no order of the list. */
export function withoutSort({ sort: _sort, ...filter }: OrderQuery): z.input<typeof orderFilter> {
  return filter
}
