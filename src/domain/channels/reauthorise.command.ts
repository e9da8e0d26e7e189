// New credentials for an account, tried before. They must belong to the same seller: everything we know here is his (A9).
import { sql } from 'kysely'
import type { Database } from '../../platform/database.ts'
import type { Secrets } from '../../platform/secrets.ts'
import { unparkAccount } from './account.store.ts'
import { recordAudit } from './audit.store.ts'
import { sealCredentials } from './channel.store.ts'

export type ReauthoriseResult =
  | { kind: 'reauthorised' }
  | { kind: 'refused'; reason: 'not-found' }
  | { kind: 'refused'; reason: 'invalid'; fields: Record<string, string>; message: string }

export function reauthorise(
  db: Database,
  secrets: Secrets,
  tenantId: string,
  input: {
    channelId: string
    credentials: Record<string, string>
    /** What they open, as the marketplace says. */
    sites: { id: string; sellerId: string; name: string }[]
    actor: string
  },
): Promise<ReauthoriseResult> {
  return db.tenant(tenantId).transaction(async (tx) => {
    const { rows } = await sql<{ accountId: string; sellerId: string; siteId: string; siteName: string }>`
      select account.id as "accountId", account.seller_id as "sellerId", channel.site_id as "siteId", channel.site_name as "siteName"
      from sales_channels channel
      join channel_accounts account on account.tenant_id = channel.tenant_id and account.id = channel.account_id
      where channel.tenant_id = ${tenantId} and channel.id = ${input.channelId} and channel.removed_at is null
      for no key update of account
    `.execute(tx)
    const channel = rows[0]
    if (!channel) return { kind: 'refused', reason: 'not-found' }
    const wrong = wrongAccount(channel, input.sites)
    if (wrong !== null) return { kind: 'refused', reason: 'invalid', fields: {}, message: wrong }
    const sealed = sealCredentials(secrets, { tenantId, accountId: channel.accountId }, input.credentials)
    await sql`
      update channel_accounts set credentials = ${sealed}, state = 'connected', state_reason = null, checked_at = app_now(),
        renew_after = null, renew_failures = 0, renewed_at = null, renewals_in_vain = 0
      where tenant_id = ${tenantId} and id = ${channel.accountId}
    `.execute(tx)
    await unparkAccount(tx, channel.accountId)
    await recordAudit(tx, { actor: input.actor, action: 'reauthorise-channel', subject: input.channelId })
    await tx.notify('channels', { id: input.channelId })
    return { kind: 'reauthorised' }
  })
}

/** What is wrong with these credentials for this sales channel, in a sentence; null: nothing. */
export function wrongAccount(
  channel: { sellerId: string; siteId: string; siteName: string },
  sites: { id: string; sellerId: string; name: string }[],
): string | null {
  const own = sites.filter((site) => site.sellerId === channel.sellerId)
  if (own.length === 0) {
    const names = sites.map((site) => `“${site.name}”`).join(', ')
    return `These credentials belong to a different seller account (${names}). This integration is connected to “${channel.siteName}”; add the other one as a new integration.`
  }
  return own.some((site) => site.id === channel.siteId)
    ? null
    : `These credentials do not open “${channel.siteName}” any more.`
}
