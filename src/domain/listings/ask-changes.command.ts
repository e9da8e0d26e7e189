// A person asks for products to be listed, updated or deleted: one run, with one intent for each. What is refused already
// says so at once; what was asked before and is still open is not asked twice (R4).
import { sql } from 'kysely'
import type { Database, Tx } from '../../platform/database.ts'
import type { ListingFault } from './draft.ts'
import type { ChangeAction } from './listing-changes.ts'
import { tellOfRefused } from './refused-changes.store.ts'

export type WantedChange = { productId: string; variantId: string | null; faults: ListingFault[] }

export type AskChangesResult =
  | { kind: 'asked'; runId: string | null; asked: number; refused: number; open: number }
  | { kind: 'refused'; reason: 'not-found' }

export function askChanges(
  db: Database,
  tenantId: string,
  input: { channelId: string; action: ChangeAction; wanted: WantedChange[]; actor: string },
): Promise<AskChangesResult> {
  const { channelId, action, wanted, actor } = input
  return db.tenant(tenantId).transaction(async (tx) => {
    if (!(await channelIsThere(tx, channelId))) return { kind: 'refused', reason: 'not-found' }
    if (wanted.length === 0) return { kind: 'asked', runId: null, asked: 0, refused: 0, open: 0 }
    const runId = await beginChanges(tx, { channelId, total: null })
    const states = await insertChanges(tx, { runId, channelId, action, actor, wanted })
    const refused = states.filter((state) => state === 'refused').length
    const asked = states.length - refused
    if (states.length === 0) {
      await sql`delete from runs where tenant_id = ${tx.tenantId} and id = ${runId}`.execute(tx)
      return { kind: 'asked', runId: null, asked: 0, refused: 0, open: wanted.length }
    }
    await beginRun(tx, { runId, total: states.length, refused })
    await tellOfRefused(tx, channelId, { isNew: refused > 0 })
    if (asked > 0) {
      await tx.enqueue('channel', { channelId, operation: 'change-listings' }, { key: `${channelId}/change-listings` })
    }
    await tx.notify('listings', { id: channelId })
    await tx.notify('runs', { id: runId })
    return { kind: 'asked', runId, asked, refused, open: wanted.length - states.length }
  })
}

export async function channelIsThere(tx: Tx, channelId: string): Promise<boolean> {
  const { rows } = await sql`
    select from sales_channels where tenant_id = ${tx.tenantId} and id = ${channelId} and removed_at is null for key share
  `.execute(tx)
  return rows.length === 1
}

/** The id of the run they belong to. */
export async function beginChanges(
  tx: Tx,
  { channelId, total }: { channelId: string; total: number | null },
): Promise<string> {
  const runId = tx.ids.uuid()
  await sql`
    insert into runs (tenant_id, id, kind, channel_id, total, counts)
    values (${tx.tenantId}, ${runId}, 'change-listings', ${channelId}, ${total}, ${JSON.stringify({ done: 0, refused: 0, stopped: 0 })}::jsonb)
  `.execute(tx)
  return runId
}

type Changes = { runId: string; channelId: string; action: ChangeAction; actor: string; wanted: WantedChange[] }

/** A refused one is settled at once, and stands in the way of none. */
export async function insertChanges(tx: Tx, { runId, channelId, action, actor, wanted }: Changes): Promise<string[]> {
  const rows = wanted.map(({ productId, variantId, faults }) => ({
    id: tx.ids.uuid(),
    product_id: productId,
    variant_id: variantId,
    state: faults.length > 0 ? 'refused' : 'waiting',
    faults,
  }))
  const inserted = await sql<{ state: string }>`
    insert into listing_changes (tenant_id, id, run_id, channel_id, product_id, variant_id, action, state, faults, asked_by, settled_at)
    select ${tx.tenantId}, w.id, ${runId}, ${channelId}, w.product_id, w.variant_id, ${action}, w.state, w.faults, ${actor},
      case when w.state = 'refused' then app_now() end
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as w (id uuid, product_id uuid, variant_id uuid, state text, faults jsonb)
    join products p on p.tenant_id = ${tx.tenantId} and p.id = w.product_id
    where w.state = 'waiting' or not exists (
      select from listing_changes open where open.tenant_id = ${tx.tenantId} and open.channel_id = ${channelId}
        and open.product_id = w.product_id and open.variant_id is not distinct from w.variant_id
        and open.state in ('waiting', 'in-flight', 'unclear', 'in-review'))
    order by w.product_id, w.variant_id
    on conflict (tenant_id, channel_id, product_id, variant_id) where state in ('waiting', 'in-flight', 'unclear', 'in-review')
    do nothing
    returning state
  `.execute(tx)
  return inserted.rows.map(({ state }) => state)
}

async function beginRun(
  tx: Tx,
  { runId, total, refused }: { runId: string; total: number; refused: number },
): Promise<void> {
  await sql`
    update runs set total = ${total}, done = ${refused}, counts = jsonb_set(counts, '{refused}', to_jsonb(${refused}::int)),
      state = case when ${refused === total} then 'done' else state end,
      finished_at = case when ${refused === total} then app_now() end
    where tenant_id = ${tx.tenantId} and id = ${runId}
  `.execute(tx)
}
