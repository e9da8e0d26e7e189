// Signing in: an access token that lives 30 days and a refresh token that gets the next, both of one merchant. They come
// from the consent (oauth.ts), through our application or one the seller made himself, or are typed.
import { RefusedError } from '../connector.ts'
import type { AccountField, Call, HttpRequest, Site } from '../connector.ts'
import { asText } from '../reading.ts'
import { askForObject } from './ask.ts'
import { refreshPath } from './errors.ts'
import { warehousesOf } from './merchant.ts'

export type WishAccount = {
  accessToken: string
  refreshToken: string
  clientId: string
  clientSecret: string
  accessTokenEndsAt: string
}

export const accountFields: Record<keyof WishAccount, AccountField> = {
  accessToken: {
    label: 'Authentication token',
    help: 'Filled in when you connect. At Wish it is also called the access token.',
    secret: true,
    optional: true,
  },
  refreshToken: { label: 'Refresh token', help: 'Filled in when you connect.', secret: true, optional: true },
  clientId: {
    label: 'Client ID',
    help: 'Only for an app of your own at Wish. Leave it empty to use ours.',
    secret: false,
    optional: true,
  },
  clientSecret: {
    label: 'Client secret',
    help: 'Only for an app of your own at Wish.',
    secret: true,
    optional: true,
  },
  accessTokenEndsAt: { label: 'End of the authentication token', secret: false, optional: true, hidden: true },
}

/** A token opens one merchant account, and all its products are priced in one currency (W10). */
export async function findSites(call: Call<WishAccount>): Promise<Site[]> {
  const merchant = await askForObject(call, { method: 'GET', url: '/api/v3/oauth/test' }, 'the merchant')
  const details = await askForObject(call, { method: 'GET', url: '/api/v3/merchant/account_details' }, 'the account')
  const money = await askForObject(
    call,
    { method: 'GET', url: '/api/v3/merchant/currency_settings' },
    'the account’s currency',
  )
  const warehouses = await warehousesOf(call)
  const id = asText(merchant['merchant_id'])
  if (id === null) throw new RefusedError({ kind: 'rejected', reason: 'Wish does not say which merchant this is' })
  const currency = asText(money['localized_currency'])?.toUpperCase() ?? ''
  if (!/^[A-Z]{3}$/.test(currency)) {
    throw new RefusedError({ kind: 'rejected', reason: 'Wish does not say in which currency this account sells' })
  }
  return [
    {
      id,
      name: asText(details['display_name']) ?? 'Wish shop',
      sellerId: id,
      currency,
      currencies: [currency],
      warehouses: warehouses.map(({ id, name, isDefault }) => ({ id, name, isDefault })),
    },
  ]
}

/** Where tokens are given out: there the client secret speaks, not a token. */
export const tokenPath = '/api/v3/oauth/access_token'

export function sign(request: HttpRequest, call: Call<WishAccount>): HttpRequest {
  const headers: Record<string, string> = { ...request.headers, accept: 'application/json', 'accept-language': 'en' }
  if (request.body !== undefined) headers['content-type'] = 'application/json'
  if (request.url === tokenPath || request.url === refreshPath) return { ...request, headers }
  const token = call.account.accessToken.trim()
  if (!/^[\x21-\x7e]+$/.test(token)) {
    const reason = 'The authentication token is empty or holds characters no token has'
    throw new RefusedError({ kind: 'signed-out', reason })
  }
  return { ...request, headers: { ...headers, authorization: `Bearer ${token}` } }
}
