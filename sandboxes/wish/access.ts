// Who may call: codes, access tokens and refresh tokens, and what happens to the older ones when new ones are given.
import { hex } from '../kit/random.ts'
import { newId } from './products.ts'
import { codes } from './reference.ts'
import type { AccessToken, App, Code, Grant, Merchant, Wish } from './state.ts'

export type Refusal = { status?: number; code: number; message: string }
type Given = Omit<Grant, 'token'>

const dayMs = 86_400_000

export function createApp(wish: Wish, given: Pick<App, 'name' | 'redirectUri' | 'kind'> & Partial<App>, at: Date): App {
  const app: App = {
    clientId: given.clientId ?? newId(wish, at),
    clientSecret: given.clientSecret ?? hex(wish.random, 32),
    name: given.name,
    redirectUri: given.redirectUri,
    kind: given.kind,
    webhookUrl: undefined,
  }
  wish.apps.set(app.clientId, app)
  return app
}

export function giveCode(wish: Wish, grant: Given, at: Date): Code {
  const endsAt = new Date(at.getTime() + wish.choices.codeMinutes * 60_000)
  const code = { ...grant, token: hex(wish.random, 32), endsAt, isRedeemed: false }
  wish.codes.set(code.token, code)
  return code
}

/** A new pair; what was given before lives on. */
export function giveTokens(wish: Wish, { clientId, merchantId, scopes }: Given, at: Date): Record<string, unknown> {
  const access: AccessToken = {
    clientId,
    merchantId,
    scopes,
    token: hex(wish.random, 40),
    endsAt: new Date(at.getTime() + wish.choices.accessTokenDays * dayMs),
    revokedAt: undefined,
  }
  const refresh = {
    clientId,
    merchantId,
    scopes,
    token: hex(wish.random, 40),
    endedAt: undefined,
    successor: undefined,
  }
  wish.accessTokens.set(access.token, access)
  wish.refreshTokens.set(refresh.token, refresh)
  return showTokens(access, refresh.token)
}

export function redeemCode(wish: Wish, sent: Record<string, unknown>, at: Date): Record<string, unknown> | Refusal {
  if (sent['grant_type'] !== 'authorization_code') return wrongGrantType
  const app = wish.apps.get(String(sent['client_id']))
  if (!app || app.clientSecret !== sent['client_secret'] || app.redirectUri !== sent['redirect_uri']) {
    const message = 'Incorrect credentials. One of client_id, client_secret, or redirect_url does not match our records'
    return { code: codes.badCredentials, message }
  }
  const code = wish.codes.get(String(sent['code']))
  if (!code || code.clientId !== app.clientId) {
    return { code: codes.codeWrong, message: 'Incorrect authorization code provided' }
  }
  if (code.isRedeemed) {
    return { code: codes.codeRedeemed, message: 'The authorization code has already been redeemed' }
  }
  if (code.endsAt <= at) return { code: codes.codeExpired, message: 'The authorization code has expired' }
  code.isRedeemed = true
  return giveTokens(wish, code, at)
}

/** All access tokens given to this app by this merchant end at this moment, also one given a second ago. */
export function refreshTokens(wish: Wish, sent: Record<string, unknown>, at: Date): Record<string, unknown> | Refusal {
  // The message names the other grant type; the original has the same slip.
  if (sent['grant_type'] !== 'refresh_token') return wrongGrantType
  const app = wish.apps.get(String(sent['client_id']))
  if (!app || app.clientSecret !== sent['client_secret']) {
    const message = 'Incorrect credentials. client_id or client_secret does not match our records'
    return { code: codes.badCredentials, message }
  }
  const refresh = wish.refreshTokens.get(String(sent['refresh_token']))
  if (!refresh || refresh.endedAt || refresh.clientId !== app.clientId) {
    return { code: codes.unauthorized, message: 'Unauthorized access on this API' }
  }
  if (wish.merchants.get(refresh.merchantId)?.isDisabled) return accountDisabled
  noteUse(wish, refresh.token, at)
  for (const token of wish.accessTokens.values()) {
    if (token.clientId === app.clientId && token.merchantId === refresh.merchantId) token.revokedAt ??= at
  }
  const tokens = giveTokens(wish, refresh, at)
  const given = String(tokens['refresh_token'])
  if (!wish.choices.rotateRefreshToken) {
    wish.refreshTokens.delete(given)
    return { ...tokens, refresh_token: refresh.token }
  }
  if (wish.choices.oldRefreshToken === 'ends') refresh.endedAt = at
  // Refreshed once more before the answer was used: what nobody heard of ends.
  else {
    const unheard = refresh.successor === undefined ? undefined : wish.refreshTokens.get(refresh.successor)
    if (unheard) unheard.endedAt = at
    refresh.successor = given
  }
  return tokens
}

/** Who a bearer token stands for, or why nobody. */
export function identify(
  wish: Wish,
  bearer: string | undefined,
  at: Date,
): { token: AccessToken; merchant: Merchant } | Refusal {
  const status = wish.choices.tokenStatus
  if (bearer === undefined) {
    return { status: 401, code: codes.tokenMissing, message: 'Missing access token in authorization header' }
  }
  const token = wish.accessTokens.get(bearer)
  const merchant = token && wish.merchants.get(token.merchantId)
  if (!merchant || !wish.apps.has(token.clientId)) {
    return { status, code: codes.unauthorized, message: 'No access token found or the app does not exist' }
  }
  if (token.revokedAt) return { status, code: codes.tokenRevoked, message: 'This access token has been revoked' }
  if (token.endsAt <= at) return { status, code: codes.tokenExpired, message: 'This access token has expired' }
  return merchant.isDisabled ? accountDisabled : { token, merchant }
}

/** The first use of a refresh token ends the one before it. */
function noteUse(wish: Wish, used: string, at: Date): void {
  for (const token of wish.refreshTokens.values()) {
    if (token.successor === used) token.endedAt ??= at
  }
}

/** The seller takes back what he allowed, to everyone. */
export function revokeMerchant(wish: Wish, merchantId: string, at: Date): void {
  for (const token of wish.accessTokens.values()) {
    if (token.merchantId === merchantId) token.revokedAt ??= at
  }
  for (const token of wish.refreshTokens.values()) {
    if (token.merchantId === merchantId) token.endedAt ??= at
  }
}

/** Only what ended at that moment comes back, not what had ended before. */
export function restoreMerchant(wish: Wish, merchantId: string, revokedAt: Date): void {
  for (const token of wish.accessTokens.values()) {
    if (token.merchantId === merchantId && token.revokedAt?.getTime() === revokedAt.getTime()) {
      token.revokedAt = undefined
    }
  }
  for (const token of wish.refreshTokens.values()) {
    if (token.merchantId === merchantId && token.endedAt?.getTime() === revokedAt.getTime()) token.endedAt = undefined
  }
}

const wrongGrantType: Refusal = {
  code: codes.badGrantType,
  message: "grant_type must be set to 'authorization_code'",
}
const accountDisabled: Refusal = {
  status: 400,
  code: codes.accountDisabled,
  message: 'Cannot access API due to account is disabled',
}

function showTokens(access: AccessToken, refreshToken: string): Record<string, unknown> {
  return {
    access_token: access.token,
    refresh_token: refreshToken,
    expiry_time: access.endsAt.toISOString(),
    merchant_id: access.merchantId,
    scopes: access.scopes,
  }
}
