// A call to a TikTok Shop that answers as told, for the tests of its connector.
import { makeCall } from './call.ts'
import type { Call, Site } from './connector.ts'
import { fixtureOf, pictureOver, scriptedHttp } from './scripted-http.ts'
import type { ScriptedAnswer, SeenRequest } from './scripted-http.ts'
import type { TikTokAccount } from './tiktok/account.ts'
import { tiktok } from './tiktok/index.ts'
import type { JsonObject } from './reading.ts'

/** The time of the signature vectors. */
export const now = new Date(1_700_000_000_000)
export const app = { appKey: '6demo1a2b3', appSecret: '0123456789abcdef0123456789abcdef01234567', serviceId: '7172' }
export const [mainWarehouse, secondWarehouse] = ['7068517275539719942', '7068517275539719943'] as const

export const account: TikTokAccount = {
  accessToken: 'ROW_access',
  accessTokenSince: '2023-11-10T00:00:00.000Z',
  accessTokenEndsAt: '2023-11-17T00:00:00.000Z',
  refreshToken: 'ROW_refresh',
  refreshTokenEndsAt: '2024-11-13T00:00:00.000Z',
  openId: '7010736057180325637',
  sellerName: 'Example seller',
  ciphers: '{"7495540735365777507":"GCP_demoCIPHER0001"}',
}

export const site: Site = {
  id: '7495540735365777507',
  name: 'Example shop',
  sellerId: account.openId,
  currency: 'GBP',
  currencies: ['GBP'],
  warehouses: [{ id: mainWarehouse, name: 'Main', isDefault: true }],
}

export const twoWarehouses: Site = {
  ...site,
  warehouses: [
    { id: mainWarehouse, name: 'Main', isDefault: true },
    { id: secondWarehouse, name: 'Second', isDefault: false },
  ],
}

export type Told = ScriptedAnswer | ((request: SeenRequest) => ScriptedAnswer)

export function scriptedCall(...answers: Told[]) {
  return scriptedCallAt({}, ...answers)
}

export function scriptedCallAt(
  changes: { site?: Site; account?: Partial<TikTokAccount>; app?: Record<string, string>; now?: Date },
  ...answers: Told[]
) {
  const { http, seen } = scriptedHttp(answers)
  const call: Call<TikTokAccount> = makeCall({
    connector: tiktok,
    account: { ...account, ...changes.account },
    app: changes.app ?? app,
    site: changes.site ?? site,
    now: () => changes.now ?? now,
    http,
    picture: pictureOver(http),
  })
  return { call, seen }
}

/** A success with this data. */
export function ok(data: object | null = {}): ScriptedAnswer {
  return { json: { code: 0, message: 'Success', request_id: '202311150613200123456789ABCDEF0123', data } }
}

/** A refusal as business ones come: with HTTP 200. */
export function refused(code: number, message = 'Refused.', status = 200): ScriptedAnswer {
  return { status, json: { code, message, request_id: '202311150613200123456789ABCDEF0123', data: null } }
}

/** What was asked: method and path, query without what every request has, body. */
export function asked(request: SeenRequest | undefined) {
  if (!request) throw new Error('Nothing was asked')
  const url = new URL(request.url)
  const body: unknown = request.body === undefined ? undefined : JSON.parse(request.body)
  const { app_key: _key, timestamp: _time, sign: _sign, ...query } = Object.fromEntries(url.searchParams)
  return { what: `${request.method} ${url.pathname}`, host: url.host, query, body }
}

/** A body of `tiktok/fixtures/`, with some fields changed; `undefined` takes a field out. */
export const fixture = (name: string, changes: JsonObject = {}): JsonObject => fixtureOf('tiktok', name, changes)

/** The order of the fixture with its units changed, by their place. */
export function orderWith(changes: JsonObject, ...units: (JsonObject | undefined)[]): JsonObject {
  const order = fixture('order', changes)
  const items = (order['line_items'] as JsonObject[]).map((item, index) => ({ ...item, ...units[index] }))
  return { ...order, line_items: items }
}
