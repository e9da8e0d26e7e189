// A call to a Wish that answers as told, for the tests of its connector.
import { readFileSync } from 'node:fs'
import { makeCall } from './call.ts'
import { RefusedError } from './connector.ts'
import type { Call, Refusal, Site } from './connector.ts'
import { scriptedHttp } from './scripted-http.ts'
import type { ScriptedAnswer, SeenRequest } from './scripted-http.ts'
import { asObject } from './reading.ts'
import type { JsonObject } from './reading.ts'
import type { WishAccount } from './wish/account.ts'
import { wish } from './wish/index.ts'

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

export async function refusalOf(work: Promise<unknown>): Promise<Refusal> {
  try {
    await work
  } catch (error) {
    if (error instanceof RefusedError) return error.refusal
    throw error
  }
  throw new Error('Expected a refusal')
}

/** The `data` of `wish/fixtures/`, with some fields changed; `undefined` takes a field out. */
export function fixture(name: string, changes: JsonObject = {}): JsonObject {
  const text = readFileSync(new URL(`wish/fixtures/${name}.json`, import.meta.url), 'utf8')
  const body = asObject(JSON.parse(text)) ?? {}
  return Object.fromEntries(Object.entries({ ...body, ...changes }).filter(([, value]) => value !== undefined))
}
