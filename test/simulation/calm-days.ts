// A batch of calm seeds as tests: nothing lost, doubled, oversold or billed wrongly. Half of them in each of two files, so
// that both cores have something to do.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { replayCommand, runBatch } from './batch.ts'
import { neverSeen, orderNames, type SometimesName } from './sometimes.ts'
import type { RunResult } from './world.ts'

/** So rare that few seeds see it: looked for in one half. */
const rareNames: readonly SometimesName[] = ['units cut from a purchase order']

/** Fifty of these are the hundred days that are to be lived with every test run. */
const daysEach = 2

export function testCalmDays(seeds: number[], daysMin: number, { rare }: { rare: boolean }): void {
  let database: TestDatabase
  let runs: RunResult[] = []
  beforeAll(async () => {
    database = await createTestDatabase()
    runs = await runBatch(database, seeds, { tempo: 'calm', days: daysEach })
    const sum = (count: (run: RunResult) => number) => runs.reduce((total, run) => total + count(run), 0)
    const days = sum((run) => run.swarm.days)
    const seconds = Math.round(sum((run) => run.figures.seconds))
    console.log(`${seeds.length} calm seeds, ${days} days, ${sum((run) => run.figures.orders)} orders, ${seconds} s`)
  }, 900_000)
  afterAll(() => database.dispose())

  test.each(seeds)('calm seed %i: nothing is lost, doubled, oversold or billed wrongly', (seed) => {
    const run = runs.find((one) => one.seed === seed)
    const told = run?.violations.map(({ invariant, sentence, at }) => `${at} ${invariant}: ${sentence}`)
    const replay = run && replayCommand({ days: run.swarm.days, without: [], marketplaces: undefined, run })
    expect(told, replay).toEqual([])
  })

  test(`${daysMin} days were lived`, () => {
    expect(runs.reduce((sum, run) => sum + run.swarm.days, 0)).toBeGreaterThanOrEqual(daysMin)
  })

  test('sometimes: everything that may happen between an order and its supplier did in one of them', () => {
    const names = orderNames.filter((name) => rare || !rareNames.includes(name))
    expect(neverSeen(runs, names)).toEqual([])
  })
}
