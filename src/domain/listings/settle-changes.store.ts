// What became of listing changes, for many at once: the intent's end, the listings that came of it or went by it, their
// mappings and figures, the story, and how far the run is.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { settlePriceTargets } from '../pricing/price-targets.store.ts'
import { settleStockTargets } from '../stock/stock-targets.store.ts'
import type { ChangeScope, ClaimedChange } from './claim-changes.store.ts'
import type { ChangeOutcome } from './listing-changes.ts'
import type { ChannelListing } from './listing.ts'
import { tellOfRefused } from './refused-changes.store.ts'
import { storeListings } from './store-listings.command.ts'

/** `listingIds`: rows of ours that the change is about. */
export type ChangeResult = { claim: ClaimedChange; outcome: ChangeOutcome; listingIds: string[] }

/** An answer counts only for the claim it was given to. */
export async function settleChanges(tx: Tx, scope: ChangeScope, results: ChangeResult[]): Promise<void> {
  if (results.length === 0) return
  const { rows } = await sql<{ id: string; run_id: string; state: string }>`
    update listing_changes c set
      state = r.state,
      faults = r.faults,
      ticket = r.ticket,
      marketplace_listing_id = coalesce(r.listing, c.marketplace_listing_id),
      attempts = case when r.counts then c.attempts else greatest(0, c.attempts - 1) end,
      look_ups = coalesce(r.look_ups, case when c.state = 'in-flight' then 0 else c.look_ups end),
      next_try_at = app_now() + make_interval(secs => r.seconds),
      settled_at = case when r.state in ('done', 'refused') then app_now() end
    from jsonb_to_recordset(${JSON.stringify(results.map(rowOf))}::jsonb)
      as r (id uuid, state text, faults jsonb, ticket text, listing text, counts boolean, look_ups int, seconds float8)
    where c.tenant_id = ${tx.tenantId} and c.id = r.id and c.fence = ${scope.fence} and c.state in ('in-flight', 'unclear', 'in-review')
    returning c.id, c.run_id, c.state
  `.execute(tx)
  const counted = new Set(rows.map(({ id }) => id))
  const relevant = results.filter(({ claim }) => counted.has(claim.id))
  await takeIn(
    tx,
    scope.channelId,
    relevant.filter(({ outcome }) => outcome.kind === 'done'),
  )
  await letGo(
    tx,
    relevant.filter(isDone('delete')).flatMap(({ listingIds }) => listingIds),
  )
  await markGone(
    tx,
    relevant
      .filter(({ outcome }) => outcome.kind === 'refused' && outcome.isGone)
      .flatMap(({ listingIds }) => listingIds),
  )
  await tellStory(tx, relevant)
  await countRuns(tx, rows)
  const isNew = rows.some(({ state }) => state === 'refused')
  if (isNew || rows.some(({ state }) => state === 'done')) await tellOfRefused(tx, scope.channelId, { isNew })
  await tx.notify('listings', { id: scope.channelId })
}

function rowOf({ claim, outcome }: ChangeResult) {
  const { kind } = outcome
  const isOpenStill = kind === 'in-review' || kind === 'unclear'
  return {
    id: claim.id,
    state: kind,
    faults: kind === 'refused' ? outcome.faults : [],
    ticket: kind === 'in-review' ? outcome.ticket : isOpenStill ? claim.ticket : null,
    listing: 'marketplaceListingId' in outcome ? outcome.marketplaceListingId : null,
    counts: kind !== 'waiting' || outcome.counts,
    look_ups: kind === 'unclear' ? outcome.lookUps : null,
    seconds: 'seconds' in outcome ? outcome.seconds : 0,
  }
}

function isDone(action: ClaimedChange['action']) {
  return ({ claim, outcome }: ChangeResult) => outcome.kind === 'done' && claim.action === action
}

/** A listing of ours: kept, mapped to the variant of its SKU, and its figures follow from now on. */
async function takeIn(tx: Tx, channelId: string, results: ChangeResult[]): Promise<void> {
  const made = results.flatMap(({ claim, outcome }) =>
    outcome.kind === 'done' ? outcome.listings.map((listing) => ({ claim, listing })) : [],
  )
  if (made.length === 0) return
  await storeListings(
    tx,
    channelId,
    made.map(({ listing }) => listing),
  )
  const rows = made.map(({ claim, listing }) => ({
    ...keysOf(listing),
    product_id: claim.productId,
    mapping_id: tx.ids.uuid(),
  }))
  const { rows: mapped } = await sql<{ listing_id: string; mapping_id: string; variant_id: string | null }>`
    with made as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as made (listing text, variant text, sku text, product_id uuid, mapping_id uuid)
    ), ours as (
      update listings l set listed_here_at = coalesce(l.listed_here_at, app_now())
      from made
      where l.tenant_id = ${tx.tenantId} and l.channel_id = ${channelId} and l.marketplace_listing_id = made.listing
        and l.marketplace_variant_id = made.variant
      returning l.id, made.product_id, made.sku, made.mapping_id
    ), known as (
      select ours.id, ours.mapping_id, v.id as variant_id from ours
      join variants v on v.tenant_id = ${tx.tenantId} and v.product_id = ours.product_id and v.sku = ours.sku
    ), mapping as (
      insert into sku_mappings (tenant_id, id, channel_id, listing_id, evidence, created_by)
      select ${tx.tenantId}, mapping_id, ${channelId}, id, 'listed', 'Fairlead' from known order by id
      on conflict (tenant_id, listing_id) do nothing
      returning id, listing_id
    )
    select ours.id as listing_id, mapping.id as mapping_id, known.variant_id
    from ours left join known on known.id = ours.id left join mapping on mapping.listing_id = ours.id
  `.execute(tx)
  const fresh = mapped.filter((row) => row.mapping_id !== null && row.variant_id !== null)
  await sql`
    insert into sku_mapping_components (tenant_id, mapping_id, variant_id, quantity)
    select ${tx.tenantId}, mapping_id, variant_id, 1
    from unnest(${fresh.map((row) => row.mapping_id)}::uuid[], ${fresh.map((row) => row.variant_id)}::uuid[]) as g (mapping_id, variant_id)
  `.execute(tx)
  const ids = mapped.map((row) => row.listing_id)
  await settleStockTargets(tx, { kind: 'listings', ids })
  await settlePriceTargets(tx, { kind: 'listings', ids })
  await addEvents(
    tx,
    ids.map((listingId) => ({ listingId, kind: 'listed', data: {} })),
  )
}

function keysOf(listing: ChannelListing) {
  const { marketplaceListingId, marketplaceVariantId, channelSku } = listing
  return { listing: marketplaceListingId, variant: marketplaceVariantId ?? '', sku: channelSku }
}

/** Taken down over there: it is nobody's any more. The row stays, for orders and reports name it. */
async function letGo(tx: Tx, listingIds: string[]): Promise<void> {
  if (listingIds.length === 0) return
  await sql`delete from sku_mappings where tenant_id = ${tx.tenantId} and listing_id = any(${listingIds}::uuid[])`.execute(
    tx,
  )
  await sql`delete from listing_targets where tenant_id = ${tx.tenantId} and listing_id = any(${listingIds}::uuid[])`.execute(
    tx,
  )
  await sql`
    update listings set state = 'ended', missing_since = coalesce(missing_since, app_now()), listed_here_at = null
    where tenant_id = ${tx.tenantId} and id = any(${listingIds}::uuid[])
  `.execute(tx)
  await sql`
    update problems set closed_at = app_now()
    where tenant_id = ${tx.tenantId} and closed_at is null and listing_id = any(${listingIds}::uuid[])
  `.execute(tx)
}

async function markGone(tx: Tx, listingIds: string[]): Promise<void> {
  if (listingIds.length === 0) return
  await sql`
    update listings set missing_since = coalesce(missing_since, app_now())
    where tenant_id = ${tx.tenantId} and id = any(${listingIds}::uuid[])
  `.execute(tx)
  await settleStockTargets(tx, { kind: 'listings', ids: listingIds })
  await settlePriceTargets(tx, { kind: 'listings', ids: listingIds })
}

const told = { update: 'updated', delete: 'deleted', list: 'listed' } as const

async function tellStory(tx: Tx, results: ChangeResult[]): Promise<void> {
  const events = results.flatMap(({ claim, outcome, listingIds }): NewEvent[] => {
    if (outcome.kind === 'done' && claim.action !== 'list') {
      return listingIds.map((listingId) => ({ listingId, kind: told[claim.action], data: {} }))
    }
    if (outcome.kind !== 'refused') return []
    const reason = outcome.faults.map(({ message, theirs }) => theirs ?? message).join(' ')
    return listingIds.map((listingId) => ({ listingId, kind: `${claim.action}-refused`, data: { reason } }))
  })
  await addEvents(tx, events)
}

type NewEvent = { listingId: string; kind: string; data: Record<string, string> }

async function addEvents(tx: Tx, events: NewEvent[]): Promise<void> {
  if (events.length === 0) return
  const rows = events.map(({ listingId, kind, data }) => ({ id: tx.ids.uuid(), listing_id: listingId, kind, data }))
  await sql`
    insert into listing_events (tenant_id, id, listing_id, kind, data, actor)
    select ${tx.tenantId}, id, listing_id, kind, data, 'Fairlead'
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as e (id uuid, listing_id uuid, kind text, data jsonb)
  `.execute(tx)
}

/** A run is over when nothing of it is open. */
export async function countRuns(tx: Tx, settled: { run_id: string; state: string }[]): Promise<void> {
  const runIds = [...new Set(settled.map((row) => row.run_id))].toSorted()
  const count = (runId: string, state: string) =>
    settled.filter((row) => row.run_id === runId && row.state === state).length
  const rows = runIds.map((id) => ({
    id,
    done: count(id, 'done'),
    refused: count(id, 'refused'),
    stopped: count(id, 'stopped'),
  }))
  const told = rows.filter(({ done, refused, stopped }) => done + refused + stopped > 0)
  if (told.length === 0) return
  await sql`
    update runs set done = runs.done + s.done + s.refused + s.stopped,
      counts = runs.counts || jsonb_build_object('done', coalesce((runs.counts->>'done')::int, 0) + s.done,
        'refused', coalesce((runs.counts->>'refused')::int, 0) + s.refused, 'stopped', coalesce((runs.counts->>'stopped')::int, 0) + s.stopped),
      state = case when runs.done + s.done + s.refused + s.stopped >= runs.total then 'done' else runs.state end,
      finished_at = case when runs.done + s.done + s.refused + s.stopped >= runs.total then app_now() else runs.finished_at end
    from jsonb_to_recordset(${JSON.stringify(told)}::jsonb) as s (id uuid, done int, refused int, stopped int)
    where runs.tenant_id = ${tx.tenantId} and runs.id = s.id
  `.execute(tx)
  for (const { id } of told) await tx.notify('runs', { id })
}
