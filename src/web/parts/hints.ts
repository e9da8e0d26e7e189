// What is shown where somebody points: a sentence of its own (`data-hint="…"`), or the words themselves where they are cut
// off (`data-hint=""`). It becomes the title only then, since a title that changes in every cell of a moving table costs
// more than the cell.
import type { MouseEvent } from 'react'

export function showHint({ target }: MouseEvent): void {
  const place = placeOf(target)
  if (!place) return
  const isCut = place.scrollWidth > place.clientWidth
  const hint = place.dataset['hint'] || (isCut ? place.textContent : '')
  if (hint) place.title = hint
}

export function hideHint({ target }: MouseEvent): void {
  placeOf(target)?.removeAttribute('title')
}

function placeOf(target: EventTarget): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('[data-hint]') : null
}
