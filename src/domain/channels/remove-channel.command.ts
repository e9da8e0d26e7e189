// Removes a sales channel (A8): it does nothing more and its name is free again; its orders and figures stay. Connected
// again it is a new integration.
import { sql } from 'kysely'
import type { Database, Tx } from '../../platform/database.ts'
import { recordAudit } from './audit.store.ts'
import { lockChannel } from './channel.store.ts'
import { lockWork, removeWork } from './channel-work.store.ts'
import { removeNudgeRoute } from './nudges.store.ts'
import { stopChangesOf } from '../listings/change-views.store.ts'
import { failRuns } from './runs.store.ts'

export type RemoveChannelResult =
  | { kind: 'removed'; outstandingConfirmations: number }
  | { kind: 'refused'; reason: 'not-found' }

export function removeChannel(
  db: Database,
  tenantId: string,
  input: { channelId: string; actor: string },
): Promise<RemoveChannelResult> {
  const { channelId, actor } = input
  return db.tenant(tenantId).transaction(async (tx) => {
    await lockWork(tx, channelId)
    const channel = await lockChannel(tx, channelId)
    if (!channel) return { kind: 'refused', reason: 'not-found' }
    const outstandingConfirmations = await countOutstandingConfirmations(tx, channelId)
    await sql`
      update sales_channels set removed_at = app_now(), removed_by = ${actor}, enabled = false
      where tenant_id = ${tenantId} and id = ${channelId}
    `.execute(tx)
    await removeWork(tx, channelId)
    await removeNudgeRoute(tx, channelId)
    await failRuns(tx, [channelId], 'The integration was removed')
    await stopChangesOf(tx, channelId)
    await removeUnusedAccount(tx, channel.accountId)
    await sql`delete from listing_targets where tenant_id = ${tenantId} and channel_id = ${channelId}`.execute(tx)
    await sql`
      update problems set closed_at = app_now() where tenant_id = ${tenantId} and channel_id = ${channelId} and closed_at is null
    `.execute(tx)
    const data = { name: channel.name, outstandingConfirmations }
    await recordAudit(tx, { actor, action: 'remove-channel', subject: channelId, data })
    await tx.notify('channels', { id: channelId })
    await tx.notify('problems')
    return { kind: 'removed', outstandingConfirmations }
  })
}

/** Dispatches the marketplace has not been told of: what a person is warned about before removing. */
export async function countOutstandingConfirmations(tx: Tx, channelId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from effects
    where tenant_id = ${tx.tenantId} and channel_id = ${channelId} and kind = 'confirm-shipment'
      and state in ('intended', 'in-flight', 'unknown')
  `.execute(tx)
  return rows[0]?.count ?? 0
}

/** Its credentials go with it. */
async function removeUnusedAccount(tx: Tx, accountId: string): Promise<void> {
  await sql`
    update channel_accounts set removed_at = app_now(), credentials = ''
    where tenant_id = ${tx.tenantId} and id = ${accountId} and not exists (
      select from sales_channels where tenant_id = ${tx.tenantId} and account_id = ${accountId} and removed_at is null
    )
  `.execute(tx)
}
