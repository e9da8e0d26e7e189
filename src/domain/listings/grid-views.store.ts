// The listing manager as the screens show it: its home, pages of the grid, and the children of a product (F1, F2).
import { sql, type RawBuilder } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { Money } from '../money.ts'
import { usedOfferFirst } from '../pricing/used-offer.store.ts'
import { availableOf, offersInUse } from '../stock/available.store.ts'
import type { ListingFault } from './draft.ts'
import { findGridProducts, gridStates, type GridFilter, type GridSort, type GridState } from './grid.store.ts'
import { decodeCursor, encodeCursor } from './paging.ts'

export type ManagerChannel = {
  id: string
  name: string
  connector: string
  enabled: boolean
  products: number
  notListed: number
  linked: number
  listed: number
  errors: number
  /** Some rows are being made anew, so the counts may be behind. */
  settling: boolean
  ordersSyncedAt: Date | null
  pricesSyncedAt: Date | null
  stockSyncedAt: Date | null
}

export async function listManagerChannels(tx: Tx): Promise<ManagerChannel[]> {
  const { rows } = await sql<Omit<ManagerChannel, 'notListed' | 'linked' | 'listed' | 'errors'> & { counts: number[] }>`
    with counted as (
      select channel_id, state, count(*)::int as count from grid_rows where tenant_id = ${tx.tenantId} group by channel_id, state
    )
    select c.id, c.name, c.connector, c.enabled, c.orders_synced_at as "ordersSyncedAt", c.prices_synced_at as "pricesSyncedAt",
      c.stock_synced_at as "stockSyncedAt",
      (select coalesce(sum(count), 0)::int from counted where channel_id = c.id) as products,
      array(
        select coalesce((select count from counted where channel_id = c.id and state = n), 0) from generate_series(0, 3) as n order by n
      ) as counts,
      exists (select from grid_marks where tenant_id = ${tx.tenantId}) as settling
    from sales_channels c
    where c.tenant_id = ${tx.tenantId} and c.removed_at is null
    order by lower(c.name)
  `.execute(tx)
  return rows.map(({ counts: [notListed = 0, linked = 0, listed = 0, errors = 0], ...row }) => ({
    ...row,
    notListed,
    linked,
    listed,
    errors,
  }))
}

export type GridListing = {
  id: string
  state: string
  url: string | null
  listedHere: boolean
  channelSku: string | null
}

export type GridChange = {
  id: string
  action: 'list' | 'update' | 'delete'
  state: 'waiting' | 'in-flight' | 'unclear' | 'in-review' | 'done' | 'refused' | 'stopped'
  faults: ListingFault[]
  at: Date
}

/** Where a price comes from: the listing's own, a rule, the variant; several of them; or nowhere. */
export type PriceFrom = 'own' | 'rule' | 'variant' | 'mixed' | 'none'

export type GridRow = {
  productId: string
  /** Of a product with one variant, and of a child. */
  variantId: string | null
  kind: 'parent' | 'child' | 'single'
  variants: number
  /** Of a parent the first. */
  sku: string
  title: string
  /** Said for this sales channel. */
  titleIsOwn: boolean
  hasDescription: boolean
  imageUrl: string | null
  category: string | null
  stock: number | null
  costExVat: Money | null
  shippingExVat: Money | null
  priceFrom: Money | null
  priceTo: Money | null
  priceIs: PriceFrom
  /** A rule holds the price of some variant back, and why. */
  priceHeld: string | null
  /** The price of some variant is not sent without a person's say. */
  priceWaits: boolean
  /** As the marketplace has it. */
  productType: string | null
  collection: string | null
  state: GridState
  listing: GridListing | null
  /** A price or stock the marketplace refused. */
  refusal: string | null
  change: GridChange | null
}

export type GridPage = {
  rows: GridRow[]
  next: string | null
  count: { value: number; more: boolean }
}

export async function listGrid(
  tx: Tx,
  filter: GridFilter,
  wanted: { sort: GridSort; descending: boolean; cursor?: string | undefined; limit: number },
): Promise<GridPage> {
  const cursor = decodeCursor(wanted.cursor)
  const { sort, descending, limit } = wanted
  const found = await findGridProducts(tx, filter, {
    sort,
    descending,
    limit: limit + 1,
    ...(cursor ? { after: { key: cursor.text, id: cursor.id }, count: cursor.count } : {}),
  })
  const shown = found.products.slice(0, limit)
  const last = found.products.length > limit ? shown.at(-1) : undefined
  const rows = await readRows(
    tx,
    filter.channelId,
    shown.map(({ id }) => id),
  )
  const next = last ? encodeCursor({ text: last.key, id: last.id, count: found.count }) : null
  return { rows, next, count: found.count }
}

/** Products one by one, in this order. */
async function readRows(tx: Tx, channelId: string, productIds: string[]): Promise<GridRow[]> {
  if (productIds.length === 0) return []
  const variants = Map.groupBy(await readVariants(tx, channelId, productIds), (row) => row.productId)
  const { rows } = await sql<ProductPart>`
    select p.id as "productId", coalesce(said.title, p.title) as title, said.title is not null as "titleIsOwn",
      coalesce(said.description, p.description) <> '' as "hasDescription", nullif(p.category, '') as category, p.product_type as collection,
      said.category_path as "productType", r.state as "stateNumber",
      (select url from product_images i where i.tenant_id = p.tenant_id and i.product_id = p.id order by position, id limit 1) as "imageUrl",
      (select jsonb_build_object('id', c.id, 'action', c.action, 'state', c.state, 'faults', c.faults, 'at', coalesce(c.settled_at, c.created_at))
       from listing_changes c where c.tenant_id = p.tenant_id and c.channel_id = ${channelId} and c.product_id = p.id
       order by c.id desc limit 1) as change
    from unnest(${productIds}::uuid[]) with ordinality as asked (id, position)
    join products p on p.tenant_id = ${tx.tenantId} and p.id = asked.id
    join grid_rows r on r.tenant_id = p.tenant_id and r.channel_id = ${channelId} and r.product_id = p.id
    left join channel_products said on said.tenant_id = p.tenant_id and said.channel_id = ${channelId} and said.product_id = p.id
    order by asked.position
  `.execute(tx)
  return rows.map((row) => productRow(row, variants.get(row.productId) ?? []))
}

/** What stands under the + of a product. */
export async function listGridChildren(tx: Tx, channelId: string, productId: string): Promise<GridRow[]> {
  const [parent] = await readRows(tx, channelId, [productId])
  if (!parent) return []
  const variants = await readVariants(tx, channelId, [productId])
  return variants.map((variant) => ({ ...parent, ...childPart(parent, variant) }))
}

type ProductPart = {
  productId: string
  title: string
  titleIsOwn: boolean
  hasDescription: boolean
  category: string | null
  collection: string | null
  productType: string | null
  stateNumber: number
  imageUrl: string | null
  change: (Omit<GridChange, 'at'> & { at: string }) | null
}

type VariantPart = {
  productId: string
  variantId: string
  sku: string
  title: string
  ownTitle: string | null
  imageUrl: string | null
  stock: number | null
  costMinor: number | null
  costCurrency: string | null
  shippingMinor: number | null
  shippingCurrency: string | null
  priceMinor: number | null
  priceCurrency: string
  priceIs: 'own' | 'rule' | 'variant' | 'none'
  priceHeld: string | null
  priceWaits: boolean
  listing: GridListing | null
  refusal: string | null
  change: (Omit<GridChange, 'at'> & { at: string }) | null
}

async function readVariants(tx: Tx, channelId: string, productIds: string[]): Promise<VariantPart[]> {
  const { rows } = await sql<VariantPart>`
    select v.product_id as "productId", v.id as "variantId", v.sku, v.title, own.title as "ownTitle", v.image_url as "imageUrl",
      stock.available as stock, offer.cost_minor as "costMinor", offer.currency as "costCurrency",
      own.shipping_minor as "shippingMinor", own.currency as "shippingCurrency",
      coalesce(own.price_minor, rule.price_minor, v.price_minor) as "priceMinor",
      case when own.price_minor is not null then own.currency when rule.price_minor is not null then rule.currency else v.currency end
        as "priceCurrency",
      case when own.price_minor is not null then 'own' when rule.price_minor is not null then 'rule'
        when v.price_minor is not null then 'variant' else 'none' end as "priceIs",
      rule.held as "priceHeld", coalesce(linked.waits, false) as "priceWaits", linked.listing, linked.refusal, ${changeOfVariant(channelId)} as change
    from variants v
    left join channel_variants own on own.tenant_id = v.tenant_id and own.channel_id = ${channelId} and own.variant_id = v.id
    left join rule_prices rule on rule.tenant_id = v.tenant_id and rule.channel_id = ${channelId} and rule.variant_id = v.id
    left join lateral (${availableOf(sql`v`)}) stock on true
    left join lateral (
      select offer.cost_minor, offer.currency from ${offersInUse}
      where offer.tenant_id = v.tenant_id and offer.variant_id = v.id and offer.cost_minor is not null
      order by ${usedOfferFirst} limit 1
    ) offer on true
    left join lateral (
      select jsonb_build_object('id', l.id, 'state', l.state, 'url', l.url, 'listedHere', l.listed_here_at is not null,
          'channelSku', l.channel_sku) as listing,
        (select t.refusal from listing_targets t where t.tenant_id = l.tenant_id and t.listing_id = l.id and t.state = 'rejected' limit 1)
          as refusal,
        exists (select 1 from listing_targets t where t.tenant_id = l.tenant_id and t.listing_id = l.id and t.kind = 'price'
          and t.state = 'waiting-for-person') as waits
      from sku_mapping_components c
      join sku_mappings m on m.tenant_id = c.tenant_id and m.id = c.mapping_id and m.channel_id = ${channelId}
      join listings l on l.tenant_id = m.tenant_id and l.id = m.listing_id and l.missing_since is null
      where c.tenant_id = v.tenant_id and c.variant_id = v.id
      order by l.listed_here_at nulls last, l.id limit 1
    ) linked on true
    where v.tenant_id = ${tx.tenantId} and v.product_id = any(${productIds}::uuid[])
    order by v.product_id, v.position, v.sku
  `.execute(tx)
  return rows
}

/** Where each variant is a listing of its own. */
function changeOfVariant(channelId: string): RawBuilder<unknown> {
  return sql`(
    select jsonb_build_object('id', c.id, 'action', c.action, 'state', c.state, 'faults', c.faults, 'at', coalesce(c.settled_at, c.created_at))
    from listing_changes c
    where c.tenant_id = v.tenant_id and c.channel_id = ${channelId} and c.product_id = v.product_id and c.variant_id = v.id
    order by c.id desc limit 1
  )`
}

function productRow({ stateNumber, change, ...product }: ProductPart, variants: VariantPart[]): GridRow {
  const [first] = variants
  const single = variants.length === 1 && first ? first : undefined
  const prices = variants.flatMap((variant) => priceOf(variant) ?? [])
  const lowest = prices.toSorted((one, other) => one.minor - other.minor)
  const stocks = variants.flatMap(({ stock }) => stock ?? [])
  const sources = [...new Set(variants.map(({ priceIs }) => priceIs))]
  return {
    ...product,
    variantId: single?.variantId ?? null,
    kind: single ? 'single' : 'parent',
    variants: variants.length,
    sku: first?.sku ?? '',
    imageUrl: product.imageUrl ?? first?.imageUrl ?? null,
    stock: stocks.length === 0 ? null : stocks.reduce((sum, stock) => sum + stock, 0),
    costExVat:
      variants.flatMap((variant) => costOf(variant) ?? []).toSorted((one, other) => one.minor - other.minor)[0] ?? null,
    shippingExVat: single ? shippingOf(single) : null,
    priceFrom: lowest[0] ?? null,
    priceTo: lowest.at(-1) ?? null,
    priceIs: sources.length > 1 ? 'mixed' : (sources[0] ?? 'none'),
    priceHeld: variants.find(({ priceHeld }) => priceHeld !== null)?.priceHeld ?? null,
    priceWaits: variants.some(({ priceWaits }) => priceWaits),
    state: gridStates[stateNumber] ?? 'not-listed',
    listing: variants.find(({ listing }) => listing !== null)?.listing ?? null,
    refusal: variants.find(({ refusal }) => refusal !== null)?.refusal ?? null,
    change: changeOf(change),
  }
}

function childPart(parent: GridRow, variant: VariantPart): Partial<GridRow> {
  const price = priceOf(variant)
  const change = changeOf(variant.change)
  const isRefused = change?.state === 'refused' || variant.refusal !== null
  const isListedHere = variant.listing?.listedHere === true
  return {
    variantId: variant.variantId,
    kind: 'child',
    variants: 1,
    sku: variant.sku,
    title: variant.ownTitle ?? variant.title,
    titleIsOwn: variant.ownTitle !== null,
    imageUrl: variant.imageUrl ?? parent.imageUrl,
    stock: variant.stock,
    costExVat: costOf(variant),
    shippingExVat: shippingOf(variant),
    priceFrom: price,
    priceTo: price,
    priceIs: variant.priceIs,
    priceHeld: variant.priceHeld,
    priceWaits: variant.priceWaits,
    state: isRefused ? 'error' : isListedHere ? 'listed' : variant.listing ? 'linked' : 'not-listed',
    listing: variant.listing,
    refusal: variant.refusal,
    change,
  }
}

function changeOf(change: ProductPart['change']): GridChange | null {
  return change && { ...change, at: new Date(change.at) }
}

function priceOf({ priceMinor, priceCurrency }: VariantPart): Money | null {
  return priceMinor === null ? null : { minor: priceMinor, currency: priceCurrency }
}

function costOf({ costMinor, costCurrency }: VariantPart): Money | null {
  return costMinor === null || costCurrency === null ? null : { minor: costMinor, currency: costCurrency }
}

function shippingOf({ shippingMinor, shippingCurrency }: VariantPart): Money | null {
  return shippingMinor === null || shippingCurrency === null
    ? null
    : { minor: shippingMinor, currency: shippingCurrency }
}

/** What the filters above the grid offer. */
export async function gridChoices(
  tx: Tx,
): Promise<{ categories: string[]; suppliers: { id: string; name: string }[] }> {
  const { rows: categories } = await sql<{ category: string }>`
    select distinct category from grid_facets where tenant_id = ${tx.tenantId} and category is not null order by category limit 1000
  `.execute(tx)
  const { rows: suppliers } = await sql<{ id: string; name: string }>`
    select id, name from suppliers where tenant_id = ${tx.tenantId} order by lower(name)
  `.execute(tx)
  return { categories: categories.map(({ category }) => category), suppliers }
}
