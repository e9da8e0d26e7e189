// What can be promised of a variant: the one place that says so in SQL.
import { sql, type RawBuilder } from 'kysely'

/** Of one supplier offer; null where its figure is not known, which is not 0. */
export const availableOfOffer: RawBuilder<number | null> = sql`
  case when offer.on_hand is not null then greatest(0, offer.on_hand - offer.reserved) end
`

/** Offers that count: they and their suppliers are in use. */
export const offersInUse: RawBuilder<unknown> = sql`
  supplier_offers offer
  join suppliers supplier on supplier.tenant_id = offer.tenant_id and supplier.id = offer.supplier_id and offer.active and supplier.active
`

/** Over the suppliers in use, for a variant by that name; null where no figure is known. */
export const availableOf = (variant: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  select sum(${availableOfOffer})::int as available from ${offersInUse}
  where offer.tenant_id = ${variant}.tenant_id and offer.variant_id = ${variant}.id
`
