// The seller's own stock is a supplier like any other, built in (E2).
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'

export type OwnStock = { id: string; currency: string }

export async function ensureOwnStockSupplier(tx: Tx): Promise<OwnStock> {
  const find = () =>
    sql<OwnStock>`select id, currency from suppliers where tenant_id = ${tx.tenantId} and own_stock`.execute(tx)
  const existing = (await find()).rows[0]
  if (existing) return existing
  // A supplier of the seller's may carry the name already; then ours says that it is built in.
  for (const name of ['Own stock', 'Own stock (built in)']) {
    await sql`
      insert into suppliers (tenant_id, id, name, own_stock, preference, currency)
      select id, ${tx.ids.uuid()}, ${name}, true, 0, currency from tenants where id = ${tx.tenantId}
      on conflict do nothing
    `.execute(tx)
    const own = (await find()).rows[0]
    if (own) return own
  }
  throw new Error('The supplier for own stock could not be made.')
}
