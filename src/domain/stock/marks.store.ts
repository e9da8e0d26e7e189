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
