// Listing changes and their runs as people see them, and stopping what has not been sent.
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { ListingFault } from './draft.ts'
import type { ChangeAction, ChangeState } from './listing-changes.ts'
import { decodeCursor, encodeCursor, roughCountMax } from './paging.ts'
import type { RowPage } from './paging.ts'
import { closeSelections } from './selections.store.ts'
import { countRuns } from './settle-changes.store.ts'

export type ListingChangeView = {
  id: string
  runId: string
  productId: string
  variantId: string | null
  title: string
  sku: string | null
  action: ChangeAction
  state: ChangeState
  faults: ListingFault[]
  askedBy: string
  askedAt: Date
  settledAt: Date | null
}

export type ChangeFilter = {
  channelId: string
  productId?: string | undefined
  runId?: string | undefined
  state?: ChangeState | undefined
}

/** The newest first. */
export async function listChanges(
  tx: Tx,
  filter: ChangeFilter,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<RowPage<ListingChangeView>> {
  const { channelId, productId = null, runId = null, state = null } = filter
  const after = decodeCursor(cursor)?.id ?? null
  const asked = sql`c.tenant_id = ${tx.tenantId} and c.channel_id = ${channelId}
    and (${productId}::uuid is null or c.product_id = ${productId}::uuid)
    and (${runId}::uuid is null or c.run_id = ${runId}::uuid) and (${state}::text is null or c.state = ${state}::text)`
  const { rows } = await sql<ListingChangeView>`
    select c.id, c.run_id as "runId", c.product_id as "productId", c.variant_id as "variantId",
      coalesce(c.draft->>'title', p.title) as title, v.sku, c.action, c.state, c.faults, c.asked_by as "askedBy",
      c.created_at as "askedAt", c.settled_at as "settledAt"
    from listing_changes c
    join products p on p.tenant_id = c.tenant_id and p.id = c.product_id
    left join variants v on v.tenant_id = c.tenant_id and v.id = c.variant_id
    where ${asked} and (${after}::uuid is null or c.id < ${after}::uuid)
    order by c.id desc limit ${limit + 1}
  `.execute(tx)
  const counted = await sql<{ value: number }>`
    select count(*)::int as value from (select from listing_changes c where ${asked} limit ${roughCountMax + 1}) few
  `.execute(tx)
  const value = counted.rows[0]?.value ?? 0
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  return {
    rows: page,
    next: last ? encodeCursor({ text: '', id: last.id }) : null,
    count: { value: Math.min(value, roughCountMax), more: value > roughCountMax },
  }
}

export type ChangeRunView = {
  id: string
  channelId: string
  channelName: string
  action: ChangeAction
  state: 'running' | 'done' | 'failed'
  total: number
  settled: number
  done: number
  refused: number
  stopped: number
  inReview: number
  unclear: number
  waitsFor: 'switch' | 'sign-in' | null
  askedBy: string
  startedAt: Date
  finishedAt: Date | null
}

const runsMax = 20

export async function listChangeRuns(tx: Tx, filter: { channelId?: string; id?: string }): Promise<ChangeRunView[]> {
  const { rows } = await sql<ChangeRunView>`
    select r.id, r.channel_id as "channelId", s.name as "channelName", coalesce(whole.action, f.action) as action, r.state, coalesce(r.total, 0) as total, r.done as settled,
      coalesce((r.counts->>'done')::int, 0) as done, coalesce((r.counts->>'refused')::int, 0) as refused,
      coalesce((r.counts->>'stopped')::int, 0) as stopped, coalesce(o.in_review, 0) as "inReview", coalesce(o.unclear, 0) as unclear,
      case when r.state <> 'running' then null when not s.enabled then 'switch' when a.state <> 'connected' then 'sign-in' end as "waitsFor",
      coalesce(whole.asked_by, f.asked_by) as "askedBy", r.started_at as "startedAt", r.finished_at as "finishedAt"
    from runs r
    join sales_channels s on s.tenant_id = r.tenant_id and s.id = r.channel_id
    join channel_accounts a on a.tenant_id = s.tenant_id and a.id = s.account_id
    left join listing_selections whole on whole.tenant_id = r.tenant_id and whole.run_id = r.id
    left join lateral (
      select action, asked_by from listing_changes c where c.tenant_id = r.tenant_id and c.run_id = r.id limit 1
    ) f on true
    left join lateral (
      select (count(*) filter (where c.state = 'in-review'))::int as in_review, (count(*) filter (where c.state = 'unclear'))::int as unclear
      from listing_changes c where c.tenant_id = r.tenant_id and c.run_id = r.id and c.state in ('in-review', 'unclear')
    ) o on true
    where r.tenant_id = ${tx.tenantId} and r.kind = 'change-listings' and coalesce(whole.action, f.action) is not null
      and (${filter.channelId ?? null}::uuid is null or r.channel_id = ${filter.channelId ?? null}::uuid)
      and (${filter.id ?? null}::uuid is null or r.id = ${filter.id ?? null}::uuid)
    order by r.started_at desc, r.id desc limit ${runsMax}
  `.execute(tx)
  return rows
}

/** What is on its way or looked at over there goes on. */
export async function stopRun(tx: Tx, runId: string): Promise<number> {
  await closeSelections(tx, { runId })
  return stop(tx, sql`run_id = ${runId} and state = 'waiting'`)
}

/** Its channel is removed: nothing of it will be asked or looked at any more. */
export async function stopChangesOf(tx: Tx, channelId: string): Promise<void> {
  await closeSelections(tx, { channelId })
  await stop(tx, sql`channel_id = ${channelId} and state in ('waiting', 'in-flight', 'unclear', 'in-review')`)
}

async function stop(tx: Tx, which: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ run_id: string; state: string; channel_id: string }>`
    update listing_changes set state = 'stopped', settled_at = app_now()
    where tenant_id = ${tx.tenantId} and ${which}
    returning run_id, state, channel_id
  `.execute(tx)
  await countRuns(tx, rows)
  for (const channelId of new Set(rows.map((row) => row.channel_id))) await tx.notify('listings', { id: channelId })
  return rows.length
}

/** Of these listings over there, those that hold SKUs besides ours. */
export async function otherListingsUnder(
  tx: Tx,
  { channelId, ids, except }: { channelId: string; ids: string[]; except: string[] },
): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select distinct marketplace_listing_id as id from listings
    where tenant_id = ${tx.tenantId} and channel_id = ${channelId} and marketplace_listing_id = any(${ids}::text[])
      and missing_since is null and state <> 'ended' and not id = any(${except}::uuid[])
  `.execute(tx)
  return new Set(rows.map(({ id }) => id))
}
