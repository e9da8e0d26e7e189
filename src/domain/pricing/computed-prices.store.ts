// Prices by rules, for many at once: the computation of unit-cost.ts and price-by-rule.ts in one statement. A property test
// holds the two equal.
import { sql, type RawBuilder } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { amountMax, type PricingScope } from './pricing-rule.ts'
import { readPricingTerms, termsTables, type PricingTerms } from './pricing-terms.store.ts'

/** Beyond what any price may be, and within what a column holds. */
const storedMax = 1_000_000_000_000_000

/**
 * Brings what rules make up to date for these variants on every sales channel. What a rule made that is off now stays as it
 * is; what no rule is for any more goes.
 */
export async function recomputePrices(tx: Tx, variantIds: string[], read?: PricingTerms): Promise<{ changed: number }> {
  if (variantIds.length === 0) return { changed: 0 }
  const terms = read ?? (await readPricingTerms(tx))
  if (terms.isUnused) return { changed: 0 }
  const off = terms.rules.filter((rule) => !rule.active).map((rule) => rule.id)
  const { rows } = await sql<{ changed: number }>`
    with ${termsTables(terms)}, ${matchedPairs(tx, sql`v.id = any(${variantIds}::uuid[])`, { terms, frozen: off })},
    ${costedPairs(tx, terms)}, ${computedPrices}, written as (
      insert into rule_prices as old (tenant_id, channel_id, variant_id, rule_id, rule_version, price_minor, currency, held,
        offer_id, cost_minor, shipping_minor, vat_rate_basis_points, rate, rate_on_date, rate_source)
      select ${tx.tenantId}, channel_id, variant_id, rule_id, version, price, currency, held, offer_id, cost, shipping, vat, rate,
        on_date, source
      from computed
      on conflict (tenant_id, channel_id, variant_id) do update set rule_id = excluded.rule_id, rule_version = excluded.rule_version,
        price_minor = excluded.price_minor, currency = excluded.currency, held = excluded.held, offer_id = excluded.offer_id,
        cost_minor = excluded.cost_minor, shipping_minor = excluded.shipping_minor,
        vat_rate_basis_points = excluded.vat_rate_basis_points, rate = excluded.rate, rate_on_date = excluded.rate_on_date,
        rate_source = excluded.rate_source, computed_at = app_now()
      where (old.rule_id, old.rule_version, old.price_minor, old.currency, old.held, old.offer_id, old.cost_minor, old.shipping_minor,
          old.vat_rate_basis_points, old.rate, old.rate_on_date, old.rate_source)
        is distinct from (excluded.rule_id, excluded.rule_version, excluded.price_minor, excluded.currency, excluded.held,
          excluded.offer_id, excluded.cost_minor, excluded.shipping_minor, excluded.vat_rate_basis_points, excluded.rate,
          excluded.rate_on_date, excluded.rate_source)
      returning 1
    ), gone as (
      delete from rule_prices old
      where old.tenant_id = ${tx.tenantId} and old.variant_id = any(${variantIds}::uuid[]) and old.rule_id <> all(${off}::uuid[])
        and (old.channel_id, old.variant_id) not in (select channel_id, variant_id from pairs)
      returning 1
    )
    select (select count(*) from written) + (select count(*) from gone) as changed
  `.execute(tx)
  return { changed: rows[0]?.changed ?? 0 }
}

type Matching = {
  terms: PricingTerms
  /** Rules whose prices stay as they are. */
  frozen: string[]
  /** What a rule that is not stored so is for. */
  draft?: { ruleId: string; values: string[] } | undefined
}

/** Which rule counts for which variant on which sales channel; see isFor() and rankRules() in pricing-rule.ts. */
export function matchedPairs(
  tx: Tx,
  which: RawBuilder<unknown>,
  { terms, frozen, draft }: Matching,
): RawBuilder<unknown> {
  const scopes = draft
    ? sql`select rule_id, value from pricing_rule_scopes where tenant_id = ${tx.tenantId} and rule_id <> ${draft.ruleId}
        union all select ${draft.ruleId}::uuid, unnest(${draft.values}::text[])`
    : sql`select rule_id, value from pricing_rule_scopes where tenant_id = ${tx.tenantId}`
  const stays =
    frozen.length === 0
      ? sql``
      : sql`where not exists (
          select from rule_prices kept where kept.tenant_id = ${tx.tenantId} and kept.channel_id = matched.channel_id
            and kept.variant_id = matched.variant_id and kept.rule_id = any(${frozen}::uuid[]))`
  return sql`subjects as materialized (
    select v.id as variant_id, v.product_id, v.vat_rate_basis_points as own_vat from variants v where v.tenant_id = ${tx.tenantId} and ${which}
  ), scopes as materialized (${scopes}), matched as (
    select channel_id, variant_id, min(rank) as rank, min(own_vat) as own_vat from (
      ${sql.join(
        kindsOf(terms).map((kind) => matchesOf(tx, kind)),
        sql` union all `,
      )}
    ) every_match group by channel_id, variant_id
  ), pairs as materialized (
    select row_number() over () as place, matched.channel_id, matched.variant_id, ruled.currency, ruled.service_id, matched.rank,
      matched.own_vat, true as counts
    from matched join ruled on ruled.channel_id = matched.channel_id and ruled.rank = matched.rank
    ${stays}
  )`
}

type ScopeKind = PricingScope['kind']

function kindsOf({ ruled }: PricingTerms): ScopeKind[] {
  const kinds = new Set(ruled.flatMap((row) => (row.rank === null ? [] : [row.scope_kind])))
  // Without rules nothing matches, and the statement still must be one.
  return kinds.size === 0 ? ['all'] : [...kinds]
}

/** From the variants to their rules, never the other way: a supplier may offer a million things that are not asked about. */
function matchesOf(tx: Tx, kind: ScopeKind): RawBuilder<unknown> {
  const columns = sql`select ruled.channel_id, subjects.variant_id, ruled.rank, subjects.own_vat`
  const ofKind = sql`ruled.rank is not null and ruled.scope_kind = ${sql.lit(kind)}`
  const scoped = sql`join ruled on ruled.rule_id = scopes.rule_id and ${ofKind}`
  switch (kind) {
    case 'all':
      return sql`${columns} from subjects join ruled on ${ofKind}`
    case 'products':
      return sql`${columns} from subjects join scopes on scopes.value = subjects.product_id::text ${scoped}`
    case 'categories':
      return sql`${columns} from (
        select *, (select coalesce(nullif(p.category, ''), p.product_type) from products p
          where p.tenant_id = ${tx.tenantId} and p.id = asked.product_id) as category
        from subjects asked
      ) subjects join scopes on scopes.value = subjects.category ${scoped}`
    case 'suppliers':
      return sql`${columns} from subjects
        cross join lateral (
          select o.supplier_id from supplier_offers o
          where o.tenant_id = ${tx.tenantId} and o.variant_id = subjects.variant_id and o.active offset 0
        ) offer
        join suppliers supplier on supplier.tenant_id = ${tx.tenantId} and supplier.id = offer.supplier_id and supplier.active
        join scopes on scopes.value = offer.supplier_id::text ${scoped}`
  }
}

/**
 * Of `pairs`, which have a place, a variant, a currency, a service and whether costs count at all: the same rows with what
 * one unit costs. See unitCostOf() in unit-cost.ts. Columns are carried along: joining what was computed once more would
 * leave the planner guessing.
 */
export function costedPairs(tx: Tx, { routing }: PricingTerms): RawBuilder<unknown> {
  const { reclaimsVat, currency: business } = routing
  const vatOf = (minor: RawBuilder<unknown>, rate: RawBuilder<unknown>) =>
    reclaimsVat
      ? sql`0`
      : sql`case when supplier.charges_vat then floor((${minor}::numeric * ${rate} + 5000) / 10000) else 0 end`
  const goodsVat = vatOf(
    sql`offer.cost_minor`,
    sql`coalesce(variant.vat_rate_basis_points, supplier.vat_rate_basis_points)`,
  )
  const shippingVat = vatOf(sql`service.cost_minor`, sql`service.vat_rate_basis_points`)
  const hasVat = reclaimsVat
    ? sql``
    : sql`left join variants variant on variant.tenant_id = ${tx.tenantId} and variant.id = pairs.variant_id`
  const needsService = sql`pairs.service_id is not null and lister.supplier_id is not null`
  return sql`sellers as materialized (
    select id, preference, charges_vat, vat_rate_basis_points from suppliers where tenant_id = ${tx.tenantId} and active
  ), listers as materialized (
    select distinct supplier_id from supplier_services where tenant_id = ${tx.tenantId}
  ), offered as materialized (
    select pairs.*, offer.id as offer_id, offer.supplier_id, offer.currency as offer_currency,
      offer.cost_minor + ${goodsVat} as own_cost,
      case when ${needsService} then service.cost_minor + ${shippingVat} else 0 end as own_shipping,
      case when offer.id is null or supplier.id is null then 3
        when ${needsService} and service.active is not true then 2
        when offer.cost_minor is null then 1
        when ${needsService} and service.cost_minor is null then 2 else 0 end as hindrance,
      case when offer.on_hand - offer.reserved >= 1 then 0 else 1 end as short, supplier.preference
    from pairs
    left join supplier_offers offer on pairs.counts and offer.tenant_id = ${tx.tenantId} and offer.variant_id = pairs.variant_id
      and offer.active
    left join sellers supplier on supplier.id = offer.supplier_id
    left join listers lister on lister.supplier_id = offer.supplier_id
    left join supplier_services service on service.tenant_id = ${tx.tenantId} and service.supplier_id = offer.supplier_id
      and service.shipping_service_id = pairs.service_id
    ${hasVat}
  ), compared as (
    select offered.*,
      case when offer_currency = ${business} then own_cost + own_shipping
        else round((own_cost + own_shipping) * rates.factor) end as compared
    from offered left join rates on rates.f = offered.offer_currency and rates.t = ${business}
  ), used as materialized (
    select distinct on (place) * from compared
    order by place, hindrance, short, preference, compared, case when compared is null then offer_currency end collate "C",
      case when compared is null then own_cost + own_shipping end, supplier_id, offer_id
  ), costed as materialized (
    select used.*,
      case when hindrance > 0 then null when offer_currency = used.currency then own_cost else round(own_cost * factor) end as cost,
      case when hindrance > 0 then null when offer_currency = used.currency then own_shipping else round(own_shipping * factor) end as shipping,
      case hindrance when 3 then 'no-offer' when 2 then 'shipping-unknown' when 1 then 'cost-unknown'
        else case when offer_currency <> used.currency and factor is null then 'no-rate' end end as cost_held,
      rates.rate, rates.on_date, rates.source
    from used left join rates on rates.f = used.offer_currency and rates.t = used.currency
  )`
}

/** Of `costed`: see priceByRule() in price-by-rule.ts, step by step. */
export const computedPrices = sql`based as materialized (
    select costed.channel_id, costed.variant_id, costed.currency, ruled.rule_id, ruled.version, ruled.markup_kind, ruled.markup, ruled.fee,
      ruled.fee_fixed, ruled.ending, ruled.every, ruled.floor, ruled.ceiling, costed.cost, costed.shipping, costed.cost_held,
      case when costed.cost is not null then costed.offer_id end as offer_id, case when costed.cost is not null then costed.rate end as rate,
      case when costed.cost is not null then costed.on_date end as on_date, case when costed.cost is not null then costed.source end as source,
      case when ruled.vat_from = 'rule' then ruled.vat else coalesce(costed.own_vat, ruled.vat) end as vat,
      case when costed.cost + costed.shipping <= ${sql.lit(amountMax)} then (costed.cost + costed.shipping)::bigint end as base,
      ruled.amounts_known
    from costed join ruled on ruled.channel_id = costed.channel_id and ruled.rank = costed.rank
  ), marked as materialized (
    select *,
      base + fee_fixed + case markup_kind when 'amount' then markup when 'percent' then (base * markup + 5000) / 10000 else 0 end as wanted,
      10000 * (10000 - case markup_kind when 'margin' then markup else 0 end) - fee * (10000 + vat) as remains,
      case when cost_held is not null then cost_held when not amounts_known then 'no-rate' when vat is null then 'vat-unknown'
        when base is null then 'too-large' end as first_held
    from based
  ), grossed as materialized (
    select *,
      case when first_held is null and wanted <= ${sql.lit(amountMax)} and remains > 0
        then (wanted * (10000 + vat) * 10000 + remains - 1) / remains end as made
    from marked
  ), ended as materialized (
    select *, case when every is null then made else made + ((ending - made) % every + every) % every end as ended from grossed
  ), bounded as materialized (
    select *, case when ended < floor then floor when ended > ceiling then ceiling else ended end as bounded from ended
  ), computed as materialized (
    select channel_id, variant_id, currency, rule_id, version, offer_id, vat, rate, on_date, source,
      least(cost, ${sql.lit(storedMax)})::bigint as cost, least(shipping, ${sql.lit(storedMax)})::bigint as shipping,
      case when bounded between 1 and ${sql.lit(amountMax)} then bounded end as price,
      case when first_held is not null then first_held
        when wanted > ${sql.lit(amountMax)} then 'too-large' when remains <= 0 then 'impossible'
        when bounded > ${sql.lit(amountMax)} then 'too-large' when bounded <= 0 then 'impossible' end as held,
      case when ended < floor then 'floor' when ended > ceiling then 'ceiling' end as at_bound
    from bounded
  )`
