// Prices that wait for a person (E4, R2), page by page, and what letting all of some go would mean.
import { sql, type RawBuilder } from 'kysely'
import { roughCountMax } from '../listings/paging.ts'
import type { Tx } from '../../platform/database.ts'
import type { Money } from '../money.ts'
import type { WaitReason } from './price-guard.ts'

export type WaitingFilter = {
  reason?: WaitReason | undefined
  channelId?: string | undefined
  listingId?: string | undefined
}

type WaitingCounts = { value: number; more: boolean }

/** So many are answered at once; the others are asked about again. */
const answeredMax = 2_000
const examplesMax = 5

/** By listing; a refused price is listed no more until it is another. */
function waiting(tx: Tx, { reason, channelId, listingId }: WaitingFilter): RawBuilder<unknown> {
  return sql`select target.listing_id, target.channel_id, target.desired, target.currency, target.desired_version, target.reasons
    from listing_targets target
    join sales_channels channel on channel.tenant_id = target.tenant_id and channel.id = target.channel_id and channel.removed_at is null
    where target.tenant_id = ${tx.tenantId} and target.kind = 'price' and target.waits
      and target.refused_version is distinct from target.desired_version
      ${reason ? sql`and target.reasons @> ${JSON.stringify([{ step: reason }])}::jsonb` : sql``}
      ${channelId ? sql`and target.channel_id = ${channelId}` : sql``}
      ${listingId ? sql`and target.listing_id = ${listingId}` : sql``}`
}

export async function listWaitingPrices(
  tx: Tx,
  filter: WaitingFilter,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<{ rows: { listingId: string }[]; next: string | null; count: WaitingCounts }> {
  const { rows } = await sql<{ listingId: string }>`
    select listing_id as "listingId" from (${waiting(tx, filter)}) waiting
    where ${after ?? null}::uuid is null or listing_id > ${after ?? null}::uuid
    order by listing_id limit ${limit + 1}
  `.execute(tx)
  const counted = await sql<{ value: number }>`
    select count(*)::int as value from (select from (${waiting(tx, filter)}) waiting limit ${roughCountMax}) w
  `.execute(tx)
  const value = counted.rows[0]?.value ?? 0
  const shown = rows.slice(0, limit)
  return {
    rows: shown,
    next: rows.length > limit ? (shown.at(-1)?.listingId ?? null) : null,
    count: { value, more: value >= roughCountMax },
  }
}

type WaitingPreview = {
  /** Those meant, in their versions. */
  seen: string
  listings: number
  more: boolean
  channels: number
  loss: number
  belowFloor: number
  largeSteps: number
  rises: number
  falls: number
  examples: {
    listingId: string
    title: string
    channelName: string
    shows: Money | null
    desired: Money
    because: WaitReason[]
  }[]
}

/** Losses come first, then what falls furthest. */
export async function previewWaitingPrices(tx: Tx, filter: WaitingFilter): Promise<WaitingPreview> {
  const { rows } = await sql<WaitingPreview>`
    with meant as materialized (select * from (${waiting(tx, filter)}) waiting order by listing_id limit ${answeredMax + 1}),
    answered as materialized (
      select meant.*, listing.title, listing.price_minor as shows, listing.price_currency as shows_currency,
        reasons @> '[{"step": "loss"}]' as loss, reasons @> '[{"step": "below-floor"}]' as below_floor,
        reasons @> '[{"step": "large-step"}]' as large_step
      from (select * from meant order by listing_id limit ${answeredMax}) meant
      join listings listing on listing.tenant_id = ${tx.tenantId} and listing.id = meant.listing_id
    ), compared as (
      select *, case when shows_currency = currency then desired - shows end as step from answered
    )
    select ${seenOf} as seen, (select count(*) from answered)::int as listings,
      (select count(*) from meant) > ${answeredMax} as more, (select count(distinct channel_id) from answered)::int as channels,
      (select count(*) from answered where loss)::int as loss, (select count(*) from answered where below_floor)::int as "belowFloor",
      (select count(*) from answered where large_step)::int as "largeSteps",
      (select count(*) from compared where step > 0)::int as rises, (select count(*) from compared where step < 0)::int as falls,
      (select coalesce(jsonb_agg(jsonb_build_object('listingId', listing_id, 'title', title, 'channelName', channel_name,
          'shows', case when shows is not null then jsonb_build_object('minor', shows, 'currency', shows_currency) end,
          'desired', jsonb_build_object('minor', desired, 'currency', currency),
          'because', (select jsonb_agg(r ->> 'step') from jsonb_array_elements(reasons) r where r ->> 'step' in ('loss', 'below-floor', 'large-step')))), '[]')
        from (
          select compared.*, channel.name as channel_name from compared
          join sales_channels channel on channel.tenant_id = ${tx.tenantId} and channel.id = compared.channel_id
          order by loss desc, step nulls last, listing_id limit ${examplesMax}
        ) shown) as examples
  `.execute(tx)
  const [preview] = rows
  if (!preview) throw new Error('Counting gave no row.')
  return preview
}

/** Of `answered`: a figure that was not seen is not meant. */
const seenOf = sql`(select md5(coalesce(string_agg(listing_id::text || desired_version || desired || reasons::text, ',' order by listing_id), '')) from answered)`

/** Those a person's word is about; undefined: they are not those he saw. */
export async function lockSeenPrices(
  tx: Tx,
  filter: WaitingFilter,
  seen: string,
): Promise<{ listingId: string; channelId: string; minor: number; currency: string }[] | undefined> {
  const { rows } = await sql<{
    rows: { listingId: string; channelId: string; minor: number; currency: string }[]
    seen: string
  }>`
    with answered as materialized (select * from (${waiting(tx, filter)}) waiting order by listing_id limit ${answeredMax})
    select ${seenOf} as seen,
      (select coalesce(jsonb_agg(jsonb_build_object('listingId', listing_id, 'channelId', channel_id, 'minor', desired, 'currency', currency)), '[]')
        from answered) as rows
  `.execute(tx)
  return rows[0]?.seen === seen ? rows[0].rows : undefined
}
