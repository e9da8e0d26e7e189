// Writes rows of the listings grid, only those that are other than before; and the facets they are filtered by.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { GridFigures, GridProduct } from './grid-sources.store.ts'

export type GridRowParts = {
  channelId: string
  product: GridProduct
  slot: number
  figures: GridFigures
  state: number
  price: number | null
}

export async function saveGridRows(tx: Tx, rows: GridRowParts[], { goneIds }: { goneIds: string[] }): Promise<void> {
  if (goneIds.length > 0)
    await sql`delete from grid_rows where tenant_id = ${tx.tenantId} and product_id = any(${goneIds}::uuid[])`.execute(
      tx,
    )
  if (rows.length === 0) return
  const facets = await facetNumbers(tx, rows)
  await sql`
    insert into grid_rows as r (tenant_id, channel_id, product_id, slot, state, facet_id, title_key, sku_key, stock_key, cost_key, price_key)
    select ${tx.tenantId}, * from unnest(${rows.map(({ channelId }) => channelId)}::uuid[], ${rows.map(({ product }) => product.id)}::uuid[],
      ${rows.map(({ slot }) => slot)}::int[], ${rows.map(({ state }) => state)}::smallint[], ${rows.map((row) => facets.get(facetKey(row)))}::int[],
      ${rows.map(({ product }) => product.titleKey)}::text[], ${rows.map(({ figures }) => figures.skuKey)}::text[],
      ${rows.map(({ figures }) => figures.stock ?? -1)}::int[], ${rows.map(({ figures }) => figures.cost ?? -1)}::bigint[],
      ${rows.map(({ price }) => price ?? -1)}::bigint[])
    on conflict (tenant_id, channel_id, product_id) do update set slot = excluded.slot, state = excluded.state, facet_id = excluded.facet_id,
      title_key = excluded.title_key, sku_key = excluded.sku_key, stock_key = excluded.stock_key, cost_key = excluded.cost_key,
      price_key = excluded.price_key
    where (r.slot, r.state, r.facet_id, r.title_key, r.sku_key, r.stock_key, r.cost_key, r.price_key) is distinct from
      (excluded.slot, excluded.state, excluded.facet_id, excluded.title_key, excluded.sku_key, excluded.stock_key, excluded.cost_key, excluded.price_key)
  `.execute(tx)
}

type Facet = { category: string | null; inStock: boolean; supplierIds: string[] }

function facetOf({ product, figures }: GridRowParts): Facet {
  const { stock, supplierIds } = figures
  return { category: product.category, inStock: (stock ?? 0) > 0, supplierIds: supplierIds.toSorted() }
}

const textOf = ({ category, inStock, supplierIds }: Facet) => JSON.stringify([category, inStock, supplierIds])
const facetKey = (row: GridRowParts) => textOf(facetOf(row))

async function facetNumbers(tx: Tx, rows: GridRowParts[]): Promise<Map<string, number>> {
  const wanted = new Map(rows.map((row) => [facetKey(row), facetOf(row)]))
  const known = await readFacets(tx, [...wanted.values()])
  const fresh = [...wanted].flatMap(([key, facet]) => (known.has(key) ? [] : [facet]))
  if (fresh.length === 0) return known
  await sql`
    insert into grid_facets (tenant_id, category, in_stock, supplier_ids)
    select ${tx.tenantId}, category, in_stock, supplier_ids::uuid[]
    from unnest(${fresh.map(({ category }) => category)}::text[], ${fresh.map(({ inStock }) => inStock)}::boolean[],
      ${fresh.map(({ supplierIds }) => `{${supplierIds.join()}}`)}::text[]) as f (category, in_stock, supplier_ids)
    on conflict (tenant_id, category, in_stock, supplier_ids) do nothing
  `.execute(tx)
  return readFacets(tx, [...wanted.values()])
}

async function readFacets(tx: Tx, facets: Facet[]): Promise<Map<string, number>> {
  const categories = [...new Set(facets.map(({ category }) => category))]
  const { rows } = await sql<Facet & { id: number }>`
    select id, category, in_stock as "inStock", supplier_ids as "supplierIds" from grid_facets
    where tenant_id = ${tx.tenantId}
      and (category = any(${categories.filter((category) => category !== null)}::text[]) ${categories.includes(null) ? sql`or category is null` : sql``})
  `.execute(tx)
  return new Map(rows.map(({ id, ...facet }) => [textOf(facet), id]))
}
