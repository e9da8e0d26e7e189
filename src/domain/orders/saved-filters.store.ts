// Filters a person keeps under a name. What a filter says stands in the address, so it is kept as it stands there.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'

export type SavedFilter = { id: string; name: string; query: string; isDefault: boolean }

export const savedFiltersMax = 50

export async function listSavedFilters(tx: Tx, userId: string): Promise<SavedFilter[]> {
  const { rows } = await sql<SavedFilter>`
    select id, name, query, is_default as "isDefault" from saved_filters
    where tenant_id = ${tx.tenantId} and user_id = ${userId} order by position, id
  `.execute(tx)
  return rows
}

/** One of the same name is replaced. */
export async function saveFilter(
  tx: Tx,
  { userId, name, query }: { userId: string; name: string; query: string },
): Promise<'saved' | 'too-many'> {
  await lockFilters(tx, userId)
  const { rows } = await sql`
    insert into saved_filters (tenant_id, id, user_id, name, query, position)
    select ${tx.tenantId}, ${tx.ids.uuid()}, ${userId}, ${name}, ${query}, coalesce(max(position), 0) + 1
    from saved_filters where tenant_id = ${tx.tenantId} and user_id = ${userId}
    having count(*) < ${savedFiltersMax} or bool_or(name = ${name})
    on conflict (tenant_id, user_id, name) do update set query = excluded.query
    returning id
  `.execute(tx)
  return rows.length > 0 ? 'saved' : 'too-many'
}

export type FilterChange = {
  name?: string | undefined
  isDefault?: boolean | undefined
  move?: 'up' | 'down' | undefined
}

export async function changeFilter(
  tx: Tx,
  { userId, id, ...change }: FilterChange & { userId: string; id: string },
): Promise<'saved' | 'not-found' | 'name-taken'> {
  await lockFilters(tx, userId)
  const filters = await listSavedFilters(tx, userId)
  if (!filters.some((filter) => filter.id === id)) return 'not-found'
  if (filters.some((filter) => filter.id !== id && filter.name === change.name)) return 'name-taken'
  if (change.isDefault !== undefined) await setDefault(tx, userId, change.isDefault ? id : null)
  if (change.name !== undefined)
    await sql`
      update saved_filters set name = ${change.name} where tenant_id = ${tx.tenantId} and user_id = ${userId} and id = ${id}
    `.execute(tx)
  if (change.move !== undefined) await moveFilter(tx, userId, { filters, id, by: change.move === 'up' ? -1 : 1 })
  return 'saved'
}

export async function deleteFilter(tx: Tx, { userId, id }: { userId: string; id: string }): Promise<boolean> {
  const { rows } = await sql`
    delete from saved_filters where tenant_id = ${tx.tenantId} and user_id = ${userId} and id = ${id}::uuid returning id
  `.execute(tx)
  return rows.length > 0
}

/** Two changes at once would each renumber what it saw. The first row stands for all of them. */
async function lockFilters(tx: Tx, userId: string): Promise<void> {
  await sql`
    select id from saved_filters where tenant_id = ${tx.tenantId} and user_id = ${userId} order by id for update
  `.execute(tx)
}

/** Taken off the old one first, for only one may have it. */
async function setDefault(tx: Tx, userId: string, id: string | null): Promise<void> {
  await sql`
    update saved_filters set is_default = false where tenant_id = ${tx.tenantId} and user_id = ${userId} and is_default
  `.execute(tx)
  if (id !== null)
    await sql`
      update saved_filters set is_default = true where tenant_id = ${tx.tenantId} and user_id = ${userId} and id = ${id}
    `.execute(tx)
}

async function moveFilter(
  tx: Tx,
  userId: string,
  { filters, id, by }: { filters: SavedFilter[]; id: string; by: number },
): Promise<void> {
  const ids = filters.map((filter) => filter.id)
  const from = ids.indexOf(id)
  const to = from + by
  if (to < 0 || to >= ids.length) return
  ids.splice(to, 0, ...ids.splice(from, 1))
  await sql`
    update saved_filters f set position = t.position from unnest(${ids}::uuid[]) with ordinality as t (id, position)
    where f.tenant_id = ${tx.tenantId} and f.user_id = ${userId} and f.id = t.id
  `.execute(tx)
}
