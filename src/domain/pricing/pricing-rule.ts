// A pricing rule (F7): what it is for, how it makes a price, which of several counts, and what is wrong with one as typed.
import { isCurrency, priceThatLeaves } from '../money.ts'

export type PricingScope =
  | { kind: 'all' }
  | { kind: 'suppliers'; ids: string[] }
  | { kind: 'categories'; names: string[] }
  | { kind: 'products'; ids: string[] }

export type Markup =
  | { kind: 'amount'; minor: number }
  /** On cost, shipping included where it is added. */
  | { kind: 'percent'; basisPoints: number }
  /** What is left, as a share of the price without VAT. */
  | { kind: 'margin'; basisPoints: number }

/** As it is typed. Amounts are minor units of its currency. */
export type PricingRule = {
  name: string
  /** Empty: all sales channels. */
  channelIds: string[]
  scope: PricingScope
  currency: string
  /** Null: shipping is not added. */
  shippingServiceId: string | null
  markup: Markup
  fee: { basisPoints: number; fixedMinor: number }
  /** 'variant': its own rate, and this one where it has none. 'rule': this one always. */
  vat: { from: 'variant' | 'rule'; rateBasisPoints: number | null }
  ending: { minor: number; every: 10 | 100 | 1000 | 10_000 } | null
  floorMinor: number | null
  ceilingMinor: number | null
}

/** Why a rule makes no price. */
export const heldReasons = [
  'no-offer',
  'cost-unknown',
  'shipping-unknown',
  'no-rate',
  'vat-unknown',
  'impossible',
  'too-large',
] as const
export type HeldReason = (typeof heldReasons)[number]

/** No single price is more: beyond it something was typed wrong. In minor units. */
export const amountMax = 10_000_000_000

export type KnownRule = PricingRule & { id: string; version: number; active: boolean; position: number }

const scopeRanks = { products: 0, categories: 1, suppliers: 2, all: 3 }

/** Those that are on, the one that counts first in front: the more specific, then named integrations, then the list. */
export function rankRules(rules: KnownRule[]): KnownRule[] {
  return rules
    .filter((rule) => rule.active)
    .toSorted(
      (one, other) =>
        scopeRanks[one.scope.kind] - scopeRanks[other.scope.kind] ||
        Number(one.channelIds.length === 0) - Number(other.channelIds.length === 0) ||
        one.position - other.position ||
        (one.id < other.id ? -1 : 1),
    )
}

export type RuleSubject = {
  channelId: string
  productId: string
  category: string | null
  /** Who offers it, of suppliers and offers that are in use. */
  supplierIds: string[]
}

export function isFor(rule: PricingRule, subject: RuleSubject): boolean {
  if (rule.channelIds.length > 0 && !rule.channelIds.includes(subject.channelId)) return false
  switch (rule.scope.kind) {
    case 'all':
      return true
    case 'suppliers':
      return rule.scope.ids.some((id) => subject.supplierIds.includes(id))
    case 'categories':
      return subject.category !== null && rule.scope.names.includes(subject.category)
    case 'products':
      return rule.scope.ids.includes(subject.productId)
  }
}

/** What its own fields show to be wrong, by field; ids are looked up by the store. */
export function ruleFaults(rule: PricingRule): Record<string, string> {
  const fields: Record<string, string> = {}
  if (!isCurrency(rule.currency))
    fields['rule.currency'] = `“${rule.currency}” is no currency. Enter its three letters, such as EUR.`
  if (rule.vat.from === 'rule' && rule.vat.rateBasisPoints === null)
    fields['rule.vat.rateBasisPoints'] = 'Enter the VAT rate, or 0 where no VAT is charged.'
  if (rule.ending && rule.ending.minor >= rule.ending.every)
    fields['rule.ending'] = 'The ending does not fit: .99 is 99 every 100.'
  if (rule.floorMinor !== null && rule.ceilingMinor !== null && rule.floorMinor > rule.ceilingMinor)
    fields['rule.ceilingMinor'] = 'The ceiling is below the floor.'
  const parts = {
    vatBasisPoints: rule.vat.from === 'rule' ? (rule.vat.rateBasisPoints ?? 0) : 0,
    feeBasisPoints: rule.fee.basisPoints,
    marginBasisPoints: rule.markup.kind === 'margin' ? rule.markup.basisPoints : 0,
  }
  if (priceThatLeaves(1, parts) === null)
    fields['rule.markup'] = 'Fee, VAT and margin together take all of any price. Lower the margin or the fee.'
  return fields
}
