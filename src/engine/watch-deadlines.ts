import { deadlinesEverySeconds, watchDeadlines as watch } from '../domain/orders/deadlines.command.ts'
import type { TenantJob } from './tenant-job.ts'

export const watchDeadlines: TenantJob = {
  name: 'watch-deadlines',
  everySeconds: deadlinesEverySeconds,
  async run(parts, { tenantId }) {
    await parts.db.tenant(tenantId).transaction((tx) => watch(tx))
  },
}
