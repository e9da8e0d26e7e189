// One API call: what it says, and how it may be answered.
import { createHash } from 'node:crypto'
import { unixSeconds } from './state.ts'
import type { Answer, Before, Call as FrontCall } from '../kit/front.ts'
import type { Scope } from './reference.ts'
import type { Product, Order, Shop, Tiktok } from './state.ts'

export type Body = Record<string, unknown>

/** `code` 0 is success and nothing else; a refusal with a status of its own says it. */
export type Result = { data: unknown } | Refusal
export type Refusal = { code: number; message: string; status?: number }

export type Asked = {
  tiktok: Tiktok
  at: Date
  route: Route
  params: Record<string, string>
  query: URLSearchParams
  body: Body
  upload: Upload | undefined
  sellerId: string
  grantId: string
  /** Present where the route takes a cipher. */
  shop: Shop
}

export type Upload = { fields: Record<string, string>; file: Buffer | undefined }

export type Kind = 'string' | 'int64' | 'bool' | 'array' | 'object'

export type Route = {
  /** The name in the meter and the log, and what a fault is armed for. */
  operation: string
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  /** The token must have one of these. */
  scopes: readonly Scope[]
  cipher: 'required' | 'unwanted'
  isWrite?: boolean
  isUpload?: boolean
  /** Query names that must be there. */
  query?: readonly string[]
  /** Top level of the body. */
  fields?: Readonly<Record<string, Kind>>
  /** Dotted; a nested one is required when its parent is sent. */
  required?: readonly string[]
  /** What the call is about, for typed words and for mischief after a write. */
  about?(asked: Asked): { products?: (Product | undefined)[]; order?: Order | undefined; texts?: unknown[] }
  /** What each part is refused with when a typed word asks for it; otherwise the route's kind of refusal is guessed. */
  word?: 'products' | 'stock' | 'dispatch'
  handle(asked: Asked): Result
}

/** What the front of the kit works on. */
export type Call = FrontCall & { tiktok: Tiktok; at: Date; asked: Asked | undefined }

export function done(data: unknown): Result {
  return { data }
}

export function refuse(code: number, message: string): Refusal {
  return { code, message }
}

/** The overloaded code: app key, timestamp, sign, cipher, fields. */
export function invalid(message: string): Refusal {
  return { code: 36_009_004, message, status: 400 }
}

export function write(tiktok: Tiktok, result: Result, at: Date): Answer {
  const request_id = requestId(tiktok, at)
  if ('data' in result) return { status: 200, body: { code: 0, message: 'Success', request_id, data: result.data } }
  const { code, message } = result
  const status = result.status ?? tiktok.choices.businessStatus
  return { status, isRefusal: true, body: { code, message: styled(tiktok, result), request_id, data: null } }
  function styled({ choices }: Tiktok, { status: own }: { status?: number }) {
    // Only the gateway's own messages are worded so.
    if (choices.messages === 'reference' || own === undefined) return message
    return `${message.replaceAll('`', "'")} For more details: https://docs.tiktok.sandbox.test/e/${code}`
  }
}

/** The vendor's day is that of UTC+8. */
export function requestId(tiktok: Tiktok, at: Date): string {
  const day = new Date(at.getTime() + 8 * 3_600_000).toISOString().replaceAll(/\D/g, '').slice(0, 14)
  tiktok.answersGiven += 1
  const mark = createHash('sha256').update(`answer ${tiktok.answersGiven}`).digest('hex')
  return day + mark.slice(0, 20).toUpperCase()
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : []
}

export function texts(value: unknown): string[] {
  return list(value).filter((one) => typeof one === 'string')
}

export function objectOf(value: unknown): Body | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : undefined
}

export function objects(value: unknown): Body[] {
  return list(value).flatMap((one): Body[] => {
    const object = objectOf(one)
    return object ? [object] : []
  })
}

/** Comma-joined in one value. */
export function idsIn(query: URLSearchParams, name: string): string[] {
  return (query.get(name) ?? '').split(',').filter((one) => one !== '')
}

export type Window = { ge?: number; lt?: number; le?: number }

/** Both ends of a time filter, as the body says. */
export function isWithin(at: Date, { ge, lt, le }: Window): boolean {
  const seconds = unixSeconds(at)
  return (
    (ge === undefined || seconds >= ge) && (lt === undefined || seconds < lt) && (le === undefined || seconds <= le)
  )
}

export function windowOf(body: Body, name: 'create_time' | 'update_time'): Window {
  const read = (end: string) => {
    const value = body[`${name}_${end}`]
    return typeof value === 'number' ? value : undefined
  }
  const [ge, lt, le] = [read('ge'), read('lt'), read('le')]
  return {
    ...(ge === undefined ? {} : { ge }),
    ...(lt === undefined ? {} : { lt }),
    ...(le === undefined ? {} : { le }),
  }
}

export type { Answer, Before }
