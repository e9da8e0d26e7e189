import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { runBatch, runOne } from './batch.ts'
import { marketplaceIds } from './marketplaces.ts'
import { marketplaceNames, neverSeen } from './sometimes.ts'
import type { RunResult } from './world.ts'

// Together they meet everything of sometimes.ts, which a test below counts.
const seeds = [2, 5, 6, 8, 10, 13, 14, 19, 55]
const days = 0.25

let database: TestDatabase
let runs: RunResult[] = []
beforeAll(async () => {
  database = await createTestDatabase()
  runs = await runBatch(database, seeds, { days })
}, 300_000)
afterAll(() => database.dispose())

describe('the whole hub, from a seed', () => {
  test.each(seeds)('seed %i: nothing is lost, doubled or oversold, and all comes to rest', (seed) => {
    const run = runs.find((one) => one.seed === seed)
    const told = run?.violations.map(({ invariant, sentence, at }) => `${at} ${invariant}: ${sentence}`)
    expect(told, `npm run simulate -- --seed ${seed} --days ${days}`).toEqual([])
  })

  test('there was business in every run', () => {
    for (const { figures } of runs) expect(figures.orders).toBeGreaterThan(1)
    expect(runs.reduce((sum, { figures }) => sum + figures.parcels, 0)).toBeGreaterThan(50)
  })

  test('every marketplace sold in several of them', () => {
    for (const id of marketplaceIds)
      expect(runs.filter((run) => run.swarm.marketplaces.includes(id)).length, id).toBeGreaterThan(1)
  })

  test('sometimes: everything that may go wrong did in one of them', () => {
    expect(neverSeen(runs, marketplaceNames)).toEqual([])
  })
})

describe('determinism', () => {
  test.each([6])(
    'seed %i gives the same timeline again, and so does its tape',
    async (seed) => {
      const first = runs.find((one) => one.seed === seed)
      const again = await runOne(database, { seed, days })
      expect([again.traceHash, again.truthHash]).toEqual([first?.traceHash, first?.truthHash])
      const replayed = await runOne(database, { seed, days, tape: again.tape })
      expect(replayed.traceHash).toBe(again.traceHash)
    },
    120_000,
  )

  test('another seed is another run', () => {
    expect(new Set(runs.map((run) => run.traceHash)).size).toBe(seeds.length)
  })
})
