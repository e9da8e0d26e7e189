// Login with Amazon: what the app gets tokens for, and what a token allows.
import { hex } from '../kit/random.ts'
import type { Answer } from '../kit/front.ts'
import type { SandboxRequest } from '../kit/sandbox.ts'
import { isObject } from './call.ts'
import type { AccessToken, Amazon, Grant } from './state.ts'
import type { Region } from './reference.ts'

export const accessSeconds = 3600
export const codeSeconds = 300

const scopes = ['sellingpartnerapi::notifications', 'sellingpartnerapi::client_credential:rotation']
const revokedText =
  "The request has an invalid grant parameter : refresh_token. User may have revoked or didn't grant the permission."

/** `POST /auth/o2/token`, as a form or as JSON. */
export function answerToken(amazon: Amazon, request: SandboxRequest, at: number): Answer {
  const fields = readFields(request)
  if (!fields) return oauthError(400, 'invalid_request', 'The request body could not be read')
  const kind = fields['grant_type']
  if (kind === undefined) return missing('grant_type')
  const grants = { authorization_code: byCode, refresh_token: byRefreshToken, client_credentials: byScope }
  if (!Object.hasOwn(grants, kind)) {
    return oauthError(
      400,
      'unsupported_grant_type',
      'The authorization grant type is not supported by the authorization server',
    )
  }
  for (const name of ['client_id', 'client_secret']) if (!fields[name]) return missing(name)
  const { clientId, clientSecret } = amazon.application
  if (fields['client_id'] !== clientId || fields['client_secret'] !== clientSecret) {
    return oauthError(401, 'invalid_client', 'Client authentication failed')
  }
  return grants[kind as keyof typeof grants](amazon, fields, at)
}

type Fields = Record<string, string>

function byCode(amazon: Amazon, fields: Fields, at: number): Answer {
  if (!fields['code']) return missing('code')
  const code = amazon.codes.get(fields['code'])
  const isRedirectKept = fields['redirect_uri'] === undefined || fields['redirect_uri'] === code?.redirectUri
  if (!code || code.used || code.endsAt <= at || !isRedirectKept) {
    return oauthError(400, 'invalid_grant', 'The request has an invalid grant parameter : code')
  }
  code.used = true
  const grant = addGrant(amazon, code.sellerId, code.region)
  return tokenAnswer(addAccessToken(amazon, { grant, at }), grant.refreshToken)
}

function byRefreshToken(amazon: Amazon, fields: Fields, at: number): Answer {
  if (!fields['refresh_token']) return missing('refresh_token')
  const grant = amazon.grants.get(fields['refresh_token'])
  if (!grant || grant.revokedAt !== undefined) return oauthError(400, 'invalid_grant', revokedText)
  return tokenAnswer(addAccessToken(amazon, { grant, at }), grant.refreshToken)
}

function byScope(amazon: Amazon, fields: Fields, at: number): Answer {
  const scope = fields['scope']
  if (!scope) return missing('scope')
  if (!scopes.includes(scope)) return oauthError(400, 'invalid_scope', 'The requested scope is invalid')
  return tokenAnswer(addAccessToken(amazon, { scope, at }))
}

function tokenAnswer(access: AccessToken, refreshToken?: string): Answer {
  return {
    status: 200,
    headers: { 'cache-control': 'no-store' },
    body: {
      access_token: access.token,
      token_type: 'bearer',
      expires_in: accessSeconds,
      ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    },
  }
}

export function oauthError(status: number, error: string, description: string): Answer {
  return { status, body: { error, error_description: description } }
}

function missing(name: string): Answer {
  return oauthError(400, 'invalid_request', `The request is missing a required parameter : ${name}`)
}

function readFields(request: SandboxRequest): Fields | undefined {
  const type = request.headers['content-type'] ?? ''
  if (!type.startsWith('application/json')) return Object.fromEntries(new URLSearchParams(request.body))
  try {
    const body: unknown = JSON.parse(request.body)
    if (!isObject(body)) return undefined
    return Object.fromEntries(
      Object.entries(body).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
    )
  } catch {
    return undefined
  }
}

export function addGrant(amazon: Amazon, sellerId: string, region: Region): Grant {
  const grant: Grant = { refreshToken: `Atzr|${hex(amazon.random, 160)}`, sellerId, region, revokedAt: undefined }
  amazon.grants.set(grant.refreshToken, grant)
  return grant
}

export function addAccessToken(
  amazon: Amazon,
  given: { at: number; grant?: Grant; scope?: string; restricted?: AccessToken['restricted'] },
): AccessToken {
  const access: AccessToken = {
    token: `${given.restricted ? 'Atz.sprdt' : 'Atza'}|${hex(amazon.random, given.restricted ? 120 : 240)}`,
    refreshToken: given.grant?.refreshToken,
    scope: given.scope,
    endsAt: given.at + accessSeconds * 1000,
    restricted: given.restricted,
  }
  dropOld(amazon, given.at)
  amazon.accessTokens.set(access.token, access)
  return access
}

const accessTokensMax = 5_000

// What ended long ago is told apart from what never was only for a day.
function dropOld(amazon: Amazon, at: number): void {
  if (amazon.accessTokens.size < accessTokensMax) return
  for (const [key, one] of amazon.accessTokens) if (one.endsAt + 86_400_000 < at) amazon.accessTokens.delete(key)
}

export function grantsOf(amazon: Amazon, sellerId: string): Grant[] {
  return [...amazon.grants.values()].filter((grant) => grant.sellerId === sellerId)
}

/** A path may be written out, or with the name of a part in braces. */
export function isSamePath(pattern: string, path: string): boolean {
  const [wanted, parts] = [pattern.split('/'), path.split('/')]
  return wanted.length === parts.length && wanted.every((part, index) => part.startsWith('{') || part === parts[index])
}
