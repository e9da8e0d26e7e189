import { routeWaitingOrders } from '../domain/purchasing/route-waiting.command.ts'
import type { TenantJob } from './tenant-job.ts'

const batchesMax = 50

export const routeWaiting: TenantJob = {
  name: 'route-waiting',
  // Stock that rises kicks it; this finds what a lost kick, or a supplier switched on again, left waiting.
  everySeconds: 300,
  async run(parts, { tenantId }) {
    for (let batches = 0; batches < batchesMax; batches++) {
      if ((await routeWaitingOrders(parts.db, tenantId)) === 'done') return
    }
    await parts.queue.send('route-waiting', { tenantId }, { key: tenantId })
  },
}
