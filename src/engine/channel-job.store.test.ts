import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createEngineWorld, type EngineWorld } from '../../test/support/engine-world.ts'
import { reauthoriseChannel } from './connect.ts'
import { switchChannel } from '../domain/channels/switch-channel.command.ts'
import { removeChannel } from '../domain/channels/remove-channel.command.ts'
import { takeNudges } from '../domain/channels/nudges.store.ts'
import { loadChannelRow } from '../domain/channels/channel-views.store.ts'
import { handleKick } from './channel-job.ts'
import { claimLease, holdLease, LeaseLost } from './channel-lease.ts'
import { pullOrders } from './pull-orders.ts'
import { channelOperations } from './schedule.ts'
import { tick } from './schedule-tick.ts'

const brandNew = '7c3f45de-2ae0-4c81-8400-fdb6b1d74890'

let database: TestDatabase
let world: EngineWorld
let channelId: string
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())
beforeEach(async () => {
  await database.asOwner('delete from channel_work; delete from tenant_work')
  world = await createEngineWorld(database)
  channelId = await world.channel()
})

const work = async (operation: string) => {
  const [row] = await database.asOwner<{
    due_at: Date | null
    leased_until: Date | null
    attempts: number
    fence: string
  }>('select * from channel_work where channel_id = $1 and operation = $2', [channelId, operation])
  if (!row) throw new Error(`No ${operation}`)
  return row
}
const requests = () => world.sandbox.control.requests().length
const secondsUntil = (time: Date | null) =>
  time === null ? null : (time.getTime() - world.clock.now().getTime()) / 1000

describe('leases', () => {
  test('M2: a claim whose lease ended finds its fence moved, and commits nothing', async () => {
    const key = { channelId, operation: 'pull-listings' }
    const first = await world.transaction((tx) => claimLease(tx, key))
    await world.wait(61)
    const second = await world.transaction((tx) => claimLease(tx, key))
    if (first.kind !== 'claimed' || second.kind !== 'claimed') throw new Error('not claimed')
    expect(second.lease.fence).toBe(first.lease.fence + 1)
    const late = world.transaction(async (tx) => {
      await holdLease(tx, first.lease)
      await tx.updateTable('sales_channels').set({ listing_cursor: 'stale' }).where('id', '=', channelId).execute()
    })
    await expect(late).rejects.toBeInstanceOf(LeaseLost)
    const [channel] = await database.asOwner('select listing_cursor from sales_channels where id = $1', [channelId])
    expect(channel).toEqual({ listing_cursor: null })
  })

  test('M2: a live lease is not claimed, and the kick that met it is not forgotten', async () => {
    let inner: Promise<string> | undefined
    world.onRequest.before = async (_method, url) => {
      if (inner || !url.includes('/my/listings')) return
      inner = Promise.resolve('started')
      inner = handleKick(world.parts, channelOperations, {
        tenantId: world.tenantId,
        channelId,
        operation: 'pull-listings',
      })
      await inner
    }
    expect(await world.kick(channelId, 'pull-listings')).toBe('again')
    expect(await inner).toBe('leased')
    world.onRequest.before = undefined
    expect(await world.kick(channelId, 'pull-listings')).toBe('done')
  })

  test('M2: work left by a crash is due again within a minute', async () => {
    await world.transaction((tx) => claimLease(tx, { channelId, operation: 'pull-listings' }))
    expect(secondsUntil((await work('pull-listings')).due_at)).toBe(60)
    await world.wait(61)
    await tick(world.parts)
    expect(world.queue.open().map(({ data }) => data['operation'])).toContain('pull-listings')
  })
})

describe('the schedule', () => {
  test('what is due is kicked once, and again half a minute later if nobody took it', async () => {
    expect((await tick(world.parts)).kicked).toBeGreaterThan(4)
    expect((await tick(world.parts)).kicked).toBe(0)
    await world.wait(31)
    expect((await tick(world.parts)).kicked).toBeGreaterThan(4)
  })

  test('M1: what was refused is tried again when its time has come, by the schedule’s own kick', async () => {
    world.sandbox.control.armFault('server-error', { operation: 'listings.list' })
    expect(await world.kick(channelId, 'pull-listings')).toBe('refused')
    await world.wait(secondsUntil((await work('pull-listings')).due_at) ?? 0)
    await tick(world.parts)
    const kick = world.queue.open().find(({ data }) => data['operation'] === 'pull-listings')
    const outcome = handleKick(world.parts, channelOperations, kick?.data ?? {})
    await world.wait(5)
    expect(await outcome).toBe('done')
  })

  test('M3: one tenant with much due leaves room for others in the same tick', async () => {
    await database.asOwner(
      `insert into channel_work (tenant_id, channel_id, operation, every_seconds, due_at)
       select tenant_id, channel_id, 'busy-' || number, 60, due_at - interval '1 hour' from channel_work, generate_series(1, 300) number
       where channel_id = $1 and operation = 'pull-orders'`,
      [channelId],
    )
    const other = await createEngineWorld(database)
    const otherChannelId = await other.channel()
    await tick(world.parts)
    const kicked = world.queue.open().map(({ data }) => data['channelId'])
    expect(kicked).toContain(otherChannelId)
    expect(kicked.filter((id) => id === channelId).length).toBeLessThanOrEqual(20)
  })

  test('done work is due again after its time', async () => {
    expect(await world.kick(channelId, 'pull-listings')).toBe('done')
    expect(secondsUntil((await work('pull-listings')).due_at)).toBe(6 * 3600)
  })

  test('what takes its time is due again counted from its beginning, and at once where that is over', async () => {
    const slow = (seconds: number) => ({
      ...pullOrders,
      everySeconds: 15,
      run: () => world.wait(seconds).then(() => 'done' as const),
    })
    const kick = (seconds: number) =>
      handleKick(world.parts, [slow(seconds)], { tenantId: world.tenantId, channelId, operation: 'pull-orders' })
    await database.asOwner(`update channel_work set every_seconds = 15 where operation = 'pull-orders'`)
    expect(await kick(10)).toBe('done')
    expect(secondsUntil((await work('pull-orders')).due_at)).toBe(5)
    // Again by way of the queue, behind whoever waits there.
    expect(await kick(40)).toBe('again')
    expect(secondsUntil((await work('pull-orders')).due_at)).toBe(0)
    expect(world.queue.open().map(({ data }) => data['operation'])).toContain('pull-orders')
  })

  test('a notification that comes while orders are read is followed by a look of its own', async () => {
    const told = {
      ...pullOrders,
      everySeconds: 900,
      run: async () => {
        // Of whichever shop, so the look after this one began at least a minute later.
        const about = { id: 'an order', sellerId: null, siteId: null, operations: ['pull-orders'] }
        expect(await takeNudges(world.parts.db.system, 'reverb', [about])).toEqual([])
        await world.wait(1)
        return 'done' as const
      },
    }
    await database.asOwner(`update channel_work set every_seconds = 900 where operation = 'pull-orders'`)
    const key = { tenantId: world.tenantId, channelId, operation: 'pull-orders' }
    expect(await handleKick(world.parts, [told], key)).toBe('done')
    expect(secondsUntil((await work('pull-orders')).due_at)).toBe(59)
  })
})

describe('A7: the switch', () => {
  const turn = (enabled: boolean) =>
    switchChannel(world.parts.db, world.tenantId, { channelId, enabled, actor: 'A person' })

  test('A7: queued work finds the switch off and asks the marketplace nothing', async () => {
    await turn(false)
    const before = requests()
    expect(await world.kick(channelId, 'pull-listings')).toBe('off')
    expect(requests()).toBe(before)
    expect((await work('pull-listings')).due_at).toBeNull()
  })

  test('A7: work under way stops before its next request', async () => {
    world.sandbox.control.addListings(Array.from({ length: 120 }, (_, index) => line(`S-${index}`)))
    let asked = 0
    world.onRequest.before = async () => {
      if (++asked === 1) await turn(false)
    }
    expect(await world.kick(channelId, 'pull-listings')).toBe('off')
    expect(asked).toBe(1)
  })

  test('A7: dispatch confirmations go on although it is off; switching on catches up', async () => {
    await turn(false)
    expect((await work('confirm-shipments')).due_at).not.toBeNull()
    expect(await world.kick(channelId, 'confirm-shipments')).toBe('done')
    await turn(true)
    expect(secondsUntil((await work('pull-listings')).due_at)).toBe(0)
  })

  test('A7: who did it is recorded', async () => {
    await turn(false)
    const [channel] = await database.asOwner('select enabled, switched_by from sales_channels where id = $1', [
      channelId,
    ])
    expect(channel).toEqual({ enabled: false, switched_by: 'A person' })
  })
})

describe('refusals', () => {
  test('M4: after “too many requests” nothing is asked before the time given', async () => {
    world.sandbox.control.armFault('rate-limit', { times: 1 })
    expect(await world.kick(channelId, 'pull-listings')).toBe('refused')
    const { due_at: dueAt, attempts } = await work('pull-listings')
    expect(attempts).toBe(1)
    expect(secondsUntil(dueAt)).toBeGreaterThan(0)
    const before = requests()
    expect(await world.kick(channelId, 'pull-listings')).toBe('waiting')
    expect(requests()).toBe(before)
  })

  test('M4: the pace holds whatever is queued', async () => {
    world.sandbox.control.addListings(Array.from({ length: 5000 }, (_, index) => line(`S-${index}`)))
    const start = world.clock.now().getTime()
    await world.finish(channelId, 'pull-listings')
    const minutes = (world.clock.now().getTime() - start) / 60_000
    expect(await world.listings(channelId)).toHaveLength(5000)
    // 100 pages at 288 a minute with a burst of 48.
    expect(minutes).toBeGreaterThan(0.17)
    expect(world.sandbox.control.meter().refused).toBe(0)
  })

  test('A9: a revoked token parks all work until it is connected again, and says why', async () => {
    world.sandbox.control.revokeToken()
    expect(await world.kick(channelId, 'pull-listings')).toBe('refused')
    expect((await work('pull-orders')).due_at).toBeNull()
    expect(await world.kick(channelId, 'pull-orders')).toBe('off')
    const row = await world.transaction((tx) => loadChannelRow(tx, channelId))
    expect(row?.health).toMatchObject({ state: 'needs-attention', reason: expect.stringContaining('token') })
    world.sandbox.control.restoreToken()
    const account = { token: world.sandbox.account.token }
    const again = await reauthoriseChannel(world.parts, world.tenantId, { channelId, account, actor: 'A person' })
    expect(again).toEqual({ kind: 'reauthorised' })
    expect(secondsUntil((await work('pull-orders')).due_at)).toBe(0)
    expect(await world.kick(channelId, 'pull-listings')).toBe('done')
    const open = await database.asOwner('select kind from problems where channel_id = $1 and closed_at is null', [
      channelId,
    ])
    expect(open).toEqual([])
  })

  test('a fault of ours backs off, and is shown to people when it stays', async () => {
    const { handleKick } = await import('./channel-job.ts')
    const broken = {
      name: 'pull-listings' as const,
      everySeconds: 60,
      possible: () => true,
      run: () => Promise.reject(new Error('bug')),
    }
    for (let tries = 0; tries < 4; tries++) {
      expect(
        await handleKick(world.parts, [broken], { tenantId: world.tenantId, channelId, operation: 'pull-listings' }),
      ).toBe('failed')
      await world.wait(300)
    }
    const [problem] = await database.asOwner('select kind from problems where channel_id = $1 and closed_at is null', [
      channelId,
    ])
    expect(problem).toEqual({ kind: 'operation-failed' })
  })
})

describe('connecting and removing', () => {
  test('A2: the token is tried before anything is stored', async () => {
    const other = await createEngineWorld(database)
    const refused = await other.connect({ token: 'wrong' })
    expect(refused).toMatchObject({ kind: 'refused', fields: { token: expect.any(String) } })
    expect(await database.asOwner('select from channel_accounts where tenant_id = $1', [other.tenantId])).toEqual([])
  })

  test('A2: a name in use and the same account twice are refused, each at its field', async () => {
    expect(await world.connect({ name: 'MY shop' })).toMatchObject({
      kind: 'refused',
      fields: { name: expect.any(String) },
    })
    expect(await world.connect({ name: 'Another' })).toMatchObject({
      kind: 'refused',
      fields: { token: expect.stringContaining('connected already') },
    })
  })

  test('A9: a token of a different seller is refused with that reason, and the old one stays', async () => {
    const other = await createEngineWorld(database)
    await database.asOwner("update channel_accounts set seller_id = 'another' where tenant_id = $1", [world.tenantId])
    const account = { token: other.sandbox.account.token }
    const refused = await reauthoriseChannel(world.parts, world.tenantId, {
      channelId,
      account: { token: world.sandbox.account.token },
      actor: 'A person',
    })
    expect(account.token).toBeTruthy()
    expect(refused).toMatchObject({ kind: 'refused', message: expect.stringContaining('different seller') })
  })

  test('A8: a removed integration does nothing more, and its name and account are free again', async () => {
    await removeChannel(world.parts.db, world.tenantId, { channelId, actor: 'A person' })
    expect(await world.kick(channelId, 'pull-listings')).toBe('unknown')
    const before = channelId
    channelId = await world.channel()
    expect(channelId).not.toBe(before)
    const [account] = await database.asOwner(
      'select octet_length(credentials) as bytes from channel_accounts where tenant_id = $1 and removed_at is not null',
      [world.tenantId],
    )
    expect(account).toEqual({ bytes: 0 })
  })

  test('A10: on Reverb, where 0 may be final, the stock threshold begins at 0', async () => {
    const [channel] = await database.asOwner('select stock_threshold, stock_update from sales_channels where id = $1', [
      channelId,
    ])
    expect(channel).toEqual({ stock_threshold: 0, stock_update: false })
  })
})

function line(sku: string) {
  return { sku, title: `Listing ${sku}`, condition: brandNew, price: 10, inventory: 5 }
}
