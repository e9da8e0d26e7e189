// From a request to an outcome: the token host and the API share one door, with the kit's mischief around both.
import { answerThrough } from '../kit/front.ts'
import { splitUrl } from '../kit/routes.ts'
import { done, refuse, text, write } from './call.ts'
import { understand } from './gateway.ts'
import { objects } from './call.ts'
import { tokenPaths, understandToken } from './tokens.ts'
import type { Front } from '../kit/front.ts'
import type { TypedFault } from '../kit/faults.ts'
import type { Outcome, SandboxRequest } from '../kit/sandbox.ts'
import type { Answer, Asked, Call, Result } from './call.ts'
import type { Tiktok } from './state.ts'

export function answerRequest(tiktok: Tiktok, request: SandboxRequest, at: Date): Outcome {
  return answerThrough(frontOf(tiktok), request, at)
}

function frontOf(tiktok: Tiktok): Front<Call> {
  return {
    faults: tiktok.faults,
    meter: tiktok.meter,
    record: (line) => tiktok.log.record(hideSecrets(line)),
    understand(request, at) {
      const isToken = Object.hasOwn(tokenPaths, splitUrl(request.url).path)
      return isToken ? understandToken(tiktok, request, at) : understand(tiktok, request, at)
    },
    tooMany(call) {
      const message = "Too many requests. You've made too many requests in a short period of time."
      return write(tiktok, { code: 36_009_002, status: 429, message }, call.at)
    },
    retryAfter: () => tiktok.choices.retryAfter,
    broken(status, call) {
      const message =
        'Internal error. Please try again. If the issue persists after multiple attempts, please contact platform support.'
      return write(tiktok, { code: status === 504 ? 36_009_007 : 36_009_003, status, message }, call.at)
    },
    word: (word, call) => answerWord(tiktok, word, call),
  }
}

function answerWord(tiktok: Tiktok, word: TypedFault, { asked, at }: Call): Answer | undefined {
  const result = asked && wordResult(word, asked)
  return result && write(tiktok, result, at)
}

function wordResult(word: TypedFault, asked: Asked): Result | undefined {
  if (word === 'gone-me') {
    return asked.route.word === 'products' || asked.route.word === 'stock'
      ? refuse(12_052_032, 'The product does not exist')
      : undefined
  }
  const closed = { code: 12_052_700, message: 'The seller is inactive.' }
  const failed = { code: 12_052_990, message: 'The check failed.' }
  const refusal = word === 'forbid-me' ? closed : failed
  if (asked.route.word === 'dispatch') {
    return refuse(21_011_022, 'Invalid tracking number or provider ID. Please double check and try again.')
  }
  if (asked.route.word !== 'stock') return asked.route.word === 'products' ? refusal : undefined
  // Here a refusal hides behind code 0.
  const errors = objects(asked.body['skus']).map((sku) => ({
    ...refusal,
    detail: { sku_id: text(sku['id']) ?? '', extra_errors: [refusal] },
  }))
  return done({ errors })
}

/** The token calls carry the app's secret in their address; the log is for people to look at. */
function hideSecrets<Line extends { url: string }>(line: Line): Line {
  const url = line.url.replaceAll(/\b(app_secret|refresh_token|auth_code)=[^&]*/g, '$1=…')
  return { ...line, url }
}
