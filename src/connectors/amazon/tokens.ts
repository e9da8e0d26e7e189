// Login with Amazon: a consent's code, or the seller's authorisation, for an access token of an hour.
import { RefusedError } from '../connector.ts'
import type { Call, Connector } from '../connector.ts'
import { asCount, asObject, asText } from '../reading.ts'
import type { AmazonAccount } from './account.ts'
import { tokenHost } from './marketplaces.ts'

/** Renewed this long before its end, so that several tries fit in. */
const renewMinutesBefore = 10
const lifeSecondsDefault = 3600

export const renewal: NonNullable<Connector<AmazonAccount>['renewal']> = {
  dueAt({ refreshToken, accessToken, accessTokenEndsAt }) {
    if (refreshToken.trim() === '') return null
    const endsAt = instantOf(accessTokenEndsAt)
    // An authorisation that was typed in has no access token yet.
    if (accessToken === '' || !endsAt) return new Date(0)
    return new Date(endsAt.getTime() - renewMinutesBefore * 60_000)
  },
  endsAt: ({ accessTokenEndsAt }) => instantOf(accessTokenEndsAt) ?? null,
  async renew(call) {
    const refreshToken = call.account.refreshToken.trim()
    if (refreshToken === '') {
      throw new RefusedError({ kind: 'signed-out', reason: 'There is no authorisation of the seller' })
    }
    // It stays as it is, so a lost answer is simply asked for again.
    const tokens = await askForTokens(call, { grant_type: 'refresh_token', refresh_token: refreshToken }, true)
    return { ...call.account, ...tokens, refreshToken: tokens.refreshToken || refreshToken }
  },
}

export async function askForTokens(
  call: Call<AmazonAccount>,
  grant: Record<string, string>,
  safe: boolean,
): Promise<Omit<AmazonAccount, 'sellerId'>> {
  const { clientId = '', clientSecret = '' } = call.app
  const response = await call.send({
    method: 'POST',
    url: '/auth/o2/token',
    host: tokenHost,
    plan: 'token',
    form: { ...grant, client_id: clientId, client_secret: clientSecret },
    safe,
  })
  const body = asObject(response.json)
  const accessToken = asText(body?.['access_token'])
  if (accessToken === null) {
    const reason = 'Amazon’s sign-in service did not answer with a token'
    throw new RefusedError(safe ? { kind: 'wait', seconds: 60, reason } : { kind: 'unclear', reason })
  }
  const lifeSeconds = asCount(body?.['expires_in']) ?? lifeSecondsDefault
  return {
    accessToken,
    accessTokenEndsAt: new Date(call.now.getTime() + lifeSeconds * 1000).toISOString(),
    refreshToken: asText(body?.['refresh_token']) ?? '',
  }
}

function instantOf(text: string): Date | undefined {
  const instant = new Date(text)
  return Number.isNaN(instant.getTime()) ? undefined : instant
}
