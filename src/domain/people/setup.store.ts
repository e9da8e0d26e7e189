import { sql } from 'kysely'
import type { SystemDb } from '../../platform/database.ts'

/** True until the first person exists. */
export async function isSetupNeeded(db: SystemDb): Promise<boolean> {
  const found = await sql<{ needed: boolean }>`select not exists (select from auth.users) as needed`.execute(db)
  return found.rows[0]?.needed ?? false
}

/** The newest token is the only one that opens. */
export async function saveSetupToken(db: SystemDb, tokenHash: string): Promise<void> {
  await sql`insert into auth.setup_token (token_hash) values (${tokenHash})
    on conflict (only_row) do update set token_hash = excluded.token_hash, made_at = app_now()`.execute(db)
}

export async function isSetupToken(db: SystemDb, tokenHash: string): Promise<boolean> {
  const found = await sql`select from auth.setup_token where token_hash = ${tokenHash}`.execute(db)
  return found.rows.length === 1
}
