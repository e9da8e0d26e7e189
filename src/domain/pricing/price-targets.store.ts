// What mapped listings should cost, for many at once: the computation of listing-price.ts in one statement.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { affectedMappings, changedFigure, nextState } from '../stock/stock-targets.store.ts'
import type { SettleScope } from '../stock/stock-targets.store.ts'

export async function settlePriceTargets(tx: Tx, scope: SettleScope): Promise<{ changed: number }> {
  await sql`select pg_advisory_xact_lock(hashtext('price-targets'), hashtext(${tx.tenantId}))`.execute(tx)
  const { rows } = await sql<{ channel_id: string; changed: number; due: number }>`
    with ${affectedMappings(tx, scope)}, summed as (
      select affected.channel_id, affected.listing_id, channel.price_update,
        listing.missing_since is null and listing.state not in ('suspended', 'ended') as follows,
        coalesce(listing.price_currency, channel.currency) as currency,
        bool_and(variant.price_minor is not null) as priced,
        bool_and(variant.currency = coalesce(listing.price_currency, channel.currency)) as same_currency,
        sum(variant.price_minor * component.quantity)::bigint as total
      from affected
      join sku_mapping_components component on component.tenant_id = ${tx.tenantId} and component.mapping_id = affected.mapping_id
      join variants variant on variant.tenant_id = ${tx.tenantId} and variant.id = component.variant_id
      join listings listing on listing.tenant_id = ${tx.tenantId} and listing.id = affected.listing_id
      join sales_channels channel on channel.tenant_id = ${tx.tenantId} and channel.id = affected.channel_id
      group by affected.channel_id, affected.listing_id, channel.price_update, follows, channel.currency, listing.price_currency
    ), figures as (
      select *, case when priced and same_currency and total > 0 then total end as desired,
        jsonb_build_array(jsonb_build_object('step',
          case when not priced then 'no-price' when not same_currency then 'other-currency' else 'price' end,
          'after', case when priced and same_currency then total end)) as reasons
      from summed
    ), written as (
      insert into listing_targets as target (tenant_id, listing_id, kind, channel_id, desired, currency, desired_version, reasons, state)
      select ${tx.tenantId}, listing_id, 'price', channel_id, desired, currency, 1, reasons,
        case when price_update and follows and desired is not null then 'due' else 'settled' end
      from figures
      on conflict (tenant_id, listing_id, kind) do update set
        ${changedFigure},
        currency = excluded.currency,
        -- What was taken in another currency says nothing about this one.
        accepted = case when target.currency = excluded.currency then target.accepted end,
        state = ${nextState(sql`excluded.desired`, sql`excluded.state`)}
      where (target.desired, target.currency) is distinct from (excluded.desired, excluded.currency)
        or target.state <> ${nextState(sql`excluded.desired`, sql`excluded.state`)}
      returning channel_id, state
    )
    select channel_id, count(*)::int as changed, (count(*) filter (where state = 'due'))::int as due
    from written group by channel_id order by channel_id
  `.execute(tx)
  for (const { channel_id: channelId, due } of rows) {
    if (due > 0)
      await tx.enqueue('channel', { channelId, operation: 'push-prices' }, { key: `${channelId}/push-prices` })
  }
  return { changed: rows.reduce((sum, row) => sum + row.changed, 0) }
}
