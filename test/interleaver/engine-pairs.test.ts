import { sealCredentials } from '../../src/domain/channels/channel.store.ts'
import { planWork } from '../../src/domain/channels/channel-work.store.ts'
import { claimLease } from '../../src/engine/channel-lease.ts'
import type { EngineParts } from '../../src/engine/channel-run.ts'
import { takeTurns } from '../../src/engine/pace.ts'
import { renewIfDue } from '../../src/engine/renew.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { silentLog } from '../../src/platform/log.ts'
import { seededRandom } from '../../src/platform/random.ts'
import type { Program, Sabotage } from './interleave.ts'
import type { Pair } from './play.ts'
import { database, inTenant, openShop, provePairs, unless } from './prove.ts'

// What all processes of a hub share: the pace of an account, the lease of an operation, an account's credentials.

async function accountOf(channelId: string): Promise<string> {
  const [row] = await database.asOwner<{ id: string }>('select account_id as id from sales_channels where id = $1', [
    channelId,
  ])
  if (!row) throw new Error('A sales channel has an account.')
  return row.id
}

/** Two processes want the one call that the marketplace lets through in an hour. */
const turnTurn: Pair = {
  async open() {
    const { world } = await openShop(1)
    const accountId = await accountOf(world.channelId)
    const bucket = { accountId, operationClass: 'all', perMinute: 1 / 60, burst: 1, isPublished: false }
    const asked = [{ bucket, count: 1, leaves: 0 }]
    await world.transaction((tx) => takeTurns(tx, asked))
    await database.asOwner('update token_buckets set tokens = 1 where tenant_id = $1', [world.tenantId])
    let taken = 0
    const takes: Program = inTenant(world, async (tx) => {
      const [turn] = await takeTurns(tx, asked)
      taken += turn?.taken ?? 0
    })
    return {
      world,
      programs: [takes, takes],
      faults: async () => unless(taken === 1, `M4: ${taken} calls in the time of one`),
    }
  },
}

/** Two workers are told of one thing to do. */
const claimClaim: Pair = {
  async open() {
    const { world } = await openShop(1)
    const operation = 'pull-orders'
    const planned = { channel: [{ operation, everySeconds: 60, evenWhenOff: false }], tenant: [] }
    await world.transaction((tx) => planWork(tx, world.channelId, planned))
    let claimed = 0
    const claims: Program = inTenant(world, async (tx) => {
      const claim = await claimLease(tx, { channelId: world.channelId, operation })
      if (claim.kind === 'claimed') claimed += 1
    })
    return {
      world,
      programs: [claims, claims],
      faults: async () => unless(claimed === 1, `M2: ${claimed} of them work on it`),
    }
  },
}

/** Two processes find the same credentials about to end. Each renewal ends what was renewed before. */
const renewRenew: Pair = {
  async open() {
    const { world } = await openShop(1)
    const { tenantId, secrets } = world
    const accountId = await accountOf(world.channelId)
    const account = {
      clientId: '',
      clientSecret: '',
      accessToken: 'access 0',
      refreshToken: 'refresh 0',
      accessTokenEndsAt: new Date(systemClock.now().getTime() + 86_400_000).toISOString(),
    }
    const sealed = sealCredentials(secrets, { tenantId, accountId }, account)
    await database.asOwner("update channel_accounts set connector = 'wish', credentials = $2 where id = $1", [
      accountId,
      sealed,
    ])
    let renewals = 0
    const request = async () => {
      renewals += 1
      const tokens = { access_token: `access ${renewals}`, refresh_token: `refresh ${renewals}` }
      return { status: 200, headers: {}, body: JSON.stringify({ code: 0, data: tokens }) }
    }
    const renews: Program = (db) => {
      const appCredentials = { wish: { clientId: 'app', clientSecret: 'secret' } }
      const rest = { clock: systemClock, log: silentLog, random: seededRandom('renew'), marketplaceUrls: {} }
      const parts = { ...rest, db, secrets, appCredentials, http: { request } } as unknown as EngineParts
      return renewIfDue(parts, { tenantId, accountId })
    }
    return {
      world,
      programs: [renews, renews],
      faults: async () => unless(renewals === 1, `A9: renewed ${renewals} times`),
    }
  },
}

/** Every process counts for itself. */
const limiterOfEach: Sabotage = (text) => {
  if (!text.includes('token_buckets')) return text
  return text
    .replace('a.name = b.operation_class', 'a.name || pg_backend_pid()::text = b.operation_class')
    .replace(', name, burst,', ', name || pg_backend_pid()::text, burst,')
}

const withoutLockOf =
  (table: string): Sabotage =>
  (text) =>
    text.includes(`from ${table}`) ? text.replace(/\bfor update\b/, '') : text

/** The second worker asks his own clock instead of the one they share, and it is ten minutes ahead. */
const ownClock: Sabotage = (text, player) =>
  player === 0 ? text : text.replaceAll('app_now()', "(app_now() + interval '10 minutes')")

const pairs = {
  'turn × turn of one account': turnTurn,
  'claim × claim of one operation': claimClaim,
  'renew × renew of one account': renewRenew,
}

provePairs('what processes share', pairs, [
  { bug: 'a limiter for each process instead of a shared one', pair: turnTurn, sabotage: limiterOfEach },
  { bug: 'a limiter that is read without a lock', pair: turnTurn, sabotage: withoutLockOf('token_buckets') },
  { bug: 'a lease claimed without a lock', pair: claimClaim, sabotage: withoutLockOf('channel_work') },
  { bug: 'the time of the lease from the worker’s own clock', pair: claimClaim, sabotage: ownClock },
  { bug: 'a refresh without a lock', pair: renewRenew, sabotage: withoutLockOf('channel_accounts') },
  { bug: 'a refresh timed by the worker’s own clock', pair: renewRenew, sabotage: ownClock },
])
