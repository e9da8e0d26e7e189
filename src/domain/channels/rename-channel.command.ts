import { sql } from 'kysely'
import type { Database } from '../../platform/database.ts'
import { nameTaken } from './add-channel.command.ts'
import { recordAudit } from './audit.store.ts'
import { lockChannel, nameIsTaken } from './channel.store.ts'
import { channelName } from './sales-channel.ts'

export type RenameChannelResult =
  | { kind: 'renamed' }
  | { kind: 'refused'; reason: 'not-found' }
  | { kind: 'refused'; reason: 'invalid'; fields: { name: string } }

export function renameChannel(
  db: Database,
  tenantId: string,
  change: { channelId: string; name: string; actor: string },
): Promise<RenameChannelResult> {
  return db.tenant(tenantId).transaction(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('sales-channels'), hashtext(${tenantId}))`.execute(tx)
    const channel = await lockChannel(tx, change.channelId)
    if (!channel) return { kind: 'refused', reason: 'not-found' }
    const named = channelName(change.name)
    if ('wrong' in named) return { kind: 'refused', reason: 'invalid', fields: { name: named.wrong } }
    if (await nameIsTaken(tx, named.name, change.channelId)) {
      return { kind: 'refused', reason: 'invalid', fields: { name: nameTaken(named.name) } }
    }
    await sql`
      update sales_channels set name = ${named.name} where tenant_id = ${tenantId} and id = ${change.channelId}
    `.execute(tx)
    const data = { before: channel.name, after: named.name }
    await recordAudit(tx, { actor: change.actor, action: 'rename-channel', subject: change.channelId, data })
    await tx.notify('channels', { id: change.channelId })
    return { kind: 'renamed' }
  })
}

/** For the wizard, before anything is saved. */
export async function checkChannelName(
  db: Database,
  tenantId: string,
  text: string,
): Promise<{ free: boolean; reason: string | null }> {
  const named = channelName(text)
  if ('wrong' in named) return { free: false, reason: named.wrong }
  const taken = await db.read(tenantId, (tx) => nameIsTaken(tx, named.name))
  return taken ? { free: false, reason: nameTaken(named.name) } : { free: true, reason: null }
}
