import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createQueue, type Queue } from './queue.ts'
import { systemIds } from './ids.ts'

let testDatabase: TestDatabase
let tenantId: string
const queues: Queue[] = []
beforeAll(async () => {
  testDatabase = await createTestDatabase()
  tenantId = await testDatabase.addTenant()
})
afterEach(async () => {
  for (const queue of queues.splice(0)) await queue.stop()
  await testDatabase.asOwner('truncate queue.job')
})
afterAll(() => testDatabase.dispose())

const openQueue = (options: { lookEverySeconds?: number } = {}) => {
  const queue = createQueue({ connectionString: testDatabase.connectionString, ...options })
  queues.push(queue)
  testDatabase.db.attachQueue(queue)
  return queue
}

/** Nobody waits as long but where something is wrong. */
const patience = 60_000

/** A promise to be kept by hand: stands for a moment in the other party's work. */
const moment = () => {
  let arrive = () => {}
  const come = new Promise<void>((resolve) => {
    arrive = resolve
  })
  return { come, arrive }
}

const waitingKicks = async () => {
  const rows = await testDatabase.asOwner<{ key: string }>(
    "select singleton_key as key from queue.job where state = 'created' order by created_on, id",
  )
  return rows.map((row) => row.key)
}

const kick = (key: string) =>
  testDatabase.db.tenant(tenantId).transaction((tx) => tx.enqueue('channel', { key }, { key }))

test('M2: a kick exists exactly if its transaction commits', async () => {
  const queue = openQueue()
  await queue.start()
  const failing = testDatabase.db.tenant(tenantId).transaction(async (tx) => {
    await tx.enqueue('channel', {}, { key: 'never' })
    throw new Error('changed my mind')
  })
  await expect(failing).rejects.toThrow('changed my mind')
  await kick('always')
  expect(await waitingKicks()).toEqual(['always'])
})

test('a committed kick wakes a worker at once, with its tenant', async () => {
  const queue = openQueue({ lookEverySeconds: 3600 })
  const seen: unknown[] = []
  queue.work('channel', async (data) => void seen.push(data))
  await queue.start()
  await kick('a')
  await vi.waitFor(() => expect(seen).toEqual([{ tenantId, key: 'a' }]), { timeout: patience, interval: 5 })
})

test('one waiting kick per key is enough, also from many transactions at once; other keys and keyless kicks all run', async () => {
  const queue = openQueue()
  await queue.start()
  await Promise.all(Array.from({ length: 12 }, (_, index) => kick(index % 2 === 0 ? 'even' : 'odd')))
  await testDatabase.db.tenant(tenantId).transaction(async (tx) => {
    for (let count = 0; count < 3; count++) await tx.enqueue('channel', { count })
    for (let count = 0; count < 3; count++) await tx.enqueue('channel', { count }, { key: 'even' })
  })
  const keys = await waitingKicks()
  expect(keys.filter((key) => key === 'even' || key === 'odd').toSorted()).toEqual(['even', 'odd'])
  expect(keys).toHaveLength(5)
})

test('M2: no wake-up is lost while the job of that key is running', async () => {
  const queue = openQueue()
  const [begun, mayEnd] = [moment(), moment()]
  let runs = 0
  queue.work('channel', async () => {
    runs++
    begun.arrive()
    await mayEnd.come
  })
  await queue.start()
  await kick('a')
  await begun.come
  await kick('a')
  mayEnd.arrive()
  await vi.waitFor(() => expect(runs).toBe(2), { timeout: patience, interval: 10 })
})

test('M2: no wake-up is lost when a waiting kick is begun before our transaction is visible', async () => {
  const sender = openQueue()
  await sender.start()
  await sender.send('channel', { tenantId }, { key: 'a' })
  // Our change finds that kick waiting, and the worker asks for work between that moment and our COMMIT.
  const late = createQueue({ connectionString: testDatabase.connectionString })
  queues.push(late)
  const seenNames: string[] = []
  late.work('channel', async () => {
    const tenant = await testDatabase.db.read(tenantId, (tx) =>
      tx.selectFrom('tenants').select('name').executeTakeFirstOrThrow(),
    )
    seenNames.push(tenant.name)
  })
  const committing = testDatabase.connect({ beforeCommit: () => late.start().then(() => settleWorkers()) })
  committing.attachQueue(sender)
  const name = `Renamed ${systemIds.uuid()}`
  await committing.tenant(tenantId).transaction(async (tx) => {
    await tx.updateTable('tenants').set({ name }).execute()
    await tx.enqueue('channel', {}, { key: 'a' })
  })
  await vi.waitFor(() => expect(seenNames.at(-1)).toBe(name), { timeout: patience, interval: 10 })
})

/** Until every worker that was started has asked for work at least once. */
async function settleWorkers() {
  await vi.waitFor(
    async () => {
      const [row] = await testDatabase.asOwner<{ asked: boolean }>(
        "select exists (select from pg_stat_activity where datname = current_database() and query ilike '%skip locked%' and state = 'idle') as asked",
      )
      expect(row?.asked).toBe(true)
    },
    { timeout: patience, interval: 10 },
  )
}

test('a postponed kick is brought forward by one that is wanted now', async () => {
  const queue = openQueue()
  let runs = 0
  queue.work('channel', async () => void runs++)
  await queue.start()
  await queue.send('channel', {}, { key: 'a', startAfter: new Date('2999-01-01') })
  await kick('a')
  await vi.waitFor(() => expect(runs).toBe(1), { timeout: patience, interval: 10 })
  expect(await waitingKicks()).toEqual([])
})

test('a job that fails is tried again, and what it threw is not stored with it', async () => {
  const queue = openQueue()
  let runs = 0
  queue.work('settle-stock', async () => {
    runs++
    if (runs === 1) throw new TypeError('token canary-4711 refused')
  })
  await queue.start()
  await queue.send('settle-stock', {}, { key: 'a' })
  await vi.waitFor(
    async () => expect(await testDatabase.asOwner("select 1 from queue.job where state = 'retry'")).toHaveLength(1),
    { timeout: patience },
  )
  const stored = await testDatabase.asOwner<{ text: string }>('select to_jsonb(job)::text as text from queue.job')
  expect(JSON.stringify(stored)).not.toContain('canary')
  expect(JSON.stringify(stored)).toContain('TypeError')
  await testDatabase.asOwner("update queue.job set start_after = clock_timestamp() where state = 'retry'")
  await vi.waitFor(() => expect(runs).toBe(2), { timeout: patience, interval: 20 })
})

test('a job that failed every time is shown among the dead letters', async () => {
  const queue = openQueue()
  queue.work('sweep-unmapped', async () => {
    throw new Error('always')
  })
  await queue.start()
  await queue.send('sweep-unmapped', { tenantId }, { key: 'a' })
  await vi.waitFor(
    async () => {
      await testDatabase.asOwner("update queue.job set start_after = clock_timestamp() where state = 'retry'")
      expect(await queue.deadLetters(10)).toMatchObject([{ name: 'sweep-unmapped', data: { tenantId } }])
    },
    { timeout: patience, interval: 100 },
  )
})

test('whoever does the work is told of a job given up, once, and it stays among the dead letters', async () => {
  const queue = openQueue()
  const told: unknown[] = []
  let answers = 0
  queue.work(
    'sweep-unmapped',
    async () => {
      throw new Error('always')
    },
    {
      givenUp: async (data) => {
        // The database may be away just then.
        if (answers++ === 0) throw new Error('away')
        told.push(data)
      },
    },
  )
  await queue.start()
  await queue.send('sweep-unmapped', { tenantId, note: 7 }, { key: 'a' })
  await vi.waitFor(
    async () => {
      await testDatabase.asOwner("update queue.job set start_after = clock_timestamp() where state = 'retry'")
      expect(told).toEqual([{ tenantId, note: 7 }])
    },
    { timeout: patience, interval: 100 },
  )
  await vi.waitFor(async () => {
    const open = "select 1 from queue.job where name = 'dead-letter' and state in ('created', 'retry', 'active')"
    expect(await testDatabase.asOwner(open)).toEqual([])
  }, patience)
  expect(await queue.deadLetters(10)).toMatchObject([{ name: 'sweep-unmapped', data: { tenantId } }])
  expect(told).toHaveLength(1)
})
