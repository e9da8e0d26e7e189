// Products, variants, images and the seller's own offers in tables, read and written a batch at a time.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { ProductPlan, Stored, StoredImage, StoredOffer, StoredProduct, StoredVariant } from './plan-products.ts'

/** What is here of these handles and SKUs. Two imports at once wait for each other. */
export async function loadForImport(
  tx: Tx,
  wanted: { handles: string[]; skus: string[]; ownSupplierId: string },
): Promise<Stored> {
  await lockCatalogue(tx)
  const products = await sql<StoredProduct>`
    select id, handle, title, description, brand, product_type as "productType", category, tags
    from products where tenant_id = ${tx.tenantId} and handle = any(${wanted.handles}::text[])
  `.execute(tx)
  const variants = await sql<StoredVariant>`
    select v.id, v.product_id as "productId", p.handle, v.sku, v.title, v.options, v.barcode, v.price_minor as "priceMinor",
      v.weight_grams as "weightGrams", v.image_url as "imageUrl", v.position, v.vat_rate_basis_points as "vatRateBasisPoints",
      v.length_mm as "lengthMm", v.width_mm as "widthMm", v.height_mm as "heightMm"
    from variants v join products p on p.tenant_id = v.tenant_id and p.id = v.product_id
    where v.tenant_id = ${tx.tenantId} and v.sku = any(${wanted.skus}::text[])
  `.execute(tx)
  const images = await sql<StoredImage>`
    select product_id as "productId", url, alt, position from product_images
    where tenant_id = ${tx.tenantId} and product_id = any(${products.rows.map((product) => product.id)}::uuid[])
  `.execute(tx)
  const offers = await sql<StoredOffer>`
    select id, variant_id as "variantId", on_hand as "onHand", cost_minor as "costMinor" from supplier_offers
    where tenant_id = ${tx.tenantId} and supplier_id = ${wanted.ownSupplierId} and variant_id = any(${variants.rows.map((variant) => variant.id)}::uuid[])
  `.execute(tx)
  return { products: products.rows, variants: variants.rows, images: images.rows, offers: offers.rows }
}

/** Who adds SKUs holds it until his transaction ends. */
export async function lockCatalogue(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('import-products'), hashtext(${tx.tenantId}))`.execute(tx)
}

export async function savePlan(
  tx: Tx,
  plan: ProductPlan,
  owner: { supplierId: string; offerCurrency: string; priceCurrency: string },
): Promise<void> {
  await saveProducts(tx, plan.products)
  await saveVariants(tx, plan.variants, owner.priceCurrency)
  await saveImages(tx, plan.images)
  await saveOffers(tx, plan, owner)
  await refreshSearchTexts(tx, [
    ...new Set([...plan.products.map((product) => product.id), ...plan.variants.map((variant) => variant.productId)]),
  ])
}

async function saveProducts(tx: Tx, products: StoredProduct[]): Promise<void> {
  if (products.length === 0) return
  await sql`
    insert into products (tenant_id, id, handle, title, description, brand, product_type, category, tags)
    select ${tx.tenantId}, p.id, p.handle, p.title, p.description, p.brand, p."productType", p.category, p.tags
    from jsonb_to_recordset(${JSON.stringify(products)}::jsonb)
      as p (id uuid, handle text, title text, description text, brand text, "productType" text, category text, tags text[])
    on conflict (tenant_id, id) do update set title = excluded.title, description = excluded.description, brand = excluded.brand,
      product_type = excluded.product_type, category = excluded.category, tags = excluded.tags, updated_at = app_now()
  `.execute(tx)
}

async function saveVariants(tx: Tx, variants: ProductPlan['variants'], currency: string): Promise<void> {
  if (variants.length === 0) return
  await sql`
    insert into variants (tenant_id, id, product_id, sku, sku_normalized, title, options, barcode, price_minor, currency, weight_grams, image_url, position,
      vat_rate_basis_points, length_mm, width_mm, height_mm)
    select ${tx.tenantId}, v.id, v."productId", v.sku, v."skuNormalized", v.title, v.options, v.barcode, v."priceMinor", ${currency}, v."weightGrams", v."imageUrl", v.position,
      v."vatRateBasisPoints", v."lengthMm", v."widthMm", v."heightMm"
    from jsonb_to_recordset(${JSON.stringify(variants)}::jsonb)
      as v (id uuid, "productId" uuid, sku text, "skuNormalized" text, title text, options jsonb, barcode text, "priceMinor" bigint,
        "weightGrams" int, "imageUrl" text, position int, "vatRateBasisPoints" int, "lengthMm" int, "widthMm" int, "heightMm" int)
    on conflict (tenant_id, id) do update set title = excluded.title, options = excluded.options, barcode = excluded.barcode,
      price_minor = excluded.price_minor, vat_rate_basis_points = excluded.vat_rate_basis_points, length_mm = excluded.length_mm,
      width_mm = excluded.width_mm, height_mm = excluded.height_mm,
      -- A price that the file does not state stays as it is, in its currency.
      currency = case when excluded.price_minor is distinct from variants.price_minor then excluded.currency else variants.currency end,
      weight_grams = excluded.weight_grams,
      image_url = excluded.image_url, position = excluded.position, updated_at = app_now()
  `.execute(tx)
}

/** Of a picture of ours, see pictures.store.ts. */
const pathOfOwn = '^/pictures/[0-9a-f-]{36}/([0-9a-f-]{36})[.]'

async function saveImages(tx: Tx, images: ProductPlan['images']): Promise<void> {
  if (images.length === 0) return
  await sql`
    insert into product_images (tenant_id, id, product_id, position, url, alt, picture_id)
    select ${tx.tenantId}, i.id, i."productId", i.position, i.url, i.alt, (
      select own.id from pictures own where own.tenant_id = ${tx.tenantId} and own.id::text = substring(i.url from ${pathOfOwn})
    )
    from jsonb_to_recordset(${JSON.stringify(images)}::jsonb) as i (id uuid, "productId" uuid, position int, url text, alt text)
    on conflict (tenant_id, product_id, url) do update set position = excluded.position, alt = excluded.alt
  `.execute(tx)
}

async function saveOffers(
  tx: Tx,
  plan: ProductPlan,
  owner: { supplierId: string; offerCurrency: string },
): Promise<void> {
  if (plan.newOffers.length > 0) {
    await sql`
      insert into supplier_offers (tenant_id, id, supplier_id, variant_id, supplier_sku, currency)
      select ${tx.tenantId}, o.id, ${owner.supplierId}, o."variantId", o.sku, ${owner.offerCurrency}
      from jsonb_to_recordset(${JSON.stringify(plan.newOffers)}::jsonb) as o (id uuid, "variantId" uuid, sku text)
    `.execute(tx)
  }
  if (plan.costs.length > 0) {
    await sql`
      update supplier_offers o set cost_minor = c."costMinor", updated_at = app_now()
      from jsonb_to_recordset(${JSON.stringify(plan.costs)}::jsonb) as c ("offerId" uuid, "costMinor" bigint)
      where o.tenant_id = ${tx.tenantId} and o.id = c."offerId"
    `.execute(tx)
  }
}

/** What the search boxes look through; also variants of a product whose title changed. */
export async function refreshSearchTexts(tx: Tx, productIds: string[]): Promise<void> {
  await sql`
    update variants v set search_text = s.text
    from (
      select v.id, lower(concat_ws(' ', v.sku, p.title, nullif(v.title, ''), v.barcode)) as text
      from variants v join products p on p.tenant_id = v.tenant_id and p.id = v.product_id
      where v.tenant_id = ${tx.tenantId} and v.product_id = any(${productIds}::uuid[])
    ) s
    where v.tenant_id = ${tx.tenantId} and v.id = s.id and v.search_text <> s.text
  `.execute(tx)
}
