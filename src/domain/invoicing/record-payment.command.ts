// Payments are recorded, not made: what a person paid to a supplier, on which day and how. Purchase orders that waited for
// it go on in the same transaction.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { lockOrders } from '../orders/orders.store.ts'
import { openMinor, stateOf, type InvoiceState } from './invoice.ts'
import { lockInvoices, lockSuppliers } from './invoices.store.ts'
import { book, paymentBooking } from './ledger.store.ts'
import { openLocked, ordersMax } from './open-gates.command.ts'

export type NewPayment = {
  /** Made by who asks, so that asking again pays once. */
  id: string
  /** Negative: a payment taken back, or money that the supplier gave back. */
  amountMinor: number
  currency: string
  paidOn: string
  method: string
  reference: string
  /** More than is owed was paid, and it is meant. */
  mayOverpay: boolean
  actor: string
}

export type PaymentResult =
  | { kind: 'paid'; supplierId: string; again: boolean }
  | {
      kind: 'refused'
      reason:
        | 'not-found'
        | 'draft'
        | 'wrong-currency'
        | 'more-than-owed'
        | 'more-than-paid'
        | 'id-taken'
        | 'nothing-owed'
    }

/** On one invoice. */
export async function payInvoice(tx: Tx, invoiceId: string, payment: NewPayment): Promise<PaymentResult> {
  const { rows } = await sql<{ supplierId: string }>`
    select supplier_id as "supplierId" from invoices
    where tenant_id = ${tx.tenantId} and id = ${invoiceId} and kind = 'invoice'
  `.execute(tx)
  const supplierId = rows[0]?.supplierId
  if (supplierId === undefined) return { kind: 'refused', reason: 'not-found' }
  return pay(tx, supplierId, [invoiceId], payment)
}

/** On all invoices that a supplier issued in that currency, the one that is due first before the others. */
export async function paySupplier(tx: Tx, supplierId: string, payment: NewPayment): Promise<PaymentResult> {
  const { rows } = await sql<{ exists: boolean }>`
    select exists (select from suppliers where tenant_id = ${tx.tenantId} and id = ${supplierId}) as exists
  `.execute(tx)
  if (!rows[0]?.exists) return { kind: 'refused', reason: 'not-found' }
  return pay(tx, supplierId, null, payment)
}

type Payable = {
  id: string
  state: InvoiceState
  currency: string
  totalMinor: number
  paidMinor: number
  creditedMinor: number
}

type Share = { id: string; invoice: Payable; amountMinor: number }

async function pay(
  tx: Tx,
  supplierId: string,
  invoiceIds: string[] | null,
  payment: NewPayment,
): Promise<PaymentResult> {
  const orderIds = await lockWaitingOrders(tx, supplierId, invoiceIds ?? [])
  await lockSuppliers(tx, [supplierId])
  const earlier = await readPayment(tx, payment.id)
  if (earlier) {
    const isSame = earlier.supplierId === supplierId && (!invoiceIds || invoiceIds.includes(earlier.invoiceId))
    return isSame ? { kind: 'paid', supplierId, again: true } : { kind: 'refused', reason: 'id-taken' }
  }
  const invoices = await readPayable(tx, supplierId, invoiceIds, payment.currency)
  const shares = invoiceIds ? onOne(invoices[0], payment) : overSeveral(tx, invoices, payment)
  if ('reason' in shares) return shares
  await save(tx, supplierId, shares.shares, payment)
  if ((await openLocked(tx, [supplierId], new Set(orderIds))) === 'more')
    await tx.enqueue('settle-invoices', {}, { key: tx.tenantId })
  await tx.notify('invoices')
  return { kind: 'paid', supplierId, again: false }
}

/** Orders come before suppliers: those that this payment may let go are locked before anything is known of it. */
async function lockWaitingOrders(tx: Tx, supplierId: string, invoiceIds: string[]): Promise<string[]> {
  const { rows } = await sql<{ orderId: string }>`
    select distinct order_id as "orderId" from (
      (select order_id from purchase_orders
        where tenant_id = ${tx.tenantId} and invoice_id = any(${invoiceIds}::uuid[]) and state = 'queued-for-payment' limit ${ordersMax})
      union all
      (select order_id from purchase_orders
        where tenant_id = ${tx.tenantId} and supplier_id = ${supplierId} and state = 'queued-for-payment' order by id limit ${ordersMax})
    ) waiting
  `.execute(tx)
  const orderIds = rows.map((row) => row.orderId)
  await lockOrders(tx, orderIds)
  return orderIds
}

async function readPayment(tx: Tx, id: string) {
  const { rows } = await sql<{ supplierId: string; invoiceId: string }>`
    select supplier_id as "supplierId", invoice_id as "invoiceId" from payments where tenant_id = ${tx.tenantId} and id = ${id}
  `.execute(tx)
  return rows[0]
}

/** Locked, and read after the lock. */
async function readPayable(tx: Tx, supplierId: string, invoiceIds: string[] | null, currency: string) {
  const wanted = invoiceIds
    ? sql`id = any(${invoiceIds}::uuid[])`
    : sql`kind = 'invoice' and currency = ${currency} and state in ('unpaid', 'part-paid')`
  const { rows: found } = await sql<{ id: string }>`
    select id from invoices where tenant_id = ${tx.tenantId} and supplier_id = ${supplierId} and ${wanted}
  `.execute(tx)
  const ids = found.map((row) => row.id)
  await lockInvoices(tx, ids)
  const { rows } = await sql<Payable>`
    select id, state, currency, total_minor as "totalMinor", paid_minor as "paidMinor", credited_minor as "creditedMinor"
    from invoices where tenant_id = ${tx.tenantId} and id = any(${ids}::uuid[]) order by due_on, number
  `.execute(tx)
  return rows
}

type Shares = { kind: 'shared'; shares: Share[] } | Extract<PaymentResult, { kind: 'refused' }>

function onOne(invoice: Payable | undefined, payment: NewPayment): Shares {
  const { amountMinor } = payment
  if (!invoice) return { kind: 'refused', reason: 'not-found' }
  if (invoice.state === 'draft') return { kind: 'refused', reason: 'draft' }
  if (invoice.currency !== payment.currency) return { kind: 'refused', reason: 'wrong-currency' }
  if (amountMinor > openMinor(invoice) && !payment.mayOverpay) return { kind: 'refused', reason: 'more-than-owed' }
  if (invoice.paidMinor + amountMinor < 0) return { kind: 'refused', reason: 'more-than-paid' }
  return { kind: 'shared', shares: [{ id: payment.id, invoice, amountMinor }] }
}

function overSeveral(tx: Tx, invoices: Payable[], payment: NewPayment): Shares {
  // What is taken back, is taken back where it was paid.
  if (payment.amountMinor < 0) return { kind: 'refused', reason: 'more-than-paid' }
  const [first] = invoices
  if (!first) return { kind: 'refused', reason: 'nothing-owed' }
  let left = payment.amountMinor
  const shares: Share[] = []
  for (const invoice of invoices) {
    const amountMinor = Math.min(left, openMinor(invoice))
    if (amountMinor <= 0) continue
    left -= amountMinor
    shares.push({ id: shares.length === 0 ? payment.id : tx.ids.uuid(), invoice, amountMinor })
  }
  if (left > 0 && !payment.mayOverpay) return { kind: 'refused', reason: 'more-than-owed' }
  const last = shares.at(-1)
  if (last) last.amountMinor += left
  return { kind: 'shared', shares }
}

async function save(tx: Tx, supplierId: string, shares: Share[], payment: NewPayment): Promise<void> {
  const { currency } = payment
  const amounts = shares.map((share) => share.amountMinor)
  const invoiceIds = shares.map((share) => share.invoice.id)
  await sql`
    insert into payments (tenant_id, id, supplier_id, invoice_id, amount_minor, currency, paid_on, method, reference, entered_by)
    select ${tx.tenantId}, t.id, ${supplierId}, t.invoice_id, t.amount, ${currency}, ${payment.paidOn}::date, ${payment.method},
      ${payment.reference}, ${payment.actor}
    from unnest(${shares.map((share) => share.id)}::uuid[], ${invoiceIds}::uuid[], ${amounts}::bigint[]) as t (id, invoice_id, amount)
  `.execute(tx)
  const states = shares.map(({ invoice, amountMinor }) =>
    stateOf({ ...invoice, paidMinor: invoice.paidMinor + amountMinor }),
  )
  await sql`
    update invoices i set paid_minor = i.paid_minor + t.amount, state = t.state
    from unnest(${invoiceIds}::uuid[], ${amounts}::bigint[], ${states}::text[]) as t (id, amount, state)
    where i.tenant_id = ${tx.tenantId} and i.id = t.id
  `.execute(tx)
  await book(
    tx,
    shares.map(({ id, amountMinor }) => paymentBooking({ id, supplierId, currency, amountMinor })),
  )
}
