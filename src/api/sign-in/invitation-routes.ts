import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import {
  acceptInvitation,
  findInvitation,
  type InvitationFault,
  type OpenInvitation,
} from '../../domain/people/accept-invitation.command.ts'
import { loadBusiness } from '../../domain/people/members.store.ts'
import { readSupplierName } from '../../domain/people/supplier-people.store.ts'
import { hashPassword, passwordLength } from '../../platform/passwords.ts'
import { Refused } from '../refusals.ts'
import { hashToken } from './hashed-sessions.ts'
import { guardsWithoutSession, signIn, type SignInParts } from './sign-in-routes.ts'

const token = z.string().max(200)
const lookBody = z.object({ token })
const acceptBody = z.object({
  token,
  name: z.string().trim().min(1).max(120),
  password: z.string().min(passwordLength.min).max(passwordLength.max),
})

/** What an invitation's link opens. The token comes in a body, never in an address, so that no log of a proxy keeps it. */
export function serveInvitations(app: FastifyInstance, parts: SignInParts): void {
  const guarded = guardsWithoutSession(parts)
  app.post('/auth/invitation/look', { ...guarded, schema: { hide: true, body: lookBody } }, async ({ body }) => {
    const invitation = await open(parts, (body as z.output<typeof lookBody>).token)
    return parts.db.read(invitation.tenantId, async (tx) => ({
      email: invitation.email,
      businessName: (await loadBusiness(tx)).name,
      supplierName: (await readSupplierName(tx, invitation.supplierId)) ?? '',
    }))
  })
  app.post('/auth/invitation', { ...guarded, schema: { hide: true, body: acceptBody } }, async (request, reply) => {
    const { name, password, ...given } = request.body as z.output<typeof acceptBody>
    // Looked at before the password is hashed, so that guessing costs the guesser more than us.
    const invitation = await open(parts, given.token)
    const accepted = await acceptInvitation(parts.db, invitation, { name, passwordHash: await hashPassword(password) })
    if (accepted.kind === 'refused') throw faults[accepted.reason]()
    await signIn(parts, { email: accepted.email, password, rememberMe: true }, request, reply)
    return {}
  })
}

async function open({ db }: SignInParts, given: string): Promise<OpenInvitation> {
  const found = await findInvitation(db.system, hashToken(given))
  if (found.kind === 'refused') throw faults[found.reason]()
  return found
}

const faults: Record<InvitationFault, () => Refused> = {
  unknown: () =>
    new Refused(
      409,
      'invitation-unknown',
      'This is not a link of an open invitation. It may have been withdrawn, or a newer one was sent.',
    ),
  used: () =>
    new Refused(409, 'invitation-used', 'This invitation was used already. Sign in with your e-mail and password.', {
      action: { label: 'Sign in', href: '/sign-in' },
    }),
  expired: () =>
    new Refused(
      409,
      'invitation-expired',
      'This invitation has run out. Ask the business that invited you for a new one.',
    ),
  'other-business': () =>
    new Refused(
      409,
      'other-business',
      'This e-mail already signs in for another business on this hub. Ask to be invited with another e-mail address.',
    ),
}
