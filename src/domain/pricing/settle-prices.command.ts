// One step of working all prices out anew: what rules make for the next variants, and what their listings should cost.
import type { Database } from '../../platform/database.ts'
import { recomputePrices } from './computed-prices.store.ts'
import { lockPrices, settlePriceTargets } from './price-targets.store.ts'
import { advanceSweep, endSweep, nextSweep, rangeAfter } from './price-sweeps.store.ts'
import { readPricingTerms } from './pricing-terms.store.ts'

/** Quick enough that nobody waits for it, and large enough that reading the rules does not count. */
const variantsMax = 10_000

/** 'more': there is something left to do. */
export function settlePricesStep(db: Database, tenantId: string): Promise<'done' | 'more'> {
  return db.tenant(tenantId).transaction(async (tx) => {
    // Before anything is read: prices made of older figures must not overwrite those of newer ones.
    await lockPrices(tx)
    const sweep = await nextSweep(tx)
    if (!sweep) return 'done'
    const range = await rangeAfter(tx, sweep.afterVariant, variantsMax)
    if (!range) {
      await endSweep(tx, sweep)
      await tx.notify('catalog')
      return 'more'
    }
    const terms = await readPricingTerms(tx)
    await recomputePrices(tx, range, terms)
    await settlePriceTargets(tx, { kind: 'range', ...range }, { approvedBy: sweep.approvedBy, terms, isFresh: true })
    await advanceSweep(tx, sweep, { afterVariant: range.last, done: range.count })
    return 'more'
  })
}
