// A call to a Wish that answers as told, for the tests of its connector.
import { makeCall } from './call.ts'
import type { Call, Site } from './connector.ts'
import { fixtureOf, scriptedHttp } from './scripted-http.ts'
import type { ScriptedAnswer, SeenRequest } from './scripted-http.ts'
import type { JsonObject } from './reading.ts'
import type { WishAccount } from './wish/account.ts'
import { wish } from './wish/index.ts'

export { refusalOf } from './scripted-http.ts'

export const now = new Date('2026-05-02T12:00:00.000Z')
export const [standard, express] = ['650000000000000000000001', '650000000000000000000002'] as const
export const [orderId, productId, variationId, otherVariationId] = [
  '65f000000000000000000001',
  '65b000000000000000000001',
  '65c000000000000000000001',
  '65c000000000000000000002',
] as const
export const app = { clientId: '640000000000000000000001', clientSecret: 'app-secret' }
export const account: WishAccount = {
  accessToken: 'access-1',
  refreshToken: 'refresh-1',
  clientId: '',
  clientSecret: '',
  accessTokenEndsAt: '2026-05-31T12:00:00.000Z',
}
export const site: Site = {
  id: '660000000000000000000001',
  name: 'Example store',
  sellerId: '660000000000000000000001',
  currency: 'GBP',
  currencies: ['GBP'],
  warehouses: [
    { id: standard, name: 'Default', isDefault: true },
    { id: express, name: 'Express', isDefault: false },
  ],
  warehouse: { id: standard, name: 'Default', isDefault: true },
}

export type Told = ScriptedAnswer | ((request: SeenRequest) => ScriptedAnswer)

export function scriptedCall(...answers: Told[]) {
  return scriptedCallAt({}, ...answers)
}

export function scriptedCallAt(
  changes: { account?: Partial<WishAccount>; app?: Record<string, string>; site?: Site; now?: Date },
  ...answers: Told[]
) {
  const { http, seen } = scriptedHttp(answers)
  const call: Call<WishAccount> = makeCall({
    connector: wish,
    account: { ...account, ...changes.account },
    app: changes.app ?? app,
    site: changes.site ?? site,
    now: () => changes.now ?? now,
    http,
  })
  return { call, seen }
}

/** A success in Wish's envelope. */
export function ok(data: unknown, code: unknown = 0): ScriptedAnswer {
  return { json: { code, message: '', data } }
}

export function refused(status: number, code: unknown, message: string): ScriptedAnswer {
  return { status, json: { code, message, data: {} } }
}

/** What was asked: method and path, query, body. */
export function asked(request: SeenRequest | undefined) {
  if (!request) throw new Error('Nothing was asked')
  const url = new URL(request.url)
  const body: unknown = request.body === undefined ? undefined : JSON.parse(request.body)
  return {
    what: `${request.method} ${url.pathname.replace('/api/v3', '')}`,
    query: Object.fromEntries(url.searchParams),
    body,
  }
}

/** The `data` of `wish/fixtures/`, with some fields changed; `undefined` takes a field out. */
export const fixture = (name: string, changes: JsonObject = {}): JsonObject => fixtureOf('wish', name, changes)
