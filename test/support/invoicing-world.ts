// Purchase orders without routing, for tests of what is invoiced for them.
import { sql } from 'kysely'
import type { GateAnswer } from '../../src/domain/invoicing/invoice.ts'
import { billOf } from '../../src/domain/purchasing/landed-cost.ts'
import { writePurchaseOrders, type DraftWithTexts } from '../../src/domain/purchasing/purchase-orders.store.ts'
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
export type Written = {
  id: string
  number: string
  lineIds: string[]
  gate: GateAnswer['gate']
  reason: GateAnswer['reason']
}

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
  /** Each of an order of its own, as an order is locked while purchase orders of it are written. */
  const draftsOf = async (tx: Tx, wishes: OrderWish[]): Promise<DraftWithTexts[]> => {
    const orderIds = wishes.map(() => tx.ids.uuid())
    await sql`
      insert into orders (tenant_id, id, channel_id, marketplace_order_id, status, channel_status, marketplace_status, currency,
        items_minor, shipping_minor, tax_minor, total_minor, placed_at, marketplace_updated_at, settings_version)
      select o.tenant_id, t.id, o.channel_id, t.id::text, o.status, o.channel_status, o.marketplace_status, o.currency,
        o.items_minor, o.shipping_minor, o.tax_minor, o.total_minor, o.placed_at, o.marketplace_updated_at, o.settings_version
      from orders o cross join unnest(${orderIds}::uuid[]) as t (id)
      where o.tenant_id = ${tenantId} and o.id = ${seeded.order}
    `.execute(tx)
    return wishes.map((wish, index) => draftOf(orderIds[index] ?? '', wish))
  }
  const draftOf = (orderId: string, wish: OrderWish): DraftWithTexts => ({
    orderId,
    supplierId: wish.supplierId,
    supplierName: 'A supplier',
    currency: wish.currency ?? 'GBP',
    carrier: null,
    shippingServiceId: null,
    rate: null,
    ...billOf(
      wish.lines.map(({ quantity, cost, vatRate }) => ({ quantity, costMinor: cost, vatRateBasisPoints: vatRate })),
      { carrier: '', active: true, costMinor: wish.shipping ?? 0, vatRateBasisPoints: wish.shippingVatRate ?? 0 },
    ),
    placements: wish.lines.map(({ quantity, cost, vatRate }) => ({
      need: {
        componentId: seeded.component,
        orderId,
        variantId: seeded.variant,
        quantity,
        goes: true,
        holdReason: null,
        reservedOfferId: null,
        localPickup: true,
        countryCode: null,
        shippingServiceId: null,
        declinedBy: [],
      },
      state: 'routed',
      holdReason: null,
      takes: true,
      givesUpOfferId: null,
      choice: null,
      offer: {
        id: seeded.offer,
        variantId: seeded.variant,
        supplierId: wish.supplierId,
        supplierName: 'A supplier',
        preference: 1,
        supplierActive: true,
        shipsTo: null,
        active: true,
        onHand: null,
        reserved: 0,
        costMinor: cost,
        vatRateBasisPoints: vatRate,
        currency: wish.currency ?? 'GBP',
      },
    })),
    titles: new Map([[seeded.component, 'Thing']]),
    supplierSkus: new Map([[seeded.offer, 'S']]),
  })
  return {
    tenantId,
    seeded,
    draftsOf,
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
      const written = await writePurchaseOrders(tx, await draftsOf(tx, wishes))
      const { rows } = await sql<{ id: string; purchaseOrderId: string }>`
        select id, purchase_order_id as "purchaseOrderId" from purchase_order_lines
        where tenant_id = ${tenantId} and purchase_order_id = any(${written.map((order) => order.id)}::uuid[]) order by id
      `.execute(tx)
      const lines = Map.groupBy(rows, (row) => row.purchaseOrderId)
      return written.map(({ id, number, goes }) => {
        const reason = goes === 'prepaid' || goes === 'credit-limit' ? goes : null
        const lineIds = (lines.get(id) ?? []).map((line) => line.id)
        return { id, number, lineIds, gate: reason === null ? 'open' : 'waiting', reason }
      })
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
