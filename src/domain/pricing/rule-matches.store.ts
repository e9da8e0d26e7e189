// Which rule counts for which variant on which sales channel, for many at once; see isFor() and rankRules() in pricing-rule.ts.
import { sql, type RawBuilder } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { PricingScope } from './pricing-rule.ts'
import type { PricingTerms } from './pricing-terms.store.ts'

type Matching = {
  terms: PricingTerms
  /** Rules whose prices stay as they are. */
  frozen: string[]
  /** What a rule that is not stored so is for. */
  draft?: { ruleId: string; values: string[] } | undefined
}

/** `among`: the variants it is about. */
export function matchedPairs(
  tx: Tx,
  among: (variantId: RawBuilder<unknown>) => RawBuilder<unknown>,
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
            and kept.variant_id = matched.variant_id and ${among(sql`kept.variant_id`)} and kept.rule_id = any(${frozen}::uuid[]))`
  const kinds = kindsOf(terms)
  const matches = sql.join(
    kinds.map((kind) => matchesOf(tx, kind)),
    sql` union all `,
  )
  // Of rules for all, only the first of each sales channel is there.
  const first = kinds.every((kind) => kind === 'all')
    ? matches
    : sql`select channel_id, variant_id, min(rank) as rank, min(own_vat) as own_vat from (${matches}) every_match group by channel_id, variant_id`
  return sql`subjects as materialized (
    select v.id as variant_id, v.product_id, v.vat_rate_basis_points as own_vat from variants v where v.tenant_id = ${tx.tenantId} and ${among(sql`v.id`)}
  ), scopes as materialized (${scopes}), matched as (${first}), pairs as materialized (
    select row_number() over () as place, matched.channel_id, matched.variant_id, ruled.currency, ruled.service_id, matched.rank,
      matched.own_vat, true as counts
    from matched join ruled on ruled.rank = matched.rank
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
