// Feeds in tables: who may fetch one now (lease and fence), and what each fetch came to.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { minutesToRetry, type ShownSource } from './supplier-feeds.ts'

export type Feed = {
  id: string
  supplierId: string
  shown: ShownSource
  everyMinutes: number
  active: boolean
  dueAt: Date
  fetching: boolean
  finishedAt: Date | null
  refusal: string | null
  failures: number
  lastImport: { id: string; state: string; failure: string | null } | null
}

const feedColumns = sql`
  f.id, f.supplier_id as "supplierId", f.shown, f.every_minutes as "everyMinutes", f.active, f.due_at as "dueAt",
  coalesce(f.leased_until > app_now(), false) as fetching, f.finished_at as "finishedAt", f.refusal, f.failures,
  case when i.id is not null then jsonb_build_object('id', i.id, 'state', i.state, 'failure', i.failure) end as "lastImport"
`
const feedTables = sql`
  supplier_feeds f left join file_imports i on i.tenant_id = f.tenant_id and i.id = f.last_import_id
`

export async function listFeeds(tx: Tx, supplierId: string): Promise<Feed[]> {
  const { rows } = await sql<Feed>`
    select ${feedColumns} from ${feedTables}
    where f.tenant_id = ${tx.tenantId} and f.supplier_id = ${supplierId} order by f.created_at, f.id
  `.execute(tx)
  return rows
}

export async function loadFeed(tx: Tx, id: string): Promise<(Feed & { settings: Buffer }) | undefined> {
  const { rows } = await sql<Feed & { settings: Buffer }>`
    select ${feedColumns}, f.settings from ${feedTables} where f.tenant_id = ${tx.tenantId} and f.id = ${id}
  `.execute(tx)
  return rows[0]
}

export async function insertFeed(
  tx: Tx,
  feed: { id: string; supplierId: string; settings: Buffer; shown: ShownSource; everyMinutes: number; actor: string },
): Promise<void> {
  await sql`
    insert into supplier_feeds (tenant_id, id, supplier_id, source, settings, shown, every_minutes, created_by)
    values (${tx.tenantId}, ${feed.id}, ${feed.supplierId}, ${feed.shown.source}, ${feed.settings},
      ${JSON.stringify(feed.shown)}::jsonb, ${feed.everyMinutes}, ${feed.actor})
  `.execute(tx)
  await tx.notify('imports')
}

export type FeedChange = {
  everyMinutes?: number | undefined
  active?: boolean | undefined
  sealed?: { settings: Buffer; shown: ShownSource } | undefined
}

/** A changed source is fetched at once and from the beginning; a superseded fetch of the old one is shut out. */
export async function updateFeed(tx: Tx, id: string, change: FeedChange): Promise<void> {
  const { sealed } = change
  await sql`
    update supplier_feeds set
      every_minutes = coalesce(${change.everyMinutes ?? null}::int, every_minutes),
      active = coalesce(${change.active ?? null}::boolean, active),
      due_at = case when ${sealed !== undefined || change.active === true} then app_now()
        else least(due_at, app_now() + make_interval(mins => coalesce(${change.everyMinutes ?? null}::int, every_minutes))) end
    where tenant_id = ${tx.tenantId} and id = ${id}
  `.execute(tx)
  if (sealed)
    await sql`
      update supplier_feeds set settings = ${sealed.settings}, shown = ${JSON.stringify(sealed.shown)}::jsonb,
        source = ${sealed.shown.source}, fence = fence + 1, leased_until = null, etag = null, content_hash = null,
        failures = 0, refusal = null
      where tenant_id = ${tx.tenantId} and id = ${id}
    `.execute(tx)
  await tx.notify('imports')
}

export async function deleteFeed(tx: Tx, id: string): Promise<void> {
  await sql`delete from supplier_feeds where tenant_id = ${tx.tenantId} and id = ${id}`.execute(tx)
  await tx.notify('imports')
}

/** Due at once. What was read wrong, or turned away by a person, is then read again though it be the same file. */
export async function makeFeedDue(tx: Tx, id: string): Promise<void> {
  await sql`
    update supplier_feeds f set due_at = app_now(),
      etag = case when again.is_so then null else f.etag end,
      content_hash = case when again.is_so then null else f.content_hash end
    from (select exists (
      select from file_imports i join supplier_feeds g on g.tenant_id = i.tenant_id and g.last_import_id = i.id
      where i.tenant_id = ${tx.tenantId} and g.id = ${id} and i.state in ('failed', 'discarded')) as is_so) again
    where f.tenant_id = ${tx.tenantId} and f.id = ${id}
  `.execute(tx)
}

/** Feeds and ages of figures are looked after from now on. */
export async function planFeedWork(tx: Tx): Promise<void> {
  await sql`
    insert into tenant_work (tenant_id, job, every_seconds, due_at)
    values (${tx.tenantId}, 'fetch-feeds', 60, app_now() + make_interval(secs => 60)) on conflict (tenant_id, job) do nothing
  `.execute(tx)
}

export type FeedClaim = {
  id: string
  supplierId: string
  settings: Buffer
  shown: ShownSource
  everyMinutes: number
  fence: string
  etag: string | null
  contentHash: string | null
  failures: number
  lastImport: { state: string; failure: string | null } | null
}

const leaseSeconds = 900

/** The feed that has been due for longest and is nobody's now. Two engines never take the same. */
export async function claimFeed(tx: Tx): Promise<FeedClaim | undefined> {
  const { rows } = await sql<FeedClaim>`
    -- Materialized: joined as a plain subquery it could be run again for every feed, and claim more than the one told of.
    with due as materialized (
      select id from supplier_feeds
      where tenant_id = ${tx.tenantId} and active and due_at <= app_now() and (leased_until is null or leased_until <= app_now())
      order by due_at, id limit 1 for no key update skip locked
    )
    update supplier_feeds f set fence = f.fence + 1, started_at = app_now(),
      leased_until = app_now() + make_interval(secs => ${leaseSeconds})
    from due
    where f.tenant_id = ${tx.tenantId} and f.id = due.id
    returning f.id, f.supplier_id as "supplierId", f.settings, f.shown, f.every_minutes as "everyMinutes", f.fence::text as fence,
      f.etag, f.content_hash as "contentHash", f.failures,
      (select jsonb_build_object('state', i.state, 'failure', i.failure) from file_imports i
        where i.tenant_id = f.tenant_id and i.id = f.last_import_id) as "lastImport"
  `.execute(tx)
  if (rows[0]) await tx.notify('imports')
  return rows[0]
}

export type FetchEnd =
  | {
      kind: 'imported'
      importId: string
      fileName: string
      sizeBytes: number
      etag: string | null
      contentHash: string
    }
  | { kind: 'unchanged'; etag: string | null }
  | { kind: 'failed'; reason: string }

/** False: the feed was changed, removed or taken by another meanwhile, and nothing of this fetch may count. */
export async function finishFetch(tx: Tx, claim: FeedClaim, end: FetchEnd): Promise<boolean> {
  const failures = end.kind === 'failed' ? claim.failures + 1 : 0
  const minutes = end.kind === 'failed' ? minutesToRetry(failures, claim.everyMinutes) : claim.everyMinutes
  const isNew = end.kind === 'imported'
  const { numAffectedRows } = await sql`
    update supplier_feeds set leased_until = null, finished_at = app_now(),
      due_at = app_now() + make_interval(mins => ${minutes}), failures = ${failures},
      refusal = ${end.kind === 'failed' ? end.reason : null},
      etag = case when ${end.kind === 'failed'} then etag else ${end.kind === 'failed' ? null : end.etag} end,
      content_hash = coalesce(${isNew ? end.contentHash : null}, content_hash),
      last_import_id = coalesce(${isNew ? end.importId : null}::uuid, last_import_id)
    where tenant_id = ${tx.tenantId} and id = ${claim.id} and fence = ${claim.fence}::bigint
  `.execute(tx)
  if (numAffectedRows !== 1n) return false
  await addFetch(tx, claim, end)
  await tx.notify('imports')
  return true
}

const fetchesKept = 200

async function addFetch(tx: Tx, claim: FeedClaim, end: FetchEnd): Promise<void> {
  const file = end.kind === 'imported' ? end : undefined
  await sql`
    insert into supplier_feed_fetches (tenant_id, id, feed_id, supplier_id, outcome, import_id, file_name, size_bytes, reason)
    values (${tx.tenantId}, ${tx.ids.uuid()}, ${claim.id}, ${claim.supplierId}, ${end.kind}, ${file?.importId ?? null},
      ${file?.fileName ?? null}, ${file?.sizeBytes ?? null}, ${end.kind === 'failed' ? end.reason : null})
  `.execute(tx)
  await sql`
    delete from supplier_feed_fetches where tenant_id = ${tx.tenantId} and id in (
      select id from supplier_feed_fetches where tenant_id = ${tx.tenantId} and feed_id = ${claim.id}
      order by at desc, id desc offset ${fetchesKept} limit 100
    )
  `.execute(tx)
}

export type FeedFetch = {
  id: string
  feedId: string
  at: Date
  outcome: 'imported' | 'unchanged' | 'failed'
  importId: string | null
  fileName: string | null
  sizeBytes: number | null
  reason: string | null
}

export async function listFetches(tx: Tx, supplierId: string, limit: number): Promise<FeedFetch[]> {
  const { rows } = await sql<FeedFetch>`
    select id, feed_id as "feedId", at, outcome, import_id as "importId", file_name as "fileName", size_bytes as "sizeBytes", reason
    from supplier_feed_fetches where tenant_id = ${tx.tenantId} and supplier_id = ${supplierId}
    order by at desc, id desc limit ${limit}
  `.execute(tx)
  return rows
}

/** A newer file of this feed came: one still held back would only bring back older figures. */
export async function discardHeldOfFeed(tx: Tx, feedId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from file_imports where tenant_id = ${tx.tenantId} and feed_id = ${feedId} and state = 'held'
    order by id for no key update
  `.execute(tx)
  return rows.map((row) => row.id)
}
