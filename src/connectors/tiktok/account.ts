// Whose shops we reach and with what. Everything is filled in by the consent and kept by the renewal; nothing is typed.
import { RefusedError } from '../connector.ts'
import type { AccountField, AppField, Call } from '../connector.ts'
import { asObject, asText, parseJson } from '../reading.ts'

export type TikTokAccount = {
  accessToken: string
  accessTokenSince: string
  accessTokenEndsAt: string
  refreshToken: string
  refreshTokenEndsAt: string
  /** The seller, the same at each consent. */
  openId: string
  sellerName: string
  /** JSON: shop id → the cipher that names the shop in a request. */
  ciphers: string
}

export type TikTokCall = Call<TikTokAccount>

export const accountFields: Record<keyof TikTokAccount, AccountField> = {
  accessToken: kept('Access token', true),
  accessTokenSince: kept('Access token given at'),
  accessTokenEndsAt: kept('Access token ends at'),
  refreshToken: kept('Refresh token', true),
  refreshTokenEndsAt: kept('Refresh token ends at'),
  openId: kept('Seller id'),
  sellerName: kept('Seller name'),
  ciphers: kept('Shops', true),
}

export const appFields: Record<string, AppField> = {
  appKey: { label: 'App key', secret: false },
  appSecret: { label: 'App secret', secret: true },
  serviceId: { label: 'Service id', secret: false },
  // Apps for the United States are registered apart and have a consent page of their own.
  market: { label: 'Market (“US” for an app of the United States)', secret: false, optional: true },
}

/** One credential of our app; without it nothing can be asked, and only the operator can mend that. */
export function appCredential(call: { app: Record<string, string> }, name: 'appKey' | 'appSecret' | 'serviceId') {
  const value = call.app[name]?.trim() ?? ''
  if (value !== '') return value
  const label = appFields[name]?.label.toLowerCase() ?? name
  throw new RefusedError({
    kind: 'rejected',
    reason: `The operator has not set the ${label} of our TikTok Shop app yet`,
  })
}

export function cipherOf(account: TikTokAccount, shopId: string): string | null {
  const ciphers = asObject(parseJson(account.ciphers)) ?? {}
  return Object.hasOwn(ciphers, shopId) ? asText(ciphers[shopId]) : null
}

function kept(label: string, secret = false): AccountField {
  return { label, secret, optional: true, hidden: true }
}
