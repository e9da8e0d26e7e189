// Signing in by redirect, and keeping the sign-in alive. Where the browser comes back to is set in the app, not asked for.
import type { Connector, Consent, ConsentAnswer } from '../connector.ts'
import { appCredential } from './account.ts'
import type { TikTokAccount } from './account.ts'
import { askForToken } from './token.ts'

export const consent: Consent<TikTokAccount> = {
  page(app, { state }) {
    const query = new URLSearchParams({ service_id: appCredential({ app }, 'serviceId'), state })
    const isUs = app['market']?.trim().toUpperCase() === 'US'
    return { host: isUs ? 'authorize-us' : 'authorize', url: `/open/authorize?${query}` }
  },
  read: readAnswer,
  exchange: (call, { code }) =>
    askForToken(call, '/api/v2/token/get', { auth_code: code, grant_type: 'authorized_code' }),
}

// Installed from TikTok Shop's own app store, it comes back without a state: begun at their side.
function readAnswer(query: Record<string, string>): ConsentAnswer {
  const said = (name: string) => {
    const text = query[name]?.trim() ?? ''
    // A refusal carries the word "null" for the code.
    return text === '' || text === 'null' ? null : text
  }
  const [code, error, state] = [said('code'), said('error'), said('state')]
  if (error !== null) {
    const reason = error === 'auth_denied' ? 'The consent was refused at TikTok Shop' : `TikTok Shop says: ${error}`
    return { kind: 'refused', state, reason }
  }
  return code === null ? { kind: 'not-understood', state } : { kind: 'allowed', code, state, sellerId: null }
}

export const renewal: NonNullable<Connector<TikTokAccount>['renewal']> = {
  // Half of its life is left then, some days: should the answer be lost, the old one goes on working that long.
  dueAt({ accessTokenSince, accessTokenEndsAt }) {
    const [since, endsAt] = [timeOf(accessTokenSince), timeOf(accessTokenEndsAt)]
    if (endsAt === null) return null
    return new Date(since === null ? endsAt : since + (endsAt - since) / 2)
  },
  endsAt({ accessTokenEndsAt }) {
    const endsAt = timeOf(accessTokenEndsAt)
    return endsAt === null ? null : new Date(endsAt)
  },
  renew: (call) =>
    askForToken(call, '/api/v2/token/refresh', {
      refresh_token: call.account.refreshToken,
      grant_type: 'refresh_token',
    }),
}

function timeOf(text: string): number | null {
  const time = new Date(text).getTime()
  return Number.isNaN(time) ? null : time
}
