import { sql } from 'kysely'
import type { SystemDb, Tx } from '../../platform/database.ts'
import type { Role } from './roles.ts'

export type Member = {
  tenantId: string
  role: Role
  /** Of the role 'supplier', and of no other. */
  supplierId: string | null
}

/** Where a tenant comes from, and from nowhere else. Undefined: this person has left the business. */
export async function findMember(db: SystemDb, userId: string): Promise<Member | undefined> {
  const found = await sql<Member>`
    select tenant_id as "tenantId", role, supplier_id as "supplierId" from auth.members where user_id = ${userId}
  `.execute(db)
  return found.rows[0]
}

export type Business = { id: string; name: string; timeZone: string; currency: string }

export async function loadBusiness(tx: Tx): Promise<Business> {
  const found =
    await sql<Business>`select id, name, time_zone as "timeZone", currency from tenants where id = ${tx.tenantId}`.execute(
      tx,
    )
  const [business] = found.rows
  if (!business) throw new Error('A session names a business that does not exist.')
  return business
}
