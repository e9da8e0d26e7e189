import { findKeyHolder } from '../../domain/people/supplier-keys.store.ts'
import type { SystemDb } from '../../platform/database.ts'
import type { Random } from '../../platform/random.ts'
import { hashToken } from './hashed-sessions.ts'
import type { ReadSession } from './session.ts'

const keyShape = /^Bearer (fl_[\w-]{43})$/i
const hintCharacters = 7

/** The key is shown once; what is kept of it opens nothing. */
export function makeSupplierKey(random: Random): { key: string; hint: string; keyHash: string } {
  const key = `fl_${random.bytes(32).toString('base64url')}`
  return { key, hint: `${key.slice(0, hintCharacters)}…`, keyHash: hashToken(key) }
}

/** `Authorization: Bearer fl_…`. Good at a supplier's desk and nowhere else. */
export function createReadKey(db: SystemDb): ReadSession {
  return async (request) => {
    const key = keyShape.exec(request.headers.authorization ?? '')?.[1]
    if (key === undefined) return undefined
    const holder = await findKeyHolder(db, hashToken(key))
    if (!holder) return undefined
    const { keyId, name, tenantId, supplierId } = holder
    return { id: keyId, userId: keyId, name, email: '', tenantId, role: 'supplier', supplierId }
  }
}
