import { sql } from 'kysely'
import type { SystemDb } from '../../platform/database.ts'
import { lockSecondsAfter } from './sign-in-tries.ts'

const rememberedHours = 24

/**
 * Counts a try before it is made, so that a hundred at once are still counted; a success forgets them all.
 * Answers how long this e-mail must wait; 0: it may try now.
 */
export async function takeTry(db: SystemDb, emailHash: string): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const counted = await sql<{ failures: number }>`
      insert into auth.sign_in_tries as t (email_hash, failures, last_failed_at) values (${emailHash}, 1, app_now())
      on conflict (email_hash) do update set last_failed_at = app_now(),
        failures = case when t.last_failed_at < app_now() - make_interval(hours => ${rememberedHours}) then 1 else t.failures + 1 end
        where t.locked_until is null or t.locked_until <= app_now()
      returning failures`.execute(tx)
    const failures = counted.rows[0]?.failures
    if (failures === undefined) return secondsLocked(tx, emailHash)
    const seconds = lockSecondsAfter(failures)
    if (seconds > 0)
      await sql`update auth.sign_in_tries set locked_until = app_now() + make_interval(secs => ${seconds})
        where email_hash = ${emailHash}`.execute(tx)
    return 0
  })
}

export async function forgetTries(db: SystemDb, emailHash: string): Promise<void> {
  await sql`delete from auth.sign_in_tries
    where email_hash = ${emailHash} or last_failed_at < app_now() - make_interval(hours => ${rememberedHours})`.execute(
    db,
  )
}

async function secondsLocked(db: SystemDb, emailHash: string): Promise<number> {
  const found = await sql<{
    seconds: number
  }>`select greatest(1, ceil(extract(epoch from locked_until - app_now())))::int as seconds
    from auth.sign_in_tries where email_hash = ${emailHash}`.execute(db)
  return found.rows[0]?.seconds ?? 1
}
