// Signing in: one personal access token, made by the seller at Reverb. It opens one shop, and does not expire.
import { RefusedError } from '../connector.ts'
import type { AccountField, Call, HttpRequest, Site } from '../connector.ts'
import { asText, objectIn } from '../reading.ts'

export type ReverbAccount = { token: string }

export const accountFields: Record<keyof ReverbAccount, AccountField> = {
  token: {
    label: 'Access token',
    help: 'At Reverb: your account → API & Integrations → Generate new token, with the scopes public, read_listings, write_listings, read_orders, write_orders and read_profile.',
    secret: true,
  },
}

/** What a listing's price may be stated in, from the published spec. */
export const listingCurrencies = ['USD', 'CAD', 'EUR', 'GBP', 'AUD', 'JPY', 'NZD', 'MXN']

/** Shown where a shop does not name its currency: the one Reverb itself falls back to. */
const currencyDefault = 'USD'

export async function findSites(call: Call<ReverbAccount>): Promise<Site[]> {
  // The account is the check of the token, the shop is what we sell in. Both need read_profile.
  const account = objectIn(await call.send({ method: 'GET', url: '/my/account' }), 'the account')
  const shop = objectIn(await call.send({ method: 'GET', url: '/shop' }), 'the shop')
  const id = asText(shop['id'])
  if (id === null) throw new RefusedError({ kind: 'rejected', reason: 'This Reverb account has no shop yet' })
  const stated = asText(shop['currency'])?.toUpperCase()
  const named = [shop['name'], account['shop_name'], shop['slug']].map(asText)
  return [
    {
      id,
      name: named.find((name) => name !== null) ?? 'Reverb shop',
      // An account has one shop, and the shop's id is the one identity that clients are known to rely on.
      sellerId: id,
      currency: stated ?? currencyDefault,
      currencies: stated === undefined ? listingCurrencies : [stated],
    },
  ]
}

export function sign(request: HttpRequest, call: Call<ReverbAccount>): HttpRequest {
  const token = call.account.token.trim()
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new RefusedError({ kind: 'signed-out', reason: 'The access token is empty or holds characters no token has' })
  }
  const headers: Record<string, string> = {
    ...request.headers,
    authorization: `Bearer ${token}`,
    accept: 'application/hal+json, application/json',
    'accept-version': '3.0',
    // Without it a body is read as form data (R16).
    'content-type': 'application/hal+json',
  }
  // Reverb converts what it shows; asking in the shop's own currency keeps prices comparable.
  if (call.site.currency !== '') headers['x-display-currency'] = call.site.currency
  return { ...request, headers }
}
