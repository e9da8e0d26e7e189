// From a request to an outcome: mischief before, who is calling, what is asked, mischief after.
import { typedFaultIn } from '../kit/faults.ts'
import { logUniform, wholeNumber } from '../kit/random.ts'
import { decodePart, displayCurrencyOf, invalid, notFound, readBody, refuse } from './call.ts'
import { findListing } from './listings.ts'
import { listingRoutes } from './listing-routes.ts'
import { orderRoutes } from './order-routes.ts'
import { shopRoutes } from './shop-routes.ts'
import { recordRequest } from './state.ts'
import type { FaultName, TypedFault } from '../kit/faults.ts'
import type { MeteredCall } from '../kit/meter.ts'
import type { Outcome, SandboxRequest, SandboxResponse } from '../kit/sandbox.ts'
import type { Answer, Call, Route } from './call.ts'
import type { Listing, Reverb } from './state.ts'

export const routes: readonly Route[] = [...listingRoutes, ...orderRoutes, ...shopRoutes]

/** What is known of a request while it is worked on. */
type Attempt = MeteredCall & {
  reverb: Reverb
  request: SandboxRequest
  path: string
  query: string
  match: { route: Route; params: Record<string, string> } | undefined
  faults: string[]
}

export function answerRequest(reverb: Reverb, request: SandboxRequest, at: Date): Outcome {
  const attempt = openAttempt(reverb, request, at)
  const isAdmitted = reverb.meter.admit(attempt)
  const outcome = strikeBefore(attempt) ?? (isAdmitted ? respond(attempt) : tooMany(attempt, limitWait(attempt)))
  recordRequest(reverb, {
    at,
    method: request.method,
    url: request.url,
    operation: attempt.operation,
    answer: outcome.kind === 'response' ? outcome.response.status : outcome.kind,
    faults: attempt.faults,
  })
  return outcome
}

function openAttempt(reverb: Reverb, request: SandboxRequest, at: Date): Attempt {
  const [path = '', query = ''] = request.url.replace(/^https?:\/\/[^/]+/, '').split(/\?(.*)/s)
  const match = path.startsWith('/api/') ? findRoute(request.method, path.slice('/api'.length)) : undefined
  const caller = tokenOf(request) ?? 'anonymous'
  const operation = match?.route.operation ?? 'unknown'
  return { reverb, request, at, path, query, caller, operation, match, faults: [] }
}

export function findRoute(method: string, path: string): Attempt['match'] {
  const parts = path.split('/')
  for (const route of routes) {
    const params = route.method === method ? matchPath(route.path.split('/'), parts) : undefined
    if (params) return { route, params }
  }
  return undefined
}

function matchPath(pattern: string[], parts: string[]): Record<string, string> | undefined {
  if (pattern.length !== parts.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, expected] of pattern.entries()) {
    const part = parts[index] as string
    if (!expected.startsWith('{')) {
      if (expected !== part) return undefined
    } else if (part === '') return undefined
    else params[expected.slice(1, -1)] = decodePart(part)
  }
  return params
}

function strikeBefore(attempt: Attempt): Outcome | undefined {
  const { faults } = attempt.reverb
  if (strikes(attempt, 'reset')) return { kind: 'reset' }
  if (strikes(attempt, 'timeout-before')) return { kind: 'silence' }
  if (strikes(attempt, 'server-error')) {
    const status = [500, 502, 503, 504][Math.floor(faults.random() * 4)] ?? 500
    return respondWith(json(refuse(status, 'Something went wrong on our side')))
  }
  if (strikes(attempt, 'rate-limit')) return tooMany(attempt, wholeNumber(faults.random, 1, 30))
  return undefined
}

function limitWait(attempt: Attempt): number {
  return Math.max(1, attempt.reverb.meter.secondsUntilAdmitted(attempt))
}

/** No header is documented for 429, so clients must live without one. */
function tooMany(attempt: Attempt, seconds: number): Outcome {
  const { reverb, at } = attempt
  const styles = ['seconds', 'date', 'zero', 'absent'] as const
  const chosen = reverb.choices.retryAfter
  const style = chosen === 'mixed' ? (styles[Math.floor(reverb.faults.random() * styles.length)] ?? 'absent') : chosen
  // A date has whole seconds, so the wait counts from the same second.
  const until = new Date(Math.ceil(at.getTime() / 1000) * 1000 + seconds * 1000)
  const header = { seconds: String(seconds), date: until.toUTCString(), zero: '0', absent: undefined }[style]
  const retryAfterSeconds = style === 'seconds' || style === 'date' ? seconds : undefined
  reverb.meter.refuse({ caller: attempt.caller, operation: attempt.operation, at, retryAfterSeconds })
  const response = json(refuse(429, 'Too many requests, please slow down'))
  if (header !== undefined) response.headers['retry-after'] = header
  return respondWith(response)
}

function respond(attempt: Attempt): Outcome {
  const refused = authorize(attempt)
  if (refused) return respondWith(json(refused))
  if (!attempt.match) return respondWith(json(notFound('page')))
  const body = readBody(attempt.request)
  if ('malformed' in body) return respondWith(json(refuse(400, 'The body could not be read as JSON')))
  const { route, params } = attempt.match
  const { reverb, request, at, operation, path } = attempt
  const displayCurrency = displayCurrencyOf(request)
  const query = new URLSearchParams(attempt.query)
  const call: Call = { reverb, at, operation, path, params, query, body, displayCurrency, origin: reverb.origin }
  const word = typedWord(call)
  if (word) attempt.faults.push(word)
  return strikeAround(attempt, call, word, () => answerWord(attempt, call, word) ?? route.handle(call))
}

function authorize({ reverb, request, match }: Attempt): Answer | undefined {
  const sent = tokenOf(request)
  if (sent === undefined && match?.route.scope === 'none') return undefined
  const token = sent === undefined ? undefined : reverb.tokens.get(sent)
  if (!token || token.revokedAt) return refuse(401, 'The access token is invalid')
  const scope = match?.route.scope
  if (scope === undefined || scope === 'none' || scope === 'any' || token.scopes.has(scope)) return undefined
  return refuse(403, `The access token lacks the scope ${scope}`)
}

function tokenOf(request: SandboxRequest): string | undefined {
  const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers['authorization'] ?? '')?.[1]
  return bearer ?? request.headers['x-auth-token']
}

/** The typed fault that stands in the listing asked for, in a listing sent, or in a tracking number. */
function typedWord(call: Call): TypedFault | undefined {
  const listing = listingOf(call)
  const sent = [call.body['sku'], call.body['title'], call.body['tracking_number']]
  const texts = sent.filter((text) => typeof text === 'string')
  return typedFaultIn(listing?.sku, listing?.title, ...texts)
}

function answerWord(attempt: Attempt, call: Call, word: TypedFault | undefined): Answer | undefined {
  const isWrite = attempt.request.method !== 'GET'
  if (word === 'gone-me' && listingOf(call)) return notFound('listing')
  if (word === 'broken-me') return refuse(500, 'Something went wrong on our side')
  if (word === 'forbid-me' && isWrite) return refuse(403, 'Your shop must be verified before you can publish listings')
  if (word === 'reject-me' && isWrite) {
    return invalid(call.reverb, 'The listing could not be saved', { title: ['is not allowed on Reverb'] })
  }
  return undefined
}

/** Runs the call, with everything that may go wrong while and after it takes effect. */
function strikeAround(attempt: Attempt, call: Call, word: TypedFault | undefined, run: () => Answer): Outcome {
  const { reverb, request, at } = attempt
  if (word === 'limit-me') return tooMany(attempt, 5)
  const isWrite = request.method !== 'GET'
  const isHtml = strikes(attempt, 'html-body')
  if (isHtml && isWrite && reverb.faults.random() < 0.5) return respondWith(html(502))
  const listing = isWrite ? listingOf(call) : undefined
  const before = listing && structuredClone(listing)
  const answer = run()
  const isDone = answer.status < 300
  if (isDone && isWrite) applyLater(attempt, word, before, answer, at)
  if (isWrite && word === 'silent-me') return { kind: 'silence' }
  if (strikes(attempt, 'timeout-after')) return { kind: 'silence' }
  if (strikes(attempt, 'reset-after')) return { kind: 'reset' }
  if (isHtml) return respondWith(html(200))
  const outcome = respondWith(damage(attempt, json(answer)))
  if (word === 'slow-me') return { ...outcome, delaySeconds: 8 }
  return strikes(attempt, 'slow') ? { ...outcome, delaySeconds: wholeNumber(reverb.faults.random, 2, 20) } : outcome
}

/** Makes a write invisible for a while, or undoes it behind the caller's back. */
function applyLater(
  attempt: Attempt,
  word: TypedFault | undefined,
  before: Listing | undefined,
  answer: Answer,
  at: Date,
): void {
  const { reverb } = attempt
  const { random } = reverb.faults
  const later = (seconds: number) => new Date(at.getTime() + Math.round(seconds * 1000))
  if (before && (word === 'ignore-me' || strikes(attempt, 'accepted-not-applied'))) {
    reverb.listings.set(before.id, before)
    return
  }
  if (attempt.operation !== 'listings.create' && !before) return
  const isStale = word === 'stale-me' || strikes(attempt, 'eventual-read')
  if (!isStale) return
  const until = later(word === 'stale-me' ? 300 : logUniform(random, 1, 900))
  if (before) reverb.stale.set(before.id, { until, listing: before })
  else {
    const created = reverb.listings.get(Number((answer.body['listing'] as { id?: unknown } | undefined)?.id))
    if (created) created.hiddenFromListsUntil = until
  }
}

function damage(attempt: Attempt, response: SandboxResponse): SandboxResponse {
  if (strikes(attempt, 'truncated-json')) {
    return { ...response, body: response.body.toString().slice(0, Math.floor(response.body.length * 0.6)) }
  }
  if (strikes(attempt, 'empty-body')) return { ...response, body: '' }
  if (strikes(attempt, 'byte-order-mark')) return { ...response, body: `\uFEFF${response.body.toString()}` }
  if (strikes(attempt, 'wrong-content-type')) return { ...response, headers: { 'content-type': 'text/plain' } }
  return response
}

function strikes(attempt: Attempt, name: FaultName): boolean {
  const struck = attempt.reverb.faults.strikes(name, attempt.operation)
  if (struck) attempt.faults.push(name)
  return struck
}

function listingOf(call: Call): Listing | undefined {
  const name = call.params['slug'] ?? call.params['listing_id']
  return name === undefined ? undefined : findListing(call.reverb, name)
}

function json(answer: Answer): SandboxResponse {
  return {
    status: answer.status,
    headers: { 'content-type': 'application/hal+json; charset=utf-8' },
    body: JSON.stringify(answer.body),
  }
}

function html(status: number): SandboxResponse {
  const body =
    '<!doctype html><html><head><title>Hold on</title></head><body><h1>We will be right back</h1></body></html>'
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body }
}

function respondWith(response: SandboxResponse): Outcome & { kind: 'response' } {
  return { kind: 'response', response }
}
