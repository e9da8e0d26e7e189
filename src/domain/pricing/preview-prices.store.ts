// What a change of the rules would change, before it is saved (F7): the statement that computes prices, beside the prices that
// count now, and nothing written.
import { sql, type RawBuilder } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { computedPrices, joinedInBulk } from './computed-prices.store.ts'
import type { HeldReason, KnownRule } from './pricing-rule.ts'
import { loadPricingSettings, scopeValues } from './pricing-rules.store.ts'
import { readPricingTerms, termsTables } from './pricing-terms.store.ts'
import { matchedPairs } from './rule-matches.store.ts'
import { costedPairs } from './unit-costs.store.ts'

/** A variant on a sales channel whose price the change is about. */
export type PreviewPair = { channelId: string; variantId: string; before: number | null; currency: string }

export type PreviewCounts = {
  /** Prices worked out. `more`: only those of so many variants. */
  counted: { value: number; more: boolean; variants: number; allVariants: number }
  changed: number
  listings: number
  rises: number
  falls: number
  unchanged: number
  ownPrice: number
  atFloor: number
  atCeiling: number
  held: { reason: HeldReason; count: number }[]
  largeSteps: number
  needsApproval: boolean
  biggestRises: PreviewPair[]
  biggestFalls: PreviewPair[]
  samples: PreviewPair[]
}

/** A change of the prices of more variants than this is told by so many: that takes seconds. */
const variantsMax = 200_000
/** From so many on, what they need is read at once. */
const manyVariants = 2_000
const biggestMax = 10
const samplesMax = 5

type Counts = Omit<PreviewCounts, 'counted' | 'needsApproval' | 'held'> & {
  value: number
  held: Record<string, number> | null
}

export async function previewPrices(tx: Tx, change: { draft: KnownRule } | { remove: string }): Promise<PreviewCounts> {
  const draft = 'draft' in change ? { ...change.draft, active: true } : undefined
  const ruleId = 'draft' in change ? change.draft.id : change.remove
  const terms = await readPricingTerms(tx, draft ? { draft } : { without: ruleId })
  const off = terms.rules.filter((rule) => !rule.active).map((rule) => rule.id)
  const scope = draft && { ruleId: draft.id, values: scopeValues(draft.scope) }
  const meant = meantVariants(tx, ruleId, draft)
  const counted = await countVariants(tx, meant)
  const isMany = counted > manyVariants
  const among = (variantId: RawBuilder<unknown>) => sql`${variantId} in (select variant_id from chosen)`
  const statement = sql<Counts>`
    with chosen as materialized (select variant_id from (${meant}) meant limit ${variantsMax}), ${termsTables(terms)},
    ${matchedPairs(tx, among, { terms, frozen: off, draft: scope })}, ${costedPairs(tx, terms, isMany ? among : undefined)}, ${computedPrices},
    ${comparedPrices(tx, ruleId, among)}
    select (select count(*) from judged) as value,
      (select count(*) from judged where differs) as changed,
      (select count(*) from judged where differs and after > before) as rises,
      (select count(*) from judged where differs and after < before) as falls,
      (select count(*) from judged where not differs) as unchanged,
      (select count(*) from judged where has_own) as "ownPrice",
      (select count(*) from judged where at_bound = 'floor' and not has_own) as "atFloor",
      (select count(*) from judged where at_bound = 'ceiling' and not has_own) as "atCeiling",
      (select jsonb_object_agg(held, count) from (select held, count(*) from judged where held is not null and not has_own group by held) h) as held,
      (select count(*) from changed_listings) as listings,
      (select count(*) from judged where differs and before > 0 and after is not null
        and abs(after - before) * 10000 > before * ${terms.stepMaxBasisPoints}::bigint) as "largeSteps",
      ${pairList(sql`from judged where differs and after > before order by (after - before)::numeric / before desc, channel_id, variant_id limit ${biggestMax}`)} as "biggestRises",
      ${pairList(sql`from judged where differs and after < before order by (after - before)::numeric / before, channel_id, variant_id limit ${biggestMax}`)} as "biggestFalls",
      ${pairList(sql`from judged where not has_own order by (held is null) desc, differs desc, md5(variant_id::text), channel_id limit ${samplesMax}`)} as samples
  `
  const { rows } = await (isMany ? joinedInBulk(tx, statement) : statement.execute(tx))
  const [counts] = rows
  if (!counts) throw new Error('Counting gave no row.')
  const { value, held, ...rest } = counts
  const { listingsMax } = await loadPricingSettings(tx)
  return {
    ...rest,
    counted: { value, more: counted > variantsMax, variants: Math.min(counted, variantsMax), allVariants: counted },
    held: Object.entries(held ?? {}).map(([reason, count]) => ({ reason: reason as HeldReason, count })),
    needsApproval: rest.largeSteps > 0 || rest.listings > listingsMax || counted > variantsMax,
  }
}

/** Only what the rule is for, or was: a rule for three products is previewed without a look at the rest. */
function meantVariants(tx: Tx, ruleId: string, draft: KnownRule | undefined): RawBuilder<unknown> {
  const made = sql`select variant_id from rule_prices where tenant_id = ${tx.tenantId} and rule_id = ${ruleId}`
  if (!draft) return sql`select distinct variant_id from (${made}) made`
  const values = scopeValues(draft.scope)
  const all = sql`select id as variant_id from variants where tenant_id = ${tx.tenantId}`
  if (draft.scope.kind === 'all') return all
  const meant = {
    suppliers: sql`select variant_id from supplier_offers where tenant_id = ${tx.tenantId} and supplier_id = any(${values}::uuid[])`,
    categories: sql`select v.id as variant_id from variants v join products p on p.tenant_id = v.tenant_id and p.id = v.product_id
      where v.tenant_id = ${tx.tenantId} and coalesce(nullif(p.category, ''), p.product_type) = any(${values}::text[])`,
    products: sql`select id as variant_id from variants where tenant_id = ${tx.tenantId} and product_id = any(${values}::uuid[])`,
  }[draft.scope.kind]
  return sql`${meant} union ${made}`
}

async function countVariants(tx: Tx, meant: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from (${meant}) meant`.execute(tx)
  return rows[0]?.count ?? 0
}

/** Beside what counts now: the listing's own price, else what a rule made, else the variant's. */
function comparedPrices(
  tx: Tx,
  ruleId: string,
  among: (variantId: RawBuilder<unknown>) => RawBuilder<unknown>,
): RawBuilder<unknown> {
  return sql`now as materialized (
    select made.channel_id, made.variant_id, made.price_minor, made.currency from rule_prices made
    where made.tenant_id = ${tx.tenantId} and ${among(sql`made.variant_id`)}
  ), about as (
    -- What the rule is for now, and what it made and leaves.
    select computed.channel_id, computed.variant_id from computed
    where computed.rule_id = ${ruleId}
    union
    select made.channel_id, made.variant_id from rule_prices made
    where made.tenant_id = ${tx.tenantId} and made.rule_id = ${ruleId} and ${among(sql`made.variant_id`)}
  ), judged as materialized (
    select about.channel_id, about.variant_id, channel.currency, computed.at_bound, computed.held, own.price_minor is not null as has_own,
      now.price_minor, case
        when own.price_minor is not null then own.price_minor
        when now.variant_id is not null then now.price_minor
        when variant.currency = channel.currency then variant.price_minor end as before,
      case
        when own.price_minor is not null then own.price_minor
        when computed.variant_id is not null then computed.price_minor
        when variant.currency = channel.currency then variant.price_minor end as after,
      own.price_minor is null and (
        case when now.variant_id is not null then now.price_minor when variant.currency = channel.currency then variant.price_minor end
        is distinct from
        case when computed.variant_id is not null then computed.price_minor when variant.currency = channel.currency then variant.price_minor end
      ) as differs
    from about
    join variants variant on variant.tenant_id = ${tx.tenantId} and variant.id = about.variant_id
    join sales_channels channel on channel.tenant_id = ${tx.tenantId} and channel.id = about.channel_id and channel.removed_at is null
    left join computed on computed.channel_id = about.channel_id and computed.variant_id = about.variant_id
    left join now on now.channel_id = about.channel_id and now.variant_id = about.variant_id
    left join channel_variants own on own.tenant_id = ${tx.tenantId} and own.channel_id = about.channel_id
      and own.variant_id = about.variant_id
  ), changed_listings as (
    select distinct mapping.listing_id
    from judged
    join sku_mapping_components component on component.tenant_id = ${tx.tenantId} and component.variant_id = judged.variant_id
    join sku_mappings mapping on mapping.tenant_id = ${tx.tenantId} and mapping.id = component.mapping_id
      and mapping.channel_id = judged.channel_id
    where judged.differs
  )`
}

function pairList(from: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(select coalesce(jsonb_agg(jsonb_build_object('channelId', channel_id, 'variantId', variant_id, 'before', before,
    'currency', currency)), '[]') from (select channel_id, variant_id, before, currency ${from}) listed)`
}
