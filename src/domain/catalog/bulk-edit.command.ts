// One change of many products at once: previewed, written with what was before, and taken back where nothing changed since.
import { sql } from 'kysely'
import type { Database, Tx } from '../../platform/database.ts'
import { recordAudit } from '../channels/audit.store.ts'
import { settlePriceTargets } from '../pricing/price-targets.store.ts'
import { markVariants } from '../stock/marks.store.ts'
import { planBulkEdit, type BulkChange, type BulkPlan, type Edit, type EditableProduct } from './bulk-edit.ts'
import { allMyProducts, type MyProductsFilter } from './my-products.store.ts'

/** Of one change; more are changed by a file. */
export const bulkProductsMax = 20_000
const pricesAtOnce = 1_000

export type BulkEdit = {
  of: { productIds: string[] } | { filter: MyProductsFilter }
  change: BulkChange
  actor: string
}

export type BulkEditResult =
  | { kind: 'planned'; plan: BulkPlan; products: number }
  | { kind: 'changed'; plan: BulkPlan; products: number; editId: string | null }
  | { kind: 'refused'; reason: 'too-many' }
  | { kind: 'refused'; reason: 'not-found' }

export async function previewBulkEdit(db: Database, tenantId: string, edit: BulkEdit): Promise<BulkEditResult> {
  return db.read(tenantId, async (tx) => {
    const planned = await plan(tx, edit)
    return 'reason' in planned ? planned : { kind: 'planned', ...planned }
  })
}

export function bulkEdit(db: Database, tenantId: string, edit: BulkEdit): Promise<BulkEditResult> {
  return db.tenant(tenantId).transaction(async (tx) => {
    const planned = await plan(tx, edit)
    if ('reason' in planned) return planned
    const { edits } = planned.plan
    if (edits.length === 0) return { kind: 'changed', ...planned, editId: null }
    const products = new Set(edits.map(({ productId }) => productId)).size
    const editId = await recordEdit(tx, edit, { edits, products })
    await write(tx, edits)
    await settle(tx, edits, edit.actor)
    await recordAudit(tx, {
      actor: edit.actor,
      action: 'edit-products',
      subject: editId,
      data: { ...edit.change, products },
    })
    return { kind: 'changed', ...planned, editId }
  })
}

async function plan(
  tx: Tx,
  { of, change }: BulkEdit,
): Promise<{ plan: BulkPlan; products: number } | { kind: 'refused'; reason: 'too-many' | 'not-found' }> {
  const ids = 'productIds' in of ? [...new Set(of.productIds)] : await allMyProducts(tx, of.filter, bulkProductsMax + 1)
  if (ids.length > bulkProductsMax) return { kind: 'refused', reason: 'too-many' }
  const products = await readEditable(tx, ids)
  if ('productIds' in of && products.length < ids.length) return { kind: 'refused', reason: 'not-found' }
  return { plan: planBulkEdit(change, products), products: products.length }
}

async function readEditable(tx: Tx, ids: string[]): Promise<EditableProduct[]> {
  const { rows } = await sql<EditableProduct>`
    select p.id, p.title, nullif(p.category, '') as category, nullif(p.brand, '') as brand, p.tags, coalesce(v.variants, '[]') as variants
    from products p
    left join lateral (
      select jsonb_agg(jsonb_build_object('id', v.id, 'sku', v.sku, 'priceMinor', v.price_minor, 'currency', v.currency,
        'vatRateBasisPoints', v.vat_rate_basis_points) order by v.position, v.id) as variants
      from variants v where v.tenant_id = p.tenant_id and v.product_id = p.id
    ) v on true
    where p.tenant_id = ${tx.tenantId} and p.id = any(${ids}::uuid[]) order by p.id
  `.execute(tx)
  return rows
}

async function recordEdit(
  tx: Tx,
  { change, actor }: BulkEdit,
  { edits, products }: { edits: Edit[]; products: number },
): Promise<string> {
  const editId = tx.ids.uuid()
  await sql`
    insert into product_edits (tenant_id, id, actor, change, products)
    values (${tx.tenantId}, ${editId}, ${actor}, ${JSON.stringify(change)}::jsonb, ${products})
  `.execute(tx)
  await sql`
    insert into product_edit_rows (tenant_id, edit_id, subject_id, is_variant, before, after)
    select ${tx.tenantId}, ${editId}, e.id, e."isVariant", e.before, e.after
    from jsonb_to_recordset(${JSON.stringify(edits)}::jsonb) as e (id uuid, "isVariant" boolean, before jsonb, after jsonb)
  `.execute(tx)
  return editId
}

/** Only where it still is as it was before: what somebody changed in between is his. Answers what was written. */
async function write(tx: Tx, edits: Edit[]): Promise<Set<string>> {
  const products = await sql<{ id: string }>`
    update products p set
      category = case when e.after ? 'category' then e.after ->> 'category' else p.category end,
      brand = case when e.after ? 'brand' then e.after ->> 'brand' else p.brand end,
      tags = case when e.after ? 'tags' then array(select jsonb_array_elements_text(e.after -> 'tags')) else p.tags end,
      updated_at = app_now()
    from jsonb_to_recordset(${JSON.stringify(edits.filter(({ isVariant }) => !isVariant))}::jsonb) as e (id uuid, before jsonb, after jsonb)
    where p.tenant_id = ${tx.tenantId} and p.id = e.id
      and (not e.after ? 'category' or nullif(p.category, '') is not distinct from e.before ->> 'category')
      and (not e.after ? 'brand' or nullif(p.brand, '') is not distinct from e.before ->> 'brand')
      and (not e.after ? 'tags' or to_jsonb(p.tags) = e.before -> 'tags')
    returning p.id
  `.execute(tx)
  const variants = await sql<{ id: string }>`
    update variants v set
      price_minor = case when e.after ? 'priceMinor' then (e.after ->> 'priceMinor')::bigint else v.price_minor end,
      vat_rate_basis_points = case when e.after ? 'vatRateBasisPoints' then (e.after ->> 'vatRateBasisPoints')::int else v.vat_rate_basis_points end,
      updated_at = app_now()
    from jsonb_to_recordset(${JSON.stringify(edits.filter(({ isVariant }) => isVariant))}::jsonb) as e (id uuid, before jsonb, after jsonb)
    where v.tenant_id = ${tx.tenantId} and v.id = e.id
      and (not e.after ? 'priceMinor' or v.price_minor is not distinct from (e.before ->> 'priceMinor')::bigint)
      and (not e.after ? 'vatRateBasisPoints' or v.vat_rate_basis_points is not distinct from (e.before ->> 'vatRateBasisPoints')::int)
    returning v.id
  `.execute(tx)
  return new Set([...products.rows, ...variants.rows].map(({ id }) => id))
}

/** Prices of listings, and what pricing rules make of it. */
async function settle(tx: Tx, edits: Edit[], actor: string): Promise<void> {
  const productIds = [...new Set(edits.map(({ productId }) => productId))]
  const { rows } = await sql<{ id: string }>`
    select id from variants where tenant_id = ${tx.tenantId} and product_id = any(${productIds}::uuid[]) order by id
  `.execute(tx)
  await markVariants(
    tx,
    rows.map(({ id }) => id),
  )
  // Who confirmed the change has seen the step; a loss still waits.
  const repriced = edits.filter(({ after }) => after.priceMinor !== undefined).map(({ id }) => id)
  for (let at = 0; at < repriced.length; at += pricesAtOnce)
    await settlePriceTargets(
      tx,
      { kind: 'variants', ids: repriced.slice(at, at + pricesAtOnce) },
      { approvedBy: actor },
    )
  await tx.notify('catalog')
}

export type ProductEdit = {
  id: string
  actor: string
  change: BulkChange
  products: number
  createdAt: Date
  undoneAt: Date | null
  undoneBy: string | null
}

const editsShown = 20

export async function listEdits(tx: Tx): Promise<ProductEdit[]> {
  const { rows } = await sql<ProductEdit>`
    select id, actor, change, products, created_at as "createdAt", undone_at as "undoneAt", undone_by as "undoneBy"
    from product_edits where tenant_id = ${tx.tenantId} order by created_at desc, id desc limit ${editsShown}
  `.execute(tx)
  return rows
}

export type UndoResult =
  /** `kept`: changed by somebody since, and left so. */
  | { kind: 'undone'; undone: number; kept: number }
  | { kind: 'refused'; reason: 'not-found' }
  | { kind: 'refused'; reason: 'undone-already' }

export function undoEdit(
  db: Database,
  tenantId: string,
  { editId, actor }: { editId: string; actor: string },
): Promise<UndoResult> {
  return db.tenant(tenantId).transaction(async (tx) => {
    const { rows } = await sql<{ undone: boolean }>`
      select undone_at is not null as undone from product_edits where tenant_id = ${tx.tenantId} and id = ${editId} for update
    `.execute(tx)
    if (!rows[0]) return { kind: 'refused', reason: 'not-found' }
    if (rows[0].undone) return { kind: 'refused', reason: 'undone-already' }
    const { rows: edits } = await sql<Edit>`
      select r.subject_id as id, '' as name, r.is_variant as "isVariant", coalesce(v.product_id, r.subject_id) as "productId",
        r.after as before, r.before as after
      from product_edit_rows r
      left join variants v on r.is_variant and v.tenant_id = r.tenant_id and v.id = r.subject_id
      where r.tenant_id = ${tx.tenantId} and r.edit_id = ${editId}
    `.execute(tx)
    const written = await write(tx, edits)
    await sql`
      update product_edits set undone_at = app_now(), undone_by = ${actor} where tenant_id = ${tx.tenantId} and id = ${editId}
    `.execute(tx)
    await settle(
      tx,
      edits.filter(({ id }) => written.has(id)),
      actor,
    )
    await recordAudit(tx, { actor, action: 'undo-edit-products', subject: editId, data: { undone: written.size } })
    return { kind: 'undone', undone: written.size, kept: edits.length - written.size }
  })
}
