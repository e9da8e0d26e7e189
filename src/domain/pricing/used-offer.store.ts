// Which offer of a variant is used, and so whose cost counts and is shown (F2, F7): of those that nothing hinders one with
// stock, then by the seller's order of preference, then the cheapest. See unit-cost.ts.
import { sql, type RawBuilder } from 'kysely'

type OfferParts = {
  /** 0: nothing hinders it. */
  hindrance: RawBuilder<unknown>
  /** Never null: where stock is not known, there is none. */
  hasStock: RawBuilder<unknown>
  preference: RawBuilder<unknown>
  /** What one unit costs, as far as it is compared here. */
  cost: RawBuilder<unknown>
  supplierId: RawBuilder<unknown>
  offerId: RawBuilder<unknown>
}

/** An order in which the one that is used comes first. */
export function usedFirst({
  hindrance,
  hasStock,
  preference,
  cost,
  supplierId,
  offerId,
}: OfferParts): RawBuilder<unknown> {
  return sql`${hindrance}, ${hasStock} desc, ${preference}, ${cost}, ${supplierId}, ${offerId}`
}

/** Of `offersInUse`: without shipping, VAT and conversion, which only prices know. */
export const usedOfferFirst = usedFirst({
  hindrance: sql`offer.cost_minor is null`,
  hasStock: sql`coalesce(offer.on_hand - offer.reserved >= 1, false)`,
  preference: sql`supplier.preference`,
  cost: sql`offer.cost_minor`,
  supplierId: sql`offer.supplier_id`,
  offerId: sql`offer.id`,
})
