import type { FastifyReply, FastifyRequest } from 'fastify'
import { mayDo, type Right } from '../domain/people/roles.ts'
import { Refused, signedOut } from './refusals.ts'
import type { ReadSession, Session } from './sign-in/session.ts'

/** Runs before anything of a request is read. A throw is the answer. */
export type Guard = (request: FastifyRequest, reply: FastifyReply) => Promise<void>

const sessions = new WeakMap<FastifyRequest, Session>()

export function signedIn(readSession: ReadSession): Guard {
  return async (request, reply) => {
    const session = await readSession(request, reply)
    if (!session) throw signedOut()
    sessions.set(request, session)
  }
}

/** At a supplier's desk his programs sign in with a key. Where one is shown, it alone counts, right or wrong. */
export function signedInAtDesk(readSession: ReadSession, readKey: ReadSession): Guard {
  return async (request, reply) => {
    const session = showsKey(request) ? await readKey(request) : await readSession(request, reply)
    if (!session) throw signedOut()
    sessions.set(request, session)
  }
}

/** A browser sends a cookie by itself, and no key: what came with one was meant. */
export function sameOriginUnlessKey(guard: Guard): Guard {
  return async (request, reply) => {
    if (!showsKey(request)) await guard(request, reply)
  }
}

function showsKey(request: FastifyRequest): boolean {
  return request.headers.authorization !== undefined
}

/** After `signedIn`. */
export function can(right: Right): Guard {
  return async (request) => {
    if (!mayDo(sessionOf(request).role, right))
      throw new Refused(403, 'not-allowed', 'Your role does not include this. Ask the owner of the business.')
  }
}

/** A page of somebody else must not act in a seller's name: browsers say where an unsafe request comes from. */
export function sameOrigin(publicUrl: string): Guard {
  const publicHost = new URL(publicUrl).host
  return async (request) => {
    const site = request.headers['sec-fetch-site']
    const origin = request.headers.origin
    // No browser leaves both out, and only browsers carry a seller's cookies to where he did not send them.
    if (site === undefined && origin === undefined) return
    if (site === 'same-origin' || (site === 'none' && origin === undefined)) return
    if (site === undefined && origin !== undefined && [publicHost, request.headers.host].includes(hostOf(origin)))
      return
    throw new Refused(403, 'foreign-origin', 'This request came from another site and was not carried out.')
  }
}

/** Whose desk it is. After `can('supply')`. */
export function supplierOf(session: Session): string {
  if (session.role !== 'supplier' || session.supplierId === null) throw new Error('This session is of no supplier.')
  return session.supplierId
}

export function sessionOf(request: FastifyRequest): Session {
  const session = sessions.get(request)
  if (!session) throw new Error('This route asks for a session but is not guarded by signedIn.')
  return session
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
