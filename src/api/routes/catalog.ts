import { listVariants, loadVariantRow } from '../../domain/listings/variant-views.store.ts'
import { changePrice } from '../../domain/pricing/change-price.command.ts'
import { changeOffer as change } from '../../domain/stock/change-offer.command.ts'
import type { Handler, Handlers } from '../handler.ts'
import { notFound, refusedFor } from '../refusals.ts'
import { isoOrNull } from './channel-answers.ts'
import type { Hub } from './index.ts'

/** Products, their variants, and what suppliers offer of them (G1, G2). */
export function catalogRoutes({ parts }: Hub) {
  const { db } = parts
  const variants: Handler<'variants'> = ({ session, query }) =>
    db.read(session.tenantId, (tx) => listVariants(tx, query))

  const changeVariant: Handler<'changeVariant'> = async ({ session, params, body }) => {
    if (body.priceIncVat !== undefined)
      refusedFor(
        await changePrice(db, session.tenantId, {
          variantId: params.id,
          priceIncVat: body.priceIncVat,
          actor: session.name,
        }),
      )
    const row = await db.read(session.tenantId, (tx) => loadVariantRow(tx, params.id))
    if (!row) throw notFound()
    return row
  }

  const changeOffer: Handler<'changeOffer'> = async ({ session, params, body }) => {
    const changed = await change(db, session.tenantId, { ...body, offerId: params.id, actor: session.name })
    refusedFor(changed)
    if (changed.kind !== 'changed') throw notFound()
    return { ...changed.offer, onHandAt: isoOrNull(changed.offer.onHandAt) }
  }

  return { variants, changeVariant, changeOffer } satisfies Partial<Handlers>
}
