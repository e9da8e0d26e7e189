// Tells the marketplace what its mapped listings should show: what falls to 0 first, then the last units, then the rest,
// and only the newest figure of each (E3).
import { sql } from 'kysely'
import type { StockReport } from '../connectors/connector.ts'
import type { ClaimedTarget } from '../domain/listings/claim-targets.store.ts'
import type { ChannelOperation } from './channel-run.ts'
import { pushTargets, refOf } from './push-targets.ts'

export const pushStock: ChannelOperation = {
  name: 'push-stock',
  everySeconds: 60,
  possible: (connector) => connector.stock !== undefined,
  async run(run) {
    const { stock } = run.connector
    if (!stock || !run.channel.stockUpdate) return 'done'
    const { bulk } = stock
    const ended = await pushTargets(run, {
      kind: 'stock',
      batchMax: stock.batchMax,
      send: (targets) => stock.push(run.call, targets.map(reportOf)),
      bulk: bulk && {
        ...bulk,
        submit: (targets) => bulk.submit(run.call, targets.map(reportOf)),
        check: (ticket, targets) => bulk.check(run.call, ticket, targets.map(reportOf)),
        cancel: async (ticket) => bulk.cancel?.(run.call, ticket),
      },
      valueOf: (listing) => listing.quantity,
    })
    await run.transaction((tx) =>
      sql`update sales_channels set stock_synced_at = app_now() where tenant_id = ${tx.tenantId} and id = ${run.channel.id}`.execute(
        tx,
      ),
    )
    return ended
  },
}

function reportOf(target: ClaimedTarget): StockReport {
  return { ...refOf(target), quantity: target.sent, state: target.listingState }
}
