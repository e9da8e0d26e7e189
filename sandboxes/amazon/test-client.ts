// For tests: a sandbox on a clock that is moved by hand, and calls as a seller's program makes them.
import { seededRandom } from '../kit/random.ts'
import { requestOf } from '../kit/sandbox.ts'
import { createAmazonSandbox } from './index.ts'
import type { Outcome } from '../kit/sandbox.ts'
import type { AmazonOptions, AmazonSandbox } from './index.ts'

/** What came back; tests say what they expect of the body. */
export type Heard = {
  status: number
  headers: Record<string, string>
  body: Record<string, unknown>
  text: string
  bytes: Buffer
}

export type CallOptions = {
  body?: unknown
  token?: string | null
  query?: Record<string, string>
  headers?: Record<string, string>
}

export type TestClient = {
  sandbox: AmazonSandbox
  now(): Date
  pass(seconds: number): void
  outcome(method: string, path: string, options?: CallOptions): Promise<Outcome>
  call(method: string, path: string, options?: CallOptions): Promise<Heard>
  /** Stays signed in over the hours. */
  renew(): Promise<void>
}

export const testStart = new Date('2026-03-02T12:00:00Z')

/** Generous by default, so that only tests of the usage plans meet them. */
export function createTestClient(options: AmazonOptions & { seed?: number; plans?: boolean } = {}): TestClient {
  let time = testStart.getTime()
  const world = { now: () => new Date(time), random: seededRandom(options.seed ?? 1) }
  const limit = options.plans === true ? {} : { limit: { perSecond: 1000, burst: 100_000 } }
  const sandbox = createAmazonSandbox(world, { ...limit, ...options })
  let token = sandbox.account.accessToken
  const client: TestClient = {
    sandbox,
    now: () => new Date(time),
    pass(seconds) {
      time += seconds * 1000
      sandbox.advance()
    },
    outcome(method, path, { body, token: given = token, query, headers = {} } = {}) {
      const isWhole = path.startsWith('http')
      const url = isWhole ? path.replace(/^https?:\/\/[^/]+/, '') : path
      const bytes = body instanceof Buffer ? body : undefined
      const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
      const request = requestOf({
        method,
        url: query ? `${url}?${new URLSearchParams(query)}` : url,
        headers: {
          ...(given === null || isWhole ? {} : { 'x-amz-access-token': given }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        body: bytes ? bytes.toString() : text,
      })
      return sandbox.handle(bytes ? { ...request, rawBody: bytes } : request)
    },
    async call(method, path, callOptions) {
      const outcome = await client.outcome(method, path, callOptions)
      if (outcome.kind !== 'response') throw new Error(`${method} ${path} ended in ${outcome.kind}`)
      const { status, headers, body } = outcome.response
      return { status, headers, text: body.toString(), bytes: Buffer.from(body), body: parse(body.toString()) }
    },
    async renew() {
      const { clientId, clientSecret, refreshToken } = sandbox.account
      const body = {
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
        client_id: clientId,
        client_secret: clientSecret,
      }
      const heard = await client.call('POST', '/auth/o2/token', { body, token: null })
      token = heard.body['access_token'] as string
    },
  }
  return client
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}
