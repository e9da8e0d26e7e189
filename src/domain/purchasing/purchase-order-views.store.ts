import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { Money } from '../money.ts'
import type { PurchaseOrderState } from './purchase-order.ts'

export type PurchaseOrderView = {
  id: string
  number: string
  orderId: string
  marketplaceOrderId: string
  supplierId: string
  supplierName: string
  state: PurchaseOrderState
  /** Of the goods that are wanted still, or of all where it is cancelled as a whole. The VAT goes with it. */
  cost: Money
  shipping: Money
  vat: Money
  carrier: string | null
  /** One unit of its currency in the order's. Null: the same currency, or no rate was known. */
  rate: { rate: string; onDate: string; source: string } | null
  cancelledBy: string | null
  cancelReason: string | null
  createdAt: string
  sentAt: string | null
  orderWay: 'screen' | 'email' | 'sftp' | 'webhook'
  lines: {
    id: string
    componentId: string
    sku: string
    supplierSku: string
    title: string
    /** What of it is wanted still. */
    quantity: number
    /** What was wanted once and is not any more. */
    cancelled: number
    /** Of one unit. */
    cost: Money
    dispatched: number
  }[]
}

type Row = Omit<PurchaseOrderView, 'createdAt' | 'sentAt'> & { createdAt: Date; sentAt: Date | null }

const countMax = 10_000
const idShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Newest first: ids are made in the order of time, and finely enough to page by. */
export async function listPurchaseOrders(
  tx: Tx,
  filter: { supplierId?: string | undefined; orderId?: string | undefined },
  page: { cursor?: string | undefined; limit: number },
): Promise<{ rows: PurchaseOrderView[]; next: string | null; count: { value: number; more: boolean } }> {
  const conditions = [sql`p.tenant_id = ${tx.tenantId}`]
  if (filter.supplierId !== undefined) conditions.push(sql`p.supplier_id = ${filter.supplierId}::uuid`)
  if (filter.orderId !== undefined) conditions.push(sql`p.order_id = ${filter.orderId}::uuid`)
  const where = sql.join(conditions, sql` and `)
  const after = page.cursor !== undefined && idShape.test(page.cursor) ? sql`and p.id < ${page.cursor}::uuid` : sql``
  const { rows } = await sql<Row>`
    with page as (
      select p.* from purchase_orders p where ${where} ${after} order by p.id desc limit ${page.limit + 1}
    )
    select p.id, p.number, p.order_id as "orderId", o.marketplace_order_id as "marketplaceOrderId", p.supplier_id as "supplierId",
      s.name as "supplierName", p.state, jsonb_build_object('minor', coalesce(wanted.cost, p.cost_minor), 'currency', p.currency) as cost,
      jsonb_build_object('minor', p.shipping_minor, 'currency', p.currency) as shipping,
      jsonb_build_object('minor', coalesce(wanted.vat, p.vat_minor), 'currency', p.currency) as vat, p.carrier,
      case when p.rate is not null then
        jsonb_build_object('rate', trim_scale(p.rate)::text, 'onDate', p.rate_date, 'source', p.rate_source)
      end as rate,
      p.cancelled_by as "cancelledBy", p.cancel_reason as "cancelReason",
      p.created_at as "createdAt", p.sent_at as "sentAt", p.order_way as "orderWay",
      (
        select coalesce(jsonb_agg(jsonb_build_object(
          'id', l.id, 'componentId', l.component_id, 'sku', v.sku, 'supplierSku', l.supplier_sku, 'title', l.title, 'quantity', l.quantity - l.cancelled_quantity,
          'cancelled', l.cancelled_quantity,
          'cost', jsonb_build_object('minor', l.cost_minor, 'currency', p.currency),
          'dispatched', (
            select coalesce(sum(x.quantity), 0) from shipment_lines x where x.tenant_id = l.tenant_id and x.component_id = l.component_id
          )
        ) order by v.sku, l.id), '[]')
        from purchase_order_lines l join variants v on v.tenant_id = l.tenant_id and v.id = l.variant_id
        where l.tenant_id = p.tenant_id and l.purchase_order_id = p.id
      ) as lines
    from page p
    join orders o on o.tenant_id = p.tenant_id and o.id = p.order_id
    join suppliers s on s.tenant_id = p.tenant_id and s.id = p.supplier_id
    -- Where some of it was cancelled. VAT is of each line by itself, half a minor unit rounded up (vatOf).
    left join lateral (
      select sum(n.net)::bigint as cost,
        sum((n.net * n.rate + 5000) / 10000)::bigint + (p.shipping_minor * p.shipping_vat_basis_points + 5000) / 10000 as vat
      from (
        select (l.quantity - l.cancelled_quantity) * l.cost_minor as net, l.vat_rate_basis_points as rate, l.cancelled_quantity
        from purchase_order_lines l where l.tenant_id = p.tenant_id and l.purchase_order_id = p.id
      ) n
      having sum(n.cancelled_quantity) > 0
    ) wanted on p.state <> 'cancelled'
    order by p.id desc
  `.execute(tx)
  const counted = await sql<{ count: number }>`
    select count(*)::int from (select from purchase_orders p where ${where} limit ${countMax + 1}) as found
  `.execute(tx)
  const found = counted.rows[0]?.count ?? 0
  const shown = rows.slice(0, page.limit)
  const last = shown.at(-1)
  return {
    rows: shown.map((row) => ({
      ...row,
      createdAt: row.createdAt.toISOString(),
      sentAt: row.sentAt?.toISOString() ?? null,
    })),
    next: rows.length > page.limit && last ? last.id : null,
    count: { value: Math.min(found, countMax), more: found > countMax },
  }
}
