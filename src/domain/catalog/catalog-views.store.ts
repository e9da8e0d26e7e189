// Products as the screens show them: the list, and one product with its variants, offers and listings.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { decodeCursor, encodeCursor, likePatterns, roughCountMax, type RowPage } from '../listings/paging.ts'
import type { Money } from '../money.ts'
import { availableOf } from '../stock/available.store.ts'
import type { OfferRow } from '../stock/offers.store.ts'
import { offersOfVariants } from './supplier-views.store.ts'

export type ProductListRow = {
  id: string
  title: string
  brand: string | null
  productType: string | null
  imageUrl: string | null
  variants: number
  /** Null: unknown of every variant. */
  available: number | null
  priceFrom: Money | null
  priceTo: Money | null
  listings: number
}

export type ProductFilter = { search?: string | undefined; cursor?: string | undefined; limit: number }

export async function listProducts(tx: Tx, filter: ProductFilter): Promise<RowPage<ProductListRow>> {
  const after = decodeCursor(filter.cursor)
  const matching = sql`product.tenant_id = ${tx.tenantId} ${sql.join(likePatterns(filter.search).map(hasWord), sql` `)}`
  const { rows } = await sql<
    Omit<ProductListRow, 'priceFrom' | 'priceTo'> & { from: number | null; to: number | null; currency: string | null }
  >`
    with page as (
      select product.* from products product
      where ${matching} ${after ? sql`and (product.title, product.id) > (${after.text}, ${after.id}::uuid)` : sql``}
      order by product.title, product.id limit ${filter.limit + 1}
    )
    select page.id, page.title, page.brand, page.product_type as "productType",
      (select url from product_images i where i.tenant_id = page.tenant_id and i.product_id = page.id order by position, id limit 1) as "imageUrl",
      v.variants, v.from, v.to, v.currency, v.available, v.listings
    from page
    left join lateral (
      select count(*)::int as variants, min(variant.price_minor) as "from", max(variant.price_minor) as "to", min(variant.currency) as currency,
        sum(stock.available)::int as available, coalesce(sum(mapped.listings), 0)::int as listings
      from variants variant
      left join lateral (${availableOf(sql`variant`)}) stock on true
      left join lateral (
        select count(*) as listings from sku_mapping_components c where c.tenant_id = variant.tenant_id and c.variant_id = variant.id
      ) mapped on true
      where variant.tenant_id = page.tenant_id and variant.product_id = page.id
    ) v on true
    order by page.title, page.id
  `.execute(tx)
  const counted = await sql<{ count: number }>`
    select count(*)::int as count from (select from products product where ${matching} limit ${roughCountMax + 1}) counted
  `.execute(tx)
  const count = counted.rows[0]?.count ?? 0
  const shown = rows.slice(0, filter.limit)
  const last = rows.length > filter.limit ? shown.at(-1) : undefined
  return {
    rows: shown.map(({ from, to, currency, ...row }) => ({
      ...row,
      priceFrom: moneyOf(from, currency),
      priceTo: moneyOf(to, currency),
    })),
    next: last ? encodeCursor({ text: last.title, id: last.id }) : null,
    count: { value: Math.min(count, roughCountMax), more: count > roughCountMax },
  }
}

/** In the product's own title, or in the search text of one of its variants. */
function hasWord(pattern: string) {
  return sql`and (lower(product.title) like ${pattern} or exists (
    select from variants found where found.tenant_id = product.tenant_id and found.product_id = product.id and found.search_text like ${pattern}
  ))`
}

function moneyOf(minor: number | null, currency: string | null): Money | null {
  return minor === null || currency === null ? null : { minor, currency }
}

export type ProductListing = {
  id: string
  channelId: string
  channelName: string
  title: string
  state: string
  url: string | null
}

export type ProductVariant = {
  id: string
  productId: string
  sku: string
  productTitle: string
  title: string
  imageUrl: string | null
  barcode: string | null
  priceIncVat: Money | null
  available: number | null
  mappedListings: number
  offers: OfferRow[]
  listings: ProductListing[]
}

export type ProductPage = {
  id: string
  handle: string
  title: string
  description: string
  brand: string | null
  productType: string | null
  tags: string[]
  images: { url: string; alt: string }[]
  variants: ProductVariant[]
}

export async function loadProduct(tx: Tx, id: string): Promise<ProductPage | undefined> {
  const found = await sql<Omit<ProductPage, 'images' | 'variants'>>`
    select id, handle, title, description, brand, product_type as "productType", tags from products where tenant_id = ${tx.tenantId} and id = ${id}
  `.execute(tx)
  const product = found.rows[0]
  if (!product) return undefined
  const images = await sql<{ url: string; alt: string }>`
    select url, alt from product_images where tenant_id = ${tx.tenantId} and product_id = ${id} order by position, id
  `.execute(tx)
  const variants = await sql<
    Omit<ProductVariant, 'offers' | 'listings' | 'priceIncVat' | 'productTitle' | 'mappedListings'> & {
      priceMinor: number | null
      currency: string
    }
  >`
    select variant.id, variant.product_id as "productId", variant.sku, variant.title, variant.image_url as "imageUrl", variant.barcode,
      variant.price_minor as "priceMinor", variant.currency, stock.available::int as available
    from variants variant left join lateral (${availableOf(sql`variant`)}) stock on true
    where variant.tenant_id = ${tx.tenantId} and variant.product_id = ${id} order by variant.position, variant.sku
  `.execute(tx)
  const variantIds = variants.rows.map((variant) => variant.id)
  const offers = Map.groupBy(await offersOfVariants(tx, variantIds), (offer) => offer.variantId)
  const listings = Map.groupBy(await listingsOfVariants(tx, variantIds), (row) => row.variantId)
  return {
    ...product,
    images: images.rows,
    variants: variants.rows.map(({ priceMinor, currency, ...variant }) => {
      const served = (listings.get(variant.id) ?? []).map((row) => row.listing)
      const price = moneyOf(priceMinor, currency)
      return {
        ...variant,
        productTitle: product.title,
        priceIncVat: price,
        mappedListings: served.length,
        offers: offers.get(variant.id) ?? [],
        listings: served,
      }
    }),
  }
}

async function listingsOfVariants(
  tx: Tx,
  variantIds: string[],
): Promise<{ variantId: string; listing: ProductListing }[]> {
  const { rows } = await sql<ProductListing & { variantId: string }>`
    select component.variant_id as "variantId", listing.id, listing.channel_id as "channelId", channel.name as "channelName", listing.title, listing.state, listing.url
    from sku_mapping_components component
    join sku_mappings mapping on mapping.tenant_id = component.tenant_id and mapping.id = component.mapping_id
    join listings listing on listing.tenant_id = mapping.tenant_id and listing.id = mapping.listing_id
    join sales_channels channel on channel.tenant_id = listing.tenant_id and channel.id = listing.channel_id
    where component.tenant_id = ${tx.tenantId} and component.variant_id = any(${variantIds}::uuid[]) and channel.removed_at is null
    order by channel.name, listing.title, listing.id
  `.execute(tx)
  return rows.map(({ variantId, ...listing }) => ({ variantId, listing }))
}
