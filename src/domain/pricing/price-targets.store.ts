// What mapped listings should cost, for many at once: the computations of listing-price.ts and price-guard.ts in one
// statement. A price that is a loss, below the floor, or too large a step waits for a person (E4, R1, R2).
import { sql, type RawBuilder } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { openProblems } from '../problems/problems.store.ts'
import { affectedMappings, changedFigure } from '../stock/stock-targets.store.ts'
import type { SettleScope } from '../stock/stock-targets.store.ts'
import { readPricingTerms, termsTables, type PricingTerms } from './pricing-terms.store.ts'
import { isAmong, type VariantRange } from './variant-range.store.ts'
import { costedPairs } from './unit-costs.store.ts'

const waitingProblemsMax = 500

type Settling = {
  /** A person has seen or typed these prices, so a large step does not wait; a loss still does. */
  approvedBy?: string | null
  terms?: PricingTerms
  /** The rules' prices of these variants were made in this transaction: what they cost need not be looked for again. */
  isFresh?: boolean
}

export async function settlePriceTargets(
  tx: Tx,
  scope: SettleScope | ({ kind: 'range' } & VariantRange),
  { approvedBy = null, terms: read, isFresh = false }: Settling = {},
): Promise<{ changed: number }> {
  await lockPrices(tx)
  const terms = read ?? (await readPricingTerms(tx))
  const isStepApproved = approvedBy !== null
  const { rows } = await sql<{ channel_id: string; changed: number; due: number; waiting: string[] | null }>`
    with ${scope.kind === 'range' ? mappingsWithin(tx, scope) : affectedMappings(tx, scope)}, ${termsTables(terms)},
    ${pricedParts(tx, isFresh)}, ${costedPairs(tx, terms)}, ${summedParts},
    ${guardedFigures(tx, terms, isStepApproved)}, written as (
      insert into listing_targets as target (tenant_id, listing_id, kind, channel_id, desired, currency, desired_version, reasons,
        state, waits, approved_version)
      select ${tx.tenantId}, listing_id, 'price', channel_id, desired, currency, 1, reasons,
        case when not sends then 'settled' when waits then 'waiting-for-person' else 'due' end, waits,
        case when ${isStepApproved} then 1::bigint end
      from figures
      on conflict (tenant_id, listing_id, kind) do update set
        ${changedFigure},
        currency = excluded.currency,
        waits = excluded.waits,
        approved_version = case when ${isStepApproved}
          then target.desired_version + case when target.desired is distinct from excluded.desired then 1 else 0 end
          else target.approved_version end,
        -- What was taken in another currency says nothing about this one.
        accepted = case when target.currency = excluded.currency then target.accepted end,
        state = ${nextPriceState}
      where (target.desired, target.currency, target.waits) is distinct from (excluded.desired, excluded.currency, excluded.waits)
        or target.state <> ${nextPriceState}
        or excluded.waits and target.reasons <> excluded.reasons
      returning channel_id, listing_id, state, waits
    )
    select channel_id, count(*)::int as changed, (count(*) filter (where state = 'due'))::int as due,
      array_agg(listing_id) filter (where waits) as waiting
    from written group by channel_id order by channel_id
  `.execute(tx)
  for (const { channel_id: channelId, due } of rows) {
    if (due > 0)
      await tx.enqueue('channel', { channelId, operation: 'push-prices' }, { key: `${channelId}/push-prices` })
  }
  await tellWaiting(
    tx,
    rows.flatMap(({ waiting }) => waiting ?? []),
  )
  const changed = rows.reduce((sum, row) => sum + row.changed, 0)
  if (changed > 0) await closeSettledWaits(tx)
  return { changed }
}

/** A person's word for the prices that wait as a loss or below the floor: down to these, and until their cost rises. */
export async function keepApprovals(tx: Tx, listingIds: string[], actor: string): Promise<void> {
  const terms = await readPricingTerms(tx)
  await sql`
    with ${affectedMappings(tx, { kind: 'listings', ids: listingIds })}, ${termsTables(terms)}, ${pricedParts(tx, false)},
    ${costedPairs(tx, terms)}, ${summedParts}
    insert into price_approvals (tenant_id, listing_id, down_to_minor, currency, cost_minor, actor)
    select ${tx.tenantId}, fixed.listing_id, fixed.desired, fixed.currency, fixed.fixed_costs::bigint, ${actor}
    from fixed
    join listing_targets target on target.tenant_id = ${tx.tenantId} and target.listing_id = fixed.listing_id and target.kind = 'price'
    where fixed.desired = target.desired and fixed.costs_known
      and (target.reasons @> '[{"step": "loss"}]' or target.reasons @> '[{"step": "below-floor"}]')
    on conflict (tenant_id, listing_id) do update set down_to_minor = excluded.down_to_minor, currency = excluded.currency,
      cost_minor = excluded.cost_minor, actor = excluded.actor, at = app_now()
  `.execute(tx)
}

/** One at a time for each business: prices computed from an older state must not overwrite those of a newer one. */
export async function lockPrices(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('price-targets'), hashtext(${tx.tenantId}))`.execute(tx)
}

/** An answer still to come is waited for; a person's say comes before all else; what is refused stays so until it changes. */
const nextPriceState = sql`case
    when target.state in ('in-flight', 'unclear') then target.state
    when excluded.state = 'settled' or target.accepted = excluded.desired then 'settled'
    when excluded.waits then 'waiting-for-person'
    when target.state = 'rejected' and target.desired = excluded.desired then 'rejected'
    else 'due' end`

/** As affectedMappings(), of a walk's variants. */
function mappingsWithin(tx: Tx, range: VariantRange): RawBuilder<unknown> {
  return sql`affected as (
    select mapping.id as mapping_id, mapping.listing_id, mapping.channel_id
    from sku_mappings mapping
    join sales_channels channel on channel.tenant_id = mapping.tenant_id and channel.id = mapping.channel_id
    where mapping.tenant_id = ${tx.tenantId} and channel.removed_at is null and mapping.id in (
      select mapping_id from sku_mapping_components where tenant_id = ${tx.tenantId} and ${isAmong(sql`variant_id`, range)})
  )`
}

/** Each part of each listing: the price of the listing itself, else the rule's, else the variant's; and whose costs count. */
function pricedParts(tx: Tx, isFresh: boolean): RawBuilder<unknown> {
  const follows = sql`channel.price_update and listing.missing_since is null and listing.state not in ('suspended', 'ended')`
  // Not of kits: which of their parts one supplier ships together is known by the offers alone.
  const isKnown = isFresh
    ? sql`made.cost_minor is not null and made.currency = coalesce(listing.price_currency, channel.currency)
        and ruled.rank is not null and count(*) over (partition by affected.listing_id) = 1`
    : sql`false`
  return sql`parts as (
    select row_number() over () as place, affected.channel_id, affected.listing_id, component.variant_id, component.quantity,
      coalesce(listing.price_currency, channel.currency) as currency,
      case when own.price_minor is not null then own.price_minor when made.variant_id is not null then made.price_minor
        else variant.price_minor end as unit,
      case when own.price_minor is not null then own.currency when made.variant_id is not null then made.currency
        else variant.currency end as unit_currency,
      own.price_minor is null and made.held is not null as held,
      case when own.currency = coalesce(listing.price_currency, channel.currency) then own.shipping_minor end as charged,
      case when made.variant_id is not null then ruled.service_id else channel.default_shipping_service_id end as service_id,
      case when ruled.vat_from = 'rule' then ruled.vat else coalesce(variant.vat_rate_basis_points, ruled.vat, 0) end as vat,
      coalesce(ruled.fee, 0) as fee,
      case when ruled.currency = coalesce(listing.price_currency, channel.currency) then coalesce(ruled.fee_fixed, 0) else 0 end as fee_fixed,
      case when ruled.currency = coalesce(listing.price_currency, channel.currency) then coalesce(ruled.floor, 0) else 0 end as floor,
      ${follows} as follows, coalesce(${isKnown}, false) as known, made.cost_minor as known_cost, made.shipping_minor as known_shipping,
      listing.price_minor as shows, listing.price_currency as shows_currency
    from affected
    join sku_mapping_components component on component.tenant_id = ${tx.tenantId} and component.mapping_id = affected.mapping_id
    join variants variant on variant.tenant_id = ${tx.tenantId} and variant.id = component.variant_id
    join listings listing on listing.tenant_id = ${tx.tenantId} and listing.id = affected.listing_id
    join sales_channels channel on channel.tenant_id = ${tx.tenantId} and channel.id = affected.channel_id
    left join channel_variants own on own.tenant_id = ${tx.tenantId} and own.channel_id = affected.channel_id
      and own.variant_id = component.variant_id
    left join rule_prices made on made.tenant_id = ${tx.tenantId} and made.channel_id = affected.channel_id
      and made.variant_id = component.variant_id
    left join ruled on ruled.rule_id = made.rule_id and ruled.channel_id = made.channel_id
  ), pairs as materialized (
    select parts.*, follows and not known as counts from parts
  )`
}

/** See listingPrice() in listing-price.ts, and guardedCosts() in price-guard.ts. */
const summedParts = sql`known_parts as (
    select costed.*, case when known then known_cost else cost end as part_cost,
      case when known then known_shipping else shipping end as part_shipping
    from costed
  ), parcelled as (
    select *, row_number() over (partition by listing_id, supplier_id order by part_shipping desc nulls last) = 1 as is_parcel from known_parts
  ), summed as (
    select channel_id, listing_id, currency, max(shows) as shows, min(shows_currency) as shows_currency, bool_and(follows) as follows, bool_and(unit is not null) as priced,
      bool_and(unit_currency = currency) as same_currency, bool_or(held) as held, sum(unit * quantity)::bigint as total,
      bool_and(known or cost_held is null) as costs_known, sum(part_cost * quantity) as cost,
      sum(part_shipping) filter (where is_parcel) as shipping, max(vat) as vat, max(fee) as fee, max(fee_fixed) as fee_fixed,
      sum(floor * quantity) as floor, max(charged) as charged
    from parcelled group by channel_id, listing_id, currency
  ), fixed as (
    select summed.*, case when priced and same_currency and total > 0 then total end as desired,
      case when costs_known then cost + greatest(0, shipping - coalesce(charged, 0)) + fee_fixed end as fixed_costs,
      100000000 - fee * (10000 + vat) as remains
    from summed
  )`

/** See waitReasons() in price-guard.ts. */
function guardedFigures(tx: Tx, { stepMaxBasisPoints }: PricingTerms, isStepApproved: boolean): RawBuilder<unknown> {
  return sql`judged as (
    select fixed.*, follows and fixed.desired is not null as sends,
      costs_known and not coalesce(approval.is_enough, false)
        and (remains <= 0 or fixed.desired::numeric * remains < fixed_costs::numeric * (10000 + vat) * 10000) as loss,
      costs_known and not coalesce(approval.is_enough, false) and fixed.desired < floor as below_floor,
      not ${isStepApproved} and fixed.shows > 0 and fixed.shows_currency = fixed.currency
        and abs(fixed.desired - fixed.shows) * 10000 > fixed.shows * ${stepMaxBasisPoints}::bigint
        and not coalesce(said.approved_version = said.desired_version and said.desired = fixed.desired, false) as large_step
    from fixed
    left join listing_targets said on said.tenant_id = ${tx.tenantId} and said.listing_id = fixed.listing_id and said.kind = 'price'
    left join lateral (
      select given.currency = fixed.currency and fixed.desired >= given.down_to_minor and fixed.fixed_costs <= given.cost_minor as is_enough
      from price_approvals given where given.tenant_id = ${tx.tenantId} and given.listing_id = fixed.listing_id
    ) approval on true
  ), figures as (
    select channel_id, listing_id, desired, currency, sends,
      sends and coalesce(loss or below_floor or large_step, false) as waits,
      jsonb_build_array(jsonb_build_object('step',
        case when held then 'rule-held' when not priced then 'no-price' when not same_currency then 'other-currency' else 'price' end,
        'after', case when priced and same_currency then total end))
      || case when not sends or not coalesce(loss or below_floor or large_step, false) then '[]' else
        case when loss then jsonb_build_array(jsonb_build_object('step', 'loss', 'after', desired)) else '[]' end
        || case when below_floor then jsonb_build_array(jsonb_build_object('step', 'below-floor', 'after', desired)) else '[]' end
        || case when large_step then jsonb_build_array(jsonb_build_object('step', 'large-step', 'after', desired)) else '[]' end end
        as reasons
    from judged
  )`
}

export function priceWaitsKey(listingId: string): string {
  return `price-waits/${listingId}`
}

async function tellWaiting(tx: Tx, waiting: string[]): Promise<void> {
  const told = waiting.slice(0, waitingProblemsMax)
  if (told.length === 0) return
  const { rows } = await sql<{
    id: string
    channelId: string
    title: string
    minor: number
    currency: string
    steps: string[]
  }>`
    select listing.id, listing.channel_id as "channelId", listing.title, target.desired as minor, target.currency,
      array(select reason ->> 'step' from jsonb_array_elements(target.reasons) as reason) as steps
    from listings listing
    join listing_targets target on target.tenant_id = listing.tenant_id and target.listing_id = listing.id and target.kind = 'price'
    where listing.tenant_id = ${tx.tenantId} and listing.id = any(${told}::uuid[])
      and target.refused_version is distinct from target.desired_version
  `.execute(tx)
  await openProblems(
    tx,
    rows.map(({ id, channelId, title, minor, currency, steps }) => ({
      key: priceWaitsKey(id),
      kind: 'price-waits',
      channelId,
      listingId: id,
      data: {
        title,
        minor,
        currency,
        because: ['loss', 'below-floor', 'large-step'].find((step) => steps.includes(step)) ?? null,
      },
    })),
  )
}

async function closeSettledWaits(tx: Tx): Promise<void> {
  const closed = await sql`
    update problems set closed_at = app_now()
    where tenant_id = ${tx.tenantId} and closed_at is null and kind = 'price-waits' and not exists (
      select from listing_targets target
      where target.tenant_id = ${tx.tenantId} and target.listing_id = problems.listing_id and target.kind = 'price' and target.waits
    )
  `.execute(tx)
  if ((closed.numAffectedRows ?? 0n) > 0n) await tx.notify('problems')
}
