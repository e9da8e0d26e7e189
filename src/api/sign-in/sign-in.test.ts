import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  cookieOf,
  startApiServer,
  testPassword,
  type ApiServer,
  type Person,
} from '../../../test/support/api-server.ts'
import { systemRandom } from '../../platform/random.ts'
import { makeSetupToken } from './first-run.ts'

let hub: ApiServer
let token: string | undefined
let ann: Person

beforeAll(async () => {
  hub = await startApiServer()
  token = await makeSetupToken(hub.test.db.system, systemRandom)
})
afterAll(() => hub.dispose())

const setUp = (changes: object = {}) =>
  hub.app.inject({
    method: 'POST',
    url: '/auth/setup',
    payload: {
      token,
      businessName: 'First Trading',
      name: 'First owner',
      email: 'First@Example.com',
      password: testPassword,
      ...changes,
    },
  })

test('first run: a wrong setup token is refused at the field, and nothing is made', async () => {
  const answer = await setUp({ token: 'guessed' })
  expect(answer.statusCode).toBe(400)
  expect(answer.json()).toMatchObject({ error: { fields: { token: expect.stringContaining('not the setup token') } } })
  expect(await hub.test.asOwner('select from auth.users')).toHaveLength(0)
})

test('first run: a password that is too short and a wrong e-mail are said at their fields', async () => {
  const answer = await setUp({ password: 'short', email: 'nobody' })
  expect(answer.json().error.fields).toEqual({
    password: 'At least 12 characters, please.',
    email: 'This is not an e-mail address.',
  })
})

test('first run: the token makes one owner, once, even when used twice at the same time', async () => {
  expect((await hub.app.inject('/auth/setup')).json()).toEqual({ needed: true })
  const answers = await Promise.all([setUp(), setUp({ email: 'second@example.com' })])
  const codes = answers.map((answer) => answer.statusCode).toSorted((one, other) => one - other)
  expect(codes[0]).toBe(200)
  expect([400, 409]).toContain(codes[1])
  expect(await hub.test.asOwner('select from auth.users')).toHaveLength(1)
  expect(await hub.test.asOwner('select from tenants')).toHaveLength(1)
  expect(await hub.test.asOwner('select name, own_stock from suppliers')).toEqual([
    { name: 'Own stock', own_stock: true },
  ])
  expect(await hub.test.asOwner('select name from shipping_services')).toEqual([{ name: 'Standard delivery' }])
  expect((await hub.app.inject('/auth/setup')).json()).toEqual({ needed: false })
  const owner = answers.find((answer) => answer.statusCode === 200)
  const me = await hub.app.inject({ url: '/api/me', headers: { cookie: owner ? cookieOf(owner) : '' } })
  expect(me.json()).toMatchObject({ role: 'owner', business: { name: 'First Trading', currency: 'GBP' } })
})

test('first run: with an owner there is no new token, and setting up again is refused', async () => {
  expect(await makeSetupToken(hub.test.db.system, systemRandom)).toBeUndefined()
  expect((await setUp({ email: 'third@example.com' })).statusCode).toBe(409)
})

test('a session cookie is closed to scripts and other sites, and the table holds only its hash', async () => {
  ann = await hub.addPerson('Ann')
  const answer = await hub.signIn(ann.email, testPassword)
  const [cookie] = answer.cookies
  expect(cookie).toMatchObject({ name: 'sid', httpOnly: true, sameSite: 'Lax', path: '/' })
  const presented = decodeURIComponent(cookie?.value ?? '').split('.')[0] ?? ''
  const rows = await hub.test.asOwner<{ token: string }>('select token from auth.sessions')
  expect(rows.map((row) => row.token)).toContain(createHash('sha256').update(presented).digest('base64url'))
  expect(rows.map((row) => row.token)).not.toContain(presented)
  expect(answer.body).not.toContain(presented)
})

test('https: the cookie is Secure and bound to this host', async () => {
  const secure = await startApiServer({ publicUrl: 'https://hub.example.com' })
  try {
    const person = await secure.addPerson('Sec')
    const [cookie] = (await secure.signIn(person.email, testPassword)).cookies
    expect(cookie).toMatchObject({ name: '__Host-sid', secure: true, path: '/' })
    expect(cookie).not.toHaveProperty('domain')
    expect((await person.ask('GET', '/api/me')).status).toBe(200)
  } finally {
    await secure.dispose()
  }
})

test('signing out ends the session: its cookie opens nothing afterwards', async () => {
  const cookie = cookieOf(await hub.signIn(ann.email, testPassword))
  expect((await hub.app.inject({ url: '/api/me', headers: { cookie } })).statusCode).toBe(200)
  const out = await hub.app.inject({
    method: 'POST',
    url: '/auth/sign-out',
    headers: { cookie, 'sec-fetch-site': 'same-origin' },
    payload: {},
  })
  expect(out.statusCode).toBe(200)
  expect((await hub.app.inject({ url: '/api/me', headers: { cookie } })).statusCode).toBe(401)
})

test('a cookie that was altered or invented opens nothing', async () => {
  const altered = ann.cookie.replace(/.(?=[.%])/, (letter) => (letter === 'a' ? 'b' : 'a'))
  for (const cookie of [altered, 'sid=abc.def', 'sid=']) {
    expect((await hub.app.inject({ url: '/api/me', headers: { cookie } })).statusCode).toBe(401)
  }
})

test('who has left the business is signed out at once', async () => {
  const leaver = await hub.addPerson('Leaver')
  expect((await leaver.ask('GET', '/api/me')).status).toBe(200)
  await hub.test.asOwner('delete from auth.members where user_id = $1', [leaver.userId])
  expect((await leaver.ask('GET', '/api/me')).status).toBe(401)
})

test('a session ends a week after signing in, however much it is used', async () => {
  const cookie = cookieOf(await hub.signIn(ann.email, testPassword))
  await hub.test.asOwner(
    `update auth.sessions set created_at = created_at - interval '8 days', expires_at = expires_at + interval '1 day'`,
  )
  expect((await hub.app.inject({ url: '/api/me', headers: { cookie } })).statusCode).toBe(401)
})

test('nobody can sign up by himself, and no other door of the library is open', async () => {
  for (const path of [
    'sign-up/email',
    'get-session',
    'list-sessions',
    'update-user',
    'change-email',
    'ok',
    'reset-password',
  ]) {
    const answer = await hub.app.inject({
      method: 'POST',
      url: `/auth/${path}`,
      payload: { email: 'new@example.com', password: testPassword, name: 'New' },
    })
    expect([401, 404]).toContain(answer.statusCode)
  }
  expect(await hub.test.asOwner(`select from auth.users where email = 'new@example.com'`)).toHaveLength(0)
})

test('an unknown e-mail is answered like a wrong password', async () => {
  const wrong = await hub.signIn(ann.email, 'not the right password')
  const unknown = await hub.signIn('nobody@example.com', 'not the right password')
  expect(wrong.statusCode).toBe(401)
  expect(unknown.statusCode).toBe(401)
  expect(unknown.body).toBe(wrong.body)
})

test('ten failures lock the account for a while, right password or not, known or not; open sessions go on', async () => {
  const victim = await hub.addPerson('Victim')
  for (const email of [victim.email, 'unknown@example.com']) {
    const answers = await Promise.all(Array.from({ length: 14 }, () => hub.signIn(email, 'not the right password')))
    const codes = answers.map((answer) => answer.statusCode)
    expect(codes.filter((code) => code === 401)).toHaveLength(10)
    expect(codes.filter((code) => code === 429)).toHaveLength(4)
  }
  const right = await hub.signIn(victim.email, testPassword)
  expect(right.statusCode).toBe(429)
  expect(right.json().error.message).toMatch(/^Too many tries\. Please try again in ([3-5]\d|60) seconds\.$/)
  expect((await victim.ask('GET', '/api/me')).status).toBe(200)

  await hub.test.asOwner(`update auth.sign_in_tries set locked_until = locked_until - interval '1 hour'`)
  expect((await hub.signIn(victim.email, 'still not the right one')).statusCode).toBe(401)
  const locked = await hub.signIn(victim.email, testPassword)
  expect(locked.json().error.message).toContain('2 minutes')

  await hub.test.asOwner(`update auth.sign_in_tries set locked_until = locked_until - interval '1 hour'`)
  expect((await hub.signIn(victim.email, testPassword)).statusCode).toBe(200)
  expect((await hub.signIn(victim.email, 'one slip of the finger')).statusCode).toBe(401)
  expect((await hub.signIn(victim.email, testPassword)).statusCode).toBe(200)
})

test('tries from one address are limited, whatever account they name', async () => {
  const strict = await startApiServer({ signInTriesPerMinute: 5 })
  try {
    const codes: number[] = []
    for (let index = 0; index < 7; index++)
      codes.push((await strict.signIn(`person-${index}@example.com`, testPassword)).statusCode)
    expect(codes).toEqual([401, 401, 401, 401, 401, 429, 429])
  } finally {
    await strict.dispose()
  }
})

test('signing in from another site is refused, as is a body too large to be a password', async () => {
  expect(
    (await hub.signIn(ann.email, testPassword, { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }))
      .statusCode,
  ).toBe(403)
  expect((await hub.signIn(ann.email, 'x'.repeat(1_000_000))).statusCode).toBe(413)
})
