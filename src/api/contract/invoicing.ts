// Invoices, what is owed to suppliers, and payments.
import { z } from 'zod'
import { byId, cursorQuery, id, money, page, time, type Route } from './shapes.ts'

const day = z.iso.date()
export const invoiceState = z.enum(['draft', 'unpaid', 'part-paid', 'paid', 'credited'])

export const invoiceRow = z.object({
  id,
  /** Given when it is issued; a draft has none. */
  number: z.string().nullable(),
  kind: z.enum(['invoice', 'credit-note']),
  state: invoiceState,
  supplierId: id,
  supplierName: z.string(),
  creditsInvoiceId: id.nullable(),
  total: money,
  paid: money,
  credited: money,
  /** Still to be paid. */
  open: money,
  /** Paid and, after credit notes, not owed. */
  toGetBack: money,
  isOverdue: z.boolean(),
  /** The day a draft collects. */
  forDay: day.nullable(),
  issuedOn: day.nullable(),
  dueOn: day.nullable(),
})

export const invoice = invoiceRow.extend({
  goods: money,
  shipping: money,
  vat: money,
  creditsNumber: z.string().nullable(),
  lines: z.array(
    z.object({
      id,
      purchaseOrderNumber: z.string(),
      text: z.string(),
      isShipping: z.boolean(),
      quantity: z.int(),
      unit: money,
      net: money,
      vatRateBasisPoints: z.int(),
      vat: money,
    }),
  ),
  purchaseOrders: z.array(
    z.object({ id, number: z.string(), orderId: id, marketplaceOrderId: z.string(), state: z.string() }),
  ),
  payments: z.array(
    z.object({
      id,
      amount: money,
      paidOn: day,
      method: z.string(),
      reference: z.string(),
      enteredBy: z.string(),
    }),
  ),
  creditNotes: z.array(z.object({ id, number: z.string(), total: money, issuedOn: day })),
  /** Debit and credit of itself, its credit notes and its payments. */
  ledger: z.array(
    z.object({
      id,
      at: time,
      account: z.enum(['purchases', 'shipping', 'input-vat', 'payables', 'bank']),
      debit: money,
      credit: money,
      text: z.string(),
    }),
  ),
})

export const owed = z.object({
  currency: z.string(),
  owed: money,
  overdue: money,
  drafts: money,
  toGetBack: money,
  invoices: z.int(),
})

export const supplierBalance = z.object({
  terms: z.enum(['prepaid', 'on-account']),
  creditLimit: money.nullable(),
  creditLeft: money.nullable(),
  /** Purchase orders that wait for payment. */
  waiting: z.int(),
  owed: z.array(owed),
})

const invoiceFilter = z.object({
  supplierId: id.optional(),
  state: z.enum([...invoiceState.options, 'open', 'overdue', 'credit-note']).optional(),
  /** A number: of the invoice, or of a purchase order on it. */
  search: z.string().max(200).optional(),
  from: day.optional(),
  to: day.optional(),
})

export const newPayment = z.object({
  /** Made by who asks: asked again with the same, it is paid once. The header Idempotency-Key does the same. */
  id: id.optional(),
  /** Negative: a payment taken back. */
  amount: money.refine((amount) => amount.minor !== 0, 'Enter an amount other than 0.'),
  paidOn: day,
  method: z.string().trim().max(60).default(''),
  reference: z.string().trim().max(120).default(''),
  /** More than is owed was paid, and it is meant. */
  mayOverpay: z.boolean().default(false),
})

export const invoicingRoutes = {
  invoices: {
    method: 'GET',
    path: '/api/invoices',
    summary: 'Invoices and credit notes, newest first',
    query: invoiceFilter.extend(cursorQuery),
    response: page(invoiceRow),
  },
  invoicesOwed: {
    method: 'GET',
    path: '/api/invoices-owed',
    summary: 'What is owed to suppliers, by currency',
    query: z.object({ supplierId: id.optional() }),
    response: z.array(owed),
  },
  invoicesCsv: {
    method: 'GET',
    path: '/api/invoices.csv',
    summary: 'The filtered invoices as CSV',
    query: invoiceFilter,
    kind: 'csv',
    response: z.string(),
  },
  invoicesXlsx: {
    method: 'GET',
    path: '/api/invoices.xlsx',
    summary: 'The filtered invoices as a workbook',
    query: invoiceFilter,
    kind: 'file',
    response: z.string(),
  },
  invoice: {
    method: 'GET',
    path: '/api/invoices/:id',
    summary: 'One invoice or credit note',
    params: byId,
    response: invoice,
  },
  invoicePdf: {
    method: 'GET',
    path: '/api/invoices/:id/invoice.pdf',
    summary: 'An invoice as PDF',
    params: byId,
    kind: 'file',
    response: z.string(),
  },
  invoiceCsv: {
    method: 'GET',
    path: '/api/invoices/:id/invoice.csv',
    summary: 'The lines of an invoice as CSV',
    params: byId,
    kind: 'file',
    response: z.string(),
  },
  invoiceXlsx: {
    method: 'GET',
    path: '/api/invoices/:id/invoice.xlsx',
    summary: 'The lines of an invoice as a workbook',
    params: byId,
    kind: 'file',
    response: z.string(),
  },
  payInvoice: {
    method: 'POST',
    path: '/api/invoices/:id/payments',
    summary: 'Record a payment on an invoice',
    params: byId,
    body: newPayment,
    response: invoice,
  },
  supplierBalance: {
    method: 'GET',
    path: '/api/suppliers/:id/balance',
    summary: 'A supplier’s terms, and what he is owed',
    params: byId,
    response: supplierBalance,
  },
  paySupplier: {
    method: 'POST',
    path: '/api/suppliers/:id/payments',
    summary: 'Record a payment to a supplier, on what is due first',
    params: byId,
    body: newPayment,
    response: supplierBalance,
  },
} satisfies Record<string, Route>
