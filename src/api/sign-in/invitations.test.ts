import { inspect } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cookieOf, testPassword } from '../../../test/support/api-server.ts'
import { startDeskWorld, type DeskWorld } from '../../../test/support/desk-world.ts'
import type { MailMessage } from '../../platform/mail.ts'

let desk: DeskWorld
beforeAll(async () => {
  desk = await startDeskWorld()
})
afterAll(() => desk.dispose())

const people = () => `/api/suppliers/${desk.alpha.supplierId}/people`
const tokenOf = (link: string) => link.split('#')[1] ?? ''

async function invite(email: string) {
  const answer = await desk.owner.ask('POST', people(), { email })
  expect(answer.status).toBe(200)
  return answer.body as { link: string; mail: string; days: number }
}
const look = (token: string) =>
  desk.hub.app.inject({ method: 'POST', url: '/auth/invitation/look', payload: { token } })
const accept = (token: string, changes: object = {}) =>
  desk.hub.app.inject({
    method: 'POST',
    url: '/auth/invitation',
    payload: { token, name: 'Ines', password: testPassword, ...changes },
  })

test('an invitation says who invites whom, asks for a good password, and signs in at the desk', async () => {
  const { link, mail, days } = await invite('Ines@Example.com')
  expect([mail, days]).toEqual(['not-set-up', 7])
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:4400\/invitation#[\w-]{43}$/)
  const token = tokenOf(link)
  expect((await look(token)).json()).toMatchObject({ email: 'ines@example.com', supplierName: 'Alpha' })
  expect((await accept(token, { password: 'short' })).json()).toMatchObject({
    error: { fields: { password: expect.any(String) } },
  })
  const accepted = await accept(token)
  expect(accepted.statusCode).toBe(200)
  const headers = { cookie: cookieOf(accepted) }
  expect((await desk.hub.app.inject({ url: '/api/me', headers })).json()).toMatchObject({
    role: 'supplier',
    supplier: { id: desk.alpha.supplierId, name: 'Alpha' },
    user: { email: 'ines@example.com', name: 'Ines' },
  })
  expect((await desk.hub.app.inject({ url: '/api/desk/purchase-orders', headers })).statusCode).toBe(200)
})

test('only the hash of a link is stored, and no log holds it', async () => {
  const token = tokenOf((await invite('hash@example.com')).link)
  const rows = await desk.hub.test.asOwner('select * from auth.invitations')
  expect(JSON.stringify(rows)).not.toContain(token)
})

test('a link works once, even for two who open it at the same time', async () => {
  const token = tokenOf((await invite('twice@example.com')).link)
  const answers = await Promise.all([
    accept(token),
    accept(token, { name: 'Other', password: 'another long password' }),
  ])
  expect(answers.map((answer) => answer.statusCode).toSorted((one, other) => one - other)).toEqual([200, 409])
  expect((await accept(token)).json()).toMatchObject({ error: { code: 'invitation-used' } })
  expect((await look(token)).json()).toMatchObject({ error: { code: 'invitation-used' } })
  expect(await desk.hub.test.asOwner(`select from auth.users where email = 'twice@example.com'`)).toHaveLength(1)
})

test('a link runs out after a week, and says so', async () => {
  const token = tokenOf((await invite('late@example.com')).link)
  await desk.hub.test.asOwner(
    `update auth.invitations set expires_at = expires_at - interval '7 days' where email = 'late@example.com'`,
  )
  expect((await look(token)).json()).toMatchObject({ error: { code: 'invitation-expired' } })
  expect((await accept(token)).json()).toMatchObject({ error: { code: 'invitation-expired' } })
  expect(await desk.hub.test.asOwner(`select from auth.users where email = 'late@example.com'`)).toHaveLength(0)
})

test('a newer invitation, or a withdrawn one, closes the link', async () => {
  const first = tokenOf((await invite('again@example.com')).link)
  const second = tokenOf((await invite('again@example.com')).link)
  expect((await accept(first)).json()).toMatchObject({ error: { code: 'invitation-unknown' } })
  const { invitations } = (await desk.owner.ask('GET', people())).body as {
    invitations: { id: string; email: string }[]
  }
  const open = invitations.filter(({ email }) => email === 'again@example.com')
  expect(open).toHaveLength(1)
  expect((await desk.owner.ask('DELETE', `/api/supplier-invitations/${open[0]?.id}`)).status).toBe(200)
  expect((await accept(second)).json()).toMatchObject({ error: { code: 'invitation-unknown' } })
})

test('who belongs to another business is told when he opens the link, and the inviter learns nothing of it', async () => {
  const elsewhere = await desk.hub.addPerson('Elsewhere')
  const { link } = await invite(elsewhere.email)
  const before = await desk.hub.test.asOwner('select password from auth.accounts where user_id = $1', [
    elsewhere.userId,
  ])
  for (const answer of [await look(tokenOf(link)), await accept(tokenOf(link))])
    expect(answer.json()).toMatchObject({
      error: { code: 'other-business', message: expect.stringContaining('another business') },
    })
  expect(
    await desk.hub.test.asOwner('select password from auth.accounts where user_id = $1', [elsewhere.userId]),
  ).toEqual(before)
  expect((await elsewhere.ask('GET', '/api/me')).body).toMatchObject({ role: 'owner', supplier: null })
  expect((await desk.owner.ask('POST', people(), { email: desk.owner.email })).body).toMatchObject({
    error: { fields: { email: expect.stringContaining('already') } },
  })
})

test('a person removed is signed out at once, and his password opens nothing', async () => {
  const leaver = await desk.invite(desk.alpha.supplierId, 'leaver@example.com')
  expect((await leaver.ask('GET', '/api/desk/purchase-orders')).status).toBe(200)
  expect((await desk.owner.ask('DELETE', `/api/supplier-people/${leaver.userId}`)).status).toBe(200)
  expect((await leaver.ask('GET', '/api/desk/purchase-orders')).status).toBe(401)
  expect(await desk.hub.test.asOwner('select from auth.sessions where user_id = $1', [leaver.userId])).toHaveLength(0)
  const cookie = cookieOf(await desk.hub.signIn(leaver.email, testPassword))
  expect((await desk.hub.app.inject({ url: '/api/me', headers: { cookie } })).statusCode).toBe(401)
  // Invited again he begins anew.
  const token = tokenOf((await invite(leaver.email)).link)
  expect((await accept(token, { password: 'quite another password' })).statusCode).toBe(200)
  expect((await desk.hub.signIn(leaver.email, testPassword)).statusCode).toBe(401)
  // The business’s own people are not removed by this door.
  expect((await desk.owner.ask('DELETE', `/api/supplier-people/${desk.owner.userId}`)).status).toBe(404)
})

test('inviting and keys are for owner and manager', async () => {
  await desk.hub.test.asOwner(`update auth.members set role = 'operator' where user_id = $1`, [desk.owner.userId])
  for (const [method, url] of [
    ['GET', people()],
    ['POST', people()],
    ['GET', `/api/suppliers/${desk.alpha.supplierId}/keys`],
    ['POST', `/api/suppliers/${desk.alpha.supplierId}/keys`],
  ] as const)
    expect((await desk.owner.ask(method, url, method === 'GET' ? undefined : {})).status).toBe(403)
  await desk.hub.test.asOwner(`update auth.members set role = 'owner' where user_id = $1`, [desk.owner.userId])
})

test('where a mail server is set up the link goes out, and a mail that fails is said', async () => {
  const { mail } = desk.hub.parts
  const sent: MailMessage[] = []
  try {
    desk.hub.parts.mail = {
      from: 'hub@example.com',
      send: async (message) => {
        sent.push(message)
        return sent.length === 1 ? { kind: 'taken', reference: '1' } : { kind: 'wait', reason: 'busy' }
      },
    }
    const first = await invite('mail@example.com')
    expect(first.mail).toBe('sent')
    expect(sent).toMatchObject([{ to: ['mail@example.com'], text: expect.stringContaining(first.link) }])
    expect((await invite('mail@example.com')).mail).toBe('failed')
    expect((await desk.owner.ask('GET', people())).body).toMatchObject({ sendsMail: true })
  } finally {
    desk.hub.parts.mail = mail
  }
  expect(sent).toHaveLength(2)
})

test('CSRF: another site’s page changes nothing at the desk, and neither does one that guesses a link', async () => {
  const [order] = await desk.buy('CSRF', [['L1', 1]])
  for (const headers of [
    { cookie: desk.alpha.cookie, 'sec-fetch-site': 'cross-site' },
    { cookie: desk.alpha.cookie, origin: 'https://evil.example' },
  ]) {
    const answer = await desk.hub.app.inject({
      method: 'POST',
      url: `/api/desk/purchase-orders/${order?.id}/accept`,
      headers,
      payload: {},
    })
    expect([answer.statusCode, answer.json()]).toMatchObject([403, { error: { code: 'foreign-origin' } }])
  }
  const accepting = await desk.hub.app.inject({
    method: 'POST',
    url: '/auth/invitation',
    headers: { 'sec-fetch-site': 'cross-site' },
    payload: { token: 'x', name: 'X', password: testPassword },
  })
  expect(accepting.statusCode).toBe(403)
})

const keys = () => `/api/suppliers/${desk.alpha.supplierId}/keys`
const makeKey = async () =>
  ((await desk.owner.ask('POST', keys(), { name: 'Warehouse program' })).body as { key: string }).key

test('a key opens the desk of its supplier and nothing else; only its hash is stored', async () => {
  const key = await makeKey()
  expect(key).toMatch(/^fl_[\w-]{43}$/)
  const [order] = await desk.buy('KEY', [['L1', 1]])
  expect((await desk.askWithKey(key, 'GET', `/api/desk/purchase-orders/${order?.id}`)).status).toBe(200)
  const accepted = await desk.askWithKey(key, 'POST', `/api/desk/purchase-orders/${order?.id}/accept`, {})
  expect(accepted.body).toMatchObject({ state: 'accepted' })
  for (const url of ['/api/me', '/api/orders', '/api/suppliers', '/api/live'])
    expect([url, (await desk.askWithKey(key, 'GET', url)).status]).toEqual([url, 401])
  const [theirs] = await desk.buy('KEY-B', [['L2', 1]])
  expect((await desk.askWithKey(key, 'GET', `/api/desk/purchase-orders/${theirs?.id}`)).status).toBe(404)
  const rows = await desk.hub.test.asOwner('select * from auth.supplier_keys')
  expect(JSON.stringify(rows)).not.toContain(key)
  expect((await desk.owner.ask('GET', keys())).text).not.toContain(key)
  expect((await desk.owner.ask('GET', keys())).body).toMatchObject([
    { hint: expect.stringMatching(/^fl_.{4}…$/), lastUsedAt: expect.any(String) },
  ])
})

test('a key that is wrong or revoked opens nothing, also beside a good cookie', async () => {
  const key = await makeKey()
  const [{ id } = { id: '' }] = (await desk.owner.ask('GET', keys())).body as { id: string }[]
  expect((await desk.askWithKey(key, 'GET', '/api/desk/offers')).status).toBe(200)
  expect((await desk.owner.ask('DELETE', `/api/supplier-keys/${id}`)).status).toBe(200)
  for (const wrong of [key, `${key.slice(0, -1)}_`, 'fl_', '', 'x'.repeat(5000)])
    expect((await desk.askWithKey(wrong, 'GET', '/api/desk/offers')).status).toBe(401)
  const beside = await desk.hub.app.inject({
    url: '/api/desk/offers',
    headers: { cookie: desk.alpha.cookie, authorization: `Bearer ${key}` },
  })
  expect(beside.statusCode).toBe(401)
})

test('no log line holds a key or an invitation’s link, also where a request fails', async () => {
  const key = await makeKey()
  const token = tokenOf((await invite('log@example.com')).link)
  const lines: string[] = []
  const { error } = desk.hub.parts.log
  desk.hub.parts.log.error = (...told) => void lines.push(inspect(told, { depth: 9 }))
  try {
    await desk.hub.test.asOwner('alter table purchase_orders rename to purchase_orders_away')
    await desk.hub.test.asOwner('alter table suppliers rename to suppliers_away')
    expect((await desk.askWithKey(key, 'GET', '/api/desk/purchase-orders')).status).toBe(500)
    expect((await look(token)).statusCode).toBe(500)
  } finally {
    await desk.hub.test.asOwner('alter table purchase_orders_away rename to purchase_orders')
    await desk.hub.test.asOwner('alter table suppliers_away rename to suppliers')
    desk.hub.parts.log.error = error
  }
  expect(lines.length).toBeGreaterThan(0)
  for (const line of lines) {
    expect(line).not.toContain(key)
    expect(line).not.toContain(token)
  }
})
