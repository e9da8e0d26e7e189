import { expect, test } from 'vitest'
import { createAgenda } from './agenda.ts'
import { createFaults, parseFaultList, typedFaultIn } from './faults.ts'
import { createMeter } from './meter.ts'
import { html } from './page.ts'
import { forkRandom, seededRandom } from './random.ts'

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000)
const call = (seconds: number) => ({ caller: 'token', operation: 'orders.list', at: at(seconds) })

const five = (seed: number) => Array.from({ length: 5 }, seededRandom(seed))

test('one seed gives one sequence, and near seeds give others', () => {
  expect(five(7)).toEqual(five(7))
  expect(new Set([1, 2, 3, 4].map((seed) => Math.round((five(seed)[0] ?? 0) * 1000))).size).toBe(4)
  const many = Array.from({ length: 10_000 }, seededRandom(5))
  expect(many.reduce((sum, one) => sum + one, 0) / many.length).toBeCloseTo(0.5, 1)
  expect(many.every((one) => one >= 0 && one < 1)).toBe(true)
})

test('a forked stream is not disturbed by use of the one it came from', () => {
  const [one, other] = [seededRandom(1), seededRandom(1)]
  const [fork, sameFork] = [forkRandom(one), forkRandom(other)]
  one()
  expect([fork(), fork()]).toEqual([sameFork(), sameFork()])
})

test('the agenda runs what is due by time, then by the order of planning, also what is planned meanwhile', () => {
  const agenda = createAgenda()
  const done: string[] = []
  for (const [name, seconds] of Object.entries({ c: 30, a: 10, b: 10, z: 99 })) {
    agenda.schedule(at(seconds), (due) => {
      done.push(`${name}${due.getTime() - at(0).getTime()}`)
      if (name === 'a') agenda.schedule(at(20), () => done.push('planned by a'))
    })
  }
  agenda.runUntil(at(30))
  expect(done).toEqual(['a10000', 'b10000', 'planned by a', 'c30000'])
  expect(agenda.waiting()).toBe(1)
})

test('the agenda keeps order among many', () => {
  const agenda = createAgenda()
  const random = seededRandom(3)
  const seen: number[] = []
  for (let index = 0; index < 500; index += 1) {
    const seconds = Math.floor(random() * 1000)
    agenda.schedule(at(seconds), () => seen.push(seconds))
  }
  agenda.runUntil(at(1000))
  expect(seen).toEqual(seen.toSorted((one, other) => one - other))
  expect(seen).toHaveLength(500)
})

test('M4: the meter lets a burst through, then only the rate', () => {
  const meter = createMeter({ perSecond: 2, burst: 3 })
  expect([0, 0, 0, 0].map((seconds) => meter.admit(call(seconds)))).toEqual([true, true, true, false])
  expect(meter.secondsUntilAdmitted(call(0))).toBe(1)
  expect([1, 1, 1].map((seconds) => meter.admit(call(seconds)))).toEqual([true, true, false])
  expect(meter.admit({ ...call(1), caller: 'another token' })).toBe(true)
  expect(meter.read()).toMatchObject({ calls: 8, busiestSecond: 4, byOperation: { 'orders.list': { calls: 8 } } })
})

test('M4: the meter tells who came back before Retry-After was over, and how soon after it', () => {
  const meter = createMeter({ perSecond: 100, burst: 100 })
  meter.admit(call(0))
  meter.refuse({ ...call(0), retryAfterSeconds: 10 })
  meter.admit(call(4))
  meter.admit(call(12))
  meter.admit(call(13))
  const reading = meter.read()
  expect(reading.retryAfter).toMatchObject({ given: 1, tooEarly: 1, earliestReturnSeconds: 2 })
  expect(reading.retryAfter.examples[0]?.at).toBe(at(4).toISOString())
  expect(reading.shareRefused).toBe(0.25)
})

test('a fault strikes at its rate, and an armed one exactly as often as asked, for its operation', () => {
  const faults = createFaults(seededRandom(1), { reset: 0.25 })
  const hits = Array.from({ length: 4000 }, () => faults.strikes('reset')).filter(Boolean).length
  expect(hits / 4000).toBeCloseTo(0.25, 1)
  faults.set({})
  faults.arm('timeout-after', { operation: 'orders.ship', times: 2 })
  const strikes = ['orders.list', 'orders.ship', 'orders.ship', 'orders.ship']
  expect(strikes.map((operation) => faults.strikes('timeout-after', operation))).toEqual([false, true, true, false])
  expect(faults.struck()).toEqual({ reset: hits, 'timeout-after': 2 })

  for (const times of [1, 2, 1]) faults.arm('slow', { times })
  expect([1, 2, 3].map(() => faults.strikes('slow'))).toEqual([true, true, false])
  faults.arm('slow')
  faults.set({})
  expect(faults.strikes('slow')).toBe(false)
})

test('fault lists take names, take rates, and name what they do not know', () => {
  expect(parseFaultList('rate-limit,reset=0.5')).toEqual({ 'rate-limit': 0.1, reset: 0.5 })
  expect(parseFaultList('')).toEqual({})
  expect(parseFaultList('nonsense')).toMatchObject({ refusal: expect.stringContaining('"nonsense"') })
  expect(parseFaultList('reset=2')).toMatchObject({ refusal: expect.stringContaining('between 0 and 1') })
  expect(parseFaultList('toString')).toHaveProperty('refusal')
})

test('a typed fault is found in any of the texts, whatever the case', () => {
  expect(typedFaultIn(undefined, 'SKU Reject-Me 1')).toBe('reject-me')
  expect(typedFaultIn('plain', undefined)).toBeUndefined()
})

test('console pages escape what is not markup', () => {
  const evil = '<script>alert("x")</script>'
  expect(html`<p title="${evil}">${[html`<b>${evil}</b>`]}</p>`.html).not.toContain('<script>')
})
