// The products chosen in the grid, handed on to the steps of listing. They stay in the tab, so that a reload keeps them;
// all that match a filter are kept as the filter, not as ids.
import type { z } from 'zod'
import { changeAction, chosenProducts } from '../../../api/contract.ts'

/** As routes take it: ids, or what the grid is filtered by. */
export type ChosenProducts = z.output<typeof chosenProducts>
export type Chosen = {
  action: z.output<typeof changeAction>
  chosen: ChosenProducts
  /** How many there were when they were chosen; "10,000+" where more. */
  count: string
}

export function keepChosen(channelId: string, kept: Chosen): void {
  window.sessionStorage.setItem(keyOf(channelId), JSON.stringify(kept))
}

/** Undefined where nothing was chosen in this tab, or what is kept cannot be read. */
export function readChosen(channelId: string): Chosen | undefined {
  try {
    const kept = JSON.parse(window.sessionStorage.getItem(keyOf(channelId)) ?? 'null') as Partial<Chosen> | null
    const chosen = chosenProducts.safeParse(kept?.chosen)
    const action = changeAction.safeParse(kept?.action)
    if (!chosen.success || !action.success) return undefined
    return { action: action.data, chosen: chosen.data, count: kept?.count ?? '' }
  } catch {
    return undefined
  }
}

function keyOf(channelId: string): string {
  return `fairlead.chosen.${channelId}`
}
