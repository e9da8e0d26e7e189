// Prices by rules, for many at once: the computation of unit-cost.ts and price-by-rule.ts in one statement. A property test
// holds the two equal.
import { sql, type QueryResult, type RawBuilder } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { amountMax } from './pricing-rule.ts'
import { readPricingTerms, termsTables, type PricingTerms } from './pricing-terms.store.ts'
import { matchedPairs } from './rule-matches.store.ts'
import { costedPairs } from './unit-costs.store.ts'
import { isAmong, type VariantRange } from './variant-range.store.ts'

/** What of a stored price is compared, so that one that comes out as before is not written again. */
const kept = [
  'rule_id',
  'price_minor',
  'currency',
  'held',
  'offer_id',
  'cost_minor',
  'shipping_minor',
  'vat_rate_basis_points',
  'rate',
  'rate_on_date',
  'rate_source',
]

/**
 * Brings what rules make up to date for these variants on every sales channel. What a rule made that is off now stays as it
 * is; what no rule is for any more goes. Stands behind lockPrices(): nobody else writes prices meanwhile.
 */
export async function recomputePrices(
  tx: Tx,
  variants: string[] | VariantRange,
  read?: PricingTerms,
): Promise<{ changed: number }> {
  if (Array.isArray(variants) && variants.length === 0) return { changed: 0 }
  const terms = read ?? (await readPricingTerms(tx))
  if (terms.isUnused) return { changed: 0 }
  const among = (variantId: RawBuilder<unknown>) => isAmong(variantId, variants)
  const off = terms.rules.filter((rule) => !rule.active).map((rule) => rule.id)
  const set = [...kept, 'rule_version'].map((name) => sql`${sql.ref(name)} = computed.${sql.ref(name)}`)
  const values = (table: string) => sql.join(kept.map((name) => sql.ref(`${table}.${name}`)))
  const { rows } = await joinedInBulk(
    tx,
    sql<{ changed: number }>`
    with ${termsTables(terms)}, ${matchedPairs(tx, among, { terms, frozen: off })},
    ${costedPairs(tx, terms, among)}, ${computedPrices}, written as (
      merge into rule_prices as stored using computed
      on stored.tenant_id = ${tx.tenantId} and stored.variant_id = computed.variant_id and stored.channel_id = computed.channel_id
        and ${among(sql`stored.variant_id`)}
      when matched and (${values('stored')}) is distinct from (${values('computed')})
        then update set ${sql.join(set)}, computed_at = app_now()
      when not matched then insert (tenant_id, channel_id, variant_id, rule_version, ${sql.join(kept.map((name) => sql.ref(name)))})
        values (${tx.tenantId}, computed.channel_id, computed.variant_id, computed.rule_version, ${values('computed')})
      returning new.variant_id, old.price_minor is distinct from new.price_minor as moved
    ), gone as (
      delete from rule_prices as stored
      where stored.tenant_id = ${tx.tenantId} and ${among(sql`stored.variant_id`)} and stored.rule_id <> all(${off}::uuid[])
        and not exists (select from pairs where pairs.variant_id = stored.variant_id and pairs.channel_id = stored.channel_id)
      returning stored.variant_id
    ), marked_products as (
      insert into grid_marks (tenant_id, product_id)
      select distinct ${tx.tenantId}::uuid, product_id from subjects
      where variant_id in (select variant_id from written where moved union all select variant_id from gone)
    )
    select (select count(*) from written) + (select count(*) from gone) as changed
  `,
  )
  return { changed: rows[0]?.changed ?? 0 }
}

/**
 * What the planner expects of parts of a statement may be wrong by a thousand times, and looking through one of them for each
 * row of another would take hours. Here each is read once.
 */
export async function joinedInBulk<Row>(tx: Tx, statement: RawBuilder<Row>): Promise<QueryResult<Row>> {
  await sql`select set_config('enable_nestloop', 'off', true)`.execute(tx)
  const result = await statement.execute(tx)
  await sql`select set_config('enable_nestloop', 'on', true)`.execute(tx)
  return result
}

/** Of `costed`: see priceByRule() in price-by-rule.ts, step by step. Each step stands alone, for a later one asks for it often. */
export const computedPrices = sql`based as (
    select costed.channel_id, costed.variant_id, costed.currency, ruled.rule_id, ruled.version, ruled.markup_kind, ruled.markup, ruled.fee,
      ruled.fee_fixed, ruled.ending, ruled.every, ruled.floor, ruled.ceiling, costed.cost, costed.shipping, costed.cost_held,
      case when costed.cost is not null then costed.offer_id end as offer_id, case when costed.cost is not null then costed.rate end as rate,
      case when costed.cost is not null then costed.on_date end as on_date, case when costed.cost is not null then costed.source end as source,
      case when ruled.vat_from = 'rule' then ruled.vat else coalesce(costed.own_vat, ruled.vat) end as vat,
      case when costed.cost + costed.shipping <= ${sql.lit(amountMax)} then costed.cost + costed.shipping end as base,
      ruled.amounts_known
    from costed join ruled on ruled.rank = costed.rank
    offset 0
  ), marked as (
    select *,
      base + fee_fixed + case markup_kind when 'amount' then markup when 'percent' then (base * markup + 5000) / 10000 else 0 end as wanted,
      10000 * (10000 - case markup_kind when 'margin' then markup else 0 end) - fee * (10000 + vat) as remains,
      case when cost_held is not null then cost_held when not amounts_known then 'no-rate' when vat is null then 'vat-unknown'
        when base is null then 'too-large' end as first_held
    from based
    offset 0
  ), grossed as (
    select *,
      case when first_held is null and wanted <= ${sql.lit(amountMax)} and remains > 0
        then (wanted * (10000 + vat) * 10000 + remains - 1) / remains end as made
    from marked
    offset 0
  ), ended as (
    select *, case when every is null then made else made + ((ending - made) % every + every) % every end as ended from grossed
    offset 0
  ), bounded as (
    select *, case when ended < floor then floor when ended > ceiling then ceiling else ended end as bounded from ended
    offset 0
  ), computed as (
    select channel_id, variant_id, currency, rule_id, version as rule_version, offer_id, vat::int as vat_rate_basis_points, rate,
      on_date as rate_on_date, source as rate_source, cost as cost_minor, shipping as shipping_minor,
      case when bounded between 1 and ${sql.lit(amountMax)} then bounded end as price_minor,
      case when first_held is not null then first_held
        when wanted > ${sql.lit(amountMax)} then 'too-large' when remains <= 0 then 'impossible'
        when bounded > ${sql.lit(amountMax)} then 'too-large' when bounded <= 0 then 'impossible' end as held,
      case when ended < floor then 'floor' when ended > ceiling then 'ceiling' end as at_bound
    from bounded
    offset 0
  )`
