// What mapped listings should show, for many at once: the computation of advertised.ts in one statement. A property test
// holds the two equal. Rows are written only where figure or state change, so a batch that changes nothing costs a read.
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { openProblems } from '../problems/problems.store.ts'

export type SettleScope = { kind: 'variants' | 'listings'; ids: string[] } | { kind: 'channel'; id: string }

/** From here on down the last units are told before the rest. */
const lastUnitsMax = 3
const waitingProblemsMax = 500

export async function settleStockTargets(tx: Tx, scope: SettleScope): Promise<{ changed: number }> {
  // One at a time for each tenant: figures computed from an older state must not overwrite those of a newer one.
  await sql`select pg_advisory_xact_lock(hashtext('stock-targets'), hashtext(${tx.tenantId}))`.execute(tx)
  const { rows } = await sql<{ channel_id: string; changed: number; due: number; waiting: string[] | null }>`
    with ${affectedMappings(tx, scope)}, ${deliverableUnits(tx)}, ${figures(tx)}, written as (
      insert into listing_targets as target (tenant_id, listing_id, kind, channel_id, desired, desired_version, reasons, urgency, state)
      select ${tx.tenantId}, listing_id, 'stock', channel_id, desired, 1, reasons, ${urgency(sql`figures.desired`)},
        case when not follows then 'settled' when zero_waits then 'waiting-for-person' else 'due' end
      from figures
      on conflict (tenant_id, listing_id, kind) do update set
        ${changedFigure},
        urgency = excluded.urgency,
        state = ${nextState(sql`excluded.desired`, sql`excluded.state`)}
      where target.desired is distinct from excluded.desired
        or target.state <> ${nextState(sql`excluded.desired`, sql`excluded.state`)}
      returning channel_id, listing_id, state
    )
    select channel_id, count(*)::int as changed, (count(*) filter (where state = 'due'))::int as due,
      array_agg(listing_id) filter (where state = 'waiting-for-person') as waiting
    from written group by channel_id order by channel_id
  `.execute(tx)
  for (const { channel_id: channelId, due } of rows) {
    if (due > 0) await tx.enqueue('channel', { channelId, operation: 'push-stock' }, { key: `${channelId}/push-stock` })
    await tx.notify('listings', { id: channelId })
  }
  await tellWaiting(
    tx,
    rows.flatMap(({ channel_id: channelId, waiting }) =>
      (waiting ?? []).map((listingId) => ({ channelId, listingId })),
    ),
  )
  const changed = rows.reduce((sum, row) => sum + row.changed, 0)
  if (changed > 0) await closeSettledWaits(tx)
  return { changed }
}

/** The columns that a change of the desired figure sets: the new one has not been tried yet. */
export const changedFigure = sql`
  desired = excluded.desired,
  reasons = excluded.reasons,
  desired_version = target.desired_version + case when target.desired is distinct from excluded.desired then 1 else 0 end,
  desired_at = case when target.desired is distinct from excluded.desired then app_now() else target.desired_at end,
  attempts = case when target.desired is distinct from excluded.desired then 0 else target.attempts end,
  next_try_at = case when target.desired is distinct from excluded.desired then null else target.next_try_at end,
  refusal = case when target.desired is distinct from excluded.desired then null else target.refusal end`

/** An answer still to come is waited for; what is refused stays so until something else is wanted, and so does a person's word. */
export function nextState(desired: RawBuilder<unknown>, fresh: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`case
    when target.state in ('in-flight', 'unclear') then target.state
    when ${fresh} = 'settled' or target.accepted = ${desired} then 'settled'
    when ${fresh} = 'waiting-for-person' and target.approved_version is distinct from target.desired_version
      then 'waiting-for-person'
    when target.state = 'rejected' and target.desired = ${desired} then 'rejected'
    else 'due' end`
}

/** The mappings a scope is about, on sales channels that still exist. */
export function affectedMappings(tx: Tx, scope: SettleScope): RawBuilder<unknown> {
  const chosen =
    scope.kind === 'channel'
      ? sql`mapping.channel_id = ${scope.id}`
      : scope.kind === 'listings'
        ? sql`mapping.listing_id = any(${scope.ids}::uuid[])`
        : sql`mapping.id in (select mapping_id from sku_mapping_components
            where tenant_id = ${tx.tenantId} and variant_id = any(${scope.ids}::uuid[]))`
  return sql`affected as (
    select mapping.id as mapping_id, mapping.listing_id, mapping.channel_id
    from sku_mappings mapping
    join sales_channels channel on channel.tenant_id = mapping.tenant_id and channel.id = mapping.channel_id
    where mapping.tenant_id = ${tx.tenantId} and channel.removed_at is null and ${chosen}
  )`
}

/** See unitsOf() and listingUnits() in advertised.ts. */
function deliverableUnits(tx: Tx): RawBuilder<unknown> {
  return sql`offered as (
    select affected.listing_id, component.variant_id, component.quantity, offer.id as offer_id, offer.on_hand, offer.reserved,
      offer.active and supplier.active and not (supplier.figures_stale and supplier.stale_shows_zero) as active
    from affected
    join sku_mapping_components component on component.tenant_id = ${tx.tenantId} and component.mapping_id = affected.mapping_id
    left join supplier_offers offer on offer.tenant_id = ${tx.tenantId} and offer.variant_id = component.variant_id
    left join suppliers supplier on supplier.tenant_id = ${tx.tenantId} and supplier.id = offer.supplier_id
  ), part_units as (
    select listing_id, variant_id,
      case when count(offer_id) = 0 then null
        when count(*) filter (where active) = 0 then 0
        else sum(greatest(0, on_hand - reserved) / quantity) filter (where active and on_hand is not null) end as units,
      coalesce(bool_or(active and on_hand < reserved), false) as short
    from offered group by listing_id, variant_id
  ), listing_units as (
    select listing_id, bool_or(short) as short,
      case when bool_or(units = 0) then 0 when bool_or(units is null) then null else min(units) end as units
    from part_units group by listing_id
  )`
}

/** See advertisedStock() in advertised.ts and followsStock() in listing.ts. No least(): of unknown and 1 it makes 1. */
function figures(tx: Tx): RawBuilder<unknown> {
  return sql`ruled as (
    select affected.channel_id, affected.listing_id, units.units, units.short, listing.zero_is_final,
      channel.stock_threshold, channel.advertised_max,
      channel.stock_update and listing.missing_since is null and listing.state <> 'suspended'
        and (listing.state <> 'ended' or coalesce(listing.quantity = 0, false) and not listing.zero_is_final) as follows,
      case when not listing.takes_quantity and units.units > 1 then 1 else units.units end as single
    from affected
    join listing_units units on units.listing_id = affected.listing_id
    join listings listing on listing.tenant_id = ${tx.tenantId} and listing.id = affected.listing_id
    join sales_channels channel on channel.tenant_id = ${tx.tenantId} and channel.id = affected.channel_id
  ), thresholded as (
    select *, coalesce(single > 0 and units <= stock_threshold, false) as by_threshold from ruled
  ), capped as (
    select *, case when by_threshold then 0 when advertised_max > 0 and single > advertised_max then advertised_max else single end as desired
    from thresholded
  ), figures as (
    select channel_id, listing_id, desired, follows and desired is not null as follows,
      zero_is_final and by_threshold as zero_waits,
      jsonb_build_array(jsonb_build_object('step', 'available', 'after', units))
      || case when short then jsonb_build_array(jsonb_build_object('step', 'shortage', 'after', units)) else '[]' end
      || case when single < units then jsonb_build_array(jsonb_build_object('step', 'one-of-a-kind', 'after', single)) else '[]' end
      || case when by_threshold then jsonb_build_array(jsonb_build_object('step', 'threshold', 'after', 0)) else '[]' end
      || case when not by_threshold and desired < single
        then jsonb_build_array(jsonb_build_object('step', 'advertised-max', 'after', desired)) else '[]' end as reasons
    from capped
  )`
}

function urgency(desired: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`case when ${desired} = 0 then 2 when ${desired} <= ${lastUnitsMax} then 1 else 0 end`
}

async function tellWaiting(tx: Tx, waiting: { channelId: string; listingId: string }[]): Promise<void> {
  const told = waiting.slice(0, waitingProblemsMax)
  if (told.length === 0) return
  const { rows } = await sql<{ id: string; title: string }>`
    select id, title from listings
    where tenant_id = ${tx.tenantId} and id = any(${told.map(({ listingId }) => listingId)}::uuid[])
  `.execute(tx)
  const titles = new Map(rows.map(({ id, title }) => [id, title]))
  await openProblems(
    tx,
    told.map(({ channelId, listingId }) => ({
      key: zeroWaitsKey(listingId),
      kind: 'zero-waits',
      channelId,
      listingId,
      data: { title: titles.get(listingId) ?? null },
    })),
  )
}

export function zeroWaitsKey(listingId: string): string {
  return `zero-waits/${listingId}`
}

async function closeSettledWaits(tx: Tx): Promise<void> {
  await sql`
    update problems set closed_at = app_now()
    where tenant_id = ${tx.tenantId} and closed_at is null and kind = 'zero-waits' and not exists (
      select from listing_targets target
      where target.tenant_id = ${tx.tenantId} and target.listing_id = problems.listing_id and target.kind = 'stock'
        and target.state = 'waiting-for-person'
    )
  `.execute(tx)
}
