// What the states of a purchase order look like.
import type { RowOf } from '../../api.ts'
import { t } from '../../i18n.ts'
import {
  IconBan,
  IconCheck,
  IconClock,
  IconCreditCard,
  IconPackage,
  IconQuestionMark,
  IconSend,
  IconTruckDelivery,
} from '../../icons.ts'
import type { OpenLine } from '../../parts/parcel.ts'
import type { StatusLook } from '../../parts/StatusBadge.tsx'

export type PurchaseOrder = RowOf<'purchaseOrders'>

export function purchaseOrderLook(state: PurchaseOrder['state']): StatusLook {
  return { ...looks[state], label: t(`order.state.${state}`) }
}

const looks: Record<PurchaseOrder['state'], Omit<StatusLook, 'label'>> = {
  'queued-for-payment': { icon: IconCreditCard, tone: 'wait' },
  'to-send': { icon: IconClock, tone: 'wait' },
  sent: { icon: IconSend, tone: 'accent' },
  'in-doubt': { icon: IconQuestionMark, tone: 'bad' },
  accepted: { icon: IconCheck, tone: 'accent' },
  'partly-dispatched': { icon: IconPackage, tone: 'accent' },
  dispatched: { icon: IconTruckDelivery, tone: 'good' },
  cancelled: { icon: IconBan, tone: 'quiet' },
}

/** What of it has not left yet. */
export function openLines(purchaseOrder: PurchaseOrder): OpenLine[] {
  return purchaseOrder.lines
    .map(({ componentId, sku, title, quantity, dispatched }) => ({
      id: componentId,
      sku,
      title,
      open: quantity - dispatched,
    }))
    .filter((line) => line.open > 0)
}

/** Whether a parcel of it can be entered now. */
export function takesParcels(purchaseOrder: PurchaseOrder): boolean {
  return (
    ['sent', 'in-doubt', 'accepted', 'partly-dispatched'].includes(purchaseOrder.state) &&
    openLines(purchaseOrder).length > 0
  )
}
