// One API call: what is known of it, and how it may be answered.
import { createHash } from 'node:crypto'
import type { Answer, Before } from '../kit/front.ts'
import type { FurtherLimit } from '../kit/meter.ts'
import type { Region } from './reference.ts'
import type { AccessToken, Amazon } from './state.ts'

export type ApiCall = {
  amazon: Amazon
  at: number
  operation: string
  method: string
  path: string
  params: Record<string, string>
  query: URLSearchParams
  /** The parsed JSON, or undefined if there was none. */
  body: unknown
  /** Of the token; empty for a token without a seller. */
  sellerId: string
  region: Region
  token: AccessToken
}

export type Route = {
  /** The API's own operation name: what the meter counts and a fault is armed for. */
  operation: string
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  /** A scope makes it an operation without a seller. */
  scope?: string
  /** Answers personal data, so a restricted data token may be sent. */
  takesRestricted?: boolean
  /** One of the reads of Orders v0 that are going to be removed. */
  isDeprecated?: boolean
  handle(call: ApiCall): Answer
  texts?(call: ApiCall): (string | undefined)[]
  before?(call: ApiCall): Before | undefined
  limits?(call: ApiCall): FurtherLimit[]
}

export const done = (body: unknown, status = 200): Answer => ({ status, body })

export function refuse(status: number, code: string, message: string, details?: string): Answer {
  return { status, body: { errors: [{ code, message, ...(details === undefined ? {} : { details }) }] } }
}

export function invalidInput(message: string, details?: string): Answer {
  return refuse(400, 'InvalidInput', message, details)
}

export function unauthorized(details: string): Answer {
  return refuse(403, 'Unauthorized', 'Access to requested resource is denied.', details)
}

export function notFound(message: string): Answer {
  return refuse(404, 'NOT_FOUND', message)
}

export const unknownRoute: Answer = {
  ...refuse(403, 'MissingAuthenticationToken', 'Missing Authentication Token'),
  headers: { 'x-amzn-ErrorType': 'MissingAuthenticationTokenException' },
}

/** What a broken rule is called in 2026-01-01 and elsewhere; Orders v0 has words of its own. */
export const invalid = (details: string): Answer => invalidInput('Invalid Input', details)

/** An array parameter: comma-separated, whether the commas are encoded or not, or repeated. */
export function listOf(query: URLSearchParams, name: string): string[] {
  return query
    .getAll(name)
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '')
}

/** Undefined if absent, NaN if it is no time. */
export function timeOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  // A plus that was not encoded became a space.
  const repaired = text.trim().replace(/ (\d\d:\d\d)$/, '+$1')
  return /^\d{4}-\d\d-\d\d/.test(repaired) ? new Date(repaired).getTime() : Number.NaN
}

export function wholeNumberOf(query: URLSearchParams, name: string, range: { usual: number; max: number }) {
  const text = query.get(name)
  if (text === null) return range.usual
  const value = Number(text)
  return Number.isInteger(value) && value >= 1 && value <= range.max ? value : undefined
}

/** An opaque bookmark. */
export function writeToken(content: unknown): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url')
}

export function readToken(token: string): Record<string, unknown> | undefined {
  try {
    const content: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'))
    return isObject(content) ? content : undefined
  } catch {
    return undefined
  }
}

/** The same for the same parameters, in whatever order they stand. */
export function fingerprint(query: URLSearchParams, except: readonly string[]): string {
  const pairs = [...query].filter(([name]) => !except.includes(name)).map(([name, value]) => `${name}=${value}`)
  return createHash('sha256').update(pairs.toSorted().join('&')).digest('hex').slice(0, 16)
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function requestId(amazon: Amazon): string {
  amazon.requestCount += 1
  const digest = createHash('sha256').update(`request ${amazon.requestCount}`).digest('hex')
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    digest.slice(12, 16),
    digest.slice(16, 20),
    digest.slice(20, 32),
  ].join('-')
}
