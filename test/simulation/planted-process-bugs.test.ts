import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { runOne } from './batch.ts'
import type { MarketplaceId } from './marketplaces.ts'
import { clocksThatDiffer, movesCursorFirst, retriesWithinRetries } from './planted-process-bugs.ts'
import type { Swarm } from './swarm.ts'
import type { RunOptions } from './world.ts'

// Each bug in how the processes work must turn the simulation red within a few seeds.

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

const seeds = [2, 1, 3, 4]

/** Of the planted bugs, what broke; without them, the same run is well. */
async function invariantsOf(options: RunOptions): Promise<string[]> {
  const { violations } = await runOne(database, { days: 0.1, watchesCursor: true, ...options })
  return violations.map(({ invariant, sentence }) => `${invariant}: ${sentence}`)
}

const lost: Partial<Swarm> = { ordersPerDay: 160, faults: { 'answer-lost': 0.8, 'timeout-after': 0.05 } }
const refused: Partial<Swarm> = { ordersPerDay: 160, faults: { 'commit-refused': 0.15 } }

type Planted = Pick<RunOptions, 'plant' | 'ailment'>
const plants: [name: string, invariant: string, restHoursMax: number, set: Partial<Swarm>, planted: Planted][] = [
  ['a bookmark moved before the rows', 'O5', 0, refused, { plant: movesCursorFirst }],
  ['retries inside of retries', 'V1', 3, lost, { ailment: retriesWithinRetries }],
]

test.each(plants)(
  'planted: %s breaks %s, which holds without it',
  async (_name, invariant, restHoursMax, set, planted) => {
    const marketplaces: MarketplaceId[] = ['reverb']
    const red = async (seed: number, what: Planted) => {
      const broken = await invariantsOf({ seed, marketplaces, set, restHoursMax, until: invariant, ...what })
      return broken.some((one) => one.startsWith(`${invariant}: `))
    }
    for (const seed of seeds) {
      if (!(await red(seed, planted))) continue
      expect(await red(seed, {})).toBe(false)
      return
    }
    expect.unreachable('No seed noticed.')
  },
  300_000,
)

// TikTok Shop is not among them: it takes no call whose time is more than half a minute ahead.
test('M8: workers whose clocks are ten minutes apart from the database, one ahead and one behind, break nothing', async () => {
  const marketplaces: MarketplaceId[] = ['reverb', 'wish']
  const set: Partial<Swarm> = { workers: 2 }
  const ailment = clocksThatDiffer(10)
  expect(await invariantsOf({ seed: 2, marketplaces, set, ailment })).toEqual([])
}, 300_000)
