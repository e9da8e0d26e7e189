// A kick that failed every time goes back to the due table, as if its time had just come. Otherwise what a person asked for
// would wait until the operation comes round by itself, which for some is a day.
import { sql } from 'kysely'
import type { JobData } from '../platform/tx.ts'
import type { EngineParts } from './channel-run.ts'
import type { TenantJob } from './tenant-job.ts'

/** Switched off or signed out it stays out of the table, and after a refusal the marketplace's pace holds. */
export async function planChannelAgain(parts: EngineParts, data: JobData): Promise<void> {
  const { tenantId, channelId, operation } = data
  if (typeof tenantId !== 'string' || typeof channelId !== 'string' || typeof operation !== 'string') return
  await parts.db.tenant(tenantId).transaction((tx) =>
    sql`
      update channel_work set due_at = app_now()
      where tenant_id = ${tenantId} and channel_id = ${channelId} and operation = ${operation}
        and due_at > app_now() and (attempts = 0 or leased_until > app_now())
    `.execute(tx),
  )
}

export async function planTenantAgain(parts: EngineParts, job: TenantJob['name'], tenantId: string): Promise<void> {
  await parts.db.tenant(tenantId).transaction((tx) =>
    sql`
      update tenant_work set due_at = app_now()
      where tenant_id = ${tenantId} and job = ${job} and due_at > app_now()
    `.execute(tx),
  )
}
