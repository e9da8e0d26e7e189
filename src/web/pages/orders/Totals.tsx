// What the buyer pays.
import { t } from '../../i18n.ts'
import { MoneyText } from '../../parts/MoneyText.tsx'
import type { Order } from './OrderPage.tsx'
import classes from './order.module.css'
import { Panel } from './Panel.tsx'

export function Totals({ order: { totals } }: { order: Order }) {
  return (
    <Panel title={t('order.totals')}>
      <dl className={classes.totals}>
        {(['items', 'shipping', 'tax', 'total'] as const).map((part) => (
          <div key={part} data-sum={part === 'total' || undefined}>
            <dt>{t(`order.${part}`)}</dt>
            <dd>
              <MoneyText money={totals[part]} />
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}
