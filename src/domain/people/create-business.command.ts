import { sql } from 'kysely'
import type { Database, Tx } from '../../platform/database.ts'
import type { Ids } from '../../platform/ids.ts'

export type NewBusiness = {
  businessName: string
  currency: string
  timeZone: string
  owner: { name: string; email: string; passwordHash: string }
  /** The hash of the one-time setup token that opens the first run; left out by what runs on the machine itself. */
  setupTokenHash?: string
}

export type CreateBusinessResult =
  | { kind: 'created'; tenantId: string; userId: string }
  | { kind: 'refused'; reason: 'email-taken' | 'setup-token-wrong' }

/** A business with what every rule counts on being there: an owner, the seller's own stock, one shipping service. */
export async function createBusiness(db: Database, ids: Ids, business: NewBusiness): Promise<CreateBusinessResult> {
  const tenantId = ids.uuid()
  const userId = ids.uuid()
  try {
    return await db.tenant(tenantId).transaction(async (tx) => {
      // Deleting it is the check: of two who use it at once, one finds no row.
      if (business.setupTokenHash !== undefined && !(await useSetupToken(tx, business.setupTokenHash)))
        return { kind: 'refused', reason: 'setup-token-wrong' }
      await sql`insert into tenants (id, name, time_zone, currency)
        values (${tenantId}, ${business.businessName}, ${business.timeZone}, ${business.currency})`.execute(tx)
      await sql`insert into suppliers (tenant_id, id, name, own_stock, preference, currency)
        values (${tenantId}, ${ids.uuid()}, 'Own stock', true, 0, ${business.currency})`.execute(tx)
      await sql`insert into shipping_services (tenant_id, id, name) values (${tenantId}, ${ids.uuid()}, 'Standard delivery')`.execute(
        tx,
      )
      await insertOwner(tx, ids, userId, business.owner)
      await sql`insert into audit_events (tenant_id, id, actor, action, subject)
        values (${tenantId}, ${ids.uuid()}, ${business.owner.name}, 'create-business', ${tenantId})`.execute(tx)
      return { kind: 'created', tenantId, userId }
    })
  } catch (error) {
    if (isTakenEmail(error)) return { kind: 'refused', reason: 'email-taken' }
    throw error
  }
}

async function useSetupToken(tx: Tx, tokenHash: string): Promise<boolean> {
  const used = await sql`delete from auth.setup_token where token_hash = ${tokenHash}
    and not exists (select from auth.users)`.execute(tx)
  return used.numAffectedRows === 1n
}

async function insertOwner(tx: Tx, ids: Ids, userId: string, owner: NewBusiness['owner']): Promise<void> {
  await sql`insert into auth.users (id, name, email) values (${userId}, ${owner.name}, ${owner.email.toLowerCase()})`.execute(
    tx,
  )
  await sql`insert into auth.accounts (id, account_id, provider_id, user_id, password)
    values (${ids.uuid()}, ${userId}, 'credential', ${userId}, ${owner.passwordHash})`.execute(tx)
  await sql`insert into auth.members (tenant_id, user_id, role) values (${tx.tenantId}, ${userId}, 'owner')`.execute(tx)
}

function isTakenEmail(error: unknown): boolean {
  return error instanceof Error && 'constraint' in error && error.constraint === 'users_email_key'
}
