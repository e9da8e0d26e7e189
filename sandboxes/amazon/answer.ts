// What a request is understood as: which operation, with whose token, within which limits; and the words of refusals.
import { matchRoute, splitUrl } from '../kit/routes.ts'
import { invalidInput, isObject, refuse, requestId, unauthorized, unknownRoute } from './call.ts'
import { answerDocument } from './documents.ts'
import { appCaps } from './reference.ts'
import { routes } from './routes.ts'
import { answerToken, isSamePath } from './tokens.ts'
import type { Answer, Call, Front } from '../kit/front.ts'
import type { SandboxRequest } from '../kit/sandbox.ts'
import type { ApiCall, Route } from './call.ts'
import type { AccessToken, Amazon } from './state.ts'

export function createFront(amazon: Amazon, speed: number): Front<Call> {
  return {
    faults: amazon.faults,
    meter: amazon.meter,
    record: (line) => amazon.log.record(line),
    understand: (request, at) => understand(amazon, request, { at: at.getTime(), speed }),
    tooMany: (call) =>
      dress(amazon, call, refuse(429, 'QuotaExceeded', 'You exceeded your quota for the requested resource.', '')),
    retryAfter: () => (amazon.choices.retryAfter ? 'seconds' : 'absent'),
    broken: (status, call) => dress(amazon, call, brokenWords(status)),
    word: (word, call) => {
      // Writes for a SKU nobody knows are accepted, and nothing comes of them.
      const answer = word === 'gone-me' && call.isWrite ? undefined : wordAnswer(word)
      return answer && dress(amazon, call, answer)
    },
    contentType: 'application/json',
  }
}

type Moment = { at: number; speed: number }

function understand(amazon: Amazon, request: SandboxRequest, moment: Moment): Call {
  const { path, query } = splitUrl(request.url)
  if (path === '/auth/o2/token') return understandToken(amazon, request, moment.at)
  if (path.startsWith('/documents/')) return understandDocument(amazon, request, moment.at)
  const match = matchRoute(openRoutes(amazon), request.method, path)
  const token = amazon.accessTokens.get(request.headers['x-amz-access-token'] ?? '')
  const grant = token?.refreshToken === undefined ? undefined : amazon.grants.get(token.refreshToken)
  const isWrite = request.method !== 'GET'
  if (!match)
    return {
      operation: 'unknown',
      caller: 'anonymous',
      isWrite,
      refused: withId(amazon, unknownRoute),
      run: () => unknownRoute,
    }
  const { route, params } = match
  const body = readJson(request)
  const caller = grant ? `${grant.sellerId} ${grant.region}` : (token?.scope ?? 'anonymous')
  const call: Call = { operation: route.operation, caller, isWrite, run: () => unknownRoute }
  const refused = refusalOf(amazon, { route, request, token, path, at: moment.at, body })
  if (refused || !token) return { ...call, refused: dress(amazon, call, refused ?? unknownRoute) }
  const api: ApiCall = {
    amazon,
    at: moment.at,
    operation: route.operation,
    method: request.method,
    path,
    params,
    query,
    body: body.value,
    sellerId: grant?.sellerId ?? '',
    region: grant?.region ?? 'eu',
    token,
  }
  return {
    ...call,
    limits: limitsOf(route, api, moment.speed),
    texts: () => [...Object.values(params), ...(route.texts?.(api) ?? [])],
    ...(route.before ? { before: () => route.before?.(api) } : {}),
    run: () => dress(amazon, call, route.handle(api)),
  }
}

function openRoutes(amazon: Amazon): readonly Route[] {
  return amazon.choices.ordersV0Reads ? routes : routes.filter((route) => route.isDeprecated !== true)
}

function understandToken(amazon: Amazon, request: SandboxRequest, at: number): Call {
  const run = () => withId(amazon, answerToken(amazon, request, at))
  const refused =
    request.method === 'POST' ? {} : { refused: withId(amazon, { status: 405, text: 'Method Not Allowed' }) }
  return { operation: 'token', caller: 'token host', isWrite: true, ...refused, run }
}

function understandDocument(amazon: Amazon, request: SandboxRequest, at: number): Call {
  const isWrite = request.method === 'PUT'
  const operation = isWrite ? 'uploadDocument' : 'downloadDocument'
  return { operation, caller: 'document store', isWrite, run: () => answerDocument(amazon, request, at) }
}

function limitsOf(route: Route, call: ApiCall, speed: number) {
  const cap = appCaps[route.operation]
  const ofApp = cap === undefined ? [] : [{ key: `app ${route.operation}`, limit: { perSecond: cap, burst: cap } }]
  return [...ofApp, ...(route.limits?.(call) ?? [])].map(({ key, limit }) => ({
    key,
    limit: { perSecond: limit.perSecond * speed, burst: limit.burst * speed },
  }))
}

type Asked = {
  route: Route
  request: SandboxRequest
  token: AccessToken | undefined
  path: string
  at: number
  body: { value: unknown } | { value: undefined; malformed: true }
}

function refusalOf(amazon: Amazon, { route, request, token, path, at, body }: Asked): Answer | undefined {
  const { headers, method } = request
  if ((headers['user-agent'] ?? '').length > 500) return invalidInput('Invalid Input', 'The user agent is too long.')
  if (method === 'GET' && (headers['content-length'] !== undefined || request.body !== '')) {
    return invalidInput('Invalid Input', 'A GET request must not have a body.')
  }
  if (!headers['x-amz-access-token']) return unauthorized('Access token is missing in the request header.')
  const refused = tokenRefusal(amazon, token, at)
  if (refused) return refused
  if (!isAllowed(token, { route, method, path })) return unauthorized('')
  if ('malformed' in body) return invalidInput('Could not parse the request body')
  return undefined
}

function tokenRefusal(amazon: Amazon, token: AccessToken | undefined, at: number): Answer | undefined {
  const grant = token?.refreshToken === undefined ? undefined : amazon.grants.get(token.refreshToken)
  const isRevoked = token !== undefined && token.refreshToken !== undefined && (!grant || grant.revokedAt !== undefined)
  if (!token || isRevoked) return unauthorized('The access token you provided is revoked, malformed or invalid.')
  return token.endsAt <= at ? unauthorized('The access token you provided has expired.') : undefined
}

/** Scopes are for operations without a seller, restricted data tokens for the very paths they were made for. */
function isAllowed(token: AccessToken | undefined, asked: { route: Route; method: string; path: string }): boolean {
  if (!token) return false
  if (asked.route.scope !== undefined) return token.scope === asked.route.scope
  if (token.scope !== undefined) return false
  if (!token.restricted) return true
  const isFor = token.restricted.some((one) => one.method === asked.method && isSamePath(one.path, asked.path))
  return isFor && asked.route.takesRestricted === true
}

function readJson(request: SandboxRequest): Asked['body'] {
  if (request.method === 'GET' || request.body.trim() === '') return { value: undefined }
  try {
    return { value: JSON.parse(request.body) as unknown }
  } catch {
    return { value: undefined, malformed: true }
  }
}

/** The headers Amazon puts on: the rate only where an answer came from behind the gate. */
function dress(amazon: Amazon, call: Pick<Call, 'operation'>, answer: Answer): Answer {
  const isRated = answer.status < 300 || answer.status === 400 || answer.status === 404
  if (!isRated || call.operation === 'token') return withId(amazon, answer)
  const rate = String(amazon.meter.limitOf(call.operation).perSecond)
  return withId(amazon, { ...answer, headers: { 'x-amzn-RateLimit-Limit': rate, ...answer.headers } })
}

function withId(amazon: Amazon, answer: Answer): Answer {
  const type = isObject(answer.body) && answer.status === 403 ? { 'x-amzn-ErrorType': 'AccessDeniedException' } : {}
  return { ...answer, headers: { ...type, 'x-amzn-RequestId': requestId(amazon), ...answer.headers } }
}

function brokenWords(status: number): Answer {
  if (status === 503) return refuse(503, 'ServiceUnavailable', 'Service Unavailable')
  return refuse(status, 'InternalFailure', 'We encountered an internal error. Please try again.')
}

/** Refusing as invalid is done by the operations, in words of their own. */
function wordAnswer(word: string): Answer | undefined {
  if (word === 'gone-me') return refuse(404, 'NOT_FOUND', 'The requested resource was not found.')
  return word === 'forbid-me' ? unauthorized('') : undefined
}
