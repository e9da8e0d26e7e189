import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { runOne } from './batch.ts'
import {
  advertisesWhatIsReserved,
  confirmsWithoutLooking,
  pullsWithoutOverlap,
  releasesTwice,
  type Plant,
} from './planted-bugs.ts'

// A simulation that stays green with a bug in it proves nothing: each of these must turn it red within a few seeds.

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

const seedsMax = 8

/** The first seed that notices, and which promise it found broken. */
async function firstRed(plant: Plant, invariant: string): Promise<number | undefined> {
  for (let seed = 1; seed <= seedsMax; seed++) {
    const { violations } = await runOne(database, { seed, days: 0.25, plant })
    if (violations.some((one) => one.invariant === invariant)) return seed
  }
  return undefined
}

const plants: [name: string, invariant: string, plant: Plant][] = [
  ['a confirmation sent again without looking whether it counted', 'V1', confirmsWithoutLooking],
  ['windows of orders that do not overlap', 'O2', pullsWithoutOverlap],
  ['stock advertised although it is reserved', 'S3', advertisesWhatIsReserved],
  ['a reservation released twice', 'S1', releasesTwice],
]

test.each(plants)(
  'planted: %s breaks %s',
  async (_name, invariant, plant) => {
    expect(await firstRed(plant, invariant)).toBeDefined()
  },
  300_000,
)
