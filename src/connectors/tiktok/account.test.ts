import { describe, expect, test } from 'vitest'
import type { HttpRequest } from '../connector.ts'
import { refusalOf } from '../scripted-reverb.ts'
import {
  account,
  app,
  asked,
  fixture,
  now,
  ok,
  refused,
  scriptedCall,
  scriptedCallAt,
  site,
} from '../scripted-tiktok.ts'
import { tiktok } from './index.ts'
import { signature } from './sign.ts'

const { consent, renewal } = tiktok
if (!consent || !renewal) throw new Error('TikTok Shop has both')

describe('signatures', () => {
  const secret = app.appSecret
  const common = { app_key: app.appKey, timestamp: 1_700_000_000 }
  const shop = { shop_cipher: 'GCP_demoCIPHER0001' }
  test.each([
    [
      'a body',
      '335aecc8b0e3871c8f1868957f10b2bba1e2cc192d61521bf6900a995520de8d',
      '/product/202309/products/1729592969712207008/inventory/update',
      { ...common, ...shop },
      '{"skus":[{"id":"1729592969712207013","inventory":[{"warehouse_id":"7068517275539719942","quantity":7}]}]}',
    ],
    [
      'a body and a query',
      '0030ba27bb8c68b0c37247f697350b97da065dae43c9ed6cfe7671228df8525e',
      '/order/202309/orders/search',
      { ...common, ...shop, page_size: 20, sort_field: 'update_time', sort_order: 'ASC' },
      '{"order_status":"AWAITING_SHIPMENT","update_time_ge":1699990000}',
    ],
    [
      'joined ids',
      '89b90452cde0c24606de91989c9228d637eaabd9dd16d3ae4566a18964e9340a',
      '/order/202507/orders',
      { ...common, ...shop, ids: '576461413038785752,576461413038785753' },
      '',
    ],
    [
      'a file',
      '0a631b77badf16c3b6495a4d88254d375d4464b9e8df56284f2bacab398803a6',
      '/product/202309/images/upload',
      common,
      '',
    ],
  ])('the vector with %s', (_name, expected, path, query, body) => {
    expect(signature(secret, { path, query, body })).toBe(expected)
  })

  test('the vendor’s own vector', () => {
    const query = { app_key: '29a39d', timestamp: 1_623_812_664 }
    expect(signature('e59af819cc', { path: '/authorization/202309/shops', query, body: '' })).toBe(
      'b596b73e0cc6de07ac26f036364178ab16b0a907af13d43f0a0cd2345f582dc8',
    )
  })

  test('what is sent is what was signed: the vector comes out of a whole call', async () => {
    const { call, seen } = scriptedCall(ok())
    const body = {
      skus: [{ id: '1729592969712207013', inventory: [{ warehouse_id: '7068517275539719942', quantity: 7 }] }],
    }
    const url = '/product/202309/products/1729592969712207008/inventory/update'
    await call.send({ method: 'POST', url, plan: 'inventory.update', body })
    expect(new URL(seen[0]?.url ?? '').searchParams.get('sign')).toBe(
      '335aecc8b0e3871c8f1868957f10b2bba1e2cc192d61521bf6900a995520de8d',
    )
    expect(seen[0]?.headers).toMatchObject({
      'x-tts-access-token': 'ROW_access',
      'content-type': 'application/json',
    })
  })

  test('a file is not signed and keeps its own content type', async () => {
    const { call, seen } = scriptedCall(ok())
    const bytes = { contentType: 'multipart/form-data; boundary=x', content: Buffer.from('--x--') }
    await call.send({ method: 'POST', url: '/product/202309/images/upload', plan: 'images.upload', bytes })
    const query = new URL(seen[0]?.url ?? '').searchParams
    expect(query.get('sign')).toBe('0a631b77badf16c3b6495a4d88254d375d4464b9e8df56284f2bacab398803a6')
    expect(query.has('shop_cipher')).toBe(false)
    expect(seen[0]?.headers['content-type']).toBe('multipart/form-data; boundary=x')
  })

  const ask: HttpRequest = { method: 'GET', url: '/order/202507/orders', plan: 'orders.detail' }
  test.each<[string, Parameters<typeof scriptedCallAt>[0], string]>([
    ['no token', { account: { accessToken: '' } }, 'signed-out'],
    ['a token with a line break', { account: { accessToken: 'a\nb' } }, 'signed-out'],
    ['a shop the consent does not open', { site: { ...site, id: '1' } }, 'rejected'],
    ['no app secret', { app: { ...app, appSecret: '' } }, 'rejected'],
  ])('with %s nothing is sent', async (_name, changes, kind) => {
    const { call, seen } = scriptedCallAt(changes)
    expect(await refusalOf(call.send(ask))).toMatchObject({ kind })
    expect(seen).toEqual([])
  })
})

describe('the consent', () => {
  test('A4: opens the page of our app with our state and nothing secret', () => {
    const ask = { state: 'S+1', redirectUri: 'https://hub.example.test/x', siteId: null, account: {} }
    expect(consent.page(app, ask)).toEqual({
      host: 'authorize',
      url: '/open/authorize?service_id=7172&state=S%2B1',
    })
    expect(consent.page({ ...app, market: 'us' }, ask).host).toBe('authorize-us')
  })

  test.each([
    [
      { code: 'C', state: 'S', locale: 'en' },
      { kind: 'allowed', code: 'C', state: 'S', sellerId: null },
    ],
    [{ code: 'C' }, { kind: 'allowed', code: 'C', state: null, sellerId: null }],
    [
      { code: 'null', error: 'auth_denied', state: 'S' },
      { kind: 'refused', state: 'S' },
    ],
    [
      { code: 'null', state: 'S' },
      { kind: 'not-understood', state: 'S' },
    ],
    [{}, { kind: 'not-understood', state: null }],
  ])('understands %j', (query: Record<string, string>, answer) => {
    expect(consent.read(query)).toMatchObject(answer)
  })

  const allowed = { kind: 'allowed', code: 'C1', state: 'S', sellerId: null } as const
  const empty = { accessToken: '', refreshToken: '', openId: '', ciphers: '' }

  test('A4: the code becomes the account, with the shops it opens', async () => {
    const { call, seen } = scriptedCallAt({ account: empty }, ok(fixture('token')), ok(fixture('shops')))
    expect(await consent.exchange(call, allowed, '')).toEqual({
      accessToken: 'ROW_accessNEW',
      accessTokenSince: now.toISOString(),
      accessTokenEndsAt: '2023-11-21T22:13:20.000Z',
      refreshToken: 'ROW_refreshNEW',
      refreshTokenEndsAt: '2024-11-13T22:13:20.000Z',
      openId: '7010736057180325637',
      sellerName: 'Example seller',
      ciphers: '{"7495540735365777507":"GCP_demoCIPHER0001"}',
    })
    expect(asked(seen[0])).toMatchObject({
      what: 'GET /api/v2/token/get',
      host: 'auth.tiktok-shops.com',
      query: { app_secret: app.appSecret, auth_code: 'C1', grant_type: 'authorized_code' },
    })
    expect(new URL(seen[0]?.url ?? '').searchParams.has('sign')).toBe(false)
    expect(asked(seen[1]).what).toBe('GET /authorization/202309/shops')
    expect(asked(seen[1]).query).toEqual({})
    expect(seen[1]?.headers['x-tts-access-token']).toBe('ROW_accessNEW')
  })

  test.each([
    [refused(36004004, 'Invalid auth code.'), 'rejected'],
    [refused(36004004, 'Invalid auth code.', 400), 'rejected'],
    [ok(fixture('token', { user_type: 1 })), 'rejected'],
    [ok({}), 'unclear'],
    [{ failure: { kind: 'timeout', sent: true } } as const, 'unclear'],
  ])('what cannot be an account ends in a refusal: %j', async (answer, kind) => {
    const { call } = scriptedCallAt({ account: empty }, answer)
    expect(await refusalOf(consent.exchange(call, allowed, ''))).toMatchObject({ kind })
  })
})

describe('the renewal', () => {
  test('is due when half of the life of the token is left, so that a lost answer leaves days', () => {
    expect(renewal.dueAt(account)).toEqual(new Date('2023-11-13T12:00:00Z'))
    expect(renewal.endsAt(account)).toEqual(new Date('2023-11-17T00:00:00Z'))
    expect(renewal.dueAt({ ...account, accessTokenEndsAt: '' })).toBeNull()
  })

  test('asks with the right grant and keeps both new tokens', async () => {
    const { call, seen } = scriptedCall(ok(fixture('token')), ok(fixture('shops')))
    expect(await renewal.renew(call)).toMatchObject({ accessToken: 'ROW_accessNEW', refreshToken: 'ROW_refreshNEW' })
    expect(asked(seen[0])).toMatchObject({
      what: 'GET /api/v2/token/refresh',
      query: { refresh_token: 'ROW_refresh', grant_type: 'refresh_token' },
    })
  })

  test('a token that is won is not lost because the shops could not be listed', async () => {
    const { call } = scriptedCall(ok(fixture('token')), { status: 503, body: '' })
    expect(await renewal.renew(call)).toMatchObject({ accessToken: 'ROW_accessNEW', ciphers: account.ciphers })
  })

  test.each([
    [refused(36004001, 'rt has expired'), 'signed-out'],
    [refused(36004009, 'refresh token is invalid'), 'signed-out'],
    [refused(36004007, 'Invalid app_secret'), 'rejected'],
    [refused(36009003, 'Internal error. Please try again.'), 'unclear'],
    [{ failure: { kind: 'reset', sent: true } } as const, 'unclear'],
    [{ failure: { kind: 'refused', sent: false } } as const, 'wait'],
  ])('T2: %j', async (answer, kind) => {
    const { call } = scriptedCall(answer)
    expect(await refusalOf(renewal.renew(call))).toMatchObject({ kind })
  })
})

describe('the shops', () => {
  test('A4: each with its currency and the warehouses that send', async () => {
    const { call, seen } = scriptedCall(ok(fixture('shops')), ok(fixture('warehouses')))
    expect(await tiktok.findSites(call)).toEqual([
      {
        ...site,
        warehouses: [
          { id: '7068517275539719942', name: 'Main', isDefault: true },
          { id: '7068517275539719943', name: 'Second', isDefault: false },
        ],
      },
    ])
    expect(asked(seen[1])).toMatchObject({
      what: 'GET /logistics/202309/warehouses',
      query: { shop_cipher: 'GCP_demoCIPHER0001' },
    })
  })

  test.each([
    [ok({ shops: [] }), 'rejected'],
    [ok({ shops: [{ id: '1', cipher: 'c', name: 'x', region: 'ZZ' }] }), 'rejected'],
    [refused(105002, 'Expired credentials.', 401), 'signed-out'],
    [{ status: 429, headers: { 'retry-after': '7' } }, 'wait'],
  ])('none, or a refusal: %j', async (answer, kind) => {
    const { call } = scriptedCall(answer)
    expect(await refusalOf(tiktok.findSites(call))).toMatchObject({ kind })
  })
})
