import { isSetupNeeded, saveSetupToken } from '../../domain/people/setup.store.ts'
import type { SystemDb } from '../../platform/database.ts'
import type { Random } from '../../platform/random.ts'
import { hashToken } from './hashed-sessions.ts'

/** While nobody owns the hub: a new one-time token, whose hash alone is stored. Whoever reads the server's output may use it. */
export async function makeSetupToken(db: SystemDb, random: Random): Promise<string | undefined> {
  if (!(await isSetupNeeded(db))) return undefined
  const token = random.bytes(20).toString('base64url')
  await saveSetupToken(db, hashToken(token))
  return token
}
