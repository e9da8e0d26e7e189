// The token host: calls are GET with everything in the query, unsigned, and answer in the usual envelope.
import { requestId } from './call.ts'
import { grantTo, issueTokens, rotate } from './grants.ts'
import { unixSeconds } from './state.ts'
import { splitUrl } from '../kit/routes.ts'
import type { Answer, Call } from './call.ts'
import type { SandboxRequest } from '../kit/sandbox.ts'
import type { Pair } from './grants.ts'
import type { Tiktok } from './state.ts'

export const tokenPaths = { '/api/v2/token/get': 'token.get', '/api/v2/token/refresh': 'token.refresh' } as const

export function understandToken(tiktok: Tiktok, request: SandboxRequest, at: Date): Call {
  const { path, query } = splitUrl(request.url)
  const operation = tokenPaths[path as keyof typeof tokenPaths]
  const isKnown = request.method === 'GET'
  const run = () => {
    const result = isKnown ? exchange(tiktok, { operation, query, at }) : refusal(36_009_010, 'Invalid method.')
    return 'code' in result ? refuse(tiktok, result, at) : tell(tiktok, result, at)
  }
  return {
    tiktok,
    at,
    asked: undefined,
    operation,
    caller: `token host ${query.get('app_key') ?? ''}`,
    isWrite: true,
    run,
  }
}

type Refusal = { code: number; message: string }

const badCode = refusal(36_004_004, 'Invalid auth code.')
const badRefresh = refusal(36_004_001, 'rt has expired')

function exchange(
  tiktok: Tiktok,
  { operation, query, at }: { operation: 'token.get' | 'token.refresh'; query: URLSearchParams; at: Date },
): Pair | Refusal {
  const { app } = tiktok
  if (query.get('app_key') !== app.appKey || query.get('app_secret') !== app.appSecret) {
    return refusal(36_004_002, 'Invalid app key or app secret.')
  }
  const grantType = operation === 'token.get' ? 'authorized_code' : 'refresh_token'
  if (query.get('grant_type') !== grantType) return refusal(36_004_003, 'Invalid grant type.')
  if (operation === 'token.get') return exchangeCode(tiktok, query.get('auth_code') ?? '', at)
  const old = tiktok.refreshTokens.get(query.get('refresh_token') ?? '')
  return (old && rotate(tiktok, old, at)) ?? badRefresh
}

function exchangeCode(tiktok: Tiktok, sent: string, at: Date): Pair | Refusal {
  const code = tiktok.codes.get(sent)
  if (!code || code.isUsed || code.endsAt <= at) return badCode
  code.isUsed = true
  return issueTokens(tiktok, grantTo(tiktok, code.sellerId, at), at)
}

/** Both ends are absolute seconds, not durations. */
function tell(tiktok: Tiktok, { access, refresh }: Pair, at: Date): Answer {
  const grant = tiktok.grants.get(access.grantId)
  const seller = tiktok.sellers.find((one) => one.id === grant?.sellerId)
  const data = {
    access_token: access.token,
    access_token_expire_in: unixSeconds(access.endsAt),
    refresh_token: refresh.token,
    refresh_token_expire_in: unixSeconds(refresh.endsAt),
    open_id: seller?.openId ?? '',
    seller_name: seller?.name ?? '',
    seller_base_region: 'GB',
    user_type: 0,
    granted_scopes: [...(grant?.scopes ?? [])],
  }
  return { status: 200, body: { code: 0, message: 'success', data, request_id: requestId(tiktok, at) } }
}

function refuse(tiktok: Tiktok, { code, message }: Refusal, at: Date): Answer {
  const body = { code, message, data: null, request_id: requestId(tiktok, at) }
  return { status: tiktok.choices.tokenErrorStatus, isRefusal: true, body }
}

function refusal(code: number, message: string): Refusal {
  return { code, message }
}
