// Reading a marketplace's JSON: whatever comes is unknown until one of these says what it is. Nothing here guesses.
import { isCurrency, parseMoney } from '../domain/money.ts'
import type { Money } from '../domain/money.ts'
import { RefusedError } from './connector.ts'
import type { HttpResponse } from './connector.ts'

export type JsonObject = Record<string, unknown>

/** Why an entry cannot be read. Thrown by the readers, caught where the entry is set aside for a person. */
export class UnreadableError extends Error {}

export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined
}

export function asArray(value: unknown): unknown[] | undefined {
  return Array.isArray(value) ? value : undefined
}

/** Text without outer blanks; null where there is none. Ids may come as numbers. */
export function asText(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  if (typeof value !== 'string') return null
  const trimmed = value.trim()
  return trimmed === '' ? null : trimmed
}

/** A whole number ≥ 0, also where it comes as text. */
export function asCount(value: unknown): number | undefined {
  const text = asText(value)
  if (text === null || !/^\d+$/.test(text)) return undefined
  const count = Number(text)
  return Number.isSafeInteger(count) ? count : undefined
}

/** An instant with its offset. A time without one could be any of twenty-four, so it is none. */
export function asInstant(value: unknown): Date | undefined {
  const text = asText(value)
  if (text === null || !/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?\s?(Z|[+-]\d\d:?\d\d)$/i.test(text))
    return undefined
  const instant = new Date(text.replace(' ', 'T').replace(/\s/, ''))
  return Number.isNaN(instant.getTime()) ? undefined : instant
}

/** Money by its decimal text. `display` is for people: no tax reads "FREE" there. */
export function asMoney(value: unknown, currencyUnstated: string): Money | undefined {
  const object = asObject(value)
  const text = asText(object?.['amount'])
  const currency = (asText(object?.['currency']) ?? currencyUnstated).toUpperCase()
  if (text === null || !isCurrency(currency)) return undefined
  return parseMoney(text, currency)
}

/** The object a read must have answered with. Anything else is a fault over there: ask again later. */
export function objectIn(response: HttpResponse, what: string): JsonObject {
  const object = asObject(response.json)
  if (!object)
    throw new RefusedError({ kind: 'wait', seconds: 60, reason: `The marketplace did not answer with ${what}` })
  return object
}

/** One part of a path from an id. An id that would climb out of its place is refused before anything is sent. */
export function pathPart(id: string): string {
  if (id.trim() === '' || id === '.' || id === '..') {
    throw new RefusedError({ kind: 'rejected', reason: `“${id}” cannot be an id` })
  }
  return encodeURIComponent(id)
}

type ParseWithSource = (
  text: string,
  reviver: (key: string, value: unknown, context?: { source?: string }) => unknown,
) => unknown

/** JSON with whole numbers beyond 2^53 kept as text, for ids must not change. Undefined where the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    // Node hands the reviver the source text; TypeScript's own description of JSON.parse does not know it yet.
    return (JSON.parse as ParseWithSource)(text.replace(/^\uFEFF/, ''), keepLargeIntegers)
  } catch {
    return undefined
  }
}

function keepLargeIntegers(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source ?? ''
  return typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source) ? source : value
}
