// The ledger: every invoice, credit note and payment as debit and credit, appended in the transaction that makes it (P4).
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { Account, Totals } from './invoice.ts'

export type Booking = {
  /** The invoice, credit note or payment. */
  transactionId: string
  supplierId: string
  currency: string
  /** Positive is debit, negative is credit; together they are nothing. */
  amounts: [Account, number][]
}

export type Booked = Totals & { id: string; supplierId: string; currency: string }

export function invoiceBooking(invoice: Booked): Booking {
  return bookingOf(invoice.id, invoice, [
    ['purchases', invoice.goodsMinor],
    ['shipping', invoice.shippingMinor],
    ['input-vat', invoice.vatMinor],
    ['payables', -invoice.totalMinor],
  ])
}

/** An invoice the other way round. */
export function creditNoteBooking(note: Booked): Booking {
  const booking = invoiceBooking(note)
  return { ...booking, amounts: booking.amounts.map(([account, amount]) => [account, -amount]) }
}

export function paymentBooking(payment: {
  id: string
  supplierId: string
  currency: string
  amountMinor: number
}): Booking {
  return bookingOf(payment.id, payment, [
    ['payables', payment.amountMinor],
    ['bank', -payment.amountMinor],
  ])
}

function bookingOf(
  transactionId: string,
  { supplierId, currency }: { supplierId: string; currency: string },
  amounts: Booking['amounts'],
): Booking {
  return { transactionId, supplierId, currency, amounts }
}

export async function book(tx: Tx, bookings: Booking[]): Promise<void> {
  const rows = bookings.flatMap(({ amounts, ...booking }) => {
    if (amounts.reduce((sum, [, amount]) => sum + amount, 0) !== 0)
      throw new Error('Debit and credit of a ledger transaction differ (P4).')
    return amounts.filter(([, amount]) => amount !== 0).map(([account, amount]) => ({ ...booking, account, amount }))
  })
  if (rows.length === 0) return
  await sql`
    insert into ledger_entries (tenant_id, id, transaction_id, supplier_id, account, currency, debit_minor, credit_minor)
    select ${tx.tenantId}, t.id, t.transaction_id, t.supplier_id, t.account, t.currency, greatest(t.amount, 0), greatest(-t.amount, 0)
    from unnest(${rows.map(() => tx.ids.uuid())}::uuid[], ${rows.map((row) => row.transactionId)}::uuid[],
      ${rows.map((row) => row.supplierId)}::uuid[], ${rows.map((row) => row.account)}::text[],
      ${rows.map((row) => row.currency)}::text[], ${rows.map((row) => row.amount)}::bigint[])
      as t (id, transaction_id, supplier_id, account, currency, amount)
  `.execute(tx)
}
