// Sales channels as the screens show them. What the connector knows (its name, its fields) is added by the API.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { ChannelSettings } from './sales-channel.ts'

export type ChannelHealth = { state: 'connected' | 'needs-attention' | 'off'; reason: string | null }

export type ChannelRowView = {
  id: string
  marketplace: string
  name: string
  enabled: boolean
  ordersSyncedAt: Date | null
  stockSyncedAt: Date | null
  pricesSyncedAt: Date | null
  health: ChannelHealth
}

export type ChannelView = ChannelRowView & {
  siteName: string
  sellerId: string
  /** Null: the marketplace itself. */
  baseUrl: string | null
  /** Where the marketplace counts stock per warehouse: the one chosen. */
  warehouse: string | null
  currencies: string[]
  connectedAt: Date
  listingsSyncedAt: Date | null
  settings: ChannelSettings
  counts: { listings: number; mapped: number; unmapped: number; waitingConfirmations: number; duePushes: number }
  switched: { at: Date; by: string } | null
}

type Row = Omit<ChannelRowView, 'health'> &
  ChannelSettings & {
    accountState: 'connected' | 'signed-out'
    stateReason: string | null
    problem: string | null
    siteName: string
    sellerId: string
    baseUrl: string | null
    warehouse: string | null
    currencies: string[]
    connectedAt: Date
    listingsSyncedAt: Date | null
    switchedAt: Date | null
    switchedBy: string | null
  }

export async function listChannels(tx: Tx): Promise<ChannelRowView[]> {
  const rows = await loadRows(tx, null)
  return rows.map(rowView)
}

export async function loadChannelRow(tx: Tx, channelId: string): Promise<ChannelRowView | undefined> {
  const [row] = await loadRows(tx, channelId)
  return row && rowView(row)
}

export async function loadChannel(tx: Tx, channelId: string): Promise<ChannelView | undefined> {
  const [row] = await loadRows(tx, channelId)
  if (!row) return undefined
  const { siteName, sellerId, baseUrl, warehouse, currencies, connectedAt, listingsSyncedAt, switchedAt, switchedBy } =
    row
  const { stockUpdate, priceUpdate, advertisedMax, stockThreshold, excludeUnmapped, splitMixed, currency } = row
  return {
    ...rowView(row),
    siteName,
    sellerId,
    baseUrl,
    warehouse,
    currencies,
    connectedAt,
    listingsSyncedAt,
    settings: {
      stockUpdate,
      priceUpdate,
      advertisedMax,
      stockThreshold,
      excludeUnmapped,
      splitMixed,
      currency,
      defaultShippingServiceId: row.defaultShippingServiceId,
    },
    counts: await loadCounts(tx, channelId),
    switched: switchedAt && switchedBy !== null ? { at: switchedAt, by: switchedBy } : null,
  }
}

function rowView(row: Row): ChannelRowView {
  const { id, marketplace, name, enabled, ordersSyncedAt, stockSyncedAt, pricesSyncedAt } = row
  return { id, marketplace, name, enabled, ordersSyncedAt, stockSyncedAt, pricesSyncedAt, health: healthOf(row) }
}

function healthOf(row: Row): ChannelHealth {
  if (row.accountState === 'signed-out') {
    return { state: 'needs-attention', reason: row.stateReason ?? 'The marketplace asks to connect again' }
  }
  if (!row.enabled) return { state: 'off', reason: null }
  if (row.problem !== null) return { state: 'needs-attention', reason: row.problem }
  return { state: 'connected', reason: null }
}

async function loadRows(tx: Tx, channelId: string | null): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select channel.id, channel.connector as marketplace, channel.name, channel.enabled,
      channel.orders_synced_at as "ordersSyncedAt", channel.stock_synced_at as "stockSyncedAt",
      channel.prices_synced_at as "pricesSyncedAt", channel.listings_synced_at as "listingsSyncedAt",
      channel.site_name as "siteName", channel.warehouse_name as warehouse, channel.currencies, channel.connected_at as "connectedAt",
      channel.switched_at as "switchedAt", channel.switched_by as "switchedBy",
      channel.stock_update as "stockUpdate", channel.price_update as "priceUpdate",
      channel.advertised_max as "advertisedMax", channel.stock_threshold as "stockThreshold",
      channel.exclude_unmapped as "excludeUnmapped", channel.split_mixed as "splitMixed", channel.currency,
      channel.default_shipping_service_id as "defaultShippingServiceId",
      account.state as "accountState", account.state_reason as "stateReason", account.seller_id as "sellerId",
      account.base_url as "baseUrl",
      (
        select problem.data ->> 'reason' from problems problem
        where problem.tenant_id = channel.tenant_id and problem.channel_id = channel.id and problem.closed_at is null
          and problem.kind in ('channel-refused', 'operation-failed')
        order by problem.opened_at, problem.id limit 1
      ) as problem
    from sales_channels channel
    join channel_accounts account on account.tenant_id = channel.tenant_id and account.id = channel.account_id
    where channel.tenant_id = ${tx.tenantId} and channel.removed_at is null
      and (${channelId}::uuid is null or channel.id = ${channelId}::uuid)
    order by lower(channel.name), channel.id
  `.execute(tx)
  return rows
}

async function loadCounts(tx: Tx, channelId: string): Promise<ChannelView['counts']> {
  const { rows } = await sql<ChannelView['counts']>`
    select counted.listings, counted.mapped, counted.listings - counted.mapped as unmapped,
      (select count(*)::int from effects where tenant_id = ${tx.tenantId} and channel_id = ${channelId}
        and kind = 'confirm-shipment' and state in ('intended', 'in-flight', 'unknown')) as "waitingConfirmations",
      (select count(*)::int from listing_targets where tenant_id = ${tx.tenantId} and channel_id = ${channelId}
        and state in ('due', 'in-flight', 'unclear')) as "duePushes"
    from (
      select (select count(*)::int from listings where tenant_id = ${tx.tenantId} and channel_id = ${channelId}
          and missing_since is null) as listings,
        (select count(*)::int from sku_mappings mapping
          join listings listing on listing.tenant_id = mapping.tenant_id and listing.id = mapping.listing_id
          where mapping.tenant_id = ${tx.tenantId} and mapping.channel_id = ${channelId} and listing.missing_since is null) as mapped
    ) counted
  `.execute(tx)
  return rows[0] ?? { listings: 0, mapped: 0, unmapped: 0, waitingConfirmations: 0, duePushes: 0 }
}
