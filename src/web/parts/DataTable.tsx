// The table of every list: only the rows in sight are drawn, the head and the first column stay, the keyboard does
// everything (arrows, Enter, Space, Shift for ranges), and on a narrow screen each row is a card. Where it is asked for,
// heads sort and can be made wider, and rows open to show those below them.
import { Button } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useVirtualizer } from '@tanstack/react-virtual'
import type { ReactNode } from 'react'
import { useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { countLabel } from '../format.ts'
import { t } from '../i18n.ts'
import { IconRefresh } from '../icons.ts'
import classes from './DataTable.module.css'
import { mayChoose, SkeletonRows, TableHead, TableRow, toggled } from './DataTableRow.tsx'
import { ErrorState } from './ErrorState.tsx'
import { hideHint, showHint } from './hints.ts'
import type { TableSource } from './table-source.ts'
import { useTableKeys } from './table-keys.ts'
import { useFocusOfRows, useRowPlaces } from './use-row-places.ts'
import { useSideways } from './use-sideways.ts'

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
  /** Only words, shortened where there is no room: as they are, quiet, or as a code. Such a cell is cheap to draw. */
  words?: 'plain' | 'quiet' | 'code'
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
  /** For tables that people rush through: rows are used again, so what they draw must keep nothing of its own. */
  reusesRows?: boolean
}

const loadAheadRows = 150
const overscan = 12
/** A pause this long is the end of scrolling. */
const restMs = 300
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
  const reuse = props.reusesRows === true && !narrow
  const getItemKey = useCallback(
    (index: number) => (rows[index] === undefined ? index : rowKey(rows[index])),
    [rows, rowKey],
  )
  // oxlint-disable-next-line react/incompatible-library -- no compiler memoises this part
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => (narrow ? cardEstimate : rowHeight),
    getItemKey,
    overscan,
    isScrollingResetDelay: restMs,
    scrollPaddingStart: narrow ? 0 : 34,
  })
  const { onKeyDown, onRowClick } = useTableKeys({
    ...props,
    active,
    setActive,
    scrollTo: (index) => virtual.scrollToIndex(index),
  })
  const places = useRowPlaces(virtual, { reuse, rowHeight, overscan })
  useLoadAhead(source, virtual.getVirtualItems().at(-1)?.index ?? -1)
  const onFocusInRows = useFocusOfRows(scroll, { reuse })
  const onChoose = useChoose(props)

  const template = columnTemplate(columns, selectable)
  const minWidth = narrow ? undefined : columns.reduce((sum, column) => sum + column.width, selectable ? checkWidth : 0)
  useSideways(scroll, minWidth)
  const rowId = (index: number) => `${tableId}-${index}`
  // Neither changes while only the rows move.
  const head = useMemo(
    () => <TableHead {...props} columns={columns} template={template} minWidth={minWidth} narrow={narrow} />,
    [props, columns, template, minWidth, narrow],
  )
  const foot = useMemo(() => <Foot {...props} />, [props])
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
        aria-activedescendant={places.some(({ item }) => item.index === active) ? rowId(active) : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onFocus={(event) => {
          onFocusInRows(event)
          if (event.target === scroll.current && active < 0) setActive(virtual.getVirtualItems()[0]?.index ?? 0)
        }}
        onMouseOver={(event) => !virtual.isScrolling && showHint(event)}
        onMouseOut={hideHint}
        data-table
      >
        {head}
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
        ) : rows.length === 0 ? (
          <SpanRow>{props.empty}</SpanRow>
        ) : (
          <div role="rowgroup" className={classes.rows} style={{ height: virtual.getTotalSize(), minWidth }}>
            {places.map(({ item, key }) => {
              const row = rows[item.index] as Row
              return (
                <TableRow
                  key={key}
                  row={row}
                  rowName={props.rowName}
                  columns={columns}
                  index={item.index}
                  id={rowId(item.index)}
                  top={item.start}
                  height={rowHeight}
                  template={template}
                  narrow={narrow}
                  active={item.index === active}
                  chosen={props.selection?.chosen.has(rowKey(row))}
                  hasBox={mayChoose(props.selection, row)}
                  level={props.tree?.level(row)}
                  isOpen={props.tree?.isOpen(row)}
                  tone={props.tone?.(row)}
                  opens={props.onOpen !== undefined}
                  measure={virtual.measureElement}
                  onRowClick={onRowClick}
                  onChoose={onChoose}
                />
              )
            })}
          </div>
        )}
      </div>
      {foot}
    </div>
  )
}

/** The next rows are asked for before anybody sees the end; of a first page alone, only when somebody goes down it. */
function useLoadAhead<Row>(source: TableSource<Row>, last: number) {
  const count = source.rows.length
  useEffect(() => {
    const ahead = Math.min(loadAheadRows, count * 0.6)
    if (source.hasNext && !source.loadingNext && !source.settling && last >= count - ahead) source.loadNext()
  }, [source, last, count])
}

/** Rows are handed one function that stays the same, so that they need not be drawn anew. */
function useChoose<Row>({ selection, rowKey }: TableProps<Row>) {
  const choose = (row: Row) => selection?.onChange(toggled(selection.chosen, rowKey(row)))
  const latest = useRef(choose)
  useLayoutEffect(() => {
    latest.current = choose
  })
  return useCallback((row: Row) => latest.current(row), [])
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
            : source.error === null && t('common.loading')}
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
