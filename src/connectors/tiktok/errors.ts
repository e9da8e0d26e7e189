// TikTok Shop's refusals → our five. The code in the body decides before the HTTP status does, for business refusals come
// with status 200. 36009004 stands for a dozen different faults, so there the words decide.
import { RefusedError } from '../connector.ts'
import type { HttpRequest, HttpResponse, Refusal, Reply } from '../connector.ts'
import { asCount, asObject, asText } from '../reading.ts'
import { endpointOf } from './endpoints.ts'

const waitSecondsRateLimited = 2
const waitSecondsOutage = 30
const waitSecondsMax = 3600
const textCharactersMax = 600

const codes = {
  rateLimited: 36009002,
  overloaded: 36009004,
  faults: [36009003, 36009007],
  /** Path, method, version or format is not theirs: our mistake. */
  ours: [36009009, 36009010, 36009014, 36009021, 36009022, 36009023],
  tokenEnded: 105002,
  scopeMissing: 105005,
  signatureWrong: 106001,
  cipherMissing: 106013,
  cipherWrong: 101000,
  addressNotAllowed: 36009033,
  refreshTokenEnded: 36004001,
  authCodeWrong: 36004004,
}

/** Product, SKU or order is no more, or is not of this shop. */
const goneCodes = [
  12019150, 12052031, 12052032, 12052048, 12052260, 12052556, 12052557, 21008111, 21011028, 25007006, 12019008,
]

const codesOf = new WeakMap<Refusal, number>()

/** What a fault of theirs says of itself; the codes are too many and too similar to list. */
const faultWords =
  /try again later|system (process error|timeout)|internal error|timeout error|(rpc|db) .*(failed|error)|retry have failed|lock failed|data load error/i

export function explain(response: HttpResponse, request: HttpRequest): Refusal {
  const envelope = asObject(response.json)
  const code = asCount(envelope?.['code'])
  const message = plainMessage(asText(envelope?.['message']))
  if (response.status === 429 || code === codes.rateLimited) {
    return { kind: 'wait', seconds: secondsToWait(response), reason: 'TikTok Shop asks us to slow down' }
  }
  if (code === undefined || code === 0) return byStatus(response, request)
  const refusal =
    request.host === 'token'
      ? tokenRefusal(code, message, request)
      : (gatewayRefusal(code, message, request) ?? businessRefusal(code, message, request))
  return withItsCode(refusal, code)
}

/** One code with its words, also where it stands inside a success. */
export function businessRefusal(code: number, message: string | null, request?: HttpRequest): Refusal {
  const said = withCode(message, code)
  if (goneCodes.includes(code)) return withItsCode({ kind: 'gone', reason: said }, code)
  if (codes.faults.includes(code) || faultWords.test(message ?? '')) {
    return withItsCode(fault(`TikTok Shop had a fault: ${said}`, request), code)
  }
  return withItsCode({ kind: 'rejected', reason: said }, code)
}

function gatewayRefusal(code: number, message: string | null, request: HttpRequest): Refusal | undefined {
  const said = withCode(message, code)
  switch (code) {
    case codes.overloaded:
      return overloaded(message ?? '', said)
    case codes.tokenEnded:
      return { kind: 'signed-out', reason: `The access token has ended (${said})` }
    case codes.scopeMissing:
      return { kind: 'rejected', reason: missingScope(request, said) }
    case codes.cipherMissing:
    case codes.cipherWrong:
      // The renewal asks for the shops again; where that does not help, the seller must connect again.
      return { kind: 'signed-out', reason: `This sign-in does not open the shop any more (${said})` }
    case codes.signatureWrong:
      return {
        kind: 'rejected',
        reason: `TikTok Shop refuses our signature; the operator should check the app secret (${said})`,
      }
    case codes.addressNotAllowed:
      return {
        kind: 'rejected',
        reason: `TikTok Shop does not let our server in; the operator must add its address to the app (${said})`,
      }
    default:
      return codes.ours.includes(code)
        ? { kind: 'rejected', reason: `TikTok Shop does not know our request: ${said}` }
        : undefined
  }
}

function overloaded(message: string, said: string): Refusal {
  if (/access.token/i.test(message)) return { kind: 'signed-out', reason: `The access token is not accepted (${said})` }
  if (/timestamp/i.test(message)) {
    return { kind: 'wait', seconds: 60, reason: `Our clock and that of TikTok Shop differ (${said})` }
  }
  if (/app.?key/i.test(message)) {
    return {
      kind: 'rejected',
      reason: `TikTok Shop does not know our app; the operator should check the app key (${said})`,
    }
  }
  return { kind: 'rejected', reason: said }
}

function tokenRefusal(code: number, message: string | null, request: HttpRequest): Refusal {
  const said = withCode(message, code)
  if (code === codes.authCodeWrong && !request.url.endsWith('/refresh')) {
    return {
      kind: 'rejected',
      reason: `The consent was used already or has run out. Please connect once more (${said})`,
    }
  }
  if (code === codes.refreshTokenEnded) return { kind: 'signed-out', reason: `The consent has ended (${said})` }
  if (codes.faults.includes(code) || faultWords.test(message ?? ''))
    return fault(`TikTok Shop had a fault: ${said}`, request)
  if (/app.?(key|secret)|service/i.test(message ?? '')) {
    return {
      kind: 'rejected',
      reason: `TikTok Shop does not accept our app; the operator should check its key and secret (${said})`,
    }
  }
  return { kind: request.url.endsWith('/refresh') ? 'signed-out' : 'rejected', reason: said }
}

function byStatus(response: HttpResponse, request: HttpRequest): Refusal {
  const { status } = response
  const said = `status ${status}`
  if (status === 401) return { kind: 'signed-out', reason: `TikTok Shop does not accept the access token (${said})` }
  if (status === 403) return { kind: 'rejected', reason: missingScope(request, said) }
  if (status >= 400 && status < 500 && status !== 408 && status !== 425) {
    return { kind: 'rejected', reason: `TikTok Shop refused this without saying why (${said})` }
  }
  return fault(`TikTok Shop had a fault (${said})`, request, secondsToWait(response, waitSecondsOutage))
}

// A fault may strike after the change was made, so a write is looked at again before it is repeated.
function fault(reason: string, request: HttpRequest | undefined, seconds = waitSecondsOutage): Refusal {
  const isSafe = request?.safe ?? request?.method === 'GET'
  return isSafe ? { kind: 'wait', seconds, reason } : { kind: 'unclear', reason }
}

function missingScope(request: HttpRequest, said: string): string {
  const scope = endpointOf(request)?.scope ?? 'that this needs'
  return `The consent lacks the right “${scope}”. Please connect again and allow it (${said})`
}

function secondsToWait(response: HttpResponse, otherwise = waitSecondsRateLimited): number {
  const text = response.headers['retry-after']?.trim() ?? ''
  if (/^\d+(\.\d+)?$/.test(text)) return clampWait(Number(text))
  const until = new Date(text).getTime()
  const answeredAt = new Date(response.headers['date'] ?? '').getTime()
  return Number.isNaN(until - answeredAt) ? otherwise : clampWait((until - answeredAt) / 1000)
}

function clampWait(seconds: number): number {
  return Math.min(waitSecondsMax, Math.max(1, Math.ceil(seconds)))
}

/** Live messages end with a link for developers. */
export function plainMessage(message: string | null): string | null {
  const plain = message?.replace(/\s*For more details:?\s*\S+\s*$/i, '').slice(0, textCharactersMax)
  return plain === undefined || plain === '' ? null : plain
}

function withCode(message: string | null, code: number): string {
  return message === null
    ? `TikTok Shop refused this with code ${code}`
    : `${message.replace(/[.\s]+$/, '')} (code ${code})`
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

function withItsCode(refusal: Refusal, code: number): Refusal {
  codesOf.set(refusal, code)
  return refusal
}

/** The code behind a refusal, for the few that mean something to one operation only. */
export function codeOf(refusal: Refusal): number | undefined {
  return codesOf.get(refusal)
}
