// A supplier's terms change. Switching him on or off changes what listings show and who gets an order.
import { sql } from 'kysely'
import type { Database, Tx } from '../../platform/database.ts'
import { recordAudit } from '../channels/audit.store.ts'
import { sweepPrices } from '../pricing/price-sweeps.store.ts'
import { nameTaken, type SupplierRefusal } from './add-supplier.command.ts'
import { saveTerms, type TermsChange } from './supplier-terms.store.ts'

export type SupplierChange = TermsChange & {
  name?: string | undefined
  preference?: number | undefined
  active?: boolean | undefined
  leadTimeDays?: number | null | undefined
}

export function changeSupplier(
  db: Database,
  tenantId: string,
  input: SupplierChange & { supplierId: string; actor: string },
): Promise<{ kind: 'changed' } | SupplierRefusal | { kind: 'refused'; reason: 'not-found' }> {
  return db.tenant(tenantId).transaction(async (tx) => {
    const { supplierId, actor, name, preference, active, leadTimeDays, ...terms } = input
    const before = await sql<{ active: boolean; name: string }>`
      select active, name from suppliers where tenant_id = ${tenantId} and id = ${supplierId} for no key update
    `.execute(tx)
    const supplier = before.rows[0]
    if (!supplier) return { kind: 'refused', reason: 'not-found' }
    if (name !== undefined && (await isNameTaken(tx, name, supplierId))) return nameTaken(name)
    const fields = await saveTerms(tx, supplierId, terms)
    if (Object.keys(fields).length > 0) return { kind: 'refused', reason: 'invalid', fields }
    await sql`
      update suppliers set name = ${name?.trim() ?? supplier.name}, preference = coalesce(${preference ?? null}::int, preference),
        active = coalesce(${active ?? null}::boolean, active),
        lead_time_days = case when ${leadTimeDays !== undefined} then ${leadTimeDays ?? null}::int else lead_time_days end
      where tenant_id = ${tenantId} and id = ${supplierId}
    `.execute(tx)
    if (active !== undefined && active !== supplier.active) await markOffers(tx, supplierId)
    if (preference !== undefined || terms.chargesVat !== undefined || terms.vatRateBasisPoints !== undefined)
      await sweepPrices(tx)
    await recordAudit(tx, {
      actor,
      action: 'change-supplier',
      subject: supplierId,
      data: { name, preference, active, leadTimeDays, ...terms },
    })
    await tx.notify('catalog')
    return { kind: 'changed' }
  })
}

async function isNameTaken(tx: Tx, name: string, supplierId: string): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`
    select exists (select from suppliers where tenant_id = ${tx.tenantId} and lower(name) = lower(${name.trim()}) and id <> ${supplierId}) as taken
  `.execute(tx)
  return rows[0]?.taken ?? false
}

/** In the database, since a supplier may offer a hundred thousand things. */
async function markOffers(tx: Tx, supplierId: string): Promise<void> {
  await sql`
    insert into stock_marks (tenant_id, variant_id)
    select tenant_id, variant_id from supplier_offers where tenant_id = ${tx.tenantId} and supplier_id = ${supplierId} and active
  `.execute(tx)
  await tx.enqueue('settle-stock', {}, { key: tx.tenantId })
}
