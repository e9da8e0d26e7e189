// Rows that leave the screen on one side are used again on the other: a row that changes its words costs a fraction of one
// that is made. While the table scrolls, each stays where it is in the document; as soon as it rests, they stand in the
// order in which they are seen, for those who read or tab through them.
import type { VirtualItem, Virtualizer } from '@tanstack/react-virtual'
import type { FocusEvent, RefObject } from 'react'
import { useLayoutEffect, useRef, useState } from 'react'

export type RowPlace = { item: VirtualItem; key: string | number | bigint }

export function useRowPlaces(
  virtual: Virtualizer<HTMLDivElement, Element>,
  { reuse, rowHeight, overscan }: { reuse: boolean; rowHeight: number; overscan: number },
): RowPlace[] {
  const [begin, setBegin] = useState(0)
  const items = virtual.getVirtualItems()
  const first = items[0]?.index ?? 0
  if (reuse && !virtual.isScrolling && begin !== first) setBegin(first)
  if (!reuse) return items.map((item) => ({ item, key: item.key }))
  const places = Math.ceil((virtual.scrollRect?.height ?? 0) / rowHeight) + 2 + 2 * overscan
  const turn = (index: number) => (((index - begin) % places) + places) % places
  return items
    .toSorted((one, other) => turn(one.index) - turn(other.index))
    .map((item) => ({ item, key: item.index % places }))
}

/** The focus of a row that left goes to the table, not to the row that stands in its place now. */
export function useFocusOfRows(table: RefObject<HTMLElement | null>, { reuse }: { reuse: boolean }) {
  const focused = useRef<string>(undefined)
  useLayoutEffect(() => {
    if (!reuse) return
    const row = rowOf(document.activeElement)
    if (row && table.current?.contains(row) && row.dataset['index'] !== focused.current)
      table.current.focus({ preventScroll: true })
  })
  return (event: FocusEvent) => {
    focused.current = rowOf(event.target)?.dataset['index']
  }
}

function rowOf(element: Element | null): HTMLElement | null {
  return element?.closest<HTMLElement>('[data-index]') ?? null
}
