// What the states of an imported file look like.
import type { Answer } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconBan, IconCircleCheck, IconCircleX, IconRefresh } from '../../icons.ts'
import type { StatusLook } from '../../parts/StatusBadge.tsx'

export type FileImport = Answer<'import'>

export function importLook(state: FileImport['state']): StatusLook {
  return { ...looks[state], label: t(`files.states.${state}`) }
}

const looks: Record<FileImport['state'], Omit<StatusLook, 'label'>> = {
  reading: { icon: IconRefresh, tone: 'info' },
  held: { icon: IconAlertTriangle, tone: 'wait' },
  applied: { icon: IconCircleCheck, tone: 'good' },
  discarded: { icon: IconBan, tone: 'quiet' },
  failed: { icon: IconCircleX, tone: 'bad' },
}
