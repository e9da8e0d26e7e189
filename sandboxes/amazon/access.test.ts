import { expect, test } from 'vitest'
import { createTestClient } from './test-client.ts'
import type { Heard, TestClient } from './test-client.ts'

const who = '/sellers/v1/marketplaceParticipations'
const redirect = 'http://127.0.0.1:8080/amazon'

function token(client: TestClient, fields: Record<string, string>, how: 'form' | 'json' = 'form'): Promise<Heard> {
  const { clientId, clientSecret } = client.sandbox.account
  const all = { client_id: clientId, client_secret: clientSecret, ...fields }
  const body = how === 'json' ? all : new URLSearchParams(all).toString()
  const headers = how === 'json' ? {} : { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' }
  return client.call('POST', '/auth/o2/token', { body, headers, token: null })
}
const refresh = (client: TestClient) =>
  token(client, { grant_type: 'refresh_token', refresh_token: client.sandbox.account.refreshToken })

/** Posts a page's form as a browser does. */
const submit = (client: TestClient, path: string, fields: Record<string, string>) =>
  client.call('POST', path, {
    body: new URLSearchParams(fields).toString(),
    token: null,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })

function consentPath(client: TestClient, more: Record<string, string> = {}): string {
  const query = { application_id: client.sandbox.account.applicationId, state: 'S-1', redirect_uri: redirect, ...more }
  return `/apps/authorize/consent?${new URLSearchParams(query)}`
}

async function consent(client: TestClient, decision: Record<string, string>): Promise<Heard> {
  const path = consentPath(client)
  expect((await client.call('GET', path, { token: null })).text).toContain('Sign in')
  const signedIn = await submit(client, path, { step: 'sign-in', email: 'seller@example.test', password: 'sandbox' })
  const session = /name="session" value="(\w+)"/.exec(signedIn.text)?.[1] ?? ''
  return submit(client, path, { step: 'decide', session, account: 'A2SANDBOXSELL2 eu', ...decision })
}

test('a token is renewed by form and by JSON, ends after an hour, and says so in words clients look for', async () => {
  const client = createTestClient()
  for (const how of ['form', 'json'] as const) {
    const fields = { grant_type: 'refresh_token', refresh_token: client.sandbox.account.refreshToken }
    const heard = await token(client, fields, how)
    expect(heard.body).toMatchObject({
      token_type: 'bearer',
      expires_in: 3600,
      refresh_token: client.sandbox.account.refreshToken,
    })
  }
  expect((await client.call('GET', who)).status).toBe(200)
  client.pass(3600)
  const late = await client.call('GET', who)
  expect(late.status).toBe(403)
  expect(late.text).toMatch(/access token.*expired/)
  expect(late.headers).not.toHaveProperty('x-amzn-RateLimit-Limit')
  expect(late.headers).toHaveProperty('x-amzn-RequestId')
})

test('a wrong secret, a consent taken back and a grant nobody knows are refused as OAuth errors', async () => {
  const client = createTestClient()
  const wrong = await token(client, { grant_type: 'refresh_token', refresh_token: 'x', client_secret: 'no' })
  expect([wrong.status, wrong.body['error']]).toEqual([401, 'invalid_client'])
  expect((await token(client, { grant_type: 'password' })).body['error']).toBe('unsupported_grant_type')
  client.sandbox.control.revokeAccount()
  const revoked = await refresh(client)
  expect([revoked.status, revoked.body['error']]).toEqual([400, 'invalid_grant'])
  expect((await client.call('GET', who)).text).toContain('revoked, malformed or invalid')
  client.sandbox.control.restoreAccount()
  expect((await refresh(client)).status).toBe(200)
})

test('a consent ends in a code that works once, for five minutes, for the account that was chosen', async () => {
  const client = createTestClient()
  expect((await consent(client, { decision: 'confirm' })).text).toContain('Tick the box')
  const allowed = await consent(client, { decision: 'confirm', agreed: 'yes' })
  expect(allowed.status).toBe(302)
  const { searchParams } = new URL(allowed.headers['location'] ?? '')
  expect(Object.fromEntries(searchParams)).toMatchObject({ state: 'S-1', selling_partner_id: 'A2SANDBOXSELL2' })
  const code = searchParams.get('spapi_oauth_code') ?? ''
  const exchange = () => token(client, { grant_type: 'authorization_code', code, redirect_uri: redirect })
  const first = await exchange()
  const second = await exchange()
  expect(second.body).toMatchObject({ error: 'invalid_grant', error_description: expect.stringMatching(/: code$/) })
  const seen = await client.call('GET', who, { token: String(first.body['access_token']) })
  expect(seen.text).toContain('The Other Shop')
  const late = new URL((await consent(client, { decision: 'confirm', agreed: 'yes' })).headers['location'] ?? '')
  client.pass(300)
  const lateCode = late.searchParams.get('spapi_oauth_code') ?? ''
  expect(
    (await token(client, { grant_type: 'authorization_code', code: lateCode, redirect_uri: redirect })).status,
  ).toBe(400)
})

test('a refusal leads back without a code, and a mistake of the app is shown with its number', async () => {
  const client = createTestClient()
  const refused = new URL((await consent(client, { decision: 'refuse' })).headers['location'] ?? '')
  expect(refused.searchParams.get('error')).toBe('access_denied')
  expect(refused.searchParams.has('spapi_oauth_code')).toBe(false)
  const page = async (more: Record<string, string>) =>
    (await client.call('GET', consentPath(client, more), { token: null })).text
  expect(await page({ redirect_uri: 'https://elsewhere.example/' })).toContain('MD5101')
  expect(await page({ redirect_uri: `${redirect}#x` })).toContain('MD5110')
  client.sandbox.control.choose({ appIsDraft: true })
  expect(await page({})).toContain('MD1000')
  expect(await page({ version: 'beta' })).toContain('Sign in')
})

test('a consent begun in the app store goes by our login address and comes back with both states', async () => {
  const client = createTestClient({ origin: 'http://amazon.test' })
  const store = `/apps/store/${client.sandbox.account.applicationId}`
  const sent = await submit(client, store, { account: 'A1SANDBOXSELL1 eu', login_uri: 'http://127.0.0.1:8080/login' })
  const opened = new URL(sent.headers['location'] ?? '')
  expect(opened.searchParams.get('selling_partner_id')).toBe('A1SANDBOXSELL1')
  const callback = new URL(opened.searchParams.get('amazon_callback_uri') ?? '')
  const back = { amazon_state: opened.searchParams.get('amazon_state') ?? '', state: 'S-2', redirect_uri: redirect }
  const path = `${callback.pathname}?${new URLSearchParams(back)}`
  expect((await client.call('GET', path, { token: null })).text).toContain('The Sandbox Shop')
  const allowed = await submit(client, path, { decision: 'confirm', agreed: 'yes' })
  const landed = new URL(allowed.headers['location'] ?? '')
  expect(landed.searchParams.get('state')).toBe('S-2')
  expect(landed.searchParams.get('spapi_oauth_code')).toBeTruthy()
  expect((await client.call('GET', path, { token: null })).status).toBe(400)
})

test('a consent is for one region: its token sees the sites and orders of that region only', async () => {
  const client = createTestClient()
  const { northAmerica } = client.sandbox.account
  const heard = await token(client, { grant_type: 'refresh_token', refresh_token: northAmerica.refreshToken })
  const american = String(heard.body['access_token'])
  const sites = await client.call('GET', who, { token: american })
  expect(sites.text).toContain(northAmerica.siteId)
  expect(sites.text).not.toContain('A1F83G8C2ARO7P')
  client.sandbox.control.placeOrders([{ lines: [{ sku: 'KET+FILTER', quantity: 1 }] }])
  const query = { lastUpdatedAfter: '2026-03-01T00:00:00Z' }
  expect((await client.call('GET', '/orders/2026-01-01/orders', { query, token: american })).body['orders']).toEqual([])
})

test('M4: each operation has its published plan for each seller, and no Retry-After', async () => {
  const client = createTestClient({ plans: true })
  const query = { lastUpdatedAfter: '2026-03-01T00:00:00Z' }
  const ask = () => client.call('GET', '/orders/2026-01-01/orders', { query })
  const statuses: number[] = []
  for (let call = 0; call < 21; call += 1) statuses.push((await ask()).status)
  expect(statuses.filter((status) => status === 200)).toHaveLength(20)
  const limited = await ask()
  expect(limited.body).toMatchObject({ errors: [{ code: 'QuotaExceeded' }] })
  expect(Object.keys(limited.headers)).not.toContain('retry-after')
  client.pass(179)
  expect((await ask()).headers['x-amzn-RateLimit-Limit']).toBe('0.0056')
  expect((await client.call('GET', who)).status).toBe(200)
  const fast = createTestClient({ plans: true, speed: 10 })
  const many = await Promise.all(
    Array.from({ length: 200 }, () => fast.call('GET', '/orders/2026-01-01/orders', { query })),
  )
  expect(many.every((heard) => heard.status === 200)).toBe(true)
})

test('a listing feed has a limit of its own: five in five minutes', async () => {
  const client = createTestClient({ plans: true })
  const { body: made } = await client.call('POST', '/feeds/2021-06-30/documents', {
    body: { contentType: 'application/json' },
  })
  const create = () =>
    client.call('POST', '/feeds/2021-06-30/feeds', {
      body: {
        feedType: 'JSON_LISTINGS_FEED',
        marketplaceIds: ['A1F83G8C2ARO7P'],
        inputFeedDocumentId: made['feedDocumentId'],
      },
    })
  const statuses: number[] = []
  for (let call = 0; call < 6; call += 1) statuses.push((await create()).status)
  expect(statuses).toEqual([202, 202, 202, 202, 202, 429])
})

test('a body on GET, a user agent without end and a path nobody knows are refused', async () => {
  const client = createTestClient()
  expect((await client.call('GET', who, { headers: { 'content-length': '0' } })).status).toBe(400)
  expect((await client.call('GET', who, { headers: { 'user-agent': 'x'.repeat(501) } })).status).toBe(400)
  const unknown = await client.call('GET', '/orders/v9/orders')
  expect(unknown.body).toMatchObject({ errors: [{ code: 'MissingAuthenticationToken' }] })
})

test('what is known survives a restart, and what was promised still comes', async () => {
  const client = createTestClient()
  const { control } = client.sandbox
  const number = control.placeOrders([{ lines: [{ sku: 'KET+FILTER', quantity: 1 }] }])[0]?.orders[0]?.number ?? ''
  const lineId = control.truth().orders[0]?.lines[0]?.lineId
  const packageDetail = {
    packageReferenceId: '1',
    carrierCode: 'DPD',
    trackingNumber: 'D1',
    shipDate: '2026-03-02T12:00:00Z',
    orderItems: [{ orderItemId: lineId, quantity: 1 }],
  }
  await client.call('POST', `/orders/v0/orders/${number}/shipmentConfirmation`, {
    body: { marketplaceId: 'A1F83G8C2ARO7P', packageDetail },
  })
  const next = createTestClient({ seed: 2, empty: true })
  next.sandbox.bringBack(client.sandbox.keep())
  const { account } = next.sandbox.introduce('http://amazon.test')
  expect(account['refreshToken']).toBe(client.sandbox.account.refreshToken)
  next.pass(31)
  await next.renew()
  const read = await next.call('GET', `/orders/2026-01-01/orders/${number}`, { query: { includedData: 'FULFILLMENT' } })
  expect(read.body['order']).toMatchObject({ fulfillment: { fulfillmentStatus: 'SHIPPED' } })
})
