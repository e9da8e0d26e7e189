// Consent in the browser, and the renewal of tokens. Wish promises no `state` back and tells nothing of the seller on the
// way, so whose sign-in it is follows from our own session and the merchant's id afterwards.
import { RefusedError } from '../connector.ts'
import type { Call, Connector, Consent, ConsentAnswer } from '../connector.ts'
import { asArray, asInstant, asText } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import { tokenPath } from './account.ts'
import type { WishAccount } from './account.ts'
import { askForObject } from './ask.ts'
import { refreshPath } from './errors.ts'

const tokenDays = 30
/** Renewed at half its life: a refresh ends every older token, so it should be rare, and never late. */
const renewDaysBefore = tokenDays / 2
const dayMilliseconds = 86_400_000

/** What we cannot do without. Notifications are a convenience, so their rights are not asked for here. */
const neededScopes = ['products:read', 'products:write', 'orders:read', 'orders:write', 'merchant:read']

export const consent: Consent<WishAccount> = {
  page(app, { state, account }) {
    // Only `client_id` is documented; a `state` that is not echoed does no harm.
    const query = new URLSearchParams({ client_id: credentialsOf(account, app).client_id, state })
    return { host: 'merchant', url: `/v3/oauth/authorize?${query.toString()}` }
  },
  read: readAnswer,
  exchange,
  ownApp: {
    fields: ['clientId', 'clientSecret'],
    steps: [
      'Sign in to your merchant dashboard at Wish.',
      'Open Account, then Settings, then API Settings, and choose to create a private app.',
      'Give the app any name, such as “Fairlead”, and paste the redirect address shown here as its redirect URI.',
      'Save it. Wish then shows a client ID and a client secret: copy both into the fields below.',
      'Go on here: Wish’s own page opens in a new tab. Allow access, and the tokens are filled in for you.',
    ],
  },
}

export const renewal: NonNullable<Connector<WishAccount>['renewal']> = {
  endsAt: (account) => asInstant(account.accessTokenEndsAt) ?? null,
  dueAt(account) {
    if (account.refreshToken.trim() === '') return null
    const endsAt = asInstant(account.accessTokenEndsAt)
    // A typed token does not say when it ends. Renewing it at once tells.
    return endsAt ? new Date(endsAt.getTime() - renewDaysBefore * dayMilliseconds) : new Date(0)
  },
  async renew(call) {
    const refreshToken = call.account.refreshToken.trim()
    if (refreshToken === '') throw new RefusedError({ kind: 'signed-out', reason: 'There is no refresh token' })
    const query = {
      ...credentialsOf(call.account, call.app),
      refresh_token: refreshToken,
      grant_type: 'refresh_token',
    }
    try {
      // A GET that changes a lot: every older token ends with it (W3), so a lost answer is no trifle.
      const data = await askForObject(call, { method: 'GET', url: refreshPath, query, safe: false }, 'new tokens')
      return tokensIn(data, call)
    } catch (error) {
      throw asRenewalRefusal(error)
    }
  },
}

function readAnswer(query: Record<string, string>): ConsentAnswer {
  const state = asText(query['state'])
  const code = asText(query['code'])
  if (code !== null) return { kind: 'allowed', code, state, sellerId: asText(query['merchant_id']) }
  const error = asText(query['error'])
  if (error === null) return { kind: 'not-understood', state }
  return { kind: 'refused', state, reason: asText(query['error_description']) ?? error }
}

/** The code lives five minutes and counts once: a lost answer means opening the page again (W4). */
async function exchange(
  call: Call<WishAccount>,
  { code }: Extract<ConsentAnswer, { kind: 'allowed' }>,
  redirectUri: string,
): Promise<WishAccount> {
  const body = {
    ...credentialsOf(call.account, call.app),
    code,
    grant_type: 'authorization_code',
    redirect_uri: redirectUri,
  }
  const data = await askForObject(call, { method: 'POST', url: tokenPath, body }, 'the tokens')
  const scopes = asArray(data['scopes'])?.flatMap((scope) => asText(scope) ?? [])
  const missing = scopes === undefined ? [] : neededScopes.filter((scope) => !scopes.includes(scope))
  if (missing.length > 0) {
    const reason = `Wish did not give all rights that are needed. Missing: ${missing.join(', ')}`
    throw new RefusedError({ kind: 'rejected', reason })
  }
  return tokensIn(data, call)
}

function tokensIn(data: JsonObject, call: Call<WishAccount>): WishAccount {
  const accessToken = asText(data['access_token'])
  const refreshToken = asText(data['refresh_token'])
  if (accessToken === null || refreshToken === null) {
    throw new RefusedError({ kind: 'unclear', reason: 'Wish answered without both tokens' })
  }
  const endsAt = asInstant(data['expiry_time']) ?? new Date(call.now.getTime() + tokenDays * dayMilliseconds)
  const { clientId, clientSecret } = call.account
  return { accessToken, refreshToken, clientId, clientSecret, accessTokenEndsAt: endsAt.toISOString() }
}

/** The seller's own app, else ours: never the id of one with the secret of the other. */
function credentialsOf(account: Partial<WishAccount>, app: Record<string, string>) {
  const own = account.clientId?.trim() ?? ''
  const [clientId, clientSecret] =
    own === '' ? [app['clientId'], app['clientSecret']] : [own, account.clientSecret?.trim()]
  if (clientId === undefined || clientId === '') {
    const reason = 'No app at Wish is set up here. Enter the client ID and secret of your own app'
    throw new RefusedError({ kind: 'rejected', reason })
  }
  return { client_id: clientId, client_secret: clientSecret ?? '' }
}

// What Wish answers in its own words here is final: the refresh token, the app or the account is not accepted. A proxy's
// page in between says nothing about them.
function asRenewalRefusal(error: unknown): unknown {
  if (!(error instanceof RefusedError)) return error
  const { refusal } = error
  if (refusal.kind !== 'rejected' && refusal.kind !== 'gone') return error
  return new RefusedError({ kind: 'signed-out', reason: refusal.reason ?? 'Wish refused to renew the sign-in' })
}
