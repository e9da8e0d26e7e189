import { get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApiServer, type ApiServer, type Person } from '../../test/support/api-server.ts'
import { rightFor } from './api-routes.ts'
import { routes, type Route } from './contract.ts'
import type { RouteName } from './handler.ts'

let hub: ApiServer
let ann: Person

beforeAll(async () => {
  hub = await startApiServer()
  ann = await hub.addPerson('Ann')
})
afterAll(() => hub.dispose())

const all = Object.entries(routes) as [RouteName, Route][]
const filled = (path: string) => path.replaceAll(':id', crypto.randomUUID())

test.each(all)('%s refuses without a session', async (_name, { method, path }) => {
  const answer = await hub.app.inject({ method, url: filled(path), headers: { 'sec-fetch-site': 'same-origin' } })
  expect(answer.statusCode).toBe(401)
  expect(answer.json()).toEqual({ error: { code: 'signed-out', message: 'Please sign in.' } })
  expect(answer.headers['cache-control']).toBe('no-store')
})

test('addresses of the API that do not exist refuse without a session too, and are not found with one', async () => {
  for (const url of [
    '/api/nothing',
    '/api',
    '/api/',
    '/api/orders/',
    '/api/me/',
    '/api/openapi.json/x',
    '/api/..%2f..%2fetc/passwd',
    '/api/docs2',
  ]) {
    for (const method of ['GET', 'POST', 'DELETE', 'PUT'] as const) {
      expect([url, method, (await hub.app.inject({ method, url })).statusCode]).toEqual([url, method, 401])
      const answer = await ann.ask(method, url)
      expect([url, method, answer.status]).toEqual([url, method, 404])
      expect(answer.body).toMatchObject({ error: { code: 'not-found' } })
    }
  }
})

test('only health, the API document and its explorer answer without a session', async () => {
  for (const url of ['/healthz', '/api/openapi.json', '/api/docs/'])
    expect((await hub.app.inject(url)).statusCode).toBe(200)
  expect((await hub.app.inject('/healthz')).json()).toEqual({ status: 'ok' })
})

test('every route needs a right, and a viewer may only look', async () => {
  const viewer = await hub.addPerson('Viewer')
  await hub.test.asOwner(`update auth.members set role = 'viewer' where user_id = $1`, [viewer.userId])
  for (const [name, { method, path }] of all) {
    if (['look', 'present'].includes(rightFor(name))) continue
    const answer = await viewer.ask(method, filled(path), {})
    expect([name, answer.status]).toEqual([name, 403])
  }
  expect((await viewer.ask('GET', '/api/me')).body).toMatchObject({ role: 'viewer' })
})

test('CSRF: whatever changes something is refused from another site, on every route', async () => {
  const foreign = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:9999' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
  ]
  const supplier = await hub.addPerson('Supplier')
  await hub.test.asOwner(
    `update auth.members m set role = 'supplier', supplier_id = (select id from suppliers s where s.tenant_id = m.tenant_id limit 1)
     where user_id = $1`,
    [supplier.userId],
  )
  for (const [name, { method, path }] of all.filter(([, route]) => route.method !== 'GET')) {
    const { cookie } = rightFor(name) === 'supply' ? supplier : ann
    for (const headers of foreign) {
      const answer = await hub.app.inject({
        method,
        url: filled(path),
        headers: { cookie, host: '127.0.0.1:4400', ...headers },
      })
      expect([name, headers, answer.statusCode, answer.json().error.code]).toEqual([
        name,
        headers,
        403,
        'foreign-origin',
      ])
    }
  }
})

test('CSRF: the own origin and programs that are no browser may', async () => {
  for (const headers of [
    { origin: 'http://127.0.0.1:4400', host: '127.0.0.1:4400' },
    { origin: 'http://hub.lan', host: 'hub.lan' },
    {},
  ]) {
    const answer = await hub.app.inject({
      method: 'POST',
      url: '/api/shipping-services',
      headers: { cookie: ann.cookie, ...headers },
      payload: { name: `Service ${crypto.randomUUID()}` },
    })
    expect(answer.statusCode).toBe(200)
  }
})

test('bad bodies are refused in plain words', async () => {
  const send = (payload: string, type = 'application/json') =>
    hub.app.inject({
      method: 'POST',
      url: '/api/shipping-services',
      headers: { cookie: ann.cookie, 'content-type': type },
      payload,
    })
  for (const [payload, type, status, message] of [
    ['{"name":', undefined, 400, 'The body is not JSON.'],
    ['', undefined, 400, 'The body is empty where JSON was expected.'],
    ['name=x', 'application/x-www-form-urlencoded', 415, 'The body must be JSON, sent as application/json.'],
    ['{"name":5}', undefined, 400, 'This must be text.'],
    ['{"name":"  "}', undefined, 400, 'This must not be empty.'],
    ['[]', undefined, 400, 'This must be a group of fields.'],
    ['null', undefined, 400, 'This must be a group of fields.'],
    ['{"__proto__":{"name":"x"}}', undefined, 400, undefined],
    [`{"name":"${'x'.repeat(2_000_000)}"}`, undefined, 413, 'This is larger than the hub takes in one go.'],
  ] as const) {
    const answer = await send(payload, type)
    expect([payload.slice(0, 40), answer.statusCode]).toEqual([payload.slice(0, 40), status])
    if (message !== undefined) expect(answer.json().error.message).toBe(message)
    expect(answer.body).not.toMatch(/ at .*\.ts:\d+|FST_|node_modules/)
  }
})

test('what fails on our side says so without its insides', async () => {
  await hub.test.asOwner('alter table shipping_services rename to shipping_services_away')
  try {
    const answer = await ann.ask('GET', '/api/shipping-services')
    expect(answer.status).toBe(500)
    expect(answer.body).toEqual({
      error: { code: 'failed', message: 'This failed on our side. It has been logged; trying again may help.' },
    })
  } finally {
    await hub.test.asOwner('alter table shipping_services_away rename to shipping_services')
  }
})

test('the API document is valid OpenAPI 3.1 and names every route', async () => {
  const document = (await hub.app.inject('/api/openapi.json')).json()
  expect(document.openapi).toMatch(/^3\.1\./)
  for (const [name, { method, path }] of all) {
    const operation = document.paths[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]
    expect(operation, `${name} is missing`).toMatchObject({
      operationId: name,
      responses: { 200: expect.anything(), '4XX': expect.anything() },
    })
    const parameters = (operation.parameters ?? []).filter(
      (parameter: { in: string }) => parameter.in === 'path',
    ).length
    expect(parameters).toBe((path.match(/:/g) ?? []).length)
  }
  expect(Object.values(document.paths).flatMap((path) => Object.keys(path as object))).toHaveLength(all.length)
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  for (const schema of schemasOf(document)) expect(() => ajv.compile(schema)).not.toThrow()
})

function schemasOf(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'schema' && typeof inner === 'object' && inner !== null ? [inner] : schemasOf(inner),
  )
}

test('the explorer page asks nothing of another machine', async () => {
  const page = await hub.app.inject('/api/docs/')
  expect(page.body.match(/(?:src|href)="https?:/g)).toBeNull()
  expect(page.headers['content-security-policy']).toContain("connect-src 'self'")
})

test('headers: nothing may be framed, sniffed or loaded from elsewhere', async () => {
  for (const url of ['/', '/orders', '/api/me', '/healthz']) {
    const { headers } = await hub.app.inject(url)
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    })
    expect(headers).not.toHaveProperty('strict-transport-security')
    expect(headers).not.toHaveProperty('x-powered-by')
  }
})

test('addresses of screens give the page, files that are missing are missing', async () => {
  for (const url of ['/', '/orders', '/settings/channels/add?x=1']) {
    const answer = await hub.app.inject(url)
    expect([answer.statusCode, String(answer.headers['content-type'])]).toEqual([200, 'text/html; charset=utf-8'])
  }
  expect((await hub.app.inject('/assets/gone-1234.js')).statusCode).toBe(404)
  expect((await hub.app.inject({ method: 'POST', url: '/orders' })).statusCode).toBe(404)
})

test('a flood from one address is slowed down', async () => {
  const small = await startApiServer({ requestsPerMinute: 3 })
  try {
    const codes: number[] = []
    for (let index = 0; index < 5; index++) codes.push((await small.app.inject('/auth/setup')).statusCode)
    expect(codes).toEqual([200, 200, 200, 429, 429])
    expect((await small.app.inject('/healthz')).statusCode).toBe(200)
  } finally {
    await small.dispose()
  }
})

test('behind a trusted proxy each caller is counted; what anybody else claims to be does not count', async () => {
  const small = await startApiServer({ requestsPerMinute: 1, trustedProxies: ['10.0.0.0/8'] })
  const from = async (remoteAddress: string, claimed: string) =>
    (await small.app.inject({ url: '/auth/setup', remoteAddress, headers: { 'x-forwarded-for': claimed } })).statusCode
  try {
    expect([await from('10.1.2.3', '203.0.113.1'), await from('10.1.2.3', '203.0.113.2')]).toEqual([200, 200])
    expect(await from('10.9.9.9', '203.0.113.1')).toBe(429)
    expect([await from('192.0.2.1', '203.0.113.8'), await from('192.0.2.1', '203.0.113.9')]).toEqual([200, 429])
  } finally {
    await small.dispose()
  }
})

test('the live stream tells its own business what changed, and ends when its session does', async () => {
  const bob = await hub.addPerson('Bob')
  await hub.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = hub.app.server.address() as AddressInfo
  const lines: string[] = []
  let told = () => {}
  const ended = new Promise<void>((resolve, reject) => {
    get({ port, host: '127.0.0.1', path: '/api/live', headers: { cookie: ann.cookie } }, (response) => {
      expect(response.headers['content-type']).toBe('text/event-stream')
      response.on('data', (chunk: Buffer) => {
        lines.push(...chunk.toString().split('\n'))
        told()
      })
      response.on('end', resolve)
    }).on('error', reject)
  })
  const until = (text: string) =>
    new Promise<void>((resolve) => {
      told = () => lines.some((line) => line.includes(text)) && resolve()
      told()
    })
  await until('retry')
  await hub.test.db.tenant(bob.tenantId).transaction((tx) => tx.notify('orders', { id: 'of-bob' }))
  await hub.test.db.tenant(ann.tenantId).transaction((tx) => tx.notify('orders', { id: 'of-ann' }))
  await until('of-ann')
  expect(lines.filter((line) => line.startsWith('data:'))).toEqual(['data: {"topic":"orders","id":"of-ann"}'])
  await hub.app.inject({
    method: 'POST',
    url: '/auth/sign-out',
    headers: { cookie: ann.cookie, 'sec-fetch-site': 'same-origin' },
    payload: {},
  })
  await ended
})
