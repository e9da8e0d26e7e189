// All products that a filter matches, asked for at once: the run begins with their number, and a job takes them page by page.
// A page and its place are stored together, so a crash loses none and doubles none.
import { sql } from 'kysely'
import type { Database, Tx } from '../../platform/database.ts'
import { beginChanges, channelIsThere, insertChanges } from './ask-changes.command.ts'
import type { AskChangesResult, WantedChange } from './ask-changes.command.ts'
import { allGridProducts, countGridProducts } from './grid.store.ts'
import type { GridFilter } from './grid.store.ts'
import type { ChangeAction } from './listing-changes.ts'
import { tellOfRefused } from './refused-changes.store.ts'

type Filter = Omit<GridFilter, 'channelId'>

export function askForSelection(
  db: Database,
  tenantId: string,
  input: { channelId: string; action: ChangeAction; filter: Filter; actor: string },
): Promise<AskChangesResult> {
  const { channelId, action, filter, actor } = input
  return db.tenant(tenantId).transaction(async (tx) => {
    if (!(await channelIsThere(tx, channelId))) return { kind: 'refused', reason: 'not-found' }
    const matching = await countGridProducts(tx, { ...filter, channelId })
    if (matching === 0) return { kind: 'asked', runId: null, asked: 0, refused: 0, open: 0 }
    const runId = await beginChanges(tx, { channelId, total: matching })
    await sql`
      insert into listing_selections (tenant_id, run_id, channel_id, action, filter, matching, asked_by)
      values (${tx.tenantId}, ${runId}, ${channelId}, ${action}, ${JSON.stringify(filter)}::jsonb, ${matching}, ${actor})
    `.execute(tx)
    await tx.enqueue('channel', { channelId, operation: 'change-listings' }, { key: `${channelId}/change-listings` })
    await tx.notify('runs', { id: runId })
    return { kind: 'asked', runId, asked: matching, refused: 0, open: 0 }
  })
}

export type SelectionPage = {
  runId: string
  action: ChangeAction
  actor: string
  after: string | null
  productIds: string[]
}

/** The next products of the oldest selection; undefined where nothing is left to take. */
export async function readSelectionPage(tx: Tx, channelId: string, limit: number): Promise<SelectionPage | undefined> {
  const { rows } = await sql<Omit<SelectionPage, 'productIds'> & { filter: Filter }>`
    select run_id as "runId", action, asked_by as actor, after_id as after, filter from listing_selections
    where tenant_id = ${tx.tenantId} and channel_id = ${channelId} and closed_at is null order by run_id limit 1
  `.execute(tx)
  const [selection] = rows
  if (!selection) return undefined
  const { filter, ...page } = selection
  const productIds = await allGridProducts(tx, { ...filter, channelId }, limit, page.after)
  return { ...page, productIds }
}

/** Counts only where it was not taken meanwhile, nor stopped. A page without products ends the selection. */
export async function takeSelectionPage(
  tx: Tx,
  channelId: string,
  { page, wanted }: { page: SelectionPage; wanted: WantedChange[] },
): Promise<void> {
  const { runId, action, actor, after, productIds } = page
  const isLast = productIds.length === 0
  const { rows } = await sql<{ left: number }>`
    update listing_selections set after_id = ${productIds.at(-1) ?? after}, taken = taken + ${productIds.length},
      closed_at = case when ${isLast} then app_now() end
    where tenant_id = ${tx.tenantId} and run_id = ${runId} and closed_at is null and after_id is not distinct from ${after}::uuid
    returning case when closed_at is null then greatest(1, matching - taken) else 0 end as left
  `.execute(tx)
  const [taken] = rows
  if (!taken) return
  const states = await insertChanges(tx, { runId, channelId, action, actor, wanted })
  const refused = states.filter((state) => state === 'refused').length
  await countTaken(tx, { runId, refused, left: taken.left })
  if (refused > 0) await tellOfRefused(tx, channelId, { isNew: true })
  await tx.notify('runs', { id: runId })
  await tx.notify('listings', { id: channelId })
}

/** What is not taken yet counts as it was counted at first; in the end only what was asked for counts. */
async function countTaken(tx: Tx, { runId, refused, left }: { runId: string; refused: number; left: number }) {
  await sql`
    update runs set total = asked.count + ${left}, done = done + ${refused},
      counts = jsonb_set(counts, '{refused}', to_jsonb(coalesce((counts->>'refused')::int, 0) + ${refused}::int)),
      state = case when ${left} = 0 and done + ${refused} >= asked.count then 'done' else state end,
      finished_at = case when ${left} = 0 and done + ${refused} >= asked.count then app_now() else finished_at end
    from (select count(*)::int as count from listing_changes where tenant_id = ${tx.tenantId} and run_id = ${runId}) asked
    where tenant_id = ${tx.tenantId} and id = ${runId}
  `.execute(tx)
}

/** Nothing more of it is taken; of a run, or of all of a channel that is removed. */
export async function closeSelections(tx: Tx, which: { runId: string } | { channelId: string }): Promise<void> {
  const { rows } = await sql<{ runId: string }>`
    update listing_selections set closed_at = app_now()
    where tenant_id = ${tx.tenantId} and closed_at is null
      and ${'runId' in which ? sql`run_id = ${which.runId}` : sql`channel_id = ${which.channelId}`}
    returning run_id as "runId"
  `.execute(tx)
  for (const { runId } of rows) await countTaken(tx, { runId, refused: 0, left: 0 })
}
