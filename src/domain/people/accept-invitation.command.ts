// The invited person opens his link: a name and a password, once (G3).
import { sql } from 'kysely'
import type { Database, SystemDb, Tx } from '../../platform/database.ts'
import { recordAudit } from '../channels/audit.store.ts'

export type InvitationFault = 'unknown' | 'used' | 'expired' | 'other-business'

export type OpenInvitation = {
  kind: 'open'
  id: string
  tenantId: string
  supplierId: string
  email: string
}

export type FoundInvitation = OpenInvitation | { kind: 'refused'; reason: InvitationFault }

/** What a link opens; found by its hash, before there is a tenant. */
export async function findInvitation(db: SystemDb, tokenHash: string): Promise<FoundInvitation> {
  const { rows } = await sql<Omit<OpenInvitation, 'kind'> & { used: boolean; expired: boolean; elsewhere: boolean }>`
    select i.id, i.tenant_id as "tenantId", i.supplier_id as "supplierId", i.email, i.accepted_at is not null as used,
      i.expires_at <= app_now() as expired,
      exists (select from auth.members m join auth.users u on u.id = m.user_id where u.email = i.email) as elsewhere
    from auth.invitations i where i.token_hash = ${tokenHash} and i.supplier_id is not null
  `.execute(db)
  const [found] = rows
  if (!found) return { kind: 'refused', reason: 'unknown' }
  const { used, expired, elsewhere, ...invitation } = found
  if (used) return { kind: 'refused', reason: 'used' }
  if (expired) return { kind: 'refused', reason: 'expired' }
  return elsewhere ? { kind: 'refused', reason: 'other-business' } : { kind: 'open', ...invitation }
}

export type Acceptance = { name: string; passwordHash: string }

export type AcceptResult = { kind: 'accepted'; email: string } | { kind: 'refused'; reason: InvitationFault }

export async function acceptInvitation(
  db: Database,
  invitation: OpenInvitation,
  { name, passwordHash }: Acceptance,
): Promise<AcceptResult> {
  const { id, tenantId, supplierId, email } = invitation
  try {
    return await db.tenant(tenantId).transaction(async (tx) => {
      // Marking it is the check: of two who open it at once, one finds it used.
      const marked = await sql`
        update auth.invitations set accepted_at = app_now()
        where tenant_id = ${tenantId} and id = ${id} and accepted_at is null and expires_at > app_now()
      `.execute(tx)
      if (marked.numAffectedRows !== 1n) return { kind: 'refused', reason: 'used' }
      const userId = await saveUser(tx, { name, email, passwordHash })
      await sql`
        insert into auth.members (tenant_id, user_id, role, supplier_id) values (${tenantId}, ${userId}, 'supplier', ${supplierId})
      `.execute(tx)
      await recordAudit(tx, { actor: name, action: 'accept-invitation', subject: supplierId })
      return { kind: 'accepted', email }
    })
  } catch (error) {
    if (isMemberElsewhere(error)) return { kind: 'refused', reason: 'other-business' }
    throw error
  }
}

/** Who was removed everywhere and is invited again begins anew: his old password and sessions open nothing. */
async function saveUser(tx: Tx, user: { name: string; email: string; passwordHash: string }): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    insert into auth.users (id, name, email) values (${tx.ids.uuid()}, ${user.name}, ${user.email})
    on conflict (email) do update set name = excluded.name, updated_at = app_now()
    returning id
  `.execute(tx)
  const userId = rows[0]?.id
  if (userId === undefined) throw new Error('A person was neither made nor found.')
  // A member's account is never touched here: the unique index on members then takes all of this back.
  await sql`delete from auth.sessions where user_id = ${userId}`.execute(tx)
  await sql`delete from auth.accounts where user_id = ${userId}`.execute(tx)
  await sql`
    insert into auth.accounts (id, account_id, provider_id, user_id, password)
    values (${tx.ids.uuid()}, ${userId}, 'credential', ${userId}, ${user.passwordHash})
  `.execute(tx)
  return userId
}

function isMemberElsewhere(error: unknown): boolean {
  return (
    error instanceof Error &&
    'constraint' in error &&
    ['members_user', 'members_pkey'].includes(String(error.constraint))
  )
}
