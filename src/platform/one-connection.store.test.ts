import { expect, test } from 'vitest'
import { createTestDatabase } from '../../test/support/database.ts'
import { seededIds } from './ids.ts'
import { seededRandom } from './random.ts'
import { createVirtualClock } from './virtual-clock.ts'
import { createVirtualQueue } from './virtual-queue.ts'

/** A day of three workers who meet over one counter, on one connection and virtual time. */
const liveThrough = async (seed: number) => {
  const testDatabase = await createTestDatabase()
  const start = new Date('2030-01-01T00:00:00Z')
  const clock = createVirtualClock(start)
  const random = seededRandom(seed)
  const ids = seededIds(clock, random)
  const trace: string[] = []
  const db = testDatabase.connect({
    clock,
    poolMax: 1,
    onCommit: () => void trace.push(`commit at ${clock.now().toISOString()}`),
  })
  const broker = createVirtualQueue(clock)
  try {
    const id = ids.uuid()
    const started = db.tenant(id).transaction(async (tx) => {
      await tx.insertInto('tenants').values({ id, name: 'A seller' }).execute()
      await tx.insertInto('counters').values({ tenant_id: id, name: 'work', value: 0 }).execute()
    })
    await clock.settle()
    await started
    for (const name of ['a', 'b', 'c']) {
      const queue = broker.connect()
      queue.work('channel', async (data, signal) => {
        await clock.sleep(random.float() * 60_000, signal)
        db.attachQueue(queue)
        await db.tenant(id).transaction(async (tx) => {
          const row = await tx
            .updateTable('counters')
            .set((eb) => ({ value: eb('value', '+', 1) }))
            .where('name', '=', 'work')
            .returning('value')
            .executeTakeFirstOrThrow()
          trace.push(`${name} made ${row.value} of ${String(data['key'])} at ${clock.now().toISOString()}`)
          await tx.enqueue(
            'channel',
            { key: ids.uuid() },
            { startAfter: new Date(clock.now().getTime() + random.float() * 3_600_000) },
          )
        })
      })
      await queue.start()
      await queue.send('channel', { key: name })
    }
    await clock.runUntil(new Date(start.getTime() + 86_400_000))
    return trace
  } finally {
    await testDatabase.dispose()
  }
}

test('one seed lives through the same day each time, and another seed through another', async () => {
  const first = await liveThrough(1)
  expect(first.length).toBeGreaterThan(100)
  expect(await liveThrough(1)).toEqual(first)
  expect(await liveThrough(2)).not.toEqual(first)
})
