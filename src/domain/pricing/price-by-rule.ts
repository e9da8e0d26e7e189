// The price a rule makes, step by step (F7): cost, shipping, markup, what the marketplace and the tax office take of it,
// ending, floor and ceiling. The one computation that is explained to people; prices in bulk are held equal to it by a test.
import { priceThatLeaves, shareOf, upToEnding, type Money } from '../money.ts'
import { convertMoney } from '../purchasing/exchange-rates.ts'
import { amountMax, type HeldReason, type PricingRule } from './pricing-rule.ts'
import { unitCostOf, type CostFacts, type ShownRate, type UnitCost } from './unit-cost.ts'

export type PriceStep =
  | 'cost'
  | 'converted'
  | 'supplier-vat'
  | 'shipping'
  | 'amount'
  | 'percent'
  | 'margin'
  | 'fixed-fee'
  | 'fee-and-vat'
  | 'ending'
  | 'floor'
  | 'ceiling'
  | 'held'

/** One line of the arithmetic: what it adds, and what it comes to. */
export type PriceLine = {
  step: PriceStep
  amount: Money | null
  after: Money | null
  rate: ShownRate | null
  /** What its sentence needs beside the amounts. */
  facts: {
    supplierName?: string
    feeBasisPoints?: number
    vatBasisPoints?: number
    basisPoints?: number
    held?: HeldReason
  }
}

export type RuledPrice = {
  /** Null: held. */
  price: Money | null
  held: HeldReason | null
  cost: UnitCost | null
  vatBasisPoints: number | null
  at: 'floor' | 'ceiling' | null
  lines: PriceLine[]
}

export type PriceFacts = CostFacts & {
  /** The variant's own rate. */
  vatRateBasisPoints: number | null
}

/** A rule's amounts in the currency of the price. */
export type RuleAmounts = {
  markupMinor: number
  feeFixedMinor: number
  floorMinor: number | null
  ceilingMinor: number | null
}

export function priceByRule(rule: PricingRule, facts: PriceFacts): RuledPrice {
  const lines: PriceLine[] = []
  const held = (reason: HeldReason, known: Partial<RuledPrice> = {}): RuledPrice => ({
    price: null,
    held: reason,
    cost: null,
    vatBasisPoints: null,
    at: null,
    ...known,
    lines: [...lines, { step: 'held', amount: null, after: null, rate: null, facts: { held: reason } }],
  })
  const cost = unitCostOf(facts, rule.shippingServiceId)
  if (typeof cost === 'string') return held(cost)
  lines.push(...costLines(cost, rule.shippingServiceId !== null))
  const vat = vatFor(rule, facts.vatRateBasisPoints)
  const known = { cost, vatBasisPoints: vat }
  const converted = amountsIn(rule, facts)
  if (!converted) return held('no-rate', known)
  if (vat === null) return held('vat-unknown', known)
  const { amounts } = converted
  const base = cost.cost.minor + cost.shipping.minor
  if (base > amountMax) return held('too-large', known)
  const { currency } = facts
  let after = base
  const add = (step: PriceStep, amount: number, line: Partial<PriceLine> = {}) => {
    after += amount
    lines.push({
      step,
      amount: { minor: amount, currency },
      after: { minor: after, currency },
      rate: null,
      facts: {},
      ...line,
    })
  }
  const { markup } = rule
  if (markup.kind === 'amount') add('amount', amounts.markupMinor, { rate: converted.rate })
  if (markup.kind === 'percent')
    add('percent', shareOf(base, markup.basisPoints), { facts: { basisPoints: markup.basisPoints } })
  if (amounts.feeFixedMinor > 0) add('fixed-fee', amounts.feeFixedMinor, { rate: converted.rate })
  if (after > amountMax) return held('too-large', known)
  const shares = sharesOf(rule, vat)
  const made = priceThatLeaves(after, shares)
  if (made === null) return held('impossible', known)
  if (shares.marginBasisPoints > 0)
    lines.push({
      step: 'margin',
      amount: null,
      after: null,
      rate: null,
      facts: { basisPoints: shares.marginBasisPoints },
    })
  add('fee-and-vat', made - after, { facts: shares })
  return finish(made)

  function finish(exact: number): RuledPrice {
    const { ending } = rule
    if (ending) add('ending', upToEnding(exact, ending) - after)
    const at = boundOf(after, amounts)
    if (at === 'floor') add('floor', (amounts.floorMinor ?? 0) - after)
    if (at === 'ceiling') add('ceiling', (amounts.ceilingMinor ?? 0) - after)
    if (after > amountMax) return held('too-large', known)
    if (after <= 0) return held('impossible', known)
    return { price: { minor: after, currency }, held: null, ...known, at, lines }
  }
}

/** The rate that counts for the price; null: not known. */
export function vatFor(rule: PricingRule, ofVariant: number | null): number | null {
  return rule.vat.from === 'rule' ? rule.vat.rateBasisPoints : (ofVariant ?? rule.vat.rateBasisPoints)
}

function sharesOf(rule: PricingRule, vatBasisPoints: number) {
  const marginBasisPoints = rule.markup.kind === 'margin' ? rule.markup.basisPoints : 0
  return { vatBasisPoints, feeBasisPoints: rule.fee.basisPoints, marginBasisPoints }
}

function boundOf(minor: number, { floorMinor, ceilingMinor }: RuleAmounts): 'floor' | 'ceiling' | null {
  if (floorMinor !== null && minor < floorMinor) return 'floor'
  return ceilingMinor !== null && minor > ceilingMinor ? 'ceiling' : null
}

/** Undefined: they are in another currency, and no rate is known. */
export function amountsIn(
  rule: PricingRule,
  { currency, terms }: Pick<PriceFacts, 'currency' | 'terms'>,
): { amounts: RuleAmounts; rate: ShownRate | null } | undefined {
  const { markup, fee, floorMinor, ceilingMinor } = rule
  const own = {
    markupMinor: markup.kind === 'amount' ? markup.minor : 0,
    feeFixedMinor: fee.fixedMinor,
    floorMinor,
    ceilingMinor,
  }
  if (rule.currency === currency) return { amounts: own, rate: null }
  const found = terms.rateOf(rule.currency, currency)
  if (!found) return undefined
  const convert = (minor: number) => convertMoney({ minor, currency: rule.currency }, found, currency).minor
  const amounts = {
    markupMinor: convert(own.markupMinor),
    feeFixedMinor: convert(own.feeFixedMinor),
    floorMinor: floorMinor === null ? null : Math.max(1, convert(floorMinor)),
    ceilingMinor: ceilingMinor === null ? null : Math.max(1, convert(ceilingMinor)),
  }
  return { amounts, rate: { ...found, from: rule.currency, to: currency } }
}

/** As the supplier charges it, and then in the currency of the price. */
function costLines({ offer, own, cost, shipping, rate }: UnitCost, addsShipping: boolean): PriceLine[] {
  const lines: PriceLine[] = []
  let after = 0
  const add = (step: PriceStep, amount: Money) => {
    after += amount.minor
    const sum = { minor: after, currency: amount.currency }
    lines.push({ step, amount, after: sum, rate: null, facts: { supplierName: offer.supplierName } })
  }
  add('cost', own.cost)
  if (addsShipping) add('shipping', own.shipping)
  const vat = own.costVat.minor + own.shippingVat.minor
  if (vat > 0) add('supplier-vat', { minor: vat, currency: offer.currency })
  if (rate) {
    const minor = cost.minor + shipping.minor
    lines.push({ step: 'converted', amount: null, after: { minor, currency: cost.currency }, rate, facts: {} })
  }
  return lines
}
