// The head, a row (or a card on a narrow screen) and the rows still on their way.
import { Checkbox, Skeleton, VisuallyHidden } from '@mantine/core'
import type { CSSProperties, MouseEvent, ReactNode } from 'react'
import { memo } from 'react'
import { t } from '../i18n.ts'
import type { Column, TableProps } from './DataTable.tsx'
import classes from './DataTable.module.css'
import { HeadCell, placeOf } from './HeadCell.tsx'

type Shape = { template: string; minWidth: number | undefined; narrow: boolean }

export function TableHead<Row>({
  columns,
  source,
  selection,
  sorting,
  sizing,
  rowKey,
  template,
  minWidth,
  narrow,
}: TableProps<Row> & Shape) {
  const chosen = selection?.chosen.size ?? 0
  const own = source.rows.filter((row) => mayChoose(selection, row))
  const every = own.length > 0 && own.every((row) => selection?.chosen.has(rowKey(row)))
  return (
    <div role="rowgroup" className={narrow ? classes.hiddenHead : classes.head} style={{ minWidth }}>
      <div role="row" className={classes.headRow} style={{ gridTemplateColumns: template }}>
        {selection && (
          <div role="columnheader" className={`${classes.cell} ${classes.check}`}>
            <VisuallyHidden>{t('table.select')}</VisuallyHidden>
            {!narrow && !selection.withoutAll && (
              <Checkbox
                size="xs"
                aria-label={t('table.selectAll')}
                checked={every}
                indeterminate={chosen > 0 && !every}
                onChange={() => selection.onChange(new Set(every ? [] : own.map(rowKey)))}
              />
            )}
          </div>
        )}
        {columns.map((column) => (
          <HeadCell key={column.key} column={column} sorting={sorting} sizing={narrow ? undefined : sizing} />
        ))}
      </div>
    </div>
  )
}

/** Only what a row shows, so that it is drawn anew when that changes and not whenever the table is. */
type RowProps<Row> = Pick<TableProps<Row>, 'columns' | 'rowName'> & {
  row: Row
  index: number
  id: string
  top: number
  height: number
  template: string
  narrow: boolean
  active: boolean
  /** Undefined: nothing can be chosen in this table. */
  chosen: boolean | undefined
  hasBox: boolean
  level: number | undefined
  isOpen: boolean | undefined
  tone: 'chosen' | 'draft' | undefined
  opens: boolean
  measure: (element: HTMLElement | null) => void
  onRowClick: (event: MouseEvent, index: number) => void
  onChoose: (row: Row) => void
}

export const TableRow = memo(PlainRow) as typeof PlainRow

function PlainRow<Row>(props: RowProps<Row>) {
  const { row, index, narrow, chosen, columns, tone } = props
  const style: CSSProperties = narrow
    ? { top: props.top }
    : { transform: `translateY(${props.top}px)`, height: props.height, gridTemplateColumns: props.template }
  return (
    <div
      role="row"
      id={props.id}
      aria-rowindex={index + 2}
      aria-level={props.level}
      aria-expanded={props.isOpen}
      aria-selected={chosen ?? (tone === 'chosen' || undefined)}
      className={narrow ? classes.card : classes.row}
      style={style}
      data-index={index}
      data-active={props.active || undefined}
      data-tone={chosen ? 'chosen' : tone}
      data-level={props.level}
      data-opens={props.opens || undefined}
      data-chooses={chosen !== undefined || undefined}
      ref={narrow ? props.measure : undefined}
      onClick={(event) => props.onRowClick(event, index)}
    >
      {chosen !== undefined && (
        <div role="gridcell" className={narrow ? classes.cardCheck : `${classes.cell} ${classes.check}`}>
          {props.hasBox && (
            <input
              type="checkbox"
              className={classes.box}
              tabIndex={-1}
              aria-label={t('table.selectRow', { row: props.rowName(row) })}
              checked={chosen}
              onChange={() => props.onChoose(row)}
            />
          )}
        </div>
      )}
      {narrow ? (
        <CardCells columns={columns} row={row} />
      ) : (
        columns.map((column) => (
          <Cell key={column.key} column={column}>
            {column.render(row)}
          </Cell>
        ))
      )}
    </div>
  )
}

function Cell<Row>({ column, children }: { column: Column<Row>; children: ReactNode }) {
  return (
    <div
      role="gridcell"
      className={column.words ? `${classes.words} ${wordsClass[column.words]}` : classes.cell}
      data-hint={column.words && ''}
      data-figures={column.figures || undefined}
      data-stays={column.stays}
      style={placeOf(column)}
    >
      {children}
    </div>
  )
}

const wordsClass = { plain: '', quiet: classes.quiet, code: 'code' }

const places = { title: 0, side: 1, line: 2, none: 3 }

function CardCells<Row>({ columns, row }: { columns: Column<Row>[]; row: Row }) {
  const placed = columns
    .map((column) => ({ column, place: column.card ?? 'line' }))
    .filter(({ place }) => place !== 'none')
    .toSorted((a, b) => places[a.place] - places[b.place])
  return placed.map(({ column, place }) => (
    <div role="gridcell" key={column.key} className={classes.cardCell} data-place={place}>
      {place === 'line' && <span className={classes.cardLabel}>{column.head}</span>}
      <span className={`${classes.cardValue} ${column.words ? wordsClass[column.words] : ''}`}>
        {column.render(row)}
      </span>
    </div>
  ))
}

const skeletonRows = 12

export function SkeletonRows<Row>(props: Shape & { columns: Column<Row>[]; rowHeight: number; selection: boolean }) {
  return (
    <div role="rowgroup" style={{ minWidth: props.minWidth }}>
      {Array.from({ length: skeletonRows }, (_, index) => (
        <div
          role="row"
          key={index}
          className={props.narrow ? classes.cardSkeleton : classes.skeleton}
          style={props.narrow ? {} : { height: props.rowHeight, gridTemplateColumns: props.template }}
        >
          {props.selection && !props.narrow && <div role="gridcell" aria-label={t('common.loading')} />}
          {(props.narrow ? props.columns.slice(0, 3) : props.columns).map((column, at) => (
            <div
              role="gridcell"
              key={column.key}
              className={classes.cell}
              data-figures={column.figures || undefined}
              aria-label={t('common.loading')}
            >
              <Skeleton height={10} width={`${45 + ((index * 7 + at * 13) % 40)}%`} />
            </div>
          ))}
        </div>
      ))}
    </div>
  )
}

export function mayChoose<Row>(selection: TableProps<Row>['selection'], row: Row): boolean {
  return selection?.mayChoose?.(row as never) ?? true
}

export function toggled(chosen: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(chosen)
  if (!next.delete(key)) next.add(key)
  return next
}
