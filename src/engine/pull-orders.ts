// Downloads a channel's orders page by page. Each page is stored with its bookmark in one transaction, so that whatever
// ends the walk, the next one goes on where this one stood (O5).
import { ingestOrders } from '../domain/orders/ingest-orders.command.ts'
import type { ChannelOperation, ChannelRun } from './channel-run.ts'

/** Pages in one go; then others have their turn. */
const pagesMax = 20

export const pullOrders: ChannelOperation = {
  name: 'pull-orders',
  everySeconds: 60,
  possible: () => true,
  async run(run) {
    let cursor = await readCursor(run)
    for (let pages = 0; pages < pagesMax; pages++) {
      const page = await run.connector.orders.pull(run.call, { cursor, since: run.channel.connectedAt })
      const { items: orders, unreadable } = page
      const before = cursor
      const stored = await run.transaction((tx) =>
        ingestOrders(tx, {
          channelId: run.channel.id,
          orders,
          unreadable,
          cursor: { before, after: page.cursor },
          secrets: run.parts.secrets,
        }),
      )
      if (stored.kind === 'switched-off' || !page.more) return 'done'
      cursor = page.cursor
    }
    return 'again'
  },
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
