// A new supplier, or another name, place in the order of preference or lead time for one (G2).
import { sql } from 'kysely'
import type { Database, Tx } from '../../platform/database.ts'
import { recordAudit } from '../channels/audit.store.ts'
import { markVariants } from '../stock/marks.store.ts'

export type SaveSupplierResult =
  | { kind: 'saved'; supplierId: string }
  | { kind: 'refused'; reason: 'not-found' }
  | { kind: 'refused'; reason: 'invalid'; fields: Record<string, string> }

export function addSupplier(
  db: Database,
  tenantId: string,
  supplier: { name: string; currency: string; preference: number; leadTimeDays: number | null; actor: string },
): Promise<SaveSupplierResult> {
  return db.tenant(tenantId).transaction(async (tx) => {
    const id = tx.ids.uuid()
    const added = await sql`
      insert into suppliers (tenant_id, id, name, currency, preference, lead_time_days)
      values (${tenantId}, ${id}, ${supplier.name}, ${supplier.currency}, ${supplier.preference}, ${supplier.leadTimeDays})
      on conflict (tenant_id, lower(name)) do nothing
    `.execute(tx)
    if (added.numAffectedRows === 0n) return nameTaken(supplier.name)
    await recordAudit(tx, { actor: supplier.actor, action: 'add-supplier', subject: id, data: { name: supplier.name } })
    await tx.notify('catalog')
    return { kind: 'saved', supplierId: id }
  })
}

export type SupplierChange = {
  name?: string | undefined
  preference?: number | undefined
  active?: boolean | undefined
  leadTimeDays?: number | null | undefined
}

export function changeSupplier(
  db: Database,
  tenantId: string,
  input: { supplierId: string; change: SupplierChange; actor: string },
): Promise<SaveSupplierResult> {
  const { supplierId, change, actor } = input
  return db.tenant(tenantId).transaction(async (tx) => {
    const { rows } = await sql<{ active: boolean }>`
      select active from suppliers where tenant_id = ${tenantId} and id = ${supplierId} for no key update
    `.execute(tx)
    const [before] = rows
    if (!before) return { kind: 'refused', reason: 'not-found' }
    if (change.name !== undefined && (await isTaken(tx, change.name, supplierId))) return nameTaken(change.name)
    await sql`
      update suppliers set name = coalesce(${change.name ?? null}, name), preference = coalesce(${change.preference ?? null}::int, preference),
        active = coalesce(${change.active ?? null}::boolean, active),
        lead_time_days = ${change.leadTimeDays === undefined ? sql`lead_time_days` : change.leadTimeDays}
      where tenant_id = ${tenantId} and id = ${supplierId}
    `.execute(tx)
    // What he has counts, or counts no more, for every listing it serves.
    if (change.active !== undefined && change.active !== before.active) await markOffers(tx, supplierId)
    await recordAudit(tx, { actor, action: 'change-supplier', subject: supplierId, data: { ...change } })
    await tx.notify('catalog')
    return { kind: 'saved', supplierId }
  })
}

async function isTaken(tx: Tx, name: string, supplierId: string): Promise<boolean> {
  const { rows } = await sql`
    select from suppliers where tenant_id = ${tx.tenantId} and lower(name) = lower(${name}) and id <> ${supplierId}
  `.execute(tx)
  return rows.length > 0
}

function nameTaken(name: string): SaveSupplierResult {
  return { kind: 'refused', reason: 'invalid', fields: { name: `There is a supplier named “${name}” already.` } }
}

async function markOffers(tx: Tx, supplierId: string): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select distinct variant_id as id from supplier_offers where tenant_id = ${tx.tenantId} and supplier_id = ${supplierId}
  `.execute(tx)
  await markVariants(
    tx,
    rows.map(({ id }) => id),
  )
}
