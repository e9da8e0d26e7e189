// Columns that stay while a table is moved sideways. A cell that sticks is a layer of its own to the browser, and hundreds
// of layers make scrolling slow; so cells stick only while the table moves sideways, and stand in their place by a
// distance from then on.
import type { RefObject } from 'react'
import { useLayoutEffect } from 'react'
import { after } from '../browser.ts'

const restMs = 200

export function useSideways(tableRef: RefObject<HTMLElement | null>, width: unknown): void {
  useLayoutEffect(() => {
    const place = tableRef.current
    if (!place) return undefined
    let left = place.scrollLeft
    let cancel: (() => void) | undefined
    const rest = () => {
      const beyond = Math.max(0, place.scrollWidth - place.clientWidth - place.scrollLeft)
      place.style.setProperty('--gone-left', `${place.scrollLeft}px`)
      place.style.setProperty('--gone-right', `${beyond}px`)
      delete place.dataset['sideways']
    }
    const onScroll = () => {
      if (place.scrollLeft === left) return
      left = place.scrollLeft
      place.dataset['sideways'] = ''
      cancel?.()
      cancel = after(restMs, rest)
    }
    rest()
    const sizes = new ResizeObserver(rest)
    sizes.observe(place)
    // Before the rows of this very event are drawn: asked for afterwards, it would have them laid out at once.
    place.addEventListener('scroll', onScroll, { passive: true, capture: true })
    return () => {
      cancel?.()
      sizes.disconnect()
      place.removeEventListener('scroll', onScroll, { capture: true })
    }
  }, [tableRef, width])
}
