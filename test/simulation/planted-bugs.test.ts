import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { runOne } from './batch.ts'
import type { MarketplaceId } from './marketplaces.ts'
import * as planted from './planted-bugs.ts'
import type { Plant } from './planted-bugs.ts'

// A simulation that stays green with a bug in it proves nothing: each of these must turn it red within a few seeds.
//
// Where each bug of the list is planted (S: the simulation, I: test/interleaver):
//   a write without key or read-back          S here (confirmations), planted-order-bugs (webhook, file, mail)
//   a cursor without overlap                  S here
//   check, then insert                        I pairs: the simulation cannot see it, with one connection
//   stock read, counted and written back      I pairs
//   a lease without its fence                 I takeover-pairs
//   a webhook acknowledged before the commit  I crash-points: a lost one only costs time, so the simulation stays green
//   an outbox outside of the transaction      S planted-order-bugs, I crash-points
//   the cursor moved before the rows          S planted-process-bugs, I crash-points
//   retries inside of retries                 S planted-process-bugs
//   a refresh without a lock                  S here, I engine-pairs
//   an older page that overwrites a newer one S planted-order-bugs, I pairs
//   a limiter for each process                I engine-pairs
//   a missing tenant filter                   I tenant-walls
//   time from the worker's clock              I engine-pairs; S planted-process-bugs: such clocks break nothing
//   a batch matched by position               I takeover-pairs
//   a floor checked before rounding           the property of src/domain/pricing/price-by-rule.test.ts; planted in the SQL
//                                             alone, that of computed-prices.store.test.ts: the simulation has no rules

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

/** Those that notice most come first. */
const seeds = [2, 1, 3, 4, 5, 6, 7, 8]
/** What was not lost comes to rest sooner; and the wait for what was is no news. */
const restHoursMax = 2

/** The first seed that notices, and which promise it found broken. */
async function firstRed(plant: Plant, { at, invariant }: { at: MarketplaceId; invariant: string }) {
  const options = { days: 0.15, restHoursMax, marketplaces: [at] }
  for (const seed of seeds) {
    const { violations } = await runOne(database, { ...options, seed, plant, until: invariant })
    if (violations.some((one) => one.invariant === invariant)) return seed
  }
  return undefined
}

const plants: [name: string, at: MarketplaceId, invariant: string, plant: Plant][] = [
  ['a confirmation sent again without looking whether it counted', 'reverb', 'V1', planted.confirmsWithoutLooking],
  ['windows of orders that do not overlap', 'reverb', 'O2', planted.pullsWithoutOverlap],
  ['stock advertised although it is reserved', 'reverb', 'S3', planted.advertisesWhatIsReserved],
  ['a reservation released twice', 'reverb', 'S1', planted.releasesTwice],
  ['stock that names only one warehouse', 'tiktok', 'S5', planted.namesOneWarehouse],
  ['a dispatch not looked up while it is in progress', 'wish', 'V1', planted.takesTakenForDone],
  ['a dispatch under a new parcel number with each try', 'amazon', 'V1', planted.numbersEachTry],
  ['renewals that do not wait for each other', 'amazon', 'A9', planted.renewsWithoutClaim],
]

test.each(plants)(
  'planted: %s (at %s) breaks %s',
  async (_name, at, invariant, plant) => {
    expect(await firstRed(plant, { at, invariant })).toBeDefined()
  },
  300_000,
)
