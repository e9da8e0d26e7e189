// Consent: the seller allows our application at Seller Central of his site, or begins in Amazon's app store.
import { RefusedError } from '../connector.ts'
import type { Consent, ConsentAnswer } from '../connector.ts'
import { asText } from '../reading.ts'
import type { AmazonAccount } from './account.ts'
import { hosts, sellerCentralHost, siteDefault, siteOf } from './marketplaces.ts'
import { askForTokens } from './tokens.ts'

/** What the codes of Amazon's consent page mean for a seller. */
const pageErrors: Record<string, string> = {
  MD1000: 'The application is still a draft: its operator has to set its version to “beta”',
  MD5101: 'Our address is not registered with the application at Amazon: its operator has to add it there',
  MD5110: 'Our address holds a “#”, which Amazon refuses: its operator has to change it',
  MD9010: 'Amazon could not connect this account with the application. It asks to contact its support',
}

export const consent: Consent<AmazonAccount> = {
  page(app, { state, redirectUri, siteId }) {
    const query = new URLSearchParams({
      application_id: app['applicationId'] ?? '',
      state,
      redirect_uri: redirectUri,
      ...versionOf(app),
    })
    const site = siteOf(siteId ?? siteDefault)
    return { host: sellerCentralHost(site.id), url: `/apps/authorize/consent?${query}` }
  },

  read(query): ConsentAnswer {
    const state = asText(query['state'])
    const code = asText(query['spapi_oauth_code'])
    if (code !== null) return { kind: 'allowed', code, state, sellerId: asText(query['selling_partner_id']) }
    const error = asText(query['error']) ?? asText(query['error_code']) ?? asText(query['errorCode'])
    if (error === null) return { kind: 'not-understood', state }
    const said = asText(query['error_description']) ?? error
    const reason = /access_denied/i.test(error) ? 'The consent was refused' : (pageErrors[error] ?? said)
    return { kind: 'refused', state, reason }
  },

  async exchange(call, { code, sellerId }, redirectUri) {
    const seller = sellerId ?? call.account.sellerId
    if (seller === '') {
      throw new RefusedError({ kind: 'rejected', reason: 'Amazon did not say which seller gave the consent' })
    }
    const grant = { grant_type: 'authorization_code', code, redirect_uri: redirectUri }
    const tokens = await askForTokens(call, grant, false)
    if (tokens.refreshToken === '') {
      throw new RefusedError({ kind: 'rejected', reason: 'Amazon gave no lasting authorisation' })
    }
    return { sellerId: seller, ...tokens }
  },

  begunThere(query, { state, redirectUri }) {
    const back = URL.parse(query['amazon_callback_uri'] ?? '')
    const theirState = asText(query['amazon_state'])
    const host = back ? hostOf(back) : undefined
    if (!back || host === undefined || theirState === null || !back.pathname.startsWith('/apps/authorize/')) {
      return undefined
    }
    back.searchParams.set('amazon_state', theirState)
    back.searchParams.set('state', state)
    back.searchParams.set('redirect_uri', redirectUri)
    if (query['version'] === 'beta') back.searchParams.set('version', 'beta')
    return { host, url: back.pathname + back.search }
  },
}

function versionOf(app: Record<string, string>): Record<string, string> {
  return app['version'] === 'beta' ? { version: 'beta' } : {}
}

// A stranger must not make us send the seller elsewhere. A loopback address is a sandbox, whose address replaces the host.
function hostOf(address: URL): string | undefined {
  const known = Object.entries(hosts).find(([, origin]) => new URL(origin).origin === address.origin)
  if (known) return known[0]
  const isLoopback = ['127.0.0.1', 'localhost', '[::1]'].includes(address.hostname)
  return isLoopback ? sellerCentralHost(siteDefault) : undefined
}
