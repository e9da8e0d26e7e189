// One API call: how it is read, and how it may be answered.
import type { Answer } from '../kit/front.ts'
import { codes } from './reference.ts'
import type { Scope } from './reference.ts'
import type { Merchant, Wish } from './state.ts'

export type Ask = {
  wish: Wish
  /** Who let the caller in. On open routes there is none, and the first merchant stands in. */
  merchant: Merchant
  clientId: string
  at: Date
  operation: string
  params: Record<string, string>
  query: URLSearchParams
  /** JSON as sent; undefined when there was none. */
  body: unknown
}

export type Route = {
  /** The name in the meter and the log, and what a fault is armed for. */
  operation: string
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below the base, as the published specification writes it. */
  path: string
  /** `open` needs no token; `any` needs one, of whatever scope. */
  scope: Scope | 'any' | 'open'
  handle(ask: Ask): Answer
  /** A POST that only reads. */
  isRead?: boolean
}

export function done(data: unknown): Answer {
  return { status: 200, body: { code: 0, message: '', data } }
}

export const removed: Answer = { status: 204 }

export function refuse(status: number, code: number, message: string): Answer {
  return { status, body: { code, message, data: {} } }
}

/** Nearly every refusal looks like this; only the sentence tells one from another. */
export function invalid(message: string): Answer {
  return refuse(400, codes.invalid, message)
}

/** ISO 8601 with a zone, milliseconds optional. */
export function readTime(text: string): Date | undefined {
  // A raw + of a zone arrives as a space.
  const repaired = text.replace(/ (\d{2}:?\d{2})$/, '+$1')
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/.test(repaired)) return undefined
  const at = new Date(repaired.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'))
  return Number.isNaN(at.getTime()) ? undefined : at
}

/** Repeated keys, or one with commas. */
export function readList(query: URLSearchParams, name: string): string[] {
  return query
    .getAll(name)
    .flatMap((one) => one.split(','))
    .filter((one) => one !== '')
}
