import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  cookieOf,
  startApiServer,
  testPassword,
  type ApiServer,
  type Person,
} from '../../../test/support/api-server.ts'

const another = 'another long password'
let hub: ApiServer
let person: Person
let people = 0

beforeAll(async () => {
  hub = await startApiServer()
})
afterAll(() => hub.dispose())
beforeEach(async () => {
  person = await hub.addPerson(`Person ${(people += 1)}`)
})

const change = (cookie: string, body: object, site = 'same-origin') =>
  hub.app.inject({
    method: 'POST',
    url: '/auth/password',
    headers: { cookie, 'sec-fetch-site': site },
    payload: body,
  })
const me = async (cookie: string) => (await hub.app.inject({ url: '/api/me', headers: { cookie } })).statusCode
const signsIn = async (password: string) => (await hub.signIn(person.email, password)).statusCode

test('a new password counts at once; here he stays signed in, everywhere else he is signed out', async () => {
  const elsewhere = cookieOf(await hub.signIn(person.email, testPassword))
  const answer = await change(person.cookie, { current: testPassword, next: another })
  expect(answer.statusCode).toBe(200)
  expect(await me(cookieOf(answer))).toBe(200)
  for (const cookie of [elsewhere, person.cookie]) expect(await me(cookie)).toBe(401)
  expect([await signsIn(testPassword), await signsIn(another)]).toEqual([401, 200])
})

test('what is wrong is said at its field, and nothing changes', async () => {
  const fieldsOf = async (body: object) => (await change(person.cookie, body)).json().error.fields
  expect(await fieldsOf({ current: 'a guess of some length', next: another })).toEqual({
    current: 'This is not your present password.',
  })
  expect(await fieldsOf({ current: testPassword, next: 'short' })).toEqual({
    next: expect.stringContaining('At least 12'),
  })
  expect(await me(person.cookie)).toBe(200)
  expect([await signsIn(another), await signsIn(testPassword)]).toEqual([401, 200])
})

test('guessing the present password is stopped as guessing at the sign-in is', async () => {
  const answers: number[] = []
  for (let tries = 0; tries < 11; tries++)
    answers.push((await change(person.cookie, { current: `guess number ${tries}`, next: another })).statusCode)
  expect(answers.at(-1)).toBe(429)
  expect((await change(person.cookie, { current: testPassword, next: another })).statusCode).toBe(429)
})

test('nobody changes a password without a session, or from another site', async () => {
  const body = { current: testPassword, next: another }
  expect((await change('', body)).statusCode).toBe(401)
  expect((await change(person.cookie, body, 'cross-site')).statusCode).toBe(403)
  expect(await signsIn(testPassword)).toBe(200)
})
