// Dispatch confirmations as effects: intent → call → answer → looked up where unclear. Claiming raises the fence and is
// committed before the call, so that after a crash it is known that the call may have gone out.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { addOrderEvents, fairlead, type NewOrderEvent } from '../orders/order-events.store.ts'
import { closeProblem, openProblem } from '../problems/problems.store.ts'
import type { Settlement } from './confirmations.ts'

export type ClaimedConfirmation = {
  effectId: string
  fence: number
  /** 'look-up': it may have gone out already. */
  step: 'send' | 'look-up'
  sends: number
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

/** The oldest that is due. One of ours in flight was left by a crash, for the caller holds the channel's lease. */
export async function claimConfirmation(tx: Tx, channelId: string): Promise<ClaimedConfirmation | undefined> {
  const { rows } = await sql<Omit<ClaimedConfirmation, 'shipment'> & { shipmentId: string }>`
    update effects e set
      state = case e.state when 'intended' then 'in-flight' else 'unknown' end,
      attempts = e.attempts + case e.state when 'intended' then 1 else 0 end,
      fence = e.fence + 1
    from (
      select id, state from effects
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
      limit 1
      for no key update
    ) due
    join shipments s on true
    where e.tenant_id = ${tx.tenantId} and e.id = due.id and s.tenant_id = e.tenant_id and s.id = e.subject_id
    returning e.id as "effectId", e.fence, case due.state when 'intended' then 'send' else 'look-up' end as step,
      e.attempts as sends, e.refusal is not null as "wasDelayed", e.created_at < app_now() - make_interval(mins => ${oldAfterMinutes}) as "isOld",
      s.order_id as "orderId", s.id as "shipmentId"
  `.execute(tx)
  const claimed = rows[0]
  if (!claimed) return undefined
  const { shipmentId, ...claim } = claimed
  return { ...claim, shipment: await readShipment(tx, shipmentId) }
}

async function readShipment(tx: Tx, shipmentId: string): Promise<ClaimedConfirmation['shipment']> {
  const { rows } = await sql<ClaimedConfirmation['shipment']>`
    select o.marketplace_order_id as "marketplaceOrderId", s.package_number as "packageNumber", s.carrier,
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
    where s.tenant_id = ${tx.tenantId} and s.id = ${shipmentId}
  `.execute(tx)
  const [shipment] = rows
  if (!shipment) throw new Error(`The shipment ${shipmentId} of an effect is gone.`)
  return shipment
}

/** False: another has claimed it since, and nothing was written. */
export async function settleConfirmation(tx: Tx, claim: ClaimedConfirmation, settlement: Settlement): Promise<boolean> {
  const isOver = settlement.state === 'applied' || settlement.state === 'rejected'
  const seconds = 'seconds' in settlement ? settlement.seconds : null
  const refusal = 'refusal' in settlement ? settlement.refusal : null
  // What was told to wait never went out, and is no try that could be counted against it.
  const wentOut = settlement.state !== 'intended' || settlement.wasMissing
  const { numAffectedRows } = await sql`
    update effects set state = ${settlement.state},
      next_try_at = app_now() + make_interval(secs => ${seconds}::float8),
      reference = ${settlement.state === 'applied' ? settlement.reference : null},
      refusal = ${refusal},
      attempts = case when ${wentOut} then attempts else greatest(0, attempts - 1) end,
      settled_at = case when ${isOver} then app_now() end
    where tenant_id = ${tx.tenantId} and id = ${claim.effectId} and fence = ${claim.fence}
  `.execute(tx)
  if (numAffectedRows === 0n) return false
  await addOrderEvents(tx, eventsOf(claim, settlement), fairlead)
  await tellPerson(tx, claim, settlement)
  await tx.notify('orders', { id: claim.orderId })
  return true
}

function eventsOf(
  { orderId, shipment, wasDelayed, step }: ClaimedConfirmation,
  settlement: Settlement,
): NewOrderEvent[] {
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

async function tellPerson(tx: Tx, claim: ClaimedConfirmation, settlement: Settlement): Promise<void> {
  const { orderId, isOld, shipment, effectId } = claim
  const { packageNumber } = shipment
  const late = `confirmation-late/${effectId}`
  if (settlement.state === 'applied' || settlement.state === 'rejected') await closeProblem(tx, late)
  else if (isOld) {
    const kind = settlement.state === 'unknown' ? 'confirmation-unclear' : 'confirmation-delayed'
    await openProblem(tx, { key: late, kind, orderId, data: { packageNumber, reason: settlement.refusal } })
  }
  if (settlement.state === 'rejected') {
    const data = { packageNumber, reason: settlement.refusal }
    await openProblem(tx, { key: `confirmation-rejected/${effectId}`, kind: 'confirmation-rejected', orderId, data })
  }
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
