// A supplier is entered by hand. His offers come with his first file, or one by one.
import { sql } from 'kysely'
import type { Database } from '../../platform/database.ts'
import { recordAudit } from '../channels/audit.store.ts'
import { saveTerms, type TermsChange } from './supplier-terms.store.ts'

export type NewSupplier = TermsChange & {
  name: string
  currency: string
  preference: number
  leadTimeDays: number | null
}

export type SupplierRefusal = { kind: 'refused'; reason: 'invalid'; fields: Record<string, string> }

export function addSupplier(
  db: Database,
  tenantId: string,
  supplier: NewSupplier & { actor: string },
): Promise<{ kind: 'added'; id: string } | SupplierRefusal> {
  return db.tenant(tenantId).transaction(async (tx) => {
    const { name, currency, preference, leadTimeDays, actor, ...terms } = supplier
    const id = tx.ids.uuid()
    const inserted = await sql`
      insert into suppliers (tenant_id, id, name, currency, preference, lead_time_days)
      values (${tenantId}, ${id}, ${name.trim()}, ${currency.toUpperCase()}, ${preference}, ${leadTimeDays})
      on conflict do nothing
    `.execute(tx)
    if (Number(inserted.numAffectedRows ?? 0) === 0) return nameTaken(name)
    const fields = await saveTerms(tx, id, terms)
    if (Object.keys(fields).length > 0) {
      await sql`delete from suppliers where tenant_id = ${tenantId} and id = ${id}`.execute(tx)
      return { kind: 'refused', reason: 'invalid', fields }
    }
    await recordAudit(tx, { actor, action: 'add-supplier', subject: id, data: { name } })
    await tx.notify('catalog')
    return { kind: 'added', id }
  })
}

export function nameTaken(name: string): SupplierRefusal {
  return {
    kind: 'refused',
    reason: 'invalid',
    fields: { name: `There is a supplier called “${name.trim()}” already.` },
  }
}
