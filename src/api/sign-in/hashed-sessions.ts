import { createHash } from 'node:crypto'
import type { DBAdapter, Where } from 'better-auth'

type Adapter = DBAdapter
type Transactional = Omit<Adapter, 'transaction'>
type Row = Record<string, unknown>

/** Only the hash of a session's token is stored: a copy of the table opens no session. The library itself stores it plainly. */
export function withHashedSessions(adapter: Adapter): Adapter {
  return {
    ...adapter,
    ...hashing(adapter),
    transaction: (work) => adapter.transaction((inner) => work({ ...inner, ...hashing(inner) })),
  }
}

export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

function hashing(adapter: Transactional): Partial<Transactional> {
  const methods = {
    create: async (call: Call) =>
      restore(
        await adapter.create(hashData(call, 'data') as never),
        call.model === 'session' ? textOf(call.data?.['token']) : undefined,
      ),
    findOne: async (call: Call) => restore(await adapter.findOne(hashWhere(call) as never), presentedToken(call)),
    findMany: (call: Call) => adapter.findMany(hashWhere(call) as never),
    count: (call: Call) => adapter.count(hashWhere(call) as never),
    update: async (call: Call) =>
      restore(await adapter.update(hashData(hashWhere(call), 'update') as never), presentedToken(call)),
    updateMany: (call: Call) => adapter.updateMany(hashData(hashWhere(call), 'update') as never),
    delete: (call: Call) => adapter.delete(hashWhere(call) as never),
    deleteMany: (call: Call) => adapter.deleteMany(hashWhere(call) as never),
    consumeOne: async (call: Call) => restore(await adapter.consumeOne(hashWhere(call) as never), presentedToken(call)),
    incrementOne: async (call: Call) =>
      restore(await adapter.incrementOne(hashWhere(call) as never), presentedToken(call)),
  }
  return methods as unknown as Partial<Transactional>
}

type Call = { model: string; where?: Where[]; data?: Row; update?: Row }

function hashWhere(call: Call): Call {
  if (call.model !== 'session' || !call.where) return call
  return {
    ...call,
    where: call.where.map((part) => (part.field === 'token' ? { ...part, value: hashValue(part.value) } : part)),
  }
}

function hashData(call: Call, key: 'data' | 'update'): Call {
  const token = textOf(call[key]?.['token'])
  return call.model === 'session' && token !== undefined
    ? { ...call, [key]: { ...call[key], token: hashToken(token) } }
    : call
}

function hashValue(value: Where['value']): Where['value'] {
  if (Array.isArray(value)) return value.map((token) => hashToken(String(token)))
  return typeof value === 'string' ? hashToken(value) : value
}

/** Who presented a token gets it back, as the library sets the cookie from what it read. */
function restore(row: unknown, token: string | undefined): unknown {
  return token !== undefined && typeof row === 'object' && row !== null && 'token' in row ? { ...row, token } : row
}

function presentedToken(call: Call): string | undefined {
  if (call.model !== 'session') return undefined
  return textOf(call.where?.find((part) => part.field === 'token')?.value)
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
