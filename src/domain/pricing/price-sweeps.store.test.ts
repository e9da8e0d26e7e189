import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { createEngineWorld, type EngineWorld } from '../../../test/support/engine-world.ts'
import type { Tx } from '../../platform/database.ts'
import { endSweep, nextSweep, sweepPrices } from './price-sweeps.store.ts'

let database: TestDatabase
let world: EngineWorld
beforeAll(async () => {
  database = await createTestDatabase()
  world = await createEngineWorld(database)
})
afterAll(() => database.dispose())

/** A transaction that has done its work and is not through yet. */
async function underWay(work: (tx: Tx) => Promise<unknown>): Promise<{ end: () => Promise<void> }> {
  const worked = Promise.withResolvers<void>()
  const end = Promise.withResolvers<void>()
  const through = world.transaction(async (tx) => {
    await work(tx)
    worked.resolve()
    await end.promise
  })
  await Promise.race([worked.promise, through])
  return {
    end() {
      end.resolve()
      return through
    },
  }
}

async function endNext(tx: Tx): Promise<boolean> {
  const sweep = await nextSweep(tx)
  if (sweep) await endSweep(tx, sweep)
  return sweep !== undefined
}

test('E4: a rule changed while a sweep’s first step is under way gets a sweep of its own', async () => {
  await world.transaction((tx) => sweepPrices(tx))
  const step = await underWay(endNext)
  await world.transaction((tx) => sweepPrices(tx))
  await step.end()
  expect(await world.transaction(endNext)).toBe(true)
  expect(await world.transaction(endNext)).toBe(false)
})

test('E4: a change that joins a sweep keeps it from beginning until the change is seen', async () => {
  await world.transaction((tx) => sweepPrices(tx))
  const saving = await underWay((tx) => sweepPrices(tx))
  expect(await world.transaction(endNext)).toBe(false)
  await saving.end()
  expect(await world.transaction(endNext)).toBe(true)
  expect(await world.transaction(endNext)).toBe(false)
})
