import type { Tx } from '../../platform/database.ts'

export type ShippingService = { id: string; name: string }

export function listShippingServices(tx: Tx): Promise<ShippingService[]> {
  return tx
    .selectFrom('shipping_services')
    .select(['id', 'name'])
    .where('tenant_id', '=', tx.tenantId)
    .orderBy('name')
    .execute()
}

export async function addShippingService(tx: Tx, service: ShippingService): Promise<'added' | 'name-taken'> {
  const added = await tx
    .insertInto('shipping_services')
    .values({ tenant_id: tx.tenantId, ...service })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return added.numInsertedOrUpdatedRows === 1n ? 'added' : 'name-taken'
}
