// A product in tables, as the editor reads and writes it.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { Money } from '../money.ts'
import { optionNamesOf, variantTitle, type DraftOfProduct, type DraftOfVariant } from './product-draft.ts'
import { skuNormalized } from './sku.ts'

/** What keeps a variant from being removed. */
export type Held = { orders: number; mappings: number; changes: number }

export type EditedVariant = DraftOfVariant & { id: string; title: string; held: Held }
export type EditedProduct = Omit<DraftOfProduct, 'variants'> & {
  id: string
  handle: string
  archived: boolean
  /** Changes with every change; a save names the one it began from. */
  version: string
  variants: EditedVariant[]
}

type VariantRow = Omit<EditedVariant, 'optionValues' | 'priceIncVat' | 'held' | 'barcode'> &
  Held & {
    options: Record<string, string>
    barcode: string | null
    priceMinor: number | null
    currency: string
    updatedAt: string
  }

export async function readEditedProduct(
  tx: Tx,
  productId: string,
  options: { lock: boolean } = { lock: false },
): Promise<EditedProduct | undefined> {
  const { rows } = await sql<
    Omit<EditedProduct, 'version' | 'variants' | 'images' | 'optionNames'> & { updatedAt: string }
  >`
    select id, handle, title, description, coalesce(brand, '') as brand, coalesce(category, '') as category,
      coalesce(product_type, '') as "productType", tags, archived_at is not null as archived, updated_at::text as "updatedAt"
    from products where tenant_id = ${tx.tenantId} and id = ${productId} ${options.lock ? sql`for update` : sql``}
  `.execute(tx)
  const product = rows[0]
  if (!product) return undefined
  const variants = await readVariants(tx, productId)
  const images = await sql<{ url: string; alt: string }>`
    select url, alt from product_images where tenant_id = ${tx.tenantId} and product_id = ${productId} order by position, id
  `.execute(tx)
  const optionNames = optionNamesOf(variants)
  const { updatedAt, ...told } = product
  return {
    ...told,
    optionNames,
    images: images.rows,
    version: [updatedAt, ...variants.map((variant) => variant.updatedAt)].toSorted().at(-1) ?? updatedAt,
    variants: variants.map((row) => editedVariant(row, optionNames)),
  }
}

async function readVariants(tx: Tx, productId: string): Promise<VariantRow[]> {
  const { rows } = await sql<VariantRow>`
    select v.id, v.sku, v.title, v.options, v.barcode, v.price_minor as "priceMinor", v.currency,
      v.vat_rate_basis_points as "vatRateBasisPoints", v.weight_grams as "weightGrams", v.length_mm as "lengthMm",
      v.width_mm as "widthMm", v.height_mm as "heightMm", v.image_url as "imageUrl", v.archived_at is not null as archived,
      v.updated_at::text as "updatedAt",
      (select count(distinct c.order_id)::int from order_line_components c where c.tenant_id = v.tenant_id and c.variant_id = v.id) as orders,
      (select count(*)::int from sku_mapping_components m where m.tenant_id = v.tenant_id and m.variant_id = v.id) as mappings,
      (select count(*)::int from listing_changes l where l.tenant_id = v.tenant_id and l.product_id = v.product_id
        and (l.variant_id is null or l.variant_id = v.id) and l.state in ('waiting', 'in-flight', 'unclear', 'in-review')) as changes
    from variants v where v.tenant_id = ${tx.tenantId} and v.product_id = ${productId} order by v.position, v.id
  `.execute(tx)
  return rows
}

function editedVariant(row: VariantRow, optionNames: string[]): EditedVariant {
  const { options, priceMinor, currency, updatedAt: _, orders, mappings, changes, barcode, ...variant } = row
  const priceIncVat: Money | null = priceMinor === null ? null : { minor: priceMinor, currency }
  return {
    ...variant,
    barcode: barcode ?? '',
    optionValues: optionNames.map((name) => options[name] ?? ''),
    priceIncVat,
    held: { orders, mappings, changes },
  }
}

/** Products that have one of these SKUs, other than this one. */
export async function skusTaken(tx: Tx, productId: string, skus: string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ sku: string; title: string }>`
    select v.sku, p.title from variants v join products p on p.tenant_id = v.tenant_id and p.id = v.product_id
    where v.tenant_id = ${tx.tenantId} and v.sku = any(${skus}::text[]) and v.product_id <> ${productId}
  `.execute(tx)
  return new Map(rows.map(({ sku, title }) => [sku, title]))
}

/** A handle nobody has: from the title, with a number where it is taken. */
export async function freeHandle(tx: Tx, title: string): Promise<string> {
  const plain =
    title
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 80) || 'product'
  const { rows } = await sql<{ handle: string }>`
    select handle from products where tenant_id = ${tx.tenantId} and handle like ${`${plain.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`}
  `.execute(tx)
  const taken = new Set(rows.map(({ handle }) => handle))
  for (let number = 1; ; number++) {
    const handle = number === 1 ? plain : `${plain}-${number}`
    if (!taken.has(handle)) return handle
  }
}

export type ProductToWrite = { id: string; handle: string; draft: DraftOfProduct; currency: string }

export async function writeProduct(tx: Tx, { id, handle, draft }: ProductToWrite): Promise<void> {
  const { title, description, brand, productType, category, tags } = draft
  await sql`
    insert into products (tenant_id, id, handle, title, description, brand, product_type, category, tags)
    values (${tx.tenantId}, ${id}, ${handle}, ${title}, ${description}, ${brand || null}, ${productType || null}, ${category || null}, ${tags})
    on conflict (tenant_id, id) do update set title = excluded.title, description = excluded.description, brand = excluded.brand,
      product_type = excluded.product_type, category = excluded.category, tags = excluded.tags, updated_at = app_now()
  `.execute(tx)
}

/** `variants` with the ids they have from now on, in the order of the page. */
export async function writeVariants(
  tx: Tx,
  { id: productId, draft, currency }: ProductToWrite,
  variants: (DraftOfVariant & { id: string })[],
): Promise<void> {
  const rows = variants.map((variant, position) => ({
    ...variant,
    position,
    skuNormalized: skuNormalized(variant.sku),
    title: variantTitle(variant.optionValues),
    options: Object.fromEntries(draft.optionNames.map((name, at) => [name, variant.optionValues[at] ?? ''])),
    barcode: variant.barcode || null,
    priceMinor: variant.priceIncVat?.minor ?? null,
  }))
  // Two that swap their SKUs would each be in the other's way.
  await sql`
    update variants set sku = 'moving ' || id where tenant_id = ${tx.tenantId} and product_id = ${productId} and id in (
      select v.id from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as w (id uuid, sku text)
      join variants v on v.tenant_id = ${tx.tenantId} and v.id = w.id where v.sku <> w.sku
    )
  `.execute(tx)
  await sql`
    insert into variants as v (tenant_id, id, product_id, sku, sku_normalized, title, options, barcode, price_minor, currency,
      vat_rate_basis_points, weight_grams, length_mm, width_mm, height_mm, image_url, position, archived_at)
    select ${tx.tenantId}, w.id, ${productId}, w.sku, w."skuNormalized", w.title, w.options, w.barcode, w."priceMinor", ${currency},
      w."vatRateBasisPoints", w."weightGrams", w."lengthMm", w."widthMm", w."heightMm", w."imageUrl", w.position,
      case when w.archived then app_now() end
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as w (id uuid, sku text, "skuNormalized" text, title text, options jsonb, barcode text, "priceMinor" bigint,
        "vatRateBasisPoints" int, "weightGrams" int, "lengthMm" int, "widthMm" int, "heightMm" int, "imageUrl" text, position int, archived boolean)
    on conflict (tenant_id, id) do update set sku = excluded.sku, sku_normalized = excluded.sku_normalized, title = excluded.title,
      options = excluded.options, barcode = excluded.barcode, price_minor = excluded.price_minor,
      currency = case when excluded.price_minor is null then v.currency else excluded.currency end,
      vat_rate_basis_points = excluded.vat_rate_basis_points, weight_grams = excluded.weight_grams, length_mm = excluded.length_mm,
      width_mm = excluded.width_mm, height_mm = excluded.height_mm, image_url = excluded.image_url, position = excluded.position,
      archived_at = case when excluded.archived_at is null then null else coalesce(v.archived_at, excluded.archived_at) end,
      updated_at = app_now()
  `.execute(tx)
}

export async function writeImages(
  tx: Tx,
  productId: string,
  images: { url: string; alt: string; pictureId: string | null }[],
): Promise<void> {
  const rows = images.map((image, at) => ({ ...image, id: tx.ids.uuid(), position: at + 1 }))
  await sql`
    delete from product_images where tenant_id = ${tx.tenantId} and product_id = ${productId}
      and url <> all(${images.map(({ url }) => url)}::text[])
  `.execute(tx)
  await sql`
    insert into product_images (tenant_id, id, product_id, position, url, alt, picture_id)
    select ${tx.tenantId}, w.id, ${productId}, w.position, w.url, w.alt, w."pictureId"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as w (id uuid, position int, url text, alt text, "pictureId" uuid)
    on conflict (tenant_id, product_id, url) do update set position = excluded.position, alt = excluded.alt, picture_id = excluded.picture_id
  `.execute(tx)
}

/** So that stock and cost can be entered at once, as of the seller's own. */
export async function addOwnOffers(
  tx: Tx,
  own: { id: string; currency: string },
  variants: { id: string; sku: string }[],
): Promise<void> {
  const rows = variants.map((variant) => ({ ...variant, offerId: tx.ids.uuid() }))
  await sql`
    insert into supplier_offers (tenant_id, id, supplier_id, variant_id, supplier_sku, currency)
    select ${tx.tenantId}, w."offerId", ${own.id}, w.id, w.sku, ${own.currency}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as w ("offerId" uuid, id uuid, sku text)
    on conflict do nothing
  `.execute(tx)
}

export async function deleteVariants(tx: Tx, variantIds: string[]): Promise<void> {
  await sql`
    delete from variants where tenant_id = ${tx.tenantId} and id = any(${variantIds}::uuid[])
  `.execute(tx)
}

export async function deleteProduct(tx: Tx, productId: string): Promise<void> {
  await sql`delete from products where tenant_id = ${tx.tenantId} and id = ${productId}`.execute(tx)
}

export async function archive(tx: Tx, productId: string, archived: boolean): Promise<boolean> {
  const changed = await sql`
    update products set archived_at = ${archived ? sql`coalesce(archived_at, app_now())` : sql`null`}, updated_at = app_now()
    where tenant_id = ${tx.tenantId} and id = ${productId}
  `.execute(tx)
  return (changed.numAffectedRows ?? 0n) > 0n
}
