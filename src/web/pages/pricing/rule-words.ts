// A pricing rule in words: in one sentence for the list, and what a change changed for its history.
import type { Answer } from '../../api.ts'
import { countLabel, moneyLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { percentLabel } from './Ledger.tsx'
import type { RuleDraft } from './rule-form.ts'
import { endingText } from './rule-form.ts'

export type Rule = Answer<'pricingRules'>['rules'][number]

const namesShown = 3

export function listed(names: string[], total = names.length): string {
  const shown = names.slice(0, namesShown).join(', ')
  const rest = total - Math.min(names.length, namesShown)
  return rest > 0 ? t('pricing.more', { names: shown, count: rest }) : shown
}

export function channelsText({ rule, names }: Rule): string {
  return rule.channelIds.length === 0
    ? t('pricing.allChannels')
    : listed(names.channels, Math.max(rule.channelIds.length, names.channels.length))
}

export function scopeText({ rule: { scope }, names }: Rule): string {
  if (scope.kind === 'all') return t('pricing.allProducts')
  const total = scope.kind === 'categories' ? scope.names.length : scope.ids.length
  return `${t(`pricing.form.scopes.${scope.kind}`)}: ${listed(names.scope, total)}`
}

/** "Cost and Standard delivery plus 30%, marketplace fee 10%, VAT of the variant, up to .99, at least £5.00". */
export function ruleSentence(rule: RuleDraft, shippingService: string | null): string {
  const base =
    rule.shippingServiceId === null
      ? t('pricing.does.cost')
      : t('pricing.does.costShipping', { service: shippingService ?? t('pricing.does.shipping') })
  const money = moneyOf(rule)
  const fee = feeText(rule)
  return [
    markupSentence(rule, base),
    ...(fee ? [t('pricing.does.fee', { fee })] : []),
    vatText(rule),
    ...(rule.ending ? [t('pricing.does.ending', { ending: endingText(rule.ending, rule.currency) })] : []),
    ...(rule.floorMinor === null ? [] : [t('pricing.does.floor', { amount: money(rule.floorMinor) })]),
    ...(rule.ceilingMinor === null ? [] : [t('pricing.does.ceiling', { amount: money(rule.ceilingMinor) })]),
  ].join(', ')
}

function markupSentence(rule: RuleDraft, base: string): string {
  const { markup } = rule
  if (markup.kind === 'amount') return t('pricing.does.amount', { base, amount: moneyOf(rule)(markup.minor) })
  return t(`pricing.does.${markup.kind}`, { base, percent: percentLabel(markup.basisPoints) })
}

function feeText(rule: RuleDraft): string {
  const { basisPoints, fixedMinor } = rule.fee
  const fixed = moneyOf(rule)(fixedMinor)
  if (basisPoints > 0 && fixedMinor > 0) return t('pricing.does.feeBoth', { percent: percentLabel(basisPoints), fixed })
  if (basisPoints > 0) return percentLabel(basisPoints)
  return fixedMinor > 0 ? fixed : ''
}

function vatText({ vat: { from, rateBasisPoints } }: RuleDraft): string {
  const percent = percentLabel(rateBasisPoints ?? 0)
  if (from === 'rule') return t('pricing.does.vatRule', { percent })
  return rateBasisPoints === null ? t('pricing.does.vatVariant') : t('pricing.does.vatVariantElse', { percent })
}

function moneyOf({ currency }: RuleDraft) {
  return (minor: number) => moneyLabel({ minor, currency })
}

/** What the ids of older versions are called now. */
export type RuleNames = { channels: Map<string, string>; suppliers: Map<string, string>; services: Map<string, string> }

/** What differs between two versions, a sentence each. */
export function differences(before: RuleDraft, after: RuleDraft, names: RuleNames): string[] {
  const one = parts(before, names)
  const other = parts(after, names)
  const told = (Object.keys(other) as (keyof typeof other)[]).flatMap((key) =>
    one[key] === other[key]
      ? []
      : [
          t('pricing.history.fromTo', {
            what: t(`pricing.history.parts.${key}`),
            before: one[key],
            after: other[key],
          }),
        ],
  )
  // Products are told by their number, which may be the same of others.
  if (told.length === 0 && JSON.stringify(before.scope) !== JSON.stringify(after.scope))
    return [`${t('pricing.history.parts.scope')}: ${other.scope}`]
  return told
}

function parts(rule: RuleDraft, names: RuleNames) {
  const none = t('pricing.history.none')
  const named = (ids: string[], known: Map<string, string>) =>
    ids.map((id) => known.get(id) ?? t('pricing.history.goneOne')).join(', ')
  const money = (minor: number | null) => (minor === null ? none : moneyOf(rule)(minor))
  const { scope, markup, shippingServiceId } = rule
  const scopeWords =
    scope.kind === 'all'
      ? t('pricing.allProducts')
      : scope.kind === 'suppliers'
        ? named(scope.ids, names.suppliers)
        : scope.kind === 'categories'
          ? scope.names.join(', ')
          : t('pricing.history.productsCount', { count: scope.ids.length, counted: countLabel(scope.ids.length) })
  return {
    name: rule.name,
    channels: rule.channelIds.length === 0 ? t('pricing.allChannels') : named(rule.channelIds, names.channels),
    scope: scopeWords,
    currency: rule.currency,
    shipping: shippingServiceId === null ? t('pricing.history.noShipping') : named([shippingServiceId], names.services),
    markup:
      markup.kind === 'amount'
        ? money(markup.minor)
        : `${t(`pricing.form.markups.${markup.kind}`)} ${percentLabel(markup.basisPoints)}`,
    fee: feeText(rule) || none,
    vat: vatText(rule),
    ending: rule.ending ? endingText(rule.ending, rule.currency) : none,
    floor: money(rule.floorMinor),
    ceiling: money(rule.ceilingMinor),
  }
}
