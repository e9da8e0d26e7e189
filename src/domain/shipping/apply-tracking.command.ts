// A supplier says what he has sent, by file or API: every row is taken or refused by itself (D7). The same rows again
// change nothing (V1).
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { lockOrders } from '../orders/orders.store.ts'
import { carrierNote } from './carriers.ts'
import { plainTracking, type ParcelLine } from './parcel.ts'
import { shipOrder, type ShipOrderResult } from './ship-order.command.ts'
import { plainNumber, type TrackingRow } from './tracking-file.ts'

export type RowOutcome =
  | { line: number; kind: 'taken'; note: string | null }
  | { line: number; kind: 'unchanged' }
  | { line: number; kind: 'refused'; column: keyof TrackingRow | null; reason: string }

/** In the order of the rows. `now`: when a parcel without a date left. */
export async function applyTracking(
  tx: Tx,
  rows: TrackingRow[],
  given: { supplierId: string; actor: string; now: Date },
): Promise<RowOutcome[]> {
  const orders = await readOrders(tx, rows, given.supplierId)
  await lockOrders(
    tx,
    [...orders.values()].map(({ orderId }) => orderId),
  )
  const outcomes: RowOutcome[] = []
  for (const parcel of parcelsOf(rows)) outcomes.push(...(await applyParcel(tx, parcel, orders, given)))
  return outcomes.toSorted((one, other) => one.line - other.line)
}

/** Rows of one purchase order and one tracking number are one parcel. */
export function parcelsOf(rows: TrackingRow[]): TrackingRow[][] {
  return [
    ...Map.groupBy(rows, (row) => `${plainNumber(row.purchaseOrder)} ${plainTracking(row.trackingNumber)}`).values(),
  ]
}

type Line = { componentId: string; supplierSku: string; sku: string; open: number }
type Order = { id: string; number: string; orderId: string; lines: Line[]; elsewhere: string[] }

/** Only his own: another supplier's is as unknown as one that never was. */
async function readOrders(tx: Tx, rows: TrackingRow[], supplierId: string): Promise<Map<string, Order>> {
  const numbers = [...new Set(rows.map((row) => plainNumber(row.purchaseOrder)))]
  const found = await sql<Order>`
    select p.id, p.number, p.order_id as "orderId",
      (
        select coalesce(jsonb_agg(jsonb_build_object('componentId', l.component_id, 'supplierSku', l.supplier_sku, 'sku', v.sku,
          'open', l.quantity - l.cancelled_quantity - coalesce((
            select sum(x.quantity)::int from shipment_lines x where x.tenant_id = l.tenant_id and x.component_id = l.component_id
          ), 0)) order by l.id), '[]')
        from purchase_order_lines l join variants v on v.tenant_id = l.tenant_id and v.id = l.variant_id
        where l.tenant_id = p.tenant_id and l.purchase_order_id = p.id
      ) as lines,
      (
        select coalesce(jsonb_agg(s.tracking_number), '[]') from shipments s
        where s.tenant_id = p.tenant_id and s.order_id = p.order_id and s.purchase_order_id <> p.id
      ) as elsewhere
    from purchase_orders p
    where p.tenant_id = ${tx.tenantId} and p.supplier_id = ${supplierId} and p.number = any(${numbers}::text[])
  `.execute(tx)
  return new Map(found.rows.map((order) => [order.number, order]))
}

async function applyParcel(
  tx: Tx,
  rows: TrackingRow[],
  orders: Map<string, Order>,
  { actor, now }: { actor: string; now: Date },
): Promise<RowOutcome[]> {
  const [first] = rows
  if (!first) return []
  const refuse = (each: TrackingRow[], column: keyof TrackingRow | null, reason: string): RowOutcome[] =>
    each.map(({ line }) => ({ line, kind: 'refused', column, reason }))
  const order = orders.get(plainNumber(first.purchaseOrder))
  if (!order) {
    const reason = `There is no purchase order “${first.purchaseOrder}” of this supplier.`
    return refuse(rows, 'purchaseOrder', reason)
  }
  const number = plainTracking(first.trackingNumber)
  if (order.elsewhere.some((other) => plainTracking(other) === number)) {
    const reason = `The tracking number ${first.trackingNumber} is on another purchase order of the same order already.`
    return refuse(rows, 'trackingNumber', reason)
  }
  const { once, doubled } = withoutDoubles(rows)
  const known = once.filter((row) => row.supplierSku === null || linesOf(order, row.supplierSku).length > 0)
  const unknown = once
    .filter((row) => !known.includes(row))
    .flatMap((row) => refuse([row], 'supplierSku', `${order.number} has no “${row.supplierSku}”.`))
  const repeats: RowOutcome[] = doubled.map(({ line }) => ({ line, kind: 'unchanged' }))
  if (known.length === 0) return [...unknown, ...repeats]
  const lines = contentsOf(order, known)
  const shipped = await shipOrder(tx, {
    purchaseOrderId: order.id,
    carrier: first.carrier,
    trackingNumber: first.trackingNumber,
    shippedAt: first.shippedAt ?? now,
    actor,
    ...(lines ? { lines } : {}),
  })
  if (shipped.kind === 'refused')
    return [...unknown, ...refuse(known, null, whyRefused(shipped.reason, order)), ...repeats]
  if (shipped.kind === 'dispatched')
    // What has left is open no more for the rows that follow.
    for (const line of order.lines) line.open -= takenOf(line, lines)
  const note = shipped.kind === 'dispatched' ? carrierNote(first.carrier, first.trackingNumber) : null
  const taken = known.map(({ line }): RowOutcome =>
    shipped.kind === 'dispatched' ? { line, kind: 'taken', note } : { line, kind: 'unchanged' },
  )
  return [...unknown, ...taken, ...repeats]
}

function takenOf(line: Line, lines: ParcelLine[] | undefined): number {
  if (!lines) return line.open
  return lines.find(({ componentId }) => componentId === line.componentId)?.quantity ?? 0
}

/** The same row twice is one row: a SKU is in a parcel once. */
function withoutDoubles(rows: TrackingRow[]): { once: TrackingRow[]; doubled: TrackingRow[] } {
  const seen = new Set<string>()
  const once: TrackingRow[] = []
  const doubled: TrackingRow[] = []
  for (const row of rows) {
    const key = `${row.supplierSku ?? ''}\n${row.quantity ?? ''}`
    if (seen.has(key)) doubled.push(row)
    else once.push(row)
    seen.add(key)
  }
  return { once, doubled }
}

/** By his word for it or ours. */
function linesOf(order: Order, typed: string): Line[] {
  const plain = (text: string) => text.trim().toLowerCase()
  const his = order.lines.filter((line) => plain(line.supplierSku) === plain(typed))
  return his.length > 0 ? his : order.lines.filter((line) => plain(line.sku) === plain(typed))
}

/** Undefined: all that is open. */
function contentsOf(order: Order, rows: TrackingRow[]): ParcelLine[] | undefined {
  if (rows.some((row) => row.supplierSku === null && row.quantity === null)) return undefined
  const quantities = new Map<string, number>()
  for (const row of rows) {
    const lines = row.supplierSku === null ? order.lines : linesOf(order, row.supplierSku)
    const open = (line: Line) => Math.max(0, line.open - (quantities.get(line.componentId) ?? 0))
    let left = row.quantity ?? lines.reduce((sum, line) => sum + open(line), 0)
    for (const [index, line] of lines.entries()) {
      // More than all of them have open stays with the last, and is refused there.
      const part = index === lines.length - 1 ? left : Math.min(left, open(line))
      left -= part
      if (part > 0) quantities.set(line.componentId, (quantities.get(line.componentId) ?? 0) + part)
    }
  }
  return [...quantities].map(([componentId, quantity]) => ({ componentId, quantity }))
}

type Reason = Extract<ShipOrderResult, { kind: 'refused' }>['reason']

function whyRefused(reason: Reason, { number }: Order): string {
  switch (reason) {
    case 'cancelled':
      return `${number} is cancelled, and nothing of it may be sent.`
    case 'nothing-open':
      return `Nothing of ${number} is open any more.`
    case 'more-than-ordered':
    case 'not-on-purchase-order':
      return `There is more in the parcel than ${number} has open.`
    case 'tracking-missing':
      return 'The tracking number is missing.'
    case 'wrong-status':
      return `${number} cannot be dispatched now: it has not been sent, or its order waits.`
    case 'not-found':
      return `There is no purchase order “${number}” of this supplier.`
  }
}
