// Rows of the due table: what is done for a sales channel unasked, and when.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'

export type PlannedWork = {
  channel: { operation: string; everySeconds: number; evenWhenOff: boolean }[]
  tenant: { job: string; everySeconds: number }[]
}

/** Due at once: a new channel has everything to catch up. */
export async function planWork(tx: Tx, channelId: string, work: PlannedWork): Promise<void> {
  await sql`
    insert into channel_work (tenant_id, channel_id, operation, every_seconds, even_when_off, due_at)
    select ${tx.tenantId}, ${channelId}, operation, "everySeconds", "evenWhenOff", app_now()
    from jsonb_to_recordset(${JSON.stringify(work.channel)}::jsonb) as given (operation text, "everySeconds" int, "evenWhenOff" boolean)
    on conflict (tenant_id, channel_id, operation) do nothing
  `.execute(tx)
  await sql`
    insert into tenant_work (tenant_id, job, every_seconds, due_at)
    select ${tx.tenantId}, job, "everySeconds", app_now()
    from jsonb_to_recordset(${JSON.stringify(work.tenant)}::jsonb) as given (job text, "everySeconds" int)
    on conflict (tenant_id, job) do nothing
  `.execute(tx)
}

/** What is there already keeps its time and takes the pace of today. What is switched off or signed out gets rows that are not due. */
export async function addMissingWork(tx: Tx, plans: (PlannedWork & { connector: string })[]): Promise<void> {
  const operations = plans.flatMap(({ connector, channel }) => channel.map((entry) => ({ connector, ...entry })))
  await sql`
    insert into channel_work (tenant_id, channel_id, operation, every_seconds, even_when_off, due_at)
    select channel.tenant_id, channel.id, given.operation, given."everySeconds", given."evenWhenOff",
      case when account.state = 'connected' and (channel.enabled or given."evenWhenOff") then app_now() end
    from jsonb_to_recordset(${JSON.stringify(operations)}::jsonb)
      as given (connector text, operation text, "everySeconds" int, "evenWhenOff" boolean)
    join sales_channels channel on channel.tenant_id = ${tx.tenantId} and channel.connector = given.connector
    join channel_accounts account on account.tenant_id = channel.tenant_id and account.id = channel.account_id
    where channel.removed_at is null and not exists (
      -- Before the conflict is asked about, for that would wait for whoever has changed the row and not committed.
      select from channel_work work
      where work.tenant_id = channel.tenant_id and work.channel_id = channel.id and work.operation = given.operation
    )
    order by channel.id, given.operation
    on conflict (tenant_id, channel_id, operation) do nothing
  `.execute(tx)
  // Only rows that differ are locked, and none is waited for: an engine that stands still holds its own, and the next start
  // sees to what was passed over.
  await sql`
    with old as (
      select work.channel_id, work.operation, given."everySeconds" as seconds
      from channel_work work
      join sales_channels channel on channel.tenant_id = work.tenant_id and channel.id = work.channel_id
      join jsonb_to_recordset(${JSON.stringify(operations)}::jsonb) as given (connector text, operation text, "everySeconds" int)
        on given.connector = channel.connector and given.operation = work.operation
      where work.tenant_id = ${tx.tenantId} and work.every_seconds <> given."everySeconds"
      for update of work skip locked
    )
    update channel_work work set every_seconds = old.seconds from old
    where work.tenant_id = ${tx.tenantId} and work.channel_id = old.channel_id and work.operation = old.operation
  `.execute(tx)
  await sql`
    insert into tenant_work (tenant_id, job, every_seconds, due_at)
    select distinct ${tx.tenantId}::uuid, job, "everySeconds", app_now()
    from jsonb_to_recordset(${JSON.stringify(plans.flatMap(({ tenant }) => tenant))}::jsonb) as given (job text, "everySeconds" int)
    where not exists (select from tenant_work work where work.tenant_id = ${tx.tenantId} and work.job = given.job)
    order by job
    on conflict (tenant_id, job) do nothing
  `.execute(tx)
}

/** Before anything else of a channel is locked, for the engine locks in this order too. */
export async function lockWork(tx: Tx, channelId: string): Promise<void> {
  await sql`
    select from channel_work where tenant_id = ${tx.tenantId} and channel_id = ${channelId} order by operation for update
  `.execute(tx)
}

/** Off: nothing is due but what goes on regardless (A7). On: everything is, at once. */
export async function switchWork(tx: Tx, channelId: string, enabled: boolean): Promise<void> {
  await sql`
    update channel_work set due_at = ${enabled ? sql`app_now()` : sql`null`}, attempts = ${enabled ? 0 : sql`attempts`}
    where tenant_id = ${tx.tenantId} and channel_id = ${channelId} and (${enabled} or not even_when_off)
  `.execute(tx)
}

/** Whoever works on it now finds his lease gone. */
export async function removeWork(tx: Tx, channelId: string): Promise<void> {
  await sql`delete from channel_work where tenant_id = ${tx.tenantId} and channel_id = ${channelId}`.execute(tx)
}
