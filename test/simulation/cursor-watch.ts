// What no row tells afterwards: whether a bookmark stood behind orders that nobody had stored (O5). Their marketplace
// would not show them again; that windows overlap and nights are long only hides it.
import { sql } from 'kysely'
import type { ChannelRun } from '../../src/engine/channel-run.ts'
import type { Simulation, Work } from './simulation.ts'

export function withCursorWatch(work: Work, asked: () => Simulation): Work {
  /** The orders of the pages that a bookmark stands behind. */
  const before = new Map<string, Set<string>>()
  return {
    ...work,
    operations: work.operations.map((operation) =>
      operation.name === 'pull-orders'
        ? { ...operation, run: (run) => operation.run(watch(asked(), before, run)) }
        : operation,
    ),
  }
}

function watch(simulation: Simulation, before: Map<string, Set<string>>, run: ChannelRun): ChannelRun {
  const { id: channelId, connectedAt } = run.channel
  const pull: ChannelRun['connector']['orders']['pull'] = async (call, from) => {
    const seen = before.get(`${channelId}/${from.cursor}`)
    if (seen) await findUnstored(simulation, channelId, [...seen])
    const page = await run.connector.orders.pull(call, from)
    const key = `${channelId}/${page.cursor}`
    const ids = page.items.filter(({ placedAt }) => placedAt >= connectedAt).map((order) => order.marketplaceOrderId)
    if (ids.length > 0) before.set(key, new Set([...(before.get(key) ?? []), ...ids]))
    return page
  }
  return { ...run, connector: { ...run.connector, orders: { ...run.connector.orders, pull } } }
}

async function findUnstored({ db, tenantId, report }: Simulation, channelId: string, ids: string[]): Promise<void> {
  const { rows } = await db.read(tenantId, (tx) =>
    sql<{ id: string }>`
      select id from unnest(${ids}::text[]) as t (id)
      where not exists (select from orders where channel_id = ${channelId} and marketplace_order_id = t.id)
        and not exists (select from skipped_orders where channel_id = ${channelId} and marketplace_order_id = t.id)
      order by id
    `.execute(tx),
  )
  for (const { id } of rows) report('O5', `The bookmark stands behind order ${id}, which is not stored`)
}
