// For tests: a sandbox on a clock that is moved by hand, and calls as a seller's program makes them.
import { seededRandom } from '../kit/random.ts'
import { requestOf } from '../kit/sandbox.ts'
import { createWishSandbox } from './index.ts'
import { base } from './reference.ts'
import type { Outcome } from '../kit/sandbox.ts'
import type { WishOptions, WishSandbox } from './index.ts'

/** What came back; tests say what they expect of the data. */
export type Heard = {
  status: number
  headers: Record<string, string>
  code: unknown
  message: unknown
  data: never
  text: string
}

export type CallOptions = { body?: unknown; token?: string | null; headers?: Record<string, string> }

export type TestClient = {
  sandbox: WishSandbox
  now(): Date
  pass(seconds: number): void
  outcome(method: string, path: string, options?: CallOptions): Promise<Outcome>
  /** A path below /api/v3, or one that begins with / and is meant as it is. */
  call(method: string, path: string, options?: CallOptions): Promise<Heard>
}

export const testStart = new Date('2026-03-02T12:00:00Z')

/** Generous by default, so that only tests of the limit meet it. */
export function createTestClient(options: WishOptions & { seed?: number } = {}): TestClient {
  let time = testStart.getTime()
  const world = { now: () => new Date(time), random: seededRandom(options.seed ?? 1) }
  const sandbox = createWishSandbox(world, { limit: { perSecond: 1000, burst: 100_000 }, empty: true, ...options })
  const client: TestClient = {
    sandbox,
    now: () => new Date(time),
    pass(seconds) {
      time += seconds * 1000
      sandbox.advance()
    },
    outcome(method, path, { body, token = sandbox.account().accessToken, headers = {} } = {}) {
      const url = path.startsWith('/') ? path : `${base}/${path}`
      return sandbox.handle(
        requestOf({
          method,
          url,
          headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers },
          body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
        }),
      )
    },
    async call(method, path, callOptions) {
      const outcome = await client.outcome(method, path, callOptions)
      if (outcome.kind !== 'response') throw new Error(`${method} ${path} ended in ${outcome.kind}`)
      const { status, headers, body } = outcome.response
      const text = body.toString()
      const read = parse(text)
      return { status, headers, text, code: read['code'], message: read['message'], data: read['data'] as never }
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
