import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { runOne } from './batch.ts'
import type { MarketplaceId } from './marketplaces.ts'
import type { Plant } from './planted-bugs.ts'
import * as planted from './planted-order-bugs.ts'
import type { Swarm } from './swarm.ts'

// Each of these between an order and its money must turn the simulation red within a few seeds.

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

const seeds = [1, 2, 3, 4, 5, 6]
/** Long enough for what is lost to be seen as lost. */
const restHoursMax = 2

const webhooks: Partial<Swarm> = { ways: ['webhook'], faults: { 'supplier-drops-after': 0.5 } }
const folders: Partial<Swarm> = { ways: ['sftp'], faults: { 'supplier-drops-after': 0.5 } }
const mails: Partial<Swarm> = { ways: ['email'], faults: { 'supplier-drops-after': 0.5 } }
const quiet: Partial<Swarm> = { faults: {} }

const plants: [name: string, at: MarketplaceId, invariant: string, set: Partial<Swarm>, plant: Plant][] = [
  ['a purchase order sent again without asking for it', 'reverb', 'P3', webhooks, planted.sendsWithoutLooking],
  ['a purchase order in a new file with each try', 'reverb', 'P3', folders, planted.namesEachFile],
  ['a mail in doubt sent again by itself', 'reverb', 'P3', mails, planted.mailsAgain],
  ['an older page that overwrites a newer one', 'wish', 'O2', quiet, planted.takesOldForNew],
  [
    'an outbox written outside of the transaction',
    'reverb',
    'P3',
    { ...quiet, ways: ['sftp'] },
    planted.writesOutboxAfterwards,
  ],
  ['an invoice raised outside of the transaction', 'reverb', 'P5', quiet, planted.invoicesAfterwards],
  ['a cancellation without a credit note', 'reverb', 'P5', quiet, planted.forgetsCreditNotes],
  ['purchase orders that do not wait for their payment', 'reverb', 'prepaid', quiet, planted.forgetsGates],
]

test.each(plants)(
  'planted: %s (at %s) breaks %s',
  async (_name, at, invariant, set, plant) => {
    const red: string[] = []
    for (const seed of seeds) {
      const options = { seed, days: 0.25, restHoursMax, marketplaces: [at], set: { ordersPerDay: 60, ...set } }
      const { violations } = await runOne(database, { ...options, plant, until: invariant })
      red.push(...new Set(violations.map((one) => one.invariant)))
      if (red.includes(invariant)) return
    }
    expect(red).toContain(invariant)
  },
  300_000,
)
