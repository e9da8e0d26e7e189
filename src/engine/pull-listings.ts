// Downloads the listings of a sales channel, page by page to the end of the walk. Each page is stored with the cursor
// behind it, so that a crash goes on from there, and with the progress a person watches (B3).
import { sql } from 'kysely'
import { RefusedError } from '../connectors/connector.ts'
import type { ChannelListing, Page } from '../connectors/connector.ts'
import { advanceRun, failRuns, finishRun, startRun } from '../domain/channels/runs.store.ts'
import type { Run } from '../domain/channels/runs.store.ts'
import { markMissing, storeListings, touchListings } from '../domain/listings/store-listings.command.ts'
import { closeProblem, openProblem } from '../domain/problems/problems.store.ts'
import type { Tx } from '../platform/database.ts'
import type { ChannelOperation, ChannelRun } from './channel-run.ts'
import { ChannelOff } from './pace.ts'

/** A worker's turn: then others have theirs, and the next kick goes on. */
const pagesPerKickMax = 15
const reasonCharactersMax = 300

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
        const { runId, cursor } = await run.transaction((tx) => beginPage(tx, run))
        const page = await listings.pull(run.call, { cursor, since: run.channel.connectedAt })
        for await (const part of page.parts ?? []) await run.transaction((tx) => storePart(tx, run, { runId, part }))
        await run.transaction((tx) => storePage(tx, run, { runId, page }))
        if (!page.more) return 'done'
        if (page.waitSeconds !== undefined) return { afterSeconds: page.waitSeconds }
      }
      return 'again'
    } catch (error) {
      if (error instanceof GivenUp) return await goOnAfterSwitch(run)
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

/** The channel was switched off while a page was on its way: what it belongs to has ended, and nothing of it is stored. */
class GivenUp extends Error {}

async function goOnAfterSwitch({ channel, transaction }: ChannelRun): Promise<'again'> {
  const { rows } = await transaction((tx) =>
    sql<{ isOn: boolean }>`
      select enabled and removed_at is null as "isOn" from sales_channels
      where tenant_id = ${tx.tenantId} and id = ${channel.id}
    `.execute(tx),
  )
  if (rows[0]?.isOn) return 'again'
  throw new ChannelOff()
}

async function beginPage(tx: Tx, run: ChannelRun): Promise<{ runId: string; cursor: string | null }> {
  const { id: runId } = await startRun(tx, { kind: 'pull-listings', channelId: run.channel.id })
  const { rows } = await sql<{ listing_cursor: string | null }>`
    select listing_cursor from sales_channels where tenant_id = ${tx.tenantId} and id = ${run.channel.id}
  `.execute(tx)
  return { runId, cursor: rows[0]?.listing_cursor ?? null }
}

/** Stores the listings and the progress, and says whether one without a name was among them. */
async function storePart(
  tx: Tx,
  { channel }: ChannelRun,
  { runId, part }: { runId: string; part: Pick<Page<ChannelListing>, 'items' | 'unreadable' | 'total'> },
): Promise<{ run: Run; isWhole: boolean }> {
  const watched = await startRun(tx, { kind: 'pull-listings', channelId: channel.id })
  if (watched.id !== runId) throw new GivenUp()
  const { added, changed } = await storeListings(tx, channel.id, part.items)
  const named = part.unreadable.flatMap(({ reference }) => (reference === null ? [] : [reference]))
  await touchListings(tx, channel.id, named)
  // An entry without a name may have been any listing, so nothing may be called missing after it.
  const nameless = part.unreadable.length - named.length
  const counts = { added, changed, unreadable: part.unreadable.length, nameless }
  await tellUnreadable(tx, channel.id, part.unreadable)
  await advanceRun(tx, watched, { done: part.items.length + named.length, total: part.total ?? null, counts })
  return { run: watched, isWhole: (watched.counts['nameless'] ?? 0) + nameless === 0 }
}

/** One for the channel, with the first reason: a file in disorder would fill the list. */
async function tellUnreadable(
  tx: Tx,
  channelId: string,
  unreadable: Page<ChannelListing>['unreadable'],
): Promise<void> {
  const [first] = unreadable
  if (!first) return
  const data = { reference: first.reference, reason: first.reason.slice(0, reasonCharactersMax) }
  await openProblem(tx, { key: unreadableKey(channelId), kind: 'listings-unreadable', channelId, data })
}

function unreadableKey(channelId: string): string {
  return `listings-unreadable/${channelId}`
}

async function storePage(
  tx: Tx,
  run: ChannelRun,
  { runId, page }: { runId: string; page: Page<ChannelListing> },
): Promise<void> {
  const { channel } = run
  const { run: watched, isWhole } = await storePart(tx, run, { runId, part: page })
  await sql`update sales_channels set listing_cursor = ${page.cursor} where tenant_id = ${tx.tenantId} and id = ${channel.id}`.execute(
    tx,
  )
  if (page.more) return
  if (isWhole) await markMissing(tx, channel.id, watched.startedAt)
  if ((watched.counts['unreadable'] ?? 0) + page.unreadable.length === 0)
    await closeProblem(tx, unreadableKey(channel.id))
  await finishRun(tx, watched.id)
  await sql`update sales_channels set listings_synced_at = app_now() where tenant_id = ${tx.tenantId} and id = ${channel.id}`.execute(
    tx,
  )
  await tx.notify('listings', { id: channel.id })
  await tx.notify('channels', { id: channel.id })
}
