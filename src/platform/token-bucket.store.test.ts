import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import type { Database } from './database.ts'
import { systemIds } from './ids.ts'
import { blockBucket, setBucketRate, takeTokens, type Bucket, type Taken } from './token-bucket.ts'
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts'

let testDatabase: TestDatabase
let tenantId: string
let bucket: Bucket
let clock: VirtualClock
let db: Database
const rate = { perMinute: 60, burst: 5 }
beforeAll(async () => {
  testDatabase = await createTestDatabase()
  tenantId = await testDatabase.addTenant()
})
afterAll(() => testDatabase.dispose())

beforeEach(async () => {
  clock = createVirtualClock(new Date('2030-01-01T00:00:00Z'))
  db = testDatabase.connect({ clock, poolMax: 8 })
  bucket = { accountId: systemIds.uuid(), operationClass: 'usual' }
  await db.tenant(tenantId).transaction((tx) =>
    tx
      .insertInto('channel_accounts')
      .values({
        tenant_id: tenantId,
        id: bucket.accountId,
        connector: 'reverb',
        seller_id: bucket.accountId,
        credentials: Buffer.from('x'),
      })
      .execute(),
  )
})

const takeSome = async (count: number, leaves = 0) => {
  const asked = { operationClass: bucket.operationClass, rate, count, leaves }
  const [taken] = await db.tenant(tenantId).transaction((tx) => takeTokens(tx, bucket.accountId, [asked]))
  return taken!
}
const one = ({ taken, milliseconds }: Taken) =>
  taken === 1 ? { kind: 'taken' as const } : { kind: 'wait' as const, milliseconds }
const take = async () => one(await takeSome(1))
const pass = (seconds: number) => clock.runUntil(new Date(clock.now().getTime() + seconds * 1000))
const takeMany = async (count: number) => {
  const takes = await Promise.all(Array.from({ length: count }, take))
  return takes.filter((one) => one.kind === 'taken').length
}

test('E4: the burst is exact however many ask at once', async () => {
  expect(await takeMany(40)).toBe(rate.burst)
  await pass(3)
  expect(await takeMany(40)).toBe(3)
  await pass(3600)
  expect(await takeMany(40)).toBe(rate.burst)
})

test('D1: who leaves some for others finds none where no more are there, and is served no slower after that', async () => {
  const leaving = (leaves: number) => takeSome(1, leaves).then(one)
  await takeMany(4)
  expect(await leaving(1)).toEqual({ kind: 'wait', milliseconds: 1000 })
  expect((await take()).kind).toBe('taken')
  await pass(2)
  for (let second = 0; second < 5; second++, await pass(1)) expect((await leaving(1)).kind).toBe('taken')
  // More than the bucket holds can be left by nobody.
  await pass(3600)
  expect((await leaving(100)).kind).toBe('taken')
})

test('E4: of those who ask together as many are served as there are tokens, and the others are told when the next comes', async () => {
  expect(await takeSome(3)).toEqual({ taken: 3, milliseconds: 1, perMinute: 60 })
  expect(await takeSome(8)).toEqual({ taken: 2, milliseconds: 1000, perMinute: 60 })
  await pass(3)
  expect(await takeSome(8, 1)).toEqual({ taken: 2, milliseconds: 1000, perMinute: 60 })
  expect(await takeSome(8)).toMatchObject({ taken: 1 })
})

test('a refusal says when there will be a token, and then there is one', async () => {
  await takeMany(5)
  const refused = await take()
  expect(refused).toEqual({ kind: 'wait', milliseconds: 1000 })
  await pass(0.999)
  expect((await take()).kind).toBe('wait')
  await pass(0.001)
  expect((await take()).kind).toBe('taken')
})

test('over an hour no more is taken than rate and burst allow, however it is asked for', async () => {
  let taken = 0
  for (let count = 0; count < 240; count++) {
    taken += await takeMany(2)
    await pass(15)
  }
  expect(taken).toBe(480)
  expect(await takeMany(40)).toBe(rate.burst)
})

test('told to come back later, nobody asks before, and a shorter order does not shorten it', async () => {
  await take()
  await db.tenant(tenantId).transaction((tx) => blockBucket(tx, bucket, 30))
  await db.tenant(tenantId).transaction((tx) => blockBucket(tx, bucket, 5))
  expect(await take()).toEqual({ kind: 'wait', milliseconds: 30_000 })
  await pass(29.5)
  expect((await take()).kind).toBe('wait')
  await pass(0.5)
  expect((await take()).kind).toBe('taken')
})

test('a smaller limit learned from the marketplace counts at once', async () => {
  await take()
  await db.tenant(tenantId).transaction((tx) => setBucketRate(tx, bucket, { perMinute: 6, burst: 1 }))
  expect(await takeMany(10)).toBe(1)
  expect(await take()).toEqual({ kind: 'wait', milliseconds: 10_000 })
})
