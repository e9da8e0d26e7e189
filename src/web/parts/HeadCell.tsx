// The head of a column: a click sorts by it, its right edge is dragged, or moved by the arrow keys, to make it wider.
import { UnstyledButton } from '@mantine/core'
import type { CSSProperties, KeyboardEvent, PointerEvent } from 'react'
import { useRef } from 'react'
import { t } from '../i18n.ts'
import { IconArrowDown, IconArrowUp, IconSelector } from '../icons.ts'
import type { Column, Sizing, Sorting } from './DataTable.tsx'
import classes from './DataTable.module.css'

type Props<Row> = { column: Column<Row>; sorting: Sorting | undefined; sizing: Sizing | undefined }

const widthMin = 56
const widthMax = 800
const stepPx = 16

export function HeadCell<Row>({ column, sorting, sizing }: Props<Row>) {
  const cell = useRef<HTMLDivElement>(null)
  const sorted = column.sort !== undefined && sorting?.by === column.sort ? sorting.direction : undefined
  return (
    <div
      ref={cell}
      role="columnheader"
      aria-sort={sorted ? (sorted === 'up' ? 'ascending' : 'descending') : undefined}
      className={classes.cell}
      data-figures={column.figures || undefined}
      data-stays={column.stays}
      style={placeOf(column)}
    >
      {column.sort !== undefined && sorting ? (
        <SortButton column={column} by={column.sort} sorted={sorted} onSort={sorting.onSort} />
      ) : (
        <span className="ellipsis">{column.head}</span>
      )}
      {sizing && (
        <Grip
          label={t('table.width', { column: column.head })}
          width={column.width}
          measure={() => cell.current?.offsetWidth ?? column.width}
          onResize={(width) => sizing.onResize(column.key, width)}
        />
      )}
    </div>
  )
}

/** From the left edge, for columns that stay there. */
export function placeOf<Row>({ left }: Column<Row>): CSSProperties | undefined {
  return left === undefined ? undefined : ({ '--stays-at': `${left}px` } as CSSProperties)
}

function SortButton<Row>(props: {
  column: Column<Row>
  by: string
  sorted: 'up' | 'down' | undefined
  onSort: (by: string) => void
}) {
  const Icon = props.sorted === undefined ? IconSelector : props.sorted === 'up' ? IconArrowUp : IconArrowDown
  return (
    <UnstyledButton
      className={classes.sortButton}
      data-on={props.sorted !== undefined || undefined}
      onClick={() => props.onSort(props.by)}
    >
      <span className="ellipsis">{props.column.head}</span>
      <Icon size={13} stroke={2} aria-hidden="true" />
    </UnstyledButton>
  )
}

function Grip(props: {
  label: string
  width: number
  measure: () => number
  onResize: (width: number | undefined) => void
}) {
  const from = useRef<{ x: number; width: number }>(undefined)
  const resize = (width: number) => props.onResize(Math.round(Math.min(widthMax, Math.max(widthMin, width))))
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    event.preventDefault()
    event.currentTarget.setPointerCapture(event.pointerId)
    from.current = { x: event.clientX, width: props.measure() }
  }
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    if (from.current) resize(from.current.width + event.clientX - from.current.x)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? stepPx : event.key === 'ArrowLeft' ? -stepPx : undefined
    if (step !== undefined) resize(props.measure() + step)
    else if (event.key === 'Home') props.onResize(undefined)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a rule of the page cannot be moved, this can
    <span
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={props.label}
      aria-valuenow={props.width}
      aria-valuemin={widthMin}
      aria-valuemax={widthMax}
      className={classes.grip}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => (from.current = undefined)}
      onDoubleClick={() => props.onResize(undefined)}
      onKeyDown={onKeyDown}
    />
  )
}
