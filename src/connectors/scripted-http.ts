// An HTTP port for tests of connectors: it gives the answers it was told, in turn, and remembers what it was asked.
import type { CallHttp } from './call.ts'

export type ScriptedAnswer = {
  status?: number
  headers?: Record<string, string>
  /** Sent as JSON, unless `body` is given. */
  json?: unknown
  body?: string
  /** Fails instead of answering. */
  failure?: { kind: 'timeout' | 'reset' | 'refused' | 'too-large'; sent: boolean }
}

export type SeenRequest = Parameters<CallHttp['request']>[0]

export function scriptedHttp(answers: (ScriptedAnswer | ((request: SeenRequest) => ScriptedAnswer))[]) {
  const seen: SeenRequest[] = []
  const http: CallHttp = {
    async request(request) {
      const given = answers[seen.length]
      seen.push(request)
      if (given === undefined) throw new Error(`No answer is left for ${request.method} ${request.url}`)
      const answer = typeof given === 'function' ? given(request) : given
      if (answer.failure) throw Object.assign(new Error(answer.failure.kind), answer.failure)
      const { status = 200, headers = {}, json, body = json === undefined ? '' : JSON.stringify(json) } = answer
      return { status, headers, body }
    },
  }
  return { http, seen }
}
