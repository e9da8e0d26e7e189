// What the state of a listing change looks like.
import type { Answer } from '../../api.ts'
import { t } from '../../i18n.ts'
import {
  IconBan,
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconSend,
  IconZoomQuestion,
  IconCircleDashed,
} from '../../icons.ts'
import type { StatusLook } from '../../parts/StatusBadge.tsx'

export type Change = Answer<'listingChanges'>['rows'][number]

export function changeLook({ state, action }: Pick<Change, 'state' | 'action'>): StatusLook {
  const label = state === 'done' ? t(`wizard.changeState.done.${action}`) : t(`wizard.changeState.${state}`)
  return { ...looks[state], label }
}

const looks: Record<Change['state'], Omit<StatusLook, 'label'>> = {
  waiting: { icon: IconCircleDashed, tone: 'quiet' },
  'in-flight': { icon: IconSend, tone: 'info' },
  unclear: { icon: IconZoomQuestion, tone: 'wait' },
  'in-review': { icon: IconClock, tone: 'wait' },
  done: { icon: IconCircleCheck, tone: 'good' },
  refused: { icon: IconCircleX, tone: 'bad' },
  stopped: { icon: IconBan, tone: 'quiet' },
}
