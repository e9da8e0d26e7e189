// A supplier's person is invited by e-mail (G3): a link that works once, within a week. Only its hash is kept.
import { sql } from 'kysely'
import type { Database, Tx } from '../../platform/database.ts'
import { recordAudit } from '../channels/audit.store.ts'

export const invitationDays = 7

export type NewInvitation = {
  supplierId: string
  email: string
  tokenHash: string
  actor: string
}

export type InviteResult =
  | { kind: 'invited'; invitationId: string; supplierName: string; businessName: string }
  | { kind: 'refused'; reason: 'not-found' | 'member-already' }

/** The newest invitation of an e-mail is the only one that opens. */
export function invitePerson(db: Database, tenantId: string, wanted: NewInvitation): Promise<InviteResult> {
  const email = wanted.email.trim().toLowerCase()
  return db.tenant(tenantId).transaction(async (tx) => {
    const names = await namesOf(tx, wanted.supplierId)
    if (!names) return { kind: 'refused', reason: 'not-found' }
    if (await isMemberHere(tx, email)) return { kind: 'refused', reason: 'member-already' }
    await sql`
      delete from auth.invitations where tenant_id = ${tenantId} and email = ${email} and accepted_at is null
    `.execute(tx)
    const invitationId = tx.ids.uuid()
    await sql`
      insert into auth.invitations (id, tenant_id, supplier_id, role, email, token_hash, invited_by, expires_at)
      values (${invitationId}, ${tenantId}, ${wanted.supplierId}, 'supplier', ${email}, ${wanted.tokenHash}, ${wanted.actor},
        app_now() + make_interval(days => ${invitationDays}))
    `.execute(tx)
    await recordAudit(tx, { actor: wanted.actor, action: 'invite-person', subject: wanted.supplierId })
    return { kind: 'invited', invitationId, ...names }
  })
}

async function namesOf(tx: Tx, supplierId: string) {
  const { rows } = await sql<{ supplierName: string; businessName: string }>`
    select s.name as "supplierName", t.name as "businessName"
    from suppliers s join tenants t on t.id = s.tenant_id
    where s.tenant_id = ${tx.tenantId} and s.id = ${supplierId}
  `.execute(tx)
  return rows[0]
}

/** Only of this business: who signs in elsewhere is nobody's business but his, and he is told when he opens the link. */
async function isMemberHere(tx: Tx, email: string): Promise<boolean> {
  const { rows } = await sql`
    select from auth.members m join auth.users u on u.id = m.user_id
    where m.tenant_id = ${tx.tenantId} and u.email = ${email}
  `.execute(tx)
  return rows.length > 0
}
