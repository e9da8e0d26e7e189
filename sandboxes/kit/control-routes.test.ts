import { expect, test } from 'vitest'
import { z } from 'zod'
import { consolePage } from './console.ts'
import { answerControl, choicesRoutes, get, ok } from './control-routes.ts'
import { createFaults } from './faults.ts'
import { createMeter } from './meter.ts'
import { choice, personForm, personPage, textField, tickBox } from './person-page.ts'
import { seededRandom } from './random.ts'
import { matchRoute } from './routes.ts'
import { requestOf } from './sandbox.ts'
import type { GivenListing, SandboxControl } from './control.ts'

function create() {
  const said: unknown[] = []
  const faults = createFaults(seededRandom(1))
  const meter = createMeter({ perSecond: 1, burst: 1 })
  const control: SandboxControl = {
    addListings(lines: GivenListing[]) {
      said.push(lines)
      return lines.map(({ sku }) => ({ id: '1', variantId: null, sku }))
    },
    placeOrders: (orders) => orders.map(() => ({ orders: [{ number: 'A/1' }], refused: [] })),
    payOrder: (number) => void said.push(`pay ${number}`),
    cancelOrder: () => ({ refusal: 'it is on its way' }),
    buyNow: () => [],
    setOrdersPerMinute: () => undefined,
    ordersPerMinute: () => 2,
    setFaults: (rates) => faults.set(rates),
    armFault: (name, options) => faults.arm(name, options),
    faults: () => ({ rates: faults.rates(), struck: faults.struck() }),
    revokeAccount: () => void said.push('revoked'),
    restoreAccount: () => void said.push('restored'),
    setLimit: (limit) => meter.setLimit(limit),
    setOurAddress: (address) => void said.push(address),
    noDelays: () => void said.push('no delays'),
    meter: () => meter.read(),
    requests: () => [],
    truth: () => ({ now: '2026-03-02T12:00:00.000Z', listings: [], orders: [], confirmations: [] }),
    truthHash: () => 'hash',
  }
  const choices = { offersAreSlow: false }
  const own = [
    get(/^\/$/, () => ({ status: 200, page: consolePage({ title: 'A sandbox', control }) })),
    get(/^\/faults$/, () => ok('mine')),
    ...choicesRoutes(choices, z.object({ offersAreSlow: z.stringbool().or(z.boolean()).optional() })),
  ]
  const ask = (path: string, body?: unknown) => {
    const isForm = typeof body === 'string'
    const headers = { 'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json' }
    const text = body === undefined ? '' : isForm ? body : JSON.stringify(body)
    const method = body === undefined ? 'GET' : 'POST'
    const answer = answerControl(control, own, requestOf({ method, url: path, headers, body: text }))
    return answer && { ...answer, body: answer.body.toString() }
  }
  return { ask, said, choices, control }
}

test('one listing and a list of them are taken, prices as text or number; nonsense is refused', () => {
  const { ask, said } = create()
  const line = { sku: 'A', title: 'Cable', price: 3.5, inventory: 2 }
  expect(ask('/__sandbox/listings', line)).toMatchObject({ status: 200 })
  expect(ask('/__sandbox/listings', [{ ...line, price: '3.50', more: 1 }])).toMatchObject({ status: 200 })
  expect(said).toEqual([[{ ...line, price: '3.5' }], [{ ...line, price: '3.50' }]])
  expect(ask('/__sandbox/listings', { ...line, price: 'dear' })?.status).toBe(400)
  expect(ask('/__sandbox/orders', { lines: [{ sku: 'A', quantity: 0 }] })?.status).toBe(400)
})

test('an order is named by its decoded number, refusals are 409, and forms come back to the console', () => {
  const { ask, said } = create()
  expect(ask('/__sandbox/orders/A%2F1/pay', {})?.status).toBe(200)
  expect(ask('/__sandbox/orders/A%2F1/cancel', {})).toMatchObject({
    status: 409,
    body: '{"message":"it is on its way"}',
  })
  expect(ask('/__sandbox/tokens/revoke', 'ok=1')).toMatchObject({ status: 303, headers: { location: '/__sandbox/' } })
  expect(said).toEqual(['pay A/1', 'revoked'])
})

test('a limit for all operations is set, and taken back with an empty body', () => {
  const { ask, control } = create()
  ask('/__sandbox/limit', { perSecond: 7, burst: 9 })
  expect(control.meter()).toMatchObject({ limit: { perSecond: 7, burst: 9 }, isOverridden: true })
  ask('/__sandbox/limit', {})
  expect(control.meter()).toMatchObject({ limit: { perSecond: 1, burst: 1 }, isOverridden: false })
  expect(ask('/__sandbox/limit', { perSecond: 7 })?.status).toBe(400)
})

test('our address is taken in the same words by all, and delays are ended', () => {
  const { ask, said } = create()
  const address = { redirectUri: 'http://hub.test/connect/a', loginUri: 'http://hub.test/connect/a/start' }
  expect(ask('/__sandbox/our-address', address)).toMatchObject({ status: 200 })
  expect(ask('/__sandbox/our-address', { redirectUri: 'nowhere' })?.status).toBe(400)
  expect(ask('/__sandbox/our-address', { ...address, redirectUrl: '' })?.status).toBe(400)
  expect(ask('/__sandbox/no-delays', {})).toMatchObject({ status: 200 })
  expect(said).toEqual([address, 'no delays'])
})

test('what a sandbox adds is tried first, and paths of its API are left to it', () => {
  const { ask, choices } = create()
  expect(ask('/__sandbox/faults')?.body).toBe('"mine"')
  expect(ask('/__sandbox/choices', { offersAreSlow: true })?.body).toBe('{"offersAreSlow":true}')
  expect(choices.offersAreSlow).toBe(true)
  ask('/__sandbox/choices', 'offersAreSlow=false')
  expect(choices.offersAreSlow).toBe(false)
  expect(ask('/__sandboxes')).toBeUndefined()
  expect(ask('/orders/v1')).toBeUndefined()
  expect(ask('/__sandbox')?.body).toContain('A buyer orders now')
})

test('parts of a path are decoded exactly once', () => {
  const routes = [
    { method: 'GET', path: '/items/{seller}/{sku}' },
    { method: 'GET', path: '/items/{seller}' },
  ]
  expect(matchRoute(routes, 'GET', '/items/S1/A%2FB%2525')?.params).toEqual({ seller: 'S1', sku: 'A/B%25' })
  expect(matchRoute(routes, 'GET', '/items/%E0%A4%A')?.params).toEqual({ seller: '%E0%A4%A' })
  expect(matchRoute(routes, 'PUT', '/items/S1')).toBeUndefined()
  expect(matchRoute(routes, 'GET', '/items/')).toBeUndefined()
})

test('pages for sellers name every input and escape what was typed', () => {
  const shown = personPage({
    title: 'Allow access?',
    marketplace: 'A sandbox',
    body: personForm({
      action: '/consent',
      hidden: { state: '"><script>' },
      inputs: [
        textField({ label: 'Password', name: 'password', type: 'password' }),
        choice({ label: 'Account', name: 'seller', options: [{ value: '2', label: 'Another shop' }], chosen: '2' }),
        tickBox({ label: 'I agree', name: 'agreed' }),
      ],
      buttons: [{ label: 'Confirm', name: 'answer', value: 'yes', main: true }],
    }),
  })
  expect(shown).not.toContain('<script>')
  for (const part of ['for="password"', 'id="seller"', '<option value="2" selected', 'name="answer"', '>I agree<']) {
    expect(shown).toContain(part)
  }
})
