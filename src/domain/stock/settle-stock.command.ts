// Brings the desired figures of listings up to date: what the marked variants' mapped listings should show, all in one
// statement a batch, written only where it changed. What is then due is kicked, channel by channel.
import { sql } from 'kysely'
import type { Database, Tx } from '../../platform/database.ts'
import { missingCosts } from '../orders/order.ts'
import { recomputePrices } from '../pricing/computed-prices.store.ts'
import { lockPrices, settlePriceTargets } from '../pricing/price-targets.store.ts'
import { readPricingTerms } from '../pricing/pricing-terms.store.ts'
import { settleStockTargets } from './stock-targets.store.ts'

const variantsMax = 1_000

/** 'more': there are marks left. */
export function settleMarks(db: Database, tenantId: string): Promise<'done' | 'more'> {
  return db.tenant(tenantId).transaction(async (tx) => {
    // One at a time for each tenant: a batch computed from older figures must not overwrite one from newer ones.
    await sql`select pg_advisory_xact_lock(hashtext('settle-stock'), hashtext(${tenantId}))`.execute(tx)
    const { variantIds, taken } = await takeMarks(tx)
    if (variantIds.length === 0) return 'done'
    await settleVariants(tx, variantIds)
    return taken === variantsMax ? 'more' : 'done'
  })
}

async function settleVariants(tx: Tx, variantIds: string[]): Promise<void> {
  const scope = { kind: 'variants' as const, ids: variantIds }
  await settleStockTargets(tx, scope)
  await lockPrices(tx)
  const terms = await readPricingTerms(tx)
  await recomputePrices(tx, variantIds, terms)
  await settlePriceTargets(tx, scope, { terms })
  await markProducts(tx, variantIds)
  await kickWaitingOrders(tx, variantIds)
  await tx.notify('catalog')
}

/** Marks are taken before the figures are read: a change that comes later brings its own mark. */
async function takeMarks(tx: Tx): Promise<{ variantIds: string[]; taken: number }> {
  const { rows } = await sql<{ variant_id: string }>`
    delete from stock_marks where tenant_id = ${tx.tenantId} and id in (
      select id from stock_marks where tenant_id = ${tx.tenantId} order by id limit ${variantsMax}
    ) returning variant_id
  `.execute(tx)
  return { variantIds: [...new Set(rows.map((row) => row.variant_id))].toSorted(), taken: rows.length }
}

/** Their stock and cost stand in the listings grid. */
async function markProducts(tx: Tx, variantIds: string[]): Promise<void> {
  await sql`
    insert into grid_marks (tenant_id, product_id)
    select distinct tenant_id, product_id from variants where tenant_id = ${tx.tenantId} and id = any(${variantIds}::uuid[])
  `.execute(tx)
}

/** Order lines that wait for one of these may have their stock now, or its cost. */
async function kickWaitingOrders(tx: Tx, variantIds: string[]): Promise<void> {
  const { rows } = await sql<{ waits: boolean }>`
    select exists (
      select from order_line_components
      where tenant_id = ${tx.tenantId} and state in ('held', 'reserved') and variant_id = any(${variantIds}::uuid[])
        and (state = 'held' or hold_reason = any(${missingCosts}::text[]))
    ) as waits
  `.execute(tx)
  if (rows[0]?.waits) await tx.enqueue('route-waiting', {}, { key: tx.tenantId })
}
