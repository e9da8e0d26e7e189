// The selling price of a variant, entered by hand. Listings with price update on follow (E4).
import { sql } from 'kysely'
import type { Database } from '../../platform/database.ts'
import { recordAudit } from '../channels/audit.store.ts'
import type { Money } from '../money.ts'
import { settlePriceTargets } from './price-targets.store.ts'

export type ChangePriceResult =
  | { kind: 'changed' }
  | { kind: 'refused'; reason: 'not-found' }
  | { kind: 'refused'; reason: 'invalid'; fields: { priceIncVat: string } }

export function changePrice(
  db: Database,
  tenantId: string,
  input: { variantId: string; priceIncVat: Money | null; actor: string },
): Promise<ChangePriceResult> {
  const { variantId, priceIncVat, actor } = input
  return db.tenant(tenantId).transaction(async (tx) => {
    if (priceIncVat && (!Number.isSafeInteger(priceIncVat.minor) || priceIncVat.minor <= 0)) {
      return { kind: 'refused', reason: 'invalid', fields: { priceIncVat: 'A price is above 0.' } }
    }
    const changed = await sql`
      update variants set price_minor = ${priceIncVat?.minor ?? null}, currency = coalesce(${priceIncVat?.currency ?? null}, currency),
        updated_at = app_now()
      where tenant_id = ${tenantId} and id = ${variantId}
    `.execute(tx)
    if (changed.numAffectedRows === 0n) return { kind: 'refused', reason: 'not-found' }
    // Who types a price has seen the step; a loss still waits.
    await settlePriceTargets(tx, { kind: 'variants', ids: [variantId] }, { approvedBy: actor })
    await recordAudit(tx, { actor, action: 'change-price', subject: variantId, data: { ...priceIncVat } })
    await tx.notify('catalog')
    return { kind: 'changed' }
  })
}
