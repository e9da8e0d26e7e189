// A download somebody asked for, on top of the schedule (B3, D1).
import type { Database } from '../../platform/database.ts'
import { loadChannelForWork } from './channel.store.ts'
import { startRun } from './runs.store.ts'
import type { Run } from './runs.store.ts'

export type DownloadResult =
  | { kind: 'started'; run: Run | null }
  | { kind: 'refused'; reason: 'not-found' | 'switched-off' | 'signed-out' }

export function downloadListings(db: Database, tenantId: string, channelId: string): Promise<DownloadResult> {
  return start(db, tenantId, channelId, 'pull-listings')
}

export function downloadOrders(db: Database, tenantId: string, channelId: string): Promise<DownloadResult> {
  return start(db, tenantId, channelId, 'pull-orders')
}

/** What the marketplace calls its shipping services (C1). */
export function downloadShippingServices(db: Database, tenantId: string, channelId: string): Promise<DownloadResult> {
  return start(db, tenantId, channelId, 'pull-shipping-services')
}

function start(
  db: Database,
  tenantId: string,
  channelId: string,
  operation: 'pull-listings' | 'pull-orders' | 'pull-shipping-services',
): Promise<DownloadResult> {
  return db.tenant(tenantId).transaction(async (tx) => {
    const channel = await loadChannelForWork(tx, channelId)
    if (!channel || channel.removed) return { kind: 'refused', reason: 'not-found' }
    if (!channel.enabled) return { kind: 'refused', reason: 'switched-off' }
    if (channel.accountState === 'signed-out') return { kind: 'refused', reason: 'signed-out' }
    const run = operation === 'pull-listings' ? await startRun(tx, { kind: operation, channelId }) : null
    await tx.enqueue('channel', { channelId, operation }, { key: `${channelId}/${operation}` })
    return { kind: 'started', run }
  })
}
