// Stock or cost of one offer, entered by hand.
import { sql } from 'kysely'
import type { Database } from '../../platform/database.ts'
import { recordAudit } from '../channels/audit.store.ts'
import type { Money } from '../money.ts'
import { markVariants } from './marks.store.ts'
import { loadOfferRow, setOnHand } from './offers.store.ts'
import type { OfferRow } from './offers.store.ts'

export type ChangeOfferResult =
  | { kind: 'changed'; offer: OfferRow }
  | { kind: 'refused'; reason: 'not-found' }
  | { kind: 'refused'; reason: 'invalid'; fields: Record<string, string> }

export function changeOffer(
  db: Database,
  tenantId: string,
  input: { offerId: string; onHand?: number | null | undefined; costExVat?: Money | null | undefined; actor: string },
): Promise<ChangeOfferResult> {
  const { offerId, onHand, costExVat, actor } = input
  return db.tenant(tenantId).transaction(async (tx) => {
    const { rows } = await sql<{ currency: string; variantId: string }>`
      select currency, variant_id as "variantId" from supplier_offers
      where tenant_id = ${tenantId} and id = ${offerId} for no key update
    `.execute(tx)
    const offer = rows[0]
    if (!offer) return { kind: 'refused', reason: 'not-found' }
    const fields = faultsOf(offer.currency, { onHand, costExVat })
    if (Object.keys(fields).length > 0) return { kind: 'refused', reason: 'invalid', fields }
    if (onHand !== undefined) await setOnHand(tx, [{ offerId, onHand, reason: 'hand', reference: null, actor }])
    if (costExVat !== undefined) {
      await sql`
        update supplier_offers set cost_minor = ${costExVat?.minor ?? null}, updated_at = app_now()
        where tenant_id = ${tenantId} and id = ${offerId}
      `.execute(tx)
      // Lines that waited for a cost may go on.
      await markVariants(tx, [offer.variantId])
    }
    await recordAudit(tx, {
      actor,
      action: 'change-offer',
      subject: offerId,
      data: { onHand, costMinor: costExVat?.minor },
    })
    await tx.notify('catalog')
    const changed = await loadOfferRow(tx, offerId)
    return changed ? { kind: 'changed', offer: changed } : { kind: 'refused', reason: 'not-found' }
  })
}

function faultsOf(
  currency: string,
  { onHand, costExVat }: { onHand?: number | null | undefined; costExVat?: Money | null | undefined },
): Record<string, string> {
  const fields: Record<string, string> = {}
  if (typeof onHand === 'number' && (!Number.isInteger(onHand) || onHand < 0))
    fields['onHand'] = 'Stock is a whole number from 0.'
  if (costExVat && costExVat.minor < 0) fields['costExVat'] = 'A cost is not below 0.'
  if (costExVat && costExVat.currency !== currency) fields['costExVat'] = `This supplier's costs are in ${currency}.`
  return fields
}
