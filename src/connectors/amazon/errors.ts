// Amazon's refusals → our five. Its API and its token service speak differently.
import { RefusedError } from '../connector.ts'
import type { HttpRequest, HttpResponse, Refusal, Reply } from '../connector.ts'
import { asArray, asObject, asText } from '../reading.ts'
import { tokenHost } from './marketplaces.ts'
import { secondsPerRequest } from './plans.ts'

const waitSecondsOutage = 60
const waitSecondsRateLimited = 30
const waitSecondsMax = 3600
/** Our own application is at fault: the operator has to act, and asking often helps nobody. */
const waitSecondsOperator = 900
const textCharactersMax = 1000

export function explain(response: HttpResponse, request: HttpRequest): Refusal {
  const refusal = request.host === tokenHost ? explainToken(response, request) : explainApi(response, request)
  return withRequestId(refusal, response)
}

function explainApi(response: HttpResponse, request: HttpRequest): Refusal {
  const { status } = response
  const said = messageIn(response)
  if (status === 429) {
    return { kind: 'wait', seconds: secondsToWait(response, request), reason: 'Amazon asks us to slow down' }
  }
  if (status === 401 || status === 403) return explainDenied(said, request)
  if (status === 404) return { kind: 'gone', reason: `Amazon does not have it${quoted(said)}` }
  if (status >= 400 && status < 500 && status !== 408 && status !== 425) {
    return { kind: 'rejected', reason: said ?? `Amazon refused this (status ${status}) without saying why` }
  }
  return faultOf(status, request)
}

/**
 * An access token that ran out is a 403 in these words; a new one puts it right, so it is 'signed-out' and renewed.
 * A 403 without a word about the token means that the application lacks a role, or the seller his right.
 */
function explainDenied(said: string | null, request: HttpRequest): Refusal {
  const text = said ?? ''
  if (/access token.*expired/i.test(text)) {
    return { kind: 'signed-out', reason: 'The access token has run out' }
  }
  if (/access token.*(missing|revoked|malformed|invalid)/i.test(text)) {
    return { kind: 'signed-out', reason: `Amazon does not accept the access token${quoted(said)}` }
  }
  if (/MissingAuthenticationToken/i.test(text)) {
    return { kind: 'rejected', reason: `Amazon knows no such request as ${request.method} ${request.url}` }
  }
  return {
    kind: 'rejected',
    reason: `Amazon refused access. The application needs the role “${roleOf(request)}”, the seller must have authorised it since it got that role, and must be allowed on this site${quoted(said)}`,
  }
}

function explainToken(response: HttpResponse, request: HttpRequest): Refusal {
  const body = asObject(response.json)
  const error = asText(body?.['error'])
  const said = quoted(asText(body?.['error_description']) ?? error)
  const isRefresh = request.form?.['grant_type'] === 'refresh_token'
  if (response.status === 429 || response.status >= 500) return faultOf(response.status, request)
  if (error === 'invalid_grant' && isRefresh) {
    return { kind: 'signed-out', reason: `The seller withdrew the authorisation, or it ran out: connect again${said}` }
  }
  if (error === 'invalid_grant') {
    return { kind: 'rejected', reason: `The consent was used already or took longer than 5 minutes: try again${said}` }
  }
  const isOurs = error === 'invalid_client' || error === 'unauthorized_client'
  const reason = isOurs
    ? `Amazon does not accept the client ID and secret of our own application${said}`
    : `Amazon’s sign-in service refused (status ${response.status})${said}`
  // Nothing here says that the seller's own authorisation is at fault, so it is kept and tried again.
  if (isRefresh) return { kind: 'wait', seconds: waitSecondsOperator, reason }
  return { kind: 'rejected', reason }
}

// A fault may strike after the change was made, so a write is looked at again before it is repeated.
function faultOf(status: number, request: HttpRequest): Refusal {
  const reason = `Amazon had a fault (status ${status})`
  if (status === 429) return { kind: 'wait', seconds: waitSecondsRateLimited, reason: 'Amazon asks us to slow down' }
  if (!(request.safe ?? request.method === 'GET')) return { kind: 'unclear', reason }
  return { kind: 'wait', seconds: waitSecondsOutage, reason }
}

/** What Amazon says, every error with its details; null where it says nothing a person can read. */
export function messageIn(response: HttpResponse): string | null {
  const errors = asArray(asObject(response.json)?.['errors']) ?? []
  const texts = errors.flatMap((entry) => {
    const error = asObject(entry)
    const [code, message, details] = [error?.['code'], error?.['message'], error?.['details']].map(asText)
    const text = [message ?? code, details].filter((part) => part !== null && part !== undefined).join(' ')
    return text === '' ? [] : [text]
  })
  const type = asText(response.headers['x-amzn-errortype'])
  if (texts.length === 0) return type
  // An unknown route is told apart by its type alone.
  const unknownRoute = type !== null && /MissingAuthenticationToken/i.test(type) ? ` ${type}` : ''
  return (texts.join('; ') + unknownRoute).slice(0, textCharactersMax)
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

/** Several writes at once. Once Amazon asks to wait or the token is refused, the rest is not even tried. */
export async function repliesOf<Report>(
  reports: Report[],
  atOnceMax: number,
  write: (report: Report) => Promise<Reply>,
): Promise<Reply[]> {
  const replies: Reply[] = []
  const waiting = reports.entries()
  let stopped: Reply | undefined
  async function work(): Promise<void> {
    for (const [index, report] of waiting) {
      const reply = stopped ?? (await replyOf(() => write(report)))
      if (reply.kind === 'wait' || reply.kind === 'signed-out') stopped ??= reply
      replies[index] = reply
    }
  }
  await Promise.all(Array.from({ length: atOnceMax }, work))
  return replies
}

// No Retry-After is documented. Without one the next turn comes when the plan has filled one up.
function secondsToWait(response: HttpResponse, request: HttpRequest): number {
  const stated = response.headers['retry-after']?.trim() ?? ''
  const seconds = /^\d+$/.test(stated) ? Number(stated) : (secondsPerRequest(request) ?? waitSecondsRateLimited)
  return Math.min(waitSecondsMax, Math.max(1, Math.ceil(seconds)))
}

/** The role that an operation needs, by Amazon's own names. */
function roleOf(request: HttpRequest): string {
  if (request.url.startsWith('/orders/2026')) {
    return 'Inventory and Order Tracking” and, for addresses, “Direct-to-Consumer Shipping (Restricted)'
  }
  if (request.url.startsWith('/orders/')) return 'Inventory and Order Tracking'
  if (request.url.startsWith('/sellers/')) return 'Selling Partner Insights'
  return 'Product Listing'
}

// Amazon's support asks for it.
function withRequestId(refusal: Refusal, response: HttpResponse): Refusal {
  const id = asText(response.headers['x-amzn-requestid'])
  if (id === null || refusal.reason === undefined) return refusal
  return { ...refusal, reason: `${refusal.reason} (Amazon’s request id: ${id})` }
}

function quoted(text: string | null): string {
  return text === null ? '' : `: “${text}”`
}
