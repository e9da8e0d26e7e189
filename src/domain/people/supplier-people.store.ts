// Who signs in for a supplier, and who was asked to.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'

export type SupplierPerson = { id: string; name: string; email: string; since: Date; lastSeenAt: Date | null }

export type PendingInvitation = {
  id: string
  email: string
  invitedBy: string
  createdAt: Date
  expiresAt: Date
  expired: boolean
}

export async function listSupplierPeople(tx: Tx, supplierId: string): Promise<SupplierPerson[]> {
  const { rows } = await sql<SupplierPerson>`
    select u.id, u.name, u.email, m.created_at as since,
      (select max(s.updated_at) from auth.sessions s where s.user_id = u.id) as "lastSeenAt"
    from auth.members m join auth.users u on u.id = m.user_id
    where m.tenant_id = ${tx.tenantId} and m.supplier_id = ${supplierId}
    order by lower(u.name), u.id
  `.execute(tx)
  return rows
}

export async function listInvitations(tx: Tx, supplierId: string): Promise<PendingInvitation[]> {
  const { rows } = await sql<PendingInvitation>`
    select id, email, invited_by as "invitedBy", created_at as "createdAt", expires_at as "expiresAt",
      expires_at <= app_now() as expired
    from auth.invitations
    where tenant_id = ${tx.tenantId} and supplier_id = ${supplierId} and accepted_at is null
    order by created_at desc, id
  `.execute(tx)
  return rows
}

/** His sessions end with it. Answers whose supplier he was; undefined: no such person here. */
export async function removeSupplierPerson(tx: Tx, userId: string): Promise<string | undefined> {
  const { rows } = await sql<{ supplierId: string }>`
    delete from auth.members where tenant_id = ${tx.tenantId} and user_id = ${userId} and role = 'supplier'
    returning supplier_id as "supplierId"
  `.execute(tx)
  if (rows[0]) await sql`delete from auth.sessions where user_id = ${userId}`.execute(tx)
  return rows[0]?.supplierId
}

export async function withdrawInvitation(tx: Tx, invitationId: string): Promise<string | undefined> {
  const { rows } = await sql<{ supplierId: string }>`
    delete from auth.invitations where tenant_id = ${tx.tenantId} and id = ${invitationId} and accepted_at is null
    returning supplier_id as "supplierId"
  `.execute(tx)
  return rows[0]?.supplierId
}

export async function readSupplierName(tx: Tx, supplierId: string): Promise<string | undefined> {
  const { rows } = await sql<{ name: string }>`
    select name from suppliers where tenant_id = ${tx.tenantId} and id = ${supplierId}
  `.execute(tx)
  return rows[0]?.name
}
