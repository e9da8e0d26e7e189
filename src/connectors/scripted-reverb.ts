// A call to a Reverb that answers as told, for the tests of its connector.
import { makeCall } from './call.ts'
import type { Call, Site } from './connector.ts'
import { fixtureOf, scriptedHttp } from './scripted-http.ts'
import type { ScriptedAnswer, SeenRequest } from './scripted-http.ts'
import type { ReverbAccount } from './reverb/account.ts'
import { reverb } from './reverb/index.ts'
import type { JsonObject } from './reading.ts'

const site: Site = { id: '77', name: 'Test shop', sellerId: '77', currency: 'USD', currencies: ['USD'] }
export { refusalOf } from './scripted-http.ts'

export const now = new Date('2026-03-10T12:00:00Z')

export function scriptedCall(...answers: (ScriptedAnswer | ((request: SeenRequest) => ScriptedAnswer))[]) {
  const { http, seen } = scriptedHttp(answers)
  return { call: callOver(http), seen }
}

export function callOver(http: Parameters<typeof makeCall<ReverbAccount>>[0]['http'], at = now): Call<ReverbAccount> {
  return makeCall({ connector: reverb, account: { token: 'secret-token' }, site, now: () => at, http })
}

/** What was asked: method and path, query, body. */
export function asked(request: SeenRequest | undefined) {
  if (!request) throw new Error('Nothing was asked')
  const url = new URL(request.url)
  const body: unknown = request.body === undefined ? undefined : JSON.parse(request.body)
  return {
    what: `${request.method} ${url.pathname}`,
    query: Object.fromEntries(url.searchParams),
    body,
    url: request.url,
  }
}

/** A body of `reverb/fixtures/`, with some fields changed; `undefined` takes a field out. */
export const fixture = (name: string, changes: JsonObject = {}): JsonObject => fixtureOf('reverb', name, changes)
