// How a change of many products and its values are told.
import type { Answer, Args } from '../../api.ts'
import { moneyLabel } from '../../format.ts'
import { t } from '../../i18n.ts'

export type BulkChange = Args<'bulkEditProducts'>['body']['change']
type Values = Answer<'bulkEditProducts'>['sample'][number]['before']

const percent = (basisPoints: number) => `${basisPoints / 100} %`

export function valueText(values: Values, currency: string): string {
  const { category, brand, tags, vatRateBasisPoints, priceMinor } = values
  if (priceMinor !== undefined) return moneyLabel({ minor: priceMinor, currency })
  if (vatRateBasisPoints !== undefined)
    return vatRateBasisPoints === null ? t('bulkEdit.ofOthers') : percent(vatRateBasisPoints)
  if (tags !== undefined) return tags.join(', ') || t('bulkEdit.nothing')
  return (category ?? brand) || t('bulkEdit.nothing')
}

export function changeText(change: BulkChange, currency: string): string {
  return t(`bulkEdit.told.${change.kind}`, { value: wanted(change, currency) })
}

function wanted(change: BulkChange, currency: string): string {
  const signed = (value: number, text: string) => (value > 0 ? `+${text}` : text)
  switch (change.kind) {
    case 'category':
      return change.category || t('bulkEdit.nothing')
    case 'brand':
      return change.brand || t('bulkEdit.nothing')
    case 'tags':
      return [...change.add.map((tag) => `+${tag}`), ...change.remove.map((tag) => `−${tag}`)].join(', ')
    case 'vat-rate':
      return change.vatRateBasisPoints === null ? t('bulkEdit.ofOthers') : percent(change.vatRateBasisPoints)
    default:
      return change.by === 'percent'
        ? signed(change.basisPoints, percent(change.basisPoints))
        : signed(change.minor, moneyLabel({ minor: change.minor, currency }))
  }
}
