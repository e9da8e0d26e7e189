// What the states of a desk look like, and what of a purchase order is still open.
import type { Answer, RowOf } from '../api.ts'
import { t } from '../i18n.ts'
import { IconBan, IconBolt, IconCheck, IconCircleCheck, IconClock, IconPackage, IconTruckDelivery } from '../icons.ts'
import type { OpenLine } from '../parts/parcel.ts'
import type { StatusLook } from '../parts/StatusBadge.tsx'

export type DeskRow = RowOf<'deskOrders'>
export type DeskOrder = Answer<'deskOrder'>
export type DeskState = DeskRow['state']

export const deskTabs: DeskState[] = ['to-do', 'accepted', 'partly-dispatched', 'dispatched', 'cancelled']

export function deskLook(state: DeskState): StatusLook {
  return { ...looks[state], label: t(`desk.state.${state}`) }
}

const looks: Record<DeskState, Omit<StatusLook, 'label'>> = {
  'to-do': { icon: IconBolt, tone: 'wait' },
  accepted: { icon: IconCheck, tone: 'accent' },
  'partly-dispatched': { icon: IconPackage, tone: 'accent' },
  dispatched: { icon: IconTruckDelivery, tone: 'good' },
  cancelled: { icon: IconBan, tone: 'quiet' },
}

export type DeskInvoiceRow = RowOf<'deskInvoices'>

export function invoiceLook(state: DeskInvoiceRow['state']): StatusLook {
  return { ...invoiceLooks[state], label: t(`desk.invoices.states.${state}`) }
}

const invoiceLooks: Record<DeskInvoiceRow['state'], Omit<StatusLook, 'label'>> = {
  unpaid: { icon: IconClock, tone: 'wait' },
  'part-paid': { icon: IconClock, tone: 'accent' },
  paid: { icon: IconCircleCheck, tone: 'good' },
  credited: { icon: IconBan, tone: 'quiet' },
}

export function openLines(order: DeskOrder): OpenLine[] {
  if (order.state === 'cancelled') return []
  return order.lines
    .map(({ id, supplierSku, title, quantity, cancelled, dispatched }) => ({
      id,
      sku: supplierSku,
      title,
      open: quantity - cancelled - dispatched,
    }))
    .filter((line) => line.open > 0)
}

/** Queries of the desk; all look again after anything was done. */
export function isDeskQuery({ queryKey }: { queryKey: readonly unknown[] }): boolean {
  return String(queryKey[0]).startsWith('desk')
}
