// The list of My products (G1): a page of it, and all that match for a file or a change of many. Where a sales channel is
// there, the rows of its grid find and sort a million products; without one, the products themselves do.
import { sql, type RawBuilder } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { allGridProducts, findGridProducts, type GridFilter, type GridState } from '../listings/grid.store.ts'
import { decodeCursor, encodeCursor, roughCountMax, type PageCursor, type RowPage } from '../listings/paging.ts'
import type { Money } from '../money.ts'
import { plainWord, typedWords } from '../orders/order-terms.ts'
import { availableOf, offersInUse } from '../stock/available.store.ts'

export type MyProductsFilter = {
  search?: string | undefined
  /** '' is none. */
  category?: string | undefined
  supplierId?: string | undefined
  inStock?: boolean | undefined
  /** On this sales channel, in one of `states`. */
  channelId?: string | undefined
  states?: GridState[] | undefined
  archived?: boolean | undefined
}

export type MyProductRow = {
  id: string
  title: string
  brand: string | null
  category: string | null
  imageUrl: string | null
  variants: number
  /** Of a product with one variant. */
  sku: string | null
  available: number | null
  priceFrom: Money | null
  priceTo: Money | null
  archived: boolean
  /** Sales channels that have it, and those that refused it. */
  listedOn: string[]
  refusedOn: string[]
}

export async function listMyProducts(
  tx: Tx,
  filter: MyProductsFilter,
  page: { cursor?: string | undefined; limit: number },
): Promise<RowPage<MyProductRow>> {
  const { ids, ...found } = await listMyProductIds(tx, filter, page)
  return { rows: await readRows(tx, ids), ...found }
}

export async function listMyProductIds(
  tx: Tx,
  filter: MyProductsFilter,
  page: { cursor?: string | undefined; limit: number },
): Promise<{ ids: string[]; next: string | null; count: Found['count'] }> {
  const after = decodeCursor(page.cursor)
  const found = await findPage(tx, filter, { after, limit: page.limit + 1 })
  const shown = found.products.slice(0, page.limit)
  const last = found.products.length > page.limit ? shown.at(-1) : undefined
  const next = last ? encodeCursor({ text: last.key, id: last.id, count: found.count }) : null
  return { ids: shown.map(({ id }) => id), next, count: found.count }
}

type Found = { products: { id: string; key: string }[]; count: { value: number; more: boolean } }

async function findPage(
  tx: Tx,
  filter: MyProductsFilter,
  { after, limit }: { after: PageCursor | undefined; limit: number },
): Promise<Found> {
  const grid = await gridOf(tx, filter)
  if (!grid) return findAmongProducts(tx, filter, { after, limit })
  const place = after ? { after: { key: after.text, id: after.id }, count: after.count } : {}
  return findGridProducts(tx, grid, { sort: 'title', descending: false, limit, ...place })
}

/** Ids of products that match, at most so many. */
export async function allMyProducts(tx: Tx, filter: MyProductsFilter, limit: number): Promise<string[]> {
  const grid = await gridOf(tx, filter)
  if (grid) return allGridProducts(tx, grid, limit)
  const { products } = await findAmongProducts(tx, filter, { after: undefined, limit })
  return products.map(({ id }) => id)
}

/** A grid in which the filter can be answered. What is archived stands in none. */
async function gridOf(tx: Tx, filter: MyProductsFilter): Promise<GridFilter | undefined> {
  if (filter.archived === true) return undefined
  const { search, category, supplierId, inStock, states, channelId } = filter
  const { rows } = await sql<{ id: string }>`
    select id from sales_channels where tenant_id = ${tx.tenantId} and removed_at is null
      ${channelId === undefined ? sql`` : sql`and id = ${channelId}`}
    order by id limit 1
  `.execute(tx)
  const id = channelId ?? rows[0]?.id
  return id === undefined
    ? undefined
    : { channelId: id, search, category, supplierId, inStock, ...(channelId === undefined ? {} : { states }) }
}

async function findAmongProducts(
  tx: Tx,
  filter: MyProductsFilter,
  { after, limit }: { after: PageCursor | undefined; limit: number },
): Promise<Found> {
  const asks = asksOf(tx, filter)
  const { rows: products } = await sql<{ id: string; key: string }>`
    select p.id, p.title as key from products p
    where ${asks} ${after ? sql`and (p.title, p.id) > (${after.text}, ${after.id}::uuid)` : sql``}
    order by p.title, p.id limit ${limit}
  `.execute(tx)
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (select from products p where ${asks} limit ${roughCountMax + 1}) counted
  `.execute(tx)
  const count = rows[0]?.count ?? 0
  return { products, count: { value: Math.min(count, roughCountMax), more: count > roughCountMax } }
}

function asksOf(tx: Tx, filter: MyProductsFilter): RawBuilder<unknown> {
  const { category, supplierId, inStock, archived = false } = filter
  const words = typedWords(filter.search)
    .map(plainWord)
    .filter((word) => word !== '')
  const parts = [
    sql`p.tenant_id = ${tx.tenantId}`,
    archived ? sql`p.archived_at is not null` : sql`p.archived_at is null`,
    ...words.map(
      (word) => sql`exists (
        select from product_words w where w.tenant_id = p.tenant_id and w.product_id = p.id and strpos(w.words, ${` ${word}`}) > 0
      )`,
    ),
    ...(category === undefined ? [] : [sql`coalesce(p.category, '') = ${category}`]),
    ...(supplierId === undefined ? [] : [offered(sql`offer.supplier_id = ${supplierId}`)]),
    ...(inStock === undefined ? [] : [inStock ? offered(hasStock) : sql`not ${offered(hasStock)}`]),
  ]
  return sql.join(parts, sql` and `)
}

const hasStock = sql`offer.on_hand > offer.reserved`

function offered(condition: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`exists (
    select from variants v cross join ${offersInUse}
    where v.tenant_id = p.tenant_id and v.product_id = p.id and offer.tenant_id = v.tenant_id and offer.variant_id = v.id and ${condition}
  )`
}

type RowRead = Omit<MyProductRow, 'priceFrom' | 'priceTo'> & {
  from: number | null
  to: number | null
  currency: string | null
}

/** In the order of the ids. */
async function readRows(tx: Tx, productIds: string[]): Promise<MyProductRow[]> {
  const { rows } = await sql<RowRead>`
    select p.id, p.title, nullif(p.brand, '') as brand, nullif(p.category, '') as category, p.archived_at is not null as archived,
      (select url from product_images i where i.tenant_id = p.tenant_id and i.product_id = p.id order by position, id limit 1) as "imageUrl",
      v.variants, v.sku, v.from, v.to, v.currency, v.available,
      array(
        select c.name from grid_rows g join sales_channels c on c.tenant_id = g.tenant_id and c.id = g.channel_id and c.removed_at is null
        where g.tenant_id = p.tenant_id and g.product_id = p.id and g.state in (1, 2) order by lower(c.name)
      ) as "listedOn",
      array(
        select c.name from grid_rows g join sales_channels c on c.tenant_id = g.tenant_id and c.id = g.channel_id and c.removed_at is null
        where g.tenant_id = p.tenant_id and g.product_id = p.id and g.state = 3 order by lower(c.name)
      ) as "refusedOn"
    from unnest(${productIds}::uuid[]) with ordinality as wanted (id, place)
    join products p on p.tenant_id = ${tx.tenantId} and p.id = wanted.id
    left join lateral (
      select count(*)::int as variants, case when count(*) = 1 then min(variant.sku) end as sku, min(variant.price_minor) as "from",
        max(variant.price_minor) as "to", min(variant.currency) as currency, sum(stock.available)::int as available
      from variants variant
      left join lateral (${availableOf(sql`variant`)}) stock on true
      where variant.tenant_id = p.tenant_id and variant.product_id = p.id
    ) v on true
    order by wanted.place
  `.execute(tx)
  return rows.map(({ from, to, currency, ...row }) => ({
    ...row,
    priceFrom: moneyOf(from, currency),
    priceTo: moneyOf(to, currency),
  }))
}

function moneyOf(minor: number | null, currency: string | null): Money | null {
  return minor === null || currency === null ? null : { minor, currency }
}

/** What the filters above the list and the fields of the editor offer. */
export async function myProductsChoices(tx: Tx): Promise<{
  categories: string[]
  suppliers: { id: string; name: string }[]
  channels: { id: string; name: string }[]
}> {
  // Along the facets, of which there are few, and not along a million products; those not settled yet come soon.
  const { rows: categories } = await sql<{ category: string }>`
    select distinct category from grid_facets where tenant_id = ${tx.tenantId} and category is not null order by category limit 1000
  `.execute(tx)
  const { rows: suppliers } = await sql<{ id: string; name: string }>`
    select id, name from suppliers where tenant_id = ${tx.tenantId} order by lower(name)
  `.execute(tx)
  const { rows: channels } = await sql<{ id: string; name: string }>`
    select id, name from sales_channels where tenant_id = ${tx.tenantId} and removed_at is null order by lower(name)
  `.execute(tx)
  return { categories: categories.map(({ category }) => category), suppliers, channels }
}

export type WhereListed = {
  channelId: string
  channelName: string
  connector: string
  state: GridState
  listings: { id: string; title: string; state: string; url: string | null }[]
  /** The last change that was asked for there. */
  change: { action: string; state: string; at: Date } | null
  /** Why it is not there, or not as it should be: in words, part by part. */
  why: string[]
}

/** Every sales channel, with whether this product is there and why not. */
export async function whereListed(tx: Tx, productId: string): Promise<WhereListed[]> {
  const { rows } = await sql<
    Omit<WhereListed, 'change' | 'why'> & {
      change: { action: string; state: string; at: string; faults: { message: string }[] } | null
      refusals: string[]
    }
  >`
    select c.id as "channelId", c.name as "channelName", c.connector,
      case when change.change ->> 'state' = 'refused' or refused.texts is not null then 'error'
        when found.here then 'listed' when found.listings is not null then 'linked' else 'not-listed' end as state,
      coalesce(found.listings, '[]') as listings, change.change, coalesce(refused.texts, '{}') as refusals
    from sales_channels c
    left join lateral (
      select jsonb_agg(distinct jsonb_build_object('id', l.id, 'title', l.title, 'state', l.state, 'url', l.url)) as listings,
        bool_or(l.listed_here_at is not null) as here
      from variants v
      join sku_mapping_components part on part.tenant_id = v.tenant_id and part.variant_id = v.id
      join sku_mappings m on m.tenant_id = part.tenant_id and m.id = part.mapping_id and m.channel_id = c.id
      join listings l on l.tenant_id = m.tenant_id and l.id = m.listing_id and l.missing_since is null
      where v.tenant_id = c.tenant_id and v.product_id = ${productId}
    ) found on true
    left join lateral (
      select jsonb_build_object('action', action, 'state', state, 'at', coalesce(settled_at, created_at), 'faults', faults) as change
      from listing_changes l where l.tenant_id = c.tenant_id and l.channel_id = c.id and l.product_id = ${productId}
      order by l.id desc limit 1
    ) change on true
    left join lateral (
      select array_agg(distinct t.refusal) filter (where t.refusal is not null) as texts
      from variants v
      join sku_mapping_components part on part.tenant_id = v.tenant_id and part.variant_id = v.id
      join sku_mappings m on m.tenant_id = part.tenant_id and m.id = part.mapping_id and m.channel_id = c.id
      join listing_targets t on t.tenant_id = m.tenant_id and t.listing_id = m.listing_id and t.state = 'rejected'
      where v.tenant_id = c.tenant_id and v.product_id = ${productId}
    ) refused on true
    where c.tenant_id = ${tx.tenantId} and c.removed_at is null
    order by lower(c.name)
  `.execute(tx)
  return rows.map(({ change, refusals, ...row }) => ({
    ...row,
    change: change && { action: change.action, state: change.state, at: new Date(change.at) },
    why: [
      ...new Set([...(change?.state === 'refused' ? change.faults.map(({ message }) => message) : []), ...refusals]),
    ],
  }))
}
