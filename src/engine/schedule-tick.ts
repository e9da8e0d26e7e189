// One look at the due table across all tenants: what is due is kicked. A kick that gets lost costs half a minute, for the
// row becomes due again; whoever takes it moves the time on.
import { sql } from 'kysely'
import { kickedAgainSeconds } from './channel-lease.ts'
import type { EngineParts } from './channel-run.ts'
import type { TenantJob } from './tenant-job.ts'

const batchMax = 200
/** One tenant's backlog leaves room for the others. */
const perTenantMax = 20

export type Tick = {
  kicked: number
  /** When something is due next; null: nothing is planned. */
  nextDueAt: Date | null
}

export async function tick(parts: EngineParts): Promise<Tick> {
  const channels = await claimDueChannels(parts)
  for (const { tenant_id: tenantId, channel_id: channelId, operation } of channels) {
    await parts.queue.send(
      'channel',
      { tenantId, channelId, operation, planned: true },
      { key: `${channelId}/${operation}` },
    )
  }
  const tenants = await claimDueTenants(parts)
  for (const { tenant_id: tenantId, job } of tenants) {
    await parts.queue.send(job, { tenantId }, { key: tenantId })
  }
  return { kicked: channels.length + tenants.length, nextDueAt: await nextDueAt(parts) }
}

async function claimDueChannels(parts: EngineParts) {
  const due = await sql<{ tenant_id: string; channel_id: string; operation: string }>`
    with ranked as (
      select tenant_id, channel_id, operation, due_at,
        row_number() over (partition by tenant_id order by due_at, channel_id, operation) as place
      from channel_work
      where due_at <= app_now() and (leased_until is null or leased_until <= app_now())
    ), chosen as (
      select work.tenant_id, work.channel_id, work.operation
      from ranked join channel_work work using (tenant_id, channel_id, operation)
      where ranked.place <= ${perTenantMax} and work.due_at <= app_now()
      order by ranked.place, ranked.due_at, work.channel_id, work.operation
      limit ${batchMax}
      for update of work skip locked
    )
    update channel_work work set due_at = app_now() + make_interval(secs => ${kickedAgainSeconds})
    from chosen
    where (work.tenant_id, work.channel_id, work.operation) = (chosen.tenant_id, chosen.channel_id, chosen.operation)
    returning work.tenant_id, work.channel_id, work.operation
  `.execute(parts.db.system)
  return due.rows.toSorted((a, b) => (`${a.channel_id}${a.operation}` < `${b.channel_id}${b.operation}` ? -1 : 1))
}

async function claimDueTenants(parts: EngineParts) {
  const due = await sql<{ tenant_id: string; job: TenantJob['name'] }>`
    with chosen as (
      select tenant_id, job from tenant_work where due_at <= app_now()
      order by due_at, tenant_id, job limit ${batchMax} for update skip locked
    )
    update tenant_work work set due_at = app_now() + make_interval(secs => work.every_seconds)
    from chosen where (work.tenant_id, work.job) = (chosen.tenant_id, chosen.job)
    returning work.tenant_id, work.job
  `.execute(parts.db.system)
  return due.rows.toSorted((a, b) => (`${a.tenant_id}${a.job}` < `${b.tenant_id}${b.job}` ? -1 : 1))
}

async function nextDueAt(parts: EngineParts): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`
    select least((select min(due_at) from channel_work), (select min(due_at) from tenant_work)) as at
  `.execute(parts.db.system)
  return rows[0]?.at ?? null
}
