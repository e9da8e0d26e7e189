// What moving the chosen lines comes to: purchase orders cancelled, and written anew.
import { Text } from '@mantine/core'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconBan, IconSend } from '../../icons.ts'
import { MoneyText } from '../../parts/MoneyText.tsx'
import type { RoutingPlan } from './Reroute.tsx'
import classes from './reroute.module.css'

export function RerouteOutcome({ plan }: { plan: RoutingPlan | undefined }) {
  if (!plan)
    return (
      <Text size="sm" c="dimmed">
        {t('routing.nothing')}
      </Text>
    )
  return (
    <section aria-label={t('routing.comesTo')}>
      <Text size="sm" fw={600}>
        {t('routing.comesTo')}
      </Text>
      <ul className={classes.changes}>
        {plan.cancels.map((order) => (
          <li key={order.id}>
            <IconBan size={15} aria-hidden="true" />
            <span>{t('routing.cancels', { number: order.number, supplier: order.supplierName })}</span>
          </li>
        ))}
        {plan.writes.map((order) => (
          <li key={`${order.supplierName} ${order.goods.currency}`}>
            <IconSend size={15} aria-hidden="true" />
            <span>
              {t('routing.writes', { supplier: order.supplierName })}:{' '}
              {order.lines.map((line) => `${countLabel(line.quantity)} × ${line.sku}`).join(', ')}
            </span>
            <span className={classes.sums}>
              {t('routing.goods')} <MoneyText money={order.goods} /> · {t('routing.shipping')}{' '}
              <MoneyText money={order.shipping} /> · {t('routing.vat')} <MoneyText money={order.vat} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
