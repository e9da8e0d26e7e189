import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createEngineWorld, type EngineWorld } from '../../test/support/engine-world.ts'
import { removeChannel } from '../domain/channels/remove-channel.command.ts'
import { switchChannel } from '../domain/channels/switch-channel.command.ts'
import { createEngine } from './engine.ts'
import { planMissingWork } from './plan-missing-work.ts'
import { channelOperations, tenantJobs } from './schedule.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

const work = { operations: channelOperations, tenantJobs }
const rowsOf = (world: EngineWorld) =>
  database.asOwner<{ operation: string; due: boolean; every: number; attempts: number }>(
    `select operation, due_at is not null as due, every_seconds as every, attempts from channel_work where tenant_id = $1 order by channel_id, operation`,
    [world.tenantId],
  )
const jobsOf = (world: EngineWorld) =>
  database.asOwner('select job, every_seconds from tenant_work where tenant_id = $1 order by job', [world.tenantId])
/** As a hub left it that did not know these yet. */
const forget = async (world: EngineWorld) => {
  await database.asOwner(
    `delete from channel_work where tenant_id = $1 and operation in ('verify-listings', 'confirm-shipments')`,
    [world.tenantId],
  )
  await database.asOwner(`delete from tenant_work where tenant_id = $1 and job = 'sweep-unmapped'`, [world.tenantId])
}

test('an upgraded hub gives channels connected before the operations and jobs they lack, once, in every business', async () => {
  const worlds = [await createEngineWorld(database), await createEngineWorld(database)]
  for (const world of worlds) {
    await world.channel()
    const before = { rows: await rowsOf(world), jobs: await jobsOf(world) }
    await forget(world)
    const engine = createEngine(world.parts, work)
    await engine.start()
    await engine.stop()
    const after = await rowsOf(world)
    expect(after.map(({ operation, every, due }) => [operation, every, due])).toEqual(
      before.rows.map(({ operation, every }) => [operation, every, true]),
    )
    expect(await jobsOf(world)).toEqual(before.jobs)
    await planMissingWork(world.parts, work)
    expect(await rowsOf(world)).toEqual(after)
  }
})

test('an upgraded hub works at the pace of today, and what is planned already keeps its time', async () => {
  const world = await createEngineWorld(database)
  await world.channel()
  const before = await rowsOf(world)
  await database.asOwner(`update channel_work set every_seconds = 7, due_at = null where tenant_id = $1`, [
    world.tenantId,
  ])
  await planMissingWork(world.parts, work)
  expect(await rowsOf(world)).toEqual(before.map((row) => ({ ...row, due: false })))
})

test('a start waits for nobody: rows that an engine standing still holds are passed over', async () => {
  const world = await createEngineWorld(database)
  const channelId = await world.channel()
  await database.asOwner(
    `update channel_work set every_seconds = 7 where tenant_id = $1 and operation = 'pull-listings'`,
    [world.tenantId],
  )
  await database.asOwner('begin')
  await database.asOwner('update channel_work set attempts = attempts + 1 where channel_id = $1', [channelId])
  await database.asOwner('update tenant_work set every_seconds = every_seconds where tenant_id = $1', [world.tenantId])
  await planMissingWork(world.parts, work)
  await database.asOwner('commit')
  expect(await rowsOf(world)).toContainEqual(expect.objectContaining({ operation: 'pull-listings', every: 7 }))
  await planMissingWork(world.parts, work)
  expect(await rowsOf(world)).not.toContainEqual(expect.objectContaining({ every: 7 }))
})

test('A7: what is switched off or signed out is not woken by it, and a removed one gets nothing', async () => {
  const off = await createEngineWorld(database)
  const change = { channelId: await off.channel(), enabled: false, actor: 'A person' }
  await switchChannel(off.parts.db, off.tenantId, change)
  const signedOut = await createEngineWorld(database)
  await signedOut.channel()
  await database.asOwner(`update channel_accounts set state = 'signed-out' where tenant_id = $1`, [signedOut.tenantId])
  const removed = await createEngineWorld(database)
  await removeChannel(removed.parts.db, removed.tenantId, { channelId: await removed.channel(), actor: 'A person' })
  for (const world of [off, signedOut, removed]) await forget(world)
  await planMissingWork(off.parts, work)
  const dueOf = async (world: EngineWorld) =>
    (await rowsOf(world))
      .filter(({ operation }) => ['verify-listings', 'confirm-shipments'].includes(operation))
      .map(({ operation, due }) => [operation, due])
  expect(await dueOf(off)).toEqual([
    ['confirm-shipments', true],
    ['verify-listings', false],
  ])
  expect(await dueOf(signedOut)).toEqual([
    ['confirm-shipments', false],
    ['verify-listings', false],
  ])
  expect(await rowsOf(removed)).toEqual([])
})
