// Purchase orders without routing, for tests of what is invoiced for them.
import { sql } from 'kysely'
import { raiseInvoices, type Gate } from '../../src/domain/invoicing/raise-invoices.command.ts'
import { sendPurchaseOrders } from '../../src/domain/purchasing/send-purchase-orders.store.ts'
import type { Database, Tx } from '../../src/platform/database.ts'
import { createSecrets } from '../../src/platform/secrets.ts'
import { systemIds } from '../../src/platform/ids.ts'
import type { TestDatabase } from './database.ts'
import { seedTenant } from './seed-tenant.ts'

export type LineWish = { quantity: number; cost: number; vatRate: number }
export type OrderWish = {
  supplierId: string
  lines: LineWish[]
  shipping?: number
  shippingVatRate?: number
  currency?: string
}
export type Terms = {
  terms?: 'prepaid' | 'on-account'
  creditLimit?: number | null
  invoicePer?: 'purchase-order' | 'day'
  paymentDays?: number
}
export type Written = { id: string; number: string; lineIds: string[]; gate: Gate['gate']; reason: Gate['reason'] }

export async function createInvoicingWorld(test: TestDatabase) {
  const tenantId = await test.addTenant()
  test.db.attachQueue({ send: async () => {} })
  const seeded = await seedTenant(test, createSecrets([Buffer.alloc(32, 7)]), tenantId, systemIds.uuid().slice(-8))
  // What was seeded has no invoice; here only what is invoiced counts.
  await test.asOwner('alter table ledger_entries disable trigger append_only')
  for (const table of [
    'ledger_entries',
    'payments',
    'invoice_lines',
    'purchase_order_lines',
    'purchase_orders',
    'invoices',
  ])
    await test.asOwner(`delete from ${table} where tenant_id = $1`, [tenantId])
  await test.asOwner('alter table ledger_entries enable trigger append_only')
  let count = 0
  const insert = async (tx: Tx, wishes: OrderWish[]) => {
    const written: { id: string; number: string; lineIds: string[] }[] = []
    for (const wish of wishes) {
      const id = tx.ids.uuid()
      count += 1
      const number = `PO-${String(count).padStart(6, '0')}`
      const goods = wish.lines.reduce((sum, line) => sum + line.quantity * line.cost, 0)
      await sql`
        insert into purchase_orders (tenant_id, id, number, order_id, supplier_id, split_number, state, currency, cost_minor,
          shipping_minor, shipping_vat_basis_points)
        values (${tenantId}, ${id}, ${number}, ${seeded.order}, ${wish.supplierId}, ${count}, 'to-send', ${wish.currency ?? 'GBP'},
          ${goods}, ${wish.shipping ?? 0}, ${wish.shippingVatRate ?? 0})
      `.execute(tx)
      const lineIds: string[] = []
      for (const line of wish.lines) {
        const lineId = tx.ids.uuid()
        lineIds.push(lineId)
        await sql`
          insert into purchase_order_lines (tenant_id, id, purchase_order_id, component_id, offer_id, variant_id, supplier_sku,
            title, quantity, cost_minor, vat_rate_basis_points)
          values (${tenantId}, ${lineId}, ${id}, ${seeded.component}, ${seeded.offer}, ${seeded.variant}, 'S', 'Thing',
            ${line.quantity}, ${line.cost}, ${line.vatRate})
        `.execute(tx)
      }
      written.push({ id, number, lineIds })
    }
    return written
  }
  return {
    tenantId,
    seeded,
    insert,
    transaction: <Result>(work: (tx: Tx) => Promise<Result>, db: Database = test.db) =>
      db.tenant(tenantId).transaction(work),
    async addSupplier(terms: Terms = {}): Promise<string> {
      const id = systemIds.uuid()
      await test.db.tenant(tenantId).transaction((tx) =>
        sql`
          insert into suppliers (tenant_id, id, name, currency, terms, payment_days, credit_limit_minor, invoice_per)
          values (${tenantId}, ${id}, ${`Supplier ${id}`}, 'GBP', ${terms.terms ?? 'on-account'}, ${terms.paymentDays ?? 30},
            ${terms.creditLimit ?? null}, ${terms.invoicePer ?? 'purchase-order'})
        `.execute(tx),
      )
      return id
    },
    /** A page of purchase orders, invoiced and sent as far as they may go. */
    async raise(tx: Tx, wishes: OrderWish[]): Promise<Written[]> {
      const written = await insert(tx, wishes)
      const gates = await raiseInvoices(
        tx,
        written.map((order) => order.id),
      )
      await sendPurchaseOrders(
        tx,
        gates.filter(({ gate }) => gate === 'open').map(({ purchaseOrderId }) => purchaseOrderId),
      )
      return written.map((order, index) => ({
        ...order,
        gate: gates[index]?.gate ?? 'open',
        reason: gates[index]?.reason ?? null,
      }))
    },
    /** Units are cancelled as cancelling does it. Answers what it could cut. */
    async cut(tx: Tx, purchaseOrderId: string, wanted: Map<string, number> | 'all') {
      const { rows } = await sql<{ id: string; left: number }>`
        select id, quantity - cancelled_quantity as left from purchase_order_lines
        where tenant_id = ${tenantId} and purchase_order_id = ${purchaseOrderId} order by id for update
      `.execute(tx)
      const lines = rows
        .map((row) => ({
          purchaseOrderLineId: row.id,
          quantity: wanted === 'all' ? row.left : Math.min(row.left, wanted.get(row.id) ?? 0),
        }))
        .filter((line) => line.quantity > 0)
      for (const line of lines) {
        await sql`
          update purchase_order_lines set cancelled_quantity = cancelled_quantity + ${line.quantity}
          where tenant_id = ${tenantId} and id = ${line.purchaseOrderLineId}
        `.execute(tx)
      }
      const cutUnits = lines.reduce((sum, line) => sum + line.quantity, 0)
      const isWhole = cutUnits > 0 && cutUnits === rows.reduce((sum, row) => sum + row.left, 0)
      if (isWhole)
        await sql`update purchase_orders set state = 'cancelled' where tenant_id = ${tenantId} and id = ${purchaseOrderId}`.execute(
          tx,
        )
      return { purchaseOrderId, lines, isWhole }
    },
  }
}

export type InvoicingWorld = Awaited<ReturnType<typeof createInvoicingWorld>>
