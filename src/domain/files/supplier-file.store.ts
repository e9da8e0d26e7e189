// A supplier's file in tables: its readable rows wait in supplier_file_rows until they are applied or discarded. What
// they would change is worked out by the database, so that a file of any size costs the same memory.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { joinWhole } from './bulk.store.ts'
import type { FileLayout } from './layout.ts'
import type { SupplierRow } from './supplier-stock.ts'

export type FileSupplier = { id: string; name: string; currency: string; fileMapping: FileLayout | null }

export async function loadSupplierForFile(tx: Tx, id: string): Promise<FileSupplier | undefined> {
  const { rows } = await sql<FileSupplier>`
    select id, name, currency, file_mapping as "fileMapping" from suppliers where tenant_id = ${tx.tenantId} and id = ${id}
  `.execute(tx)
  return rows[0]
}

/** One file of a supplier at a time. */
export async function lockSupplier(tx: Tx, id: string): Promise<void> {
  await sql`select id from suppliers where tenant_id = ${tx.tenantId} and id = ${id} for no key update`.execute(tx)
}

export async function saveFileMapping(tx: Tx, supplierId: string, layout: FileLayout): Promise<void> {
  await sql`
    update suppliers set file_mapping = ${JSON.stringify(layout)}::jsonb where tenant_id = ${tx.tenantId} and id = ${supplierId}
  `.execute(tx)
}

export async function stageRows(tx: Tx, importId: string, rows: SupplierRow[]): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into supplier_file_rows (tenant_id, import_id, line, supplier_sku, on_hand, cost_minor)
    select ${tx.tenantId}, ${importId}, r.line, r.sku, r.on_hand, r.cost
    from unnest(${rows.map((row) => row.line)}::int[], ${rows.map((row) => row.sku)}::text[],
      ${rows.map((row) => row.onHand)}::int[], ${rows.map((row) => row.costMinor)}::bigint[]) as r (line, sku, on_hand, cost)
    on conflict do nothing
  `.execute(tx)
}

export async function countStagedRows(tx: Tx, importId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from supplier_file_rows where tenant_id = ${tx.tenantId} and import_id = ${importId}
  `.execute(tx)
  return rows[0]?.count ?? 0
}

/** A SKU that stands in the file twice counts where it stands first; the others are taken out and named. */
export async function takeOutDoubles(
  tx: Tx,
  importId: string,
): Promise<{ line: number; sku: string; firstLine: number }[]> {
  const { rows } = await joinWhole(tx, () =>
    sql<{ line: number; sku: string; firstLine: number }>`
    delete from supplier_file_rows d
    using (
      select line, min(line) over (partition by supplier_sku) as first_line
      from supplier_file_rows where tenant_id = ${tx.tenantId} and import_id = ${importId}
    ) f
    where d.tenant_id = ${tx.tenantId} and d.import_id = ${importId} and d.line = f.line and f.line > f.first_line
    returning d.line, d.supplier_sku as sku, f.first_line as "firstLine"
  `.execute(tx),
  )
  return rows
}

// Which offer a row speaks of: the supplier's own code first; else our SKU, where this supplier has no offer of it yet.
export const offersOfRows = (tx: Tx, importId: string, supplierId: string) => sql`
  select r.line, r.supplier_sku, r.on_hand, r.cost_minor, o.id as offer_id, o.variant_id, o.on_hand as before, o.cost_minor as cost_before
  from supplier_file_rows r
  join supplier_offers o on o.tenant_id = r.tenant_id and o.supplier_id = ${supplierId} and o.supplier_sku = r.supplier_sku
  where r.tenant_id = ${tx.tenantId} and r.import_id = ${importId}
`

export const newOffersOfRows = (tx: Tx, importId: string, supplierId: string) => sql`
  select r.line, r.supplier_sku, r.on_hand, r.cost_minor, v.id as variant_id
  from supplier_file_rows r
  join variants v on v.tenant_id = r.tenant_id and v.sku = r.supplier_sku
  where r.tenant_id = ${tx.tenantId} and r.import_id = ${importId}
    and not exists (
      select from supplier_offers o where o.tenant_id = r.tenant_id and o.supplier_id = ${supplierId} and o.supplier_sku = r.supplier_sku
    )
    and not exists (
      select from supplier_offers o where o.tenant_id = r.tenant_id and o.supplier_id = ${supplierId} and o.variant_id = v.id
    )
`

export type StagedFigures = {
  inStockBefore: number
  newlyZero: number
  newlyUnknown: number
  costsBefore: number
  costsLeaping: number
  lastRows: number | null
}

export async function figuresOfStaged(
  tx: Tx,
  importId: string,
  supplierId: string,
  hasStock: boolean,
): Promise<StagedFigures> {
  const { rows } = await joinWhole(tx, () =>
    sql<StagedFigures>`
    with m as (${offersOfRows(tx, importId, supplierId)})
    select
      (select count(*) from supplier_offers where tenant_id = ${tx.tenantId} and supplier_id = ${supplierId} and active and on_hand > 0) as "inStockBefore",
      count(*) filter (where ${hasStock} and before > 0 and on_hand = 0) as "newlyZero",
      count(*) filter (where ${hasStock} and before > 0 and on_hand is null) as "newlyUnknown",
      count(*) filter (where cost_minor is not null and cost_before > 0) as "costsBefore",
      count(*) filter (where cost_before > 0 and (cost_minor >= cost_before * 5 or cost_minor * 5 <= cost_before)) as "costsLeaping",
      (select rows_read from file_imports where tenant_id = ${tx.tenantId} and supplier_id = ${supplierId} and kind = 'supplier-stock'
        and state = 'applied' and came_by <> 'api' order by started_at desc, id desc limit 1) as "lastRows"
    from m
  `.execute(tx),
  )
  const figures = rows[0]
  if (!figures) throw new Error('Counting gave no row.')
  return figures
}

/** Whether a file that began later has been applied: an older one must not overwrite its figures. */
export async function hasNewerApplied(tx: Tx, importId: string, supplierId: string): Promise<boolean> {
  const { rows } = await sql<{ newer: boolean }>`
    select exists (
      select from file_imports n join file_imports i on i.tenant_id = n.tenant_id and i.id = ${importId}
      where n.tenant_id = ${tx.tenantId} and n.supplier_id = ${supplierId} and n.kind = 'supplier-stock' and n.state = 'applied' and n.came_by <> 'api'
        and (n.started_at, n.id) > (i.started_at, i.id)
    ) as newer
  `.execute(tx)
  return rows[0]?.newer ?? false
}

/** Offers for our SKUs that this supplier is the first time seen to have, by the lines that name them. Their stock is unknown until it is set. */
export async function addMissingOffers(
  tx: Tx,
  importId: string,
  supplierId: string,
  currency: string,
): Promise<number[]> {
  const { rows } = await joinWhole(tx, () =>
    sql<{
      line: number
      variant_id: string
      supplier_sku: string
    }>`${newOffersOfRows(tx, importId, supplierId)} order by r.line`.execute(tx),
  )
  if (rows.length === 0) return []
  await sql`
    insert into supplier_offers (tenant_id, id, supplier_id, variant_id, supplier_sku, currency)
    select ${tx.tenantId}, n.id, ${supplierId}, n.variant_id, n.sku, ${currency}
    from unnest(${rows.map(() => tx.ids.uuid())}::uuid[], ${rows.map((row) => row.variant_id)}::uuid[], ${rows.map((row) => row.supplier_sku)}::text[])
      as n (id, variant_id, sku)
    on conflict do nothing
  `.execute(tx)
  return rows.map((row) => row.line)
}

/** Locks every offer the file speaks of, in the order of their ids as everybody does. */
export async function lockStagedOffers(tx: Tx, importId: string, supplierId: string): Promise<void> {
  await joinWhole(tx, () =>
    sql`
    with m as (${offersOfRows(tx, importId, supplierId)})
    select count(*) from (
      select o.id from supplier_offers o where o.tenant_id = ${tx.tenantId} and o.id in (select offer_id from m) order by o.id for no key update
    ) locked
  `.execute(tx),
  )
}

export type StagedChange = {
  line: number
  offerId: string
  variantId: string
  onHand: number | null
  stockChanged: boolean
  costChanged: boolean
}

/** What the rows after a line would change, in the order of the file. */
export async function nextChanges(
  tx: Tx,
  importId: string,
  supplierId: string,
  page: { after: { line: number; offerId: string } | undefined; limit: number; hasStock: boolean },
): Promise<StagedChange[]> {
  const { rows } = await joinWhole(tx, () =>
    sql<StagedChange>`
    with m as (${offersOfRows(tx, importId, supplierId)})
    select line, offer_id as "offerId", variant_id as "variantId", on_hand as "onHand",
      ${page.hasStock} and on_hand is distinct from before as "stockChanged",
      cost_minor is not null and cost_minor is distinct from cost_before as "costChanged"
    from m
    where (line, offer_id) > (${page.after?.line ?? 0}::int, ${page.after?.offerId ?? '00000000-0000-0000-0000-000000000000'}::uuid) and ((${page.hasStock} and on_hand is distinct from before) or (cost_minor is not null and cost_minor is distinct from cost_before))
    order by line, offer_id limit ${page.limit}
  `.execute(tx),
  )
  return rows
}

/** Costs, and the age of every figure the file names, changed or not: it was true when the file came. */
export async function saveCostsAndAge(
  tx: Tx,
  importId: string,
  supplierId: string,
  at: Date,
  hasStock: boolean,
): Promise<void> {
  await joinWhole(tx, () =>
    sql`
    with m as (${offersOfRows(tx, importId, supplierId)})
    update supplier_offers o set
      cost_minor = coalesce(m.cost_minor, o.cost_minor),
      on_hand_at = case when ${hasStock} then ${at.toISOString()}::timestamptz else o.on_hand_at end,
      updated_at = app_now()
    from m where o.tenant_id = ${tx.tenantId} and o.id = m.offer_id
  `.execute(tx),
  )
}

/** Rows of SKUs that are neither this supplier's offers nor in the inventory; `offeredAs`: he offers ours under another code. */
export async function unknownRows(
  tx: Tx,
  importId: string,
  supplierId: string,
): Promise<{ line: number; sku: string; offeredAs: string | null }[]> {
  const { rows } = await joinWhole(tx, () =>
    sql<{ line: number; sku: string; offeredAs: string | null }>`
    select r.line, r.supplier_sku as sku, other.supplier_sku as "offeredAs"
    from supplier_file_rows r
    left join variants v on v.tenant_id = r.tenant_id and v.sku = r.supplier_sku
    left join supplier_offers other on other.tenant_id = v.tenant_id and other.supplier_id = ${supplierId} and other.variant_id = v.id
    where r.tenant_id = ${tx.tenantId} and r.import_id = ${importId} and not exists (
      select from supplier_offers o where o.tenant_id = r.tenant_id and o.supplier_id = ${supplierId} and o.supplier_sku = r.supplier_sku
    )
    order by r.line
  `.execute(tx),
  )
  return rows
}

/** Offers in use that the file does not name: they keep their figure and its age. */
export async function countAbsent(tx: Tx, importId: string, supplierId: string): Promise<number> {
  const { rows } = await joinWhole(tx, () =>
    sql<{ count: number }>`
    select count(*) as count from supplier_offers o
    where o.tenant_id = ${tx.tenantId} and o.supplier_id = ${supplierId} and o.active and not exists (
      select from supplier_file_rows r where r.tenant_id = o.tenant_id and r.import_id = ${importId} and r.supplier_sku = o.supplier_sku
    )
  `.execute(tx),
  )
  return rows[0]?.count ?? 0
}
