import { describe, expect, test } from 'vitest'
import {
  account,
  app,
  asked,
  express,
  fixture,
  now,
  ok,
  refusalOf,
  refused,
  scriptedCall,
  scriptedCallAt,
  standard,
} from '../scripted-wish.ts'
import { wish } from './index.ts'

const consent = wish.consent ?? raise('Wish has a consent')
const renewal = wish.renewal ?? raise('Wish renews')
const allowed = { kind: 'allowed', code: 'c0de', state: null, sellerId: null } as const
const address = 'https://hub.example.test/back'
const merchant = ok({ merchant_id: '660000000000000000000001' })
const details = ok({ status: 'ACTIVE', revenue_type: 'REV_SHARE', display_name: 'Example store' })
const money = ok({ localized_currency: 'GBP', product_boost_currency: 'USD' })
const warehouses = ok(fixture('warehouses')['list'])

describe('findSites', () => {
  test('A5, W10: one merchant, his one currency and his warehouses, the standard one as default', async () => {
    const { call, seen } = scriptedCall(merchant, details, money, warehouses)
    expect(await wish.findSites(call)).toEqual([
      {
        id: '660000000000000000000001',
        name: 'Example store',
        sellerId: '660000000000000000000001',
        currency: 'GBP',
        currencies: ['GBP'],
        warehouses: [
          { id: express, name: 'Express', isDefault: false },
          { id: standard, name: 'Default', isDefault: true },
        ],
      },
    ])
    expect(seen.map((request) => asked(request).what)).toEqual([
      'GET /oauth/test',
      'GET /merchant/account_details',
      'GET /merchant/currency_settings',
      'GET /merchant/warehouses',
    ])
    expect(seen[0]?.headers).toMatchObject({ authorization: 'Bearer access-1', 'accept-language': 'en' })
  })

  test('a merchant whose currency is not said is no site', async () => {
    const { call } = scriptedCall(merchant, details, ok({}), warehouses)
    expect(await refusalOf(wish.findSites(call))).toMatchObject({ kind: 'rejected' })
  })

  test.each(['', '  ', 'two words', 'schlüssel'])('refuses %j as a token before sending anything', async (token) => {
    const { call, seen } = scriptedCallAt({ account: { accessToken: token } })
    expect(await refusalOf(wish.findSites(call))).toMatchObject({ kind: 'signed-out' })
    expect(seen).toEqual([])
  })
})

describe('A5: consent', () => {
  const ask = { state: 'st/1', redirectUri: address, siteId: null }

  test('opens Wish’s page for our app, or for the seller’s own', () => {
    expect(consent.page(app, { ...ask, account })).toEqual({
      host: 'merchant',
      url: '/v3/oauth/authorize?client_id=640000000000000000000001&state=st%2F1',
    })
    const own = consent.page(app, { ...ask, account: { clientId: ' own ', clientSecret: 's' } })
    expect(own.url).toContain('client_id=own&')
    expect(wish.http.hosts).toHaveProperty('merchant')
  })

  test('without any app there is nothing to open', () => {
    expect(() => consent.page({}, { ...ask, account })).toThrow(/client ID/)
  })

  test('understands what comes back, with and without a state', () => {
    expect(consent.read({ code: 'c0de' })).toEqual(allowed)
    expect(consent.read({ code: 'c0de', state: 's' })).toMatchObject({ kind: 'allowed', state: 's' })
    expect(consent.read({ error: 'access_denied' })).toEqual({ kind: 'refused', state: null, reason: 'access_denied' })
    expect(consent.read({ hello: 'x' })).toEqual({ kind: 'not-understood', state: null })
  })

  test('exchanges the code, unsigned, and keeps both tokens with their end', async () => {
    const { call, seen } = scriptedCall(ok(fixture('tokens')))
    expect(await consent.exchange(call, allowed, address)).toEqual({
      accessToken: 'access-2',
      refreshToken: 'refresh-2',
      clientId: '',
      clientSecret: '',
      accessTokenEndsAt: '2026-06-01T12:00:00.000Z',
    })
    expect(asked(seen[0])).toMatchObject({ what: 'POST /oauth/access_token' })
    expect(asked(seen[0]).body).toEqual({
      client_id: app.clientId,
      client_secret: app.clientSecret,
      code: 'c0de',
      grant_type: 'authorization_code',
      redirect_uri: address,
    })
    expect(seen[0]?.headers).not.toHaveProperty('authorization')
  })

  test('the seller’s own app is used whole, never mixed with ours', async () => {
    const own = { clientId: 'own', clientSecret: '' }
    const { call, seen } = scriptedCallAt({ account: own }, ok(fixture('tokens')))
    expect(await consent.exchange(call, allowed, address)).toMatchObject(own)
    expect(asked(seen[0]).body).toMatchObject({ client_id: 'own', client_secret: '' })
  })

  test('rights that were not given are named', async () => {
    const { call } = scriptedCall(ok(fixture('tokens', { scopes: ['orders:read', 'merchant:read', 'products:read'] })))
    const refusal = await refusalOf(consent.exchange(call, allowed, address))
    expect(refusal).toMatchObject({ kind: 'rejected', reason: expect.stringMatching(/products:write, orders:write/) })
  })

  test('W4: a code used before is refused in Wish’s words, a lost answer is unclear', async () => {
    const used = scriptedCall(refused(400, 10002, 'The authorization code has already been redeemed'))
    expect(await refusalOf(consent.exchange(used.call, allowed, address))).toMatchObject({
      kind: 'rejected',
      reason: expect.stringContaining('already been redeemed'),
    })
    const lost = scriptedCall({ failure: { kind: 'timeout', sent: true } })
    expect(await refusalOf(consent.exchange(lost.call, allowed, address))).toMatchObject({ kind: 'unclear' })
  })
})

describe('renewal', () => {
  test('is due at half of the thirty days, at once for a typed token, never without a refresh token', () => {
    expect(renewal.dueAt(account)).toEqual(new Date('2026-05-16T12:00:00.000Z'))
    expect(renewal.endsAt(account)).toEqual(new Date('2026-05-31T12:00:00.000Z'))
    expect(renewal.dueAt({ ...account, accessTokenEndsAt: '' })?.getTime()).toBeLessThan(now.getTime())
    expect(renewal.dueAt({ ...account, refreshToken: '' })).toBeNull()
    expect(renewal.endsAt({ ...account, accessTokenEndsAt: '' })).toBeNull()
  })

  test('W3: asks with the app’s credentials and gives both new tokens back', async () => {
    const { call, seen } = scriptedCall(ok(fixture('tokens')))
    expect(await renewal.renew(call)).toEqual({
      ...account,
      accessToken: 'access-2',
      refreshToken: 'refresh-2',
      accessTokenEndsAt: '2026-06-01T12:00:00.000Z',
    })
    expect(asked(seen[0])).toMatchObject({
      what: 'GET /oauth/refresh_token',
      query: {
        client_id: app.clientId,
        client_secret: app.clientSecret,
        refresh_token: 'refresh-1',
        grant_type: 'refresh_token',
      },
    })
    expect(seen[0]?.headers).not.toHaveProperty('authorization')
  })

  test.each([
    ['a refused refresh token', refused(400, 1006, 'Unauthorized access on this API'), 'signed-out'],
    ['a wrong secret', refused(400, '10001', 'Incorrect credentials.'), 'signed-out'],
    ['a disabled account', refused(400, 1002, 'Cannot access API due to account is disabled'), 'signed-out'],
    ['a slow-down', { status: 429 }, 'wait'],
    ['a lost answer', { failure: { kind: 'timeout', sent: true } }, 'unclear'],
    ['a request that never left', { failure: { kind: 'refused', sent: false } }, 'wait'],
    ['a fault over there', { status: 503 }, 'unclear'],
    ['a page of something in between', { status: 403, body: '<html>no</html>' }, 'unclear'],
    ['half an answer', ok({ access_token: 'access-2' }), 'unclear'],
  ] as const)('%s', async (_name, answer, kind) => {
    expect((await refusalOf(renewal.renew(scriptedCall(answer).call))).kind).toBe(kind)
  })
})

function raise(message: string): never {
  throw new Error(message)
}
