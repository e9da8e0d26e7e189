// A new sales channel: its account with sealed credentials, default settings, and everything due at once. The credentials
// were tried before; here only what is ours is decided.
import { sql } from 'kysely'
import type { Database, Tx } from '../../platform/database.ts'
import type { Secrets } from '../../platform/secrets.ts'
import { unparkAccount } from './account.store.ts'
import { recordAudit } from './audit.store.ts'
import { nameIsTaken, sealCredentials } from './channel.store.ts'
import { planWork } from './channel-work.store.ts'
import type { PlannedWork } from './channel-work.store.ts'
import { chooseWarehouse } from './found-site.ts'
import type { FoundSite, Warehouse } from './found-site.ts'
import { addNudgeRoute } from './nudges.store.ts'
import { channelName, defaultSettings } from './sales-channel.ts'
import { sweepRules } from '../pricing/price-sweeps.store.ts'

export type NewChannel = {
  connector: string
  name: string
  currency: string
  /** The shop or country site the credentials open. */
  site: Omit<FoundSite, 'currency'>
  /** By name; left out: the default one of the site, where it has any. */
  warehouse?: string | undefined
  credentials: Record<string, string>
  /** What an account that exists was signed in with since is newer than these. */
  keepsExisting?: boolean
  /** Null: the marketplace itself. */
  baseUrl: string | null
  zeroMayBeFinal: boolean
  work: PlannedWork
  actor: string
}

export type AddChannelResult =
  | { kind: 'added'; channelId: string }
  | { kind: 'refused'; field: 'name' | 'currency' | 'warehouse' | 'account'; reason: string }

export async function addChannel(
  db: Database,
  secrets: Secrets,
  tenantId: string,
  channel: NewChannel,
): Promise<AddChannelResult> {
  return db.tenant(tenantId).transaction(async (tx) => {
    // Two wizards at once: the second sees the first's name and account.
    await sql`select pg_advisory_xact_lock(hashtext('sales-channels'), hashtext(${tenantId}))`.execute(tx)
    const named = channelName(channel.name)
    if ('wrong' in named) return { kind: 'refused', field: 'name', reason: named.wrong }
    if (await nameIsTaken(tx, named.name)) return { kind: 'refused', field: 'name', reason: nameTaken(named.name) }
    const { currencies } = channel.site
    if (currencies.length > 0 && !currencies.includes(channel.currency)) {
      return { kind: 'refused', field: 'currency', reason: `This account can use ${currencies.join(', ')}.` }
    }
    const chosen = chooseWarehouse({ ...channel.site, currency: channel.currency }, channel.warehouse)
    if ('wrong' in chosen) return { kind: 'refused', field: 'warehouse', reason: chosen.wrong }
    const existing = await findSameSite(tx, channel)
    if (existing?.channelName) {
      return {
        kind: 'refused',
        field: 'account',
        reason: connectedAlready(existing.channelName),
      }
    }
    const accountId = existing?.accountId ?? tx.ids.uuid()
    await storeAccount(tx, secrets, accountId, channel)
    const channelId = await storeChannel(tx, accountId, { ...channel, name: named.name }, chosen.warehouse)
    await planWork(tx, channelId, channel.work)
    await addNudgeRoute(tx, channelId, channel)
    await sweepRules(tx)
    // Its other sales channels may have been parked for want of what was just signed in with.
    if (existing && !channel.keepsExisting) await unparkAccount(tx, accountId)
    await recordAudit(tx, {
      actor: channel.actor,
      action: 'add-channel',
      subject: channelId,
      data: { name: named.name, connector: channel.connector, site: channel.site.id },
    })
    await tx.notify('channels', { id: channelId })
    return { kind: 'added', channelId }
  })
}

export function nameTaken(name: string): string {
  return `There is an integration named “${name}” already.`
}

export function connectedAlready(name: string): string {
  return `This account is connected already, as “${name}”.`
}

/** An account may open several sites; each is connected once. */
async function findSameSite(tx: Tx, { connector, site }: NewChannel) {
  const { rows } = await sql<{ accountId: string; channelName: string | null }>`
    select account.id as "accountId", channel.name as "channelName"
    from channel_accounts account
    left join sales_channels channel on channel.tenant_id = account.tenant_id and channel.account_id = account.id
      and channel.site_id = ${site.id} and channel.removed_at is null
    where account.tenant_id = ${tx.tenantId} and account.connector = ${connector} and account.seller_id = ${site.sellerId}
      and account.removed_at is null
  `.execute(tx)
  return rows[0]
}

async function storeAccount(tx: Tx, secrets: Secrets, accountId: string, channel: NewChannel): Promise<void> {
  const { connector, site, credentials, baseUrl, keepsExisting = false } = channel
  const sealed = sealCredentials(secrets, { tenantId: tx.tenantId, accountId }, credentials)
  await sql`
    insert into channel_accounts (tenant_id, id, connector, seller_id, base_url, credentials, checked_at)
    values (${tx.tenantId}, ${accountId}, ${connector}, ${site.sellerId}, ${baseUrl}, ${sealed}, app_now())
    on conflict (tenant_id, id) ${keepsExisting ? sql`do nothing` : replaceCredentials}
  `.execute(tx)
}

const replaceCredentials = sql`do update set
      credentials = excluded.credentials, base_url = excluded.base_url, checked_at = app_now(), state = 'connected', state_reason = null,
      renew_after = null, renew_failures = 0, renewed_at = null, renewals_in_vain = 0`

async function storeChannel(
  tx: Tx,
  accountId: string,
  channel: NewChannel,
  warehouse: Warehouse | null,
): Promise<string> {
  const id = tx.ids.uuid()
  const settings = defaultSettings({ zeroIsFinal: channel.zeroMayBeFinal }, channel.currency)
  await sql`
    insert into sales_channels (tenant_id, id, account_id, connector, site_id, site_name, name, currency, currencies,
      advertised_max, stock_threshold, warehouse_id, warehouse_name, warehouses, switched_at, switched_by)
    values (${tx.tenantId}, ${id}, ${accountId}, ${channel.connector}, ${channel.site.id}, ${channel.site.name}, ${channel.name},
      ${channel.currency}, ${channel.site.currencies}::text[], ${settings.advertisedMax}, ${settings.stockThreshold},
      ${warehouse?.id ?? null}, ${warehouse?.name ?? null}, ${JSON.stringify(channel.site.warehouses ?? [])}::jsonb, app_now(), ${channel.actor})
  `.execute(tx)
  return id
}
