// A pricing rule as it is typed, and as the hub takes it. What cannot be is said by field, before anything is sent.
import { minorDigits, moneyText } from '../../../domain/money.ts'
import type { Answer } from '../../api.ts'
import { t } from '../../i18n.ts'
import { typedMoney } from '../products/typed.ts'

export type RuleDraft = Answer<'pricingRules'>['rules'][number]['rule']
export type ScopeKind = RuleDraft['scope']['kind']
export type MarkupKind = RuleDraft['markup']['kind']

export type RuleFields = {
  name: string
  channelIds: string[]
  scopeKind: ScopeKind
  supplierIds: string[]
  categories: string[]
  productIds: string[]
  currency: string
  addShipping: boolean
  shippingServiceId: string | null
  markupKind: MarkupKind
  markup: string
  feePercent: string
  feeFixed: string
  vatFrom: RuleDraft['vat']['from']
  vatRate: string
  ending: string
  floor: string
  ceiling: string
}

export type RuleFaults = Partial<Record<keyof RuleFields, string>>

const amountMax = 1_000_000_000

/** The rule where nothing is wrong; what is wrong, by field. */
export function draftOf(fields: RuleFields): { draft: RuleDraft | null; faults: RuleFaults } {
  const faults: RuleFaults = {}
  const name = fields.name.trim()
  if (name === '') faults.name = t('errors.required')
  if (name.length > 80) faults.name = t('errors.tooLong', { max: 80 })
  const { currency } = fields
  const amount = (field: 'markup' | 'feeFixed' | 'floor' | 'ceiling'): number | null => {
    const money = typedMoney(fields[field], currency)
    if (money === undefined || (money && money.minor > amountMax))
      faults[field] = t('pricing.form.wrong.amount', { example: moneyText({ minor: 1250, currency }) })
    return money?.minor ?? null
  }
  const share = (field: 'markup' | 'feePercent' | 'vatRate', most: number): number | null => {
    const basisPoints = typedPercent(fields[field])
    if (basisPoints === undefined) faults[field] = t('pricing.form.wrong.percent')
    else if (basisPoints !== null && basisPoints > most)
      faults[field] = t('pricing.form.wrong.percentMax', { max: most / 100 })
    return basisPoints ?? null
  }
  const bound = (field: 'floor' | 'ceiling'): number | null => {
    const minor = amount(field)
    if (minor === 0) faults[field] = t('pricing.form.wrong.positive')
    return minor
  }
  const ending = typedEnding(fields.ending, currency)
  if (ending === undefined)
    faults.ending = t('pricing.form.wrong.ending', { example: endingText(usualEnding, currency) })
  const draft: RuleDraft = {
    name,
    channelIds: fields.channelIds,
    scope: scopeOf(fields, faults),
    currency,
    shippingServiceId: fields.addShipping ? fields.shippingServiceId : null,
    markup:
      fields.markupKind === 'amount'
        ? { kind: 'amount', minor: amount('markup') ?? 0 }
        : { kind: fields.markupKind, basisPoints: share('markup', markupMax[fields.markupKind]) ?? 0 },
    fee: { basisPoints: share('feePercent', 9900) ?? 0, fixedMinor: amount('feeFixed') ?? 0 },
    vat: { from: fields.vatFrom, rateBasisPoints: share('vatRate', 10_000) },
    ending: ending ?? null,
    floorMinor: bound('floor'),
    ceilingMinor: bound('ceiling'),
  }
  if (fields.addShipping && !fields.shippingServiceId) faults.shippingServiceId = t('pricing.form.serviceNone')
  if (fields.vatFrom === 'rule' && fields.vatRate.trim() === '') faults.vatRate = t('pricing.form.wrong.vat')
  if (draft.floorMinor !== null && draft.ceilingMinor !== null && draft.floorMinor > draft.ceilingMinor)
    faults.ceiling ??= t('pricing.form.wrong.bounds')
  return { draft: Object.keys(faults).length === 0 ? draft : null, faults }
}

const markupMax = { percent: 1_000_000, margin: 9900 }

function scopeOf(fields: RuleFields, faults: RuleFaults): RuleDraft['scope'] {
  switch (fields.scopeKind) {
    case 'all':
      return { kind: 'all' }
    case 'suppliers':
      if (fields.supplierIds.length === 0) faults.supplierIds = t('pricing.form.chooseOne')
      return { kind: 'suppliers', ids: fields.supplierIds }
    case 'categories':
      if (fields.categories.length === 0) faults.categories = t('pricing.form.chooseOne')
      return { kind: 'categories', names: fields.categories }
    case 'products':
      if (fields.productIds.length === 0) faults.productIds = t('pricing.form.chooseOne')
      return { kind: 'products', ids: fields.productIds }
  }
}

export function fieldsOf(rule: RuleDraft | undefined, currency: string): RuleFields {
  const money = (minor: number | null) =>
    minor === null ? '' : moneyText({ minor, currency: rule?.currency ?? currency })
  const share = (basisPoints: number | null) => (basisPoints === null ? '' : String(basisPoints / 100))
  const { scope, markup } = rule ?? {
    scope: { kind: 'all' as const },
    markup: { kind: 'percent' as const, basisPoints: 3000 },
  }
  return {
    name: rule?.name ?? '',
    channelIds: rule?.channelIds ?? [],
    scopeKind: scope.kind,
    supplierIds: scope.kind === 'suppliers' ? scope.ids : [],
    categories: scope.kind === 'categories' ? scope.names : [],
    productIds: scope.kind === 'products' ? scope.ids : [],
    currency: rule?.currency ?? currency,
    addShipping: (rule?.shippingServiceId ?? null) !== null,
    shippingServiceId: rule?.shippingServiceId ?? null,
    markupKind: markup.kind,
    markup: markup.kind === 'amount' ? money(markup.minor) : share(markup.basisPoints),
    feePercent: rule ? share(rule.fee.basisPoints) : '',
    feeFixed: rule ? money(rule.fee.fixedMinor) : '',
    vatFrom: rule?.vat.from ?? 'variant',
    vatRate: share(rule?.vat.rateBasisPoints ?? null),
    ending: rule?.ending ? endingText(rule.ending, rule.currency) : rule ? '' : endingText(usualEnding, currency),
    floor: money(rule?.floorMinor ?? null),
    ceiling: money(rule?.ceilingMinor ?? null),
  }
}

/** The field of ours that the hub's name of a field means. */
export function fieldOf(path: string, { scopeKind }: RuleFields): keyof RuleFields | undefined {
  if (path.startsWith('rule.scope'))
    return ({ all: undefined, suppliers: 'supplierIds', categories: 'categories', products: 'productIds' } as const)[
      scopeKind
    ]
  return Object.entries(fieldNames).find(([start]) => path === start || path.startsWith(`${start}.`))?.[1]
}

const fieldNames = {
  'rule.name': 'name',
  'rule.channelIds': 'channelIds',
  'rule.currency': 'currency',
  'rule.shippingServiceId': 'shippingServiceId',
  'rule.markup': 'markup',
  'rule.fee.fixedMinor': 'feeFixed',
  'rule.fee': 'feePercent',
  'rule.vat': 'vatRate',
  'rule.ending': 'ending',
  'rule.floorMinor': 'floor',
  'rule.ceilingMinor': 'ceiling',
} as const

/** Basis points. Null for an empty field; undefined for what is no percentage. */
function typedPercent(text: string): number | null | undefined {
  // Hundredths of a percent are typed as hundredths of anything.
  const typed = typedMoney(text.replace('%', ''), 'GBP')
  return typed === undefined ? undefined : (typed?.minor ?? null)
}

export type Ending = NonNullable<RuleDraft['ending']>

export const usualEnding: Ending = { minor: 99, every: 100 }

/** ".99", "9.99", or a bare "9". Null for an empty field; undefined for what is no ending. */
function typedEnding(text: string, currency: string): Ending | null | undefined {
  const trimmed = text.trim().replace(',', '.')
  if (trimmed === '') return null
  // Who types 0.99 means .99; a ten that ends in 0.99 is written with dots before it.
  const plain = trimmed.startsWith(more) ? trimmed.slice(more.length) : trimmed.replace(/^0+\./, '.')
  if (!/^\d*\.?\d+$/.test(plain)) return undefined
  const [, fraction] = plain.split('.')
  if (fraction !== undefined && fraction.length !== minorDigits(currency)) return undefined
  const figures = plain.replace('.', '')
  const every = ([10, 100, 1000, 10_000] as const)[figures.length - 1]
  return every && { minor: Number(figures), every }
}

const more = '…'

export function endingText({ minor, every }: Ending, currency: string): string {
  const digits = minorDigits(currency)
  const figures = String(minor).padStart(String(every).length - 1, '0')
  if (figures.length < digits || digits === 0) return figures
  const isLeft = figures.length > digits && figures.startsWith('0')
  return `${isLeft ? more : ''}${figures.slice(0, -digits)}.${figures.slice(-digits)}`
}
