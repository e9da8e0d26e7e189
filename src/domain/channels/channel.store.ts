import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'

/** A sales channel and its account as the engine needs them. */
export type ChannelForWork = {
  id: string
  accountId: string
  connector: string
  name: string
  enabled: boolean
  removed: boolean
  currency: string
  currencies: string[]
  siteId: string
  siteName: string
  sellerId: string
  accountState: 'connected' | 'signed-out'
  baseUrl: string | null
  credentials: Buffer
  stockUpdate: boolean
  priceUpdate: boolean
  advertisedMax: number
  stockThreshold: number
  excludeUnmapped: boolean
  splitMixed: boolean
  defaultShippingServiceId: string | null
  settingsVersion: number
  connectedAt: Date
}

export async function loadChannelForWork(tx: Tx, channelId: string): Promise<ChannelForWork | undefined> {
  const { rows } = await sql<ChannelForWork>`
    select channel.id, channel.account_id as "accountId", channel.connector, channel.name, channel.enabled,
      channel.removed_at is not null as removed, channel.currency, channel.currencies,
      channel.site_id as "siteId", channel.site_name as "siteName", account.seller_id as "sellerId",
      account.state as "accountState", account.base_url as "baseUrl", account.credentials,
      channel.stock_update as "stockUpdate", channel.price_update as "priceUpdate",
      channel.advertised_max as "advertisedMax", channel.stock_threshold as "stockThreshold",
      channel.exclude_unmapped as "excludeUnmapped", channel.split_mixed as "splitMixed",
      channel.default_shipping_service_id as "defaultShippingServiceId",
      channel.settings_version as "settingsVersion", channel.connected_at as "connectedAt"
    from sales_channels channel
    join channel_accounts account on account.tenant_id = channel.tenant_id and account.id = channel.account_id
    where channel.tenant_id = ${tx.tenantId} and channel.id = ${channelId}
  `.execute(tx)
  return rows[0]
}
