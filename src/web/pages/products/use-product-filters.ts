// What the list shows: all of it in the address, so that a view can be sent to a colleague.
import { useFilters } from '../../parts/filters.ts'
import type { Args } from '../../api.ts'

export type ProductQuery = NonNullable<Args<'myProducts'>['query']>
export type ProductFilterChange = Partial<Record<(typeof keys)[number], string | null>>

const keys = ['search', 'category', 'supplierId', 'inStock', 'channelId', 'states', 'archived'] as const

export function useProductFilters() {
  const [query, setQuery] = useFilters(...keys)
  const { search, category, supplierId, channelId, states } = query
  const yesNo = (text: string | undefined) => (text === 'yes' || text === 'no' ? text : undefined)
  const inStock = yesNo(query.inStock)
  const archived = yesNo(query.archived)
  const wanted: ProductQuery = {
    ...(search ? { search } : {}),
    ...(category ? { category } : {}),
    ...(supplierId ? { supplierId } : {}),
    ...(inStock ? { inStock } : {}),
    ...(channelId ? { channelId } : {}),
    ...(channelId && states ? { states } : {}),
    ...(archived ? { archived } : {}),
  }
  const isFiltered = Object.keys(wanted).length > 0
  const clear = () => setQuery(Object.fromEntries(keys.map((key) => [key, null])))
  return { query: wanted, onChange: setQuery as (change: ProductFilterChange) => void, isFiltered, clear }
}
