import { settleInvoices as settle } from '../domain/invoicing/settle-invoices.command.ts'
import type { TenantJob } from './tenant-job.ts'

export const settleInvoices: TenantJob = {
  name: 'settle-invoices',
  // A credit note kicks it; days end, and invoices become overdue, by themselves.
  everySeconds: 300,
  async run(parts, { tenantId }) {
    if ((await settle(parts.db, tenantId)) === 'more')
      await parts.queue.send('settle-invoices', { tenantId }, { key: tenantId })
  },
}
