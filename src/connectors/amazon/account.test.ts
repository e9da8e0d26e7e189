import { describe, expect, test } from 'vitest'
import { account, fixture, now, scriptedCall, scriptedCallAs, ukSite } from '../scripted-amazon.ts'
import { asked, refusalOf } from '../scripted-reverb.ts'
import { amazon } from './index.ts'

const sites = { json: fixture('participations') }
const noListings = { json: { numberOfResults: 0, items: [] } }

describe('findSites', () => {
  test('A3: names the Amazon sites the seller takes part in, and no other shops', async () => {
    const { call, seen } = scriptedCall(sites, noListings)
    expect(await amazon.findSites(call)).toEqual([
      { id: 'A1PA6795UKMFR9', name: 'Germany', sellerId: 'A2SELLER', currency: 'EUR', currencies: ['EUR'] },
      { id: 'A1F83G8C2ARO7P', name: 'United Kingdom', sellerId: 'A2SELLER', currency: 'GBP', currencies: ['GBP'] },
    ])
    expect(seen.map((request) => asked(request).what)).toEqual([
      'GET /sellers/v1/marketplaceParticipations',
      'GET /listings/2021-08-01/items/A2SELLER',
    ])
    expect(seen[0]?.url).toMatch(/^https:\/\/sellingpartnerapi-eu\.amazon\.com\//)
  })

  test.each([
    ['ATVPDKIKX0DER', 'sellingpartnerapi-na.amazon.com', 'A2SELLER-na'],
    ['A1VC38T7YXB528', 'sellingpartnerapi-fe.amazon.com', 'A2SELLER-fe'],
  ])('A9: the site %s is asked at %s, as the account %s of that region', async (id, host, sellerId) => {
    const json = { payload: [{ marketplace: { id }, participation: { isParticipating: true }, storeName: 'x' }] }
    const { call, seen } = scriptedCallAs({ site: { ...ukSite, id } }, { json }, noListings)
    expect(await amazon.findSites(call)).toMatchObject([{ id, sellerId }])
    expect(seen.map((request) => new URL(request.url).host)).toEqual([host, host])
  })

  test('A9: a seller ID that this authorisation does not open is refused with that reason', async () => {
    const denied = {
      errors: [{ code: 'Unauthorized', message: 'Access to requested resource is denied.', details: '' }],
    }
    const { call } = scriptedCall(sites, { status: 403, json: denied })
    expect(await refusalOf(amazon.findSites(call))).toMatchObject({
      kind: 'rejected',
      reason: expect.stringContaining('seller ID A2SELLER'),
    })
  })

  test.each(['', ' ', 'two words', '../x'])(
    'the seller ID %j is asked for before anything is sent',
    async (sellerId) => {
      const { call, seen } = scriptedCallAs({ account: { sellerId } })
      expect(await refusalOf(amazon.findSites(call))).toMatchObject({ kind: 'rejected' })
      expect(seen).toEqual([])
    },
  )

  test('a seller without any site we know is said to be one', async () => {
    const { call } = scriptedCall({ json: { payload: [] } })
    expect(await refusalOf(amazon.findSites(call))).toMatchObject({ kind: 'rejected' })
  })

  test('an answer without sites is asked for again', async () => {
    const { call } = scriptedCall({ json: {} })
    expect(await refusalOf(amazon.findSites(call))).toMatchObject({ kind: 'wait' })
  })
})

describe('signing', () => {
  test('every request carries the access token and who we are, and a GET no content type', async () => {
    const { call, seen } = scriptedCall({ json: { order: fixture('order') } })
    await amazon.orders.read(call, '203-0000001-0000001')
    expect(seen[0]?.headers).toEqual({
      accept: 'application/json',
      'user-agent': expect.stringMatching(/^Fairlead\/.+ \(Language=TypeScript; Platform=Node\.js\)$/),
      'x-amz-access-token': 'Atza|access',
    })
  })

  test.each(['', 'two words', 'line\nbreak'])('the access token %j is never sent', async (accessToken) => {
    const { call, seen } = scriptedCallAs({ account: { accessToken } })
    expect(await refusalOf(amazon.findSites(call))).toMatchObject({ kind: 'signed-out' })
    expect(seen).toEqual([])
  })
})

describe('renewal', () => {
  const { renewal } = amazon

  test('T2: is due ten minutes before the end, and at once where there is no access token yet', () => {
    expect(renewal?.dueAt(account)).toEqual(new Date('2026-03-10T12:40:00Z'))
    expect(renewal?.endsAt(account)).toEqual(new Date('2026-03-10T12:50:00Z'))
    expect(renewal?.dueAt({ ...account, accessToken: '', accessTokenEndsAt: '' })).toEqual(new Date(0))
    expect(renewal?.dueAt({ ...account, refreshToken: '' })).toBeNull()
  })

  test('asks the token service with a form and our own credentials, and keeps the authorisation', async () => {
    const { call, seen } = scriptedCall({
      json: { access_token: 'Atza|new', token_type: 'bearer', expires_in: 3600, refresh_token: 'Atzr|refresh' },
    })
    expect(await renewal?.renew(call)).toEqual({
      ...account,
      accessToken: 'Atza|new',
      accessTokenEndsAt: new Date(now.getTime() + 3_600_000).toISOString(),
    })
    expect(seen[0]).toMatchObject({ method: 'POST', url: 'https://api.amazon.com/auth/o2/token' })
    expect(seen[0]?.headers).not.toHaveProperty('x-amz-access-token')
    expect(Object.fromEntries(new URLSearchParams(seen[0]?.body))).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'Atzr|refresh',
      client_id: 'client',
      client_secret: 'secret',
    })
  })

  test('an answer without the authorisation keeps the one there is', async () => {
    const { call } = scriptedCall({ json: { access_token: 'Atza|new', expires_in: 3600 } })
    expect(await renewal?.renew(call)).toMatchObject({ refreshToken: 'Atzr|refresh', sellerId: 'A2SELLER' })
  })

  const revoked = 'The request has an invalid grant parameter : refresh_token'
  test.each([
    ['a withdrawn authorisation', 400, { error: 'invalid_grant', error_description: revoked }, 'signed-out'],
    ['our own secret refused', 401, { error: 'invalid_client', error_description: 'no' }, 'wait'],
    ['anything else in it refused', 400, { error: 'invalid_request' }, 'wait'],
    ['a fault', 500, { error: 'server_error' }, 'wait'],
    ['a slow-down', 429, {}, 'wait'],
    ['an answer without a token', 200, {}, 'wait'],
  ])('%s', async (_name, status, json, kind) => {
    const { call } = scriptedCall({ status, json })
    expect(await refusalOf(renewal?.renew(call) ?? Promise.resolve())).toMatchObject({ kind })
  })

  test('T2: a lost answer does not lose the account, for the authorisation stays good', async () => {
    const { call } = scriptedCall({ failure: { kind: 'timeout', sent: true } })
    expect(await refusalOf(renewal?.renew(call) ?? Promise.resolve())).toMatchObject({ kind: 'wait' })
  })
})
