// Which of our variants a page of order lines asks for, by the SKU mappings of this moment (B5, B6).
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { ChannelOrderLine } from './channel-order.ts'

export type LineMapping = {
  listingId: string | null
  /** Null: unmapped. */
  components: { variantId: string; quantity: number; sku: string; title: string }[] | null
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
  const { rows } = await sql<LineMapping & { n: number }>`
    with wanted as (
      select * from unnest(${lines.map((_, index) => index)}::int[], ${lines.map((line) => line.marketplaceListingId)}::text[],
        ${lines.map((line) => line.marketplaceVariantId ?? '')}::text[], ${lines.map((line) => line.channelSku)}::text[]
      ) as w (n, listing, variant, sku)
    ), known as (
      select w.n, l.id as listing_id, m.id as mapping_id
      from wanted w
      join listings l on l.tenant_id = ${tx.tenantId} and l.channel_id = ${channelId}
        and l.marketplace_listing_id = w.listing and l.marketplace_variant_id = w.variant
      left join sku_mappings m on m.tenant_id = l.tenant_id and m.listing_id = l.id
    ), by_sku as (
      select w.n, (array_agg(l.id))[1] as listing_id, (array_agg(m.id))[1] as mapping_id
      from wanted w
      join listings l on l.tenant_id = ${tx.tenantId} and l.channel_id = ${channelId} and l.channel_sku = w.sku
      join sku_mappings m on m.tenant_id = l.tenant_id and m.listing_id = l.id
      where not exists (select from known k where k.n = w.n)
      group by w.n
      having count(*) = 1
    ), found as (
      select * from known union all select * from by_sku
    )
    select f.n, f.listing_id as "listingId",
      (
        select jsonb_agg(jsonb_build_object('variantId', c.variant_id, 'quantity', c.quantity, 'sku', v.sku,
          'title', concat_ws(' – ', p.title, nullif(v.title, ''))) order by v.sku, v.id)
        from sku_mapping_components c
        join variants v on v.tenant_id = c.tenant_id and v.id = c.variant_id
        join products p on p.tenant_id = v.tenant_id and p.id = v.product_id
        where c.tenant_id = ${tx.tenantId} and c.mapping_id = f.mapping_id
      ) as components
    from found f
    order by f.n
  `.execute(tx)
  const byLine = new Map(rows.map((row) => [row.n, row]))
  return lines.map((_, index) => {
    const row = byLine.get(index)
    return { listingId: row?.listingId ?? null, components: row?.components ?? null }
  })
}

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
