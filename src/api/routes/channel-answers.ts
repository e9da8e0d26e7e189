import { connectorOf } from '../../connectors/index.ts'
import {
  listChannels,
  loadChannel,
  loadChannelRow,
  type ChannelRowView,
} from '../../domain/channels/channel-views.store.ts'
import type { Run } from '../../domain/channels/runs.store.ts'
import { settingsWarnings } from '../../domain/channels/sales-channel.ts'
import type { Tx } from '../../platform/database.ts'
import { notFound } from '../refusals.ts'

/** Sales channels in the contract's words: what the connector knows is put beside what the tables know. */
export async function channelRows(tx: Tx) {
  return (await listChannels(tx)).map(rowAnswer)
}

export async function channelRow(tx: Tx, channelId: string) {
  const row = await loadChannelRow(tx, channelId)
  if (!row) throw notFound()
  return rowAnswer(row)
}

export async function channelPage(tx: Tx, channelId: string) {
  const view = await loadChannel(tx, channelId)
  if (!view) throw notFound()
  const connector = connectorOf(view.marketplace)
  const { baseUrl, connectedAt, listingsSyncedAt, switched, ...rest } = view
  return {
    ...rest,
    ...rowAnswer(view),
    address: baseUrl ?? connector?.http.baseUrl ?? '',
    connectedAt: connectedAt.toISOString(),
    listingsSyncedAt: isoOrNull(listingsSyncedAt),
    switched: switched && { at: switched.at.toISOString(), by: switched.by },
    warnings: settingsWarnings(view.settings, { zeroIsFinal: connector?.stock?.zeroMayBeFinal ?? false }),
    accountFields: Object.entries(connector?.account ?? {}).map(([key, field]) => ({ key, ...field })),
  }
}

function rowAnswer(row: ChannelRowView) {
  return {
    id: row.id,
    marketplace: row.marketplace,
    marketplaceName: connectorOf(row.marketplace)?.name ?? row.marketplace,
    name: row.name,
    enabled: row.enabled,
    ordersSyncedAt: isoOrNull(row.ordersSyncedAt),
    stockSyncedAt: isoOrNull(row.stockSyncedAt),
    pricesSyncedAt: isoOrNull(row.pricesSyncedAt),
    health: row.health,
  }
}

export function runAnswer(run: Run) {
  return { ...run, startedAt: run.startedAt.toISOString(), finishedAt: isoOrNull(run.finishedAt) }
}

export function isoOrNull(time: Date | null): string | null {
  return time?.toISOString() ?? null
}
