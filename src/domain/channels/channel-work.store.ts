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
