// Which of our variants a page of order lines asks for, by the SKU mappings of this moment (B5, B6).
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { ChannelOrderLine } from './channel-order.ts'

export type LineMapping = {
  listingId: string | null
  /** Null: unmapped. */
  components: { variantId: string; quantity: number; sku: string }[] | null
}

/**
 * The listing the marketplace names decides. Only where that listing is not known here does the channel SKU, and only if
 * exactly one mapped listing has it: SKUs are not unique on every marketplace, and a guess would ship the wrong thing.
 */
export async function readMappings(
  tx: Tx,
  channelId: string,
  lines: Pick<ChannelOrderLine, 'marketplaceListingId' | 'marketplaceVariantId' | 'channelSku'>[],
): Promise<LineMapping[]> {
  if (lines.length === 0) return []
  const { rows } = await sql<MappedComponent>`
    select w.n, found.id as "listingId", c.variant_id as "variantId", c.quantity, v.sku
    from unnest(${lines.map((_, index) => index)}::int[], ${lines.map((line) => line.marketplaceListingId)}::text[],
      ${lines.map((line) => line.marketplaceVariantId ?? '')}::text[], ${lines.map((line) => line.channelSku)}::text[]
    ) as w (n, listing, variant, sku)
    -- The limits keep each line a look-up of its own: in listings that were not counted yet the planner would rather
    -- compare every line with every listing.
    left join lateral (
      select l.id from listings l
      where l.tenant_id = ${tx.tenantId} and l.channel_id = ${channelId}
        and l.marketplace_listing_id = w.listing and l.marketplace_variant_id = w.variant
      limit 1
    ) named on true
    left join lateral (
      select min(two.id::text)::uuid as id from (
        select l.id from listings l
        where named.id is null and l.tenant_id = ${tx.tenantId} and l.channel_id = ${channelId} and l.channel_sku = w.sku
          and exists (select from sku_mappings m where m.tenant_id = l.tenant_id and m.listing_id = l.id)
        limit 2
      ) two
      having count(*) = 1
    ) alone on true
    cross join lateral (select coalesce(named.id, alone.id) as id) found
    left join lateral (
      select c.variant_id, c.quantity from sku_mappings m
      join sku_mapping_components c on c.tenant_id = m.tenant_id and c.mapping_id = m.id
      where m.tenant_id = ${tx.tenantId} and m.listing_id = found.id
      offset 0
    ) c on true
    left join variants v on v.tenant_id = ${tx.tenantId} and v.id = c.variant_id
    where found.id is not null
    order by w.n, v.sku, v.id
  `.execute(tx)
  const byLine = Map.groupBy(rows, (row) => row.n)
  return lines.map((_, index) => {
    const ofLine = byLine.get(index) ?? []
    const components = ofLine.flatMap(({ variantId, quantity, sku }) =>
      variantId === null ? [] : [{ variantId, quantity, sku }],
    )
    return { listingId: ofLine[0]?.listingId ?? null, components: components.length === 0 ? null : components }
  })
}

/** All but the first two are null where the listing is not mapped. */
type MappedComponent = { n: number; listingId: string; variantId: string | null; quantity: number; sku: string }

/**
 * Whether a line `l` of an order `o` may find a mapping today. Broader than `readMappings`: to keep one order too many, or to
 * look at one too many, harms nobody.
 */
export const isMappedByNow = sql<boolean>`exists (
  select from listings g
  join sku_mappings m on m.tenant_id = g.tenant_id and m.listing_id = g.id
  where g.tenant_id = o.tenant_id and g.channel_id = o.channel_id
    and (g.id = l.listing_id or (l.listing_id is null and (g.marketplace_listing_id = l.marketplace_listing_id or g.channel_sku = l.channel_sku)))
)`
