// The grid job: brings the rows of the listings grid up to date with what they are made from.
import { settleGrid as settle } from '../domain/listings/settle-grid.command.ts'
import type { TenantJob } from './tenant-job.ts'

const batchesMax = 50

export const settleGrid: TenantJob = {
  name: 'settle-grid',
  // Whoever opens the grid kicks it; this is for nobody looking.
  everySeconds: 300,
  async run(parts, { tenantId }) {
    for (let batches = 0; batches < batchesMax; batches++) {
      if ((await settle(parts.db, tenantId)) !== 'more') return
    }
    await parts.queue.send('settle-grid', { tenantId }, { key: tenantId })
  },
}
