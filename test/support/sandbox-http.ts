// The HTTP port straight into sandboxes, without sockets: for tests on virtual time.
import type { Outcome, Sandbox, SandboxResponse } from '../../sandboxes/kit/sandbox.ts'
import { HttpFailure, type Http, type HttpInput } from '../../src/platform/http.ts'

/** `at` says which sandbox stands at an address. */
export function sandboxHttp(
  at: (url: URL) => Pick<Sandbox, 'handle'>,
  onRequest: { before?: ((method: string, url: string) => unknown) | undefined } = {},
): Http {
  const exchange = async (input: HttpInput) => {
    await onRequest.before?.(input.method, input.url)
    return responseOf(await askSandbox(at(new URL(input.url)), input))
  }
  return {
    request: async (input) => wholeOf(await exchange(input)),
    stream: async (input) => streamOf(await exchange(input)),
  }
}

export function askSandbox(
  sandbox: Pick<Sandbox, 'handle'>,
  { method, url, headers, body = '' }: HttpInput,
): Promise<Outcome> {
  const { pathname, search } = new URL(url)
  const rawBody = Buffer.from(body)
  return sandbox.handle({ method, url: pathname + search, headers, body: rawBody.toString('utf8'), rawBody })
}

export function wholeOf({ status, headers, body }: SandboxResponse) {
  return { status, headers, body: body.toString() }
}

export function streamOf({ status, headers, body }: SandboxResponse) {
  return { status, headers, body: oneChunk(Buffer.from(body)) }
}

function responseOf(outcome: Outcome): SandboxResponse {
  if (outcome.kind === 'silence') throw new HttpFailure('timeout', true)
  if (outcome.kind === 'reset') throw new HttpFailure('reset', true)
  return outcome.response
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
