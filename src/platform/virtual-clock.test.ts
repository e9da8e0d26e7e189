import { expect, test } from 'vitest'
import fc from 'fast-check'
import { createVirtualClock } from './virtual-clock.ts'

const start = new Date('2030-01-01T00:00:00Z')
const after = (milliseconds: number) => new Date(start.getTime() + milliseconds)

test('events come by time, and at one time in the order they were scheduled', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 30 }), async (times) => {
      const clock = createVirtualClock(start)
      const seen: { time: number; index: number }[] = []
      times.forEach((time, index) => clock.schedule(after(time), () => void seen.push({ time, index })))
      await clock.runUntil(after(10))
      expect(seen).toEqual(
        times.map((time, index) => ({ time, index })).toSorted((a, b) => a.time - b.time || a.index - b.index),
      )
      expect(clock.now()).toEqual(after(10))
    }),
    { numRuns: 50 },
  )
})

test('time stands still while something outside is under way', async () => {
  const clock = createVirtualClock(start)
  const seen: string[] = []
  clock.schedule(after(1), () => {
    const letGo = clock.hold()
    setImmediate(() =>
      setImmediate(() => {
        seen.push(`query ends at ${clock.now().getTime() - start.getTime()}`)
        letGo()
      }),
    )
  })
  clock.schedule(after(2), () => void seen.push('next'))
  await clock.runUntil(after(5))
  expect(seen).toEqual(['query ends at 1', 'next'])
})

test('a sleeper wakes at his time, or at once when he is no longer wanted', async () => {
  const clock = createVirtualClock(start)
  const seen: string[] = []
  const stop = new AbortController()
  void clock.sleep(100).then(() => seen.push(`woke at ${clock.now().getTime() - start.getTime()}`))
  void clock.sleep(500, stop.signal).catch((error: Error) => seen.push(error.message))
  clock.schedule(after(200), () => stop.abort(new Error('not wanted')))
  await clock.runUntil(after(1000))
  expect(seen).toEqual(['woke at 100', 'not wanted'])
  expect(clock.pending()).toBe(0)
})
