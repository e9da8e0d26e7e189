// Lines of an order that show other units on the marketplace than before: what fell is cut as far as it has not left, what
// was added is kept in mind, and a person is asked.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { cancelUnits, type UnitCut } from './cancel-units.command.ts'
import type { LineChange } from './import-rules.ts'
import { fairlead } from './order-events.store.ts'

export type LinesSettled = {
  /** By order: units of ours that the marketplace called off and that had left. */
  leftAlready: Map<string, number>
}

/** The orders must be locked. */
export async function settleLines(tx: Tx, changed: (LineChange & { orderId: string })[]): Promise<LinesSettled> {
  if (changed.length === 0) return { leftAlready: new Map() }
  await saveShown(tx, changed)
  const { cuts, leftAlready } = planCuts(await readUnits(tx, changed))
  await cancelUnits(tx, cuts, { by: 'marketplace', reason: null, actor: fairlead })
  return { leftAlready }
}

async function saveShown(tx: Tx, changed: (LineChange & { orderId: string })[]): Promise<void> {
  const [here, added] = [changed.filter((line) => line.imported > 0), changed.filter((line) => line.imported === 0)]
  if (here.length > 0) {
    await sql`
      update order_lines l set marketplace_quantity = nullif(t.now, l.quantity)
      from unnest(${here.map((line) => line.orderId)}::uuid[], ${here.map((line) => line.marketplaceLineId)}::text[],
        ${here.map((line) => line.now)}::int[]) as t (order_id, line_id, now)
      where l.tenant_id = ${tx.tenantId} and l.order_id = t.order_id and l.marketplace_line_id = t.line_id
    `.execute(tx)
  }
  if (added.length > 0) {
    await sql`
      update orders o set left_out_lines = o.left_out_lines || t.line_ids
      from (
        select order_id, array_agg(line_id) as line_ids
        from unnest(${added.map((line) => line.orderId)}::uuid[], ${added.map((line) => line.marketplaceLineId)}::text[]) as a (order_id, line_id)
        group by order_id
      ) t
      where o.tenant_id = ${tx.tenantId} and o.id = t.order_id
    `.execute(tx)
  }
}

type Units = {
  orderId: string
  lineId: string
  variantId: string
  /** Of the variant, as many as the marketplace still wants of this line. */
  wanted: number
  componentId: string
  quantity: number
  dispatched: number
}

/** What is not cancelled of the lines; first what costs least to cut: what no supplier has yet. */
async function readUnits(tx: Tx, changed: (LineChange & { orderId: string })[]): Promise<Units[]> {
  const fell = changed.filter((line) => line.now < line.before)
  if (fell.length === 0) return []
  const { rows } = await sql<Units>`
    select l.order_id as "orderId", l.id as "lineId", c.variant_id as "variantId",
      c.quantity_each * least(l.quantity, t.now) as wanted, c.id as "componentId", c.quantity,
      coalesce((
        select sum(s.quantity)::int from shipment_lines s where s.tenant_id = c.tenant_id and s.component_id = c.id
      ), 0) as dispatched
    from unnest(${fell.map((line) => line.orderId)}::uuid[], ${fell.map((line) => line.marketplaceLineId)}::text[],
      ${fell.map((line) => line.now)}::int[]) as t (order_id, line_id, now)
    join order_lines l on l.tenant_id = ${tx.tenantId} and l.order_id = t.order_id and l.marketplace_line_id = t.line_id
    join order_line_components c on c.tenant_id = l.tenant_id and c.order_line_id = l.id and c.state <> 'cancelled'
    order by array_position(array['held', 'reserved', 'routed', 'dispatched'], c.state), c.id
  `.execute(tx)
  return rows
}

function planCuts(units: Units[]): { cuts: UnitCut[]; leftAlready: Map<string, number> } {
  const cuts: UnitCut[] = []
  const leftAlready = new Map<string, number>()
  for (const parts of Map.groupBy(units, (one) => `${one.lineId} ${one.variantId}`).values()) {
    const [first] = parts
    if (!first) continue
    let surplus = parts.reduce((sum, part) => sum + part.quantity, 0) - first.wanted
    for (const { componentId, quantity, dispatched } of parts) {
      const take = Math.min(surplus, quantity - dispatched)
      if (take <= 0) continue
      cuts.push({ componentId, quantity: take })
      surplus -= take
    }
    if (surplus > 0) leftAlready.set(first.orderId, (leftAlready.get(first.orderId) ?? 0) + surplus)
  }
  return { cuts, leftAlready }
}
