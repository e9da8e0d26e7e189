// Downloads a channel's orders page by page. Each page is stored with its bookmark in one transaction, so that whatever
// ends the walk, the next one goes on where this one stood (O5).
import { ingestOrders } from '../domain/orders/ingest-orders.command.ts'
import { readWantedOrders } from '../domain/orders/skipped-orders.store.ts'
import { readUnreadableOrders } from '../domain/orders/unreadable-orders.store.ts'
import type { Tx } from '../platform/database.ts'
import type { ChannelOperation, ChannelRun } from './channel-run.ts'
import { pullWantedOrders } from './pull-wanted-orders.ts'

/** Pages in one go; then others have their turn. */
const pagesMax = 20

export const pullOrders: ChannelOperation = {
  name: 'pull-orders',
  // From beginning to beginning. One request each where nothing is new: some per cent of every marketplace's pace but one.
  everySeconds: 15,
  everySecondsAt: ({ orders }) => orders.pullEverySeconds,
  possible: () => true,
  async run(run) {
    let cursor = await readCursor(run)
    for (let pages = 0; pages < pagesMax; pages++) {
      const page = await run.connector.orders.pull(run.call, { cursor, since: run.channel.connectedAt })
      const { items: orders, unreadable } = page
      const before = cursor
      const { stored, wanted } = await run.transaction(async (tx) => ({
        stored: await ingestOrders(tx, {
          channelId: run.channel.id,
          orders,
          unreadable,
          cursor: { before, after: page.cursor },
          secrets: run.parts.secrets,
        }),
        wanted: page.more ? [] : await readOrdersToAskFor(tx, run.channel.id),
      }))
      if (stored.kind === 'switched-off') return 'done'
      if (!page.more) {
        await pullWantedOrders(run, wanted)
        return 'done'
      }
      cursor = page.cursor
    }
    return 'again'
  },
}

async function readOrdersToAskFor(tx: Tx, channelId: string): Promise<string[]> {
  const wanted = await readWantedOrders(tx, channelId)
  return [...new Set([...wanted, ...(await readUnreadableOrders(tx, channelId))])]
}

async function readCursor(run: ChannelRun): Promise<string | null> {
  return run.transaction(async (tx) => {
    const row = await tx
      .selectFrom('sales_channels')
      .select('order_cursor')
      .where('tenant_id', '=', tx.tenantId)
      .where('id', '=', run.channel.id)
      .executeTakeFirst()
    return row?.order_cursor ?? null
  })
}
