// Long work a person may watch: how far it is, and how it ended.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'

export type Run = {
  id: string
  kind: string
  channelId: string | null
  state: 'running' | 'done' | 'failed'
  done: number
  total: number | null
  counts: Record<string, number>
  message: string | null
  startedAt: Date
  finishedAt: Date | null
}

const runsMax = 50

const columns = sql`id, kind, channel_id as "channelId", state, done, total, counts, message,
  started_at as "startedAt", finished_at as "finishedAt"`

/** The one that runs already, or a new one. */
export async function startRun(tx: Tx, work: { kind: string; channelId: string }): Promise<Run> {
  // Two starting at once would each see none: the channel's row lets one go first.
  await sql`select from sales_channels where tenant_id = ${tx.tenantId} and id = ${work.channelId} for no key update`.execute(
    tx,
  )
  const running = await sql<Run>`
    select ${columns} from runs
    where tenant_id = ${tx.tenantId} and kind = ${work.kind} and channel_id = ${work.channelId} and state = 'running'
    order by started_at desc, id limit 1
  `.execute(tx)
  if (running.rows[0]) return running.rows[0]
  const started = await sql<Run>`
    insert into runs (tenant_id, id, kind, channel_id) values (${tx.tenantId}, ${tx.ids.uuid()}, ${work.kind}, ${work.channelId})
    returning ${columns}
  `.execute(tx)
  const run = started.rows[0]
  if (!run) throw new Error('The run was not stored.')
  await tx.notify('runs', { id: run.id })
  return run
}

export async function advanceRun(
  tx: Tx,
  run: Run,
  progress: { done: number; total: number | null; counts: Record<string, number> },
): Promise<void> {
  const counts = { ...run.counts }
  for (const [name, count] of Object.entries(progress.counts)) counts[name] = (counts[name] ?? 0) + count
  await sql`
    update runs set done = ${run.done + progress.done}, total = coalesce(${progress.total}::int, total), counts = ${JSON.stringify(counts)}::jsonb
    where tenant_id = ${tx.tenantId} and id = ${run.id}
  `.execute(tx)
  await tx.notify('runs', { id: run.id })
}

export async function finishRun(tx: Tx, runId: string): Promise<void> {
  await sql`
    update runs set state = 'done', finished_at = app_now(), total = done
    where tenant_id = ${tx.tenantId} and id = ${runId} and state = 'running'
  `.execute(tx)
  await tx.notify('runs', { id: runId })
}

export async function failRuns(tx: Tx, channelIds: string[], message: string): Promise<void> {
  if (channelIds.length === 0) return
  const { rows } = await sql<{ id: string }>`
    update runs set state = 'failed', message = ${message}, finished_at = app_now()
    where tenant_id = ${tx.tenantId} and channel_id = any(${channelIds}::uuid[]) and state = 'running'
      -- What a person asked of a marketplace only waits.
      and kind <> 'change-listings'
    returning id
  `.execute(tx)
  // The next download begins anew: going on in the middle it would take all that this one saw for missing.
  await sql`
    update sales_channels set listing_cursor = null
    where tenant_id = ${tx.tenantId} and id = any(${channelIds}::uuid[]) and listing_cursor is not null
  `.execute(tx)
  for (const { id } of rows) await tx.notify('runs', { id })
}

/** Newest first. */
export async function listRuns(
  tx: Tx,
  filter: { channelId?: string | undefined; kind?: string | undefined; id?: string },
): Promise<Run[]> {
  const { rows } = await sql<Run>`
    select ${columns} from runs
    where tenant_id = ${tx.tenantId}
      and (${filter.channelId ?? null}::uuid is null or channel_id = ${filter.channelId ?? null}::uuid)
      and (${filter.kind ?? null}::text is null or kind = ${filter.kind ?? null}::text)
      and (${filter.id ?? null}::uuid is null or id = ${filter.id ?? null}::uuid)
    order by started_at desc, id desc limit ${runsMax}
  `.execute(tx)
  return rows
}
