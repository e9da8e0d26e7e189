import { invoicePdf } from '../../domain/documents/invoice-document.ts'
import { loadInvoice, readParties } from '../../domain/invoicing/invoice-views.store.ts'
import { listDeskInvoices, readDeskInvoice } from '../../domain/invoicing/desk-invoices.store.ts'
import { changeOffer } from '../../domain/stock/change-offer.command.ts'
import { listDeskOffers, readDeskOffer } from '../../domain/stock/desk-offers.store.ts'
import { supplierOf } from '../guards.ts'
import type { Handler, Handlers } from '../handler.ts'
import { notFound, refusedFor } from '../refusals.ts'
import type { Session } from '../sign-in/session.ts'
import { invoiceAnswer, invoiceRowAnswer, offerAnswer } from './desk-answers.ts'
import type { RouteParts } from './route-parts.ts'

/** A supplier's offers and invoices at his desk (G3). */
export function deskBookRoutes({ parts }: RouteParts) {
  const { db, clock } = parts
  const deskOffers: Handler<'deskOffers'> = ({ session, query }) =>
    db.read(session.tenantId, async (tx) => {
      const list = await listDeskOffers(tx, supplierOf(session), query)
      return { ...list, rows: list.rows.map(offerAnswer) }
    })

  const oneOffer = (session: Session, offerId: string) =>
    db.read(session.tenantId, async (tx) => {
      const found = await readDeskOffer(tx, supplierOf(session), offerId)
      if (!found) throw notFound()
      return offerAnswer(found)
    })

  const changeDeskOffer: Handler<'changeDeskOffer'> = async ({ session, params, body }) => {
    // An offer never changes its supplier, so what was his a moment ago is his.
    await oneOffer(session, params.id)
    refusedFor(
      await changeOffer(db, session.tenantId, { offerId: params.id, onHand: body.onHand, actor: session.name }),
    )
    return oneOffer(session, params.id)
  }

  const deskInvoices: Handler<'deskInvoices'> = ({ session, query }) =>
    db.read(session.tenantId, async (tx) => {
      const list = await listDeskInvoices(tx, supplierOf(session), query)
      return { ...list, rows: list.rows.map(invoiceRowAnswer) }
    })

  const deskInvoice: Handler<'deskInvoice'> = ({ session, params }) =>
    db.read(session.tenantId, async (tx) => {
      const found = await readDeskInvoice(tx, supplierOf(session), params.id)
      if (!found) throw notFound()
      return invoiceAnswer(found)
    })

  const deskInvoicePdf: Handler<'deskInvoicePdf'> = async ({ session, params }) => {
    const supplierId = supplierOf(session)
    const { view, parties } = await db.read(session.tenantId, async (tx) => {
      const isHis = (await readDeskInvoice(tx, supplierId, params.id)) !== undefined
      const found = isHis ? await loadInvoice(tx, params.id) : undefined
      if (!found) throw notFound()
      return { view: found, parties: await readParties(tx, supplierId) }
    })
    const content = await invoicePdf({ ...view, parties, createdAt: clock.now() })
    return { fileName: `${view.number}.pdf`, type: 'application/pdf', content }
  }

  return { deskOffers, changeDeskOffer, deskInvoices, deskInvoice, deskInvoicePdf } satisfies Partial<Handlers>
}
