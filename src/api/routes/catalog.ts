import { addSupplier as add } from '../../domain/catalog/add-supplier.command.ts'
import { listProducts, loadProduct } from '../../domain/catalog/catalog-views.store.ts'
import { changeSupplier as changeOf } from '../../domain/catalog/change-supplier.command.ts'
import {
  listOffers,
  listSuppliers,
  loadSupplier,
  type SupplierListRow,
} from '../../domain/catalog/supplier-views.store.ts'
import { listVariants, loadVariantRow } from '../../domain/listings/variant-views.store.ts'
import { changePrice } from '../../domain/pricing/change-price.command.ts'
import { changeOffer as change } from '../../domain/stock/change-offer.command.ts'
import type { OfferRow } from '../../domain/stock/offers.store.ts'
import type { Handler, Handlers } from '../handler.ts'
import { badFields, notFound, refusedFor } from '../refusals.ts'
import { isoOrNull } from './channel-answers.ts'
import type { RouteParts } from './route-parts.ts'

/** Products, their variants, and what suppliers offer of them (G1, G2). */
export function catalogRoutes({ parts }: RouteParts) {
  const { db } = parts
  const variants: Handler<'variants'> = ({ session, query }) =>
    db.read(session.tenantId, (tx) => listVariants(tx, query))

  const changeVariant: Handler<'changeVariant'> = async ({ session, params, body }) => {
    const { priceIncVat } = body
    const wanted = { variantId: params.id, actor: session.name }
    if (priceIncVat !== undefined) refusedFor(await changePrice(db, session.tenantId, { ...wanted, priceIncVat }))
    const row = await db.read(session.tenantId, (tx) => loadVariantRow(tx, params.id))
    if (!row) throw notFound()
    return row
  }

  const products: Handler<'products'> = ({ session, query }) =>
    db.read(session.tenantId, (tx) => listProducts(tx, query))

  const product: Handler<'product'> = ({ session, params }) =>
    db.read(session.tenantId, async (tx) => {
      const found = await loadProduct(tx, params.id)
      if (!found) throw notFound()
      const told = found.variants.map((variant) => ({ ...variant, offers: variant.offers.map(offerAnswer) }))
      return { ...found, variants: told }
    })

  const suppliers: Handler<'suppliers'> = ({ session }) =>
    db.read(session.tenantId, async (tx) => (await listSuppliers(tx)).map(supplierAnswer))

  const oneSupplier = (tenantId: string, supplierId: string) =>
    db.read(tenantId, async (tx) => {
      const found = await loadSupplier(tx, supplierId)
      if (!found) throw notFound()
      return supplierAnswer(found)
    })
  const supplier: Handler<'supplier'> = ({ session, params }) => oneSupplier(session.tenantId, params.id)

  const addSupplier: Handler<'addSupplier'> = async ({ session, body }) => {
    const added = await add(db, session.tenantId, { ...body, actor: session.name })
    if (added.kind === 'refused') throw badFields(added.fields)
    return oneSupplier(session.tenantId, added.id)
  }
  const changeSupplier: Handler<'changeSupplier'> = async ({ session, params, body }) => {
    refusedFor(await changeOf(db, session.tenantId, { ...body, supplierId: params.id, actor: session.name }))
    return oneSupplier(session.tenantId, params.id)
  }

  const offers: Handler<'offers'> = ({ session, params, query }) =>
    db.read(session.tenantId, async (tx) => {
      if (!(await loadSupplier(tx, params.id))) throw notFound()
      const list = await listOffers(tx, { ...query, supplierId: params.id })
      return { ...list, rows: list.rows.map(offerAnswer) }
    })

  const changeOffer: Handler<'changeOffer'> = async ({ session, params, body }) => {
    const changed = await change(db, session.tenantId, { ...body, offerId: params.id, actor: session.name })
    refusedFor(changed)
    if (changed.kind !== 'changed') throw notFound()
    return offerAnswer(changed.offer)
  }

  return {
    variants,
    changeVariant,
    products,
    product,
    suppliers,
    supplier,
    addSupplier,
    changeSupplier,
    offers,
    changeOffer,
  } satisfies Partial<Handlers>
}

function offerAnswer(offer: OfferRow) {
  return { ...offer, onHandAt: isoOrNull(offer.onHandAt) }
}

function supplierAnswer(supplier: SupplierListRow) {
  return { ...supplier, lastFileAt: isoOrNull(supplier.lastFileAt) }
}
