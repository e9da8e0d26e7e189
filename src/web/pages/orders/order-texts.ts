// Words for the codes an order carries: why it stands where it stands, and what its parts wait for.
import { t } from '../../i18n.ts'
import { orderTexts } from '../../texts-orders.ts'

/** A code that has no words yet is shown as it is, so that nothing is hidden. */
export function reasonText(reason: string | null): string | null {
  if (reason === null) return null
  return isKey(orderTexts.orders.reasons, reason) ? t(`orders.reasons.${reason}`) : reason
}

export function holdText(reason: string | null): string | null {
  if (reason === null) return null
  return isKey(orderTexts.order.holds, reason) ? t(`order.holds.${reason}`) : reason
}

function isKey<Table extends object>(table: Table, key: string): key is keyof Table & string {
  return Object.hasOwn(table, key)
}
