// What one unit costs, for many at once: unitCostOf() in unit-cost.ts as parts of a statement. A property test holds the two
// equal.
import { sql, type RawBuilder } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { PricingTerms } from './pricing-terms.store.ts'
import { usedFirst } from './used-offer.store.ts'

/** Beyond what any price may be, and within what a column holds, also times 10,000. */
const storedMax = 100_000_000_000_000

/**
 * Of `pairs`, which have a place, a variant, a currency, a service and whether costs count at all: the same rows with what
 * one unit costs. Columns are carried along: joining what was computed once more would leave the planner guessing.
 * `among`: which variants' offers are read at once; without it each pair looks for its own.
 */
export function costedPairs(
  tx: Tx,
  { routing }: PricingTerms,
  among?: (variantId: RawBuilder<unknown>) => RawBuilder<unknown>,
): RawBuilder<unknown> {
  const { reclaimsVat, currency: business } = routing
  const vatOf = (minor: RawBuilder<unknown>, rate: RawBuilder<unknown>) =>
    reclaimsVat ? sql`0` : sql`case when supplier.charges_vat then (${minor} * ${rate} + 5000) / 10000 else 0 end`
  const goods = sql`least(offer.cost_minor, ${sql.lit(storedMax)}::bigint)`
  const shipping = sql`least(service.cost_minor, ${sql.lit(storedMax)}::bigint)`
  const goodsVat = vatOf(goods, sql`coalesce(variant.vat_rate_basis_points, supplier.vat_rate_basis_points)`)
  const shippingVat = vatOf(shipping, sql`service.vat_rate_basis_points`)
  const hasVat = reclaimsVat
    ? sql``
    : sql`left join variants variant on variant.tenant_id = ${tx.tenantId} and variant.id = pairs.variant_id
        ${among ? sql`and ${among(sql`variant.id`)}` : sql``}`
  const needsService = sql`pairs.service_id is not null and lister.supplier_id is not null`
  const columns = sql`o.id, o.variant_id, o.supplier_id, o.currency, o.cost_minor, coalesce(o.on_hand - o.reserved >= 1, false) as has_stock`
  const offersAtOnce = among
    ? sql`offers as materialized (
        select ${columns} from supplier_offers o where o.tenant_id = ${tx.tenantId} and o.active and ${among(sql`o.variant_id`)}
      ),`
    : sql``
  const offers = among
    ? sql`left join offers offer on offer.variant_id = pairs.variant_id and pairs.counts`
    : sql`left join lateral (
        select ${columns} from supplier_offers o
        where pairs.counts and o.tenant_id = ${tx.tenantId} and o.variant_id = pairs.variant_id and o.active offset 0
      ) offer on true`
  const converted = (minor: RawBuilder<unknown>) =>
    sql`least(round(${minor} * rates.factor), ${sql.lit(storedMax)})::bigint`
  const used = usedFirst({
    hindrance: sql`hindrance`,
    hasStock: sql`has_stock`,
    preference: sql`preference`,
    cost: sql`compared, case when compared is null then offer_currency end collate "C",
      case when compared is null then own_cost + own_shipping end`,
    supplierId: sql`supplier_id`,
    offerId: sql`offer_id`,
  })
  return sql`sellers as materialized (
    select id, preference, charges_vat, vat_rate_basis_points from suppliers where tenant_id = ${tx.tenantId} and active
  ), listers as materialized (
    select distinct supplier_id from supplier_services where tenant_id = ${tx.tenantId}
  ), ${offersAtOnce} offered as (
    select pairs.*, offer.id as offer_id, offer.supplier_id, offer.currency as offer_currency, ${goods} + ${goodsVat} as own_cost,
      case when ${needsService} then ${shipping} + ${shippingVat} else 0 end as own_shipping,
      case when offer.id is null or supplier.id is null then 3
        when ${needsService} and service.active is not true then 2
        when offer.cost_minor is null then 1
        when ${needsService} and service.cost_minor is null then 2 else 0 end as hindrance,
      coalesce(offer.has_stock, false) as has_stock, supplier.preference
    from pairs
    ${offers}
    left join sellers supplier on supplier.id = offer.supplier_id
    left join listers lister on lister.supplier_id = offer.supplier_id
    left join supplier_services service on service.tenant_id = ${tx.tenantId} and service.supplier_id = offer.supplier_id
      and service.shipping_service_id = pairs.service_id
    ${hasVat}
    offset 0
  ), compared as (
    select offered.*,
      case when offer_currency = ${business} then own_cost + own_shipping else ${converted(sql`(own_cost + own_shipping)`)} end as compared
    from offered left join rates on rates.f = offered.offer_currency and rates.t = ${business}
    offset 0
  ), used as (
    select distinct on (place) * from compared order by place, ${used}
  ), costed as (
    select used.*,
      case when hindrance > 0 then null when offer_currency = used.currency then own_cost else ${converted(sql`own_cost`)} end as cost,
      case when hindrance > 0 then null when offer_currency = used.currency then own_shipping else ${converted(sql`own_shipping`)} end as shipping,
      case hindrance when 3 then 'no-offer' when 2 then 'shipping-unknown' when 1 then 'cost-unknown'
        else case when offer_currency <> used.currency and factor is null then 'no-rate' end end as cost_held,
      rates.rate, rates.on_date, rates.source
    from used left join rates on rates.f = used.offer_currency and rates.t = used.currency
    offset 0
  )`
}
