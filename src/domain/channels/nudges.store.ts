// Notifications from marketplaces: whose channel one is about, and which were told before. A notification only says where
// to look again, so all it does is to make that work due.
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { SystemDb, Tx } from '../../platform/database.ts'

/** As a marketplace tells it; a null names all there are. */
export type NudgeAbout = { id: string; sellerId: string | null; siteId: string | null; operations: string[] }

export type NudgedWork = { tenantId: string; channelId: string; operation: string }

const rememberedDays = 7
const channelsMax = 1000
/** Between two looks: a burst of notifications costs one. Listings are walked as a whole. */
const gapSeconds = { orders: 5, listings: 900, ofAll: 60 }

/** Where notifications about a new sales channel go. */
export async function addNudgeRoute(
  tx: Tx,
  channelId: string,
  { connector, site }: { connector: string; site: { id: string; sellerId: string } },
): Promise<void> {
  await sql`
    insert into nudge_routes (tenant_id, channel_id, marketplace, seller_hash, site_hash)
    values (${tx.tenantId}, ${channelId}, ${connector}, ${hash(connector, site.sellerId)}, ${hash(connector, site.id)})
  `.execute(tx)
}

export async function removeNudgeRoute(tx: Tx, channelId: string): Promise<void> {
  await sql`delete from nudge_routes where tenant_id = ${tx.tenantId} and channel_id = ${channelId}`.execute(tx)
}

/**
 * Takes each notification once and makes its work due: soon for orders, gathered for a while for listings. Work that is
 * switched off, signed out or backing off keeps its time. One that names no shop may come from anybody, where the
 * marketplace signs none: it is not remembered, and all of that marketplace look again no more than once a minute.
 */
export async function takeNudges(db: SystemDb, marketplace: string, nudges: NudgeAbout[]): Promise<NudgedWork[]> {
  return db.transaction().execute(async (tx) => {
    await sql`
      delete from nudge_inbox where received_at < app_now() - make_interval(days => ${rememberedDays})
    `.execute(tx)
    const kicked: NudgedWork[] = []
    for (const nudge of nudges.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
      const isOfAll = nudge.sellerId === null && nudge.siteId === null
      if (isOfAll || (await isFresh(tx, marketplace, nudge))) {
        kicked.push(
          ...(await makeDue(tx, marketplace, { ...nudge, seconds: isOfAll ? gapSeconds.ofAll : gapSeconds.orders })),
        )
      }
    }
    return kicked
  })
}

async function isFresh(db: SystemDb, marketplace: string, { id }: NudgeAbout): Promise<boolean> {
  const stored = await sql`
    insert into nudge_inbox (marketplace, nudge_hash) values (${marketplace}, ${hash(marketplace, id)})
    on conflict do nothing
  `.execute(db)
  return stored.numAffectedRows === 1n
}

/**
 * Answers what is due at once; the rest is due when it has rested. The time is kept besides, for a turn under way may have
 * looked already, and its end sets the next one.
 */
async function makeDue(
  db: SystemDb,
  marketplace: string,
  { sellerId, siteId, operations, seconds }: NudgeAbout & { seconds: number },
): Promise<NudgedWork[]> {
  const { rows } = await sql<NudgedWork & { isDue: boolean }>`
    with chosen as (
      select work.tenant_id, work.channel_id, work.operation,
        greatest(app_now(), work.started_at + make_interval(secs =>
          case when work.operation = 'pull-listings' then ${gapSeconds.listings}::float8 else ${seconds}::float8 end)) as wanted_at
      from nudge_routes route
      join channel_work work on work.tenant_id = route.tenant_id and work.channel_id = route.channel_id
      where route.marketplace = ${marketplace}
        and (${sellerId}::text is null or route.seller_hash = ${sellerId === null ? '' : hash(marketplace, sellerId)})
        and (${siteId}::text is null or route.site_hash = ${siteId === null ? '' : hash(marketplace, siteId)})
        and work.operation = any(${operations}::text[]) and work.due_at is not null and work.attempts = 0
      order by work.tenant_id, work.channel_id, work.operation
      limit ${channelsMax}
      for update of work
    )
    update channel_work work set due_at = least(work.due_at, chosen.wanted_at), nudged_for = chosen.wanted_at
    from chosen
    where (work.tenant_id, work.channel_id, work.operation) = (chosen.tenant_id, chosen.channel_id, chosen.operation)
    returning work.tenant_id as "tenantId", work.channel_id as "channelId", work.operation,
      work.due_at <= app_now() as "isDue"
  `.execute(db)
  return rows.flatMap(({ isDue, ...work }) => (isDue ? [work] : []))
}

function hash(marketplace: string, text: string): string {
  return createHash('sha256').update(`${marketplace}\n${text}`).digest('base64url')
}
