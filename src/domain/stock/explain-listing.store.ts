import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { ComponentStock } from './advertised.ts'
import { explainStock } from './explain.ts'
import type { StockExplanation } from './explain.ts'

/** "Why does it show 7?", from the figures of this moment (E2). */
export async function explainListingStock(
  tx: Tx,
  listingId: string,
): Promise<(StockExplanation & { listingId: string; shows: number | null; waitsForPerson: boolean }) | undefined> {
  const { rows } = await sql<ListingFactsRow>`
    select listing.quantity as shows, greatest(listing.seen_at, target.accepted_at) as "showsAsOf", listing.takes_quantity as "takesQuantity",
      channel.enabled, channel.stock_update as "stockUpdate", channel.stock_threshold as "stockThreshold",
      channel.advertised_max as "advertisedMax", coalesce(target.state = 'waiting-for-person', false) as "waitingForPerson"
    from listings listing
    join sales_channels channel on channel.tenant_id = listing.tenant_id and channel.id = listing.channel_id
    left join listing_targets target on target.tenant_id = listing.tenant_id and target.listing_id = listing.id and target.kind = 'stock'
    where listing.tenant_id = ${tx.tenantId} and listing.id = ${listingId}
  `.execute(tx)
  const row = rows[0]
  if (!row) return undefined
  const { shows, showsAsOf, stockUpdate, waitingForPerson, takesQuantity, stockThreshold, advertisedMax } = row
  const explained = explainStock({
    components: await loadComponents(tx, listingId),
    rules: { stockThreshold, advertisedMax, takesQuantity },
    shows,
    showsAsOf,
    stockUpdate,
    channelEnabled: row.enabled,
    waitingForPerson,
  })
  return { listingId, shows, waitsForPerson: waitingForPerson, ...explained }
}

type ListingFactsRow = {
  shows: number | null
  showsAsOf: Date | null
  takesQuantity: boolean
  enabled: boolean
  stockUpdate: boolean
  stockThreshold: number
  advertisedMax: number
  waitingForPerson: boolean
}

export async function loadComponents(tx: Tx, listingId: string): Promise<ComponentStock[]> {
  const { rows } = await sql<OfferFactsRow>`
    select variant.sku, component.quantity, offer.id as "offerId", supplier.name as "supplierName",
      offer.active and supplier.active and not (supplier.figures_stale and supplier.stale_shows_zero) as active, offer.on_hand as "onHand", offer.reserved, offer.on_hand_at as "onHandAt"
    from sku_mappings mapping
    join sku_mapping_components component on component.tenant_id = mapping.tenant_id and component.mapping_id = mapping.id
    join variants variant on variant.tenant_id = mapping.tenant_id and variant.id = component.variant_id
    left join supplier_offers offer on offer.tenant_id = mapping.tenant_id and offer.variant_id = component.variant_id
    left join suppliers supplier on supplier.tenant_id = mapping.tenant_id and supplier.id = offer.supplier_id
    where mapping.tenant_id = ${tx.tenantId} and mapping.listing_id = ${listingId}
    order by variant.sku, supplier.preference, supplier.name
  `.execute(tx)
  const components = new Map<string, ComponentStock>()
  for (const { sku, quantity, offerId, supplierName, active, onHand, reserved, onHandAt } of rows) {
    const component = components.get(sku) ?? { sku, quantity, offers: [] }
    components.set(sku, component)
    if (offerId !== null) component.offers.push({ supplierName, active, onHand, reserved, onHandAt })
  }
  return [...components.values()]
}

type OfferFactsRow = {
  sku: string
  quantity: number
  offerId: string | null
  supplierName: string
  active: boolean
  onHand: number | null
  reserved: number
  onHandAt: Date | null
}
