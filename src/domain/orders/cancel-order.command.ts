// The seller cancels an order (D9): what has not left stops here at once, and the marketplace is told. What it called off
// and should go after all is taken up again.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { closeProblems } from '../problems/problems.store.ts'
import { routeOrders } from '../purchasing/route-orders.command.ts'
import { askToCancel } from './cancel-effects.store.ts'
import {
  cancelReasonText,
  whyNotCancel,
  whyNotTakeUp,
  type CancelFacts,
  type CancelRefusal,
  type TakeUpRefusal,
} from './cancelling.ts'
import { addOrderEvents } from './order-events.store.ts'
import { lockOrders, settleStatuses } from './orders.store.ts'
import { stopOrders } from './stop-orders.command.ts'

export type CancelOrderResult = { kind: 'cancelled'; tells: boolean } | { kind: 'refused'; reason: CancelRefusal }

export async function cancelOrder(
  tx: Tx,
  { orderId, reason, actor }: { orderId: string; reason: string; actor: string },
): Promise<CancelOrderResult> {
  await lockOrders(tx, [orderId])
  const facts = await readCancelFacts(tx, orderId)
  const refused = facts ? whyNotCancel(facts) : 'not-found'
  if (!facts || refused) return { kind: 'refused', reason: refused ?? 'not-found' }
  const { channelId } = facts
  await sql`
    update orders set cancel_asked_at = app_now(), cancel_reason = ${reason},
      channel_status = case when channel_id is null then 'cancelled' else channel_status end
    where tenant_id = ${tx.tenantId} and id = ${orderId}
  `.execute(tx)
  await addOrderEvents(
    tx,
    [{ orderId, kind: 'cancel-asked', data: { reason: cancelReasonText(reason), tells: channelId !== null } }],
    actor,
  )
  await stopOrders(tx, [orderId], 'all-not-left', { by: 'seller', reason: cancelReasonText(reason), actor })
  if (channelId !== null) await askToCancel(tx, { id: orderId, channelId, reason })
  await settleStatuses(tx, [orderId])
  await closeProblems(tx, [`cancel-rejected/${orderId}`, `order-reopened/${orderId}`])
  await tx.notify('orders', { id: orderId })
  return { kind: 'cancelled', tells: channelId !== null }
}

export type TakeUpResult = { kind: 'taken-up' } | { kind: 'refused'; reason: TakeUpRefusal }

/** What was cancelled here and the buyer should get is held again, and routed like any other. */
export async function takeUpOrder(
  tx: Tx,
  { orderId, actor }: { orderId: string; actor: string },
): Promise<TakeUpResult> {
  await lockOrders(tx, [orderId])
  const facts = await readCancelFacts(tx, orderId)
  const refused = facts ? whyNotTakeUp(facts) : 'not-found'
  if (!facts || refused) return { kind: 'refused', reason: refused ?? 'not-found' }
  await sql`
    update orders set cancel_asked_at = null, cancel_reason = null,
      channel_status = case when channel_id is null then 'to-ship' else channel_status end
    where tenant_id = ${tx.tenantId} and id = ${orderId}
  `.execute(tx)
  const lines = await holdAgain(tx, orderId)
  await addOrderEvents(tx, [{ orderId, kind: 'taken-up-again', data: { lines } }], actor)
  await routeOrders(tx, [orderId])
  await closeProblems(
    tx,
    ['cancel-rejected', 'order-reopened', 'order-lines-changed'].map((kind) => `${kind}/${orderId}`),
  )
  await tx.notify('orders', { id: orderId })
  return { kind: 'taken-up' }
}

type CancelRow = CancelFacts & { channelId: string | null; marketplace: string | null; askedAt: Date | null }

export async function readCancelFacts(tx: Tx, orderId: string): Promise<CancelRow | undefined> {
  const { rows } = await sql<CancelRow>`
    select o.cancel_asked_at as "askedAt", o.status, o.channel_status as "channelStatus", o.channel_id as "channelId", c.connector as marketplace,
      o.channel_id is null as "isByHand", o.contact is null as "isForgotten",
      exists (select from shipments s where s.tenant_id = o.tenant_id and s.order_id = o.id) as "hasParcels",
      -- The due table has a row of it for every sales channel whose marketplace can do it.
      c.removed_at is null and exists (
        select from channel_work w where w.tenant_id = o.tenant_id and w.channel_id = o.channel_id and w.operation = 'cancel-orders'
      ) as "canTell",
      exists (
        select from effects e where e.tenant_id = o.tenant_id and e.subject_id = o.id and e.kind = 'cancel-order'
          and e.state in ('intended', 'in-flight', 'unknown')
      ) as "isAsking",
      (
        select coalesce(sum(greatest(0, m.wanted - m.live)), 0)::int from (${missing(tx, orderId)}) m
      ) as "missingUnits"
    from orders o
    left join sales_channels c on c.tenant_id = o.tenant_id and c.id = o.channel_id
    where o.tenant_id = ${tx.tenantId} and o.id = ${orderId}
  `.execute(tx)
  return rows[0]
}

/** Of each line and variant: as many as the buyer should get, and as many as are on their way or gone. */
function missing(tx: Tx, orderId: string) {
  return sql`
    select c.order_line_id, c.variant_id, c.quantity_each * least(l.quantity, coalesce(l.marketplace_quantity, l.quantity)) as wanted,
      coalesce(sum(c.quantity) filter (where c.state <> 'cancelled'), 0) as live
    from order_line_components c
    join order_lines l on l.tenant_id = c.tenant_id and l.id = c.order_line_id
    where c.tenant_id = ${tx.tenantId} and c.order_id = ${orderId}
    group by c.order_line_id, c.variant_id, c.quantity_each, l.quantity, l.marketplace_quantity
  `
}

/** Cancelled parts are held again up to what is missing; what is cancelled of a part beyond that stays so. */
async function holdAgain(tx: Tx, orderId: string): Promise<{ sku: string; quantity: number }[]> {
  const { rows } = await sql<{ id: string; quantity: number; take: number; sku: string }>`
    select c.id, c.quantity, v.sku, least(c.quantity, m.wanted - m.live - (
      sum(c.quantity) over (partition by c.order_line_id, c.variant_id order by c.id) - c.quantity
    ))::int as take
    from order_line_components c
    join (${missing(tx, orderId)}) m on m.order_line_id = c.order_line_id and m.variant_id = c.variant_id
    join variants v on v.tenant_id = c.tenant_id and v.id = c.variant_id
    where c.tenant_id = ${tx.tenantId} and c.order_id = ${orderId} and c.state = 'cancelled'
    order by c.id
  `.execute(tx)
  const taken = rows.filter((row) => row.take > 0)
  if (taken.length === 0) return []
  await sql`
    with t as (
      select * from unnest(${taken.map((row) => row.id)}::uuid[], ${taken.map(() => tx.ids.uuid())}::uuid[],
        ${taken.map((row) => row.take)}::int[]) as t (id, new_id, take)
    ), rest as (
      update order_line_components c set quantity = case when c.quantity > t.take then c.quantity - t.take else c.quantity end,
        state = case when c.quantity > t.take then c.state else 'held' end
      from t where c.tenant_id = ${tx.tenantId} and c.id = t.id
      returning c.*, t.new_id, t.take
    )
    insert into order_line_components (tenant_id, id, order_id, order_line_id, variant_id, quantity_each, quantity, state)
    select tenant_id, new_id, order_id, order_line_id, variant_id, quantity_each, take, 'held' from rest where state = 'cancelled'
  `.execute(tx)
  return taken.map(({ sku, take }) => ({ sku, quantity: take }))
}
