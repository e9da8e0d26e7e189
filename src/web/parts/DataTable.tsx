// The table of every list: only the rows in sight are drawn, the head and the first column stay, the keyboard does
// everything (arrows, Enter, Space, Shift for ranges), and on a narrow screen each row is a card. Where it is asked for,
// heads sort and can be made wider, and rows open to show those below them.
import { Button } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useVirtualizer } from '@tanstack/react-virtual'
import type { ReactNode } from 'react'
import { useEffect, useId, useMemo, useRef, useState } from 'react'
import { countLabel } from '../format.ts'
import { t } from '../i18n.ts'
import { IconRefresh } from '../icons.ts'
import classes from './DataTable.module.css'
import { SkeletonRows, TableHead, TableRow } from './DataTableRow.tsx'
import { ErrorState } from './ErrorState.tsx'
import type { TableSource } from './table-source.ts'
import { useTableKeys } from './table-keys.ts'

export type Column<Row> = {
  key: string
  head: string
  /** Smallest width in pixels. */
  width: number
  /** Share of the room left over; left out: the column keeps its width. */
  grow?: number
  /** Figures are right-aligned. */
  figures?: boolean
  render: (row: Row) => ReactNode
  /** Its place on a card: the title, beside it, a labelled line below, or nowhere. Default: a line. */
  card?: 'title' | 'side' | 'line' | 'none'
  /** What the head sorts by. */
  sort?: string
  /** Stays at the left next to the first one, or at the right; such a column does not grow. */
  stays?: 'start' | 'end'
  /** Where it stays: set by the table. */
  left?: number
}

export type Selection = {
  chosen: ReadonlySet<string>
  onChange: (chosen: ReadonlySet<string>) => void
  /** No box for all rows, where choosing all makes no sense. */
  withoutAll?: boolean
  /** Rows without a box of their own: those that go with another. */
  mayChoose?: (row: never) => boolean
  /** Said instead of how many rows are selected: where more than those loaded are. */
  said?: string | undefined
}

export type Sorting = { by: string; direction: 'up' | 'down'; onSort: (by: string) => void }
export type Sizing = {
  widths: Readonly<Record<string, number>>
  /** Undefined: as wide as before. */
  onResize: (key: string, width: number | undefined) => void
}
export type Tree<Row> = {
  level: (row: Row) => number
  /** Undefined: nothing is below it. */
  isOpen: (row: Row) => boolean | undefined
  onToggle: (row: Row, open: boolean) => void
}

export type TableProps<Row> = {
  label: string
  columns: Column<Row>[]
  source: TableSource<Row>
  rowKey: (row: Row) => string
  /** How a row is called where it must be said: "Select FL-1001". */
  rowName: (row: Row) => string
  /** The row's main action: click and Enter. */
  onOpen?: (row: Row) => void
  selection?: Selection
  sorting?: Sorting
  sizing?: Sizing
  /** Right opens a row, Left closes it. */
  tree?: Tree<Row>
  /** Marks a row as chosen or as a draft. */
  tone?: (row: Row) => 'chosen' | 'draft' | undefined
  /** Shown instead of rows where there are none. */
  empty: ReactNode
  /** Buttons for the rows selected, shown in the foot. */
  bulk?: ReactNode
  rowHeight?: number
}

const loadAheadRows = 40
const cardEstimate = 132
const checkWidth = 40

export function DataTable<Row>(props: TableProps<Row>) {
  const { source, rowKey, sizing } = props
  const selectable = props.selection !== undefined
  const columns = useMemo(
    () => placed(props.columns, sizing?.widths, selectable),
    [props.columns, sizing?.widths, selectable],
  )
  const narrow = useMediaQuery('(max-width: 47.99em)', false, { getInitialValueInEffect: false })
  const rowHeight = props.rowHeight ?? 40
  const tableId = useId()
  const scroll = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState(-1)
  const rows = source.rows
  // oxlint-disable-next-line react/incompatible-library -- no compiler memoises this part
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => (narrow ? cardEstimate : rowHeight),
    getItemKey: (index) => (rows[index] === undefined ? index : rowKey(rows[index])),
    overscan: 12,
    scrollPaddingStart: narrow ? 0 : 34,
  })
  const { onKeyDown, onRowClick } = useTableKeys({
    ...props,
    active,
    setActive,
    scrollTo: (index) => virtual.scrollToIndex(index),
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? -1
  useEffect(() => {
    if (source.hasNext && !source.loadingNext && !source.settling && last >= rows.length - loadAheadRows)
      source.loadNext()
  }, [source, last, rows.length])

  const template = columnTemplate(columns, selectable)
  const minWidth = narrow ? undefined : columns.reduce((sum, column) => sum + column.width, selectable ? checkWidth : 0)
  const rowId = (index: number) => `${tableId}-${index}`
  const nothing = !source.loading && rows.length === 0
  return (
    <div className={classes.frame} data-settling={source.settling || undefined}>
      <div
        ref={scroll}
        className={classes.scroll}
        role={props.tree ? 'treegrid' : 'grid'}
        aria-label={props.label}
        aria-busy={source.loading || source.settling}
        aria-rowcount={source.count && !source.count.more ? source.count.value + 1 : -1}
        aria-multiselectable={props.selection ? true : undefined}
        aria-activedescendant={items.some((item) => item.index === active) ? rowId(active) : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onFocus={(event) => event.target === scroll.current && active < 0 && setActive(items[0]?.index ?? 0)}
        data-table
      >
        <TableHead {...props} columns={columns} template={template} minWidth={minWidth} narrow={narrow} />
        {source.error !== null && rows.length === 0 ? (
          <ErrorPart error={source.error} onRetry={source.retry} columns={columns.length} />
        ) : source.loading ? (
          <SkeletonRows
            columns={columns}
            template={template}
            minWidth={minWidth}
            narrow={narrow}
            rowHeight={rowHeight}
            selection={selectable}
          />
        ) : nothing ? (
          <SpanRow>{props.empty}</SpanRow>
        ) : (
          <div role="rowgroup" className={classes.rows} style={{ height: virtual.getTotalSize(), minWidth }}>
            {items.map((item) => (
              <TableRow
                key={item.key}
                {...props}
                columns={columns}
                row={rows[item.index] as Row}
                index={item.index}
                id={rowId(item.index)}
                top={item.start}
                height={rowHeight}
                template={template}
                narrow={narrow}
                active={item.index === active}
                measure={virtual.measureElement}
                onRowClick={onRowClick}
              />
            ))}
          </div>
        )}
      </div>
      <Foot {...props} />
    </div>
  )
}

function Foot<Row>({ source, selection, bulk }: TableProps<Row>) {
  const chosen = selection?.chosen.size ?? 0
  return (
    <div className={classes.foot}>
      {chosen > 0 ? (
        <>
          <strong>{selection?.said ?? t('table.selected', { count: chosen })}</strong>
          {bulk}
          <Button size="compact-sm" variant="subtle" color="gray" onClick={() => selection?.onChange(new Set())}>
            {t('table.clearSelection')}
          </Button>
        </>
      ) : (
        <span className="figure">
          {source.count
            ? t('table.rows', { count: source.count.value, shown: countLabel(source.count) })
            : t('common.loading')}
        </span>
      )}
      {source.loadingNext && <span>{t('common.loading')}</span>}
      {source.stale && (
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<IconRefresh size={14} />}
          onClick={source.retry}
          ml="auto"
        >
          {t('table.stale')} {t('common.refresh')}
        </Button>
      )}
    </div>
  )
}

/** The empty part is a row of one cell, so that a screen reader still hears a table. */
function SpanRow({ children }: { children: ReactNode }) {
  return (
    <div role="rowgroup">
      <div role="row">
        <div role="gridcell">{children}</div>
      </div>
    </div>
  )
}

function ErrorPart({ error, onRetry }: { error: unknown; onRetry: () => void; columns: number }) {
  return (
    <SpanRow>
      <ErrorState error={error} onRetry={onRetry} />
    </SpanRow>
  )
}

/** With the widths a person gave them, and where those that stay do so. */
function placed<Row>(
  columns: Column<Row>[],
  widths: Readonly<Record<string, number>> | undefined,
  selectable: boolean,
): Column<Row>[] {
  let left = selectable ? checkWidth : 0
  return columns.map((column) => {
    const own = widths?.[column.key]
    const sized = own === undefined ? column : { ...column, width: own, grow: 0 }
    const at = left
    left += sized.width
    return column.stays === 'start' ? { ...sized, left: at } : sized
  })
}

function columnTemplate<Row>(columns: Column<Row>[], selectable: boolean): string {
  const widths = columns.map((column) =>
    column.grow ? `minmax(${column.width}px, ${column.grow}fr)` : `${column.width}px`,
  )
  return (selectable ? [`${checkWidth}px`, ...widths] : widths).join(' ')
}
