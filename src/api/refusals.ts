import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { Log } from '../platform/log.ts'
import type { refusal } from './contract.ts'

type RefusalBody = z.infer<typeof refusal>
type Details = Omit<RefusalBody['error'], 'code' | 'message'>

/** An answer that is not what was asked for, in words for the person who asked. */
export class Refused extends Error {
  readonly statusCode: number
  readonly body: RefusalBody
  constructor(statusCode: number, code: string, message: string, details: Details = {}) {
    super(message)
    this.statusCode = statusCode
    this.body = { error: { code, message, ...details } }
  }
}

export const signedOut = () => new Refused(401, 'signed-out', 'Please sign in.')

/** The same for what is another business's and for what never was. */
export const notFound = () => new Refused(404, 'not-found', 'This does not exist, or no longer.')

export function badFields(fields: Record<string, string>): Refused {
  const sentences = Object.values(fields)
  const message =
    sentences.length === 1 && sentences[0] !== undefined ? sentences[0] : 'Some of what was entered cannot be used.'
  return new Refused(400, 'bad-input', message, { fields })
}

type DomainResult =
  | { kind: string }
  | { kind: 'refused'; reason: 'not-found' }
  | { kind: 'refused'; reason: 'invalid'; fields: Record<string, string> }

/** Refusals every command may give: not there, or wrong at a field. What it did otherwise is no concern of this. */
export function refusedFor(result: DomainResult): void {
  if (!('reason' in result)) return
  if (result.reason === 'not-found') throw notFound()
  throw badFields(result.fields)
}

/** The last word on every failure. What is no refusal of ours is a bug: logged with its stack, told without. */
export function sendFailure(log: Log) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const refused = asRefused(error)
    if (refused.statusCode >= 500)
      log.error('A request failed.', {
        error,
        requestId: request.id,
        method: request.method,
        route: request.routeOptions.url,
      })
    void reply.code(refused.statusCode).type('application/json').send(refused.body)
  }
}

function asRefused(error: unknown): Refused {
  if (error instanceof Refused) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const known = knownFailures[code]
  if (known) return new Refused(...known)
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  if (status === 429) return tooMany()
  if (status >= 400 && status < 500) return new Refused(status, 'bad-request', 'This request cannot be understood.')
  return new Refused(500, 'failed', 'This failed on our side. It has been logged; trying again may help.')
}

export function tooMany(seconds?: number): Refused {
  const when =
    seconds === undefined
      ? 'in a minute'
      : seconds < 90
        ? `in ${seconds} seconds`
        : `in ${Math.ceil(seconds / 60)} minutes`
  return new Refused(429, 'too-many-tries', `Too many tries. Please try again ${when}.`)
}

/** Failures of the server's own making of sense, by its code. */
const knownFailures: Record<string, [number, string, string]> = {
  FST_ERR_CTP_INVALID_JSON_BODY: [400, 'bad-json', 'The body is not JSON.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'bad-json', 'The body is empty where JSON was expected.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'bad-type', 'The body must be JSON, sent as application/json.'],
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'too-large', 'This is larger than the hub takes in one go.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'bad-request', 'The body ended early.'],
  FST_INVALID_MULTIPART_CONTENT_TYPE: [415, 'bad-type', 'A file is expected, sent as multipart/form-data.'],
  FST_REQ_FILE_TOO_LARGE: [413, 'too-large', 'The file is larger than the hub takes.'],
  FST_FILES_LIMIT: [413, 'too-large', 'One file at a time, please.'],
  FST_PARTS_LIMIT: [413, 'too-large', 'The form has too many parts.'],
  FST_FIELDS_LIMIT: [413, 'too-large', 'The form has too many fields.'],
  SyntaxError: [400, 'bad-json', 'The body is not JSON.'],
}
