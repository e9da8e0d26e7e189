// Money with its currency; the code on hover, for symbols that several currencies share.
import type { Money } from '../../domain/money.ts'
import { moneyLabel } from '../format.ts'
import { t } from '../i18n.ts'

export function MoneyText({ money, unknown }: { money: Money | null; unknown?: string }) {
  if (money === null)
    return <span style={{ color: 'var(--mantine-color-dimmed)' }}>{unknown ?? t('common.unknown')}</span>
  return (
    <span className="figure" title={money.currency}>
      {moneyLabel(money)}
    </span>
  )
}
