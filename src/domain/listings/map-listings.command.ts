// Saves the drafts of the mapping tool: which variants a listing sells, and which mappings are cut. Counts for orders
// downloaded afterwards (B6); figures of the listings follow in the same transaction. Set-based, thousands at once.
import { sql } from 'kysely'
import type { Database, Tx } from '../../platform/database.ts'
import { settlePriceTargets } from '../pricing/price-targets.store.ts'
import { settleStockTargets } from '../stock/stock-targets.store.ts'
import { mappingFaults } from './mapping.ts'
import type { MappingChange } from './mapping.ts'

export type MapListingsResult =
  | { kind: 'saved'; mapped: number; unlinked: number }
  | { kind: 'refused'; reason: string }

export function mapListings(
  db: Database,
  tenantId: string,
  input: { channelId: string; change: MappingChange; actor: string },
): Promise<MapListingsResult> {
  const { channelId, change, actor } = input
  const fault = mappingFaults(change)
  if (fault !== null) return Promise.resolve({ kind: 'refused', reason: fault })
  return db.tenant(tenantId).transaction(async (tx) => {
    const missing = await findUnknown(tx, channelId, change)
    if (missing !== null) return { kind: 'refused', reason: missing }
    const mapped = change.map.map(({ listingId }) => listingId)
    const cut = await cutMappings(tx, [...mapped, ...change.unlink])
    const unlinked = change.unlink.filter((listingId) => cut.has(listingId))
    await insertMappings(tx, { channelId, change, actor })
    await removeTargets(tx, unlinked)
    await settleStockTargets(tx, { kind: 'listings', ids: mapped })
    await settlePriceTargets(tx, { kind: 'listings', ids: mapped })
    await tellListings(tx, { listingIds: mapped, kind: 'mapped', actor })
    await tellListings(tx, { listingIds: unlinked, kind: 'unlinked', actor })
    await tx.notify('listings', { id: channelId })
    return { kind: 'saved', mapped: mapped.length, unlinked: unlinked.length }
  })
}

/** Another person may have removed what is being mapped. The rows are kept as they are until we are done. */
async function findUnknown(tx: Tx, channelId: string, change: MappingChange): Promise<string | null> {
  const listingIds = [...change.map.map(({ listingId }) => listingId), ...change.unlink].toSorted()
  const variantIds = [
    ...new Set(change.map.flatMap(({ components }) => components.map(({ variantId }) => variantId))),
  ].toSorted()
  const listings = await sql`
    select from listings where tenant_id = ${tx.tenantId} and channel_id = ${channelId} and id = any(${listingIds}::uuid[])
    order by id for key share
  `.execute(tx)
  if (listings.rows.length < new Set(listingIds).size) return 'A listing is not there any more. Reload the list.'
  const variants = await sql`
    select from variants where tenant_id = ${tx.tenantId} and id = any(${variantIds}::uuid[]) order by id for key share
  `.execute(tx)
  return variants.rows.length < variantIds.length ? 'An inventory SKU is not there any more. Reload the list.' : null
}

async function cutMappings(tx: Tx, listingIds: string[]): Promise<Set<string>> {
  const { rows } = await sql<{ listing_id: string }>`
    delete from sku_mappings where tenant_id = ${tx.tenantId} and listing_id = any(${listingIds}::uuid[]) returning listing_id
  `.execute(tx)
  return new Set(rows.map((row) => row.listing_id))
}

async function insertMappings(
  tx: Tx,
  input: { channelId: string; change: MappingChange; actor: string },
): Promise<void> {
  const mappings = input.change.map.map(({ evidence = 'hand', ...given }) => ({
    id: tx.ids.uuid(),
    evidence,
    ...given,
  }))
  if (mappings.length === 0) return
  const components = mappings.flatMap(({ id, components }) =>
    components.map((component) => ({ mappingId: id, ...component })),
  )
  await sql`
    insert into sku_mappings (tenant_id, id, channel_id, listing_id, evidence, created_by)
    select ${tx.tenantId}, id, ${input.channelId}, listing_id, evidence, ${input.actor}
    from unnest(${mappings.map(({ id }) => id)}::uuid[], ${mappings.map(({ listingId }) => listingId)}::uuid[],
      ${mappings.map(({ evidence }) => evidence)}::text[]) as given (id, listing_id, evidence)
  `.execute(tx)
  await sql`
    insert into sku_mapping_components (tenant_id, mapping_id, variant_id, quantity)
    select ${tx.tenantId}, mapping_id, variant_id, quantity
    from unnest(${components.map(({ mappingId }) => mappingId)}::uuid[], ${components.map(({ variantId }) => variantId)}::uuid[],
      ${components.map(({ quantity }) => quantity)}::int[]) as given (mapping_id, variant_id, quantity)
  `.execute(tx)
}

/** An unmapped listing is not ours to touch. */
async function removeTargets(tx: Tx, listingIds: string[]): Promise<void> {
  if (listingIds.length === 0) return
  await sql`
    update problems set closed_at = app_now()
    where tenant_id = ${tx.tenantId} and closed_at is null and listing_id = any(${listingIds}::uuid[])
  `.execute(tx)
  await sql`delete from listing_targets where tenant_id = ${tx.tenantId} and listing_id = any(${listingIds}::uuid[])`.execute(
    tx,
  )
}

async function tellListings(
  tx: Tx,
  event: { listingIds: string[]; kind: 'mapped' | 'unlinked'; actor: string },
): Promise<void> {
  if (event.listingIds.length === 0) return
  const ids = event.listingIds.map(() => tx.ids.uuid())
  await sql`
    insert into listing_events (tenant_id, id, listing_id, kind, actor)
    select ${tx.tenantId}, id, listing_id, ${event.kind}, ${event.actor}
    from unnest(${ids}::uuid[], ${event.listingIds}::uuid[]) as given (id, listing_id)
  `.execute(tx)
}
