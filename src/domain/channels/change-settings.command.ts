// Saves settings (A10). What listings show may depend on them, so their figures are computed again in the same
// transaction.
import { sql } from 'kysely'
import type { Database, Tx } from '../../platform/database.ts'
import { settleChannel } from '../listings/settle-channel.store.ts'
import { recordAudit } from './audit.store.ts'
import { lockChannel } from './channel.store.ts'
import { changeSettings, changesListings } from './sales-channel.ts'
import type { ChannelSettings, SettingsChange } from './sales-channel.ts'

export type ChangeSettingsResult =
  | { kind: 'saved'; settings: ChannelSettings; switchedOff: ('excludeUnmapped' | 'splitMixed')[] }
  | { kind: 'refused'; reason: 'not-found' }
  | { kind: 'refused'; reason: 'invalid'; fields: Record<string, string> }

export function changeChannelSettings(
  db: Database,
  tenantId: string,
  input: { channelId: string; change: SettingsChange; actor: string },
): Promise<ChangeSettingsResult> {
  const { channelId, change, actor } = input
  return db.tenant(tenantId).transaction(async (tx) => {
    const before = await lockChannel(tx, channelId)
    if (!before) return { kind: 'refused', reason: 'not-found' }
    const {
      name: _name,
      currencies,
      connector: _connector,
      accountId: _accountId,
      enabled: _enabled,
      ...settings
    } = before
    const changed = changeSettings(settings, change, currencies)
    if (changed.kind === 'refused') return { kind: 'refused', reason: 'invalid', fields: changed.fields }
    const wrongDefault = await defaultServiceFault(tx, changed.settings.defaultShippingServiceId)
    if (wrongDefault !== null)
      return { kind: 'refused', reason: 'invalid', fields: { defaultShippingServiceId: wrongDefault } }
    await saveSettings(tx, channelId, changed.settings)
    if (changesListings(settings, changed.settings)) await settleChannel(tx, channelId)
    await recordAudit(tx, { actor, action: 'change-channel-settings', subject: channelId, data: changed.settings })
    await tx.notify('channels', { id: channelId })
    return { kind: 'saved', settings: changed.settings, switchedOff: changed.switchedOff }
  })
}

async function saveSettings(tx: Tx, channelId: string, settings: ChannelSettings): Promise<void> {
  await sql`
    update sales_channels set
      stock_update = ${settings.stockUpdate}, price_update = ${settings.priceUpdate},
      advertised_max = ${settings.advertisedMax}, stock_threshold = ${settings.stockThreshold},
      exclude_unmapped = ${settings.excludeUnmapped}, split_mixed = ${settings.splitMixed}, currency = ${settings.currency},
      default_shipping_service_id = ${settings.defaultShippingServiceId}, settings_version = settings_version + 1
    where tenant_id = ${tx.tenantId} and id = ${channelId}
  `.execute(tx)
}

/** Locked, so that it is not switched off or deleted meanwhile. */
async function defaultServiceFault(tx: Tx, serviceId: string | null): Promise<string | null> {
  if (serviceId === null) return null
  const { rows } = await sql<{ name: string; active: boolean }>`
    select name, active from shipping_services where tenant_id = ${tx.tenantId} and id = ${serviceId} for key share
  `.execute(tx)
  const [service] = rows
  if (!service) return 'There is no such shipping service.'
  return service.active ? null : `${service.name} is switched off. Switch it on first, or choose another.`
}
