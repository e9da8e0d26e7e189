import { expect, test } from 'vitest'
import { createTestClient } from './test-client.ts'
import type { TestClient } from './test-client.ts'
import type { Heard } from './test-client.ts'
import type { WishOptions } from './index.ts'

const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString()

function connect(options: WishOptions = {}) {
  const client = createTestClient(options)
  const account = client.sandbox.account()
  const app = { client_id: account.clientId, client_secret: account.clientSecret }
  const refresh = (token: string) =>
    client.call('GET', `oauth/refresh_token?${form({ ...app, grant_type: 'refresh_token', refresh_token: token })}`, {
      token: null,
    })
  const redeem = (code: string, more: Record<string, string> = {}) =>
    client.call('POST', 'oauth/access_token', {
      body: {
        ...app,
        code,
        redirect_uri: 'http://127.0.0.1:8080/connect/wish',
        grant_type: 'authorization_code',
        ...more,
      },
      token: null,
    })
  const test = (token: string) => client.call('GET', 'oauth/test', { token })
  return { client, account, app, refresh, redeem, test }
}

/** Signs in and answers, as a person without scripts would. */
async function consent(
  client: TestClient,
  { user = 'first-seller', answer = 'confirm', allow = true, more = {} }: ConsentOptions = {},
): Promise<Heard> {
  const path = `/v3/oauth/authorize?client_id=${client.sandbox.account().clientId}&state=abc`
  const page = await client.call('GET', path, { token: null })
  expect(page.text).toContain('Sign in')
  const signIn = { username: user, password: `${user}-password`, back: path }
  const cookie =
    (await client.call('POST', '/v3/sign-in', { body: form(signIn), token: null })).headers['set-cookie'] ?? ''
  const asked = await client.call('GET', path, { token: null, headers: { cookie } })
  expect(asked.text).toContain('I allow Fairlead')
  const sent = {
    client_id: client.sandbox.account().clientId,
    state: 'abc',
    back: path,
    answer,
    ...(allow ? { allow: 'yes' } : {}),
    ...more,
  }
  return client.call('POST', '/v3/oauth/authorize', { body: form(sent), token: null, headers: { cookie } })
}
type ConsentOptions = { user?: string; answer?: string; allow?: boolean; more?: Record<string, string> }

const queryOf = (heard: Heard) => Object.fromEntries(new URL(heard.headers['location'] ?? '').searchParams)

test('the seller signs in, ticks and confirms, and comes back with a code and nothing else', async () => {
  const { client, redeem, test: whose } = connect()
  const back = await consent(client)
  expect(back.status).toBe(302)
  const query = queryOf(back)
  expect(Object.keys(query)).toEqual(['code'])
  const given = (await redeem(query['code'] ?? '')).data as { access_token: string; merchant_id: string }
  expect((await whose(given.access_token)).data).toEqual({ merchant_id: client.sandbox.account().merchantId })
})

test('without the tick nothing is allowed; a refusal comes back as an error, or not at all', async () => {
  const { client } = connect()
  const asked = await consent(client, { allow: false })
  expect([asked.status, asked.headers['location']]).toEqual([200, undefined])
  expect(asked.text).toContain('Tick the box')
  expect(queryOf(await consent(client, { answer: 'refuse' }))).toEqual({ error: 'access_denied' })
  client.sandbox.control.choices.refusal = 'stay'
  expect((await consent(client, { answer: 'refuse' })).status).toBe(200)
})

test('another seller who consents is another merchant', async () => {
  const { client, redeem, account } = connect()
  const code = queryOf(await consent(client, { user: 'second-seller' }))['code'] ?? ''
  const given = (await redeem(code)).data as { merchant_id: string }
  expect(given.merchant_id).not.toBe(account.merchantId)
})

test('a wrong password is said on the page and signs nobody in', async () => {
  const { client } = connect()
  const signIn = { username: 'first-seller', password: 'wrong', back: '/v3/app-store' }
  const heard = await client.call('POST', '/v3/sign-in', { body: form(signIn), token: null })
  expect([heard.status, heard.headers['set-cookie']]).toEqual([200, undefined])
  expect(heard.text).toContain('not right')
})

test('W4: a code works once and for five minutes', async () => {
  const { client, redeem } = connect()
  const code = queryOf(await consent(client))['code'] ?? ''
  expect((await redeem(code)).status).toBe(200)
  expect(await redeem(code)).toMatchObject({ status: 400, code: 10_002 })
  const late = queryOf(await consent(client))['code'] ?? ''
  client.pass(301)
  expect(await redeem(late)).toMatchObject({ status: 400, code: 10_004 })
  expect(await redeem('nonsense')).toMatchObject({ status: 400, code: 10_008 })
  expect(await redeem(late, { redirect_uri: 'http://elsewhere.test/' })).toMatchObject({ status: 400, code: 10_001 })
  expect(await redeem(late, { grant_type: 'password' })).toMatchObject({ status: 400, code: 1001 })
})

test('W3: a refresh revokes every older access token at that moment', async () => {
  const { account, refresh, test: whose } = connect()
  const [one, two] = [account.accessToken, account.refreshToken]
  expect((await whose(one)).status).toBe(200)
  const given = (await refresh(two)).data as { access_token: string; refresh_token: string }
  expect(await whose(one)).toMatchObject({ status: 401, code: 1008 })
  expect((await whose(given.access_token)).status).toBe(200)
  expect(given.refresh_token).not.toBe(two)
})

test('the older refresh token works until the newer one was used, so that a lost answer loses nothing', async () => {
  const { account, refresh } = connect()
  const lost = (await refresh(account.refreshToken)).data as { refresh_token: string }
  const again = (await refresh(account.refreshToken)).data as { refresh_token: string }
  // The pair nobody heard of ended.
  expect(await refresh(lost.refresh_token)).toMatchObject({ status: 400, code: 1006 })
  expect((await refresh(again.refresh_token)).status).toBe(200)
  expect(await refresh(account.refreshToken)).toMatchObject({ status: 400, code: 1006 })
})

test('by choice the older refresh token ends at once, or there is only one for ever', async () => {
  const ending = connect({ choices: { oldRefreshToken: 'ends' } })
  expect((await ending.refresh(ending.account.refreshToken)).status).toBe(200)
  expect(await ending.refresh(ending.account.refreshToken)).toMatchObject({ code: 1006 })
  const lasting = connect({ choices: { rotateRefreshToken: false } })
  const given = (await lasting.refresh(lasting.account.refreshToken)).data as { refresh_token: string }
  expect(given.refresh_token).toBe(lasting.account.refreshToken)
  expect((await lasting.refresh(lasting.account.refreshToken)).status).toBe(200)
})

test('an access token ends after 30 days, and a revoked account comes back with what it had', async () => {
  const { client, account, test: whose } = connect()
  client.sandbox.control.revokeAccount()
  expect(await whose(account.accessToken)).toMatchObject({ code: 1008 })
  client.sandbox.control.restoreAccount()
  expect((await whose(account.accessToken)).status).toBe(200)
  client.pass(30 * 86_400)
  expect(await whose(account.accessToken)).toMatchObject({ status: 401, code: 1007 })
})

test('a store closed by Wish is refused everywhere, also a refresh', async () => {
  const { client, account, refresh } = connect()
  client.sandbox.control.setMerchant({ isDisabled: true })
  expect(await client.call('GET', 'orders')).toMatchObject({ status: 400, code: 1002 })
  expect(await refresh(account.refreshToken)).toMatchObject({ status: 400, code: 1002 })
})

test('the seller makes an app of his own on the console, and both apps hold tokens side by side', async () => {
  const { client, account, test: whose } = connect()
  const made = await client.call('POST', '/__sandbox/apps', {
    body: { name: 'Mine', redirectUri: 'http://127.0.0.1:9/back' },
  })
  const app = JSON.parse(made.text) as { clientId: string; clientSecret: string }
  const signIn = { username: 'first-seller', password: 'first-seller-password', back: '/v3/app-store' }
  const cookie = (await client.call('POST', '/v3/sign-in', { body: form(signIn) })).headers['set-cookie'] ?? ''
  const body = form({ client_id: app.clientId, allow: 'yes', answer: 'confirm' })
  const code = queryOf(await client.call('POST', '/v3/oauth/authorize', { body, headers: { cookie } }))['code'] ?? ''
  const redeemed = await client.call('POST', 'oauth/access_token', {
    body: {
      client_id: app.clientId,
      client_secret: app.clientSecret,
      code,
      grant_type: 'authorization_code',
      redirect_uri: 'http://127.0.0.1:9/back',
    },
  })
  expect((await whose((redeemed.data as { access_token: string }).access_token)).status).toBe(200)
  expect((await whose(account.accessToken)).status).toBe(200)
})

test('no token, an unknown one and an unknown page are told apart; v2 is gone', async () => {
  const { client } = connect()
  expect(await client.call('GET', 'orders', { token: null })).toMatchObject({ status: 401, code: 1012 })
  expect(await client.call('GET', 'orders', { token: 'abc' })).toMatchObject({ status: 401, code: 1006 })
  expect((await client.call('GET', '/api/v2/order')).status).toBe(404)
})

test('a seller may allow less where the choice says so, and what he left out is refused', async () => {
  const { client, redeem } = connect({ choices: { partialConsent: true } })
  const heard = await consent(client, { more: { 'scope orders:read': 'yes' } })
  const given = (await redeem(queryOf(heard)['code'] ?? '')).data as { access_token: string; scopes: string[] }
  expect(given.scopes).toEqual(['orders:read'])
  expect((await client.call('GET', 'orders', { token: given.access_token })).status).toBe(200)
  expect(await client.call('GET', 'products', { token: given.access_token })).toMatchObject({ status: 400, code: 1006 })
})
