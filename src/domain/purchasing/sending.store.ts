// Purchase orders being sent: claimed before the call, settled after it. A claim is committed first, so that after a crash
// it is known that the call may have gone out.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { addOrderEvents, fairlead, type NewOrderEvent } from '../orders/order-events.store.ts'
import { closeProblems, openProblem, openProblems } from '../problems/problems.store.ts'
import type { OrderWay } from '../catalog/supplier-connection.ts'
import type { SendSettlement } from './sending.ts'

export type SendClaim = {
  effectId: string
  fence: number
  /** 'look-up': it may have gone out already. */
  step: 'send' | 'look-up'
  sends: number
  lookUps: number
  /** Where it went, or goes. */
  way: OrderWay
  place: string
  purchaseOrderId: string
  number: string
  revision: number
  orderId: string
  supplierId: string
  /** He has begun to work on it, so he has it. */
  isProven: boolean
  /** Why it did not go, or is not known to have gone, the last time. */
  lastRefusal: string | null
  /** It has been open for so long that a person should know. */
  isOld: boolean
}

/** Long enough for a call that takes its time; whoever finds an older claim knows that its caller is gone. */
export const claimSeconds = 300
const oldAfterMinutes = 10
const suppliersMax = 100

/** Those with something due, whoever has waited longest first. */
export async function suppliersToSend(tx: Tx): Promise<string[]> {
  const { rows } = await sql<{ supplierId: string }>`
    select supplier_id as "supplierId" from effects
    where tenant_id = ${tx.tenantId} and kind = 'send-purchase-order' and state in ('intended', 'in-flight', 'unknown')
      and (next_try_at is null or next_try_at <= app_now()) and not data ? 'asksPerson'
    group by supplier_id order by min(created_at), supplier_id limit ${suppliersMax}
  `.execute(tx)
  return rows.map(({ supplierId }) => supplierId)
}

/** What nobody needs to send any more: overtaken by a newer revision, or cancelled before it ever went out. */
export async function dropOvertaken(tx: Tx, supplierId: string): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    update effects e set state = 'superseded', settled_at = app_now()
    from purchase_orders p
    where e.tenant_id = ${tx.tenantId} and e.supplier_id = ${supplierId} and e.kind = 'send-purchase-order'
      and e.state in ('intended', 'rejected')
      and p.tenant_id = e.tenant_id and p.id = e.subject_id
      and (
        (e.data->>'revision')::int < p.revision
        or p.state = 'cancelled' and not e.data ? 'mayHaveArrived' and not exists (
          select from effects other where other.tenant_id = e.tenant_id and other.subject_id = e.subject_id and other.id <> e.id
            and other.kind = e.kind and (other.state in ('in-flight', 'unknown', 'applied') or other.data ? 'mayHaveArrived')
        )
      )
    returning e.id
  `.execute(tx)
  await closeProblems(
    tx,
    rows.flatMap(({ id }) => problemKeys(id)),
  )
}

/** The purchase orders are taken with them: one that is being cancelled just now is left for the next turn. */
export async function claimSends(
  tx: Tx,
  wanted: { supplierId: string; way: OrderWay; place: string; limit: number },
): Promise<SendClaim[]> {
  const { supplierId, way, place, limit } = wanted
  const { rows } = await sql<SendClaim>`
    with due as materialized (
      select e.id, e.state, p.number, p.order_id, p.state as order_state
      from effects e join purchase_orders p on p.tenant_id = e.tenant_id and p.id = e.subject_id
      where e.tenant_id = ${tx.tenantId} and e.supplier_id = ${supplierId} and e.kind = 'send-purchase-order'
        and e.state in ('intended', 'in-flight', 'unknown')
        and (e.next_try_at is null or e.next_try_at <= app_now()) and not e.data ? 'asksPerson'
        and (e.state <> 'intended' or (
          (e.data->>'revision')::int = p.revision and (p.state <> 'cancelled' or e.data ?| array['tellsCancelled', 'mayHaveArrived'])
        ))
        -- What is on its way now may arrive after its successor.
        and not exists (
          select from effects older where older.tenant_id = e.tenant_id and older.subject_id = e.subject_id and older.kind = e.kind
            and older.id <> e.id and older.state = 'in-flight' and older.next_try_at > app_now()
        )
      order by e.created_at, e.id
      limit ${limit}
      for no key update of e, p skip locked
    )
    update effects e set
      state = case due.state when 'intended' then 'in-flight' else 'unknown' end,
      attempts = e.attempts + case due.state when 'intended' then 1 else 0 end,
      fence = e.fence + 1,
      next_try_at = app_now() + make_interval(secs => ${claimSeconds}),
      data = e.data || case due.state when 'intended'
        then jsonb_build_object('way', ${way}::text, 'place', ${place}::text, 'lookUps', 0)
        else jsonb_build_object('lookUps', coalesce((e.data->>'lookUps')::int, 0) + 1) end
    from due
    where e.tenant_id = ${tx.tenantId} and e.id = due.id
    returning e.id as "effectId", e.fence, case due.state when 'intended' then 'send' else 'look-up' end as step,
      e.attempts as sends, (e.data->>'lookUps')::int as "lookUps", e.data->>'way' as way, e.data->>'place' as place,
      e.subject_id as "purchaseOrderId", due.number, (e.data->>'revision')::int as revision, due.order_id as "orderId",
      e.supplier_id as "supplierId",
      due.order_state in ('accepted', 'partly-dispatched', 'dispatched') and (e.data->>'revision')::int = 1 as "isProven",
      e.refusal as "lastRefusal", e.created_at < app_now() - make_interval(mins => ${oldAfterMinutes}) as "isOld"
  `.execute(tx)
  return rows.toSorted((one, other) => (one.effectId < other.effectId ? -1 : 1))
}

/**
 * With the claim and not with what comes of it: the look may be given back unasked, because another of the same supplier
 * had trouble before it, or end in the midst of the call, and each time again.
 */
export async function tellOldDoubts(tx: Tx, claims: SendClaim[]): Promise<void> {
  const doubts = claims.filter(({ step, isOld, isProven }) => step === 'look-up' && isOld && !isProven)
  await openProblems(
    tx,
    doubts.map(({ effectId, orderId, supplierId, number, lastRefusal }) => ({
      key: problemKeys(effectId)[1],
      kind: 'purchase-order-unclear' as const,
      orderId,
      supplierId,
      data: { number, reason: lastRefusal },
    })),
  )
}

/** False: another has claimed it since, and nothing was written. */
export async function settleSend(tx: Tx, claim: SendClaim, settlement: SendSettlement): Promise<boolean> {
  const isOver = settlement.state === 'applied' || settlement.state === 'rejected'
  const seconds = 'seconds' in settlement ? settlement.seconds : null
  await sql`
    select from purchase_orders where tenant_id = ${tx.tenantId} and id = ${claim.purchaseOrderId} for no key update
  `.execute(tx)
  const { numAffectedRows } = await sql`
    update effects set state = ${settlement.state},
      next_try_at = app_now() + make_interval(secs => ${seconds}::float8),
      reference = ${settlement.state === 'applied' ? settlement.reference : null},
      refusal = ${'refusal' in settlement ? settlement.refusal : null},
      data = ${asksPerson(settlement) ? sql`data || '{"asksPerson": true}'` : sql`data - 'asksPerson'`},
      settled_at = case when ${isOver} then app_now() end
    where tenant_id = ${tx.tenantId} and id = ${claim.effectId} and fence = ${claim.fence} and state in ('in-flight', 'unknown')
  `.execute(tx)
  if (numAffectedRows === 0n) return false
  await moveOrder(tx, claim, settlement)
  await addOrderEvents(tx, await eventsOf(tx, claim, settlement), fairlead)
  await tellPerson(tx, claim, settlement)
  await tx.notify('orders', { id: claim.orderId })
  return true
}

/** The call never began: as if it had not been claimed. The supplier had trouble, and it waits with the others. */
export async function giveBackSends(tx: Tx, claims: SendClaim[], seconds: number): Promise<void> {
  if (claims.length === 0) return
  await sql`
    update effects e set state = case t.step when 'send' then 'intended' else 'unknown' end,
      attempts = e.attempts - case t.step when 'send' then 1 else 0 end,
      next_try_at = app_now() + make_interval(secs => ${seconds})
    from unnest(${claims.map(({ effectId }) => effectId)}::uuid[], ${claims.map(({ fence }) => fence)}::bigint[],
      ${claims.map(({ step }) => step)}::text[]) as t (id, fence, step)
    where e.tenant_id = ${tx.tenantId} and e.id = t.id and e.fence = t.fence
  `.execute(tx)
}

/** What is still to go to a supplier who has trouble waits too, so that he is not asked for each. */
export async function postponeSends(tx: Tx, supplierId: string, seconds: number): Promise<void> {
  await sql`
    update effects set next_try_at = app_now() + make_interval(secs => ${seconds})
    where tenant_id = ${tx.tenantId} and supplier_id = ${supplierId} and kind = 'send-purchase-order' and state = 'intended'
      and (next_try_at is null or next_try_at <= app_now())
  `.execute(tx)
}

function asksPerson(settlement: SendSettlement): boolean {
  return settlement.state === 'unknown' && settlement.asksPerson
}

/** A purchase order further on than that stays where it is. */
async function moveOrder(tx: Tx, claim: SendClaim, settlement: SendSettlement): Promise<void> {
  const { purchaseOrderId, revision, way } = claim
  const mine = sql`tenant_id = ${tx.tenantId} and id = ${purchaseOrderId}`
  if (settlement.state === 'applied') {
    await sql`
      update purchase_orders set state = case when state in ('to-send', 'in-doubt') then 'sent' else state end,
        sent_at = coalesce(sent_at, app_now()), order_way = ${way}
      where ${mine}
    `.execute(tx)
    await dropEarlier(tx, purchaseOrderId, revision)
  } else if (settlement.state === 'unknown')
    await sql`update purchase_orders set state = 'in-doubt' where ${mine} and state in ('to-send', 'sent')`.execute(tx)
  else
    await sql`
      update purchase_orders set state = case when sent_at is null then 'to-send' else 'sent' end
      where ${mine} and state = 'in-doubt'
    `.execute(tx)
}

/** "Replaces earlier ones", it says: what became of those does not matter any more. */
async function dropEarlier(tx: Tx, purchaseOrderId: string, revision: number): Promise<void> {
  if (revision === 1) return
  const { rows } = await sql<{ id: string }>`
    update effects set state = 'superseded', settled_at = app_now(), data = data - 'asksPerson'
    where tenant_id = ${tx.tenantId} and subject_id = ${purchaseOrderId} and kind = 'send-purchase-order'
      and (data->>'revision')::int < ${revision} and state in ('intended', 'unknown', 'rejected')
    returning id
  `.execute(tx)
  await closeProblems(
    tx,
    rows.flatMap(({ id }) => problemKeys(id)),
  )
}

async function eventsOf(tx: Tx, claim: SendClaim, settlement: SendSettlement): Promise<NewOrderEvent[]> {
  const { orderId, number, revision, way, step, lastRefusal } = claim
  const common = { number, revision, supplier: await supplierName(tx, claim.supplierId) }
  switch (settlement.state) {
    case 'applied': {
      const { readBack } = settlement
      return [
        { orderId, kind: 'purchase-order-arrived', data: { ...common, way, said: readBack ? 'read-back' : 'taken' } },
      ]
    }
    case 'rejected':
      return [{ orderId, kind: 'purchase-order-refused', data: { ...common, reason: settlement.refusal } }]
    case 'unknown':
      // Told when it became unclear, not each time it could not be looked up.
      if (step === 'look-up' && !settlement.asksPerson) return []
      return [
        {
          orderId,
          kind: 'purchase-order-unclear',
          data: { ...common, reason: settlement.refusal, asksPerson: settlement.asksPerson },
        },
      ]
    case 'intended':
      if (settlement.wasMissing) return [{ orderId, kind: 'purchase-order-not-there', data: common }]
      if (lastRefusal !== null) return []
      return [{ orderId, kind: 'purchase-order-delayed', data: { ...common, reason: settlement.refusal } }]
  }
}

async function supplierName(tx: Tx, supplierId: string): Promise<string> {
  const found = await tx
    .selectFrom('suppliers')
    .select('name')
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', supplierId)
    .executeTakeFirst()
  return found?.name ?? ''
}

async function tellPerson(tx: Tx, claim: SendClaim, settlement: SendSettlement): Promise<void> {
  const { effectId, orderId, supplierId, number, isOld } = claim
  const [refused, unclear, delayed] = problemKeys(effectId)
  const data = { number, reason: 'refusal' in settlement ? settlement.refusal : null }
  const about = { orderId, supplierId, data }
  switch (settlement.state) {
    case 'applied':
      return closeProblems(tx, problemKeys(effectId))
    case 'rejected':
      await closeProblems(tx, [unclear, delayed])
      return openProblem(tx, { key: refused, kind: 'purchase-order-refused', ...about })
    case 'unknown':
      // Unclear until now, and from now on a question: an open problem keeps its kind.
      await closeProblems(tx, settlement.asksPerson ? [unclear, delayed] : [delayed])
      if (!settlement.asksPerson && !isOld) return
      return openProblem(tx, {
        key: unclear,
        kind: settlement.asksPerson ? 'purchase-order-in-doubt' : 'purchase-order-unclear',
        ...about,
      })
    case 'intended':
      await closeProblems(tx, [unclear])
      if (isOld) await openProblem(tx, { key: delayed, kind: 'purchase-order-delayed', ...about })
  }
}

export function problemKeys(effectId: string): [refused: string, unclear: string, delayed: string] {
  return [
    `purchase-order-refused/${effectId}`,
    `purchase-order-unclear/${effectId}`,
    `purchase-order-delayed/${effectId}`,
  ]
}
