// "Sent" is not "live": figures the marketplace took are read back now and then, and what it shows instead is healed (E5).
import { sql } from 'kysely'
import type { ListingState } from './listing.ts'
import type { TargetKind } from './claim-targets.store.ts'
import type { Tx } from '../../platform/database.ts'
import { settlePriceTargets } from '../pricing/price-targets.store.ts'
import { closeProblem, openProblem } from '../problems/problems.store.ts'
import { settleStockTargets } from '../stock/stock-targets.store.ts'

export type TargetToVerify = {
  channelId: string
  listingId: string
  marketplaceListingId: string
  marketplaceVariantId: string | null
  channelSku: string | null
  title: string
  listingState: ListingState
  kind: TargetKind
  accepted: number
  currency: string | null
  desiredVersion: number
  /** Old enough that a marketplace which shows changes late shows this one by now. */
  isRipe: boolean
  /** What an earlier reading showed, if orders were downloaded since. */
  seenBefore: number | null
}

const ripeAfterSeconds = 900
const readAfterSeconds = 60
/** So often a day is a coincidence; more often is another tool at work. */
const driftsPerDayMax = 2

/** What was never read back first, then what was not for longest; each again after a day. */
export async function chooseTargetsToVerify(tx: Tx, channelId: string, countMax: number): Promise<TargetToVerify[]> {
  const { rows } = await sql<TargetToVerify>`
    select target.channel_id as "channelId", target.listing_id as "listingId", listing.marketplace_listing_id as "marketplaceListingId",
      nullif(listing.marketplace_variant_id, '') as "marketplaceVariantId", listing.channel_sku as "channelSku", listing.title,
      listing.state as "listingState", target.kind, target.accepted, target.currency, target.desired_version as "desiredVersion",
      target.accepted_at <= app_now() - make_interval(secs => ${ripeAfterSeconds}) as "isRipe",
      case when channel.orders_synced_at > target.verified_at then target.verified end as "seenBefore"
    from listing_targets target
    join listings listing on listing.tenant_id = target.tenant_id and listing.id = target.listing_id
    join sales_channels channel on channel.tenant_id = target.tenant_id and channel.id = target.channel_id
    where target.tenant_id = ${tx.tenantId} and target.channel_id = ${channelId} and target.state = 'settled'
      and target.accepted is not null and target.desired is not null and listing.missing_since is null
      and case target.kind when 'stock' then channel.stock_update else channel.price_update end
      and target.accepted_at <= app_now() - make_interval(secs => ${readAfterSeconds})
      and (target.verified_at is null or target.verified_at < target.accepted_at or target.verified is distinct from target.accepted
        or target.verified_at < app_now() - interval '1 day')
      and (target.verified_at is null or target.verified_at <= app_now() - make_interval(secs => ${readAfterSeconds}))
    order by coalesce(target.verified <> target.accepted, false) desc, target.verified_at nulls first, target.listing_id, target.kind
    limit ${countMax}
  `.execute(tx)
  return rows
}

export type Verdict = 'verified' | 'too-early' | 'perhaps-sold' | 'drift' | 'outdated'

/**
 * A quantity lower than we set may be a sale whose order is not here yet: setting it back at once would sell the last unit
 * twice. So orders are downloaded first, and only what is still lower afterwards is drift.
 */
export function judge(
  target: Pick<TargetToVerify, 'kind' | 'accepted' | 'isRipe' | 'seenBefore'>,
  value: number | null,
): Verdict {
  if (value === null || value === target.accepted) return 'verified'
  if (!target.isRipe) return 'too-early'
  if (target.kind === 'stock' && value < target.accepted && target.seenBefore !== value) return 'perhaps-sold'
  return 'drift'
}

/**
 * A download shows what we would read back one by one. What is as we set it is verified; what is not is only noted, and
 * looked at first when listings are read back.
 */
export async function verifyFromDownload(tx: Tx, listingIds: string[]): Promise<void> {
  await sql`
    update listing_targets target set verified = shown.value, verified_at = app_now()
    from (
      select listing.id, kind.name as kind, case kind.name when 'stock' then listing.quantity else listing.price_minor end as value,
        listing.price_currency
      from listings listing, (values ('stock'), ('price')) as kind (name)
      where listing.tenant_id = ${tx.tenantId} and listing.id = any(${listingIds}::uuid[])
    ) shown
    where target.tenant_id = ${tx.tenantId} and target.listing_id = shown.id and target.kind = shown.kind and shown.value is not null
      and target.state = 'settled' and target.accepted is not null
      and (target.kind = 'stock' or target.currency = shown.price_currency)
      and target.accepted_at <= app_now() - make_interval(secs => ${ripeAfterSeconds})
      and (target.verified is distinct from shown.value or target.verified_at < app_now() - interval '1 hour')
  `.execute(tx)
}

/**
 * What a marketplace calls off it may put back on sale by itself, whatever we set, and where the units left already our own
 * figure does not move. So what those orders sold is read back as if it never was.
 */
export async function readBackOrdered(tx: Tx, orderIds: string[]): Promise<void> {
  if (orderIds.length === 0) return
  await sql`
    update listing_targets set verified_at = null
    where tenant_id = ${tx.tenantId} and kind = 'stock' and listing_id in (
      select listing_id from order_lines where tenant_id = ${tx.tenantId} and order_id = any(${orderIds}::uuid[])
    )
  `.execute(tx)
}

/** It could not be read this time, and must not keep the others from their turn. */
export async function postponeReading(tx: Tx, target: TargetToVerify): Promise<void> {
  await sql`
    update listing_targets set verified_at = app_now()
    where tenant_id = ${tx.tenantId} and listing_id = ${target.listingId} and kind = ${target.kind}
  `.execute(tx)
}

export async function storeReading(tx: Tx, target: TargetToVerify, value: number | null): Promise<Verdict> {
  const verdict = judge(target, value)
  const driftKey = `listing-drift/${target.kind}/${target.listingId}`
  const accepted = verdict === 'drift' ? sql`, accepted = ${value}` : sql``
  const stored = await sql`
    update listing_targets set verified = coalesce(${value}::bigint, accepted), verified_at = app_now() ${accepted}
    where tenant_id = ${tx.tenantId} and listing_id = ${target.listingId} and kind = ${target.kind}
      and state = 'settled' and desired_version = ${target.desiredVersion} and accepted = ${target.accepted}
  `.execute(tx)
  if (stored.numAffectedRows === 0n) return 'outdated'
  if (verdict === 'verified') await closeProblem(tx, driftKey)
  if (verdict === 'drift') await healDrift(tx, target, value, driftKey)
  return verdict
}

/** What it shows is not what we want, so it is due again. */
async function healDrift(tx: Tx, target: TargetToVerify, value: number | null, driftKey: string): Promise<void> {
  await tx
    .insertInto('listing_events')
    .values({
      tenant_id: tx.tenantId,
      id: tx.ids.uuid(),
      listing_id: target.listingId,
      kind: `${target.kind}-drift`,
      data: JSON.stringify({ accepted: target.accepted, value }),
      actor: 'Fairlead',
    })
    .execute()
  const scope = { kind: 'listings' as const, ids: [target.listingId] }
  if (target.kind === 'stock') await settleStockTargets(tx, scope)
  else await settlePriceTargets(tx, scope)
  const { rows } = await sql<{ drifts: number }>`
    select count(*)::int as drifts from listing_events
    where tenant_id = ${tx.tenantId} and listing_id = ${target.listingId} and kind = ${`${target.kind}-drift`}
      and at > app_now() - interval '1 day'
  `.execute(tx)
  if ((rows[0]?.drifts ?? 0) <= driftsPerDayMax) return
  const data = { what: target.kind === 'stock' ? 'quantity' : 'price', title: target.title }
  await openProblem(tx, {
    key: driftKey,
    kind: 'listing-drift',
    channelId: target.channelId,
    listingId: target.listingId,
    data,
  })
}
