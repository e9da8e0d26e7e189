import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { routes } from './answer.ts'
import { createTestClient } from './test-client.ts'

test('no token, a wrong token and a revoked token are 401; a missing scope is 403; open lists need neither', async () => {
  const client = createTestClient()
  const { control } = client.sandbox
  expect((await client.call('GET', '/my/account', { token: null })).status).toBe(401)
  expect((await client.call('GET', '/my/account', { token: 'wrong' })).status).toBe(401)
  expect((await client.call('GET', '/my/account')).status).toBe(200)
  expect(
    (
      await client.call('GET', '/my/account', {
        token: null,
        headers: { 'x-auth-token': client.sandbox.account.token },
      })
    ).status,
  ).toBe(200)
  control.removeScope('read_profile')
  expect((await client.call('GET', '/my/account')).status).toBe(403)
  expect((await client.call('GET', '/my/orders/selling/all')).status).toBe(200)
  control.revokeToken()
  expect((await client.call('GET', '/my/orders/selling/all')).status).toBe(401)
  expect((await client.call('GET', '/listing_conditions', { token: null })).status).toBe(200)
  const other = control.addToken(['read_listings'])
  expect((await client.call('GET', '/my/listings', { token: other })).status).toBe(200)
  expect((await client.call('POST', '/listings', { token: other, body: {} })).status).toBe(403)
  control.restoreToken()
  expect((await client.call('GET', '/my/orders/selling/all')).status).toBe(200)
})

test('every route asks for the scope it declares', async () => {
  const client = createTestClient()
  for (const route of routes.filter((one) => one.scope !== 'none')) {
    const path = route.path.replaceAll(/\{[^}]+\}/g, '1')
    const without = client.sandbox.control.addToken([])
    const refused = await client.call(route.method, path, { token: without, body: {} })
    if (route.scope === 'any') expect(refused.status, path).not.toBe(403)
    else expect(refused.status, path).toBe(403)
  }
})

test('the shop, the account, the conditions and the categories have the published shapes', async () => {
  const client = createTestClient()
  const shop = (await client.call('GET', '/shop')).body
  expect(shop).toMatchObject({ id: expect.any(Number), currency: 'USD' })
  const profiles = await client.call('GET', `/shops/${String(shop['id'])}/shipping_profiles`)
  expect(profiles.body['shipping_profiles']).toHaveLength(3)
  const conditions = (await client.call('GET', '/listing_conditions')).body['conditions'] as { display_name: string }[]
  expect(conditions.map((one) => one.display_name)).toContain('Mint (with inventory)')
  const tree = (await client.call('GET', '/categories')).body['categories'] as { subcategories: unknown[] }[]
  expect(tree).toHaveLength(12)
  const flat = (await client.call('GET', '/categories/flat')).body['categories'] as { uuid: string }[]
  expect(flat).toHaveLength(12 + tree.reduce((sum, root) => sum + root.subcategories.length, 0))
  expect((await client.call('GET', `/categories/${flat[3]?.uuid}`)).status).toBe(200)
  expect((await client.call('GET', '/currencies/listing')).body['currencies']).toContain('JPY')
  expect((await client.call('GET', '/my/counts')).body).toHaveProperty('listings.live')
  for (const path of ['/nothing/here', '/listings/%E0%A4%A', '/__sandbox/item/%E0%A4%A']) {
    expect((await client.call('GET', path)).status, path).toBe(404)
  }
})

test('vacation makes listings unavailable and sends buyers away', async () => {
  const client = createTestClient()
  expect((await client.call('POST', '/shop/vacation')).status).toBe(200)
  expect((await client.call('GET', '/shop/vacation')).body).toEqual({ vacation: true })
  expect(client.sandbox.control.buyNow()).toEqual([])
  await client.call('DELETE', '/shop/vacation')
  expect(client.sandbox.control.buyNow().length).toBeGreaterThan(0)
})

const swaggerFile = new URL('../../../shared/specs/reverb/reverb-swagger2-api3.0-2020-12.json', import.meta.url)
const noSwagger = !existsSync(swaggerFile)
if (noSwagger) console.log('Skipped: the swagger of Reverb is not there, so routes are not checked against it.')

test.skipIf(noSwagger)(
  'every route outside the console is one that Reverb publishes, with the scope it publishes',
  () => {
    const swagger = JSON.parse(readFileSync(swaggerFile, 'utf8')) as {
      paths: Record<string, Record<string, { security?: { oauth2?: string[] }[] }>>
    }
    for (const route of routes) {
      const published = swagger.paths[route.path]?.[route.method.toLowerCase()]
      expect(published, `${route.method} ${route.path} is not published`).toBeDefined()
      const scopes = published?.security?.flatMap((one) => one.oauth2 ?? []) ?? []
      // One order by uuid carries no scope there; we ask for the one of every other order.
      if (route.path.includes('by_uuid')) continue
      if (route.scope === 'none' || route.scope === 'any') expect(scopes, route.path).toEqual([])
      else expect(scopes, route.path).toContain(route.scope)
    }
  },
)
