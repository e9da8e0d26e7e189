// One action on many orders as rows: which, how far it is, and what became of each.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { Secrets } from '../../platform/secrets.ts'
import { findOrders, type OrderFilter } from './order-search.store.ts'
import type { BulkAction } from './bulk-actions.ts'

export const bulkOrdersMax = 10_000

export type Chosen = { orderIds: string[] } | { filter: OrderFilter }

/** The orders are those of this moment; the work is a job's. Undefined where the choice holds none. */
export async function startBulk(
  tx: Tx,
  bulk: { chosen: Chosen; action: BulkAction; actor: string },
  secrets: Secrets,
): Promise<string | undefined> {
  const ids =
    'filter' in bulk.chosen
      ? await (await findOrders(tx, bulk.chosen.filter, secrets)).ids({ limit: bulkOrdersMax })
      : sql`select id, placed_at as at from orders where tenant_id = ${tx.tenantId} and id = any(${bulk.chosen.orderIds}::uuid[])`
  const id = tx.ids.uuid()
  const { kind, ...data } = bulk.action
  await sql`
    insert into bulk_actions (tenant_id, id, action, data, actor, total)
    values (${tx.tenantId}, ${id}, ${kind}, ${JSON.stringify(data)}::jsonb, ${bulk.actor}, 0)
  `.execute(tx)
  const { numAffectedRows } = await sql`
    insert into bulk_action_orders (tenant_id, bulk_id, position, order_id)
    select ${tx.tenantId}, ${id}, row_number() over (order by chosen.at desc, chosen.id), chosen.id from (${ids}) as chosen
  `.execute(tx)
  const total = Number(numAffectedRows ?? 0)
  if (total === 0) {
    await sql`delete from bulk_actions where tenant_id = ${tx.tenantId} and id = ${id}`.execute(tx)
    return undefined
  }
  await sql`update bulk_actions set total = ${total} where tenant_id = ${tx.tenantId} and id = ${id}`.execute(tx)
  await tx.enqueue('bulk-orders', { bulkId: id }, { key: id })
  return id
}

export type BulkView = {
  id: string
  action: BulkAction['kind']
  total: number
  done: number
  refused: number
  finished: boolean
  /** What was not possible first. */
  outcomes: { orderId: string; order: string; state: 'waiting' | 'done' | 'refused'; reason: string | null }[]
}

const outcomesShownMax = 200

export async function readBulk(tx: Tx, id: string): Promise<BulkView | undefined> {
  const { rows } = await sql<Omit<BulkView, 'outcomes'>>`
    select id, action, total, done, refused, finished_at is not null as finished
    from bulk_actions where tenant_id = ${tx.tenantId} and id = ${id}::uuid
  `.execute(tx)
  const [bulk] = rows
  if (!bulk) return undefined
  const outcomes = await sql<BulkView['outcomes'][number]>`
    select b.order_id as "orderId", coalesce(o.marketplace_order_id, '') as order, b.state, b.reason
    from bulk_action_orders b left join orders o on o.tenant_id = b.tenant_id and o.id = b.order_id
    where b.tenant_id = ${tx.tenantId} and b.bulk_id = ${id}::uuid
    order by b.state = 'refused' desc, b.position limit ${outcomesShownMax}
  `.execute(tx)
  return { ...bulk, outcomes: outcomes.rows }
}

const waitingMax = 20

/** Those begun first come first. */
export async function readWaitingBulks(tx: Tx): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from bulk_actions where tenant_id = ${tx.tenantId} and finished_at is null order by created_at, id limit ${waitingMax}
  `.execute(tx)
  return rows.map((row) => row.id)
}

export type BulkWork = { action: BulkAction; actor: string; position: number; orderId: string }

/** The next order that waits, held until the transaction ends: what is done to it and that it was done are stored as one. */
export async function claimBulkOrder(tx: Tx, bulkId: string, after: number): Promise<BulkWork | undefined> {
  const { rows } = await sql<{ kind: string; data: object; actor: string; position: number; orderId: string }>`
    select b.action as kind, b.data, b.actor, o.position, o.order_id as "orderId"
    from bulk_action_orders o join bulk_actions b on b.tenant_id = o.tenant_id and b.id = o.bulk_id
    where o.tenant_id = ${tx.tenantId} and o.bulk_id = ${bulkId} and o.state = 'waiting' and o.position > ${after}
    order by o.position limit 1 for update of o skip locked
  `.execute(tx)
  const [found] = rows
  if (!found) return undefined
  const { kind, data, ...work } = found
  return { ...work, action: { ...data, kind } as BulkAction }
}

/** A null reason: done. */
export async function settleBulkOrder(
  tx: Tx,
  settled: { bulkId: string; position: number; reason: string | null },
): Promise<void> {
  const { bulkId, position, reason } = settled
  const isDone = reason === null
  await sql`
    update bulk_action_orders set state = ${isDone ? 'done' : 'refused'}, reason = ${reason}
    where tenant_id = ${tx.tenantId} and bulk_id = ${bulkId} and position = ${position}
  `.execute(tx)
  await sql`
    update bulk_actions set done = done + ${isDone ? 1 : 0}, refused = refused + ${isDone ? 0 : 1},
      finished_at = case when done + refused + 1 >= total then app_now() end
    where tenant_id = ${tx.tenantId} and id = ${bulkId}
  `.execute(tx)
}
