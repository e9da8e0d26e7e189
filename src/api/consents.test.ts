import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { connectors } from '../connectors/index.ts'
import { startApiServer, type ApiServer, type Person } from '../../test/support/api-server.ts'
import {
  lanternApp,
  lanternSignature,
  lanternSite,
  openLantern,
  signedLantern,
  type LanternBooks,
} from '../../test/support/lantern.ts'

let hub: ApiServer
let ann: Person
let bob: Person
let books: LanternBooks

beforeAll(async () => {
  const lantern = openLantern()
  books = lantern.books
  hub = await startApiServer({ http: lantern.http })
  hub.parts.appCredentials['lantern'] = { ...lanternApp }
  ann = await hub.addPerson('Ann')
  bob = await hub.addPerson('Bob')
})
afterAll(() => hub.dispose())
beforeEach(async () => {
  books.codes.clear()
  books.shops.clear()
  books.asked.length = 0
  books.isAway = false
  await hub.test.asOwner('truncate consents, sales_channels, channel_accounts, channel_work, nudge_routes cascade')
})

type Begun = { id: string; url: string }
type View = {
  state: string
  reason: string | null
  name: string | null
  sites: { id: string; connectedAs: string | null }[]
}
type Landed = {
  kind: string
  message: string | null
  consentId: string | null
  name: string | null
  reauthorises: boolean
}

/** The seller has a shop at Lantern and allows the access: the code the browser comes back with. */
function allow(token: string, sites = [lanternSite('one', `seller-${token}`)]): string {
  books.shops.set(token, sites)
  books.codes.set(`code-${token}`, token)
  return `code-${token}`
}

const begin = async (person: Person, changes: Record<string, unknown> = {}) =>
  (await person.ask('POST', '/api/consents', { marketplace: 'lantern', name: 'Main shop', ...changes })).body as Begun
const stateOf = ({ url }: Begun) => new URL(url).searchParams.get('state') ?? ''
const land = async (person: Person, query: Record<string, string>, more: Record<string, unknown> = {}) =>
  (await person.ask('POST', '/api/consents/landings', { marketplace: 'lantern', query, ...more })).body as Landed
const view = async (person: Person, { id }: { id: string }) =>
  (await person.ask('GET', `/api/consents/${id}`)).body as View
const choose = (person: Person, { id }: { id: string }, body: Record<string, unknown> = {}) =>
  person.ask('POST', `/api/consents/${id}/choose`, body)
const channels = async (person: Person) =>
  (await person.ask('GET', '/api/channels')).body as { id: string; name: string }[]
const exchanges = () => books.asked.filter(({ path }) => path.endsWith('/token')).length

async function connect(person: Person, token: string, changes: Record<string, unknown> = {}): Promise<string> {
  const begun = await begin(person, changes)
  await land(person, { code: allow(token), state: stateOf(begun) })
  const done = await choose(person, begun)
  expect([done.status, done.body]).toMatchObject([200, { enabled: true }])
  return (done.body as { id: string }).id
}

test('A3: a consent is begun at the marketplace’s own page, brought back, agreed to, and is an integration', async () => {
  const begun = await begin(ann)
  const page = new URL(begun.url)
  expect(page.origin + page.pathname).toBe('https://door.lantern.example/allow')
  expect(page.searchParams.get('back')).toBe('http://127.0.0.1:4400/connect/lantern')
  expect(Buffer.from(stateOf(begun), 'base64url')).toHaveLength(32)
  expect(await view(ann, begun)).toMatchObject({ state: 'waiting', sites: [] })

  const landed = await land(ann, { code: allow('t1'), state: stateOf(begun) })
  expect(landed).toMatchObject({ kind: 'found', consentId: begun.id, name: 'Main shop' })
  expect(books.asked[0]?.body).toMatchObject({ redirectUri: 'http://127.0.0.1:4400/connect/lantern' })
  expect(await view(ann, begun)).toMatchObject({ state: 'choose', sites: [{ id: 'one', connectedAs: null }] })
  expect(await channels(ann)).toEqual([])

  expect(await choose(ann, begun, { currency: 'EUR' })).toMatchObject({ status: 200, body: { name: 'Main shop' } })
  expect(await channels(ann)).toMatchObject([{ name: 'Main shop', enabled: true }])
  expect(await view(ann, begun)).toMatchObject({ state: 'connected' })
})

test('nothing secret of a consent is stored in plain, nor kept when it is over', async () => {
  const begun = await begin(ann, { account: { clientId: 'own-id', clientSecret: 'own-canary' } })
  await land(ann, { code: allow('token-canary', [lanternSite('one', 'seller')]), state: stateOf(begun) })
  const stored = () => hub.test.asOwner<{ row: string }>(`select c::text as row from consents c`)
  const [row] = await stored()
  for (const secret of ['token-canary', 'own-canary', stateOf(begun)]) expect(row?.row).not.toContain(secret)
  await choose(ann, begun)
  expect(await hub.test.asOwner('select account, length(typed) as typed from consents')).toEqual([
    { account: null, typed: 0 },
  ])
})

test('a state counts once, and its code is exchanged once', async () => {
  const begun = await begin(ann)
  const query = { code: allow('t1'), state: stateOf(begun) }
  const both = await Promise.all([land(ann, query), land(ann, query)])
  expect(both.map(({ kind }) => kind).toSorted()).toEqual(['found', 'refused'])
  expect((await land(ann, query)).message).toContain('used already')
  expect(exchanges()).toBe(1)
})

test('login CSRF: what another person or another business began cannot be brought back here', async () => {
  const bobs = await begin(bob)
  const code = allow('t1')
  const foreign = await land(ann, { code, state: stateOf(bobs) })
  const random = await land(ann, { code, state: 'x'.repeat(43) })
  expect(foreign).toEqual(random)
  expect(foreign.message).toContain('was not begun here by you')
  expect(exchanges()).toBe(0)
  expect(await view(bob, bobs)).toMatchObject({ state: 'waiting' })

  const colleague = await hub.addPerson('Colleague')
  await hub.test.asOwner('update auth.members set tenant_id = $1 where user_id = $2', [ann.tenantId, colleague.userId])
  const anns = await begin(ann)
  expect(await land(colleague, { code, state: stateOf(anns) })).toEqual(random)
})

test('a state of one marketplace counts at no other', async () => {
  const lantern = connectors['lantern']
  if (!lantern) throw new Error('Lantern is not open.')
  connectors['beacon'] = { ...lantern, id: 'beacon' }
  const begun = await begin(ann)
  const query = { code: allow('t1'), state: stateOf(begun) }
  for (const marketplace of ['beacon', 'reverb', 'nowhere']) {
    const landed = await ann.ask('POST', '/api/consents/landings', { marketplace, query })
    expect(landed.body).toMatchObject({ kind: 'refused' })
  }
  expect(exchanges()).toBe(0)
  expect(await view(ann, begun)).toMatchObject({ state: 'waiting' })
})

test('after ten minutes a consent counts no more', async () => {
  const begun = await begin(ann)
  await hub.test.asOwner(`update consents set expires_at = now() - interval '1 second'`)
  expect(await land(ann, { code: allow('t1'), state: stateOf(begun) })).toMatchObject({ kind: 'refused' })
  expect(exchanges()).toBe(0)
  expect(await view(ann, begun)).toMatchObject({ state: 'expired' })
})

test('what was found waits half an hour for its person, and what is long over is removed', async () => {
  const begun = await begin(ann)
  await land(ann, { code: allow('t1'), state: stateOf(begun) })
  await hub.test.asOwner(`update consents set expires_at = now() - interval '1 second'`)
  expect(await choose(ann, begun)).toMatchObject({ status: 422, body: { error: { message: /took too long/ } } })
  await hub.test.asOwner(`update consents set expires_at = now() - interval '2 hours'`)
  await begin(ann)
  expect((await ann.ask('GET', `/api/consents/${begun.id}`)).status).toBe(404)
})

test('a refused consent is told in both tabs', async () => {
  const begun = await begin(ann)
  const landed = await land(ann, { error: 'denied', state: stateOf(begun) })
  expect(landed).toMatchObject({ kind: 'refused', message: /The seller said no/ })
  expect(await view(ann, begun)).toMatchObject({ state: 'refused', reason: landed.message })
})

test('a code that is not accepted, or a marketplace that is away, saves nothing and says so', async () => {
  const first = await begin(ann)
  expect(await land(ann, { code: 'never-given', state: stateOf(first) })).toMatchObject({
    message: /Lantern did not give the access: Lantern does not know this/,
  })
  const second = await begin(ann)
  books.isAway = true
  expect(await land(ann, { code: allow('t1'), state: stateOf(second) })).toMatchObject({
    message: /could not be asked just now/,
  })
  expect(await view(ann, second)).toMatchObject({ state: 'refused' })
  expect(await channels(ann)).toEqual([])
})

test('an answer nobody understands ends its consent with a sentence', async () => {
  const begun = await begin(ann)
  expect(await land(ann, { state: stateOf(begun) })).toMatchObject({ message: /sent nothing this hub can use/ })
  expect(await land(ann, {})).toMatchObject({ kind: 'refused' })
})

test('A2: cancelling leaves nothing behind, also while the marketplace answers', async () => {
  const begun = await begin(ann)
  const code = allow('t1')
  expect((await ann.ask('DELETE', `/api/consents/${begun.id}`)).status).toBe(200)
  expect(await land(ann, { code, state: stateOf(begun) })).toMatchObject({ kind: 'refused' })
  expect(await hub.test.asOwner('select from consents')).toEqual([])
  expect(exchanges()).toBe(0)
})

test('an account connected already is refused with the name it has', async () => {
  await connect(ann, 't1')
  const again = await begin(ann, { name: 'Once more' })
  const landed = await land(ann, { code: allow('t2', [lanternSite('one', 'seller-t1')]), state: stateOf(again) })
  expect(landed.message).toBe('This account is connected already, as “Main shop”.')
  expect(await view(ann, again)).toMatchObject({ state: 'refused' })
})

test('A2: a name that is taken is refused before any page opens', async () => {
  await connect(ann, 't1')
  const refused = await ann.ask('POST', '/api/consents', { marketplace: 'lantern', name: 'MAIN SHOP' })
  expect(refused).toMatchObject({ status: 422, body: { error: { fields: { name: /already/ } } } })
})

test('A4: several shops in one consent are connected one at a time, each under its own name', async () => {
  const begun = await begin(ann)
  const shops = [lanternSite('one', 's'), lanternSite('two', 's')]
  await land(ann, { code: allow('t1', shops), state: stateOf(begun) })
  expect(await choose(ann, begun)).toMatchObject({ status: 422, body: { error: { fields: { siteId: /Choose/ } } } })
  expect((await choose(ann, begun, { siteId: 'one' })).status).toBe(200)
  expect(await view(ann, begun)).toMatchObject({
    state: 'choose',
    sites: [{ connectedAs: 'Main shop' }, { connectedAs: null }],
  })
  expect(await choose(ann, begun, { siteId: 'two' })).toMatchObject({
    status: 422,
    body: { error: { fields: { name: /already/ } } },
  })

  // The engine has renewed the account meanwhile: what the consent got is older now and must not come back.
  await hub.test.asOwner(`update channel_accounts set credentials = 'renewed'`)
  expect((await choose(ann, begun, { siteId: 'two', name: 'Second shop' })).status).toBe(200)
  expect(await hub.test.asOwner(`select convert_from(credentials, 'utf8') as kept from channel_accounts`)).toEqual([
    { kept: 'renewed' },
  ])
  expect(await view(ann, begun)).toMatchObject({ state: 'connected' })
  expect((await channels(ann)).map(({ name }) => name)).toEqual(['Main shop', 'Second shop'])
})

test('A5: the warehouse is checked against the account’s, whatever its case, and kept', async () => {
  const warehouses = [
    { id: 'w1', name: 'Default', isDefault: true },
    { id: 'w2', name: 'North', isDefault: false },
  ]
  const begun = await begin(ann)
  await land(ann, { code: allow('t1', [lanternSite('one', 's', { warehouses })]), state: stateOf(begun) })
  expect(await choose(ann, begun, { warehouse: 'South' })).toMatchObject({
    status: 422,
    body: { error: { fields: { warehouse: /“Default”, “North”, but no “South”/ } } },
  })
  expect(await choose(ann, begun, { currency: 'USD' })).toMatchObject({
    status: 422,
    body: { error: { fields: { currency: /GBP, EUR/ } } },
  })
  const done = await choose(ann, begun, { warehouse: 'north' })
  const { id } = done.body as { id: string }
  expect((await ann.ask('GET', `/api/channels/${id}`)).body).toMatchObject({ warehouse: 'North' })
  expect(await hub.test.asOwner('select warehouse_id from sales_channels')).toEqual([{ warehouse_id: 'w2' }])
})

test('A5: the seller’s own application is used whole or not at all', async () => {
  const half = await ann.ask('POST', '/api/consents', {
    marketplace: 'lantern',
    name: 'Own',
    account: { clientId: 'own-id' },
  })
  expect(half).toMatchObject({ status: 422, body: { error: { fields: { clientSecret: 'Give the client secret.' } } } })
  const begun = await begin(ann, { account: { clientId: 'own-id', clientSecret: 'own-secret' } })
  expect(new URL(begun.url).searchParams.get('client')).toBe('own-id')
  await land(ann, { code: allow('t1'), state: stateOf(begun) })
  expect(books.asked[0]?.body).toMatchObject({ clientId: 'own-id' })
})

test('A5: typed tokens are tried, and then the shop is chosen like after a consent', async () => {
  books.shops.set('typed', [lanternSite('one', 's')])
  const wrong = await ann.ask('POST', '/api/consents', {
    marketplace: 'lantern',
    name: 'Typed',
    way: 'typed',
    account: { token: 'nonsense' },
  })
  expect(wrong).toMatchObject({ status: 422, body: { error: { message: 'Lantern does not know this' } } })
  const begun = await begin(ann, { name: 'Typed', way: 'typed', account: { token: 'typed' } })
  expect(begun.url).toBeNull()
  expect((await choose(ann, begun)).status).toBe(200)
})

test('A5: typed tokens are renewed only once they have proved themselves and their account is wanted here', async () => {
  const type = (token: string, name: string) =>
    ann.ask('POST', '/api/consents', { marketplace: 'lantern', name, way: 'typed', account: { token } })
  const renewals = () => books.asked.filter(({ path }) => path.endsWith('/renew')).length
  expect((await type('nonsense', 'First')).status).toBe(422)
  expect(renewals()).toBe(0)
  books.shops.set('typed', [lanternSite('one', 's')])
  const begun = (await type('typed', 'First')).body as Begun
  expect(renewals()).toBe(1)
  const added = await choose(ann, begun)

  const again = await type('typed', 'Second')
  expect(again).toMatchObject({ status: 422, body: { error: { message: /connected already, as “First”/ } } })
  const { id } = added.body as { id: string }
  books.shops.set('other', [lanternSite('two', 'other')])
  const foreign = await ann.ask('POST', `/api/channels/${id}/reauthorise`, { account: { token: 'other' } })
  expect(foreign).toMatchObject({ status: 422, body: { error: { message: /different seller account/ } } })
  expect(renewals()).toBe(1)
})

test('A9: fields left empty stay as they are, and saving nothing new only tries what is there', async () => {
  books.shops.set('typed', [lanternSite('one', 's')])
  const own = { token: 'typed', clientId: 'own-id', clientSecret: 'own-secret' }
  const { id } = (await choose(ann, await begin(ann, { way: 'typed', account: own }))).body as { id: string }
  expect((await ann.ask('POST', `/api/channels/${id}/reauthorise`, { account: {} })).status).toBe(200)
  books.shops.set('fresh', [lanternSite('one', 's')])
  expect((await ann.ask('POST', `/api/channels/${id}/reauthorise`, { account: { token: 'fresh' } })).status).toBe(200)
  const again = await begin(ann, { channelId: id, name: undefined })
  expect(new URL(again.url).searchParams.get('client')).toBe('own-id')
})

test('without the hub’s own application the consent page is not offered, and its operator is told what to set', async () => {
  delete hub.parts.appCredentials['lantern']
  try {
    const refused = await ann.ask('POST', '/api/consents', { marketplace: 'lantern', name: 'Main shop' })
    expect(refused).toMatchObject({
      status: 422,
      body: { error: { message: /FAIRLEAD_APP_LANTERN_CLIENT_ID, FAIRLEAD_APP_LANTERN_CLIENT_SECRET/ } },
    })
    const own = await begin(ann, { account: { clientId: 'own-id', clientSecret: 'own-secret' } })
    expect(own.url).toContain('client=own-id')
  } finally {
    hub.parts.appCredentials['lantern'] = { ...lanternApp }
  }
})

test('A9: signing in again by consent replaces the access of the same seller, and nothing before it is agreed to', async () => {
  const channelId = await connect(ann, 't1')
  const sealed = () => hub.test.asOwner<{ it: string }>(`select encode(credentials, 'hex') as it from channel_accounts`)
  const before = await sealed()
  const begun = await begin(ann, { channelId, name: undefined })
  const landed = await land(ann, { code: allow('t2', [lanternSite('one', 'seller-t1')]), state: stateOf(begun) })
  expect(landed).toMatchObject({ kind: 'found', reauthorises: true })
  expect(await sealed()).toEqual(before)
  expect(await choose(ann, begun)).toMatchObject({ status: 200, body: { id: channelId } })
  expect(await sealed()).not.toEqual(before)
  expect(await channels(ann)).toHaveLength(1)
})

test('A9: another seller’s account is refused with that reason, and nothing changes', async () => {
  const channelId = await connect(ann, 't1')
  const before = await hub.test.asOwner('select * from channel_accounts')
  const begun = await begin(ann, { channelId, name: undefined })
  const landed = await land(ann, { code: allow('other'), state: stateOf(begun) })
  expect(landed.message).toContain('belong to a different seller account')
  expect(await view(ann, begun)).toMatchObject({ state: 'refused', reason: landed.message })
  expect((await choose(ann, begun)).status).toBe(422)
  expect(await hub.test.asOwner('select * from channel_accounts')).toEqual(before)
})

test('the page a marketplace sends the browser to changes nothing by being opened, and tells nobody its address', async () => {
  const begun = await begin(ann)
  const url = `/connect/lantern?${new URLSearchParams({ code: allow('t1'), state: stateOf(begun) })}`
  const opened = await hub.app.inject({ url, headers: { cookie: ann.cookie } })
  expect([opened.statusCode, opened.headers['referrer-policy']]).toEqual([200, 'no-referrer'])
  expect(exchanges()).toBe(0)
  expect(await view(ann, begun)).toMatchObject({ state: 'waiting' })
})

test('X1: a consent for another business’s integration is answered like one for none', async () => {
  const channelId = await connect(bob, 't1')
  const ask = (id: string) => ann.ask('POST', '/api/consents', { marketplace: 'lantern', channelId: id })
  const foreign = await ask(channelId)
  const random = await ask(crypto.randomUUID())
  expect([foreign.status, foreign.body]).toEqual([404, random.body])
})

test('begun at the marketplace’s side: the browser goes back to the marketplace’s own page, and the shop is named afterwards', async () => {
  const started = await ann.ask('POST', '/api/consents/begun-there', {
    marketplace: 'lantern',
    query: { their_state: 'abc', callback: 'https://evil.example/' },
  })
  const begun = started.body as Begun
  expect(new URL(begun.url).origin).toBe('https://door.lantern.example')
  const landed = await land(ann, { code: allow('t1'), state: stateOf(begun) })
  expect(landed).toMatchObject({ kind: 'found', name: null, consentId: begun.id })
  expect(await choose(ann, begun)).toMatchObject({ status: 422, body: { error: { fields: { name: /name/ } } } })
  expect((await choose(ann, begun, { name: 'From there' })).status).toBe(200)

  const nonsense = await ann.ask('POST', '/api/consents/begun-there', { marketplace: 'lantern', query: {} })
  expect(nonsense).toMatchObject({ status: 422, body: { error: { message: /not how Lantern begins/ } } })
})

test('without a state nothing is linked before the person says so', async () => {
  const code = allow('t1')
  expect(await land(ann, { code })).toMatchObject({ kind: 'ask', name: null })
  expect(exchanges()).toBe(0)
  expect(await hub.test.asOwner('select from consents')).toEqual([])
  const landed = await land(ann, { code }, { confirmed: true })
  expect(landed).toMatchObject({ kind: 'found', name: null })
  expect(await land(ann, { code }, { confirmed: true })).toMatchObject({ kind: 'refused' })
  expect(exchanges()).toBe(1)
  expect((await choose(ann, { id: landed.consentId ?? '' }, { name: 'From the app store' })).status).toBe(200)
})

test('without a state a consent that waits for this person is named in the question and continued', async () => {
  const begun = await begin(ann)
  const code = allow('t1')
  expect(await land(ann, { code })).toMatchObject({ kind: 'ask', name: 'Main shop' })
  expect(await land(ann, { code }, { confirmed: true })).toMatchObject({ kind: 'found', consentId: begun.id })
})

test('notifications: a signed one makes the work of that shop due and is taken once, whatever is known of it', async () => {
  await connect(ann, 't1')
  await connect(bob, 't2')
  await hub.test.asOwner(`update channel_work set due_at = now() + interval '1 hour'`)
  hub.kicks.length = 0
  const send = (nudge: Parameters<typeof signedLantern>[0]) =>
    hub.app.inject({ method: 'POST', url: '/hooks/lantern', ...signedLantern(nudge) })
  const known = await send({ id: 'n1', sellerId: 'seller-t1', siteId: 'one', about: 'orders' })
  const unknown = await send({ id: 'n2', sellerId: 'nobody', siteId: null, about: 'orders' })
  expect([known.statusCode, known.body]).toEqual([200, '{}'])
  expect([unknown.statusCode, unknown.body]).toEqual([200, '{}'])
  expect(hub.kicks).toMatchObject([{ name: 'channel', data: { tenantId: ann.tenantId, operation: 'pull-orders' } }])
  await send({ id: 'n1', sellerId: 'seller-t1', siteId: 'one', about: 'orders' })
  expect(hub.kicks).toHaveLength(1)
  const due = await hub.test.asOwner<{ tenant: string }>(
    `select tenant_id as tenant from channel_work where due_at <= now()`,
  )
  expect(due).toEqual([{ tenant: ann.tenantId }])
})

test('notifications: a burst costs one look, and one that names no shop makes all look once a minute at most', async () => {
  await connect(ann, 't1')
  await connect(bob, 't2')
  const rest = (seconds: number) =>
    hub.test.asOwner(
      `update channel_work set started_at = now() - make_interval(secs => $1), due_at = now() + interval '1 hour'`,
      [seconds],
    )
  const kicked = async (id: string, sellerId: string | null) => {
    hub.kicks.length = 0
    const nudge = signedLantern({ id, sellerId, siteId: null, about: 'orders' })
    await hub.app.inject({ method: 'POST', url: '/hooks/lantern', ...nudge })
    return hub.kicks.length
  }
  await rest(2)
  expect(await kicked('b1', 'seller-t1')).toBe(0)
  await rest(6)
  expect([await kicked('b2', null), await kicked('b3', 'seller-t1')]).toEqual([0, 1])
  await rest(61)
  expect(await kicked('b4', null)).toBe(2)
  const remembered = await hub.test.asOwner<{ count: number }>('select count(*)::int as count from nudge_inbox')
  await kicked('b5', null)
  expect(await hub.test.asOwner('select count(*)::int as count from nudge_inbox')).toEqual(remembered)
})

test('notifications: what is switched off or removed is left alone', async () => {
  const channelId = await connect(ann, 't1')
  const nudge = { sellerId: 'seller-t1', siteId: null, about: 'orders' }
  hub.kicks.length = 0
  await ann.ask('POST', `/api/channels/${channelId}/switch`, { enabled: false })
  await hub.app.inject({ method: 'POST', url: '/hooks/lantern', ...signedLantern({ id: 'n3', ...nudge }) })
  await ann.ask('DELETE', `/api/channels/${channelId}`)
  await hub.app.inject({ method: 'POST', url: '/hooks/lantern', ...signedLantern({ id: 'n4', ...nudge }) })
  expect(hub.kicks).toEqual([])
  expect(await hub.test.asOwner('select from nudge_routes')).toEqual([])
})

test('X4: a forged, cut-off or foreign notification is refused, never with a fault of ours', async () => {
  const { payload, headers } = signedLantern({ id: 'n5', sellerId: null, siteId: null, about: 'orders' })
  const post = (changes: object) =>
    hub.app.inject({ method: 'POST', url: '/hooks/lantern', payload, headers, ...changes })
  for (const [why, changes, status] of [
    ['no signature', { headers: {} }, 401],
    ['a signature of another length', { headers: { 'x-signature': 'ab' } }, 401],
    ['another body', { payload: `${payload} ` }, 401],
    ['cut off', { payload: payload.slice(0, -4) }, 401],
    ['a page', { payload: '<html></html>', headers: { ...headers, 'content-type': 'text/html' } }, 401],
    ['nothing', { payload: '' }, 401],
    ['signed, but no JSON', signedNonsense(), 400],
    ['too large', { payload: 'x'.repeat(1_000_001) }, 413],
    ['a marketplace without notifications', { url: '/hooks/reverb' }, 404],
    ['no marketplace', { url: '/hooks/nothing' }, 404],
    ['another verb', { method: 'PUT' }, 404],
  ] as const) {
    expect([why, (await post(changes)).statusCode]).toEqual([
      why,
      status === 404 && why === 'another verb' ? 401 : status,
    ])
  }
  delete hub.parts.appCredentials['lantern']
  expect((await post({})).statusCode).toBe(401)
  hub.parts.appCredentials['lantern'] = { ...lanternApp }
  expect((await post({ headers: { ...headers, 'content-type': 'application/json' } })).statusCode).toBe(200)
})

const signedNonsense = () => ({ payload: 'nonsense', headers: { 'x-signature': lanternSignature('nonsense') } })
