// A call to an Amazon that answers as told, for the tests of its connector.
import { makeCall } from './call.ts'
import type { Call, Site } from './connector.ts'
import { fixtureOf, scriptedHttp } from './scripted-http.ts'
import type { ScriptedAnswer, SeenRequest } from './scripted-http.ts'
import type { AmazonAccount } from './amazon/account.ts'
import { amazon } from './amazon/index.ts'
import type { JsonObject } from './reading.ts'

export const ukSite: Site = {
  id: 'A1F83G8C2ARO7P',
  name: 'United Kingdom',
  sellerId: 'A2SELLER',
  currency: 'GBP',
  currencies: ['GBP'],
}
export const now = new Date('2026-03-10T12:00:00Z')
export const account: AmazonAccount = {
  sellerId: 'A2SELLER',
  refreshToken: 'Atzr|refresh',
  accessToken: 'Atza|access',
  accessTokenEndsAt: '2026-03-10T12:50:00.000Z',
}
export const app = { applicationId: 'amzn1.sp.solution.1', clientId: 'client', clientSecret: 'secret' }

type Changes = { account?: Partial<AmazonAccount>; site?: Site; at?: Date; app?: Record<string, string> }

export function scriptedCall(...answers: (ScriptedAnswer | ((request: SeenRequest) => ScriptedAnswer))[]) {
  const { http, seen } = scriptedHttp(answers)
  return { call: callOver(http), seen }
}

/** The same for another seller, site or hour. */
export function scriptedCallAs(changes: Changes, ...answers: ScriptedAnswer[]) {
  const { http, seen } = scriptedHttp(answers)
  return { call: callOver(http, changes), seen }
}

export function callOver(
  http: Parameters<typeof makeCall<AmazonAccount>>[0]['http'],
  changes: Changes = {},
): Call<AmazonAccount> {
  return makeCall({
    connector: amazon,
    account: { ...account, ...changes.account },
    app: changes.app ?? app,
    site: changes.site ?? ukSite,
    now: () => changes.at ?? now,
    http,
  })
}

/** A body of `amazon/fixtures/`, with some fields changed; `undefined` takes a field out. */
export const fixture = (name: string, changes: JsonObject = {}): JsonObject => fixtureOf('amazon', name, changes)
