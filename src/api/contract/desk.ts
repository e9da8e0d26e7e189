// A supplier's desk: what he sees of what is ordered from him, and nothing else. Open to a supplier's person and to his
// programs with a key (`Authorization: Bearer fl_…`), and to nobody else.
import { z } from 'zod'
import { declineReasons, deskStates } from '../../domain/purchasing/desk-orders.ts'
import { byId, cursorQuery, id, maybeTime, money, page, time, type Route } from './shapes.ts'

const deskState = z.enum(deskStates)

export const deskOrderRow = z.strictObject({
  id,
  number: z.string(),
  revision: z.int(),
  state: deskState,
  orderedAt: time,
  shipBy: maybeTime,
  acceptedAt: maybeTime,
  /** His own. */
  reference: z.string().nullable(),
  countryCode: z.string().nullable(),
  shippingService: z.string().nullable(),
  units: z.int(),
  dispatched: z.int(),
  cancelled: z.int(),
  contents: z.array(z.strictObject({ supplierSku: z.string(), quantity: z.int() })),
  /** Without VAT and shipping. */
  goods: money,
})

const shipTo = z.strictObject({
  name: z.string(),
  street: z.string(),
  extended: z.string(),
  city: z.string(),
  region: z.string(),
  postalCode: z.string(),
  countryCode: z.string(),
  phone: z.string(),
})

export const deskOrder = deskOrderRow.extend({
  /** Null: picked up, cancelled, or deleted after the time buyer data is kept. */
  shipTo: shipTo.nullable(),
  carrier: z.string().nullable(),
  pickup: z.boolean(),
  cancelledAt: maybeTime,
  cancelledBy: z.enum(['you', 'seller']).nullable(),
  cancelReason: z.string().nullable(),
  lines: z.array(
    z.strictObject({
      id,
      supplierSku: z.string(),
      title: z.string(),
      quantity: z.int(),
      /** Of one unit, without VAT. */
      cost: money,
      dispatched: z.int(),
      cancelled: z.int(),
    }),
  ),
  shipping: money,
  vat: money,
  total: money,
  parcels: z.array(
    z.strictObject({
      id,
      carrier: z.string(),
      trackingNumber: z.string(),
      shippedAt: time,
      lines: z.array(z.strictObject({ lineId: id, quantity: z.int() })),
    }),
  ),
})

export const deskOffer = z.strictObject({
  id,
  supplierSku: z.string(),
  title: z.string(),
  cost: money.nullable(),
  /** Null: unknown. */
  onHand: z.int().nullable(),
  reserved: z.int(),
  available: z.int().nullable(),
  onHandAt: maybeTime,
})

export const deskInvoiceRow = z.strictObject({
  id,
  number: z.string(),
  kind: z.enum(['invoice', 'credit-note']),
  state: z.enum(['unpaid', 'part-paid', 'paid', 'credited']),
  issuedAt: maybeTime,
  dueOn: z.iso.date().nullable(),
  total: money,
  paid: money,
  credited: money,
})

export const deskInvoice = deskInvoiceRow.extend({
  goods: money,
  shipping: money,
  vat: money,
  /** Of a credit note: the invoice it credits. */
  credits: z.strictObject({ id, number: z.string() }).nullable(),
  lines: z.array(
    z.strictObject({
      purchaseOrderId: id,
      purchaseOrderNumber: z.string(),
      text: z.string(),
      quantity: z.int(),
      unit: money,
      net: money,
      vatRateBasisPoints: z.int(),
      vat: money,
    }),
  ),
  payments: z.array(z.strictObject({ paidOn: z.iso.date(), amount: money, method: z.string(), reference: z.string() })),
})

const acceptancesMax = 200
const reference = z.string().trim().max(80)

export const deskRoutes = {
  deskOrders: {
    method: 'GET',
    path: '/api/desk/purchase-orders',
    summary: 'What is ordered from you, newest first',
    query: z.object({ state: deskState.optional(), search: z.string().max(200).optional(), ...cursorQuery }),
    response: page(deskOrderRow),
  },
  deskOrdersCsv: {
    method: 'GET',
    path: '/api/desk/purchase-orders.csv',
    summary: 'What you still have to send, a row a line, to fill in tracking',
    query: z.object({ state: deskState.optional() }),
    kind: 'csv',
    response: z.string(),
  },
  deskOrder: {
    method: 'GET',
    path: '/api/desk/purchase-orders/:id',
    summary: 'One purchase order',
    params: byId,
    response: deskOrder,
  },
  acceptDeskOrders: {
    method: 'POST',
    path: '/api/desk/purchase-orders/accept',
    summary: 'Accept several purchase orders',
    body: z.object({ ids: z.array(id).min(1).max(acceptancesMax) }),
    response: z.array(
      z.strictObject({
        purchaseOrderId: id,
        result: z.enum(['accepted', 'accepted-before', 'not-found', 'cancelled']),
      }),
    ),
  },
  acceptDeskOrder: {
    method: 'POST',
    path: '/api/desk/purchase-orders/:id/accept',
    summary: 'Accept a purchase order, with your own reference',
    params: byId,
    body: z.object({ reference: reference.optional() }),
    response: deskOrder,
  },
  declineDeskOrder: {
    method: 'POST',
    path: '/api/desk/purchase-orders/:id/cancel',
    summary: 'Cancel what has not left of a purchase order',
    params: byId,
    body: z.object({ reason: z.enum(declineReasons), note: z.string().trim().max(300).default('') }),
    response: deskOrder,
  },
  addDeskParcel: {
    method: 'POST',
    path: '/api/desk/purchase-orders/:id/parcels',
    summary: 'A parcel left: dispatch',
    params: byId,
    body: z.object({
      carrier: z.string().trim().min(1).max(60),
      trackingNumber: z.string().trim().max(100),
      shippedAt: time.optional(),
      /** Left out: all that is still open. */
      lines: z
        .array(z.object({ lineId: id, quantity: z.int().min(1) }))
        .min(1)
        .optional(),
    }),
    response: deskOrder,
  },
  uploadDeskTracking: {
    method: 'POST',
    path: '/api/desk/tracking',
    summary: 'Dispatch in bulk by a CSV file (field file)',
    kind: 'multipart',
    response: z.strictObject({
      rows: z.int(),
      applied: z.int(),
      /** Entered before. */
      unchanged: z.int(),
      /** Without a tracking number: not sent yet. */
      blank: z.int(),
      refused: z.array(z.strictObject({ line: z.int(), reason: z.string() })),
    }),
  },
  deskOffers: {
    method: 'GET',
    path: '/api/desk/offers',
    summary: 'What you offer, by your SKU',
    query: z.object({ search: z.string().max(200).optional(), ...cursorQuery }),
    response: page(deskOffer),
  },
  changeDeskOffer: {
    method: 'PATCH',
    path: '/api/desk/offers/:id',
    summary: 'Enter what you have on hand',
    params: byId,
    body: z.object({ onHand: z.int().min(0).max(1_000_000_000).nullable() }),
    response: deskOffer,
  },
  deskInvoices: {
    method: 'GET',
    path: '/api/desk/invoices',
    summary: 'Your invoices and credit notes, newest first',
    query: z.object({ ...cursorQuery }),
    response: page(deskInvoiceRow),
  },
  deskInvoice: {
    method: 'GET',
    path: '/api/desk/invoices/:id',
    summary: 'One invoice',
    params: byId,
    response: deskInvoice,
  },
  deskInvoicePdf: {
    method: 'GET',
    path: '/api/desk/invoices/:id/invoice.pdf',
    summary: 'An invoice as PDF',
    params: byId,
    kind: 'file',
    response: z.string(),
  },
} satisfies Record<string, Route>
