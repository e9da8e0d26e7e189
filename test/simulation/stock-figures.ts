// What each mapped listing has to show, counted again from the rows of this moment as product.md E2 tells it. Written
// without looking at the hub's own computation, on purpose.
import { sql } from 'kysely'
import type { Tx } from '../../src/platform/database.ts'

export type StockFigure = { quantity: number | null; zeroOnlyByThreshold: boolean }

type Row = {
  listingId: string
  takesQuantity: boolean
  threshold: number
  max: number
  variantId: string
  perListing: number
  inUse: boolean | null
  onHand: number | null
  reserved: number | null
}

export async function stockFigures(tx: Tx): Promise<Map<string, StockFigure>> {
  const { rows } = await sql<Row>`
    select m.listing_id as "listingId", l.takes_quantity as "takesQuantity", ch.stock_threshold as threshold,
      ch.advertised_max as max, c.variant_id as "variantId", c.quantity as "perListing",
      o.active and s.active as "inUse", o.on_hand as "onHand", o.reserved
    from sku_mappings m
    join listings l on l.tenant_id = m.tenant_id and l.id = m.listing_id
    join sales_channels ch on ch.tenant_id = m.tenant_id and ch.id = m.channel_id
    join sku_mapping_components c on c.tenant_id = m.tenant_id and c.mapping_id = m.id
    left join supplier_offers o on o.tenant_id = m.tenant_id and o.variant_id = c.variant_id
    left join suppliers s on s.tenant_id = m.tenant_id and s.id = o.supplier_id
    where m.tenant_id = ${tx.tenantId} order by m.listing_id, c.variant_id, o.id
  `.execute(tx)
  const figures = new Map<string, StockFigure>()
  for (const [listingId, ofListing] of Map.groupBy(rows, (row) => row.listingId)) {
    const parts = [...Map.groupBy(ofListing, (row) => row.variantId).values()].map(packsOf)
    const [first] = ofListing
    if (first) figures.set(listingId, shownOf(scarcest(parts), first))
  }
  return figures
}

/** Whole packs that can be made up; all of one pack comes from one supplier. Null: nobody knows. */
function packsOf(offers: Row[]): number | null {
  const inUse = offers.filter((offer) => offer.inUse)
  if (offers.every((offer) => offer.inUse === null)) return null
  if (inUse.length === 0) return 0
  const known = inUse.flatMap(({ onHand, reserved, perListing }) =>
    onHand === null ? [] : [Math.floor(Math.max(0, onHand - (reserved ?? 0)) / perListing)],
  )
  return known.length === 0 ? null : known.reduce((sum, packs) => sum + packs, 0)
}

function scarcest(parts: (number | null)[]): number | null {
  if (parts.includes(0)) return 0
  const known = parts.filter((part) => part !== null)
  return known.length < parts.length ? null : Math.min(...known)
}

function shownOf(available: number | null, { takesQuantity, threshold, max }: Row): StockFigure {
  if (available === null) return { quantity: null, zeroOnlyByThreshold: false }
  if (available <= threshold) return { quantity: 0, zeroOnlyByThreshold: available > 0 }
  const single = takesQuantity ? available : Math.min(1, available)
  return { quantity: max > 0 ? Math.min(max, single) : single, zeroOnlyByThreshold: false }
}
