// Saves drafts of the shipping mapping (C1). It counts for orders downloaded afterwards (C2); orders that are here and wait
// take it only when a person applies it to them.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { recordAudit } from '../channels/audit.store.ts'

export type MappingDrafts = {
  map: { service: string; shippingServiceId: string }[]
  unmap: string[]
}

export type SaveMappingsResult =
  | { kind: 'saved' }
  | { kind: 'refused'; reason: 'not-found' }
  | { kind: 'refused'; reason: 'invalid'; fields: Record<string, string> }

export async function saveShippingMappings(
  tx: Tx,
  { channelId, drafts, actor }: { channelId: string; drafts: MappingDrafts; actor: string },
): Promise<SaveMappingsResult> {
  const { rows: channels } = await sql`
    select from sales_channels where tenant_id = ${tx.tenantId} and id = ${channelId} and removed_at is null for no key update
  `.execute(tx)
  if (channels.length === 0) return { kind: 'refused', reason: 'not-found' }
  const fields = await findFaults(tx, channelId, drafts)
  if (Object.keys(fields).length > 0) return { kind: 'refused', reason: 'invalid', fields }
  await sql`
    delete from shipping_mappings
    where tenant_id = ${tx.tenantId} and channel_id = ${channelId} and service = any(${drafts.unmap}::text[])
  `.execute(tx)
  await sql`
    insert into shipping_mappings (tenant_id, channel_id, service, shipping_service_id, created_by)
    select ${tx.tenantId}, ${channelId}, t.service, t.ours, ${actor}
    from unnest(${drafts.map.map(({ service }) => service)}::text[], ${drafts.map.map((one) => one.shippingServiceId)}::uuid[])
      as t (service, ours)
    on conflict (tenant_id, channel_id, service) do update
      set shipping_service_id = excluded.shipping_service_id, created_by = excluded.created_by, created_at = app_now()
      where shipping_mappings.shipping_service_id <> excluded.shipping_service_id
  `.execute(tx)
  await recordAudit(tx, { actor, action: 'map-shipping-services', subject: channelId, data: drafts })
  await tx.notify('channels', { id: channelId })
  return { kind: 'saved' }
}

/** By the service of theirs. Each of ours is locked, so that none is switched off meanwhile. */
async function findFaults(tx: Tx, channelId: string, { map, unmap }: MappingDrafts): Promise<Record<string, string>> {
  const { rows: ours } = await sql<{ id: string }>`
    select id from shipping_services
    where tenant_id = ${tx.tenantId} and active and id = any(${map.map((one) => one.shippingServiceId)}::uuid[])
    order by id for key share
  `.execute(tx)
  const { rows: theirs } = await sql<{ service: string }>`
    select service from channel_services
    where tenant_id = ${tx.tenantId} and channel_id = ${channelId} and service = any(${map.map((one) => one.service)}::text[])
  `.execute(tx)
  const usable = new Set(ours.map(({ id }) => id))
  const known = new Set(theirs.map(({ service }) => service))
  const fields: Record<string, string> = {}
  const seen = new Set(unmap)
  for (const { service, shippingServiceId } of map) {
    if (!known.has(service)) fields[service] = `This integration has no service “${service}”.`
    else if (!usable.has(shippingServiceId)) fields[service] = 'This shipping service is switched off or gone.'
    else if (seen.has(service)) fields[service] = `“${service}” is in the list twice.`
    seen.add(service)
  }
  return fields
}
