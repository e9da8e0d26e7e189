// The right side of the mapping tool, and the list of inventory SKUs: our variants with what can be delivered.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { Money } from '../money.ts'
import { availableOf } from '../stock/available.store.ts'
import { decodeCursor, encodeCursor, likePatterns, roughCountMax } from './paging.ts'
import type { RowPage } from './paging.ts'

export type VariantRow = {
  id: string
  productId: string
  sku: string
  productTitle: string
  title: string
  imageUrl: string | null
  barcode: string | null
  priceIncVat: Money | null
  /** Null: unknown. */
  available: number | null
  mappedListings: number
}

export type VariantFilter = {
  search?: string | undefined
  channelId?: string | undefined
  mapped: 'all' | 'mapped' | 'unmapped'
  cursor?: string | undefined
  limit: number
}

export async function listVariants(tx: Tx, filter: VariantFilter): Promise<RowPage<VariantRow>> {
  const after = decodeCursor(filter.cursor)
  const page = sql`
    select variant.* from variants variant where ${matches(tx, filter)}
      ${after ? sql`and variant.sku > ${after.text}` : sql``}
    order by variant.sku limit ${filter.limit + 1}`
  const rows = await loadRows(tx, page, filter.channelId)
  const shown = rows.slice(0, filter.limit)
  const last = rows.length > filter.limit ? shown.at(-1) : undefined
  const counted = await sql<{ count: number }>`
    select count(*)::int as count from (select from variants variant where ${matches(tx, filter)} limit ${roughCountMax + 1}) counted
  `.execute(tx)
  const count = counted.rows[0]?.count ?? 0
  return {
    rows: shown,
    next: last ? encodeCursor({ text: last.sku, id: last.id }) : null,
    count: { value: Math.min(count, roughCountMax), more: count > roughCountMax },
  }
}

export async function loadVariantRow(tx: Tx, variantId: string): Promise<VariantRow | undefined> {
  const one = sql`select variant.* from variants variant where variant.tenant_id = ${tx.tenantId} and variant.id = ${variantId}`
  const [row] = await loadRows(tx, one, undefined)
  return row
}

async function loadRows(tx: Tx, page: ReturnType<typeof sql>, channelId: string | undefined): Promise<VariantRow[]> {
  const { rows } = await sql<VariantRow & { priceMinor: number | null; currency: string }>`
    with page as (${page})
    select page.id, page.product_id as "productId", page.sku, product.title as "productTitle", page.title,
      page.image_url as "imageUrl", page.barcode, page.price_minor as "priceMinor", page.currency,
      stock.available, mapped.listings as "mappedListings"
    from page
    join products product on product.tenant_id = ${tx.tenantId} and product.id = page.product_id
    left join lateral (${availableOf(sql`page`)}) stock on true
    left join lateral (
      select count(*)::int as listings ${mappingsOf(tx, sql`page.id`, channelId)}
    ) mapped on true
    order by page.sku
  `.execute(tx)
  return rows.map(({ priceMinor, currency, ...row }) => ({
    ...row,
    priceIncVat: priceMinor === null ? null : { minor: priceMinor, currency },
  }))
}

function matches(tx: Tx, { search, channelId, mapped }: VariantFilter) {
  const isMapped = sql`exists (select ${mappingsOf(tx, sql`variant.id`, channelId)})`
  return sql`variant.tenant_id = ${tx.tenantId}
    ${mapped === 'all' ? sql`` : mapped === 'mapped' ? sql`and ${isMapped}` : sql`and not ${isMapped}`}
    and variant.search_text like all(${likePatterns(search)}::text[])`
}

function mappingsOf(tx: Tx, variantId: ReturnType<typeof sql>, channelId: string | undefined) {
  return sql`
    from sku_mapping_components component
    join sku_mappings mapping on mapping.tenant_id = ${tx.tenantId} and mapping.id = component.mapping_id
    join sales_channels channel on channel.tenant_id = ${tx.tenantId} and channel.id = mapping.channel_id and channel.removed_at is null
    where component.tenant_id = ${tx.tenantId} and component.variant_id = ${variantId}
      ${channelId === undefined ? sql`` : sql`and mapping.channel_id = ${channelId}`}`
}
