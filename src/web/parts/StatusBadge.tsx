// A status is an icon and a word and a colour, never a colour alone.
import { Tooltip } from '@mantine/core'
import type { Icon } from '../icons.ts'
import classes from './StatusBadge.module.css'

export type Tone = 'good' | 'info' | 'wait' | 'bad' | 'quiet' | 'accent'
export type StatusLook = { icon: Icon; tone: Tone; label: string }

export function StatusBadge({
  look,
  why,
  plain,
}: {
  look: StatusLook
  why?: string | null | undefined
  plain?: boolean
}) {
  const { icon: Icon, tone, label } = look
  const badge = (
    <span
      className={plain ? classes.plain : classes.badge}
      style={{ color: `var(--state-${tone})`, ...(plain ? {} : { background: `var(--state-${tone}-soft)` }) }}
      tabIndex={why ? 0 : undefined}
    >
      <Icon size={14} stroke={2} aria-hidden="true" />
      <span className="ellipsis">{label}</span>
    </span>
  )
  return why ? (
    <Tooltip label={why} multiline maw={340}>
      {badge}
    </Tooltip>
  ) : (
    badge
  )
}
