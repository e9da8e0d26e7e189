// What suppliers have of each variant. Every change of on hand is a movement beside it, so that on hand is always the sum
// of its movements (S1); unknown counts as nothing in that sum and is written as null, never as 0.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { markVariants } from './marks.store.ts'

export type OnHandChange = {
  offerId: string
  /** Null: unknown. */
  onHand: number | null
  reason: 'file' | 'hand' | 'dispatch' | 'api'
  reference: string | null
  actor: string
}

const chunkRows = 1_000

/** Sets what is on hand; the age of a figure that is confirmed begins anew. The last entry for an offer counts. */
export async function setOnHand(tx: Tx, changes: OnHandChange[]): Promise<{ changed: number }> {
  const byOffer = new Map(changes.map((change) => [change.offerId, change]))
  // In one order for all, so that two transactions cannot wait for each other in a circle.
  const sorted = [...byOffer.values()].toSorted((one, other) => (one.offerId < other.offerId ? -1 : 1))
  let changed = 0
  for (let at = 0; at < sorted.length; at += chunkRows) changed += await setChunk(tx, sorted.slice(at, at + chunkRows))
  return { changed }
}

async function setChunk(tx: Tx, changes: OnHandChange[]): Promise<number> {
  const rows = changes.map((change) => ({ ...change, movementId: tx.ids.uuid() }))
  const { rows: set } = await sql<{ variant_id: string }>`
    with before as (
      select offer.id, offer.variant_id, offer.on_hand, wanted.*
      from supplier_offers offer
      join jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as wanted
        ("offerId" uuid, "onHand" int, reason text, reference text, actor text, "movementId" uuid) on wanted."offerId" = offer.id
      where offer.tenant_id = ${tx.tenantId} order by offer.id for no key update of offer
    ), set_now as (
      update supplier_offers offer set on_hand = before."onHand", on_hand_at = app_now(), updated_at = app_now()
      from before where offer.tenant_id = ${tx.tenantId} and offer.id = before.id
    ), moved as (
      insert into stock_movements (tenant_id, id, offer_id, delta, on_hand_after, reason, reference, actor)
      select ${tx.tenantId}, "movementId", id, coalesce("onHand", 0) - coalesce(on_hand, 0), coalesce("onHand", 0), reason, reference, actor
      from before where on_hand is distinct from "onHand"
    )
    select variant_id from before where on_hand is distinct from "onHand"
  `.execute(tx)
  await markVariants(tx, [...new Set(set.map((row) => row.variant_id))])
  return set.length
}

export type OfferRow = {
  id: string
  supplierId: string
  supplierName: string
  variantId: string
  sku: string
  title: string
  supplierSku: string
  costExVat: { minor: number; currency: string } | null
  onHand: number | null
  reserved: number
  available: number | null
  onHandAt: Date | null
}

export async function loadOfferRow(tx: Tx, offerId: string): Promise<OfferRow | undefined> {
  const { rows } = await sql<
    Omit<OfferRow, 'costExVat' | 'available'> & { costMinor: number | null; currency: string }
  >`
    select offer.id, offer.supplier_id as "supplierId", supplier.name as "supplierName", offer.variant_id as "variantId", variant.sku,
      concat_ws(' · ', product.title, nullif(variant.title, '')) as title, offer.supplier_sku as "supplierSku",
      offer.cost_minor as "costMinor", offer.currency, offer.on_hand as "onHand", offer.reserved, offer.on_hand_at as "onHandAt"
    from supplier_offers offer
    join suppliers supplier on supplier.tenant_id = offer.tenant_id and supplier.id = offer.supplier_id
    join variants variant on variant.tenant_id = offer.tenant_id and variant.id = offer.variant_id
    join products product on product.tenant_id = variant.tenant_id and product.id = variant.product_id
    where offer.tenant_id = ${tx.tenantId} and offer.id = ${offerId}
  `.execute(tx)
  const row = rows[0]
  if (!row) return undefined
  const { costMinor, currency, ...rest } = row
  return {
    ...rest,
    costExVat: costMinor === null ? null : { minor: costMinor, currency },
    available: row.onHand === null ? null : Math.max(0, row.onHand - row.reserved),
  }
}
