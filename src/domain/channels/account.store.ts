// The account behind sales channels: signed out it is parked, and nothing more is asked until it is signed in again.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { closeProblems, openProblem } from '../problems/problems.store.ts'

/** Only while it still has the credentials that were refused: new ones may have been saved meanwhile. */
export async function parkAccount(
  tx: Tx,
  account: { accountId: string; credentials: Buffer; reason: string },
): Promise<void> {
  const { accountId, credentials, reason } = account
  const parked = await sql`
    update channel_accounts set state = 'signed-out', state_reason = ${reason}, checked_at = app_now()
    where tenant_id = ${tx.tenantId} and id = ${accountId} and credentials = ${credentials} and removed_at is null
  `.execute(tx)
  if (parked.numAffectedRows === 0n) return unparkAccount(tx, accountId)
  await sql`
    update channel_work work set due_at = null
    from sales_channels channel
    where channel.tenant_id = ${tx.tenantId} and channel.account_id = ${accountId}
      and work.tenant_id = channel.tenant_id and work.channel_id = channel.id
  `.execute(tx)
  const channelId = await firstChannelOf(tx, accountId)
  await openProblem(tx, { key: signedOutKey(accountId), kind: 'signed-out', channelId, data: { reason } })
}

/** Where a person goes to sign in again; its other sales channels share the account. */
export async function firstChannelOf(tx: Tx, accountId: string): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select id from sales_channels
    where tenant_id = ${tx.tenantId} and account_id = ${accountId} and removed_at is null order by connected_at, id limit 1
  `.execute(tx)
  return rows[0]?.id ?? null
}

/** All that its sales channels may do is due now. */
export async function unparkAccount(tx: Tx, accountId: string): Promise<void> {
  await sql`
    update channel_work work set due_at = app_now(), attempts = 0
    from sales_channels channel
    where channel.tenant_id = ${tx.tenantId} and channel.account_id = ${accountId} and channel.removed_at is null
      and work.tenant_id = channel.tenant_id and work.channel_id = channel.id
      and (channel.enabled or work.even_when_off)
  `.execute(tx)
  await closeProblems(tx, [signedOutKey(accountId), renewalRefusedKey(accountId)])
}

/** The old credentials cannot be renewed, but work still. */
export function renewalRefusedKey(accountId: string): string {
  return `renewal-refused/${accountId}`
}

function signedOutKey(accountId: string): string {
  return `signed-out/${accountId}`
}
