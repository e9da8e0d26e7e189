// The gateway, the token host and the consent pages.
import { expect, test } from 'vitest'
import { createTestClient } from './test-client.ts'
import type { SandboxRequest } from '../kit/sandbox.ts'
import type { TestClient } from './test-client.ts'

const shops = '/authorization/202309/shops'
const search = '/order/202309/orders/search'
const redirectUri = 'http://127.0.0.1:4000/channels/tiktok/callback?from=hub'
const found = { query: { page_size: '10' }, body: {} }

const withRedirect = (options = {}) => createTestClient({ app: { redirectUri }, ...options })

/** Signs in, ticks and presses a button; gives where the browser is sent. */
async function consent(client: TestClient, { state, user = 'one', decision = 'confirm', tick = true }: Consent = {}) {
  const { serviceId } = client.sandbox.account
  const hidden = { service_id: serviceId, ...(state === undefined ? {} : { state }) }
  const signIn = { user_name: `seller-${user}`, password: `${user}-sells` }
  const page = await client.plain('GET', `/open/authorize?${new URLSearchParams(hidden).toString()}`)
  expect(page.text).toContain('Sign in')
  await client.plain('POST', '/open/authorize/sign-in', { ...hidden, ...signIn })
  const sent = { ...hidden, ...signIn, decision, ...(tick ? { agree: 'yes' } : {}) }
  return client.plain('POST', '/open/authorize/decide', sent)
}
type Consent = { state?: string; user?: 'one' | 'two'; decision?: string; tick?: boolean }

const callbackOf = (heard: { headers: Record<string, string> }) => new URL(heard.headers['location'] ?? '').searchParams

function tokenCall(client: TestClient, given: Record<string, string>) {
  const { appKey, appSecret } = client.sandbox.account
  const kind = 'auth_code' in given ? 'get' : 'refresh'
  const grant_type = kind === 'get' ? 'authorized_code' : 'refresh_token'
  const query = new URLSearchParams({ app_key: appKey, app_secret: appSecret, grant_type, ...given })
  return client.plain('GET', `/api/v2/token/${kind}?${query.toString()}`)
}

test('the gateway checks path, method, app key, timestamp, signature, token, scope and cipher, in this order', async () => {
  const client = createTestClient()
  const codes: Record<string, [number, unknown]> = {}
  const note = async (name: string, ...call: Parameters<TestClient['call']>) => {
    const { status, code } = await client.call(...call)
    codes[name] = [status, code]
  }
  const spoilSign = { tamper: (one: SandboxRequest) => ({ ...one, body: ' ' }) }
  await note('path', 'GET', '/authorization/202309/nothing')
  await note('method', 'PUT', shops)
  await note('version', 'GET', '/authorization/202212/shops')
  await note('app key', 'GET', shops, { query: { app_key: 'other' }, ...spoilSign })
  await note('late', 'GET', shops, { skew: -301, ...spoilSign })
  await note('early', 'GET', shops, { skew: 31, ...spoilSign })
  await note('sign', 'POST', search, { ...found, ...spoilSign, token: 'other' })
  await note('token', 'POST', search, { ...found, token: 'other', cipher: 'other' })
  await note('cipher missing', 'POST', search, { ...found, cipher: null })
  await note('cipher of others', 'POST', search, { ...found, cipher: 'GCP_other' })
  await note('cipher unwanted', 'GET', shops)
  await note('fine', 'GET', shops, { cipher: null, skew: -299 })
  client.sandbox.control.setScope('seller.order.info', false)
  await note('scope', 'POST', search, { ...found, cipher: 'GCP_other' })
  expect(codes).toEqual({
    path: [404, 36009009],
    method: [405, 36009010],
    version: [400, 36009014],
    'app key': [400, 36009004],
    late: [400, 36009004],
    early: [400, 36009004],
    sign: [401, 106001],
    token: [400, 36009004],
    'cipher missing': [400, 106013],
    'cipher of others': [400, 101000],
    'cipher unwanted': [400, 36009004],
    fine: [200, 0],
    scope: [403, 105005],
  })
})

test('one byte of the body more or less spoils the signature', async () => {
  const client = createTestClient()
  const tampered = { tamper: (one: SandboxRequest) => ({ ...one, body: `${one.body} ` }) }
  expect((await client.call('POST', search, { ...found, ...tampered })).code).toBe(106001)
  const upper = (one: SandboxRequest) => ({
    ...one,
    url: one.url.replace(/sign=\w+/, (text) => text.toUpperCase().replace('SIGN', 'sign')),
  })
  expect((await client.call('POST', search, { ...found, tamper: upper })).code).toBe(106001)
})

test('filters of a wrong type and missing fields are told in words, under the overloaded code', async () => {
  const client = createTestClient()
  const typed = await client.call('POST', search, { query: { page_size: '5' }, body: { create_time_ge: '1' } })
  expect(typed.message).toContain('param create_time_ge type invalid,actual type is:string,expected type is:int64')
  const missing = await client.call('PUT', '/event/202309/webhooks', { body: { event_type: 'ORDER_STATUS_CHANGE' } })
  expect([missing.code, missing.message]).toEqual([36009004, expect.stringContaining('param body.address is missing')])
  expect((await client.call('POST', search, { body: {} })).message).toContain('PageSize is a required field')
})

test('A2: consent ends in a code that works once and for half an hour, and brings absolute ends', async () => {
  const client = withRedirect()
  const callback = callbackOf(await consent(client, { state: 'a b&c' }))
  expect([callback.get('from'), callback.get('state'), callback.get('locale')]).toEqual(['hub', 'a b&c', 'en-GB'])
  const code = callback.get('code') ?? ''
  const { data } = await tokenCall(client, { auth_code: code })
  expect(data).toMatchObject({
    access_token_expire_in: client.now().getTime() / 1000 + 7 * 86_400,
    seller_name: 'Sandbox Seller One',
    granted_scopes: expect.arrayContaining(['seller.order.info']),
  })
  const { access_token } = data as { access_token: string }
  expect((await client.call('GET', shops, { cipher: null, token: access_token })).code).toBe(0)
  expect((await tokenCall(client, { auth_code: code })).code).toBe(36004004)
  const late = callbackOf(await consent(client)).get('code') ?? ''
  client.pass(30 * 60)
  expect((await tokenCall(client, { auth_code: late })).code).toBe(36004004)
})

test('A3: a refusal comes back as the text null, an unticked box does not count', async () => {
  const client = withRedirect()
  const refused = callbackOf(await consent(client, { state: 's', decision: 'refuse', tick: false }))
  expect([refused.get('code'), refused.get('error'), refused.get('state')]).toEqual(['null', 'auth_denied', 's'])
  const unticked = await consent(client, { state: 's', tick: false })
  expect([unticked.status, unticked.headers['location']]).toEqual([200, undefined])
  expect(unticked.text).toContain('Tick the box to confirm.')
})

test('begun at the app store the callback has no state, and another seller has other shops', async () => {
  const client = withRedirect()
  expect((await client.plain('GET', '/open/store')).text).toContain('Install app')
  const callback = callbackOf(await consent(client, { user: 'two' }))
  expect(callback.has('state')).toBe(false)
  const { data } = await tokenCall(client, { auth_code: callback.get('code') ?? '' })
  const { access_token } = data as { access_token: string }
  const heard = await client.call('GET', shops, { cipher: null, token: access_token })
  expect((heard.data as { shops: { name: string }[] }).shops.map((one) => one.name)).toEqual(['Other Shop UK'])
  expect((await client.call('POST', search, { ...found, token: access_token })).code).toBe(101000)
})

test('a link of an unknown app, a wrong password and an app without redirect are told to the person', async () => {
  const client = createTestClient()
  expect((await client.plain('GET', '/open/authorize?service_id=1')).status).toBe(400)
  const { serviceId, appKey } = client.sandbox.account
  expect((await client.plain('GET', `/oauth/authorize?app_key=${appKey}&state=x`)).status).toBe(200)
  const wrong = { service_id: serviceId, user_name: 'seller-one', password: 'no' }
  expect((await client.plain('POST', '/open/authorize/sign-in', wrong)).text).toContain('is wrong')
  expect((await consent(client)).status).toBe(400)
})

test('A9: a refresh uses up the refresh token, and reuse is refused unless there is a grace period', async () => {
  const client = createTestClient()
  const { refreshToken } = client.sandbox.account
  const first = await tokenCall(client, { refresh_token: refreshToken })
  expect(first.code).toBe(0)
  expect((await tokenCall(client, { refresh_token: refreshToken })).code).toBe(36004001)
  await client.plain('POST', '/__sandbox/choices', { refreshGraceSeconds: '60' })
  const again = await tokenCall(client, { refresh_token: refreshToken })
  expect(again.data).toEqual(first.data)
  client.pass(60)
  expect((await tokenCall(client, { refresh_token: refreshToken })).code).toBe(36004001)
})

test('access ends by time, by the seller and by ourselves, each in its own words', async () => {
  const client = createTestClient()
  const { control } = client.sandbox
  control.expireTokens()
  expect((await client.call('GET', shops, { cipher: null })).code).toBe(105002)
  const { data } = await tokenCall(client, { refresh_token: client.sandbox.account.refreshToken })
  const { access_token: token, refresh_token } = data as { access_token: string; refresh_token: string }
  control.revokeAccount()
  const revoked = await client.call('GET', shops, { cipher: null, token })
  expect([revoked.code, revoked.message]).toEqual([36009004, expect.stringContaining('x-tts-access-token')])
  expect((await tokenCall(client, { refresh_token })).code).toBe(36004001)
  control.restoreAccount()
  expect((await client.call('DELETE', '/authorization/202403/shops', { token })).code).toBe(0)
  expect((await client.call('POST', search, { ...found, token })).code).toBe(101000)
  client.pass(8 * 86_400)
  expect((await client.call('GET', shops, { cipher: null, token })).code).toBe(105002)
})

test('fifty calls a second for every shop and endpoint, then 429 with a wait', async () => {
  const client = createTestClient({ limit: { perSecond: 50, burst: 50 } })
  const statuses = []
  for (let count = 0; count < 52; count += 1) statuses.push((await client.call('POST', search, found)).status)
  expect(statuses.filter((one) => one === 200)).toHaveLength(50)
  const refused = await client.call('POST', search, found)
  expect([refused.status, refused.code, refused.headers['retry-after']]).toEqual([429, 36009002, '1'])
  const others = Object.values(JSON.parse(client.sandbox.account.ciphers) as Record<string, string>)
  expect((await client.call('POST', search, { ...found, cipher: others[1] ?? '' })).status).toBe(200)
  expect((await client.call('GET', '/logistics/202309/warehouses')).status).toBe(200)
  client.pass(1)
  expect((await client.call('POST', search, found)).status).toBe(200)
})

test('the log of requests shows no secret', async () => {
  const client = createTestClient()
  await tokenCall(client, { refresh_token: client.sandbox.account.refreshToken })
  const text = JSON.stringify(client.sandbox.control.requests())
  expect(text).not.toContain(client.sandbox.account.appSecret)
  expect(text).not.toContain(client.sandbox.account.refreshToken)
})
