// Keyboard and mouse of a table: arrows, Home, End, Page keys move; Enter opens; Space selects; Shift takes a range;
// Right and Left open and close what is below a row.
import type { KeyboardEvent, MouseEvent } from 'react'
import { useCallback, useLayoutEffect, useRef } from 'react'
import { mayChoose, toggled } from './DataTableRow.tsx'
import type { TableProps, Tree } from './DataTable.tsx'

type Table<Row> = TableProps<Row> & {
  active: number
  setActive: (index: number) => void
  scrollTo: (index: number) => void
}

const pageRows = 15

export function useTableKeys<Row>(table: Table<Row>) {
  const { source, selection, rowKey, active } = table
  const anchor = useRef(-1)
  const rows = source.rows

  const selectRange = (to: number) => {
    if (!selection) return
    if (anchor.current < 0) anchor.current = Math.max(active, 0)
    const from = Math.min(anchor.current, to)
    const range = rows.slice(from, Math.max(anchor.current, to) + 1)
    selection.onChange(new Set([...selection.chosen, ...range.filter((row) => mayChoose(selection, row)).map(rowKey)]))
  }
  const go = (to: number, ranging: boolean) => {
    const index = Math.max(0, Math.min(rows.length - 1, to))
    if (ranging) selectRange(index)
    else anchor.current = index
    table.setActive(index)
    table.scrollTo(index)
  }
  /** Right opens and goes down into it, Left closes or goes up to the row it belongs to. */
  const turn = (tree: Tree<Row>, row: Row, opening: boolean) => {
    const isOpen = tree.isOpen(row)
    if (isOpen !== undefined && isOpen !== opening) tree.onToggle(row, opening)
    else if (isOpen === true) go(active + 1, false)
    else if (!opening) {
      const above = rows.slice(0, active).findLastIndex((each) => tree.level(each) < tree.level(row))
      if (above >= 0) go(above, false)
    }
  }
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (rows.length === 0 || event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey)
      return
    const to = destination(event.key, active, rows.length)
    const row = rows[active]
    if (to !== undefined) go(to, event.shiftKey)
    // A button or link inside the row keeps its own Enter and Space.
    else if (event.target !== event.currentTarget) return
    else if ((event.key === 'ArrowRight' || event.key === 'ArrowLeft') && row !== undefined && table.tree)
      turn(table.tree, row, event.key === 'ArrowRight')
    else if (event.key === 'Enter' && row !== undefined) table.onOpen?.(row)
    else if (event.key === ' ' && row !== undefined && selection && mayChoose(selection, row))
      selection.onChange(toggled(selection.chosen, rowKey(row)))
    else if (event.key === ' ' && row !== undefined && table.onOpen) table.onOpen(row)
    else if (event.key === 'Escape' && selection) selection.onChange(new Set())
    else return
    event.preventDefault()
  }
  const clicked = (event: MouseEvent, index: number) => {
    if ((event.target as Element).closest('a, button, input, label, [data-keeps-click]')) return
    const row = rows[index]
    table.setActive(index)
    if (event.shiftKey && selection) {
      selectRange(index)
      return
    }
    anchor.current = index
    if (row !== undefined && !window.getSelection()?.toString()) table.onOpen?.(row)
  }
  // Rows are handed one function that stays the same, so that they need not be drawn anew.
  const latest = useRef(clicked)
  useLayoutEffect(() => {
    latest.current = clicked
  })
  const onRowClick = useCallback((event: MouseEvent, index: number) => latest.current(event, index), [])
  return { onKeyDown, onRowClick }
}

function destination(key: string, active: number, count: number): number | undefined {
  const moves: Record<string, number> = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: active + pageRows,
    PageUp: active - pageRows,
    Home: 0,
    End: count - 1,
  }
  return moves[key]
}
