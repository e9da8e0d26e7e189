// An order that waits for somebody says what for, with the button that leads there.
import { t } from '../../i18n.ts'
import { HrefButton } from '../../parts/HrefButton.tsx'
import type { OrderStatus } from './use-order-filters.ts'

export function NextStep({ status, channelId }: { status: OrderStatus; channelId: string | null }) {
  if (status === 'awaiting-shipping-mapping')
    return <HrefButton href="/settings/shipping">{t('orders.steps.shipping')}</HrefButton>
  if (status === 'queued-for-payment') return <HrefButton href="/invoices">{t('orders.steps.payment')}</HrefButton>
  if (status === 'awaiting-mapping' && channelId !== null)
    return <HrefButton href={`/settings/channels/${channelId}/mapping`}>{t('orders.steps.mapping')}</HrefButton>
  return null
}
