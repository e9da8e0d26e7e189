// Where a table's rows come from: pages behind a cursor, or one whole list. Both look the same to the table.
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Args, PagedName, Rest, RowOf } from '../api.ts'
import { askPages } from '../api.ts'

export type RoughCount = { value: number; more: boolean }

export type TableSource<Row> = {
  rows: Row[]
  /** Undefined until the first answer. */
  count: RoughCount | undefined
  loading: boolean
  /** Rows of another search are still shown while the new ones are on their way. */
  settling: boolean
  error: unknown
  retry: () => void
  hasNext: boolean
  loadingNext: boolean
  loadNext: () => void
  /** Newer figures are there, and the list is too long to load anew by itself. */
  stale: boolean
}

/** Rows of a paged route: `usePages('orders', { query: { search } })`. */
export function usePages<Name extends PagedName>(name: Name, args: Args<Name>): TableSource<RowOf<Name>> {
  const options = askPages(name, ...([args] as unknown as Rest<Name>))
  const query = useInfiniteQuery({ ...options, placeholderData: keepPreviousData })
  const pages = query.data?.pages as { rows: RowOf<Name>[]; count: RoughCount }[] | undefined
  const rows = useMemo(() => pages?.flatMap((page) => page.rows) ?? [], [pages])
  return {
    rows,
    count: pages?.[0]?.count,
    loading: query.isPending,
    settling: query.isPlaceholderData,
    error: query.error,
    retry: () => void query.refetch(),
    hasNext: query.hasNextPage,
    loadingNext: query.isFetchingNextPage,
    loadNext: () => void query.fetchNextPage({ cancelRefetch: false }),
    stale: query.isStale && !query.isFetching && (pages?.length ?? 0) > 0,
  }
}

/** Rows of a route that answers with the whole list. */
export function listSource<Row>(query: {
  data: Row[] | undefined
  isPending: boolean
  error: unknown
  refetch: () => unknown
}): TableSource<Row> {
  return {
    rows: query.data ?? [],
    count: query.data ? { value: query.data.length, more: false } : undefined,
    loading: query.isPending,
    settling: false,
    error: query.data ? null : query.error,
    retry: () => void query.refetch(),
    hasNext: false,
    loadingNext: false,
    loadNext: () => {},
    stale: false,
  }
}
