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
/** Listings are walked as a whole, so a burst of them costs one walk. */
const listingsSeconds = 900

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
 * Takes each notification once and makes its work due: at once for orders, gathered for a while for listings. Work that
 * is switched off, signed out or backing off keeps its time.
 */
export async function takeNudges(db: SystemDb, marketplace: string, nudges: NudgeAbout[]): Promise<NudgedWork[]> {
  return db.transaction().execute(async (tx) => {
    await sql`
      delete from nudge_inbox where received_at < app_now() - make_interval(days => ${rememberedDays})
    `.execute(tx)
    const kicked: NudgedWork[] = []
    for (const nudge of nudges.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
      const fresh = await sql`
        insert into nudge_inbox (marketplace, nudge_hash) values (${marketplace}, ${hash(marketplace, nudge.id)})
        on conflict do nothing
      `.execute(tx)
      if (fresh.numAffectedRows === 1n) kicked.push(...(await makeDue(tx, marketplace, nudge)))
    }
    return kicked
  })
}

async function makeDue(db: SystemDb, marketplace: string, nudge: NudgeAbout): Promise<NudgedWork[]> {
  const { rows } = await sql<NudgedWork>`
    with chosen as (
      select work.tenant_id, work.channel_id, work.operation
      from nudge_routes route
      join channel_work work on work.tenant_id = route.tenant_id and work.channel_id = route.channel_id
      where route.marketplace = ${marketplace}
        and (${nudge.sellerId}::text is null or route.seller_hash = ${nudge.sellerId === null ? '' : hash(marketplace, nudge.sellerId)})
        and (${nudge.siteId}::text is null or route.site_hash = ${nudge.siteId === null ? '' : hash(marketplace, nudge.siteId)})
        and work.operation = any(${nudge.operations}::text[]) and work.due_at is not null and work.attempts = 0
      order by work.tenant_id, work.channel_id, work.operation
      limit ${channelsMax}
      for update of work
    )
    update channel_work work set due_at = least(work.due_at,
      app_now() + make_interval(secs => case when work.operation = 'pull-listings' then ${listingsSeconds} else 0 end))
    from chosen
    where (work.tenant_id, work.channel_id, work.operation) = (chosen.tenant_id, chosen.channel_id, chosen.operation)
    returning work.tenant_id as "tenantId", work.channel_id as "channelId", work.operation
  `.execute(db)
  return rows
}

function hash(marketplace: string, text: string): string {
  return createHash('sha256').update(`${marketplace}\n${text}`).digest('base64url')
}
