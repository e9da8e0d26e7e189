// A change of stock marks its variants in the same transaction; the stock job takes the marks and computes what every
// mapped listing should show. Marks are only ever added and taken, so two changes at once cannot hide each other.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'

export async function markVariants(tx: Tx, variantIds: string[]): Promise<void> {
  if (variantIds.length === 0) return
  await sql`
    insert into stock_marks (tenant_id, variant_id)
    select ${tx.tenantId}::uuid, variant_id from unnest(${variantIds}::uuid[]) as variant_id
  `.execute(tx)
  await tx.enqueue('settle-stock', { tenantId: tx.tenantId }, { key: tx.tenantId })
}

/** Every variant this sales channel's listings are made of. */
export async function markChannel(tx: Tx, channelId: string): Promise<void> {
  await sql`
    insert into stock_marks (tenant_id, variant_id)
    select distinct component.tenant_id, component.variant_id
    from sku_mappings mapping
    join sku_mapping_components component on component.tenant_id = mapping.tenant_id and component.mapping_id = mapping.id
    where mapping.tenant_id = ${tx.tenantId} and mapping.channel_id = ${channelId}
  `.execute(tx)
  await tx.enqueue('settle-stock', { tenantId: tx.tenantId }, { key: tx.tenantId })
}
