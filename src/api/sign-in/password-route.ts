import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { forgetTries, takeTry } from '../../domain/people/sign-in-tries.store.ts'
import { passwordLength } from '../../platform/passwords.ts'
import { badFields, signedOut, tooMany } from '../refusals.ts'
import { headersOf, passCookies } from './session.ts'
import { guardsWithoutSession, isRefusedByLibrary, type SignInParts } from './sign-in-routes.ts'

const passwordBody = z.object({
  current: z.string().max(passwordLength.max),
  next: z.string().min(passwordLength.min).max(passwordLength.max),
})

/**
 * Whoever is signed in chooses another password. Other places he is signed in at are signed out, as one of them may be why
 * he changes it. A wrong present password counts like a failed sign-in, so that a borrowed session cannot guess it.
 */
export function servePasswordChange(app: FastifyInstance, parts: SignInParts): void {
  const guarded = guardsWithoutSession(parts)
  const { accounts, db, secrets, streams } = parts
  app.post('/auth/password', { ...guarded, schema: { hide: true, body: passwordBody } }, async (request, reply) => {
    const { current, next } = request.body as z.output<typeof passwordBody>
    const session = await parts.readSession(request)
    if (!session) throw signedOut()
    const emailHash = secrets.keyedHash(`sign-in ${session.email}`)
    const seconds = await takeTry(db.system, emailHash)
    if (seconds > 0) throw tooMany(seconds)
    const { headers } = await accounts.api
      .changePassword({
        body: { currentPassword: current, newPassword: next, revokeOtherSessions: true },
        headers: headersOf(request),
        returnHeaders: true,
      })
      .catch((error: unknown) => {
        if (isRefusedByLibrary(error)) throw badFields({ current: 'This is not your present password.' })
        throw error
      })
    await forgetTries(db.system, emailHash)
    passCookies(headers, reply)
    streams.closeSession(session.id)
    return {}
  })
}
