// An order that waits for somebody says what for, with the button that leads there.
import { isCostMissing } from '../../../domain/orders/order.ts'
import { t } from '../../i18n.ts'
import { HrefButton } from '../../parts/HrefButton.tsx'
import type { Order } from './OrderPage.tsx'

export function NextStep({ order: { status, channelId, orderLines } }: { order: Order }) {
  if (status === 'awaiting-shipping-mapping')
    return <HrefButton href="/settings/shipping">{t('orders.steps.shipping')}</HrefButton>
  if (status === 'queued-for-payment') return <HrefButton href="/invoices">{t('orders.steps.payment')}</HrefButton>
  if (status === 'awaiting-mapping' && channelId !== null)
    return <HrefButton href={`/settings/channels/${channelId}/mapping`}>{t('orders.steps.mapping')}</HrefButton>
  const lacking = orderLines.flatMap((line) => line.components).find(({ holdReason }) => isCostMissing(holdReason))
  if (lacking?.supplierId) {
    const where = lacking.holdReason === 'cost-unknown' ? `search=${encodeURIComponent(lacking.sku)}` : 'tab=services'
    return <HrefButton href={`/suppliers/${lacking.supplierId}?${where}`}>{t('orders.steps.cost')}</HrefButton>
  }
  return null
}
