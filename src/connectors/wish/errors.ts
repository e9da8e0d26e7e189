// Wish's refusals → our five. A code means different things at different addresses and 90001 stands for nearly
// everything, so the code counts where it is about signing in and the message counts where it is about a thing (W13).
import { RefusedError } from '../connector.ts'
import type { HttpRequest, HttpResponse, Refusal, Reply } from '../connector.ts'
import { asObject, asText } from '../reading.ts'

const waitSecondsMin = 1
const waitSecondsMax = 3600
/** No limit is published; those who push a lot were seen to pause a second between writes (W15). */
const waitSecondsRateLimited = 10
const waitSecondsOutage = 60
const textCharactersMax = 1000

/** Where the next tokens are had. */
export const refreshPath = '/api/v3/oauth/refresh_token'

/** No token found, ended, revoked, none in the header. */
const signedOutCodes = new Set([1006, 1007, 1008, 1012])
const accountDisabled = 1002

/** Wish's own code, which comes as a number or as text. Undefined where the answer has none. */
export function codeIn(response: HttpResponse): number | undefined {
  const text = asText(asObject(response.json)?.['code'])
  return text !== null && /^-?\d+$/.test(text) ? Number(text) : undefined
}

export function explain(response: HttpResponse, request: HttpRequest): Refusal {
  const { status } = response
  const code = codeIn(response)
  const message = messageIn(response)
  if (status === 429) {
    return { kind: 'wait', seconds: secondsToWait(response), reason: 'Wish asks us to slow down' }
  }
  if (status >= 500 || status === 408 || status === 425) return outage(response, request)
  // A refused renewal ends the account here, so only Wish itself may say it, not a page of something in between.
  if (request.url === refreshPath && code === undefined) return outage(response, request)
  if (status === 403 || /\bscopes?\b|\bpermission/i.test(message ?? '')) {
    return { kind: 'rejected', reason: missingScope(request, message) }
  }
  if (status === 401 || (code !== undefined && signedOutCodes.has(code))) {
    return { kind: 'signed-out', reason: `Wish does not accept the sign-in${quoted(message)}` }
  }
  if (code === accountDisabled) return { kind: 'rejected', reason: `Wish has disabled this account${quoted(message)}` }
  if (isGone(status, message, request)) return { kind: 'gone', reason: `Wish no longer has it${quoted(message)}` }
  return { kind: 'rejected', reason: message ?? `Wish refused this (status ${status}) without saying why` }
}

/** Runs a write and gives its refusal back as a reply, so that one bad entry of a batch leaves the others alone. */
export async function replyOf(write: () => Promise<Reply>): Promise<Reply> {
  try {
    return await write()
  } catch (error) {
    if (error instanceof RefusedError) return error.refusal
    throw error
  }
}

function messageIn(response: HttpResponse): string | null {
  return asText(asObject(response.json)?.['message'])?.slice(0, textCharactersMax) ?? null
}

// A fault may strike after the change was made, so a write is looked at again before it is repeated.
function outage(response: HttpResponse, request: HttpRequest): Refusal {
  const reason = `Wish had a fault (status ${response.status})`
  if (!(request.safe ?? request.method === 'GET')) return { kind: 'unclear', reason }
  const text = response.headers['retry-after']?.trim() ?? ''
  return { kind: 'wait', seconds: /^\d+$/.test(text) ? clampWait(Number(text)) : waitSecondsOutage, reason }
}

// "Not found" has no code of its own. A request that names one thing and is told there is none means the thing is gone;
// where only the id is asked with, an id that is "invalid" is one that never was.
function isGone(status: number, message: string | null, request: HttpRequest): boolean {
  if (!namesOneThing(request)) return false
  if (status === 404 || status === 410) return true
  const text = message ?? ''
  // "No such SKU" of an order or a carrier is about what we sent, not about the thing in the address.
  if (
    /\b(there is|there was) no such\b|\bno .*\b(was|were) found\b|\bnot found\b|\b(does not|doesn['’]t) exist/i.test(
      text,
    )
  ) {
    return !/sku|carrier|provider|warehouse|categor|country/i.test(text)
  }
  if (/\bproducts\b/.test(request.url) && /\bremoved\b/i.test(text)) return true
  return request.method === 'GET' && /\binvalid\b|\bnot (a )?valid\b/i.test(text)
}

const words =
  /\/(bulk_get|bulk_update|requests|products|orders|warehouses|topics|subscriptions|shipping_carriers|variations)$/

function namesOneThing(request: HttpRequest): boolean {
  const path = request.url.split('?')[0] ?? ''
  return /\/api\/v3\/(orders|products)\/./.test(path) && !words.test(path)
}

// "The time the limiter resets": seconds, seconds since 1970 or a date, which is not said. A point in time is measured
// against the answer's own clock; one that makes no sense against it is not believed.
function secondsToWait(response: HttpResponse): number {
  const text = (response.headers['wish-rate-limit-reset'] ?? response.headers['retry-after'])?.trim() ?? ''
  const figure = /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined
  if (figure !== undefined && figure <= waitSecondsMax * 24) return clampWait(figure)
  const milliseconds = figure !== undefined && figure > 100_000_000_000
  const until = figure === undefined ? new Date(text).getTime() : figure * (milliseconds ? 1 : 1000)
  const seconds = (until - new Date(response.headers['date'] ?? '').getTime()) / 1000
  return seconds >= 0 && seconds <= waitSecondsMax ? clampWait(seconds) : waitSecondsRateLimited
}

function clampWait(seconds: number): number {
  return Math.min(waitSecondsMax, Math.max(waitSecondsMin, Math.ceil(seconds)))
}

function missingScope(request: HttpRequest, message: string | null): string {
  return `Wish refused access${quoted(message)}. The sign-in lacks the right “${scopeOf(request)}”: connect again and allow it`
}

/** The right an operation needs, from the published spec. */
function scopeOf(request: HttpRequest): string {
  const verb = request.method === 'GET' ? 'read' : 'write'
  if (request.url.includes('/orders')) return `orders:${verb}`
  if (request.url.includes('/products')) return request.url.includes('/bulk_get') ? 'products:read' : `products:${verb}`
  if (request.url.includes('/webhook')) return `webhook:${verb}`
  return 'merchant:read'
}

function quoted(message: string | null): string {
  return message === null ? '' : ` (it says: ${message})`
}
