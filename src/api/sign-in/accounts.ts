import type { BetterAuthOptions } from 'better-auth'
import { betterAuth } from 'better-auth/minimal'
import { getAdapter } from 'better-auth/db/adapter'
import { CamelCasePlugin } from 'kysely'
import { hashPassword, passwordLength, verifyPassword } from '../../platform/passwords.ts'
import type { SystemDb } from '../../platform/database.ts'
import type { Ids } from '../../platform/ids.ts'
import { withHashedSessions } from './hashed-sessions.ts'

// Idle for a working day ends a session; after a week it ends anyhow (see session.ts).
const idleSeconds = 8 * 3600
const refreshedAfterSeconds = 600
/** Written by us from the connection, never taken from outside. */
export const addressHeader = 'x-fairlead-address'

export type AccountsOptions = { db: SystemDb; ids: Ids; secret: string; publicUrl: string }

/** Passwords and sessions. Nobody can sign up by himself; of the library's endpoints only those in sign-in-routes.ts can be reached. */
export async function createAccounts(options: AccountsOptions) {
  const settings = settingsOf(options)
  const db = options.db.withPlugin(new CamelCasePlugin()).withSchema('auth')
  const adapter = await getAdapter({ ...settings, database: { db, type: 'postgres' } })
  return betterAuth({ ...settings, database: () => withHashedSessions(adapter) })
}

function settingsOf({ ids, secret, publicUrl }: AccountsOptions) {
  const isHttps = publicUrl.startsWith('https:')
  return {
    secret,
    baseURL: publicUrl,
    basePath: '/auth',
    user: { modelName: 'users' },
    session: { modelName: 'sessions', expiresIn: idleSeconds, updateAge: refreshedAfterSeconds },
    account: { modelName: 'accounts' },
    verification: { modelName: 'verifications' },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordLength.min,
      maxPasswordLength: passwordLength.max,
      password: { hash: hashPassword, verify: ({ hash, password }) => verifyPassword(hash, password) },
    },
    // Ours, before it: see server.ts and sign-in-tries.store.ts.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
    advanced: {
      database: { generateId: () => ids.uuid() },
      useSecureCookies: false,
      cookies: { session_token: { name: isHttps ? '__Host-sid' : 'sid' } },
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', secure: isHttps, path: '/' },
      ipAddress: { ipAddressHeaders: [addressHeader] },
    },
  } satisfies BetterAuthOptions
}

export type Accounts = Awaited<ReturnType<typeof createAccounts>>
