// "3 min ago"; the exact time on hover, in the business' zone. All of them tick together.
import { Tooltip } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import { useMe } from '../auth.ts'
import { every, nowMs } from '../browser.ts'
import { exactTime, relativeTime } from '../format.ts'
import { t } from '../i18n.ts'

export function RelativeTime({ at, never }: { at: string | null; never?: string }) {
  const now = useNow()
  const { business } = useMe()
  if (at === null) return <span style={{ color: 'var(--mantine-color-dimmed)' }}>{never ?? t('common.never')}</span>
  return (
    <Tooltip label={exactTime(at, business.timeZone)}>
      <time dateTime={at} className="figure">
        {relativeTime(at, now)}
      </time>
    </Tooltip>
  )
}

const tickMs = 15_000
const listeners = new Set<() => void>()
let now = nowMs()
let stop: (() => void) | undefined

/** The time, anew every quarter of a minute. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now)
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  stop ??= every(tickMs, () => {
    now = nowMs()
    for (const each of listeners) each()
  })
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    stop?.()
    stop = undefined
  }
}
