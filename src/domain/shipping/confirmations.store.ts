// Dispatch confirmations as effects: intent → call → answer → looked up where unclear. Claiming raises the fence and is
// committed before the calls, so that after a crash it is known that they may have gone out.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { addOrderEvents, fairlead, type NewOrderEvent } from '../orders/order-events.store.ts'
import { closeProblems, openProblems, type NewProblem } from '../problems/problems.store.ts'
import { lookUpSeconds, type Settlement } from './confirmations.ts'

export type ClaimedConfirmation = {
  effectId: string
  fence: number
  /** 'look-up': it may have gone out already. */
  step: 'send' | 'look-up'
  /** How many sends came to an end that we saw, with this one. What a crash cut off is none: nobody knows whether it began. */
  sends: number
  /** How often a crash left it claimed, one after the other; 0 where its last claim came to an end. */
  timesLeft: number
  /** It had to wait before, and the order's story says so. */
  wasDelayed: boolean
  /** It has been open for so long that a person should know. */
  isOld: boolean
  orderId: string
  shipment: {
    marketplaceOrderId: string
    packageNumber: number
    carrier: string
    trackingNumber: string
    shippedAt: Date
    lines: { marketplaceLineId: string; quantity: number }[]
  }
}

const oldAfterMinutes = 10

/**
 * The oldest that are due, one an order. Those of ours in flight were left by a crash, for the caller holds the channel's
 * lease. Each of them goes alone until it is settled: if it is what ends our processes, it takes no others with it.
 */
export async function claimConfirmations(tx: Tx, channelId: string, limit: number): Promise<ClaimedConfirmation[]> {
  const { rows } = await sql<Omit<ClaimedConfirmation, 'shipment'> & { shipmentId: string; place: number }>`
    with due as materialized (
      select id, state, state = 'in-flight' or data ? 'timesLeft' as was_left, created_at from effects
      where tenant_id = ${tx.tenantId} and channel_id = ${channelId} and kind = 'confirm-shipment'
        and state in ('intended', 'in-flight', 'unknown') and (next_try_at is null or next_try_at <= app_now())
        and not exists (
          -- Parcels of one order go in their order: where a marketplace keeps one only, a later one would take its place.
          select from shipments mine
          join shipments before on before.tenant_id = mine.tenant_id and before.order_id = mine.order_id
            and before.package_number < mine.package_number
          join effects open on open.tenant_id = before.tenant_id and open.subject_id = before.id and open.kind = 'confirm-shipment'
            and open.state in ('intended', 'in-flight', 'unknown')
          where mine.tenant_id = effects.tenant_id and mine.id = effects.subject_id
        )
      order by created_at, id
      limit ${limit}
      for no key update
    ), taken as (
      select *, row_number() over (order by created_at, id) as place, bool_or(was_left) over (order by created_at, id) as follows
      from due
    )
    update effects e set
      state = case due.state when 'intended' then 'in-flight' else 'unknown' end,
      data = case due.state when 'in-flight'
        then e.data || jsonb_build_object('timesLeft', 1 + coalesce((e.data->>'timesLeft')::int, 0)) else e.data end,
      -- A look-up that never ends comes again after the others.
      next_try_at = case due.state when 'intended' then e.next_try_at
        else app_now() + make_interval(secs => ${lookUpSeconds}) end,
      fence = e.fence + 1
    from taken due
    join shipments s on true
    where e.tenant_id = ${tx.tenantId} and e.id = due.id and s.tenant_id = e.tenant_id and s.id = e.subject_id
      and (due.place = 1 or not due.follows)
    returning e.id as "effectId", e.fence, case due.state when 'intended' then 'send' else 'look-up' end as step,
      e.attempts + case due.state when 'intended' then 1 else 0 end as sends,
      coalesce((e.data->>'timesLeft')::int, 0) as "timesLeft", e.refusal is not null as "wasDelayed",
      e.created_at < app_now() - make_interval(mins => ${oldAfterMinutes}) as "isOld",
      s.order_id as "orderId", s.id as "shipmentId", due.place
  `.execute(tx)
  if (rows.length === 0) return []
  const shipments = await readShipments(
    tx,
    rows.map(({ shipmentId }) => shipmentId),
  )
  return rows
    .toSorted((one, other) => one.place - other.place)
    .map(({ effectId, fence, step, sends, timesLeft, wasDelayed, isOld, orderId, shipmentId }) => {
      const shipment = shipments.get(shipmentId)
      if (!shipment) throw new Error(`The shipment ${shipmentId} of an effect is gone.`)
      return { effectId, fence, step, sends, timesLeft, wasDelayed, isOld, orderId, shipment }
    })
}

async function readShipments(tx: Tx, shipmentIds: string[]): Promise<Map<string, ClaimedConfirmation['shipment']>> {
  const { rows } = await sql<ClaimedConfirmation['shipment'] & { id: string }>`
    select s.id, o.marketplace_order_id as "marketplaceOrderId", s.package_number as "packageNumber", s.carrier,
      s.tracking_number as "trackingNumber", s.shipped_at as "shippedAt",
      coalesce((
        select jsonb_agg(jsonb_build_object('marketplaceLineId', t.line, 'quantity', t.quantity) order by t.position)
        from (
          -- Of a pack or kit, as many as are whole in this parcel; one at least, for the marketplace counts its own units.
          select l.marketplace_line_id as line, l.position,
            greatest(1, least(l.quantity, min(v.units))) as quantity
          from (
            -- A variant may be in it as several components, where units of it were taken back and routed again.
            select c.tenant_id, c.order_line_id, c.variant_id, sum(x.quantity) / c.quantity_each as units
            from shipment_lines x
            join order_line_components c on c.tenant_id = x.tenant_id and c.id = x.component_id
            where x.tenant_id = s.tenant_id and x.shipment_id = s.id
            group by c.tenant_id, c.order_line_id, c.variant_id, c.quantity_each
          ) v
          join order_lines l on l.tenant_id = v.tenant_id and l.id = v.order_line_id
          group by l.id, l.marketplace_line_id, l.position, l.quantity
        ) t
      ), '[]') as lines
    from shipments s join orders o on o.tenant_id = s.tenant_id and o.id = s.order_id
    where s.tenant_id = ${tx.tenantId} and s.id = any(${shipmentIds}::uuid[])
  `.execute(tx)
  return new Map(rows.map(({ id, ...shipment }) => [id, shipment]))
}

export type SettledConfirmation = { claim: ClaimedConfirmation; settlement: Settlement }

/** Answers those that were written; another has claimed the rest since, and nothing of them was. */
export async function settleConfirmations(tx: Tx, ended: SettledConfirmation[]): Promise<SettledConfirmation[]> {
  if (ended.length === 0) return []
  const column = <Value>(of: (one: SettledConfirmation) => Value) => ended.map(of)
  const { rows } = await sql<{ id: string }>`
    update effects e set state = t.state,
      next_try_at = app_now() + make_interval(secs => t.seconds),
      reference = t.reference,
      refusal = t.refusal,
      -- What is shown over there went out once at least, whoever was cut off while he sent it.
      attempts = greatest(e.attempts + t.sent, case t.state when 'applied' then 1 else 0 end),
      data = case when t.keeps_left then e.data else e.data - 'timesLeft' end,
      settled_at = case when t.state in ('applied', 'rejected') then app_now() end
    from unnest(${column(({ claim }) => claim.effectId)}::uuid[], ${column(({ claim }) => claim.fence)}::bigint[],
      ${column(({ settlement }) => settlement.state)}::text[],
      ${column(({ settlement }) => ('seconds' in settlement ? settlement.seconds : null))}::float8[],
      ${column(({ settlement }) => (settlement.state === 'applied' ? settlement.reference : null))}::text[],
      ${column(({ settlement }) => ('refusal' in settlement ? settlement.refusal : null))}::text[],
      ${column(({ claim, settlement }) => (claim.step === 'send' && settlement.state !== 'intended' ? 1 : 0))}::int[],
      ${column(({ claim }) => claim.step === 'look-up')}::bool[])
      as t (id, fence, state, seconds, reference, refusal, sent, keeps_left)
    where e.tenant_id = ${tx.tenantId} and e.id = t.id and e.fence = t.fence and e.state in ('in-flight', 'unknown')
    returning e.id
  `.execute(tx)
  const ids = new Set(rows.map(({ id }) => id))
  const written = ended.filter(({ claim }) => ids.has(claim.effectId))
  await addOrderEvents(tx, written.flatMap(eventsOf), fairlead)
  await tellPerson(tx, written)
  for (const { claim } of written) await tx.notify('orders', { id: claim.orderId })
  return written
}

/** Their calls never began: as if they had not been claimed. */
export async function giveBackConfirmations(tx: Tx, claims: ClaimedConfirmation[]): Promise<void> {
  if (claims.length === 0) return
  const column = <Value>(of: (claim: ClaimedConfirmation) => Value) => claims.map(of)
  await sql`
    update effects e set state = case t.step when 'send' then 'intended' else 'unknown' end
    from unnest(${column(({ effectId }) => effectId)}::uuid[], ${column(({ fence }) => fence)}::bigint[],
      ${column(({ step }) => step)}::text[]) as t (id, fence, step)
    where e.tenant_id = ${tx.tenantId} and e.id = t.id and e.fence = t.fence and e.state in ('in-flight', 'unknown')
  `.execute(tx)
}

function eventsOf({ claim, settlement }: SettledConfirmation): NewOrderEvent[] {
  const { orderId, shipment, wasDelayed, step } = claim
  const { packageNumber, trackingNumber } = shipment
  switch (settlement.state) {
    case 'applied': {
      const { reference, readBack } = settlement
      return [{ orderId, kind: 'confirmation-sent', data: { packageNumber, trackingNumber, reference, readBack } }]
    }
    case 'rejected':
      return [{ orderId, kind: 'confirmation-rejected', data: { packageNumber, reason: settlement.refusal } }]
    case 'unknown':
      // Told when it became unclear, not each time it could not be looked up.
      if (step === 'look-up') return []
      return [{ orderId, kind: 'confirmation-unclear', data: { packageNumber, reason: settlement.refusal } }]
    case 'intended':
      if (settlement.wasMissing) return [{ orderId, kind: 'confirmation-not-found', data: { packageNumber } }]
      if (wasDelayed) return []
      return [{ orderId, kind: 'confirmation-delayed', data: { packageNumber, reason: settlement.refusal } }]
  }
}

async function tellPerson(tx: Tx, ended: SettledConfirmation[]): Promise<void> {
  const late = (claim: ClaimedConfirmation) => `confirmation-late/${claim.effectId}`
  const isOver = ({ settlement }: SettledConfirmation) =>
    settlement.state === 'applied' || settlement.state === 'rejected'
  await closeProblems(
    tx,
    ended.filter(isOver).map(({ claim }) => late(claim)),
  )
  const problems = ended.flatMap(({ claim, settlement }): NewProblem[] => {
    const { orderId, isOld, effectId } = claim
    if (settlement.state === 'applied' || (settlement.state !== 'rejected' && !isOld)) return []
    const about = { orderId, data: { packageNumber: claim.shipment.packageNumber, reason: settlement.refusal } }
    switch (settlement.state) {
      case 'rejected':
        return [{ key: `confirmation-rejected/${effectId}`, kind: 'confirmation-rejected', ...about }]
      case 'unknown':
        return [{ key: late(claim), kind: 'confirmation-unclear', ...about }]
      case 'intended':
        return [{ key: late(claim), kind: 'confirmation-delayed', ...about }]
    }
  })
  await openProblems(tx, problems)
}

export type OpenConfirmations = { dueNow: boolean; nextAt: Date | null }

export async function readOpenConfirmations(tx: Tx, channelId: string): Promise<OpenConfirmations> {
  const { rows } = await sql<OpenConfirmations>`
    select coalesce(bool_or(next_try_at is null or next_try_at <= app_now()), false) as "dueNow", min(next_try_at) as "nextAt"
    from effects
    where tenant_id = ${tx.tenantId} and channel_id = ${channelId} and kind = 'confirm-shipment'
      and state in ('intended', 'in-flight', 'unknown')
  `.execute(tx)
  return rows[0] ?? { dueNow: false, nextAt: null }
}
