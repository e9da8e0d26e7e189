// What sellers allowed our app: consent, codes, tokens and their end.
import { hex } from '../kit/random.ts'
import { notify } from './news.ts'
import { scopes } from './reference.ts'
import { nextId, unixSeconds } from './state.ts'
import type { AccessToken, AuthCode, Grant, RefreshToken, Tiktok } from './state.ts'

const codeSeconds = 30 * 60

export function issueCode(tiktok: Tiktok, sellerId: string, at: Date): AuthCode {
  const code: AuthCode = {
    code: `GCP_${hex(tiktok.random, 48)}`,
    sellerId,
    endsAt: new Date(at.getTime() + codeSeconds * 1000),
    isUsed: false,
  }
  tiktok.codes.set(code.code, code)
  return code
}

/** A consent covers all shops the seller has, as long as the seller said. */
export function grantTo(tiktok: Tiktok, sellerId: string, at: Date): Grant {
  const grant: Grant = {
    id: nextId(tiktok),
    sellerId,
    scopes: new Set(scopes),
    shopIds: new Set(tiktok.shops.filter((one) => one.sellerId === sellerId).map((one) => one.id)),
    endsAt: new Date(at.getTime() + tiktok.choices.refreshTokenSeconds * 1000),
    revokedAt: undefined,
  }
  tiktok.grants.set(grant.id, grant)
  awaitEnd(tiktok, grant, at)
  return grant
}

/** From thirty days before the end on it is told every day. */
export function awaitEnd(tiktok: Tiktok, grant: Grant, from: Date): void {
  const dayMs = 86_400_000
  const first = grant.endsAt.getTime() - 30 * dayMs
  const next = new Date(Math.max(first, from.getTime() + dayMs))
  if (next >= grant.endsAt) return
  tiktok.agenda.schedule(next, (at) => {
    if (grant.revokedAt) return
    for (const shopId of grant.shopIds) {
      notify(tiktok, 'UPCOMING_AUTHORIZATION_EXPIRATION', shopId, at, {
        message: 'The authorization of this shop ends soon.',
        expiration_time: String(unixSeconds(grant.endsAt)),
      })
    }
    awaitEnd(tiktok, grant, at)
  })
}

export type Pair = { access: AccessToken; refresh: RefreshToken }

export function issueTokens(tiktok: Tiktok, grant: Grant, at: Date): Pair {
  const access: AccessToken = {
    token: `ROW_${hex(tiktok.random, 60)}`,
    grantId: grant.id,
    endsAt: new Date(at.getTime() + tiktok.choices.accessTokenSeconds * 1000),
    isDead: false,
  }
  const refresh: RefreshToken = {
    token: `ROW_${hex(tiktok.random, 60)}`,
    grantId: grant.id,
    endsAt: grant.endsAt,
    used: undefined,
  }
  tiktok.accessTokens.set(access.token, access)
  tiktok.refreshTokens.set(refresh.token, refresh)
  return { access, refresh }
}

/** A new pair; the old refresh token is used up, the old access token lives on until its end. */
export function rotate(tiktok: Tiktok, old: RefreshToken, at: Date): Pair | undefined {
  const grant = tiktok.grants.get(old.grantId)
  if (!grant || grant.revokedAt || old.endsAt <= at) return undefined
  if (old.used) {
    const grace = tiktok.choices.refreshGraceSeconds * 1000
    const access = tiktok.accessTokens.get(old.used.access)
    const refresh = tiktok.refreshTokens.get(old.used.refresh)
    const isInTime = at.getTime() - old.used.at.getTime() < grace
    return isInTime && access && refresh ? { access, refresh } : undefined
  }
  const pair = issueTokens(tiktok, grant, at)
  old.used = { at, access: pair.access.token, refresh: pair.refresh.token }
  return pair
}

/** The seller takes back his consent, in his seller center. */
export function revoke(tiktok: Tiktok, sellerId: string, at: Date): void {
  for (const grant of tiktok.grants.values()) {
    if (grant.sellerId !== sellerId || grant.revokedAt) continue
    for (const shopId of grant.shopIds) tellEnd(tiktok, shopId, at)
    grant.revokedAt = at
  }
}

export function restore(tiktok: Tiktok, sellerId: string): void {
  for (const grant of tiktok.grants.values()) if (grant.sellerId === sellerId) grant.revokedAt = undefined
}

export function endShopAccess(
  tiktok: Tiktok,
  { grantId, shopId, at }: { grantId: string; shopId: string; at: Date },
): void {
  tellEnd(tiktok, shopId, at)
  tiktok.grants.get(grantId)?.shopIds.delete(shopId)
}

function tellEnd(tiktok: Tiktok, shopId: string, at: Date): void {
  notify(tiktok, 'SELLER_DEAUTHORIZATION', shopId, at, {
    message: 'The seller has revoked the authorization. Please stop calling the API for this shop.',
  })
}
