// D3: an order that was not imported, or was removed, comes in again because a person wants it. It is asked for by itself
// with the next download, which is kicked; the wish stands in the log until the order has come.
import type { Database } from '../../platform/database.ts'
import { recordAudit } from '../channels/audit.store.ts'
import { loadChannelForWork } from '../channels/channel.store.ts'
import { wantSkippedOrder } from './skipped-orders.store.ts'

export type DownloadAgainResult =
  | { kind: 'asked' }
  | { kind: 'refused'; reason: 'not-found' | 'switched-off' | 'signed-out' }

export function downloadAgain(
  db: Database,
  tenantId: string,
  input: { channelId: string; marketplaceOrderId: string; actor: string },
): Promise<DownloadAgainResult> {
  const { channelId, marketplaceOrderId, actor } = input
  return db.tenant(tenantId).transaction(async (tx) => {
    const channel = await loadChannelForWork(tx, channelId)
    if (!channel || channel.removed) return { kind: 'refused', reason: 'not-found' }
    if (!channel.enabled) return { kind: 'refused', reason: 'switched-off' }
    if (channel.accountState === 'signed-out') return { kind: 'refused', reason: 'signed-out' }
    if (!(await wantSkippedOrder(tx, channelId, marketplaceOrderId))) return { kind: 'refused', reason: 'not-found' }
    await recordAudit(tx, { actor, action: 'download-order-again', subject: channelId, data: { marketplaceOrderId } })
    await tx.enqueue('channel', { channelId, operation: 'pull-orders' }, { key: `${channelId}/pull-orders` })
    await tx.notify('channels', { id: channelId })
    return { kind: 'asked' }
  })
}
