// What drafts are built from, for many products at once: a handful of statements whatever their number.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { advertisedStock } from '../stock/advertised.ts'
import type { OfferStock } from '../stock/advertised.ts'
import type { Money } from '../money.ts'
import type { DraftSource, DraftTemplate, DraftVariant, MappedListing } from './build-draft.ts'

/** In the order of the ids; products that are not there are left out. */
export async function loadDraftSources(tx: Tx, channelId: string, productIds: string[]): Promise<DraftSource[]> {
  if (productIds.length === 0) return []
  const products = await readProducts(tx, channelId, productIds)
  const variants = await readVariants(tx, channelId, productIds)
  const variantIds = variants.map(({ variantId }) => variantId)
  const images = grouped(await readImages(tx, productIds), ({ productId }) => productId)
  const offers = grouped(await readOffers(tx, variantIds), ({ variantId }) => variantId)
  const listings = grouped(await readListings(tx, channelId, variantIds), ({ variantId }) => variantId)
  const rules = await readAdvertisingRules(tx, channelId)
  const complete = variants.map((variant) => ({
    productId: variant.productId,
    variant: {
      ...draftVariant(variant),
      quantity: advertisedStock([{ sku: variant.sku, quantity: 1, offers: offers.get(variant.variantId) ?? [] }], rules)
        .quantity,
      listings: listings.get(variant.variantId) ?? [],
    },
  }))
  const byProduct = grouped(complete, ({ productId }) => productId)
  const sources = new Map(
    products.map((row): [string, DraftSource] => [
      row.productId,
      {
        ...row,
        images: (images.get(row.productId) ?? []).map(({ url }) => url),
        variants: (byProduct.get(row.productId) ?? []).map(({ variant }) => variant),
      },
    ]),
  )
  return productIds.flatMap((id) => sources.get(id) ?? [])
}

/** SKUs that stand on the channel in a listing which is not linked to their variant, and is none that a change of ours made. */
export async function readForeignSkus(tx: Tx, channelId: string, sources: DraftSource[]): Promise<Set<string>> {
  const variants = sources.flatMap(({ productId, variants: all }) =>
    all.map(({ sku }) => ({ sku, product_id: productId })),
  )
  const { rows } = await sql<{ sku: string }>`
    select distinct l.channel_sku as sku
    from jsonb_to_recordset(${JSON.stringify(variants)}::jsonb) as v (sku text, product_id uuid)
    join listings l on l.tenant_id = ${tx.tenantId} and l.channel_id = ${channelId} and l.channel_sku = v.sku
    where l.missing_since is null and l.state <> 'ended'
      and not exists (
        select from listing_changes c where c.tenant_id = l.tenant_id and c.channel_id = l.channel_id
          and c.product_id = v.product_id and c.marketplace_listing_id = l.marketplace_listing_id
      )
      and not exists (
        select from sku_mappings m join sku_mapping_components part on part.tenant_id = m.tenant_id and part.mapping_id = m.id
        join variants own on own.tenant_id = part.tenant_id and own.id = part.variant_id
        where m.tenant_id = l.tenant_id and m.listing_id = l.id and own.product_id = v.product_id and own.sku = v.sku
      )
  `.execute(tx)
  return new Set(rows.map(({ sku }) => sku))
}

function readProducts(tx: Tx, channelId: string, productIds: string[]) {
  return rowsOf(
    sql<Omit<DraftSource, 'images' | 'variants'> & { template: DraftTemplate | null }>`
      select p.id as "productId", p.handle, p.title, p.description, nullif(p.brand, '') as brand, p.product_type as "productType",
        nullif(p.category, '') as category,
        jsonb_build_object('title', c.title, 'description', c.description, 'categoryId', c.category_id, 'categoryPath', c.category_path,
          'attributes', coalesce(c.attributes, '{}'), 'templateId', c.template_id) as said,
        case when t.id is not null then jsonb_build_object('categoryId', t.category_id, 'categoryPath', t.category_path,
          'attributes', t.attributes, 'titlePattern', t.title_pattern, 'descriptionPattern', t.description_pattern) end as template
      from products p
      left join channel_products c on c.tenant_id = p.tenant_id and c.channel_id = ${channelId} and c.product_id = p.id
      left join listing_templates t on t.tenant_id = c.tenant_id and t.id = c.template_id
      where p.tenant_id = ${tx.tenantId} and p.id = any(${productIds}::uuid[])
    `.execute(tx),
  )
}

type VariantRow = {
  productId: string
  variantId: string
  sku: string
  title: string
  options: Record<string, string>
  barcode: string | null
  imageUrl: string | null
  currency: string
  priceMinor: number | null
  included: boolean
  saidTitle: string | null
  attributes: Record<string, string>
  saidPriceMinor: number | null
  saidShippingMinor: number | null
  saidCurrency: string | null
  ruleMinor: number | null
  ruleCurrency: string | null
  ruleHeld: boolean
  vatRateBasisPoints: number | null
  parcel: DraftVariant['parcel']
}

function readVariants(tx: Tx, channelId: string, productIds: string[]) {
  return rowsOf(
    sql<VariantRow>`
      select v.product_id as "productId", v.id as "variantId", v.sku, v.title, v.options, nullif(v.barcode, '') as barcode,
        v.image_url as "imageUrl", v.currency, v.price_minor as "priceMinor", coalesce(c.included, true) as included,
        c.title as "saidTitle", coalesce(c.attributes, '{}') as attributes, c.price_minor as "saidPriceMinor",
        c.shipping_minor as "saidShippingMinor", c.currency as "saidCurrency",
        r.price_minor as "ruleMinor", r.currency as "ruleCurrency", coalesce(r.held is not null, false) as "ruleHeld",
        coalesce(r.vat_rate_basis_points, v.vat_rate_basis_points) as "vatRateBasisPoints",
        jsonb_build_object('weightGrams', v.weight_grams, 'lengthMm', v.length_mm, 'widthMm', v.width_mm, 'heightMm', v.height_mm)
          as parcel
      from variants v
      left join channel_variants c on c.tenant_id = v.tenant_id and c.channel_id = ${channelId} and c.variant_id = v.id
      left join rule_prices r on r.tenant_id = v.tenant_id and r.channel_id = ${channelId} and r.variant_id = v.id
      where v.tenant_id = ${tx.tenantId} and v.product_id = any(${productIds}::uuid[]) and v.archived_at is null
      order by v.product_id, v.position, v.id
    `.execute(tx),
  )
}

function draftVariant(row: VariantRow): Omit<DraftVariant, 'quantity' | 'listings'> {
  const { variantId, sku, title, options, barcode, imageUrl, included, attributes, parcel, vatRateBasisPoints } = row
  return {
    variantId,
    sku,
    title,
    options: textsOf(options),
    barcode,
    imageUrl,
    parcel,
    vatRateBasisPoints,
    said: {
      included,
      title: row.saidTitle,
      attributes,
      price: moneyOf(row.saidPriceMinor, row.saidCurrency),
      shipping: moneyOf(row.saidShippingMinor, row.saidCurrency),
    },
    rulePrice: moneyOf(row.ruleMinor, row.ruleCurrency),
    // A rule owns it and cannot say what it is: the variant's may be a loss.
    ownPrice: row.ruleHeld ? null : moneyOf(row.priceMinor, row.currency),
  }
}

function readImages(tx: Tx, productIds: string[]) {
  return rowsOf(
    sql<{ productId: string; url: string }>`
      select product_id as "productId", url from product_images
      where tenant_id = ${tx.tenantId} and product_id = any(${productIds}::uuid[]) order by product_id, position, id
    `.execute(tx),
  )
}

/** The same offers as for listings that exist, see stock-targets.store.ts. */
function readOffers(tx: Tx, variantIds: string[]) {
  return rowsOf(
    sql<OfferStock & { variantId: string }>`
      select o.variant_id as "variantId", s.name as "supplierName",
        o.active and s.active and not (s.figures_stale and s.stale_shows_zero) as active,
        o.on_hand as "onHand", o.reserved, o.on_hand_at as "onHandAt"
      from supplier_offers o join suppliers s on s.tenant_id = o.tenant_id and s.id = o.supplier_id
      where o.tenant_id = ${tx.tenantId} and o.variant_id = any(${variantIds}::uuid[])
    `.execute(tx),
  )
}

/** Packs and kits are something else, although they hold the variant. */
function readListings(tx: Tx, channelId: string, variantIds: string[]) {
  return rowsOf(
    sql<MappedListing & { variantId: string }>`
      select c.variant_id as "variantId", l.id as "listingId", l.marketplace_listing_id as "marketplaceListingId",
        nullif(l.marketplace_variant_id, '') as "marketplaceVariantId", l.channel_sku as "channelSku", l.state, l.url,
        l.listed_here_at is not null as "listedHere"
      from sku_mapping_components c
      join sku_mappings m on m.tenant_id = c.tenant_id and m.id = c.mapping_id and m.channel_id = ${channelId}
      join listings l on l.tenant_id = m.tenant_id and l.id = m.listing_id and l.missing_since is null
      where c.tenant_id = ${tx.tenantId} and c.variant_id = any(${variantIds}::uuid[]) and c.quantity = 1
        and not exists (
          select from sku_mapping_components other
          where other.tenant_id = c.tenant_id and other.mapping_id = c.mapping_id and other.variant_id <> c.variant_id
        )
      order by l.listed_here_at is null, l.created_at, l.id
    `.execute(tx),
  )
}

async function readAdvertisingRules(tx: Tx, channelId: string) {
  const { rows } = await sql<{ stockThreshold: number; advertisedMax: number }>`
    select stock_threshold as "stockThreshold", advertised_max as "advertisedMax" from sales_channels
    where tenant_id = ${tx.tenantId} and id = ${channelId}
  `.execute(tx)
  return { stockThreshold: 0, advertisedMax: 0, ...rows[0], takesQuantity: true }
}

function moneyOf(minor: number | null, currency: string | null): Money | null {
  return minor === null || currency === null ? null : { minor, currency }
}

function textsOf(options: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(options).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  )
}

async function rowsOf<Row>(asked: Promise<{ rows: Row[] }>): Promise<Row[]> {
  return (await asked).rows
}

function grouped<Row>(rows: Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const group = groups.get(keyOf(row))
    if (group) group.push(row)
    else groups.set(keyOf(row), [row])
  }
  return groups
}
