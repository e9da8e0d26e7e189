// Sets what is on hand of many offers at once. Every change is a movement beside it, so that on hand is always the sum
// of its movements (S1); unknown counts as nothing in that sum and is written as null, never as 0.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { markVariants } from '../stock/marks.store.ts'

export type OnHandChange = {
  offerId: string
  onHand: number | null
  reason: 'file' | 'hand' | 'api'
  reference: string | null
  actor: string
}

const chunkRows = 1_000

export async function setOnHand(tx: Tx, changes: OnHandChange[]): Promise<void> {
  const sorted = changes.toSorted((one, other) => (one.offerId < other.offerId ? -1 : 1))
  for (let at = 0; at < sorted.length; at += chunkRows) await setChunk(tx, sorted.slice(at, at + chunkRows))
}

async function setChunk(tx: Tx, changes: OnHandChange[]): Promise<void> {
  const rows = changes.map((change) => ({ ...change, movementId: tx.ids.uuid() }))
  const { rows: changed } = await sql<{ variantId: string }>`
    with wanted as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as w ("offerId" uuid, "onHand" int, reason text, reference text, actor text, "movementId" uuid)
    ), before as (
      select o.id, o.on_hand, w.* from supplier_offers o join wanted w on w."offerId" = o.id
      where o.tenant_id = ${tx.tenantId} order by o.id for no key update of o
    ), changed as (
      update supplier_offers o set on_hand = b."onHand", on_hand_at = app_now(), updated_at = app_now()
      from before b where o.tenant_id = ${tx.tenantId} and o.id = b.id and b.on_hand is distinct from b."onHand"
      returning o.id, o.variant_id
    ), moved as (
      insert into stock_movements (tenant_id, id, offer_id, delta, on_hand_after, reason, reference, actor)
      select ${tx.tenantId}, b."movementId", b.id, coalesce(b."onHand", 0) - coalesce(b.on_hand, 0), coalesce(b."onHand", 0), b.reason, b.reference, b.actor
      from before b join changed c on c.id = b.id
    )
    select variant_id as "variantId" from changed
  `.execute(tx)
  await markVariants(tx, [...new Set(changed.map((row) => row.variantId))])
}
