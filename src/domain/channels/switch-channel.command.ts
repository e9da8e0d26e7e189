// The switch (A7). Off: nothing is downloaded or updated any more, queued work included, for every piece of work looks at
// the row again before it asks the marketplace anything. On: everything is due at once.
import { sql } from 'kysely'
import type { Database } from '../../platform/database.ts'
import { recordAudit } from './audit.store.ts'
import { lockChannel } from './channel.store.ts'
import { lockWork, switchWork } from './channel-work.store.ts'
import { failRuns } from './runs.store.ts'

export type SwitchChannelResult = { kind: 'switched' } | { kind: 'refused'; reason: 'not-found' }

export function switchChannel(
  db: Database,
  tenantId: string,
  change: { channelId: string; enabled: boolean; actor: string },
): Promise<SwitchChannelResult> {
  const { channelId, enabled, actor } = change
  return db.tenant(tenantId).transaction(async (tx) => {
    await lockWork(tx, channelId)
    const channel = await lockChannel(tx, channelId)
    if (!channel) return { kind: 'refused', reason: 'not-found' }
    if (channel.enabled === enabled) return { kind: 'switched' }
    await sql`
      update sales_channels set enabled = ${enabled}, switched_at = app_now(), switched_by = ${actor}
      where tenant_id = ${tenantId} and id = ${channelId}
    `.execute(tx)
    await switchWork(tx, channelId, enabled)
    if (!enabled) await failRuns(tx, [channelId], 'The integration was switched off')
    await recordAudit(tx, { actor, action: enabled ? 'switch-channel-on' : 'switch-channel-off', subject: channelId })
    await tx.notify('channels', { id: channelId })
    return { kind: 'switched' }
  })
}
