// What the token service and the list of shops say, as the account we keep.
import { RefusedError } from '../connector.ts'
import type { HttpRequest } from '../connector.ts'
import { asArray, asCount, asObject, asText } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import { appCredential } from './account.ts'
import type { TikTokAccount, TikTokCall } from './account.ts'
import { ask, dataOf } from './ask.ts'
import { tokenHeader } from './sign.ts'

/** Of a seller; creators have 1 and partners 3. */
const sellerType = 0

export async function askForToken(
  call: TikTokCall,
  path: '/api/v2/token/get' | '/api/v2/token/refresh',
  query: Record<string, string>,
): Promise<TikTokAccount> {
  const request: HttpRequest = {
    method: 'GET',
    url: path,
    query: { app_key: appCredential(call, 'appKey'), app_secret: appCredential(call, 'appSecret'), ...query },
    host: 'token',
    // It uses up the code, or the refresh token.
    safe: false,
  }
  const account = toAccount(dataOf(await call.send(request), request), call)
  return { ...account, ciphers: await ciphersOf(call, account) }
}

function toAccount(data: JsonObject, call: TikTokCall): TikTokAccount {
  const userType = asCount(data['user_type'])
  if (userType !== undefined && userType !== sellerType) {
    throw new RefusedError({
      kind: 'rejected',
      reason: 'This is not the account of a seller. Please sign in as the shop’s main account',
    })
  }
  const accessToken = asText(data['access_token'])
  const refreshToken = asText(data['refresh_token'])
  // Seconds since 1970, although they are called "expire in".
  const endsAt = secondsOf(data['access_token_expire_in'])
  if (accessToken === null || refreshToken === null || endsAt === undefined) {
    throw new RefusedError({ kind: 'unclear', reason: 'TikTok Shop did not answer with a token' })
  }
  return {
    accessToken,
    accessTokenSince: call.now.toISOString(),
    accessTokenEndsAt: endsAt.toISOString(),
    refreshToken,
    refreshTokenEndsAt: secondsOf(data['refresh_token_expire_in'])?.toISOString() ?? '',
    openId: asText(data['open_id']) ?? call.account.openId,
    sellerName: asText(data['seller_name']) ?? call.account.sellerName,
    ciphers: call.account.ciphers,
  }
}

// The token is won already and must not be lost over this: without the shops it is kept with those of before, and the
// next renewal asks again.
async function ciphersOf(call: TikTokCall, account: TikTokAccount): Promise<string> {
  try {
    const shops = await listShops(call, account.accessToken)
    return JSON.stringify(Object.fromEntries(shops.map((shop) => [shop.id, shop.cipher])))
  } catch (error) {
    if (error instanceof RefusedError) return account.ciphers
    throw error
  }
}

export type Shop = { id: string; name: string; region: string; cipher: string }

/** Those the seller opened to us. With a token that is not in the account yet, where one is given. */
export async function listShops(call: TikTokCall, accessToken?: string): Promise<Shop[]> {
  const headers = accessToken === undefined ? {} : { headers: { [tokenHeader]: accessToken } }
  const data = await ask(call, 'shops.list', headers)
  return (asArray(data['shops']) ?? []).flatMap((entry): Shop[] => {
    const shop = asObject(entry) ?? {}
    const [id, cipher] = [asText(shop['id']), asText(shop['cipher'])]
    if (id === null || cipher === null) return []
    return [{ id, cipher, name: asText(shop['name']) ?? id, region: asText(shop['region'])?.toUpperCase() ?? '' }]
  })
}

function secondsOf(value: unknown): Date | undefined {
  const seconds = asCount(value)
  return seconds === undefined || seconds === 0 ? undefined : new Date(seconds * 1000)
}
