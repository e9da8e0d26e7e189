// What screens and documents show of invoices.
import type { Money } from '../money.ts'
import type { Account, InvoiceState, Terms } from './invoice.ts'

export type InvoiceFilter = {
  supplierId?: string | undefined
  /** `open` is unpaid and part-paid. */
  state?: InvoiceState | 'open' | 'overdue' | 'credit-note' | undefined
  search?: string | undefined
  /** Days of issue, in the business's time zone. */
  from?: string | undefined
  to?: string | undefined
}

export type InvoiceRow = {
  id: string
  number: string | null
  kind: 'invoice' | 'credit-note'
  state: InvoiceState
  supplierId: string
  supplierName: string
  creditsInvoiceId: string | null
  total: Money
  paid: Money
  credited: Money
  /** Still to be paid. */
  open: Money
  /** Paid and not owed any more. */
  toGetBack: Money
  isOverdue: boolean
  forDay: string | null
  issuedOn: string | null
  dueOn: string | null
}

export type OwedRow = {
  currency: string
  /** On issued invoices. */
  owed: Money
  overdue: Money
  /** On drafts, not due yet. */
  drafts: Money
  toGetBack: Money
  invoices: number
}

export type InvoiceView = InvoiceRow & {
  goods: Money
  shipping: Money
  vat: Money
  creditsNumber: string | null
  lines: {
    id: string
    purchaseOrderNumber: string
    text: string
    isShipping: boolean
    quantity: number
    unit: Money
    net: Money
    vatRateBasisPoints: number
    vat: Money
  }[]
  purchaseOrders: { id: string; number: string; orderId: string; marketplaceOrderId: string; state: string }[]
  payments: {
    id: string
    amount: Money
    paidOn: string
    method: string
    reference: string
    enteredBy: string
  }[]
  creditNotes: { id: string; number: string; total: Money; issuedOn: string }[]
  ledger: { id: string; at: Date; account: Account; debit: Money; credit: Money; text: string }[]
}

export type SupplierTerms = {
  terms: Terms
  creditLimit: Money | null
  /** What is still left of the limit for new purchase orders. */
  creditLeft: Money | null
  waiting: number
}

export type InvoiceParties = {
  businessName: string
  supplierName: string
  postalAddress: string
  vatNumber: string | null
}
