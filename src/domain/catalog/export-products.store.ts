// Products for a file, a batch at a time, so that a million of them need no more memory than a thousand.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { availableOfOffer } from '../stock/available.store.ts'
import { listMyProductIds, type MyProductsFilter } from './my-products.store.ts'
import type { CsvProduct } from './product-csv.ts'

const productsAtOnce = 500

export type ExportBatch = { products: CsvProduct[]; next: string | null }

export async function readExportBatch(
  tx: Tx,
  filter: MyProductsFilter,
  cursor: string | undefined,
): Promise<ExportBatch> {
  const { ids, next } = await listMyProductIds(tx, filter, { cursor, limit: productsAtOnce })
  const { rows } = await sql<CsvProduct>`
    select p.handle, p.title, p.description, nullif(p.brand, '') as brand, nullif(p.product_type, '') as "productType",
      nullif(p.category, '') as category, p.tags, coalesce(i.images, '[]') as images, coalesce(v.variants, '[]') as variants
    from unnest(${ids}::uuid[]) with ordinality as wanted (id, place)
    join products p on p.tenant_id = ${tx.tenantId} and p.id = wanted.id
    left join lateral (
      select jsonb_agg(jsonb_build_object('url', i.url, 'alt', i.alt, 'position', i.position) order by i.position, i.id) as images
      from product_images i where i.tenant_id = p.tenant_id and i.product_id = p.id
    ) i on true
    left join lateral (
      select jsonb_agg(jsonb_build_object(
        'sku', v.sku, 'title', v.title, 'options', v.options, 'barcode', v.barcode,
        'priceIncVat', case when v.price_minor is not null then jsonb_build_object('minor', v.price_minor, 'currency', v.currency) end,
        'vatRateBasisPoints', v.vat_rate_basis_points, 'weightGrams', v.weight_grams, 'lengthMm', v.length_mm, 'widthMm', v.width_mm,
        'heightMm', v.height_mm, 'imageUrl', v.image_url, 'available', o.available, 'ownOnHand', o.own,
        'ownCost', o.own_cost
      ) order by v.position, v.id) as variants
      from variants v
      left join lateral (
        select sum(${availableOfOffer}) filter (where offer.active and supplier.active) as available,
          max(offer.on_hand) filter (where supplier.own_stock) as own,
          (array_agg(jsonb_build_object('minor', offer.cost_minor, 'currency', offer.currency))
            filter (where supplier.own_stock and offer.cost_minor is not null))[1] as own_cost
        from supplier_offers offer join suppliers supplier on supplier.tenant_id = offer.tenant_id and supplier.id = offer.supplier_id
        where offer.tenant_id = v.tenant_id and offer.variant_id = v.id
      ) o on true
      where v.tenant_id = p.tenant_id and v.product_id = p.id
    ) v on true
    order by wanted.place
  `.execute(tx)
  return { products: rows, next }
}
