import { forgetBuyers as forgetBatch } from '../domain/orders/forget-buyers.command.ts'
import type { TenantJob } from './tenant-job.ts'

const batchesMax = 200

export const forgetBuyers: TenantJob = {
  name: 'forget-buyers',
  everySeconds: 86_400,
  async run(parts, { tenantId }) {
    for (let batches = 0; batches < batchesMax; batches++) {
      const { more } = await parts.db.tenant(tenantId).transaction((tx) => forgetBatch(tx))
      if (!more) return
    }
  },
}
