import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { Secrets } from '../../platform/secrets.ts'
import type { Warehouse } from './found-site.ts'
import type { ChannelSettings } from './sales-channel.ts'

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
  /** The one chosen on connecting, where the marketplace counts stock per warehouse (A5). */
  warehouse: { id: string; name: string } | null
  /** All of the site's. */
  warehouses: Warehouse[]
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
      case when channel.warehouse_id is not null
        then jsonb_build_object('id', channel.warehouse_id, 'name', channel.warehouse_name) end as warehouse, channel.warehouses,
      channel.settings_version as "settingsVersion", channel.connected_at as "connectedAt"
    from sales_channels channel
    join channel_accounts account on account.tenant_id = channel.tenant_id and account.id = channel.account_id
    where channel.tenant_id = ${tx.tenantId} and channel.id = ${channelId}
  `.execute(tx)
  return rows[0]
}

/** Names of integrations that exist; a removed one's is free again (A8). */
export async function nameIsTaken(tx: Tx, name: string, exceptChannelId: string | null = null): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`
    select exists (
      select from sales_channels
      where tenant_id = ${tx.tenantId} and lower(name) = lower(${name}) and removed_at is null
        and (${exceptChannelId}::uuid is null or id <> ${exceptChannelId}::uuid)
    ) as taken
  `.execute(tx)
  return rows[0]?.taken ?? false
}

type CredentialsPlace = { tenantId: string; accountId: string }

export function sealCredentials(
  secrets: Secrets,
  place: CredentialsPlace,
  credentials: Record<string, string>,
): Buffer {
  return secrets.seal(JSON.stringify(credentials), placeOf(place))
}

export function openCredentials(secrets: Secrets, place: CredentialsPlace, sealed: Buffer): Record<string, string> {
  return JSON.parse(secrets.open(sealed, placeOf(place))) as Record<string, string>
}

function placeOf({ tenantId, accountId }: CredentialsPlace) {
  return { tenantId, column: 'channel_accounts.credentials', rowId: accountId }
}

export type SettingsRow = ChannelSettings & {
  name: string
  currencies: string[]
  connector: string
  accountId: string
  enabled: boolean
}

/** Locked until the transaction ends; undefined where it does not exist or was removed. */
export async function lockChannel(tx: Tx, channelId: string): Promise<SettingsRow | undefined> {
  const { rows } = await sql<SettingsRow>`
    select name, connector, account_id as "accountId", enabled, currency, currencies, stock_update as "stockUpdate",
      price_update as "priceUpdate", advertised_max as "advertisedMax", stock_threshold as "stockThreshold",
      exclude_unmapped as "excludeUnmapped", split_mixed as "splitMixed",
      default_shipping_service_id as "defaultShippingServiceId"
    from sales_channels
    where tenant_id = ${tx.tenantId} and id = ${channelId} and removed_at is null
    for no key update
  `.execute(tx)
  return rows[0]
}
