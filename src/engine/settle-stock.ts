// The stock job: takes the marks of changed variants and brings what their listings should show up to date.
import { settleMarks } from '../domain/stock/settle-stock.command.ts'
import type { TenantJob } from './tenant-job.ts'

/** A thousand variants a transaction: quick enough that nobody waits for it. */
const batchesMax = 200

export const settleStock: TenantJob = {
  name: 'settle-stock',
  // Marks come with a kick of their own; this finds what a lost kick left behind.
  everySeconds: 300,
  async run(parts, { tenantId }) {
    for (let batches = 0; batches < batchesMax; batches++) {
      if ((await settleMarks(parts.db, tenantId)) === 'done') return
    }
    await parts.queue.send('settle-stock', { tenantId }, { key: tenantId })
  },
}
