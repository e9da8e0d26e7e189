// An HTTP port for tests of connectors: it gives the answers it was told, in turn, and remembers what it was asked.
import { readFileSync } from 'node:fs'
import type { CallHttp, CallHttpInput } from './call.ts'
import { RefusedError } from './connector.ts'
import type { Refusal } from './connector.ts'
import { asObject } from './reading.ts'
import type { JsonObject } from './reading.ts'

export type ScriptedAnswer = {
  status?: number
  headers?: Record<string, string>
  /** Sent as JSON, unless `body` is given. */
  json?: unknown
  /** For a stream: one byte per character (latin1), so that any bytes can be given. */
  body?: string
  /** Fails instead of answering. */
  failure?: { kind: 'timeout' | 'reset' | 'refused' | 'too-large'; sent: boolean }
}

export type SeenRequest = Omit<CallHttpInput, 'body'> & { body?: string; bytes?: Uint8Array }

export function scriptedHttp(answers: (ScriptedAnswer | ((request: SeenRequest) => ScriptedAnswer))[]) {
  const seen: SeenRequest[] = []
  const http = wholeHttp(({ body: sent, ...rest }) => {
    const given = answers[seen.length]
    const isText = typeof sent === 'string'
    const request: SeenRequest = { ...rest, ...(sent === undefined ? {} : isText ? { body: sent } : { bytes: sent }) }
    seen.push(request)
    if (given === undefined) throw new Error(`No answer is left for ${request.method} ${request.url}`)
    const answer = typeof given === 'function' ? given(request) : given
    if (answer.failure) throw Object.assign(new Error(answer.failure.kind), answer.failure)
    const { status = 200, headers = {}, json, body = json === undefined ? '' : JSON.stringify(json) } = answer
    return { status, headers, body }
  })
  return { http, seen }
}

/** A port that knows only whole answers; a stream gives one in small parts, cut anywhere, one byte per character. */
export function wholeHttp(answer: (input: CallHttpInput) => WholeAnswer | Promise<WholeAnswer>) {
  return {
    request: async (input: CallHttpInput) => answer(input),
    stream: async (input: CallHttpInput) => {
      const { body, ...rest } = await answer(input)
      return { ...rest, body: inParts(Buffer.from(body, 'latin1')) }
    },
  } satisfies CallHttp
}

type WholeAnswer = Awaited<ReturnType<CallHttp['request']>>

async function* inParts(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += 7) yield bytes.subarray(from, from + 7)
}

/** Pictures by the same port, for calls of tests. */
export function pictureOver(http: CallHttp): (link: string) => Promise<Uint8Array> {
  return async (link) => {
    const { status, body } = await http.stream({ method: 'GET', url: link, headers: {}, timeoutSeconds: 20 })
    const chunks: Uint8Array[] = []
    for await (const chunk of body) chunks.push(chunk)
    if (status < 400) return Buffer.concat(chunks)
    const reason = `The picture ${link} cannot be fetched (status ${status})`
    throw new RefusedError(status < 500 ? { kind: 'rejected', reason } : { kind: 'wait', seconds: 60, reason })
  }
}

export async function refusalOf(work: Promise<unknown>): Promise<Refusal> {
  try {
    await work
  } catch (error) {
    if (error instanceof RefusedError) return error.refusal
    throw error
  }
  throw new Error('Expected a refusal')
}

/** A body of a connector's `fixtures/`, with some fields changed; `undefined` takes a field out. */
export function fixtureOf(marketplace: string, name: string, changes: JsonObject = {}): JsonObject {
  const text = readFileSync(new URL(`${marketplace}/fixtures/${name}.json`, import.meta.url), 'utf8')
  const body = asObject(JSON.parse(text)) ?? {}
  return Object.fromEntries(Object.entries({ ...body, ...changes }).filter(([, value]) => value !== undefined))
}
