import { sweepUnmapped as sweepBatch } from '../domain/orders/sweep-unmapped.command.ts'
import type { TenantJob } from './tenant-job.ts'

const batchesMax = 50

export const sweepUnmapped: TenantJob = {
  name: 'sweep-unmapped',
  everySeconds: 3600,
  async run(parts, { tenantId }) {
    for (let batches = 0; batches < batchesMax; batches++) {
      const { more } = await parts.db.tenant(tenantId).transaction((tx) => sweepBatch(tx))
      if (!more) return
    }
  },
}
