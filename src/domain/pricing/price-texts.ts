// The arithmetic of a price in sentences, one a line.
import type { PriceLine } from './price-by-rule.ts'
import type { HeldReason } from './pricing-rule.ts'

export function lineText({ step, facts, rate }: PriceLine): string {
  const converted =
    rate && step !== 'converted'
      ? `, at ${rate.rate} ${rate.to} for one ${rate.from} (${rate.source}, ${rate.onDate})`
      : ''
  switch (step) {
    case 'cost':
      return `Cost at ${facts.supplierName ?? 'the supplier'}, without VAT`
    case 'shipping':
      return 'Shipping, as the supplier charges it'
    case 'supplier-vat':
      return 'VAT of the supplier that does not come back'
    case 'converted':
      return rate ? `At ${rate.rate} ${rate.to} for one ${rate.from} (${rate.source}, ${rate.onDate})` : 'Converted'
    case 'amount':
      return `Plus a fixed amount${converted}`
    case 'percent':
      return `Plus ${percent(facts.basisPoints ?? 0)} of that`
    case 'margin':
      return `So that ${percent(facts.basisPoints ?? 0)} of the price without VAT is left`
    case 'fixed-fee':
      return `Plus what the marketplace takes for each sale${converted}`
    case 'fee-and-vat':
      return `So that it is left after ${percent(facts.feeBasisPoints ?? 0)} marketplace fee and ${percent(facts.vatBasisPoints ?? 0)} VAT, rounded up`
    case 'ending':
      return 'Up to the ending'
    case 'floor':
      return 'Up to the floor'
    case 'ceiling':
      return 'Down to the ceiling'
    case 'held':
      return heldTexts[facts.held ?? 'impossible']
  }
}

export const heldTexts: Record<HeldReason, string> = {
  'no-offer': 'No supplier in use offers it, so there is no cost to start from.',
  'cost-unknown': 'What it costs is not known. Enter the cost at the supplier.',
  'shipping-unknown': 'What the supplier charges for this shipping service is not known, or he does not offer it.',
  'no-rate': 'No exchange rate is known for it. Enter one.',
  'vat-unknown': 'Its VAT rate is not known. Enter it at the product, or in the rule.',
  impossible: 'Fee, VAT and margin together take all of any price.',
  'too-large': 'The price would be beyond anything plausible. Check the cost and the amounts.',
}

/** "12.5 %". */
function percent(basisPoints: number): string {
  return `${basisPoints / 100} %`
}
