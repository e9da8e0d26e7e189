import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { settlePriceTargets } from '../pricing/price-targets.store.ts'
import { markChannel } from '../stock/marks.store.ts'
import { settleStockTargets } from '../stock/stock-targets.store.ts'

/** More than this takes seconds, for which neither a person nor the tenant's other work should wait. */
export const settledAtOnceMax = 5_000

/** All figures of a sales channel, after its settings changed: at once, or batch by batch where it has very many. */
export async function settleChannel(tx: Tx, channelId: string, atOnceMax = settledAtOnceMax): Promise<void> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (
      select from sku_mappings where tenant_id = ${tx.tenantId} and channel_id = ${channelId} limit ${atOnceMax + 1}
    ) counted
  `.execute(tx)
  if ((rows[0]?.count ?? 0) > atOnceMax) return markChannel(tx, channelId)
  await settleStockTargets(tx, { kind: 'channel', id: channelId })
  await settlePriceTargets(tx, { kind: 'channel', id: channelId })
}
