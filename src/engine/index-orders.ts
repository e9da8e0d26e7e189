import { indexOrders as indexBatch } from '../domain/orders/order-terms.store.ts'
import type { TenantJob } from './tenant-job.ts'

const batchesMax = 100

/** Words of orders that were stored without them: by an older version, or changed since. */
export const indexOrders: TenantJob = {
  name: 'index-orders',
  everySeconds: 900,
  async run(parts, { tenantId }) {
    for (let batches = 0; batches < batchesMax; batches++) {
      const { more } = await parts.db.tenant(tenantId).transaction((tx) => indexBatch(tx, parts.secrets))
      if (!more) return
    }
    await parts.queue.send('index-orders', { tenantId }, { key: tenantId })
  },
}
