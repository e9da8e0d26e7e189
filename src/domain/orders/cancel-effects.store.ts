// Cancellations on their way to the marketplace, as effects: claimed before the call, settled after it, looked up where the
// answer was lost.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { closeProblems, openProblem } from '../problems/problems.store.ts'
import type { CancelSettlement } from './cancelling.ts'
import { addOrderEvents, fairlead, type NewOrderEvent } from './order-events.store.ts'

/** The order must be locked. One at a time: a second wish waits for what became of the first. */
export async function askToCancel(tx: Tx, order: { id: string; channelId: string; reason: string }): Promise<void> {
  await sql`
    insert into effects (tenant_id, id, channel_id, kind, business_key, subject_id, data)
    select o.tenant_id, ${tx.ids.uuid()}, o.channel_id, 'cancel-order', o.marketplace_order_id || '/' || (1 + (
      select count(*) from effects e where e.tenant_id = o.tenant_id and e.subject_id = o.id and e.kind = 'cancel-order'
    )), o.id, ${JSON.stringify({ reason: order.reason, looks: 0 })}::jsonb
    from orders o where o.tenant_id = ${tx.tenantId} and o.id = ${order.id}
    on conflict do nothing
  `.execute(tx)
  const { channelId } = order
  await tx.enqueue('channel', { channelId, operation: 'cancel-orders' }, { key: `${channelId}/cancel-orders` })
}

export type ClaimedCancel = {
  effectId: string
  fence: number
  /** 'look': it may have gone out already. */
  step: 'send' | 'look'
  sends: number
  looks: number
  ticket: string | null
  reason: string
  wasDelayed: boolean
  /** Open for so long that a person should know. */
  isOld: boolean
  orderId: string
  channelId: string
  marketplaceOrderId: string
}

const oldAfterMinutes = 10

/** The oldest that is due. One of ours in flight was left by a crash, for the caller holds the channel's lease. */
export async function claimCancel(tx: Tx, channelId: string): Promise<ClaimedCancel | undefined> {
  const { rows } = await sql<ClaimedCancel>`
    update effects e set
      state = case e.state when 'intended' then 'in-flight' else 'unknown' end,
      attempts = e.attempts + case e.state when 'intended' then 1 else 0 end,
      fence = e.fence + 1
    from (
      select id, state from effects
      where tenant_id = ${tx.tenantId} and channel_id = ${channelId} and kind = 'cancel-order'
        and state in ('intended', 'in-flight', 'unknown') and (next_try_at is null or next_try_at <= app_now())
      order by created_at, id
      limit 1
      for no key update
    ) due
    join orders o on true
    where e.tenant_id = ${tx.tenantId} and e.id = due.id and o.tenant_id = e.tenant_id and o.id = e.subject_id
    returning e.id as "effectId", e.fence, case due.state when 'intended' then 'send' else 'look' end as step, e.attempts as sends,
      coalesce((e.data->>'looks')::int, 0) as looks, e.ticket, coalesce(e.data->>'reason', '') as reason,
      e.refusal is not null as "wasDelayed", e.created_at < app_now() - make_interval(mins => ${oldAfterMinutes}) as "isOld",
      o.id as "orderId", e.channel_id as "channelId", o.marketplace_order_id as "marketplaceOrderId"
  `.execute(tx)
  return rows[0]
}

/** False: another has claimed it since, and nothing was written. */
export async function settleCancel(tx: Tx, claim: ClaimedCancel, settlement: CancelSettlement): Promise<boolean> {
  const isOver = settlement.state === 'applied' || settlement.state === 'rejected'
  const seconds = 'seconds' in settlement ? settlement.seconds : null
  // What was told to wait never went out, and is no try that could be counted against it.
  const neverWent = settlement.state === 'intended' && !settlement.wentOut
  const { numAffectedRows } = await sql`
    update effects set state = ${settlement.state},
      next_try_at = app_now() + make_interval(secs => ${seconds}::float8),
      ticket = ${settlement.state === 'unknown' ? settlement.ticket : null},
      refusal = ${'refusal' in settlement ? settlement.refusal : null},
      data = jsonb_set(data, '{looks}', to_jsonb(${settlement.state === 'unknown' ? claim.looks + 1 : 0}::int)),
      attempts = case when ${neverWent} then greatest(0, attempts - 1) else attempts end,
      settled_at = case when ${isOver} then app_now() end
    where tenant_id = ${tx.tenantId} and id = ${claim.effectId} and fence = ${claim.fence}
  `.execute(tx)
  if (numAffectedRows === 0n) return false
  await addOrderEvents(tx, eventsOf(claim, settlement), fairlead)
  await tellPerson(tx, claim, settlement)
  await tx.notify('orders', { id: claim.orderId })
  return true
}

function eventsOf({ orderId, wasDelayed, step }: ClaimedCancel, settlement: CancelSettlement): NewOrderEvent[] {
  switch (settlement.state) {
    case 'applied':
      return [{ orderId, kind: 'cancel-taken', data: { readBack: settlement.readBack } }]
    case 'rejected':
      return [{ orderId, kind: 'cancel-rejected', data: { reason: settlement.refusal } }]
    case 'unknown':
      // Told when it became unclear, not each time it is looked up.
      return step === 'look' ? [] : [{ orderId, kind: 'cancel-unclear', data: { reason: settlement.refusal } }]
    case 'intended':
      if (wasDelayed || settlement.wentOut) return []
      return [{ orderId, kind: 'cancel-delayed', data: { reason: settlement.refusal } }]
  }
}

async function tellPerson(tx: Tx, claim: ClaimedCancel, settlement: CancelSettlement): Promise<void> {
  const { orderId, channelId, isOld } = claim
  const late = `cancel-unclear/${orderId}`
  if (settlement.state === 'applied') return closeProblems(tx, [late, `cancel-rejected/${orderId}`])
  const data = { reason: settlement.refusal }
  if (settlement.state === 'rejected') {
    await closeProblems(tx, [late])
    await openProblem(tx, { key: `cancel-rejected/${orderId}`, kind: 'cancel-rejected', channelId, orderId, data })
  } else if (isOld) await openProblem(tx, { key: late, kind: 'cancel-unclear', channelId, orderId, data })
}

export async function areCancelsDue(tx: Tx, channelId: string): Promise<boolean> {
  const { rows } = await sql`
    select from effects
    where tenant_id = ${tx.tenantId} and channel_id = ${channelId} and kind = 'cancel-order'
      and state in ('intended', 'in-flight', 'unknown') and (next_try_at is null or next_try_at <= app_now())
    limit 1
  `.execute(tx)
  return rows.length > 0
}
