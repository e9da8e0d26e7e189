// For tests: a sandbox on a clock that is moved by hand, and calls as a seller's program makes them.
import { seededRandom } from '../kit/random.ts'
import { requestOf } from '../kit/sandbox.ts'
import { createReverbSandbox } from './index.ts'
import type { Outcome } from '../kit/sandbox.ts'
import type { ReverbOptions, ReverbSandbox } from './index.ts'

/** What came back; tests say what they expect of the body. */
export type Heard = { status: number; headers: Record<string, string>; body: Record<string, unknown>; text: string }

export type TestClient = {
  sandbox: ReverbSandbox
  now(): Date
  pass(seconds: number): void
  outcome(method: string, path: string, options?: CallOptions): Promise<Outcome>
  call(method: string, path: string, options?: CallOptions): Promise<Heard>
}

export type CallOptions = { body?: unknown; token?: string | null; headers?: Record<string, string> }

export const testStart = new Date('2026-03-02T12:00:00Z')

/** Generous by default, so that only tests of the limit meet it. */
export function createTestClient(options: ReverbOptions & { seed?: number } = {}): TestClient {
  let time = testStart.getTime()
  const world = { now: () => new Date(time), random: seededRandom(options.seed ?? 1) }
  const sandbox = createReverbSandbox(world, { limit: { perSecond: 1000, burst: 100_000 }, ...options })
  const client: TestClient = {
    sandbox,
    now: () => new Date(time),
    pass(seconds) {
      time += seconds * 1000
      sandbox.advance()
    },
    outcome(method, path, { body, token = sandbox.account.token, headers = {} } = {}) {
      const url = path.startsWith('/__sandbox') || path.startsWith('http') ? path : `/api${path}`
      const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
      const sent = {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/hal+json' }),
        ...headers,
      }
      return sandbox.handle(requestOf({ method, url, headers: sent, body: text }))
    },
    async call(method, path, callOptions) {
      const outcome = await client.outcome(method, path, callOptions)
      if (outcome.kind !== 'response') throw new Error(`${method} ${path} ended in ${outcome.kind}`)
      const { status, headers, body } = outcome.response
      const text = body.toString()
      return { status, headers, text, body: parse(text) }
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

/** Where a list continues, as its own link says. */
export function nextLink(body: Record<string, unknown>): string | undefined {
  const links = body['_links'] as { next?: { href: string } } | undefined
  return links?.next?.href
}
