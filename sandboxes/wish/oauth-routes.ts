// Codes for tokens, tokens for newer tokens, and whose a token is.
import { redeemCode, refreshTokens } from './access.ts'
import { done, refuse } from './call.ts'
import type { Answer } from '../kit/front.ts'
import type { Refusal } from './access.ts'
import type { Ask, Route } from './call.ts'

export const oauthRoutes: Route[] = [
  {
    operation: 'oauth.access_token',
    method: 'POST',
    path: '/oauth/access_token',
    scope: 'open',
    handle: ({ wish, body, at }) => answer(redeemCode(wish, asObject(body), at)),
  },
  {
    operation: 'oauth.access_token',
    method: 'GET',
    path: '/oauth/access_token',
    scope: 'open',
    handle: ({ wish, query, at }) => answer(redeemCode(wish, Object.fromEntries(query), at)),
  },
  {
    operation: 'oauth.refresh_token',
    method: 'GET',
    path: '/oauth/refresh_token',
    scope: 'open',
    handle: ({ wish, query, at }: Ask) => answer(refreshTokens(wish, Object.fromEntries(query), at)),
  },
  {
    operation: 'oauth.test',
    method: 'GET',
    path: '/oauth/test',
    scope: 'any',
    handle: ({ merchant }) => done({ merchant_id: merchant.id }),
  },
]

function answer(result: Record<string, unknown> | Refusal): Answer {
  const isRefused = typeof result['code'] === 'number' && 'message' in result
  return isRefused ? refuse(400, Number(result['code']), String(result['message'])) : done(result)
}

function asObject(body: unknown): Record<string, unknown> {
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
}
