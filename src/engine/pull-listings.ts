// Downloads the listings of a sales channel, page by page to the end of the walk. Each page is stored with the cursor
// behind it, so that a crash goes on from there, and with the progress a person watches (B3).
import { sql } from 'kysely'
import { RefusedError } from '../connectors/connector.ts'
import type { ChannelListing, Page } from '../connectors/connector.ts'
import { advanceRun, failRuns, finishRun, startRun } from '../domain/channels/runs.store.ts'
import type { Run } from '../domain/channels/runs.store.ts'
import { markMissing, storeListings, touchListings } from '../domain/listings/store-listings.command.ts'
import type { Tx } from '../platform/database.ts'
import type { ChannelOperation, ChannelRun } from './channel-run.ts'

/** A worker's turn: then others have theirs, and the next kick goes on. */
const pagesPerKickMax = 15

export const pullListings: ChannelOperation = {
  name: 'pull-listings',
  everySeconds: 6 * 3600,
  possible: (connector) => connector.listings !== undefined,
  async run(run) {
    const { listings } = run.connector
    if (!listings) return 'done'
    try {
      await readWarehouses(run)
      for (let pages = 0; pages < pagesPerKickMax; pages++) {
        const cursor = await run.transaction((tx) => beginPage(tx, run))
        const page = await listings.pull(run.call, { cursor, since: run.channel.connectedAt })
        for await (const part of page.parts ?? []) await run.transaction((tx) => storePart(tx, run, part))
        await run.transaction((tx) => storePage(tx, run, page))
        if (!page.more) return 'done'
        if (page.waitSeconds !== undefined) return { afterSeconds: page.waitSeconds }
      }
      return 'again'
    } catch (error) {
      if (error instanceof RefusedError && !(error.refusal.kind === 'wait')) {
        const message = error.refusal.reason ?? 'The marketplace refused'
        await run.transaction((tx) => failRuns(tx, [run.channel.id], message))
      }
      throw error
    }
  },
}

/** Warehouses come and go over there; a figure that leaves one out would be refused. */
async function readWarehouses({ connector, call, channel, transaction }: ChannelRun): Promise<void> {
  if (channel.warehouses.length === 0) return
  const site = (await connector.findSites(call)).find(({ id }) => id === channel.siteId)
  if (!site?.warehouses) return
  const warehouses = JSON.stringify(site.warehouses)
  await transaction((tx) =>
    sql`
      update sales_channels set warehouses = ${warehouses}::jsonb
      where tenant_id = ${tx.tenantId} and id = ${channel.id} and warehouses is distinct from ${warehouses}::jsonb
    `.execute(tx),
  )
}

async function beginPage(tx: Tx, run: ChannelRun): Promise<string | null> {
  await startRun(tx, { kind: 'pull-listings', channelId: run.channel.id })
  const { rows } = await sql<{ listing_cursor: string | null }>`
    select listing_cursor from sales_channels where tenant_id = ${tx.tenantId} and id = ${run.channel.id}
  `.execute(tx)
  return rows[0]?.listing_cursor ?? null
}

/** Stores the listings and the progress, and says whether one without a name was among them. */
async function storePart(
  tx: Tx,
  { channel }: ChannelRun,
  part: Pick<Page<ChannelListing>, 'items' | 'unreadable' | 'total'>,
): Promise<{ run: Run; isWhole: boolean }> {
  const watched = await startRun(tx, { kind: 'pull-listings', channelId: channel.id })
  const { added, changed } = await storeListings(tx, channel.id, part.items)
  const named = part.unreadable.flatMap(({ reference }) => (reference === null ? [] : [reference]))
  await touchListings(tx, channel.id, named)
  // An entry without a name may have been any listing, so nothing may be called missing after it.
  const nameless = part.unreadable.length - named.length
  const counts = { added, changed, unreadable: part.unreadable.length, nameless }
  await advanceRun(tx, watched, { done: part.items.length + named.length, total: part.total ?? null, counts })
  return { run: watched, isWhole: (watched.counts['nameless'] ?? 0) + nameless === 0 }
}

async function storePage(tx: Tx, run: ChannelRun, page: Page<ChannelListing>): Promise<void> {
  const { channel } = run
  const { run: watched, isWhole } = await storePart(tx, run, page)
  await sql`update sales_channels set listing_cursor = ${page.cursor} where tenant_id = ${tx.tenantId} and id = ${channel.id}`.execute(
    tx,
  )
  if (page.more) return
  if (isWhole) await markMissing(tx, channel.id, watched.startedAt)
  await finishRun(tx, watched.id)
  await sql`update sales_channels set listings_synced_at = app_now() where tenant_id = ${tx.tenantId} and id = ${channel.id}`.execute(
    tx,
  )
  await tx.notify('listings', { id: channel.id })
  await tx.notify('channels', { id: channel.id })
}
