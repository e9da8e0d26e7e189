// Listing changes as intents: claimed and committed before the call, so that after a crash it is known what may have gone out.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { ListingDraft } from './draft.ts'
import type { ChangeAction } from './listing-changes.ts'

export type ClaimedChange = {
  id: string
  runId: string
  productId: string
  variantId: string | null
  action: ChangeAction
  /** 'look-up': it may be there already. 'check': the marketplace is looking at it. */
  step: 'send' | 'look-up' | 'check'
  /** How often it was sent, this time counted. */
  attempts: number
  /** How often it was looked for or at since it was sent, this time counted. */
  lookUps: number
  draft: ListingDraft | null
  ticket: string | null
  /** Of this change, or of an earlier one of this product that came to its end over there. */
  marketplaceListingId: string | null
}

export type ChangeScope = { channelId: string; fence: number }

/** While one is worked on no other lane of the same run takes it; after a crash it is free again with the next lease. */
const workedOnSeconds = 120

export async function claimChanges(tx: Tx, { channelId, fence }: ChangeScope, limit: number): Promise<ClaimedChange[]> {
  const { rows } = await sql<ClaimedChange>`
    update listing_changes c set
      state = case due.state when 'waiting' then 'in-flight' when 'in-flight' then 'unclear' else c.state end,
      fence = ${fence},
      attempts = c.attempts + case due.state when 'waiting' then 1 else 0 end,
      look_ups = case due.state when 'waiting' then 0 else c.look_ups + 1 end,
      next_try_at = app_now() + make_interval(secs => ${workedOnSeconds})
    from (
      select id, state from listing_changes
      where tenant_id = ${tx.tenantId} and channel_id = ${channelId} and state in ('waiting', 'in-flight', 'unclear', 'in-review')
        and case state when 'in-flight' then fence <> ${fence} else next_try_at <= app_now() end
      order by state = 'waiting', id limit ${limit}
      for no key update
    ) due
    where c.tenant_id = ${tx.tenantId} and c.id = due.id
    returning c.id, c.run_id as "runId", c.product_id as "productId", c.variant_id as "variantId", c.action, c.attempts,
      c.look_ups as "lookUps", c.draft, c.ticket,
      case due.state when 'waiting' then 'send' when 'in-review' then 'check' else 'look-up' end as step,
      coalesce(c.marketplace_listing_id, (
        select before.marketplace_listing_id from listing_changes before
        where before.tenant_id = c.tenant_id and before.channel_id = c.channel_id and before.product_id = c.product_id
          and before.variant_id is not distinct from c.variant_id and before.id < c.id and before.marketplace_listing_id is not null
        order by before.id desc limit 1)) as "marketplaceListingId"
  `.execute(tx)
  return rows.toSorted((one, other) => (one.id < other.id ? -1 : 1))
}

/** What goes out, kept before it does. */
export async function keepDrafts(
  tx: Tx,
  { fence }: ChangeScope,
  drafts: { id: string; draft: ListingDraft }[],
): Promise<void> {
  if (drafts.length === 0) return
  await sql`
    update listing_changes c set draft = d.draft
    from jsonb_to_recordset(${JSON.stringify(drafts)}::jsonb) as d (id uuid, draft jsonb)
    where c.tenant_id = ${tx.tenantId} and c.id = d.id and c.fence = ${fence}
  `.execute(tx)
}

/** Seconds until the next is due; null: nothing is open. */
export async function secondsToNextChange(tx: Tx, channelId: string): Promise<number | null> {
  const { rows } = await sql<{ seconds: number | null }>`
    select extract(epoch from min(next_try_at) - app_now())::float8 as seconds from listing_changes
    where tenant_id = ${tx.tenantId} and channel_id = ${channelId} and state in ('waiting', 'in-flight', 'unclear', 'in-review')
  `.execute(tx)
  const seconds = rows[0]?.seconds ?? null
  return seconds === null ? null : Math.max(0, seconds)
}
