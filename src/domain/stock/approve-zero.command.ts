// A person says that a listing may show 0 although that ends it for good (A10). What he says counts for the figure that
// waits now; should stock come back and go again, the next 0 waits anew.
import { sql } from 'kysely'
import type { Database, Tx } from '../../platform/database.ts'
import { recordAudit } from '../channels/audit.store.ts'
import { closeProblem } from '../problems/problems.store.ts'
import { zeroWaitsKey } from './stock-targets.store.ts'

export type ApproveZeroResult =
  | { kind: 'approved' }
  | { kind: 'refused'; reason: 'not-found' }
  | { kind: 'refused'; reason: 'nothing-waits' }

export function approveZero(
  db: Database,
  tenantId: string,
  input: { listingId: string; actor: string },
): Promise<ApproveZeroResult> {
  const { listingId, actor } = input
  return db.tenant(tenantId).transaction(async (tx) => {
    const target = await lockTarget(tx, listingId)
    if (!target) return { kind: 'refused', reason: 'not-found' }
    const { state, version, approvedVersion, channelId } = target
    if (state !== 'waiting-for-person') {
      // Said already, by this person's second click or by another's.
      const isSaid = version !== null && version === approvedVersion
      return isSaid ? { kind: 'approved' } : { kind: 'refused', reason: 'nothing-waits' }
    }
    await sql`
      update listing_targets set state = 'due', approved_version = desired_version, next_try_at = null
      where tenant_id = ${tenantId} and listing_id = ${listingId} and kind = 'stock'
    `.execute(tx)
    await tx
      .insertInto('listing_events')
      .values({
        tenant_id: tenantId,
        id: tx.ids.uuid(),
        listing_id: listingId,
        kind: 'zero-approved',
        data: JSON.stringify({ version }),
        actor,
      })
      .execute()
    await recordAudit(tx, { actor, action: 'approve-zero', subject: listingId, data: { version } })
    await closeProblem(tx, zeroWaitsKey(listingId))
    await tx.enqueue('channel', { channelId, operation: 'push-stock' }, { key: `${channelId}/push-stock` })
    await tx.notify('listings', { id: channelId })
    return { kind: 'approved' }
  })
}

/** Held until the transaction ends, so that the figures cannot change between the look and the word. */
async function lockTarget(tx: Tx, listingId: string) {
  const { rows } = await sql<{
    channelId: string
    state: string | null
    version: number | null
    approvedVersion: number | null
  }>`
    select listing.channel_id as "channelId", target.state, target.desired_version as version,
      target.approved_version as "approvedVersion"
    from listings listing
    join sales_channels channel on channel.tenant_id = listing.tenant_id and channel.id = listing.channel_id
    left join lateral (
      select * from listing_targets
      where tenant_id = listing.tenant_id and listing_id = listing.id and kind = 'stock' for update
    ) target on true
    where listing.tenant_id = ${tx.tenantId} and listing.id = ${listingId} and channel.removed_at is null
  `.execute(tx)
  return rows[0]
}
