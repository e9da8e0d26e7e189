import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createLive, type Live, type LiveNotice } from './live.ts'

let testDatabase: TestDatabase
let live: Live
beforeAll(async () => {
  testDatabase = await createTestDatabase()
})
afterEach(() => live.stop())
afterAll(() => testDatabase.dispose())

const patience = { timeout: 60_000 }

const startLive = async () => {
  live = createLive({ connectionString: testDatabase.connectionString })
  await live.start()
}

const listen = (tenantId: string) => {
  const notices: LiveNotice[] = []
  let gaps = 0
  const end = live.subscribe(
    tenantId,
    (notice) => notices.push(notice),
    () => gaps++,
  )
  return { notices, gaps: () => gaps, end }
}

const say = (tenantId: string, orderId: string) =>
  testDatabase.db.tenant(tenantId).transaction((tx) => tx.notify('order', { orderId }))

test('X6: a notice reaches the subscribers of its tenant when it is committed, and nobody else', async () => {
  await startLive()
  const [ours, theirs] = [await testDatabase.addTenant(), await testDatabase.addTenant()]
  const [first, second, foreign] = [listen(ours), listen(ours), listen(theirs)]
  const failing = testDatabase.db.tenant(ours).transaction(async (tx) => {
    await tx.notify('order', { orderId: 'never' })
    throw new Error('rolled back')
  })
  await expect(failing).rejects.toThrow('rolled back')
  second.end()
  await testDatabase.db.tenant(ours).transaction(async (tx) => {
    for (let count = 0; count < 3; count++) await tx.notify('order', { orderId: '1' })
  })
  await say(theirs, '2')
  await vi.waitFor(() => expect(foreign.notices).toEqual([{ topic: 'order', orderId: '2' }]), patience)
  expect(first.notices).toEqual([{ topic: 'order', orderId: '1' }])
  expect(second.notices).toEqual([])
})

test('after a lost connection it listens again and says that something may have been missed', async () => {
  await startLive()
  const tenantId = await testDatabase.addTenant()
  const subscriber = listen(tenantId)
  await testDatabase.asOwner(
    "select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%' and datname = current_database()",
  )
  await vi.waitFor(() => expect(subscriber.gaps()).toBe(1), patience)
  await say(tenantId, '3')
  await vi.waitFor(() => expect(subscriber.notices).toEqual([{ topic: 'order', orderId: '3' }]), patience)
})
