import type { Tx } from '../../platform/database.ts'
import type { Secrets } from '../../platform/secrets.ts'
import type { OrderWay, ShownConnection, SupplierConnection } from './supplier-connection.ts'
import { shownConnection } from './supplier-connection.ts'

export type SupplierWays = {
  supplierId: string
  name: string
  way: OrderWay
  email: string | null
  shown: ShownConnection
  picksUpTracking: boolean
  sealed: Buffer | null
}

export async function loadSupplierWays(tx: Tx, supplierId: string): Promise<SupplierWays | undefined> {
  return (await readWays(tx, supplierId, false))[0]
}

/** Held until the transaction ends, for a change. */
export async function lockSupplierWays(tx: Tx, supplierId: string): Promise<SupplierWays | undefined> {
  return (await readWays(tx, supplierId, true))[0]
}

async function readWays(tx: Tx, supplierId: string, isLocked: boolean): Promise<SupplierWays[]> {
  const query = tx
    .selectFrom('suppliers')
    .select(['id', 'name', 'order_way', 'order_email', 'connection', 'connection_shown', 'picks_up_tracking'])
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', supplierId)
  const rows = await (isLocked ? query.forNoKeyUpdate() : query).execute()
  return rows.map((row) => ({
    supplierId: row.id,
    name: row.name,
    way: row.order_way as OrderWay,
    email: row.order_email,
    shown: (row.connection_shown ?? {}) as ShownConnection,
    picksUpTracking: row.picks_up_tracking,
    sealed: row.connection,
  }))
}

export function openConnection(secrets: Secrets, tenantId: string, ways: SupplierWays): SupplierConnection {
  if (ways.sealed === null) return {}
  return JSON.parse(secrets.open(ways.sealed, placeOf(tenantId, ways.supplierId))) as SupplierConnection
}

export async function saveConnection(
  tx: Tx,
  secrets: Secrets,
  supplierId: string,
  connection: SupplierConnection,
): Promise<void> {
  await tx
    .updateTable('suppliers')
    .set({
      connection: secrets.seal(JSON.stringify(connection), placeOf(tx.tenantId, supplierId)),
      connection_shown: JSON.stringify(shownConnection(connection)),
    })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', supplierId)
    .execute()
}

function placeOf(tenantId: string, supplierId: string) {
  return { tenantId, column: 'suppliers.connection', rowId: supplierId }
}
