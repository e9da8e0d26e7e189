// The marketplace's categories and what each asks, as it told them last: searched and walked here, without asking it again.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { ListingAttribute, ListingCategory, ListingLimits } from './draft.ts'
import { likePatterns } from './paging.ts'

export type MarketplaceCategory = ListingCategory & { path: string; isRetired: boolean }

const columns = sql`id, parent_id as "parentId", name, path, is_leaf as "isLeaf", may_list as "mayList",
  retired_at is not null as "isRetired"`
const foundMax = 100
const separator = ' › '

/** Words in the path, in any order; what may be listed in first, the shortest path before others. */
export async function searchCategories(tx: Tx, channelId: string, search: string): Promise<MarketplaceCategory[]> {
  const patterns = likePatterns(search)
  if (patterns.length === 0) return []
  const { rows } = await sql<MarketplaceCategory>`
    select ${columns} from channel_categories
    where tenant_id = ${tx.tenantId} and channel_id = ${channelId} and retired_at is null and search_text like all(${patterns}::text[])
    order by may_list desc, is_leaf desc, length(path), path, id limit ${foundMax}
  `.execute(tx)
  return rows
}

/** Below one, or the top ones. */
export async function childCategories(
  tx: Tx,
  channelId: string,
  parentId: string | null,
): Promise<MarketplaceCategory[]> {
  const { rows } = await sql<MarketplaceCategory>`
    select ${columns} from channel_categories
    where tenant_id = ${tx.tenantId} and channel_id = ${channelId} and retired_at is null and parent_id is not distinct from ${parentId}
    order by lower(name), id
  `.execute(tx)
  return rows
}

/** The category with all above it, from the top. */
export async function categoryWithAbove(tx: Tx, channelId: string, id: string): Promise<MarketplaceCategory[]> {
  const { rows } = await sql<MarketplaceCategory>`
    with recursive above as (
      select c.*, 0 as height from channel_categories c
      where c.tenant_id = ${tx.tenantId} and c.channel_id = ${channelId} and c.id = ${id}
      union all
      select c.*, above.height + 1 from channel_categories c join above on c.id = above.parent_id
      where c.tenant_id = ${tx.tenantId} and c.channel_id = ${channelId} and above.height < 30
    )
    select ${columns} from above order by height desc
  `.execute(tx)
  return rows
}

export async function readCategories(
  tx: Tx,
  channelId: string,
  ids: string[],
): Promise<Map<string, MarketplaceCategory>> {
  const { rows } = await sql<MarketplaceCategory>`
    select ${columns} from channel_categories
    where tenant_id = ${tx.tenantId} and channel_id = ${channelId} and id = any(${ids}::text[])
  `.execute(tx)
  return new Map(rows.map((row) => [row.id, row]))
}

/** Leaves in which other products of ours with the same category of the catalogue stand, the most used first. */
export async function categoriesOfLikeProducts(
  tx: Tx,
  channelId: string,
  productId: string,
): Promise<MarketplaceCategory[]> {
  const { rows } = await sql<MarketplaceCategory>`
    select ${columns} from channel_categories
    join (
      select said.category_id, count(*) as products
      from products p
      join products alike on alike.tenant_id = p.tenant_id and alike.category = p.category and alike.id <> p.id
      join channel_products said on said.tenant_id = alike.tenant_id and said.channel_id = ${channelId} and said.product_id = alike.id
      where p.tenant_id = ${tx.tenantId} and p.id = ${productId} and said.category_id is not null
      group by said.category_id
    ) used on used.category_id = id
    where tenant_id = ${tx.tenantId} and channel_id = ${channelId} and retired_at is null
    order by used.products desc, path limit 5
  `.execute(tx)
  return rows
}

/** Undefined where none is chosen; a fault where it cannot be. Of a marketplace whose categories are not known any id is taken. */
export async function findChosenCategory(
  tx: Tx,
  channelId: string,
  id: string | null,
): Promise<{ path: string; fault?: string } | undefined> {
  if (id === null) return undefined
  const found = (await readCategories(tx, channelId, [id])).get(id)
  if (found?.isRetired)
    return { path: found.path, fault: 'The marketplace has given this category up. Choose another.' }
  if (found) {
    const { path, isLeaf, mayList } = found
    if (isLeaf && mayList) return { path }
    const fault = isLeaf
      ? 'The marketplace does not let this account sell in this category.'
      : 'Products go into the last of a branch. Choose one below this category.'
    return { path, fault }
  }
  const { rows } = await sql<{ known: boolean }>`
    select exists (select from channel_categories where tenant_id = ${tx.tenantId} and channel_id = ${channelId}) as known
  `.execute(tx)
  return rows[0]?.known
    ? { path: id, fault: 'The marketplace has no such category. Choose one of its own.' }
    : { path: id }
}

/** The whole tree as it is now. What it does not name any more is marked, for products may still be said to be in it. */
export async function storeCategories(tx: Tx, channelId: string, categories: ListingCategory[]): Promise<void> {
  const byId = new Map(categories.map((category) => [category.id, category]))
  const rows = [...byId.values()].map(({ id, parentId, name, isLeaf, mayList }) => {
    const path = pathOf(id, byId)
    return { id, parent_id: parentId, name, path, search_text: path.toLowerCase(), is_leaf: isLeaf, may_list: mayList }
  })
  await sql`
    with told as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as told (id text, parent_id text, name text, path text, search_text text, is_leaf boolean, may_list boolean)
    ), retired as (
      update channel_categories c set retired_at = app_now()
      where c.tenant_id = ${tx.tenantId} and c.channel_id = ${channelId} and c.retired_at is null
        and not exists (select from told where told.id = c.id)
    )
    insert into channel_categories as c (tenant_id, channel_id, id, parent_id, name, path, search_text, is_leaf, may_list)
    select ${tx.tenantId}, ${channelId}, id, parent_id, name, path, search_text, is_leaf, may_list from told order by id
    on conflict (tenant_id, channel_id, id) do update set parent_id = excluded.parent_id, name = excluded.name, path = excluded.path,
      search_text = excluded.search_text, is_leaf = excluded.is_leaf, may_list = excluded.may_list, retired_at = null
    where (c.parent_id, c.name, c.path, c.is_leaf, c.may_list, c.retired_at)
      is distinct from (excluded.parent_id, excluded.name, excluded.path, excluded.is_leaf, excluded.may_list, null)
  `.execute(tx)
  await sql`
    update sales_channels set categories_read_at = app_now() where tenant_id = ${tx.tenantId} and id = ${channelId}
  `.execute(tx)
  await tx.notify('listings', { id: channelId })
}

function pathOf(id: string, byId: Map<string, ListingCategory>): string {
  const names: string[] = []
  for (let at = byId.get(id); at && names.length < 30; at = at.parentId === null ? undefined : byId.get(at.parentId)) {
    names.unshift(at.name)
  }
  return names.join(separator)
}

export async function retireCategory(tx: Tx, channelId: string, id: string): Promise<void> {
  await sql`
    update channel_categories set retired_at = app_now()
    where tenant_id = ${tx.tenantId} and channel_id = ${channelId} and id = ${id} and retired_at is null
  `.execute(tx)
}

export async function categoriesReadAt(tx: Tx, channelId: string): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`
    select categories_read_at as at from sales_channels where tenant_id = ${tx.tenantId} and id = ${channelId}
  `.execute(tx)
  return rows[0]?.at ?? null
}

export type KnownNeeds = { attributes: ListingAttribute[]; limits: ListingLimits; readAt: Date; isFresh: boolean }

const freshHours = 24

/** What is known of each; those that are not are left out. '' stands for a marketplace without categories. */
export async function readNeeds(tx: Tx, channelId: string, categoryIds: string[]): Promise<Map<string, KnownNeeds>> {
  const { rows } = await sql<KnownNeeds & { id: string }>`
    select category_id as id, attributes, limits, read_at as "readAt", read_at > app_now() - make_interval(hours => ${freshHours}) as "isFresh"
    from channel_category_attributes
    where tenant_id = ${tx.tenantId} and channel_id = ${channelId} and category_id = any(${categoryIds}::text[])
  `.execute(tx)
  return new Map(rows.map(({ id, ...needs }) => [id, needs]))
}

export async function storeNeeds(
  tx: Tx,
  channelId: string,
  needs: { categoryId: string; attributes: ListingAttribute[]; limits: ListingLimits },
): Promise<void> {
  await sql`
    insert into channel_category_attributes (tenant_id, channel_id, category_id, attributes, limits)
    values (${tx.tenantId}, ${channelId}, ${needs.categoryId}, ${JSON.stringify(needs.attributes)}::jsonb, ${JSON.stringify(needs.limits)}::jsonb)
    on conflict (tenant_id, channel_id, category_id) do update
      set attributes = excluded.attributes, limits = excluded.limits, read_at = app_now()
  `.execute(tx)
}
