// What the grid is filtered and sorted by, as the address has it. What no filter can be is left out.
import type { z } from 'zod'
import { routes } from '../../../api/contract.ts'
import { useFilters } from '../../parts/filters.ts'
import type { ChosenProducts } from './chosen.ts'
import type { GridState } from './grid-state.ts'

const { shape } = routes.gridProducts.query
export type GridQuery = Omit<z.input<typeof routes.gridProducts.query>, 'cursor' | 'limit'>
export type FilterKey = (typeof keys)[number]
export type FilterChange = { [Key in FilterKey]?: string | null | undefined }
export type GridSort = z.output<(typeof shape)['sort']>

const keys = ['search', 'states', 'category', 'supplierId', 'inStock', 'sort', 'direction'] as const

export const gridSorts = shape.sort.unwrap().options

export type GridFiltersInUse = ReturnType<typeof useGridFilters>

export function useGridFilters() {
  const [filters, setFilters] = useFilters(...keys)
  const query = Object.fromEntries(
    Object.entries(filters).filter(([key, value]) => shape[key as FilterKey].safeParse(value).success),
  ) as GridQuery
  const sort: GridSort = query.sort ?? 'title'
  const direction = query.direction ?? 'up'
  return {
    query,
    setFilters,
    sort,
    direction,
    /** The same head again turns the direction. */
    sortBy: (by: string) => setFilters({ sort: by, direction: by === sort && direction === 'up' ? 'down' : null }),
    clear: () => setFilters({ search: null, states: null, category: null, supplierId: null, inStock: null }),
    isFiltered: Object.keys(query).some((key) => key !== 'sort' && key !== 'direction'),
  }
}

/** All that match, as actions take it. */
export function asChosenFilter(query: GridQuery): Extract<ChosenProducts, { filter: unknown }>['filter'] {
  const { states, inStock, search, category, supplierId } = query
  return {
    ...(search ? { search } : {}),
    ...(category ? { category } : {}),
    ...(supplierId ? { supplierId } : {}),
    ...(states ? { states: states.split(',') as GridState[] } : {}),
    ...(inStock ? { inStock: inStock === 'yes' } : {}),
  }
}
