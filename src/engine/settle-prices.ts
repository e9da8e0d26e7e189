// The pricing job: walks through all variants after a rule, a rate, VAT or a cost of shipping changed, batch by batch. Changes
// of single variants come with their marks, to the stock job.
import { settlePricesStep } from '../domain/pricing/settle-prices.command.ts'
import type { TenantJob } from './tenant-job.ts'

/** Some hundred thousand variants: then the others' work has its turn. */
const stepsMax = 100

export const settlePrices: TenantJob = {
  name: 'settle-prices',
  // Sweeps come with a kick of their own; this finds what a lost kick left behind.
  everySeconds: 300,
  async run(parts, { tenantId }) {
    for (let steps = 0; steps < stepsMax; steps++) {
      if ((await settlePricesStep(parts.db, tenantId)) === 'done') return
    }
    await parts.queue.send('settle-prices', { tenantId }, { key: tenantId })
  },
}
