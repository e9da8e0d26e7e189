// Rows that came on top are held back while the reader is further down, so that nothing moves under his eyes. Rows he
// sees already are brought up to date where they stand.
import type { RefObject } from 'react'
import { useState } from 'react'
import type { TableSource } from '../../parts/table-source.ts'

const topPixels = 24

export function useCalmRows<Row extends { id: string }>(
  source: TableSource<Row>,
  view: string,
  frame: RefObject<HTMLElement | null>,
) {
  const [shown, setShown] = useState<{ view: string; rows: Row[]; first: string | undefined }>()
  const place = () => frame.current?.querySelector<HTMLElement>('[data-table]')
  const isSame = shown?.view === view && !source.settling
  const above = isSame && shown.first !== undefined ? source.rows.findIndex((row) => row.id === shown.first) : 0
  const isDown = (place()?.scrollTop ?? 0) > topPixels
  const held = above > 0 && isDown ? above : 0
  if (held === 0 && (shown?.view !== view || shown.rows !== source.rows) && !source.settling)
    setShown({ view, rows: source.rows, first: source.rows[0]?.id })
  const show = () => {
    place()?.scrollTo({ top: 0 })
    setShown({ view, rows: source.rows, first: source.rows[0]?.id })
  }
  return { source: held === 0 ? source : { ...source, rows: source.rows.slice(held) }, held, show }
}
