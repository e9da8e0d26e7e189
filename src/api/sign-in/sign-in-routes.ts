import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { createBusiness } from '../../domain/people/create-business.command.ts'
import { isSetupNeeded, isSetupToken } from '../../domain/people/setup.store.ts'
import { forgetTries, takeTry } from '../../domain/people/sign-in-tries.store.ts'
import type { Database } from '../../platform/database.ts'
import type { Ids } from '../../platform/ids.ts'
import { hashPassword, passwordLength } from '../../platform/passwords.ts'
import type { Secrets } from '../../platform/secrets.ts'
import type { Guard } from '../guards.ts'
import type { LiveStreams } from '../live-stream.ts'
import { badFields, Refused, tooMany } from '../refusals.ts'
import type { Accounts } from './accounts.ts'
import { hashToken } from './hashed-sessions.ts'
import { headersOf, passCookies, type ReadSession } from './session.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'

export type SignInParts = {
  db: Database
  ids: Ids
  secrets: Secrets
  accounts: Accounts
  readSession: ReadSession
  streams: LiveStreams
  sameOrigin: Guard
  /** Tries a minute from one address. */
  triesPerMinute: number
}

const bodyBytesMax = 16_384
const signInBody = z.object({
  email: z.string().max(320),
  password: z.string().max(passwordLength.max),
  rememberMe: z.boolean().default(true),
})
const setupBody = z.object({
  token: z.string().trim().max(200),
  businessName: z.string().trim().min(1).max(120),
  name: z.string().trim().min(1).max(120),
  email: z.email().max(320),
  password: z.string().min(passwordLength.min).max(passwordLength.max),
  currency: z.string().length(3).default('GBP'),
  timeZone: z.string().max(60).default('Europe/London').refine(isTimeZone, 'This is not a time zone.'),
})

/** The only doors without a session. Of the sign-in library no more can be reached than what stands here. */
export function serveSignIn(app: FastifyInstance, parts: SignInParts): void {
  const guarded = guardsWithoutSession(parts)
  app.post('/auth/sign-in/email', { ...guarded, schema: { hide: true, body: signInBody } }, async (request, reply) => {
    const { rememberMe, ...given } = request.body as z.output<typeof signInBody>
    await signIn(parts, { ...given, rememberMe }, request, reply)
    return {}
  })
  app.post('/auth/sign-out', { ...guarded, schema: { hide: true } }, async (request, reply) => {
    const session = await parts.readSession(request)
    const { headers } = await parts.accounts.api.signOut({ headers: headersOf(request), returnHeaders: true })
    passCookies(headers, reply)
    if (session) parts.streams.closeSession(session.id)
    return {}
  })
  app.get('/auth/setup', { schema: { hide: true } }, async () => ({ needed: await isSetupNeeded(parts.db.system) }))
  app.post('/auth/setup', { ...guarded, schema: { hide: true, body: setupBody } }, async (request, reply) => {
    const given = request.body as z.output<typeof setupBody>
    await setUp(parts, given)
    await signIn(parts, { email: given.email, password: given.password, rememberMe: true }, request, reply)
    return {}
  })
}

/** What stands before every door that opens without a session. */
export function guardsWithoutSession({ sameOrigin, triesPerMinute }: SignInParts) {
  return {
    onRequest: [sameOrigin],
    bodyLimit: bodyBytesMax,
    config: { rateLimit: { max: triesPerMinute, timeWindow: 60_000 } },
  }
}

export async function signIn(
  { accounts, db, secrets }: SignInParts,
  given: z.output<typeof signInBody>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const email = given.email.trim().toLowerCase()
  const emailHash = secrets.keyedHash(`sign-in ${email}`)
  const seconds = await takeTry(db.system, emailHash)
  if (seconds > 0) throw tooMany(seconds)
  const { headers } = await accounts.api
    .signInEmail({ body: { ...given, email }, headers: headersOf(request), returnHeaders: true })
    .catch((error: unknown) => {
      if (isRefusedByLibrary(error)) throw wrongSignIn()
      throw error
    })
  await forgetTries(db.system, emailHash)
  passCookies(headers, reply)
}

async function setUp(parts: SignInParts, given: z.output<typeof setupBody>): Promise<void> {
  if (!(await isSetupNeeded(parts.db.system))) throw setupDone()
  const tokenHash = hashToken(given.token)
  // Looked at before the password is hashed, so that guessing costs the guesser more than us.
  if (!(await isSetupToken(parts.db.system, tokenHash))) throw wrongToken()
  const result = await createBusiness(parts.db, parts.ids, {
    businessName: given.businessName,
    currency: given.currency.toUpperCase(),
    timeZone: given.timeZone,
    owner: { name: given.name, email: given.email, passwordHash: await hashPassword(given.password) },
    setupTokenHash: tokenHash,
  })
  if (result.kind === 'refused') throw result.reason === 'email-taken' ? setupDone() : wrongToken()
}

const wrongToken = () =>
  badFields({ token: 'This is not the setup token. The hub prints the current one when it starts.' })
const setupDone = () => new Refused(409, 'setup-done', 'This hub has an owner already. Please sign in.')
/** The same for an account that does not exist. */
const wrongSignIn = () => new Refused(401, 'wrong-sign-in', 'The e-mail or the password is wrong.')

export function isRefusedByLibrary(error: unknown): boolean {
  return error instanceof Error && 'statusCode' in error && [400, 401, 403].includes(Number(error.statusCode))
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
