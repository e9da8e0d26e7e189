// From a request to an outcome, with everything that may go wrong on the way. What a marketplace understands and how it
// words its answers is handed in; when mischief strikes is the same for all.
import { typedFaultIn } from './faults.ts'
import { logUniform, wholeNumber } from './random.ts'
import type { RequestLine } from './control.ts'
import type { FaultName, Faults, TypedFault } from './faults.ts'
import type { FurtherLimit, Meter } from './meter.ts'
import type { Outcome, SandboxRequest, SandboxResponse } from './sandbox.ts'

/** One of body (sent as JSON), text and bytes, or none of them. Headers go over those the front writes. */
export type Answer = {
  status: number
  headers?: Record<string, string>
  body?: unknown
  text?: string
  bytes?: Buffer
  /** For marketplaces that refuse with status 200. Such a call changed nothing. */
  isRefusal?: boolean
  /** Of 429: the wait in seconds that a header of the marketplace's own tells. */
  toldSeconds?: number | undefined
}

/** What was there before a write. A part that is missing means that mischief cannot strike this write. */
export type Before = {
  /** Undoes the write, for updates that are answered as done and change nothing. */
  restore?(): void
  /** Lets reads show what was there before, for a while. */
  showUntil?(until: Date, answer: Answer): void
}

/** What a request asks for. Marketplaces extend it with what they need to answer. */
export type Call = {
  /** The name in the meter and the log, and what a fault is armed for; 'unknown' if it is none. */
  operation: string
  /** Whose limit it is, such as a token or an application and seller. */
  caller: string
  isWrite: boolean
  /** Further limits this call draws from. */
  limits?: readonly FurtherLimit[]
  /** Not signed in, no such page, not readable: answered so, before typed words and before anything happens. */
  refused?: Answer | undefined
  /** Where typed words may stand: SKU, title, tracking number, of what is sent and of what is asked for. */
  texts?(): readonly (string | undefined)[]
  /** Asked before a write. */
  before?(): Before | undefined
  run(): Answer
}

export type RetryAfter = 'seconds' | 'date' | 'zero' | 'absent' | 'mixed'

export type Front<C extends Call> = {
  faults: Faults
  meter: Meter
  record(line: RequestLine): void
  understand(request: SandboxRequest, at: Date): C
  /** Its body and headers for 429. `retry-after` is added as `retryAfter` says; a header of the answer's own stays. */
  tooMany(call: C, seconds: number): Answer
  retryAfter(): RetryAfter
  /** For 500, 502, 503 and 504. */
  broken(status: number, call: C): Answer
  /** For `gone-me`, and on writes for `reject-me` and `forbid-me`; undefined: the word does nothing here. */
  word(word: TypedFault, call: C): Answer | undefined
  /** Of JSON. */
  contentType?: string
}

type Attempt<C extends Call> = { front: Front<C>; call: C; at: Date; struck: string[] }

export function answerThrough<C extends Call>(front: Front<C>, request: SandboxRequest, at: Date): Outcome {
  const call = front.understand(request, at)
  const attempt: Attempt<C> = { front, call, at, struck: [] }
  const isAdmitted = front.meter.admit({ ...metered(attempt) })
  const outcome = strikeBefore(attempt) ?? (isAdmitted ? respond(attempt) : tooMany(attempt, limitWait(attempt)))
  front.record({
    at: at.toISOString(),
    method: request.method,
    url: request.url,
    operation: call.operation,
    answer: outcome.kind === 'response' ? outcome.response.status : outcome.kind,
    faults: attempt.struck,
  })
  return outcome
}

function metered({ call: { caller, operation, limits }, at }: Attempt<Call>) {
  return { caller, operation, limits, at }
}

function strikeBefore<C extends Call>(attempt: Attempt<C>): Outcome | undefined {
  const { front, call } = attempt
  const { random } = front.faults
  if (strikes(attempt, 'reset')) return { kind: 'reset' }
  if (strikes(attempt, 'timeout-before')) return { kind: 'silence' }
  if (strikes(attempt, 'server-error')) {
    const status = [500, 502, 503, 504][Math.floor(random() * 4)] ?? 500
    return respondWith(write(attempt, front.broken(status, call)))
  }
  if (strikes(attempt, 'rate-limit')) return tooMany(attempt, wholeNumber(random, 1, 30))
  return undefined
}

function limitWait<C extends Call>(attempt: Attempt<C>): number {
  return Math.max(1, attempt.front.meter.secondsUntilAdmitted(metered(attempt)))
}

function tooMany<C extends Call>(attempt: Attempt<C>, seconds: number): Outcome {
  const { front, call, at } = attempt
  const styles = ['seconds', 'date', 'zero', 'absent'] as const
  const chosen = front.retryAfter()
  const style = chosen === 'mixed' ? (styles[Math.floor(front.faults.random() * styles.length)] ?? 'absent') : chosen
  // A date has whole seconds, so the wait counts from the same second.
  const until = new Date(Math.ceil(at.getTime() / 1000) * 1000 + seconds * 1000)
  const header = { seconds: String(seconds), date: until.toUTCString(), zero: '0', absent: undefined }[style]
  const answer = front.tooMany(call, seconds)
  const retryAfterSeconds = style === 'seconds' || style === 'date' ? seconds : answer.toldSeconds
  front.meter.refuse({ ...metered(attempt), retryAfterSeconds })
  const response = write(attempt, answer)
  const headers = header === undefined ? response.headers : { 'retry-after': header, ...response.headers }
  return respondWith({ ...response, headers })
}

function respond<C extends Call>(attempt: Attempt<C>): Outcome {
  const { call } = attempt
  if (call.refused) return respondWith(write(attempt, call.refused))
  const word = typedFaultIn(...(call.texts?.() ?? []))
  if (word) attempt.struck.push(word)
  if (word === 'limit-me') return tooMany(attempt, 5)
  return strikeAround(attempt, word)
}

/** Runs the call, with everything that may go wrong while and after it takes effect. */
function strikeAround<C extends Call>(attempt: Attempt<C>, word: TypedFault | undefined): Outcome {
  const { front, call } = attempt
  const { random } = front.faults
  const isHtml = strikes(attempt, 'html-body')
  if (isHtml && call.isWrite && random() < 0.5) return respondWith(htmlPage(502))
  const before = call.isWrite ? call.before?.() : undefined
  const answer = answerWord(attempt, word) ?? call.run()
  if (before && isDone(answer)) spoil(attempt, word, before, answer)
  if (call.isWrite && word === 'silent-me') return { kind: 'silence' }
  if (strikes(attempt, 'timeout-after')) return { kind: 'silence' }
  if (strikes(attempt, 'reset-after')) return { kind: 'reset' }
  if (isHtml) return respondWith(htmlPage(200))
  const outcome = respondWith(damage(attempt, write(attempt, answer)))
  if (word === 'slow-me') return { ...outcome, delaySeconds: 8 }
  return strikes(attempt, 'slow') ? { ...outcome, delaySeconds: wholeNumber(random, 2, 20) } : outcome
}

function answerWord<C extends Call>({ front, call }: Attempt<C>, word: TypedFault | undefined): Answer | undefined {
  if (word === 'broken-me') return front.broken(500, call)
  const isAsked = word === 'gone-me' || (call.isWrite && (word === 'reject-me' || word === 'forbid-me'))
  return word !== undefined && isAsked ? front.word(word, call) : undefined
}

/** Undoes a write behind the caller's back, or makes it invisible for a while. */
function spoil(attempt: Attempt<Call>, word: TypedFault | undefined, before: Before, answer: Answer): void {
  const { front, at } = attempt
  if (before.restore && (word === 'ignore-me' || strikes(attempt, 'accepted-not-applied'))) return before.restore()
  if (!before.showUntil || !(word === 'stale-me' || strikes(attempt, 'eventual-read'))) return
  const seconds = word === 'stale-me' ? 300 : logUniform(front.faults.random, 1, 900)
  before.showUntil(new Date(at.getTime() + Math.round(seconds * 1000)), answer)
}

function damage(attempt: Attempt<Call>, response: SandboxResponse): SandboxResponse {
  const { headers, body } = response
  if (strikes(attempt, 'truncated-json')) return { ...response, body: body.slice(0, Math.floor(body.length * 0.6)) }
  if (strikes(attempt, 'empty-body')) return { ...response, body: '' }
  if (strikes(attempt, 'byte-order-mark')) {
    const mark = '\uFEFF'
    return { ...response, body: typeof body === 'string' ? mark + body : Buffer.concat([Buffer.from(mark), body]) }
  }
  if (strikes(attempt, 'wrong-content-type')) {
    return { ...response, headers: { ...headers, 'content-type': 'text/plain' } }
  }
  return response
}

function isDone(answer: Answer): boolean {
  return answer.status < 300 && answer.isRefusal !== true
}

function strikes({ front, call, struck }: Attempt<Call>, name: FaultName): boolean {
  const isStruck = front.faults.strikes(name, call.operation)
  if (isStruck) struck.push(name)
  return isStruck
}

function write({ front }: Pick<Attempt<Call>, 'front'>, answer: Answer): SandboxResponse {
  return responseTo(answer, front.contentType)
}

/** For answers that do not go through the front, too. */
export function responseTo(answer: Answer, contentType = 'application/json; charset=utf-8'): SandboxResponse {
  const { status, headers = {}, body, text, bytes } = answer
  if (bytes) return { status, headers: { 'content-type': 'application/octet-stream', ...headers }, body: bytes }
  if (text !== undefined)
    return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body: text }
  if (body === undefined) return { status, headers, body: '' }
  return { status, headers: { 'content-type': contentType, ...headers }, body: JSON.stringify(body) }
}

function htmlPage(status: number): SandboxResponse {
  const body =
    '<!doctype html><html><head><title>Hold on</title></head><body><h1>We will be right back</h1></body></html>'
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body }
}

function respondWith(response: SandboxResponse): Outcome & { kind: 'response' } {
  return { kind: 'response', response }
}
