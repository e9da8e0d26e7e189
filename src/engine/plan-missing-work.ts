// Channels connected before an upgrade lack due rows for what the hub has learned since. They get them when it starts.
// Which marketplace a channel is on stands behind its tenant's wall, so it is done tenant by tenant.
import { sql } from 'kysely'
import { connectors } from '../connectors/index.ts'
import { addMissingWork } from '../domain/channels/channel-work.store.ts'
import type { ChannelOperation, EngineParts } from './channel-run.ts'
import { plannedWork } from './schedule.ts'
import type { TenantJob } from './tenant-job.ts'

export async function planMissingWork(
  parts: EngineParts,
  work: { operations: ChannelOperation[]; tenantJobs: TenantJob[] },
): Promise<void> {
  const plans = Object.values(connectors).map((connector) => ({
    connector: connector.id,
    ...plannedWork(connector, work.operations, work.tenantJobs),
  }))
  // Every business that ever connected a channel has a row in one of the two.
  const { rows } = await sql<{ tenant_id: string }>`
    select tenant_id from channel_work union select tenant_id from tenant_work order by tenant_id
  `.execute(parts.db.system)
  for (const { tenant_id: tenantId } of rows) {
    await parts.db.tenant(tenantId).transaction((tx) => addMissingWork(tx, plans))
  }
}
