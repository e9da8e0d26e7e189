import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createEngineWorld } from '../../test/support/engine-world.ts'
import { changeChannelSettings } from '../domain/channels/change-settings.command.ts'
import { mapListings } from '../domain/listings/map-listings.command.ts'
import { setOnHand } from '../domain/stock/offers.store.ts'
import { createEngine, registerWorkers } from './engine.ts'
import { tick } from './schedule-tick.ts'
import { channelOperations, tenantJobs } from './schedule.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

test('E3, S3: a started engine downloads, pushes and follows a change of stock unasked, and stops when told', async () => {
  const world = await createEngineWorld(database)
  const engine = createEngine(world.parts, { operations: channelOperations, tenantJobs })
  world.sandbox.control.addListings([{ sku: 'A', title: 'Listing A', price: 10, inventory: 5 }])
  await engine.start()
  const channelId = await world.channel()
  await world.wait(30)
  const [listing] = await world.listings(channelId)
  expect(listing?.channel_sku).toBe('A')
  const variantId = await world.addVariant('A')
  const offerId = await world.addOffer(variantId, 9)
  const { db } = world.parts
  const actor = 'A person'
  const map = [{ listingId: listing?.id ?? '', components: [{ variantId, quantity: 1 }] }]
  await mapListings(db, world.tenantId, { channelId, change: { map, unlink: [] }, actor })
  await changeChannelSettings(db, world.tenantId, { channelId, change: { stockUpdate: true }, actor })
  await world.wait(30)
  const inventory = () => world.sandbox.control.books().listings[0]?.inventory
  expect(inventory()).toBe(9)
  const change = { offerId, onHand: 2, reason: 'hand' as const, reference: null, actor }
  await world.transaction((tx) => setOnHand(tx, [change]))
  await world.wait(30)
  expect(inventory()).toBe(2)
  await engine.stop()
  const asked = world.sandbox.control.requests().length
  await world.wait(3600)
  expect(world.sandbox.control.requests().length).toBe(asked)
  expect(world.queue.deadLetters()).toEqual([])
})

test('the schedule outlives a database that is away for a while', async () => {
  const world = await createEngineWorld(database)
  let failures = 3
  const queue = {
    ...world.parts.queue,
    send: async (...kick: Parameters<typeof world.parts.queue.send>) => {
      if (failures-- > 0) throw new Error('away')
      return world.parts.queue.send(...kick)
    },
  }
  await world.channel()
  const engine = createEngine({ ...world.parts, queue }, { operations: channelOperations, tenantJobs })
  await engine.start()
  await world.wait(120)
  await engine.stop()
  expect(failures).toBeLessThan(0)
  expect(world.sandbox.control.requests().length).toBeGreaterThan(3)
})

test('M1: a kick that failed every time is planned again at once, also of what comes round once a day', async () => {
  const world = await createEngineWorld(database)
  const { queue, db } = world.parts
  let isAway = false
  const tenant: typeof db.tenant = (id) => ({
    transaction: async (work) => {
      if (isAway) throw new Error('away')
      return db.tenant(id).transaction(work)
    },
  })
  registerWorkers({ ...world.parts, db: { ...db, tenant } }, { operations: channelOperations, tenantJobs })
  await queue.start()
  const look = async () => {
    await tick(world.parts)
    await world.wait(60)
  }
  const channelId = await world.channel()
  await look()
  const planned = async () => {
    const [row] = await database.asOwner<{ channel: Date; tenant: Date }>(
      `select (select due_at from channel_work where channel_id = $1 and operation = 'reconcile-orders') as channel,
        (select due_at from tenant_work where tenant_id = $2 and job = 'forget-buyers') as tenant`,
      [channelId, world.tenantId],
    )
    return row
  }
  const before = await planned()
  isAway = true
  const { tenantId } = world
  await queue.send('channel', { tenantId, channelId, operation: 'reconcile-orders' }, { key: 'reconcile' })
  await queue.send('forget-buyers', { tenantId }, { key: tenantId })
  await world.wait(1800)
  expect(world.queue.deadLetters().map(({ name }) => name)).toEqual(
    expect.arrayContaining(['channel', 'forget-buyers']),
  )
  expect(await planned()).toEqual(before)
  isAway = false
  await world.wait(10)
  await look()
  // Done meanwhile: what is daily is planned for a day after that.
  const after = await planned()
  expect(after?.channel.getTime()).toBeGreaterThan((before?.channel.getTime() ?? 0) + 1_800_000)
  expect(after?.tenant.getTime()).toBeGreaterThan((before?.tenant.getTime() ?? 0) + 1_800_000)
  expect(world.queue.deadLetters().filter(({ isTold }) => !isTold)).toEqual([])
})
