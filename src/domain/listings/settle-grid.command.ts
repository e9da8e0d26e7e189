// Brings the rows of the listings grid up to date with what they are made from: the marked products, on every sales channel.
import { sql } from 'kysely'
import type { Database, Tx } from '../../platform/database.ts'
import { productTerms } from './product-terms.ts'

const productsMax = 1_000
const fewMarks = 200

/** 'more': there are marks left. 'busy': another process is at it. */
export function settleGrid(db: Database, tenantId: string): Promise<'done' | 'more' | 'busy'> {
  return db.tenant(tenantId).transaction(async (tx) => {
    // One at a time for each business: rows made from an older state must not overwrite those of a newer one.
    const { rows } = await sql<{ free: boolean }>`
      select pg_try_advisory_xact_lock(hashtext('settle-grid'), hashtext(${tenantId})) as free
    `.execute(tx)
    if (!rows[0]?.free) return 'busy'
    const { productIds, taken } = await takeMarks(tx)
    if (productIds.length === 0) return 'done'
    await settleRows(tx, productIds)
    await settleTerms(tx, productIds)
    await tx.notify('grid')
    return taken === productsMax ? 'more' : 'done'
  })
}

/** Whether there are so few that a person's question can wait for them. */
export async function countGridMarks(tx: Tx): Promise<'none' | 'few' | 'many'> {
  const { rows } = await sql<{ marks: number }>`
    select count(*)::int as marks from (select from grid_marks where tenant_id = ${tx.tenantId} limit ${fewMarks}) m
  `.execute(tx)
  const marks = rows[0]?.marks ?? 0
  return marks === 0 ? 'none' : marks < fewMarks ? 'few' : 'many'
}

/** Marks are taken before anything is read: a change that comes later brings its own. */
async function takeMarks(tx: Tx): Promise<{ productIds: string[]; taken: number }> {
  const { rows } = await sql<{ product_id: string }>`
    delete from grid_marks where tenant_id = ${tx.tenantId} and id in (
      select id from grid_marks where tenant_id = ${tx.tenantId} order by id limit ${productsMax}
    ) returning product_id
  `.execute(tx)
  return { productIds: [...new Set(rows.map((row) => row.product_id))].toSorted(), taken: rows.length }
}

async function settleRows(tx: Tx, productIds: string[]): Promise<void> {
  // What is archived is not for sale anywhere.
  await sql`
    delete from grid_rows r using products p
    where r.tenant_id = ${tx.tenantId} and r.product_id = any(${productIds}::uuid[])
      and p.tenant_id = r.tenant_id and p.id = r.product_id and p.archived_at is not null
  `.execute(tx)
  await sql`
    with ${figuresOf(tx, productIds)}
    insert into grid_facets (tenant_id, category, in_stock, supplier_ids)
    select distinct ${tx.tenantId}::uuid, category, in_stock, supplier_ids from figures
    on conflict (tenant_id, category, in_stock, supplier_ids) do nothing
  `.execute(tx)
  await sql`
    with ${figuresOf(tx, productIds)}, ${statesOf(tx, productIds)}, ${pricesOf(tx, productIds)}
    insert into grid_rows as r (tenant_id, channel_id, product_id, state, facet_id, title_key, sku_key, stock_key, cost_key, price_key)
    select ${tx.tenantId}, c.id, f.product_id, coalesce(s.state, 0), facet.id, f.title_key, f.sku_key,
      coalesce(f.stock, -1), coalesce(f.cost, -1), coalesce(p.price, -1)
    from figures f
    join grid_facets facet on facet.tenant_id = ${tx.tenantId} and facet.category is not distinct from f.category
      and facet.in_stock = f.in_stock and facet.supplier_ids = f.supplier_ids
    cross join (select id from sales_channels where tenant_id = ${tx.tenantId} and removed_at is null) c
    left join states s on s.product_id = f.product_id and s.channel_id = c.id
    left join prices p on p.product_id = f.product_id and p.channel_id = c.id
    order by c.id, f.product_id
    on conflict (tenant_id, channel_id, product_id) do update set state = excluded.state, facet_id = excluded.facet_id,
      title_key = excluded.title_key, sku_key = excluded.sku_key, stock_key = excluded.stock_key, cost_key = excluded.cost_key,
      price_key = excluded.price_key
    where (r.state, r.facet_id, r.title_key, r.sku_key, r.stock_key, r.cost_key, r.price_key) is distinct from
      (excluded.state, excluded.facet_id, excluded.title_key, excluded.sku_key, excluded.stock_key, excluded.cost_key, excluded.price_key)
  `.execute(tx)
}

/** What a product is wherever it is sold. The offer whose cost is shown is the one that would be asked first. */
function figuresOf(tx: Tx, productIds: string[]) {
  return sql`
    of_variants as materialized (
      select v.product_id, v.id, v.sku, o.available, o.cost, o.supplier_ids
      from variants v
      left join lateral (
        select sum(greatest(0, offer.on_hand - offer.reserved)) filter (where offer.on_hand is not null) as available,
          (array_agg(offer.cost_minor order by (offer.on_hand > offer.reserved) desc nulls last, supplier.preference, offer.cost_minor)
            filter (where offer.cost_minor is not null))[1] as cost,
          array_agg(distinct offer.supplier_id) as supplier_ids
        from supplier_offers offer
        join suppliers supplier on supplier.tenant_id = offer.tenant_id and supplier.id = offer.supplier_id
        where offer.tenant_id = v.tenant_id and offer.variant_id = v.id and offer.active and supplier.active
      ) o on true
      where v.tenant_id = ${tx.tenantId} and v.product_id = any(${productIds}::uuid[])
    ), figures as materialized (
      select p.id as product_id, nullif(p.category, '') as category, left(lower(p.title), 120) as title_key,
        coalesce(v.sku_key, '') as sku_key, least(v.stock, 2147483647)::int as stock, v.cost, coalesce(v.stock > 0, false) as in_stock,
        array(
          select distinct supplier_id from of_variants ov cross join unnest(ov.supplier_ids) as supplier_id
          where ov.product_id = p.id order by supplier_id
        ) as supplier_ids
      from products p
      left join lateral (
        select min(lower(left(sku, 120))) as sku_key, sum(available) as stock, min(cost) as cost from of_variants where product_id = p.id
      ) v on true
      where p.tenant_id = ${tx.tenantId} and p.id = any(${productIds}::uuid[]) and p.archived_at is null
    )`
}

/** F3. The last change of each product, or of each of its variants, decides over what was refused before. */
function statesOf(tx: Tx, productIds: string[]) {
  return sql`
    linked as (
      select v.product_id, m.channel_id, bool_or(l.listed_here_at is not null) as here, bool_or(t.listing_id is not null) as refused
      from variants v
      join sku_mapping_components c on c.tenant_id = v.tenant_id and c.variant_id = v.id
      join sku_mappings m on m.tenant_id = c.tenant_id and m.id = c.mapping_id
      join listings l on l.tenant_id = m.tenant_id and l.id = m.listing_id and l.missing_since is null
      left join listing_targets t on t.tenant_id = l.tenant_id and t.listing_id = l.id and t.state = 'rejected'
      where v.tenant_id = ${tx.tenantId} and v.product_id = any(${productIds}::uuid[])
      group by v.product_id, m.channel_id
    ), last_changes as (
      select distinct on (channel_id, product_id, variant_id) channel_id, product_id, state
      from listing_changes where tenant_id = ${tx.tenantId} and product_id = any(${productIds}::uuid[])
      order by channel_id, product_id, variant_id, id desc
    ), refused as (
      select channel_id, product_id from last_changes where state = 'refused' group by channel_id, product_id
    ), states as (
      select product_id, channel_id,
        case when r.product_id is not null or l.refused then 3 when l.here then 2 when l.product_id is not null then 1 else 0 end::smallint as state
      from linked l full join refused r using (product_id, channel_id)
    )`
}

/** The lowest of its variants': its own on this sales channel, a rule's, or the variant's. */
function pricesOf(tx: Tx, productIds: string[]) {
  return sql`
    prices as (
      select v.product_id, c.id as channel_id, min(coalesce(own.price_minor, rule.price_minor, v.price_minor)) as price
      from variants v
      cross join (select id from sales_channels where tenant_id = ${tx.tenantId} and removed_at is null) c
      left join channel_variants own on own.tenant_id = v.tenant_id and own.channel_id = c.id and own.variant_id = v.id
      left join rule_prices rule on rule.tenant_id = v.tenant_id and rule.channel_id = c.id and rule.variant_id = v.id
      where v.tenant_id = ${tx.tenantId} and v.product_id = any(${productIds}::uuid[])
      group by v.product_id, c.id
    )`
}

async function settleTerms(tx: Tx, productIds: string[]): Promise<void> {
  const { rows } = await sql<{
    id: string
    title: string
    brand: string | null
    skus: string[]
    barcodes: string[]
    titles: string[]
  }>`
    select p.id, p.title, p.brand, coalesce(array_agg(v.sku) filter (where v.id is not null), '{}') as skus,
      coalesce(array_agg(v.barcode) filter (where v.barcode is not null), '{}') as barcodes,
      coalesce(array_agg(v.title) filter (where v.id is not null), '{}') as titles
    from products p left join variants v on v.tenant_id = p.tenant_id and v.product_id = p.id
    where p.tenant_id = ${tx.tenantId} and p.id = any(${productIds}::uuid[])
    group by p.tenant_id, p.id
  `.execute(tx)
  const terms = rows.flatMap((row) => productTerms(row).map((term) => ({ id: row.id, term })))
  await sql`
    with wanted as materialized (
      select * from unnest(${terms.map(({ id }) => id)}::uuid[], ${terms.map(({ term }) => term)}::text[]) as w (product_id, term)
    ), gone as (
      delete from product_terms t where t.tenant_id = ${tx.tenantId} and t.product_id = any(${productIds}::uuid[])
        and not exists (select from wanted w where w.product_id = t.product_id and w.term = t.term collate "C")
    )
    insert into product_terms (tenant_id, term, product_id)
    select ${tx.tenantId}, term, product_id from wanted order by term collate "C", product_id
    on conflict do nothing
  `.execute(tx)
}
