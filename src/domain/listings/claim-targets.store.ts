// Takes figures that are due. Each claim is committed before anything is sent, so a crash leaves a trace; and looks at
// the switches again, so that one turned off counts from the next batch on (A7).
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { ListingState } from './listing.ts'
import type { Tx } from '../../platform/database.ts'

export type TargetKind = 'stock' | 'price'
export type TargetScope = { channelId: string; kind: TargetKind; fence: number }

export type ClaimedTarget = {
  listingId: string
  marketplaceListingId: string
  marketplaceVariantId: string | null
  channelSku: string | null
  title: string
  listingState: ListingState
  sent: number
  sentVersion: number
  currency: string | null
  attempts: number
}

const rejectedAgainHours = 6

/** Whoever had these in flight is gone: whether they counted is not known. */
export async function markStrandedUnclear(tx: Tx, scope: TargetScope): Promise<void> {
  await sql`
    update listing_targets set state = 'unclear', next_try_at = null
    where tenant_id = ${tx.tenantId} and channel_id = ${scope.channelId} and kind = ${scope.kind}
      and state = 'in-flight' and fence < ${scope.fence} and ticket_id is null
  `.execute(tx)
}

/** Why the marketplace refused these may be gone meanwhile, as when it opens a closed site again: nobody would tell us. */
export async function retryRejected(tx: Tx, channelId: string): Promise<void> {
  await sql`
    update listing_targets set state = 'due', attempts = 0, next_try_at = null
    where tenant_id = ${tx.tenantId} and channel_id = ${channelId} and state = 'rejected'
      and sent_at <= app_now() - make_interval(hours => ${rejectedAgainHours})
  `.execute(tx)
}

/** Urgent first, then what has waited longest. */
export function claimDueTargets(tx: Tx, scope: TargetScope, countMax: number): Promise<ClaimedTarget[]> {
  const changes = sql`state = 'in-flight', fence = ${scope.fence}, attempts = target.attempts + 1,
    sent = target.desired, sent_version = target.desired_version, sent_at = app_now()`
  return claim(tx, scope, { state: 'due', changes, countMax })
}

/** To be read back; nothing new is sent by it. */
export function claimUnclearTargets(tx: Tx, scope: TargetScope, countMax: number): Promise<ClaimedTarget[]> {
  const changes = sql`state = 'in-flight', fence = ${scope.fence}, attempts = target.attempts + 1`
  return claim(tx, scope, { state: 'unclear', changes, countMax })
}

async function claim(
  tx: Tx,
  { channelId, kind }: TargetScope,
  { state, changes, countMax }: { state: 'due' | 'unclear'; changes: RawBuilder<unknown>; countMax: number },
): Promise<ClaimedTarget[]> {
  const { rows } = await sql<ClaimedTarget & { urgency: number; desiredAt: Date }>`
    with chosen as (
      select target.listing_id from listing_targets target
      join sales_channels channel on channel.tenant_id = target.tenant_id and channel.id = target.channel_id
      where target.tenant_id = ${tx.tenantId} and target.channel_id = ${channelId} and target.kind = ${kind}
        and target.state = ${sql.lit(state)} and (target.next_try_at is null or target.next_try_at <= app_now())
        and ${state === 'due' ? sql`target.desired is not null and not target.waits` : sql`target.sent is not null`}
        and ${mayPush(kind)}
      order by target.urgency desc, target.desired_at, target.listing_id
      limit ${countMax}
      for update of target skip locked
    )
    update listing_targets target set ${changes}
    from chosen, listings listing
    where target.tenant_id = ${tx.tenantId} and target.kind = ${kind} and target.listing_id = chosen.listing_id
      and listing.tenant_id = ${tx.tenantId} and listing.id = target.listing_id
    returning ${claimColumns}, target.urgency, target.desired_at as "desiredAt"
  `.execute(tx)
  return rows.toSorted(
    (a, b) =>
      b.urgency - a.urgency || a.desiredAt.getTime() - b.desiredAt.getTime() || (a.listingId < b.listingId ? -1 : 1),
  )
}

/** Of a target and its listing. */
export const claimColumns = sql`target.listing_id as "listingId", target.sent, target.sent_version as "sentVersion",
  target.currency, target.attempts, listing.marketplace_listing_id as "marketplaceListingId",
  nullif(listing.marketplace_variant_id, '') as "marketplaceVariantId", listing.channel_sku as "channelSku",
  listing.title, listing.state as "listingState"`

/** The switches of the channel at this moment (A7, A10). */
export function mayPush(kind: TargetKind): RawBuilder<unknown> {
  const wanted = kind === 'stock' ? sql`channel.stock_update` : sql`channel.price_update`
  return sql`channel.enabled and channel.removed_at is null and ${wanted}`
}
