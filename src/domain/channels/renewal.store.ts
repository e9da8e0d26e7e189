// Renewing an account's credentials: one at a time across all processes, each claim fenced, so that a late answer cannot
// overwrite newer credentials.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'

/** A renewal nobody finished in this time was interrupted, and is tried again. */
const claimSeconds = 60
/** After each in vain the next waits this much longer, for what ended the last may not be over. */
const vainPauseSeconds = 60

export type RenewalRow = {
  connector: string
  sellerId: string
  baseUrl: string | null
  credentials: Buffer
  isClaimed: boolean
  /** Not to be tried before its time, after a refusal. */
  mustWaitSeconds: number
  failures: number
  renewedSecondsAgo: number | null
  /** Renewals in a row whose credentials were refused soon after. */
  renewalsInVain: number
}

export async function lockForRenewal(tx: Tx, accountId: string): Promise<RenewalRow | undefined> {
  const { rows } = await sql<RenewalRow>`
    select connector, seller_id as "sellerId", base_url as "baseUrl", credentials, renew_failures as failures,
      renewals_in_vain as "renewalsInVain",
      coalesce(renewing_until > app_now(), false) as "isClaimed",
      greatest(0, coalesce(extract(epoch from renew_after - app_now()), 0))::float8 as "mustWaitSeconds",
      extract(epoch from app_now() - renewed_at)::float8 as "renewedSecondsAgo"
    from channel_accounts
    where tenant_id = ${tx.tenantId} and id = ${accountId} and removed_at is null and state = 'connected'
    for update
  `.execute(tx)
  return rows[0]
}

/** The fence that the answer must carry. */
export async function claimRenewal(tx: Tx, accountId: string): Promise<number> {
  const { rows } = await sql<{ fence: number }>`
    update channel_accounts
    set renewing_until = app_now() + make_interval(secs => ${claimSeconds}), renew_fence = renew_fence + 1
    where tenant_id = ${tx.tenantId} and id = ${accountId}
    returning renew_fence as fence
  `.execute(tx)
  const [row] = rows
  if (!row) throw new Error('The account that was locked is not there.')
  return row.fence
}

/** False: another has renewed it meanwhile, or a person has signed in again. */
export async function storeRenewal(
  tx: Tx,
  claim: { accountId: string; fence: number; before: Buffer; credentials: Buffer; inVain: number },
): Promise<boolean> {
  const stored = await sql`
    update channel_accounts
    set credentials = ${claim.credentials}, renewing_until = null, renew_failures = 0, renewals_in_vain = ${claim.inVain},
      renew_after = case when ${claim.inVain}::int > 0 then app_now() + make_interval(secs => ${claim.inVain * vainPauseSeconds}) end,
      renewed_at = app_now(), checked_at = app_now()
    where tenant_id = ${tx.tenantId} and id = ${claim.accountId} and renew_fence = ${claim.fence}
      and credentials = ${claim.before}
  `.execute(tx)
  return stored.numAffectedRows === 1n
}

export async function postponeRenewal(
  tx: Tx,
  claim: { accountId: string; fence: number; seconds: number },
): Promise<void> {
  await sql`
    update channel_accounts
    set renewing_until = null, renew_after = app_now() + make_interval(secs => ${claim.seconds}), renew_failures = renew_failures + 1
    where tenant_id = ${tx.tenantId} and id = ${claim.accountId} and renew_fence = ${claim.fence}
  `.execute(tx)
}
