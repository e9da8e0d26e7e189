import { describe, expect, test } from 'vitest'
import { app, now, scriptedCallAs } from '../scripted-amazon.ts'
import { refusalOf } from '../scripted-reverb.ts'
import { consent } from './consent.ts'
import { hosts, marketplaces } from './marketplaces.ts'

const redirectUri = 'https://hub.example.test/consent/amazon'
const ask = { state: 'S 1', redirectUri, siteId: 'A1PA6795UKMFR9', account: {} }

describe('the page', () => {
  test('A3: is the one of the chosen site’s own Seller Central', () => {
    const page = consent.page(app, ask)
    expect(hosts[page.host]).toBe('https://sellercentral-europe.amazon.com')
    const url = new URL(page.url, hosts[page.host])
    expect(url.pathname).toBe('/apps/authorize/consent')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      application_id: 'amzn1.sp.solution.1',
      state: 'S 1',
      redirect_uri: redirectUri,
    })
  })

  test('an application still in draft says so', () => {
    expect(consent.page({ ...app, version: 'beta' }, ask).url).toContain('version=beta')
  })

  test('every site has a page', () => {
    const pages = marketplaces.map(({ id }) => hosts[consent.page(app, { ...ask, siteId: id }).host])
    expect(pages.filter((host) => !host?.startsWith('https://sellercentral'))).toEqual([])
    expect(marketplaces[0]?.name).toBe('United Kingdom')
    const others = marketplaces.slice(1).map(({ name }) => name)
    expect(others).toEqual(others.toSorted())
  })
})

describe('what the browser comes back with', () => {
  test('A3: a consent names its code and the seller', () => {
    const query = { state: 's', selling_partner_id: 'A2SELLER', spapi_oauth_code: 'code', mws_auth_token: 'x' }
    expect(consent.read(query)).toEqual({ kind: 'allowed', code: 'code', state: 's', sellerId: 'A2SELLER' })
  })

  test.each([
    [{ error: 'access_denied', state: 's' }, 'The consent was refused'],
    [{ error: 'MD1000', state: 's' }, 'draft'],
    [{ error_code: 'MD5101', state: 's' }, 'not registered'],
    [{ error: 'strange', error_description: 'In words.', state: 's' }, 'In words.'],
  ])('a refusal %j is told in words', (query, words) => {
    expect(consent.read(query)).toMatchObject({ kind: 'refused', state: 's', reason: expect.stringContaining(words) })
  })

  test('anything else is not understood', () => {
    expect(consent.read({ state: 's' })).toEqual({ kind: 'not-understood', state: 's' })
    expect(consent.read({})).toEqual({ kind: 'not-understood', state: null })
  })
})

describe('the exchange', () => {
  const answer = { kind: 'allowed' as const, code: 'code', state: 's', sellerId: 'A2SELLER' }
  const empty = { sellerId: '', refreshToken: '', accessToken: '', accessTokenEndsAt: '' }
  const tokens = { access_token: 'Atza|1', token_type: 'bearer', expires_in: 3600, refresh_token: 'Atzr|1' }

  test('the code becomes the whole account, with the seller that Amazon named', async () => {
    const { call, seen } = scriptedCallAs({ account: empty }, { json: tokens })
    expect(await consent.exchange(call, answer, redirectUri)).toEqual({
      sellerId: 'A2SELLER',
      refreshToken: 'Atzr|1',
      accessToken: 'Atza|1',
      accessTokenEndsAt: new Date(now.getTime() + 3_600_000).toISOString(),
    })
    expect(seen[0]?.url).toBe('https://api.amazon.com/auth/o2/token')
    expect(Object.fromEntries(new URLSearchParams(seen[0]?.body))).toEqual({
      grant_type: 'authorization_code',
      code: 'code',
      redirect_uri: redirectUri,
      client_id: 'client',
      client_secret: 'secret',
    })
  })

  test.each([
    ['a code used or too old', { status: 400, json: { error: 'invalid_grant' } }, 'rejected'],
    ['our own secret refused', { status: 401, json: { error: 'invalid_client' } }, 'rejected'],
    ['a lost answer: the code may be used up', { failure: { kind: 'timeout' as const, sent: true } }, 'unclear'],
    ['no lasting authorisation', { json: { access_token: 'Atza|1', expires_in: 3600 } }, 'rejected'],
  ])('%s', async (_name, answered, kind) => {
    const { call } = scriptedCallAs({ account: empty }, answered)
    expect(await refusalOf(consent.exchange(call, answer, redirectUri))).toMatchObject({ kind })
  })

  test('without any seller there is no account', async () => {
    const { call, seen } = scriptedCallAs({ account: empty })
    const refusal = await refusalOf(consent.exchange(call, { ...answer, sellerId: null }, redirectUri))
    expect(refusal.kind).toBe('rejected')
    expect(seen).toEqual([])
  })
})

describe('begun at Amazon’s side', () => {
  const back = 'https://amazon.com/apps/authorize/confirm/amzn1.sp.solution.1'
  const query = { amazon_callback_uri: back, amazon_state: 'theirs', selling_partner_id: 'A2SELLER' }

  test('A3: the browser goes back to Amazon with both states and our address', () => {
    const there = consent.begunThere?.(query, { state: 'ours', redirectUri })
    expect(hosts[there?.host ?? '']).toBe('https://amazon.com')
    const url = new URL(there?.url ?? '', 'https://amazon.com')
    expect(url.pathname).toBe('/apps/authorize/confirm/amzn1.sp.solution.1')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      amazon_state: 'theirs',
      state: 'ours',
      redirect_uri: redirectUri,
    })
  })

  test('a draft stays one', () => {
    const there = consent.begunThere?.({ ...query, version: 'beta' }, { state: 'ours', redirectUri })
    expect(there?.url).toContain('version=beta')
  })

  test.each([
    ['https://amazon.com.evil.example/apps/authorize/confirm/1'],
    ['https://evil.example/apps/authorize/confirm/1'],
    ['http://amazon.com/apps/authorize/confirm/1'],
    ['https://amazon.com@evil.example/apps/authorize/confirm/1'],
    ['https://amazon.com/elsewhere'],
    ['javascript:alert(1)'],
    [''],
  ])('S: the address %j is not Amazon’s, so nobody is sent there', (amazon_callback_uri) => {
    expect(consent.begunThere?.({ ...query, amazon_callback_uri }, { state: 'ours', redirectUri })).toBeUndefined()
  })

  test('a query without Amazon’s own state is no beginning', () => {
    expect(consent.begunThere?.({ amazon_callback_uri: back }, { state: 'ours', redirectUri })).toBeUndefined()
  })
})
