// Products of the grid with their variations below those that are open.
import { useQueries } from '@tanstack/react-query'
import { useCallback, useMemo, useState } from 'react'
import { ask } from '../../api.ts'
import type { Tree } from '../../parts/DataTable.tsx'
import type { TableSource } from '../../parts/table-source.ts'
import type { GridRow } from './grid-state.ts'

export function useVariations(channelId: string, source: TableSource<GridRow>) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const ids = useMemo(() => [...open], [open])
  const below = useQueries({
    queries: ids.map((productId) => ask('gridChildren', { params: { id: channelId }, query: { productId } })),
    combine: (answers) => answers.map(({ data }) => data),
  })
  const rows = useMemo(() => {
    if (ids.length === 0) return source.rows
    const of = new Map(ids.map((id, at) => [id, below[at]]))
    return source.rows.flatMap((row) => [row, ...(of.get(row.productId) ?? [])])
  }, [source.rows, ids, below])
  const onToggle = useCallback((row: GridRow, opening: boolean) => {
    setOpen((before) => {
      const next = new Set(before)
      if (opening) next.add(row.productId)
      else next.delete(row.productId)
      return next
    })
  }, [])
  const tree: Tree<GridRow> = useMemo(
    () => ({
      level: (row) => (row.kind === 'child' ? 2 : 1),
      isOpen: (row) => (row.kind === 'parent' ? open.has(row.productId) : undefined),
      onToggle,
    }),
    [open, onToggle],
  )
  return { source: { ...source, rows }, tree }
}

export function keyOfRow(row: GridRow): string {
  return row.kind === 'child' ? `${row.productId} ${row.variantId}` : row.productId
}
