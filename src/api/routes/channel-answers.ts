import type { Connector } from '../../connectors/connector.ts'
import { connectorOf } from '../../connectors/index.ts'
import {
  listChannels,
  loadChannel,
  loadChannelRow,
  type ChannelRowView,
} from '../../domain/channels/channel-views.store.ts'
import type { Run } from '../../domain/channels/runs.store.ts'
import { settingsWarnings } from '../../domain/channels/sales-channel.ts'
import { missingAppFields } from '../../engine/app-credentials.ts'
import { refusedForApp } from '../../engine/consent.ts'
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

export async function channelPage(tx: Tx, channelId: string, hub: HubFacts) {
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
    accountFields: connector ? fieldAnswers(connector) : [],
    takesShippingPrice: connector?.listings?.shippingAttribute !== undefined,
    consent: connector ? consentAnswer(connector, hub) : null,
  }
}

type HubFacts = { appCredentials: Record<string, Record<string, string>>; publicUrl: string }

/** How signing in on the marketplace's own page goes, and what is in its way. */
export function consentAnswer(connector: Connector, { appCredentials, publicUrl }: HubFacts) {
  if (!connector.consent) return null
  const { ownApp } = connector.consent
  const missing = missingAppFields(connector, appCredentials[connector.id] ?? {})
  return {
    missing: missing.length === 0 ? null : refusedForApp(connector, missing).message,
    ownApp: ownApp ? { fields: [...ownApp.fields], steps: ownApp.steps } : null,
    redirectUri: redirectUriOf(publicUrl, connector.id),
  }
}

/** Registered with the marketplace, so it never changes by itself. */
export function redirectUriOf(publicUrl: string, marketplace: string): string {
  return `${publicUrl}/connect/${marketplace}`
}

export function fieldAnswers(connector: Connector) {
  return Object.entries(connector.account).flatMap(([key, { label, help, secret, optional = false, hidden = false }]) =>
    hidden ? [] : [{ key, label, secret, optional, ...(help === undefined ? {} : { help }) }],
  )
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
