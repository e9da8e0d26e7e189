// Keys with which a supplier's own programs sign in at his desk. Only their hashes are kept: a copy of the table opens nothing.
import { sql } from 'kysely'
import type { SystemDb, Tx } from '../../platform/database.ts'

export type SupplierKey = {
  id: string
  name: string
  hint: string
  createdBy: string
  createdAt: Date
  lastUsedAt: Date | null
  revokedAt: Date | null
}

export type KeyHolder = { keyId: string; name: string; tenantId: string; supplierId: string }

// Written at most this often, so that a busy program does not write a row with every request.
const lastUseMinutes = 1

/** Where a program's tenant and supplier come from, and from nowhere else. */
export async function findKeyHolder(db: SystemDb, keyHash: string): Promise<KeyHolder | undefined> {
  const { rows } = await sql<KeyHolder & { isStale: boolean }>`
    select id as "keyId", name, tenant_id as "tenantId", supplier_id as "supplierId",
      coalesce(last_used_at < app_now() - make_interval(mins => ${lastUseMinutes}), true) as "isStale"
    from auth.supplier_keys where key_hash = ${keyHash} and revoked_at is null
  `.execute(db)
  const [found] = rows
  if (!found) return undefined
  const { isStale, ...holder } = found
  if (isStale) await sql`update auth.supplier_keys set last_used_at = app_now() where id = ${holder.keyId}`.execute(db)
  return holder
}

export async function listSupplierKeys(tx: Tx, supplierId: string): Promise<SupplierKey[]> {
  const { rows } = await sql<SupplierKey>`
    select id, name, hint, created_by as "createdBy", created_at as "createdAt", last_used_at as "lastUsedAt",
      revoked_at as "revokedAt"
    from auth.supplier_keys where tenant_id = ${tx.tenantId} and supplier_id = ${supplierId}
    order by revoked_at is not null, created_at desc, id
  `.execute(tx)
  return rows
}

export type NewSupplierKey = { supplierId: string; name: string; hint: string; keyHash: string; actor: string }

export async function addSupplierKey(tx: Tx, key: NewSupplierKey): Promise<string> {
  const id = tx.ids.uuid()
  await sql`
    insert into auth.supplier_keys (id, tenant_id, supplier_id, name, hint, key_hash, created_by)
    values (${id}, ${tx.tenantId}, ${key.supplierId}, ${key.name}, ${key.hint}, ${key.keyHash}, ${key.actor})
  `.execute(tx)
  return id
}

/** Answers whose key it was; undefined: no such key here. Revoking twice is revoking once. */
export async function revokeSupplierKey(tx: Tx, keyId: string): Promise<string | undefined> {
  const { rows } = await sql<{ supplierId: string }>`
    update auth.supplier_keys set revoked_at = coalesce(revoked_at, app_now())
    where tenant_id = ${tx.tenantId} and id = ${keyId}
    returning supplier_id as "supplierId"
  `.execute(tx)
  return rows[0]?.supplierId
}
