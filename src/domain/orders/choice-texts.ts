// Why a supplier was taken and the others were not, in sentences for the story.
import { moneyLabel, type Money } from '../money.ts'
import type { Refused, RoutedLine, ToldChoice, ToldOther } from './order-events.ts'

/** Each line of a purchase order with the reason of its supplier, and what was said against the others. */
export function boughtTexts({ lines, currency, whole }: { lines: RoutedLine[]; currency: string; whole?: ToldChoice }) {
  const wholeTexts = whole
    ? [
        `All lines from one supplier: ${reasonText(whole.because, whole.landed)}.`,
        ...whole.others.map(otherText),
        ...refusedTexts(whole.refused),
      ]
    : []
  return [...wholeTexts, ...lines.flatMap((line) => lineTexts(line, currency))]
}

function lineTexts(line: RoutedLine, currency: string): string[] {
  const reason = reasonText(line.because, line.landed ?? null)
  return [
    `${line.quantity} × ${line.sku} at ${moneyLabel({ minor: line.costMinor, currency })}: ${reason}.`,
    ...(line.split ? ['No supplier has all lines of the order, so each goes where it is best.'] : []),
    ...(line.others ?? []).map(otherText),
    ...refusedTexts(line.refused),
  ]
}

const reasons: Record<RoutedLine['because'], string> = {
  'only-one': 'the only supplier who can fill it',
  preferred: 'first in the order of preference',
  cheaper: 'equally preferred and cheaper',
  comparable: 'equally preferred, and the only one whose cost can be compared',
  equal: 'equally preferred at the same cost',
  together: 'together with the rest of the order',
  'reserved-before': 'the stock was reserved there',
  'by-hand': 'chosen by hand',
}

/** Landed cost is told where there was something to compare. */
function reasonText(because: RoutedLine['because'], landed: Money | null): string {
  const isCompared = because === 'cheaper' || because === 'preferred'
  return landed && isCompared ? `${reasons[because]}, ${moneyLabel(landed)} in all` : reasons[because]
}

function otherText({ supplier, because, landed }: ToldOther): string {
  const cost = landed ? `${moneyLabel(landed)} in all` : null
  switch (because) {
    case 'less-preferred':
      return `${supplier} comes later in the order of preference${cost ? ` (${cost})` : ''}.`
    case 'dearer':
      return `${supplier} is dearer${cost ? `: ${cost}` : ''}.`
    case 'equal':
      return `${supplier} costs the same.`
    case 'no-rate':
      return `${supplier} cannot be compared: no exchange rate is known for ${landed?.currency ?? 'its currency'}.`
    case 'not-all':
      return `${supplier} does not have all of it.`
  }
}

export function refusedTexts(refused: Refused[]): string[] {
  return refused.map(({ supplier, because, available }) => {
    switch (because) {
      case 'not-enough':
        return `${supplier} has ${available ?? 0}.`
      case 'stock-unknown':
        return `${supplier}: stock not known.`
      case 'cost-unknown':
        return `${supplier}: cost not known.`
      case 'offer-inactive':
        return `${supplier} does not offer it any more.`
      case 'supplier-inactive':
        return `${supplier} is switched off.`
      case 'declined':
        return `${supplier} declined it before.`
      case 'country-not-served':
        return `${supplier} does not ship to this country.`
      case 'service-not-offered':
        return `${supplier} does not offer this shipping service.`
      case 'shipping-cost-unknown':
        return `${supplier}: cost of this shipping service not known.`
    }
  })
}
