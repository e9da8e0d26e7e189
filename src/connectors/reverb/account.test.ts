import { describe, expect, test } from 'vitest'
import { makeCall } from '../call.ts'
import { scriptedHttp } from '../scripted-http.ts'
import { reverb } from './index.ts'
import { asked, fixture, now, refusalOf, scriptedCall } from '../scripted-reverb.ts'

describe('findSites', () => {
  test('A6: asks for the account and the shop, and names the one shop the token opens', async () => {
    const { call, seen } = scriptedCall({ json: fixture('account') }, { json: fixture('shop') })
    expect(await reverb.findSites(call)).toEqual([
      { id: '77', name: 'Test shop', sellerId: '77', currency: 'USD', currencies: ['USD'] },
    ])
    expect(seen.map((request) => asked(request).what)).toEqual(['GET /api/my/account', 'GET /api/shop'])
  })

  test('a shop that does not name its currency may be used in any that Reverb takes', async () => {
    const { call } = scriptedCall({ json: fixture('account') }, { json: fixture('shop', { currency: undefined }) })
    const [site] = await reverb.findSites(call)
    expect(site?.currencies).toContain('GBP')
    expect(site?.currency).toBe('USD')
  })

  test('a token that is not accepted means signing in again', async () => {
    const { call } = scriptedCall({ status: 401, json: { message: 'Invalid token' } })
    expect(await refusalOf(reverb.findSites(call))).toMatchObject({ kind: 'signed-out' })
  })

  test.each([
    [403, { message: 'Forbidden' }],
    [403, undefined],
    [401, { message: 'The token lacks a required scope' }],
  ])('a missing scope is said by its name (status %s, body %j)', async (status, json) => {
    const { call } = scriptedCall({ status, json })
    const refusal = await refusalOf(reverb.findSites(call))
    expect(refusal).toMatchObject({ kind: 'rejected', reason: expect.stringContaining('read_profile') })
  })

  test('an account without a shop is said to be one', async () => {
    const { call } = scriptedCall({ json: fixture('account') }, { json: {} })
    expect(await refusalOf(reverb.findSites(call))).toMatchObject({ kind: 'rejected' })
  })
})

describe('signing', () => {
  test('R16: states the token, the version and a content type that keeps bodies JSON', async () => {
    const { call, seen } = scriptedCall({ json: {} })
    await call.send({ method: 'GET', url: '/shop' })
    expect(seen[0]?.headers).toMatchObject({
      authorization: 'Bearer secret-token',
      'accept-version': '3.0',
      'content-type': 'application/hal+json',
      accept: 'application/hal+json, application/json',
      'x-display-currency': 'USD',
    })
  })

  test.each(['', '  ', 'two words', 'line\nbreak', 'schlüssel'])(
    'refuses %j as a token before sending anything',
    async (token) => {
      const { http, seen } = scriptedHttp([])
      const call = makeCall({ connector: reverb, account: { token }, now: () => now, http })
      expect(await refusalOf(reverb.findSites(call))).toMatchObject({ kind: 'signed-out' })
      expect(seen).toEqual([])
    },
  )

  test('blanks around a pasted token do no harm', async () => {
    const { http, seen } = scriptedHttp([{ json: fixture('account') }, { json: fixture('shop') }])
    await reverb.findSites(makeCall({ connector: reverb, account: { token: ' abc \n' }, now: () => now, http }))
    expect(seen[0]?.headers['authorization']).toBe('Bearer abc')
  })
})
