// Wish is the hardest case: a renewal revokes every older access token at that moment (W3).
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createWishSandbox } from '../../sandboxes/wish/index.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createEngineWorld, type EngineWorld } from '../../test/support/engine-world.ts'
import { sandboxHttp } from '../../test/support/sandbox-http.ts'
import { wish } from '../connectors/wish/index.ts'
import { openCredentials } from '../domain/channels/channel.store.ts'
import { seededRandom } from '../platform/random.ts'
import { findSitesOf, storeChannel } from './connect.ts'
import { connectorOf } from '../connectors/index.ts'
import { renewIfDue } from './renew.ts'

const day = 86_400
let database: TestDatabase
let world: EngineWorld
let sandbox: ReturnType<typeof createWishSandbox>
let accountId: string
let channelId: string

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

beforeEach(async () => {
  world = await createEngineWorld(database)
  const random = seededRandom('wish')
  const { clock } = world
  sandbox = createWishSandbox(
    { now: () => clock.now(), random: () => random.float() },
    { empty: true, origin: 'http://wish.test' },
  )
  world.parts.http = sandboxHttp(() => sandbox)
  world.parts.marketplaceUrls = { wish: 'http://wish.test' }
  const connector = connectorOf('wish')
  if (!connector) throw new Error('There is no connector of Wish')
  const { clientId, clientSecret, accessToken, accessTokenEndsAt, refreshToken } = sandbox.account()
  world.parts.appCredentials = { wish: { clientId, clientSecret } }
  const account = { clientId: '', clientSecret: '', accessToken, accessTokenEndsAt, refreshToken }
  const tried = await findSitesOf(world.parts, connector, { account, siteId: null })
  const [site] = tried.kind === 'found' ? tried.sites : []
  if (!site) throw new Error(`No store: ${JSON.stringify(tried)}`)
  const added = await storeChannel(world.parts, world.tenantId, {
    connector,
    site,
    account,
    name: 'My store',
    currency: site.currency,
    actor: 'A person',
  })
  if (added.kind !== 'added') throw new Error(added.message)
  channelId = added.channelId
  const [row] = await database.asOwner<{ id: string }>('select account_id as id from sales_channels where id = $1', [
    channelId,
  ])
  accountId = row?.id ?? ''
})

const renewals = () => sandbox.control.meter().byOperation['oauth.refresh_token']?.calls ?? 0
const where = () => ({ tenantId: world.tenantId, accountId })
async function stored(): Promise<Record<string, string>> {
  const [row] = await database.asOwner<{ credentials: Buffer; state: string }>(
    'select credentials, state from channel_accounts where id = $1',
    [accountId],
  )
  if (!row) throw new Error('No account')
  return { ...openCredentials(world.parts.secrets, where(), row.credentials), state: row.state }
}
/** Until the access token should be renewed, or has ended. */
async function pass(what: 'dueAt' | 'endsAt') {
  const { accessToken = '', refreshToken = '', clientId = '', clientSecret = '', ...rest } = await stored()
  const { accessTokenEndsAt = '' } = rest as Record<string, string>
  const at = wish.renewal?.[what]({ accessToken, refreshToken, clientId, clientSecret, accessTokenEndsAt })
  if (!at) throw new Error('It never ends')
  await world.wait((at.getTime() - world.clock.now().getTime()) / 1000 + 1)
}

describe('A9: credentials that end are renewed', () => {
  test('many who need it at once renew once, and all go on', async () => {
    await pass('dueAt')
    const before = await stored()
    const all = await Promise.all(Array.from({ length: 5 }, () => renewIfDue(world.parts, where())))
    expect(all.filter((one) => one === 'renewed')).toHaveLength(1)
    expect(renewals()).toBe(1)
    expect(await stored()).not.toEqual(before)
    expect(await world.finish(channelId, 'pull-orders')).toBe('done')
  })

  test('a lost answer loses nothing: the same is asked again, and the account stays connected', async () => {
    await pass('dueAt')
    const before = await stored()
    sandbox.control.armFault('timeout-after', { operation: 'oauth.refresh_token' })
    // The old token is dead already, though it says otherwise.
    expect(await world.finish(channelId, 'pull-orders')).toBe('done')
    expect(renewals()).toBe(2)
    const after = await stored()
    expect(after['state']).toBe('connected')
    expect(after).not.toEqual(before)
  })

  test('a token that died before its time is renewed when it is refused, and the run begins again', async () => {
    const connector = connectorOf('wish')
    // Somebody else renewed with the same refresh token, as a second program of the seller would.
    await renewElsewhere(connector)
    expect(await world.finish(channelId, 'pull-orders')).toBe('done')
    expect((await stored())['state']).toBe('connected')
  })

  test('a token that dies again right after its renewal is renewed once more, for the refresh token is still good', async () => {
    const connector = connectorOf('wish')
    await pass('dueAt')
    expect(await world.finish(channelId, 'pull-orders')).toBe('done')
    // An earlier renewal whose answer was lost arrives late, and ends what came of the later one.
    await world.wait(20)
    await renewElsewhere(connector)
    expect(await world.kick(channelId, 'pull-orders')).toBe('refused')
    expect((await stored())['state']).toBe('connected')
    expect(await world.finish(channelId, 'pull-orders')).toBe('done')
  })

  test('tokens that are refused however often they are renewed are parked within minutes, after three renewals', async () => {
    // Whatever was given out has ended before it is used.
    world.parts.http = sandboxHttp(() => sandbox, { before: () => sandbox.control.expireAccessTokens() })
    const began = world.clock.now().getTime()
    for (let kicks = 0; kicks < 30 && (await stored())['state'] === 'connected'; kicks++) {
      await world.kick(channelId, 'pull-orders')
      await world.wait(15)
    }
    expect((await stored())['state']).toBe('signed-out')
    expect(renewals()).toBe(3)
    expect(world.clock.now().getTime() - began).toBeLessThan(300_000)
  })

  test('one that helped is no part of the next trouble: a token that dies every quarter of an hour is renewed each time', async () => {
    const connector = connectorOf('wish')
    for (let times = 0; times < 6; times++) {
      await renewElsewhere(connector)
      expect(await world.finish(channelId, 'pull-orders')).toBe('done')
      await world.wait(900)
    }
    expect((await stored())['state']).toBe('connected')
  })

  test('what the seller took back is parked, with a problem that says so, and nothing more is asked', async () => {
    sandbox.control.revokeAccount()
    await world.kick(channelId, 'pull-orders')
    expect((await stored())['state']).toBe('signed-out')
    const asked = sandbox.control.requests().length
    expect(await world.kick(channelId, 'pull-orders')).toBe('off')
    expect(sandbox.control.requests()).toHaveLength(asked)
    const problems = await database.asOwner<{ kind: string }>(
      'select kind from problems where tenant_id = $1 and closed_at is null',
      [world.tenantId],
    )
    expect(problems).toEqual([{ kind: 'signed-out' }])
  })

  test('when the marketplace is away at the moment, it is tried again and nothing is parked', async () => {
    await pass('endsAt')
    sandbox.control.armFault('server-error', { operation: 'oauth.refresh_token', times: 3 })
    expect(await world.finish(channelId, 'pull-orders')).toBe('done')
    expect((await stored())['state']).toBe('connected')
    expect(renewals()).toBeGreaterThan(3)
  })

  test('a switched-off channel keeps its account alive', async () => {
    await pass('dueAt')
    await world.kick(channelId, 'confirm-shipments')
    expect(renewals()).toBe(1)
    await world.wait(29 * day)
    expect((await stored())['state']).toBe('connected')
  })
})

async function renewElsewhere(connector: ReturnType<typeof connectorOf>): Promise<void> {
  if (!connector) throw new Error('There is no connector of Wish')
  const { state: _state, ...account } = await stored()
  const dead = { ...account, accessTokenEndsAt: new Date(0).toISOString() }
  await findSitesOf(world.parts, connector, { account: dead, siteId: null })
}
