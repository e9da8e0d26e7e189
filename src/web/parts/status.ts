// What every status looks like: one table a kind.
import type { z } from 'zod'
import type { channelHealth, orderStatus } from '../../api/contract.ts'
import { t } from '../i18n.ts'
import {
  IconAlertTriangle,
  IconArchive,
  IconBan,
  IconBolt,
  IconBoltOff,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconClockPause,
  IconCreditCard,
  IconLink,
  IconLinkOff,
  IconPackage,
  IconPencil,
  IconPlayerPause,
  IconPlugConnected,
  IconQuestionMark,
  IconSend,
  IconTruck,
  IconTruckDelivery,
} from '../icons.ts'
import type { StatusLook } from './StatusBadge.tsx'

export function orderStatusLook(status: z.infer<typeof orderStatus>): StatusLook {
  return { ...orderLooks[status], label: t(`status.order.${status}`) }
}

export function orderStatusWord(status: string): string {
  return status in orderLooks ? t(`status.order.${status as keyof typeof orderLooks}`) : status
}

const orderLooks: Record<z.infer<typeof orderStatus>, Omit<StatusLook, 'label'>> = {
  new: { icon: IconBolt, tone: 'info' },
  'on-hold': { icon: IconPlayerPause, tone: 'quiet' },
  'awaiting-mapping': { icon: IconLinkOff, tone: 'wait' },
  'awaiting-shipping-mapping': { icon: IconTruck, tone: 'wait' },
  'awaiting-stock': { icon: IconClockPause, tone: 'wait' },
  'queued-for-payment': { icon: IconCreditCard, tone: 'wait' },
  'with-supplier': { icon: IconSend, tone: 'accent' },
  'partly-dispatched': { icon: IconPackage, tone: 'accent' },
  dispatched: { icon: IconTruckDelivery, tone: 'good' },
  cancelled: { icon: IconBan, tone: 'quiet' },
  error: { icon: IconCircleX, tone: 'bad' },
}

export function healthLook(state: z.infer<typeof channelHealth>['state']): StatusLook {
  const looks = {
    connected: { icon: IconPlugConnected, tone: 'good' },
    'needs-attention': { icon: IconAlertTriangle, tone: 'bad' },
    off: { icon: IconBoltOff, tone: 'quiet' },
  } as const
  return { ...looks[state], label: t(`status.health.${state}`) }
}

export function listingStateLook(state: string): StatusLook {
  const looks: Record<string, StatusLook> = {
    live: { icon: IconCircleCheck, tone: 'good', label: t('status.listing.live') },
    draft: { icon: IconPencil, tone: 'quiet', label: t('status.listing.draft') },
    ended: { icon: IconArchive, tone: 'quiet', label: t('status.listing.ended') },
    'sold-out': { icon: IconCircleDashed, tone: 'wait', label: t('status.listing.sold-out') },
    suspended: { icon: IconBan, tone: 'bad', label: t('status.listing.suspended') },
    unavailable: { icon: IconPlayerPause, tone: 'quiet', label: t('status.listing.unavailable') },
  }
  return looks[state] ?? { icon: IconQuestionMark, tone: 'quiet', label: t('status.listing.unknown') }
}

export const mappingLooks = {
  mapped: { icon: IconLink, tone: 'good', label: t('status.mapping.mapped') },
  unmapped: { icon: IconLinkOff, tone: 'quiet', label: t('status.mapping.unmapped') },
  draftMap: { icon: IconPencil, tone: 'wait', label: t('status.mapping.draftMap') },
  draftUnlink: { icon: IconPencil, tone: 'wait', label: t('status.mapping.draftUnlink') },
} satisfies Record<string, StatusLook>
