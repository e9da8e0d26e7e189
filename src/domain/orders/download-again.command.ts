import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'

/**
 * D3: lets an order that was not imported, or was removed, come in again. The channel is read from its beginning, for no
 * marketplace lists an order twice without a change; what is here already bears the repeat.
 */
export async function downloadAgain(
  tx: Tx,
  skipped: { channelId: string; marketplaceOrderId: string },
): Promise<boolean> {
  const { channelId, marketplaceOrderId } = skipped
  const { numAffectedRows } = await sql`
    delete from skipped_orders
    where tenant_id = ${tx.tenantId} and channel_id = ${channelId} and marketplace_order_id = ${marketplaceOrderId}
  `.execute(tx)
  if (numAffectedRows === 0n) return false
  await tx
    .updateTable('sales_channels')
    .set({ order_cursor: null })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', channelId)
    .execute()
  await tx.enqueue('channel', { channelId, operation: 'pull-orders' }, { key: `${channelId}/pull-orders` })
  return true
}

export type SkippedOrder = { channelId: string; marketplaceOrderId: string; reason: string; at: Date }

const skippedMax = 500

/** The log of what was not imported or was removed, newest first. No buyer data. */
export async function listSkippedOrders(tx: Tx, channelId: string): Promise<SkippedOrder[]> {
  const { rows } = await sql<SkippedOrder>`
    select channel_id as "channelId", marketplace_order_id as "marketplaceOrderId", reason, at
    from skipped_orders where tenant_id = ${tx.tenantId} and channel_id = ${channelId}
    order by at desc, marketplace_order_id limit ${skippedMax}
  `.execute(tx)
  return rows
}
