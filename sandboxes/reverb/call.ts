// One API call: how it is read, and how it may be answered.
import { isCurrency } from './money.ts'
import type { SandboxRequest } from '../kit/sandbox.ts'
import type { Body, FieldErrors } from './listing-input.ts'
import type { View } from './listing-json.ts'
import type { Scope } from './reference.ts'
import type { Reverb } from './state.ts'

export type Call = View & {
  reverb: Reverb
  at: Date
  operation: string
  /** The path without origin and query, for links to the next page. */
  path: string
  params: Record<string, string>
  query: URLSearchParams
  body: Body
}

export type Answer = { status: number; body: Record<string, unknown> }

export type Route = {
  /** The name in the meter and the log, and what a fault is armed for. */
  operation: string
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** As the published swagger writes it. */
  path: string
  /** `none` is open to all; `any` needs a token, of whatever scope. */
  scope: Scope | 'none' | 'any'
  handle(call: Call): Answer
}

export function done(body: Record<string, unknown>, status = 200): Answer {
  return { status, body }
}

export function refuse(status: number, message: string, errors?: FieldErrors): Answer {
  return { status, body: { message, ...(errors ? { errors } : {}) } }
}

/** 412 by the documentation, 422 as clients have met it. */
export function invalid(reverb: Reverb, message: string, errors: FieldErrors): Answer {
  return refuse(reverb.choices.validationStatus, message, errors)
}

export function notFound(what: string): Answer {
  return refuse(404, `The ${what} could not be found`)
}

/** Without a JSON content type a body is read as a form, so JSON sent that way is silently one odd field. */
export function readBody(request: SandboxRequest): Body | { malformed: true } {
  if (request.body === '') return {}
  const type = request.headers['content-type'] ?? ''
  if (!/^application\/(hal\+)?json\b/i.test(type)) return readForm(request.body)
  try {
    const body: unknown = JSON.parse(request.body)
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Body) : { malformed: true }
  } catch {
    return { malformed: true }
  }
}

/** `price[amount]=1` becomes `{price: {amount: "1"}}`. */
function readForm(text: string): Body {
  const body: Body = {}
  for (const [key, value] of new URLSearchParams(text)) {
    const [, outer, inner] = /^([^[\]]+)\[([^[\]]+)\]$/.exec(key) ?? []
    if (outer === undefined || inner === undefined) setOwn(body, key, value)
    else setOwn(body, outer, { ...(Object.hasOwn(body, outer) ? (body[outer] as Body) : {}), [inner]: value })
  }
  return body
}

// A key named __proto__ must become a field like any other.
function setOwn(body: Body, key: string, value: unknown): void {
  Object.defineProperty(body, key, { value, enumerable: true, configurable: true, writable: true })
}

export function displayCurrencyOf(request: SandboxRequest): View['displayCurrency'] {
  const wanted = request.headers['x-display-currency']
  return isCurrency(wanted) ? wanted : 'USD'
}

/**
 * ISO 8601, as lenient as the original seems to be. A raw `+` in a query arrives as a space, and the zone behind it is
 * then not seen: the time is taken for UTC, hours away from what was meant.
 */
export function readTime(text: string): Date | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?(Z|[+-]\d{2}:?\d{2})?/i.exec(
    text.trim(),
  )
  if (!match) return undefined
  const [, day, time = '00:00', zone = 'Z'] = match
  const colonZone = zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2').toUpperCase()
  const at = new Date(`${day}T${time}${colonZone}`)
  return Number.isNaN(at.getTime()) ? undefined : at
}
