// The left side of the mapping tool: listings of a sales channel with their mapping and stock. Pages go on from the last
// row seen, so that the hundred-thousandth is as quick as the first.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { Money } from '../money.ts'
import { decodeCursor, encodeCursor, likePatterns, roughCountMax } from './paging.ts'
import type { RowPage } from './paging.ts'

export type ListingRow = {
  id: string
  marketplaceListingId: string
  channelSku: string | null
  title: string
  state: string
  marketplaceState: string
  quantity: number | null
  price: Money | null
  imageUrl: string | null
  url: string | null
  mapping: { variantId: string; sku: string; title: string; quantity: number }[] | null
  stock: {
    desired: number | null
    accepted: number | null
    verified: number | null
    state: string
    refusal: string | null
  } | null
}

export type ListingFilter = {
  channelId: string
  search?: string | undefined
  mapped: 'all' | 'mapped' | 'unmapped'
  cursor?: string | undefined
  limit: number
}

export async function listListings(tx: Tx, filter: ListingFilter): Promise<RowPage<ListingRow>> {
  const after = decodeCursor(filter.cursor)
  const { rows } = await sql<ListingRow & { priceMinor: number | null; priceCurrency: string | null }>`
    with page as (
      select listing.* from listings listing where ${matches(tx, filter)}
        ${after ? sql`and (listing.title, listing.id) > (${after.text}, ${after.id}::uuid)` : sql``}
      order by listing.title, listing.id limit ${filter.limit + 1}
    )
    select page.id, page.marketplace_listing_id as "marketplaceListingId", page.channel_sku as "channelSku", page.title,
      case when page.missing_since is null then page.state else 'missing' end as state,
      page.marketplace_state as "marketplaceState", page.quantity, page.price_minor as "priceMinor",
      page.price_currency as "priceCurrency", page.image_url as "imageUrl", page.url, mapped.components as mapping,
      case when target.listing_id is not null then jsonb_build_object('desired', target.desired, 'accepted', target.accepted,
        'verified', target.verified, 'state', target.state, 'refusal', target.refusal) end as stock
    from page
    left join lateral (
      select jsonb_agg(jsonb_build_object('variantId', variant.id, 'sku', variant.sku, 'quantity', component.quantity,
        'title', concat_ws(' · ', product.title, nullif(variant.title, ''))) order by variant.sku) as components
      from sku_mappings mapping
      join sku_mapping_components component on component.tenant_id = ${tx.tenantId} and component.mapping_id = mapping.id
      join variants variant on variant.tenant_id = ${tx.tenantId} and variant.id = component.variant_id
      join products product on product.tenant_id = ${tx.tenantId} and product.id = variant.product_id
      where mapping.tenant_id = ${tx.tenantId} and mapping.listing_id = page.id
    ) mapped on true
    left join listing_targets target on target.tenant_id = ${tx.tenantId} and target.listing_id = page.id and target.kind = 'stock'
    order by page.title, page.id
  `.execute(tx)
  const shown = rows.slice(0, filter.limit)
  const last = rows.length > filter.limit ? shown.at(-1) : undefined
  return {
    rows: shown.map(({ priceMinor, priceCurrency, ...row }) => ({
      ...row,
      price: priceMinor === null || priceCurrency === null ? null : { minor: priceMinor, currency: priceCurrency },
    })),
    next: last ? encodeCursor({ text: last.title, id: last.id }) : null,
    count: await countListings(tx, filter),
  }
}

async function countListings(tx: Tx, filter: ListingFilter) {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (
      select from listings listing where ${matches(tx, filter)} limit ${roughCountMax + 1}
    ) counted
  `.execute(tx)
  const count = rows[0]?.count ?? 0
  return { value: Math.min(count, roughCountMax), more: count > roughCountMax }
}

/** What the marketplace no longer names is shown only as long as it is mapped. */
function matches(tx: Tx, { channelId, search, mapped }: ListingFilter) {
  const isMapped = sql`exists (
    select from sku_mappings mapping where mapping.tenant_id = ${tx.tenantId} and mapping.listing_id = listing.id)`
  return sql`listing.tenant_id = ${tx.tenantId} and listing.channel_id = ${channelId}
    and ${mapped === 'mapped' ? isMapped : mapped === 'unmapped' ? sql`listing.missing_since is null and not ${isMapped}` : sql`(listing.missing_since is null or ${isMapped})`}
    and listing.search_text like all(${likePatterns(search)}::text[])`
}
