// What the rows of the listings grid are made from, for a batch of products. Each question is asked for itself and answered by
// index: behind row-level security a join of their answers would be planned for one row and looped over thousands.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { usedOfferFirst } from '../pricing/used-offer.store.ts'
import { availableOfOffer, offersInUse } from '../stock/available.store.ts'

export type GridProduct = {
  id: string
  title: string
  brand: string | null
  category: string | null
  /** Archived is not for sale anywhere. */
  archived: boolean
  titleKey: string
}

export async function readGridProducts(tx: Tx, productIds: string[]): Promise<GridProduct[]> {
  const { rows } = await sql<GridProduct>`
    select id, title, brand, nullif(category, '') as category, archived_at is not null as archived, left(lower(title), 120) as "titleKey"
    from products where tenant_id = ${tx.tenantId} and id = any(${productIds}::uuid[])
  `.execute(tx)
  return rows
}

export type GridFigures = {
  productId: string
  skuKey: string
  /** Null: not known. */
  stock: number | null
  cost: number | null
  supplierIds: string[]
  skus: string[]
  barcodes: string[]
  titles: string[]
}

/** Over all variants. The offer whose cost is shown is the one that would be asked first. */
export async function readGridFigures(tx: Tx, productIds: string[]): Promise<GridFigures[]> {
  const { rows } = await sql<GridFigures>`
    select product_id as "productId", min(lower(left(sku, 120))) as "skuKey", case when sum(available) is not null then least(sum(available), 2147483647)::int end as stock,
      min(cost_minor) filter (where nth_cost = 1) as cost,
      coalesce(array_agg(distinct supplier_id) filter (where supplier_id is not null), '{}') as "supplierIds",
      array_agg(sku) filter (where nth = 1) as skus,
      coalesce(array_agg(barcode) filter (where nth = 1 and barcode is not null), '{}') as barcodes,
      coalesce(array_agg(title) filter (where nth = 1 and title <> ''), '{}') as titles
    from (
      select variant.product_id, variant.sku, variant.barcode, variant.title, o.supplier_id, o.available, o.cost_minor,
        row_number() over (partition by variant.product_id, variant.id) as nth,
        row_number() over (partition by variant.product_id, variant.id
          order by o.place) as nth_cost
      from variants variant
      left join lateral (
        select offer.supplier_id, ${availableOfOffer} as available, offer.cost_minor,
          row_number() over (order by ${usedOfferFirst}) as place
        from ${offersInUse} where offer.tenant_id = variant.tenant_id and offer.variant_id = variant.id
      ) o on true
      where variant.tenant_id = ${tx.tenantId} and variant.product_id = any(${productIds}::uuid[])
    ) offered
    group by product_id
  `.execute(tx)
  return rows
}

type OnChannel = { productId: string; channelId: string }

/** By what is listed there; 3 is refused. */
export async function readGridListings(tx: Tx, productIds: string[]): Promise<(OnChannel & { state: number })[]> {
  const { rows } = await sql<OnChannel & { state: number }>`
    select v.product_id as "productId", m.channel_id as "channelId",
      max(case when t.listing_id is not null then 3 when l.listed_here_at is not null then 2 else 1 end) as state
    from variants v
    join sku_mapping_components c on c.tenant_id = v.tenant_id and c.variant_id = v.id
    join sku_mappings m on m.tenant_id = c.tenant_id and m.id = c.mapping_id
    join listings l on l.tenant_id = m.tenant_id and l.id = m.listing_id and l.missing_since is null
    left join listing_targets t on t.tenant_id = l.tenant_id and t.listing_id = l.id and t.state = 'rejected'
    where v.tenant_id = ${tx.tenantId} and v.product_id = any(${productIds}::uuid[])
    group by v.product_id, m.channel_id
  `.execute(tx)
  return rows
}

/** F3. The last change of each product, or of each of its variants, was refused. */
export async function readRefusedChanges(tx: Tx, channelIds: string[], productIds: string[]): Promise<OnChannel[]> {
  const { rows } = await sql<OnChannel>`
    select distinct "productId", "channelId" from (
      select distinct on (channel_id, product_id, variant_id) product_id as "productId", channel_id as "channelId", state
      from listing_changes
      where tenant_id = ${tx.tenantId} and channel_id = any(${channelIds}::uuid[]) and product_id = any(${productIds}::uuid[])
      order by channel_id, product_id, variant_id, id desc
    ) last_changes
    where state = 'refused'
  `.execute(tx)
  return rows
}

/** The lowest of its variants': its own on this sales channel, a rule's, or the variant's. */
export async function readGridPrices(
  tx: Tx,
  channelIds: string[],
  productIds: string[],
): Promise<(OnChannel & { price: number | null })[]> {
  const { rows } = await sql<OnChannel & { price: number | null }>`
    select v.product_id as "productId", c.id as "channelId", min(coalesce(own.price_minor, rule.price_minor, v.price_minor)) as price
    from variants v
    cross join unnest(${channelIds}::uuid[]) as c (id)
    left join channel_variants own on own.tenant_id = v.tenant_id and own.channel_id = c.id and own.variant_id = v.id
    left join rule_prices rule on rule.tenant_id = v.tenant_id and rule.channel_id = c.id and rule.variant_id = v.id
    where v.tenant_id = ${tx.tenantId} and v.product_id = any(${productIds}::uuid[])
    group by v.product_id, c.id
  `.execute(tx)
  return rows
}
