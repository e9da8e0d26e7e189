// For tests: a sandbox on a clock that is moved by hand, and signed calls as a seller's program makes them.
import { seededRandom } from '../kit/random.ts'
import { requestOf } from '../kit/sandbox.ts'
import { signCall } from './sign.ts'
import { createTiktokSandbox } from './index.ts'
import type { Outcome, SandboxRequest } from '../kit/sandbox.ts'
import type { TiktokOptions, TiktokSandbox } from './index.ts'

/** What came back; tests say what they expect of the data. */
export type Heard = {
  status: number
  headers: Record<string, string>
  code: unknown
  message: string
  data: never
  text: string
}

export type CallOptions = {
  query?: Record<string, string>
  body?: unknown
  /** The first shop's where absent; null sends none. */
  cipher?: string | null
  token?: string
  /** Seconds the caller's clock is ahead. */
  skew?: number
  /** Changes the request after it was signed. */
  tamper?: (request: SandboxRequest) => SandboxRequest
}

export type TestClient = {
  sandbox: TiktokSandbox
  now(): Date
  pass(seconds: number): void
  cipher: string
  outcome(method: string, path: string, options?: CallOptions): Promise<Outcome>
  call(method: string, path: string, options?: CallOptions): Promise<Heard>
  upload(path: string, form: { file?: Buffer; fields?: Record<string, string> }): Promise<Heard>
  /** Unsigned, as a browser or the token host is asked. */
  plain(method: string, url: string, form?: Record<string, string>): Promise<Heard>
}

export const testStart = new Date('2026-03-02T12:00:00Z')

/** Generous by default, so that only tests of the limit meet it. */
export function createTestClient(options: TiktokOptions & { seed?: number } = {}): TestClient {
  let time = testStart.getTime()
  const world = { now: () => new Date(time), random: seededRandom(options.seed ?? 1) }
  const sandbox = createTiktokSandbox(world, { limit: { perSecond: 1000, burst: 100_000 }, empty: true, ...options })
  const { account } = sandbox
  const ciphers = JSON.parse(account.ciphers) as Record<string, string>
  const cipher = ciphers[account.shopId] ?? ''
  const signed = (method: string, path: string, given: CallOptions & { contentType: string; raw: Buffer }) => {
    const query = new URLSearchParams({
      app_key: account.appKey,
      timestamp: String(Math.floor(time / 1000) + (given.skew ?? 0)),
      ...(given.cipher === null ? {} : { shop_cipher: given.cipher ?? cipher }),
      ...given.query,
    })
    const body = given.raw.toString('utf8')
    const { contentType } = given
    query.set('sign', signCall({ secret: account.appSecret, path, query, contentType, body }))
    const headers = {
      'x-tts-access-token': given.token ?? account.accessToken,
      ...(contentType === '' ? {} : { 'content-type': contentType }),
    }
    const request = { ...requestOf({ method, url: `${path}?${query.toString()}`, headers, body }), rawBody: given.raw }
    return sandbox.handle(given.tamper ? given.tamper(request) : request)
  }
  const client: TestClient = {
    sandbox,
    cipher,
    now: () => new Date(time),
    pass(seconds) {
      time += seconds * 1000
      sandbox.advance()
    },
    outcome(method, path, callOptions = {}) {
      const { body } = callOptions
      const raw = Buffer.from(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body))
      return signed(method, path, { ...callOptions, contentType: 'application/json', raw })
    },
    async call(method, path, callOptions) {
      return heard(await client.outcome(method, path, callOptions))
    },
    async upload(path, { file, fields = {} }) {
      const boundary = 'sandbox-test-boundary'
      const parts = Object.entries(fields).map(
        ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
      )
      const head = `--${boundary}\r\nContent-Disposition: form-data; name="data"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n`
      const raw = Buffer.concat([
        Buffer.from(parts.join('')),
        ...(file ? [Buffer.from(head), file, Buffer.from('\r\n')] : []),
        Buffer.from(`--${boundary}--\r\n`),
      ])
      const contentType = `multipart/form-data; boundary=${boundary}`
      return heard(await signed('POST', path, { contentType, raw, cipher: null }))
    },
    async plain(method, url, form) {
      const body = form ? new URLSearchParams(form).toString() : ''
      const headers: Record<string, string> = form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}
      return heard(await sandbox.handle(requestOf({ method, url, headers, body })))
    },
  }
  return client
}

function heard(outcome: Outcome): Heard {
  if (outcome.kind !== 'response') throw new Error(`The call ended in ${outcome.kind}.`)
  const { status, headers, body } = outcome.response
  const text = body.toString()
  return { status, headers, text, ...read(text) }
}

function read(text: string): Pick<Heard, 'code' | 'message' | 'data'> {
  try {
    return JSON.parse(text) as Pick<Heard, 'code' | 'message' | 'data'>
  } catch {
    return { code: undefined, message: '', data: undefined as never }
  }
}
