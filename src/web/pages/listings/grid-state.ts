// The four states of a product on a sales channel, each with its icon, colour, a short word and a sentence (F3).
import { t } from '../../i18n.ts'
import type { RowOf } from '../../api.ts'
import { IconCircleCheck, IconCircleDashed, IconCircleX, IconLink } from '../../icons.ts'
import type { StatusLook } from '../../parts/StatusBadge.tsx'

export type GridRow = RowOf<'gridProducts'>
export type GridState = GridRow['state']

/** Made once: a grid has one in every row. */
export function gridStateLook(state: GridState): StatusLook {
  return (looksWithLabels[state] ??= { ...looks[state], label: t(`listings.state.${state}`) })
}

const looksWithLabels: Partial<Record<GridState, StatusLook>> = {}

const looks: Record<GridState, Omit<StatusLook, 'label'>> = {
  listed: { icon: IconCircleCheck, tone: 'good' },
  linked: { icon: IconLink, tone: 'info' },
  error: { icon: IconCircleX, tone: 'bad' },
  'not-listed': { icon: IconCircleDashed, tone: 'quiet' },
}

/** The same icons for rows. */
export const gridStateGlyph = { listed: 'check', linked: 'link', error: 'cross', 'not-listed': 'dashed' } as const
