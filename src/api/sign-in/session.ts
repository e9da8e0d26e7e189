import type { FastifyReply, FastifyRequest } from 'fastify'
import { findMember } from '../../domain/people/members.store.ts'
import type { Role } from '../../domain/people/roles.ts'
import type { Clock } from '../../platform/clock.ts'
import type { SystemDb } from '../../platform/database.ts'
import { addressHeader, type Accounts } from './accounts.ts'

/** Who asks, and for which business. Tenant and supplier come from here and from nowhere else. */
export type Session = {
  id: string
  userId: string
  name: string
  email: string
  tenantId: string
  role: Role
  /** Of the role 'supplier', and of no other. */
  supplierId: string | null
}

export type ReadSession = (request: FastifyRequest, reply?: FastifyReply) => Promise<Session | undefined>

const longestDays = 7

export function createReadSession({
  accounts,
  db,
  clock,
}: {
  accounts: Accounts
  db: SystemDb
  clock: Clock
}): ReadSession {
  return async (request, reply) => {
    if (request.headers.cookie === undefined) return undefined
    const { response: found, headers } = await accounts.api.getSession({
      headers: headersOf(request),
      returnHeaders: true,
    })
    if (reply) passCookies(headers, reply)
    if (!found) return undefined
    const ageMilliseconds = clock.now().getTime() - found.session.createdAt.getTime()
    if (ageMilliseconds > longestDays * 24 * 3600 * 1000) return undefined
    const member = await findMember(db, found.user.id)
    if (!member) return undefined
    return { id: found.session.id, userId: found.user.id, name: found.user.name, email: found.user.email, ...member }
  }
}

/** Only what signing in needs to see; the address is that of the connection. */
export function headersOf(request: FastifyRequest): Headers {
  const headers = new Headers({ [addressHeader]: request.ip })
  for (const name of ['cookie', 'user-agent'] as const) {
    const value = request.headers[name]
    if (value !== undefined) headers.set(name, value)
  }
  return headers
}

export function passCookies(headers: Headers, reply: FastifyReply): void {
  for (const cookie of headers.getSetCookie()) reply.header('set-cookie', cookie)
}
