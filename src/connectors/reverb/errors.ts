// Reverb's refusals → our five. Reverb asks clients to branch on the class (4xx), never on the number: the same refusal
// has been seen as 412, 422 and 403 (R14).
import { RefusedError } from '../connector.ts'
import type { HttpRequest, HttpResponse, Refusal, Reply } from '../connector.ts'
import { asArray, asObject, asText } from '../reading.ts'
import type { JsonObject } from '../reading.ts'

const waitSecondsMin = 1
const waitSecondsMax = 3600
/** No rate limit and no header is documented (R15), so this is ours: clients were seen to need about 5 s per 5 pages. */
const waitSecondsRateLimited = 30
const waitSecondsOutage = 60
const textCharactersMax = 1000

export function explain(response: HttpResponse, request: HttpRequest): Refusal {
  const { status } = response
  const message = messageIn(response)
  if (status === 429) {
    return {
      kind: 'wait',
      seconds: secondsToWait(response, waitSecondsRateLimited),
      reason: 'Reverb asks us to slow down',
    }
  }
  if (isAboutScope(response, message)) return { kind: 'rejected', reason: missingScope(request, message) }
  if (status === 401) return { kind: 'signed-out', reason: `Reverb does not accept the access token${quoted(message)}` }
  if (status === 403) return { kind: 'rejected', reason: refusedAccess(request, message) }
  if ((status === 404 || status === 410) && namesOneThing(request)) {
    return { kind: 'gone', reason: `Reverb no longer has it${quoted(message)}` }
  }
  if (status >= 400 && status < 500 && status !== 408 && status !== 425) {
    return { kind: 'rejected', reason: message ?? `Reverb refused this (status ${status}) without saying why` }
  }
  const reason = `Reverb had a fault (status ${status})`
  // A fault may strike after the change was made, so a write is looked at again before it is repeated.
  if (!(request.safe ?? request.method === 'GET')) return { kind: 'unclear', reason }
  return { kind: 'wait', seconds: secondsToWait(response, waitSecondsOutage), reason }
}

/** What Reverb says, with the first entry of every field's errors; null where it says nothing a person can read. */
export function messageIn(response: HttpResponse): string | null {
  const body = asObject(response.json)
  if (!body) return null
  const message = asText(body['message'])
  const errors = errorsIn(body).join('; ')
  if (errors === '') return message
  return (message === null ? errors : `${message.replace(/[.:]$/, '')}: ${errors}`).slice(0, textCharactersMax)
}

/** Errors come as {"field": ["text", …]}, as a list of texts, or as one text. */
export function errorsIn(body: JsonObject): string[] {
  const errors = body['errors'] ?? body['error']
  const list = asArray(errors)
  if (list)
    return list.flatMap((entry) => asText(entry) ?? asText(asObject(entry)?.['message']) ?? 'an error without text')
  const byField = asObject(errors)
  if (!byField) {
    const text = asText(errors)
    return text === null ? [] : [text]
  }
  return Object.entries(byField).flatMap(([field, texts]) => {
    const text = asText(asArray(texts)?.[0] ?? texts)
    return text === null ? [] : [`${field}: ${text}`]
  })
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

/** One write after the other. Once Reverb asks to wait or the token is refused, the rest is not even tried. */
export async function repliesOf<Report>(
  reports: Report[],
  write: (report: Report) => Promise<Reply>,
): Promise<Reply[]> {
  const replies: Reply[] = []
  let stopped: Reply | undefined
  for (const report of reports) {
    const reply = stopped ?? (await replyOf(() => write(report)))
    if (reply.kind === 'wait' || reply.kind === 'signed-out') stopped = reply
    replies.push(reply)
  }
  return replies
}

// Retry-After comes in seconds or as a date; a date is measured against the answer's own clock.
function secondsToWait(response: HttpResponse, otherwise: number): number {
  const text = response.headers['retry-after']?.trim() ?? ''
  if (/^\d+(\.\d+)?$/.test(text)) return clampWait(Number(text))
  const until = new Date(text).getTime()
  const answeredAt = new Date(response.headers['date'] ?? '').getTime()
  return Number.isNaN(until - answeredAt) ? otherwise : clampWait((until - answeredAt) / 1000)
}

function clampWait(seconds: number): number {
  return Math.min(waitSecondsMax, Math.max(waitSecondsMin, Math.ceil(seconds)))
}

// Which number a missing scope has is not documented: known by what is said.
function isAboutScope(response: HttpResponse, message: string | null): boolean {
  if (response.status !== 401 && response.status !== 403) return false
  return /scope/i.test(`${message ?? ''} ${response.headers['www-authenticate'] ?? ''}`)
}

function missingScope(request: HttpRequest, message: string | null): string {
  const scope = scopeOf(request)
  return `The access token lacks the scope “${scope}”. Make a token with it under “API & Integrations” at Reverb${quoted(message)}`
}

// A 403 without a word about scopes has also meant a seller who is not verified yet, so both are named.
function refusedAccess(request: HttpRequest, message: string | null): string {
  return `Reverb refused access${quoted(message)}. Either the access token lacks the scope “${scopeOf(request)}”, or the shop may not do this yet`
}

/** The scope an operation needs, from the published spec. */
function scopeOf(request: HttpRequest): string {
  const verb = request.method === 'GET' ? 'read' : 'write'
  if (request.url.includes('/my/orders')) return `${verb}_orders`
  if (request.url.includes('/listings')) return `${verb}_listings`
  return `${verb}_profile`
}

// A list that is "not found" is a wrong address, not a thing that is gone.
function namesOneThing(request: HttpRequest): boolean {
  const path = request.url.split('?')[0] ?? ''
  return !/\/(all|awaiting_shipment|unpaid|account|shop|listings|drafts)$/.test(path)
}

function quoted(message: string | null): string {
  return message === null ? '' : ` (it says: ${message})`
}
