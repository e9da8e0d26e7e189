// Templates: category, attributes and texts, saved for a sales channel and laid over many products.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { findChosenCategory } from './categories.store.ts'

export type ListingTemplate = TemplateFields & {
  id: string
  channelId: string
  categoryPath: string
  products: number
  updatedAt: Date
}

export type TemplateFields = {
  name: string
  catalogueCategory: string | null
  categoryId: string
  attributes: Record<string, string>
  titlePattern: string | null
  descriptionPattern: string | null
}

export type SaveTemplateResult =
  | { kind: 'saved'; template: ListingTemplate }
  | { kind: 'refused'; reason: 'not-found' }
  | { kind: 'refused'; reason: 'invalid'; fields: Record<string, string> }

export async function listTemplates(tx: Tx, filter: { channelId?: string; id?: string }): Promise<ListingTemplate[]> {
  const { rows } = await sql<ListingTemplate>`
    select t.id, t.channel_id as "channelId", t.name, t.catalogue_category as "catalogueCategory", t.category_id as "categoryId",
      t.category_path as "categoryPath", t.attributes, t.title_pattern as "titlePattern", t.description_pattern as "descriptionPattern",
      (select count(*)::int from channel_products c
        where c.tenant_id = t.tenant_id and c.channel_id = t.channel_id and c.template_id = t.id) as products,
      t.updated_at as "updatedAt"
    from listing_templates t join sales_channels s on s.tenant_id = t.tenant_id and s.id = t.channel_id and s.removed_at is null
    where t.tenant_id = ${tx.tenantId}
      and (${filter.channelId ?? null}::uuid is null or t.channel_id = ${filter.channelId ?? null}::uuid)
      and (${filter.id ?? null}::uuid is null or t.id = ${filter.id ?? null}::uuid)
    order by lower(t.name), t.id
  `.execute(tx)
  return rows
}

export async function addTemplate(tx: Tx, channelId: string, fields: TemplateFields): Promise<SaveTemplateResult> {
  const id = tx.ids.uuid()
  const category = await findChosenCategory(tx, channelId, fields.categoryId)
  if (category?.fault !== undefined) return invalid({ categoryId: category.fault })
  const { numAffectedRows } = await sql`
    insert into listing_templates (tenant_id, id, channel_id, name, catalogue_category, category_id, category_path, attributes,
      title_pattern, description_pattern)
    values (${tx.tenantId}, ${id}, ${channelId}, ${fields.name}, ${fields.catalogueCategory}, ${fields.categoryId},
      ${category?.path ?? fields.categoryId}, ${JSON.stringify(fields.attributes)}::jsonb, ${fields.titlePattern}, ${fields.descriptionPattern})
    on conflict do nothing
  `.execute(tx)
  return numAffectedRows === 0n ? nameTaken : saved(tx, id)
}

export async function changeTemplate(
  tx: Tx,
  id: string,
  changes: { [Field in keyof TemplateFields]?: TemplateFields[Field] | undefined },
): Promise<SaveTemplateResult> {
  const [before] = await listTemplates(tx, { id })
  if (!before) return { kind: 'refused', reason: 'not-found' }
  const { channelId } = before
  await sql`select from listing_templates where tenant_id = ${tx.tenantId} and channel_id = ${channelId} order by id for update`.execute(
    tx,
  )
  const fields = laidOver(before, changes)
  const isMoved = fields.categoryId !== before.categoryId
  const category = isMoved ? await findChosenCategory(tx, channelId, fields.categoryId) : { path: before.categoryPath }
  if (category && 'fault' in category && category.fault !== undefined) return invalid({ categoryId: category.fault })
  const { rows } = await sql`
    select from listing_templates
    where tenant_id = ${tx.tenantId} and channel_id = ${channelId} and lower(name) = lower(${fields.name}) and id <> ${id}
  `.execute(tx)
  if (rows.length > 0) return nameTaken
  await sql`
    update listing_templates set name = ${fields.name}, catalogue_category = ${fields.catalogueCategory}, category_id = ${fields.categoryId},
      category_path = ${category?.path ?? fields.categoryId}, attributes = ${JSON.stringify(fields.attributes)}::jsonb,
      title_pattern = ${fields.titlePattern}, description_pattern = ${fields.descriptionPattern}, updated_at = app_now()
    where tenant_id = ${tx.tenantId} and id = ${id}
  `.execute(tx)
  return saved(tx, id)
}

/** What products were given of it stays said: its category and attributes become their own, beneath what is theirs already. */
export async function removeTemplate(tx: Tx, id: string): Promise<boolean> {
  await sql`
    update channel_products c set template_id = null, category_id = coalesce(c.category_id, t.category_id),
      category_path = coalesce(c.category_path, t.category_path), attributes = t.attributes || c.attributes, updated_at = app_now()
    from listing_templates t
    where c.tenant_id = ${tx.tenantId} and c.channel_id = t.channel_id and c.template_id = t.id
      and t.tenant_id = c.tenant_id and t.id = ${id}
  `.execute(tx)
  const { numAffectedRows } = await sql`
    delete from listing_templates t where t.tenant_id = ${tx.tenantId} and t.id = ${id} and exists (
      select from sales_channels s where s.tenant_id = t.tenant_id and s.id = t.channel_id and s.removed_at is null)
  `.execute(tx)
  return numAffectedRows === 1n
}

/** Its category counts before one said; texts and attributes of the same category that are a product's own stay on top. */
export async function applyTemplate(tx: Tx, template: ListingTemplate, productIds: string[]): Promise<void> {
  await sql`
    insert into channel_products as c (tenant_id, channel_id, product_id, category_id, category_path, template_id)
    select ${tx.tenantId}, ${template.channelId}, p.id, ${template.categoryId}, ${template.categoryPath}, ${template.id}
    from products p where p.tenant_id = ${tx.tenantId} and p.id = any(${productIds}::uuid[]) order by p.id
    on conflict (tenant_id, channel_id, product_id) do update set template_id = excluded.template_id,
      attributes = case when c.category_id is distinct from excluded.category_id then '{}'::jsonb else c.attributes end,
      category_id = excluded.category_id, category_path = excluded.category_path, updated_at = app_now()
  `.execute(tx)
  await tx.notify('listings', { id: template.channelId })
}

function laidOver(
  before: ListingTemplate,
  changes: { [Field in keyof TemplateFields]?: TemplateFields[Field] | undefined },
): ListingTemplate {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined)
  return { ...before, ...Object.fromEntries(given) }
}

async function saved(tx: Tx, id: string): Promise<SaveTemplateResult> {
  const [template] = await listTemplates(tx, { id })
  if (!template) throw new Error('The template was not stored.')
  await tx.notify('listings', { id: template.channelId })
  return { kind: 'saved', template }
}

const nameTaken = invalid({ name: 'There is a template of this name already.' })

function invalid(fields: Record<string, string>): SaveTemplateResult {
  return { kind: 'refused', reason: 'invalid', fields }
}
