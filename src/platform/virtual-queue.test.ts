import { expect, test } from 'vitest'
import type { Tx } from './database.ts'
import { createVirtualClock } from './virtual-clock.ts'
import { createVirtualQueue, type VirtualQueueConnection } from './virtual-queue.ts'

const start = new Date('2030-01-01T00:00:00Z')
const after = (seconds: number) => new Date(start.getTime() + seconds * 1000)

const world = () => {
  const clock = createVirtualClock(start)
  const queue = createVirtualQueue(clock)
  const trace: string[] = []
  const secondsNow = () => (clock.now().getTime() - start.getTime()) / 1000
  /** A process whose jobs take so many seconds. */
  const openProcess = async (name: string, jobSeconds = 0) => {
    const connection = queue.connect()
    connection.work('channel', async (data) => {
      trace.push(`${name} begins ${String(data['key'])} at ${secondsNow()}`)
      await clock.sleep(jobSeconds * 1000)
      trace.push(`${name} ends ${String(data['key'])} at ${secondsNow()}`)
    })
    await connection.start()
    return connection
  }
  return { clock, queue, trace, openProcess }
}

const send = (connection: VirtualQueueConnection, key: string, startAfter?: Date) =>
  connection.send('channel', { key }, { key, ...(startAfter ? { startAfter } : {}) })

test('a kick runs at once, a postponed one at its time, and one waiting kick per key is enough', async () => {
  const { clock, trace, openProcess } = world()
  const process = await openProcess('p')
  await send(process, 'later', after(60))
  await send(process, 'now')
  await send(process, 'now')
  await clock.runUntil(after(100))
  expect(trace).toEqual(['p begins now at 0', 'p ends now at 0', 'p begins later at 60', 'p ends later at 60'])
})

test('M2: a kick sent while its job runs is not lost', async () => {
  const { clock, trace, openProcess } = world()
  const process = await openProcess('p', 10)
  await send(process, 'a')
  await clock.runUntil(after(5))
  await send(process, 'a')
  await clock.runUntil(after(100))
  expect(trace.filter((line) => line.includes('begins'))).toHaveLength(2)
})

test('a kick of a transaction appears with its commit and not before', async () => {
  const { clock, queue, openProcess } = world()
  const process = await openProcess('p')
  const commits: (() => void)[] = []
  const tx = { afterCommit: (run: () => void) => void commits.push(run) } as Tx
  await process.send('channel', { key: 'a' }, { key: 'a', tx })
  expect(queue.open()).toEqual([])
  for (const commit of commits) commit()
  expect(queue.open()).toHaveLength(1)
  await clock.runUntil(after(1))
  expect(queue.open()).toEqual([])
})

test('what a crashed process held runs again elsewhere after its heartbeat is missed; the dead say nothing more', async () => {
  const { clock, trace, openProcess } = world()
  const victim = await openProcess('victim', 10)
  await send(victim, 'a')
  await clock.runUntil(after(5))
  victim.crash()
  void send(victim, 'ghost')
  await openProcess('heir')
  await clock.runUntil(after(120))
  expect(trace).toEqual(['victim begins a at 0', 'victim ends a at 10', 'heir begins a at 25', 'heir ends a at 25'])
})

test('a job that always fails ends among the dead letters', async () => {
  const { clock, queue } = world()
  const process = queue.connect()
  let runs = 0
  process.work('sweep-unmapped', async () => {
    runs++
    throw new Error('always')
  })
  await process.start()
  await process.send('sweep-unmapped', {}, { key: 'a' })
  await clock.runUntil(after(86_400))
  expect(runs).toBe(4)
  expect(queue.deadLetters().map((letter) => letter.name)).toEqual(['sweep-unmapped'])
  expect(queue.open()).toEqual([])
})

test('whoever does the work is told of a job given up, also where the first who heard of it crashed', async () => {
  const { clock, queue } = world()
  const told: string[] = []
  const open = async (name: string, seconds: number) => {
    const process = queue.connect()
    const fails = async () => {
      throw new Error('always')
    }
    const givenUp = async () => {
      await clock.sleep(seconds * 1000)
      told.push(name)
    }
    process.work('sweep-unmapped', fails, { givenUp })
    await process.start()
    return process
  }
  const victim = await open('victim', 100_000)
  await victim.send('sweep-unmapped', {}, { key: 'a' })
  await clock.runUntil(after(80_000))
  expect(queue.deadLetters()).toHaveLength(1)
  victim.crash()
  await open('heir', 0)
  await clock.runUntil(after(200_000))
  expect(told.filter((name) => name === 'heir')).toEqual(['heir'])
  expect(queue.deadLetters()).toHaveLength(1)
})

test('a job over its time is given to another, and the slow one’s end changes nothing', async () => {
  const { clock, queue, openProcess, trace } = world()
  const slow = await openProcess('slow', 2000)
  await send(slow, 'a')
  await clock.runUntil(after(905))
  await clock.runUntil(after(10_000))
  expect(trace.filter((line) => line.includes('begins')).length).toBeGreaterThan(1)
  expect(queue.open().length + queue.deadLetters().length).toBe(1)
})

test('stop waits for what runs', async () => {
  const { clock, openProcess, trace } = world()
  const process = await openProcess('p', 10)
  await send(process, 'a')
  await clock.runUntil(after(1))
  let isStopped = false
  void process.stop().then(() => (isStopped = true))
  await clock.runUntil(after(9))
  expect(isStopped).toBe(false)
  await clock.runUntil(after(20))
  expect({ isStopped, last: trace.at(-1) }).toEqual({ isStopped: true, last: 'p ends a at 10' })
})
