// Once a night the orders of the last 30 days are walked again (O5): what the regular download never showed is taken, what
// is known stays as it is. It has a bookmark of its own, so that the regular one is not disturbed.
import { sql } from 'kysely'
import { RefusedError } from '../connectors/connector.ts'
import { ingestOrders } from '../domain/orders/ingest-orders.command.ts'
import type { Tx } from '../platform/database.ts'
import type { ChannelOperation, ChannelRun } from './channel-run.ts'

/** A page at a time, so that the regular download always has its turn within the marketplace's plan. */
const pauseSeconds = 30

export const reconcileOrders: ChannelOperation = {
  name: 'reconcile-orders',
  everySeconds: 86_400,
  possible: () => true,
  async run(run) {
    const { cursor, since } = await run.transaction((tx) => begin(tx, run.channel.id))
    const page = await pull(run, { cursor, since })
    const stored = await run.transaction(async (tx) => {
      const { items: orders, unreadable } = page
      const { secrets } = run.parts
      const stored = await ingestOrders(tx, { channelId: run.channel.id, orders, unreadable, cursor: null, secrets })
      if (stored.kind === 'stored') await moveOn(tx, run.channel.id, page.more ? page.cursor : null)
      return stored
    })
    if (stored.kind === 'switched-off') return 'done'
    tellFound(run, stored)
    return page.more ? { afterSeconds: Math.max(pauseSeconds, page.waitSeconds ?? 0) } : 'done'
  },
}

async function pull(run: ChannelRun, from: { cursor: string | null; since: Date }) {
  try {
    return await run.connector.orders.pull(run.call, from)
  } catch (error) {
    // A bookmark the marketplace does not take any more: the next night begins anew.
    if (from.cursor !== null && error instanceof RefusedError && error.refusal.kind === 'rejected')
      await run.transaction((tx) => moveOn(tx, run.channel.id, null))
    throw error
  }
}

/** Where it stands; a new walk begins 30 days ago, and never before the channel was connected (D1). */
async function begin(tx: Tx, channelId: string): Promise<{ cursor: string | null; since: Date }> {
  const { rows } = await sql<{ cursor: string | null; since: Date }>`
    update sales_channels set
      reconcile_since = coalesce(reconcile_since, greatest(connected_at, app_now() - interval '30 days'))
    where tenant_id = ${tx.tenantId} and id = ${channelId}
    returning reconcile_cursor as cursor, reconcile_since as since
  `.execute(tx)
  const [row] = rows
  if (!row) throw new Error(`The sales channel ${channelId} is gone.`)
  return row
}

/** Null: the walk has come to its end. */
async function moveOn(tx: Tx, channelId: string, cursor: string | null): Promise<void> {
  await sql`
    update sales_channels set reconcile_cursor = ${cursor},
      reconcile_since = case when ${cursor}::text is null then null else reconcile_since end,
      reconciled_at = case when ${cursor}::text is null then app_now() else reconciled_at end
    where tenant_id = ${tx.tenantId} and id = ${channelId}
  `.execute(tx)
}

function tellFound({ parts, tenantId, channel }: ChannelRun, found: { imported: number }): void {
  if (found.imported === 0) return
  parts.log.warn('Orders that the regular download had not shown were taken', {
    tenantId,
    channelId: channel.id,
    operation: 'reconcile-orders',
    count: found.imported,
  })
}
