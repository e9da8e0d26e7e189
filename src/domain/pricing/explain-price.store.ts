// Where prices are from, line by line (F7): of a listing as it stands, and of a rule as it is being typed.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { Money } from '../money.ts'
import { amountsIn, priceByRule, vatFor, type PriceStep, type RuledPrice } from './price-by-rule.ts'
import { loadPriceFacts, type VariantOnChannel } from './price-facts.store.ts'
import { guardedCosts, splitPrice, type GuardedCosts, type GuardPart, type WaitReason } from './price-guard.ts'
import { lineText } from './price-texts.ts'
import type { HeldReason, KnownRule, PricingRule } from './pricing-rule.ts'
import { loadWholeRules } from './pricing-rules.store.ts'
import { unitCostOf, type ShownRate } from './unit-cost.ts'

export type ShownLine = {
  step: PriceStep | 'own-price' | 'variant-price' | 'no-price' | 'other-currency'
  text: string
  amount: Money | null
  after: Money | null
  rate: ShownRate | null
}

export type ShownSplit = {
  price: Money
  vat: Money
  fees: Money
  cost: Money
  shipping: Money
  left: Money
  marginBasisPoints: number | null
  least: Money | null
}

export type PricedVariant = {
  variantId: string
  sku: string
  title: string
  channelId: string
  channelName: string
  before: Money | null
  price: Money | null
  held: HeldReason | null
  lines: ShownLine[]
  split: ShownSplit | null
}

/** The arithmetic of one rule on these variants, whether or not it is the one that counts for them. */
export function priceExamples(rule: PricingRule, variants: VariantOnChannel[]): PricedVariant[] {
  return variants.map((variant) => {
    const { channelId, channelName, variantId, sku, title, facts } = variant
    const made = priceByRule(rule, facts)
    const parts = made.cost && [guardPart(variant, 1, { rule, made })]
    return {
      channelId,
      channelName,
      variantId,
      sku,
      title,
      before: counting(variant).price,
      price: made.price,
      held: made.held,
      lines: shownLines(made),
      split: made.price && parts ? shownSplit(made.price, guardedCosts(parts.filter((part) => part !== null))) : null,
    }
  })
}

/** After the rule is deleted, or where it makes no price of its own: what counts then. */
export function plainPrices(variants: VariantOnChannel[], ruleId: string): PricedVariant[] {
  return variants.map((variant) => {
    const { channelId, channelName, variantId, sku, title } = variant
    const left = { ...variant, made: variant.made?.ruleId === ruleId ? null : variant.made }
    const { price, lines } = counting(left)
    const shown = { channelId, channelName, variantId, sku, title }
    return { ...shown, before: counting(variant).price, price, held: null, lines, split: null }
  })
}

/** The listing's own price, else the rule's, else the variant's. */
function counting(variant: VariantOnChannel): {
  from: 'own' | 'rule' | 'variant' | null
  price: Money | null
  lines: ShownLine[]
} {
  const line = (step: ShownLine['step'], text: string, price: Money | null): ShownLine[] => [
    { step, text, amount: price, after: price, rate: null },
  ]
  const { own, made, variantPrice } = variant
  if (own)
    return {
      from: 'own',
      price: own,
      lines: line('own-price', 'The listing’s own price counts before all others', own),
    }
  if (made) return { from: 'rule', price: made.price, lines: [] }
  if (!variantPrice)
    return { from: null, price: null, lines: line('no-price', 'No price was entered, and no rule makes one', null) }
  if (variantPrice.currency !== variant.facts.currency) {
    const text = `Its price is in ${variantPrice.currency}, and the listing is not; prices entered by hand are never converted`
    return { from: null, price: null, lines: line('other-currency', text, variantPrice) }
  }
  return {
    from: 'variant',
    price: variantPrice,
    lines: line('variant-price', 'The price of the variant', variantPrice),
  }
}

export type ExplainedListing = {
  listingId: string
  channelId: string
  channelName: string
  title: string
  shows: Money | null
  desired: Money | null
  components: {
    variantId: string
    sku: string
    title: string
    quantity: number
    from: 'own' | 'rule' | 'variant' | null
    rule: { id: string; name: string; version: number; active: boolean } | null
    price: Money | null
    computedAt: Date | null
    held: HeldReason | null
    lines: ShownLine[]
  }[]
  split: ShownSplit | null
  unknown: 'cost-unknown' | 'shipping-unknown' | 'no-rate' | 'no-offer' | 'no-price' | null
  waitsForPerson: boolean
  because: WaitReason[]
  approval: { downTo: Money; by: string; at: Date } | null
  sentence: string
}

type ListingRow = {
  channelId: string
  channelName: string
  title: string
  shows: number | null
  currency: string
  desired: number | null
  waits: boolean
  steps: string[] | null
  priceUpdate: boolean
  isRefused: boolean
  downTo: number | null
  approvedCost: number | null
  approvedBy: string | null
  approvedAt: Date | null
  components: { variantId: string; quantity: number }[]
}

/** Undefined where there is no such listing. */
export async function explainListingPrice(
  tx: Tx,
  listingId: string,
): Promise<{ shown: ExplainedListing; costs: GuardedCosts | null } | undefined> {
  const { rows } = await sql<ListingRow>`
    select channel.id as "channelId", channel.name as "channelName", listing.title, listing.price_minor as shows,
      coalesce(listing.price_currency, channel.currency) as currency, target.desired, coalesce(target.waits, false) as waits,
      (select array_agg(reason ->> 'step') from jsonb_array_elements(target.reasons) as reason) as steps,
      channel.price_update as "priceUpdate", coalesce(target.refused_version = target.desired_version, false) as "isRefused", approval.down_to_minor as "downTo", approval.cost_minor as "approvedCost",
      approval.actor as "approvedBy", approval.at as "approvedAt",
      coalesce((select jsonb_agg(jsonb_build_object('variantId', component.variant_id, 'quantity', component.quantity) order by component.variant_id)
        from sku_mappings mapping
        join sku_mapping_components component on component.tenant_id = mapping.tenant_id and component.mapping_id = mapping.id
        where mapping.tenant_id = listing.tenant_id and mapping.listing_id = listing.id), '[]') as components
    from listings listing
    join sales_channels channel on channel.tenant_id = listing.tenant_id and channel.id = listing.channel_id
    left join listing_targets target on target.tenant_id = listing.tenant_id and target.listing_id = listing.id and target.kind = 'price'
    left join price_approvals approval on approval.tenant_id = listing.tenant_id and approval.listing_id = listing.id
      and approval.currency = coalesce(listing.price_currency, channel.currency)
    where listing.tenant_id = ${tx.tenantId} and listing.id = ${listingId} and channel.removed_at is null
  `.execute(tx)
  const [row] = rows
  if (!row) return undefined
  const { channelId, currency } = row
  const variants = await loadPriceFacts(
    tx,
    row.components.map(({ variantId }) => ({ channelId, variantId })),
  )
  const rules = await loadWholeRules(tx, [...new Set(variants.flatMap(({ made }) => (made ? [made.ruleId] : [])))])
  const parts = variants.map((variant) =>
    explainPart({ ...variant, facts: { ...variant.facts, currency } }, row, rules),
  )
  const known = parts.map(({ guard }) => guard)
  const costs =
    known.every((guard) => typeof guard === 'object') && known.length > 0
      ? guardedCosts(known, chargedFor(variants, currency))
      : null
  const unknown = known.find((guard) => typeof guard === 'string') ?? null
  const desired = row.desired === null ? null : { minor: row.desired, currency }
  const because = (row.steps ?? []).filter((step): step is WaitReason =>
    ['loss', 'below-floor', 'large-step'].includes(step),
  )
  const { downTo, approvedBy, approvedAt, approvedCost } = row
  const isApproved =
    costs !== null &&
    approvedCost !== null &&
    costs.costMinor + costs.shippingMinor + costs.feeFixedMinor <= approvedCost
  const shown: ExplainedListing = {
    listingId,
    channelId,
    channelName: row.channelName,
    title: row.title,
    shows: row.shows === null ? null : { minor: row.shows, currency },
    desired,
    components: parts.map(({ shown }) => shown),
    split: desired && costs ? shownSplit(desired, costs) : null,
    unknown: desired ? unknown : 'no-price',
    waitsForPerson: row.waits,
    because: row.waits ? because : [],
    approval:
      isApproved && downTo !== null && approvedBy !== null && approvedAt
        ? { downTo: { minor: downTo, currency }, by: approvedBy, at: approvedAt }
        : null,
    sentence: sentenceOf(row, because),
  }
  return { shown, costs }
}

function explainPart(variant: VariantOnChannel, row: ListingRow, rules: KnownRule[]) {
  const { variantId, sku, title, made, facts } = variant
  const quantity = row.components.find((component) => component.variantId === variantId)?.quantity ?? 1
  const { from, price, lines } = counting(variant)
  const rule = rules.find(({ id }) => id === made?.ruleId)
  const byRule = rule && priceByRule(rule, facts)
  const ruled = rule
    ? { id: rule.id, name: rule.name, version: made?.version ?? rule.version, active: rule.active }
    : null
  const frozen: ShownLine[] =
    rule && !rule.active
      ? [
          {
            step: 'own-price',
            text: `The rule “${rule.name}” is switched off, so its price stays`,
            amount: price,
            after: price,
            rate: null,
          },
        ]
      : []
  return {
    shown: {
      variantId,
      sku,
      title,
      quantity,
      from,
      price,
      rule: from === 'rule' ? ruled : null,
      computedAt: from === 'rule' ? (made?.computedAt ?? null) : null,
      held: from === 'rule' ? (made?.held ?? null) : null,
      lines: from === 'rule' ? (frozen.length > 0 || !byRule ? frozen : shownLines(byRule)) : lines,
    },
    guard: guardOf(variant, quantity, rule),
  }
}

/** What of a part's costs counts for the guard; a reason where they are not known. */
function guardOf(
  variant: VariantOnChannel,
  quantity: number,
  rule: PricingRule | undefined,
): GuardPart | 'cost-unknown' | 'shipping-unknown' | 'no-rate' | 'no-offer' {
  const cost = unitCostOf(variant.facts, rule ? rule.shippingServiceId : variant.defaultServiceId)
  if (typeof cost === 'string')
    return cost === 'cost-unknown' || cost === 'shipping-unknown' || cost === 'no-rate' ? cost : 'no-offer'
  return partOf(variant, quantity, {
    rule,
    supplierId: cost.offer.supplierId,
    costMinor: cost.cost.minor,
    shippingMinor: cost.shipping.minor,
  })
}

function guardPart(
  variant: VariantOnChannel,
  quantity: number,
  { rule, made }: { rule: PricingRule; made: RuledPrice },
): GuardPart | null {
  const { cost } = made
  if (!cost) return null
  return partOf(variant, quantity, {
    rule,
    supplierId: cost.offer.supplierId,
    costMinor: cost.cost.minor,
    shippingMinor: cost.shipping.minor,
  })
}

function partOf(
  { facts }: VariantOnChannel,
  quantity: number,
  { rule, ...costs }: { rule: PricingRule | undefined } & Pick<GuardPart, 'supplierId' | 'costMinor' | 'shippingMinor'>,
): GuardPart {
  const amounts = rule && amountsIn(rule, facts)?.amounts
  return {
    quantity,
    ...costs,
    vatBasisPoints: (rule ? vatFor(rule, facts.vatRateBasisPoints) : facts.vatRateBasisPoints) ?? 0,
    feeBasisPoints: rule?.fee.basisPoints ?? 0,
    feeFixedMinor: amounts?.feeFixedMinor ?? 0,
    floorMinor: amounts?.floorMinor ?? 0,
  }
}

function chargedFor(variants: VariantOnChannel[], currency: string): number {
  return Math.max(0, ...variants.map(({ charged }) => (charged?.currency === currency ? charged.minor : 0)))
}

function shownLines({ lines }: RuledPrice): ShownLine[] {
  return lines.map((line) => ({
    step: line.step,
    text: lineText(line),
    amount: line.amount,
    after: line.after,
    rate: line.rate,
  }))
}

function shownSplit(price: Money, costs: GuardedCosts): ShownSplit {
  const { vatMinor, feesMinor, leftMinor, marginBasisPoints } = splitPrice(price.minor, costs)
  const money = (minor: number) => ({ minor, currency: price.currency })
  return {
    price,
    vat: money(vatMinor),
    fees: money(feesMinor),
    cost: money(costs.costMinor),
    shipping: money(costs.shippingMinor),
    left: money(leftMinor),
    marginBasisPoints,
    least: costs.leastMinor === null ? null : money(costs.leastMinor),
  }
}

function sentenceOf(row: ListingRow, because: WaitReason[]): string {
  if (row.components.length === 0) return 'The listing is not mapped, so Fairlead does not touch its price.'
  if (row.desired === null) return 'No price can be worked out, so the listing keeps the one it has.'
  if (row.waits && row.isRefused)
    return 'This price was refused, so the listing keeps the one it has until another is worked out.'
  if (row.waits && because.includes('loss'))
    return 'This price is less than cost, shipping, fees and VAT, so it waits for you.'
  if (row.waits && because.includes('below-floor'))
    return 'This price is below the floor of its pricing rule, so it waits for you.'
  if (row.waits) return 'This is a larger step than may go by itself, so it waits for you.'
  if (!row.priceUpdate) return 'Price update is off for this integration, so the price is not sent.'
  return row.shows === row.desired ? 'It shows this price, as it should.' : 'The change is on its way.'
}
