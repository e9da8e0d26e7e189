import { expect, test } from 'vitest'
import fc from 'fast-check'
import { systemClock } from './clock.ts'
import { seededIds, systemIds } from './ids.ts'
import { seededRandom, systemRandom } from './random.ts'
import { createVirtualClock } from './virtual-clock.ts'

test('one seed gives one stream, another seed another', () => {
  const draw = (seed: number) => {
    const random = seededRandom(seed)
    return [random.float(), random.float(), random.bytes(5).toString('hex')]
  }
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      expect(draw(seed)).toEqual(draw(seed))
    }),
  )
  const firsts = Array.from({ length: 1000 }, (_, seed) => draw(seed)[0])
  expect(new Set(firsts).size).toBe(1000)
})

test.each([
  ['seeded', seededRandom(7)],
  ['system', systemRandom],
])('%s randomness is spread evenly over 0 to 1', (_, random) => {
  const counts = Array.from({ length: 10 }, () => 0)
  for (let count = 0; count < 20_000; count++) {
    const value = random.float()
    expect(value >= 0 && value < 1).toBe(true)
    counts[Math.floor(value * 10)] = (counts[Math.floor(value * 10)] ?? 0) + 1
  }
  for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(300)
})

test('ids sort by the order they were made in, also within one millisecond', () => {
  const ids = seededIds(createVirtualClock(new Date('2030-01-01T00:00:00Z')), seededRandom(1))
  const made = Array.from({ length: 1000 }, () => ids.uuid())
  expect(made).toEqual([...new Set(made)].toSorted())
  expect(made[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  const again = seededIds(createVirtualClock(new Date('2030-01-01T00:00:00Z')), seededRandom(1))
  expect(again.uuid()).toBe(made[0])
  expect(systemIds.uuid()).not.toBe(systemIds.uuid())
})

test('a sleep that is no longer wanted ends at once, with the reason', async () => {
  const stop = new AbortController()
  const sleeping = systemClock.sleep(3_600_000, stop.signal)
  stop.abort(new Error('not wanted'))
  await expect(sleeping).rejects.toThrow('not wanted')
  await expect(systemClock.sleep(3_600_000, stop.signal)).rejects.toThrow('not wanted')
  await expect(systemClock.sleep(1)).resolves.toBeUndefined()
})
