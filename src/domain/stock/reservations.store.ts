// Units promised to an order from one supplier's offer. Promising is a conditional write: what is not there cannot be
// promised, whoever else promises at the same moment. Offers are always locked in the order of their ids.
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { Offer } from '../purchasing/ask-offers.ts'
import { markVariants } from './marks.store.ts'

export type StockedOffer = Offer & { supplierSku: string }

type WantedOffers = { variantIds: string[]; offerIds: string[] }

/** All offers of these variants, and these offers besides, held until the transaction ends. */
export function lockOffers(tx: Tx, wanted: WantedOffers): Promise<StockedOffer[]> {
  return selectOffers(tx, wanted, sql`for no key update of o`)
}

/** As they are now: what is decided on them is tried by `takeStock`. */
export function readOffers(tx: Tx, wanted: WantedOffers): Promise<StockedOffer[]> {
  return selectOffers(tx, wanted, sql``)
}

async function selectOffers(tx: Tx, wanted: WantedOffers, locking: RawBuilder<unknown>): Promise<StockedOffer[]> {
  const { rows } = await sql<StockedOffer>`
    select o.id, o.variant_id as "variantId", o.supplier_id as "supplierId", s.name as "supplierName", s.preference,
      s.active as "supplierActive", s.ship_to_countries as "shipsTo", o.active, o.on_hand as "onHand", o.reserved,
      o.cost_minor as "costMinor", o.currency, o.supplier_sku as "supplierSku",
      case when s.charges_vat then coalesce((
        select v.vat_rate_basis_points from variants v where v.tenant_id = o.tenant_id and v.id = o.variant_id
      ), s.vat_rate_basis_points) else 0 end as "vatRateBasisPoints"
    from supplier_offers o
    -- There is one for each; joined from their side, the planner would look for the offers of each supplier in turn.
    left join suppliers s on s.tenant_id = o.tenant_id and s.id = o.supplier_id
    where o.tenant_id = ${tx.tenantId}
      and o.id in (
        select id from supplier_offers where tenant_id = ${tx.tenantId} and variant_id = any(${wanted.variantIds}::uuid[])
        union all select unnest(${wanted.offerIds}::uuid[])
      )
    order by o.id
    ${locking}
  `.execute(tx)
  return rows
}

export type StockPromise = { componentId: string; offerId: string; variantId: string; quantity: number }

/** The offers must be locked and the quantities decided on what they held; anything else is a bug and ends here. */
export async function reserve(tx: Tx, promises: StockPromise[]): Promise<void> {
  if (!(await takeStock(tx, promises))) throw new Error('More stock was promised than there is.')
  await addReservations(tx, promises)
}

/** Tells whether all of it was there; if not, the transaction must not be committed. */
export async function takeStock(tx: Tx, promises: StockPromise[]): Promise<boolean> {
  if (promises.length === 0) return true
  const wanted = new Map<string, number>()
  for (const { offerId, quantity } of promises) wanted.set(offerId, (wanted.get(offerId) ?? 0) + quantity)
  const taken = await sql`
    with held as materialized (
      select o.id, t.quantity
      from unnest(${[...wanted.keys()]}::uuid[], ${[...wanted.values()]}::int[]) as t (id, quantity)
      join supplier_offers o on o.tenant_id = ${tx.tenantId} and o.id = t.id
      order by o.id for no key update of o
    )
    update supplier_offers o set reserved = o.reserved + held.quantity from held
    where o.tenant_id = ${tx.tenantId} and o.id = held.id and o.on_hand - o.reserved >= held.quantity
  `.execute(tx)
  return Number(taken.numAffectedRows) === wanted.size
}

/** Of stock that is taken in the same transaction. */
export async function addReservations(tx: Tx, promises: StockPromise[]): Promise<void> {
  if (promises.length === 0) return
  const column = <Value>(of: (promise: StockPromise) => Value) => promises.map(of)
  await sql`
    insert into reservations (tenant_id, id, component_id, offer_id, quantity)
    select ${tx.tenantId}, t.*
    from unnest(${column(() => tx.ids.uuid())}::uuid[], ${column(({ componentId }) => componentId)}::uuid[],
      ${column(({ offerId }) => offerId)}::uuid[], ${column(({ quantity }) => quantity)}::int[]) as t
  `.execute(tx)
  await markVariants(tx, distinct(promises.map((promise) => promise.variantId)))
}

export type Released = { componentId: string; offerId: string; quantity: number }

/** Gives the stock of these components back: once, however often it is asked for. */
export async function release(tx: Tx, componentIds: string[]): Promise<Released[]> {
  if (componentIds.length === 0) return []
  await lockPromised(tx, componentIds)
  const { rows } = await sql<Released>`
    update reservations set state = 'released', ended_at = app_now()
    where tenant_id = ${tx.tenantId} and component_id = any(${componentIds}::uuid[]) and state = 'active'
    returning component_id as "componentId", offer_id as "offerId", quantity
  `.execute(tx)
  const variantIds = await lessen(tx, rows)
  await markVariants(tx, variantIds)
  return rows
}

type Cut = { componentId: string; quantity: number }

/** Gives some or all units of active reservations back: the rest stays promised. */
export async function giveBack(tx: Tx, cuts: Cut[]): Promise<Released[]> {
  if (cuts.length === 0) return []
  const rows = await endUnits(tx, cuts, 'released')
  const variantIds = await lessen(tx, rows)
  await markVariants(tx, variantIds)
  return rows
}

/** Units that left: they are neither promised nor on hand any more. The movement keeps S1 true. */
export async function dispatchReserved(
  tx: Tx,
  departures: Cut[],
  source: { reference: string; actor: string },
): Promise<void> {
  if (departures.length === 0) return
  const rows = await endUnits(tx, departures, 'dispatched')
  await lessen(tx, rows)
  const variantIds = await moveOut(tx, rows, source)
  await markVariants(tx, variantIds)
}

/** What is left of a reservation stays promised. */
async function endUnits(tx: Tx, cuts: Cut[], ended: 'released' | 'dispatched'): Promise<Released[]> {
  const componentIds = cuts.map((cut) => cut.componentId)
  await lockPromised(tx, componentIds)
  const { rows } = await sql<Released>`
    update reservations r set
      quantity = case when r.quantity > t.quantity then r.quantity - t.quantity else r.quantity end,
      state = case when r.quantity > t.quantity then 'active' else ${ended}::text end,
      ended_at = case when r.quantity > t.quantity then null else app_now() end
    from unnest(${componentIds}::uuid[], ${cuts.map((cut) => cut.quantity)}::int[]) as t (component_id, quantity)
    where r.tenant_id = ${tx.tenantId} and r.component_id = t.component_id and r.state = 'active' and r.quantity >= t.quantity
    returning r.component_id as "componentId", r.offer_id as "offerId", t.quantity
  `.execute(tx)
  if (rows.length !== cuts.length) throw new Error(`Units were ${ended} that were not reserved.`)
  return rows
}

/** The offers that these components are promised from. */
async function lockPromised(tx: Tx, componentIds: string[]): Promise<void> {
  await sql`
    select id from supplier_offers
    where tenant_id = ${tx.tenantId} and id in (
      select offer_id from reservations
      where tenant_id = ${tx.tenantId} and component_id = any(${componentIds}::uuid[]) and state = 'active'
    )
    order by id for no key update
  `.execute(tx)
}

async function lessen(tx: Tx, released: Released[]): Promise<string[]> {
  if (released.length === 0) return []
  const { rows } = await sql<{ variantId: string }>`
    update supplier_offers o set reserved = o.reserved - t.quantity
    from (
      select id, sum(quantity)::int as quantity
      from unnest(${released.map((row) => row.offerId)}::uuid[], ${released.map((row) => row.quantity)}::int[]) as r (id, quantity)
      group by id
    ) t
    where o.tenant_id = ${tx.tenantId} and o.id = t.id
    returning o.variant_id as "variantId"
  `.execute(tx)
  return distinct(rows.map((row) => row.variantId))
}

// A supplier's new file may already have counted them out: what is on hand never falls below nothing, nor does an
// unknown figure become a known one, and the movement says what really changed.
async function moveOut(tx: Tx, departed: Released[], source: { reference: string; actor: string }): Promise<string[]> {
  const { rows } = await sql<{ variantId: string; offerId: string; delta: number; after: number | null }>`
    update supplier_offers o set on_hand = case when o.on_hand is not null then greatest(0, o.on_hand - t.quantity) end, updated_at = app_now()
    from (
      select b.id, b.on_hand as before, sum(d.quantity)::int as quantity
      from unnest(${departed.map((row) => row.offerId)}::uuid[], ${departed.map((row) => row.quantity)}::int[]) as d (id, quantity)
      join supplier_offers b on b.tenant_id = ${tx.tenantId} and b.id = d.id
      group by b.id, b.on_hand
    ) t
    where o.tenant_id = ${tx.tenantId} and o.id = t.id
    returning o.variant_id as "variantId", o.id as "offerId", o.on_hand - t.before as delta, o.on_hand as after
  `.execute(tx)
  const moved = rows.flatMap((row) => (row.after === null || row.delta === 0 ? [] : [{ ...row, after: row.after }]))
  if (moved.length > 0) {
    await tx
      .insertInto('stock_movements')
      .values(
        moved.map((row) => ({
          tenant_id: tx.tenantId,
          id: tx.ids.uuid(),
          offer_id: row.offerId,
          delta: row.delta,
          on_hand_after: row.after,
          reason: 'dispatch',
          ...source,
        })),
      )
      .execute()
  }
  return distinct(rows.map((row) => row.variantId))
}

function distinct(ids: string[]): string[] {
  return [...new Set(ids)].toSorted()
}
