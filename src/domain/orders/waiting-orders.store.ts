// The rows behind Apply to waiting orders: lines that get their components, orders that get their service, and what came of it.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { ChosenService } from './choose-services.store.ts'
import type { LineMapping } from './mapping-snapshot.store.ts'
import type { OrderStatus } from './order.ts'

export type MappedLine = LineMapping & {
  orderId: string
  lineId: string
  channelSku: string | null
  title: string
  quantity: number
}

/** Only orders that are not over come here, so what they ask for is held until it is routed. */
export async function saveLines(tx: Tx, lines: MappedLine[]): Promise<void> {
  const mapped = lines.flatMap(({ components, ...line }) => (components === null ? [] : [{ ...line, components }]))
  if (mapped.length === 0) return
  await sql`
    update order_lines l set mapped = true, listing_id = coalesce(t.listing_id, l.listing_id)
    from unnest(${mapped.map((line) => line.lineId)}::uuid[], ${mapped.map((line) => line.listingId)}::uuid[]) as t (id, listing_id)
    where l.tenant_id = ${tx.tenantId} and l.id = t.id
  `.execute(tx)
  await tx
    .insertInto('order_line_components')
    .values(
      mapped.flatMap(({ orderId, lineId, quantity, components }) =>
        components.map((component) => ({
          tenant_id: tx.tenantId,
          id: tx.ids.uuid(),
          order_id: orderId,
          order_line_id: lineId,
          variant_id: component.variantId,
          quantity_each: component.quantity,
          quantity: component.quantity * quantity,
          state: 'held',
        })),
      ),
    )
    .execute()
  await sql`
    update orders set unmapped = false
    where tenant_id = ${tx.tenantId} and id = any(${mapped.map((line) => line.orderId)}::uuid[]) and unmapped
  `.execute(tx)
}

/** By order id. */
export async function saveServices(tx: Tx, services: Map<string, ChosenService>): Promise<void> {
  if (services.size === 0) return
  const chosen = [...services.values()]
  await sql`
    update orders o set shipping_service_id = t.service_id, shipping_because = t.because
    from unnest(${[...services.keys()]}::uuid[], ${chosen.map(({ id }) => id)}::uuid[], ${chosen.map(({ because }) => because)}::text[])
      as t (id, service_id, because)
    where o.tenant_id = ${tx.tenantId} and o.id = t.id
  `.execute(tx)
}

type Outcome = { status: OrderStatus; reason: string | null; suppliers: string[] }

export async function readPurchaseOrderIds(tx: Tx, orderIds: string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from purchase_orders where tenant_id = ${tx.tenantId} and order_id = any(${orderIds}::uuid[])
  `.execute(tx)
  return rows.map(({ id }) => id)
}

/** After routing: where they stand, and who got a purchase order that was not there before. */
export async function readOutcomes(tx: Tx, orderIds: string[], before: string[]): Promise<Map<string, Outcome>> {
  const { rows } = await sql<Outcome & { id: string }>`
    select o.id, o.status, o.status_reason as reason,
      array(
        select s.name from purchase_orders p join suppliers s on s.tenant_id = p.tenant_id and s.id = p.supplier_id
        where p.tenant_id = o.tenant_id and p.order_id = o.id and p.id <> all(${before}::uuid[]) order by p.number
      ) as suppliers
    from orders o where o.tenant_id = ${tx.tenantId} and o.id = any(${orderIds}::uuid[])
  `.execute(tx)
  return new Map(rows.map(({ id, ...outcome }) => [id, outcome]))
}
