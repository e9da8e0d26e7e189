// What the states of an invoice look like.
import type { RowOf } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconArchive, IconCheck, IconCircleDashed, IconClock, IconCreditCard } from '../../icons.ts'
import type { StatusLook } from '../../parts/StatusBadge.tsx'

export type InvoiceRow = RowOf<'invoices'>

export function invoiceLook(row: Pick<InvoiceRow, 'kind' | 'state' | 'isOverdue'>): StatusLook {
  if (row.kind === 'credit-note') return { icon: IconArchive, tone: 'info', label: t('invoices.creditNote') }
  if (row.isOverdue) return { icon: IconAlertTriangle, tone: 'bad', label: t('invoices.overdue') }
  return { ...looks[row.state], label: t(`invoices.state.${row.state}`) }
}

const looks: Record<InvoiceRow['state'], Omit<StatusLook, 'label'>> = {
  draft: { icon: IconCircleDashed, tone: 'quiet' },
  unpaid: { icon: IconClock, tone: 'wait' },
  'part-paid': { icon: IconCreditCard, tone: 'wait' },
  paid: { icon: IconCheck, tone: 'good' },
  credited: { icon: IconArchive, tone: 'quiet' },
}
