// What a seller says of products for one sales channel, of one or of thousands in the same few statements. Nothing goes out by
// it but prices of listings that follow; the rest goes with the next listing or update.
import { sql } from 'kysely'
import type { Database, Tx } from '../../platform/database.ts'
import type { Money } from '../money.ts'
import { settlePriceTargets } from '../pricing/price-targets.store.ts'
import { findChosenCategory } from './categories.store.ts'

export type ProductSaying = {
  title?: string | null | undefined
  description?: string | null | undefined
  categoryId?: string | null | undefined
  /** Null takes one away. */
  attributes?: Record<string, string | null> | undefined
  templateId?: string | null | undefined
}

export type VariantSaying = {
  included?: boolean | undefined
  title?: string | null | undefined
  attributes?: Record<string, string | null> | undefined
  priceIncVat?: Money | null | undefined
  shippingExVat?: Money | null | undefined
}

export type Sayings = {
  channelId: string
  productIds: string[]
  product: ProductSaying
  allVariants: Pick<VariantSaying, 'included' | 'priceIncVat' | 'shippingExVat'>
  variants: (VariantSaying & { variantId: string })[]
}

export type SayResult =
  | { kind: 'said'; products: number; variants: number }
  | { kind: 'refused'; reason: 'not-found' }
  | { kind: 'refused'; reason: 'invalid'; fields: Record<string, string> }

export function sayForChannel(db: Database, tenantId: string, sayings: Sayings): Promise<SayResult> {
  return db.tenant(tenantId).transaction(async (tx) => {
    const channel = await readChannel(tx, sayings.channelId)
    if (!channel) return { kind: 'refused', reason: 'not-found' }
    const fields = { ...moneyFaults(sayings, channel.currency), ...(await templateFaults(tx, sayings)) }
    const category = await findChosenCategory(tx, sayings.channelId, sayings.product.categoryId ?? null)
    if (category?.fault !== undefined) fields['product.categoryId'] = category.fault
    if (Object.keys(fields).length > 0) return { kind: 'refused', reason: 'invalid', fields }
    const variants = await variantRows(tx, sayings)
    if (variants === 'not-found') return { kind: 'refused', reason: 'not-found' }
    const products = await saveProducts(tx, sayings, category?.path ?? null)
    await saveVariants(tx, sayings.channelId, variants)
    const priced = variants.filter(({ has_price: hasPrice }) => hasPrice).map(({ id }) => id)
    if (priced.length > 0) await settlePriceTargets(tx, { kind: 'variants', ids: priced })
    await tx.notify('listings', { id: sayings.channelId })
    return { kind: 'said', products, variants: variants.length }
  })
}

async function readChannel(tx: Tx, channelId: string): Promise<{ currency: string } | undefined> {
  const { rows } = await sql<{ currency: string }>`
    select currency from sales_channels
    where tenant_id = ${tx.tenantId} and id = ${channelId} and removed_at is null for key share
  `.execute(tx)
  return rows[0]
}

function moneyFaults({ allVariants, variants }: Sayings, currency: string): Record<string, string> {
  const named = [
    ...variants.map((variant, at) => [`variants.${at}`, variant] as const),
    ['allVariants', allVariants] as const,
  ]
  const faults: [string, string][] = named.flatMap(([at, { priceIncVat, shippingExVat }]) => {
    const price = priceIncVat && whyNotMoney(priceIncVat, currency, 1)
    const shipping = shippingExVat && whyNotMoney(shippingExVat, currency, 0)
    return [
      ...(price ? [[`${at}.priceIncVat`, price] as [string, string]] : []),
      ...(shipping ? [[`${at}.shippingExVat`, shipping] as [string, string]] : []),
    ]
  })
  return Object.fromEntries(faults)
}

function whyNotMoney({ minor, currency: given }: Money, currency: string, minorMin: number): string | null {
  if (given !== currency) return `Prices of this integration are in ${currency}.`
  if (Number.isSafeInteger(minor) && minor >= minorMin) return null
  return minorMin > 0 ? 'A price is above 0.' : 'A shipping price is not below 0.'
}

async function templateFaults(tx: Tx, { channelId, product }: Sayings): Promise<Record<string, string>> {
  if (!product.templateId) return {}
  const { rows } = await sql`
    select from listing_templates where tenant_id = ${tx.tenantId} and id = ${product.templateId}::uuid and channel_id = ${channelId}
  `.execute(tx)
  return rows.length === 1 ? {} : { 'product.templateId': 'This template is not there any more.' }
}

/** Another category has other attributes: what is said of the old one goes. */
async function saveProducts(tx: Tx, sayings: Sayings, categoryPath: string | null): Promise<number> {
  const { channelId, productIds, product } = sayings
  const { title, description, categoryId, templateId } = product
  const isNothing = Object.values(product).every((value) => value === undefined)
  if (isNothing) return productIds.length
  const [given, taken] = splitAttributes(product.attributes)
  const { numAffectedRows } = await sql`
    insert into channel_products as c (tenant_id, channel_id, product_id, title, description, category_id, category_path, attributes, template_id)
    select ${tx.tenantId}, ${channelId}, p.id, ${title ?? null}, ${description ?? null}, ${categoryId ?? null}, ${categoryPath},
      ${JSON.stringify(given)}::jsonb, ${templateId ?? null}::uuid
    from products p where p.tenant_id = ${tx.tenantId} and p.id = any(${productIds}::uuid[]) order by p.id
    on conflict (tenant_id, channel_id, product_id) do update set
      title = case when ${title !== undefined} then excluded.title else c.title end,
      description = case when ${description !== undefined} then excluded.description else c.description end,
      category_id = case when ${categoryId !== undefined} then excluded.category_id else c.category_id end,
      category_path = case when ${categoryId !== undefined} then excluded.category_path else c.category_path end,
      attributes = (case when ${categoryId !== undefined} and excluded.category_id is distinct from c.category_id then '{}'::jsonb
        else c.attributes end || excluded.attributes) - ${taken}::text[],
      template_id = case when ${templateId !== undefined} then excluded.template_id else c.template_id end,
      updated_at = app_now()
  `.execute(tx)
  return Number(numAffectedRows ?? 0)
}

type VariantRow = {
  id: string
  has_included: boolean
  included: boolean
  has_title: boolean
  title: string | null
  given: Record<string, string>
  taken: string[]
  has_price: boolean
  price: number | null
  has_shipping: boolean
  shipping: number | null
  currency: string | null
}

/** What is said of one variant counts before what is said of all. */
async function variantRows(tx: Tx, sayings: Sayings): Promise<VariantRow[] | 'not-found'> {
  const { allVariants, variants, productIds } = sayings
  const isForAll = Object.values(allVariants).some((value) => value !== undefined)
  if (!isForAll && variants.length === 0) return []
  const named = variants.map(({ variantId }) => variantId)
  const { rows } = await sql<{ id: string }>`
    select id from variants
    where tenant_id = ${tx.tenantId} and product_id = any(${productIds}::uuid[]) and (${isForAll} or id = any(${named}::uuid[]))
    order by id for key share
  `.execute(tx)
  const known = new Set(rows.map(({ id }) => id))
  if (named.some((id) => !known.has(id))) return 'not-found'
  const own = new Map(variants.map((variant) => [variant.variantId, variant]))
  return rows.map(({ id }) => variantRow(id, { ...allVariants, ...withoutUndefined(own.get(id) ?? {}) }))
}

function variantRow(id: string, saying: VariantSaying): VariantRow {
  const { included, title, attributes, priceIncVat, shippingExVat } = saying
  const [given, taken] = splitAttributes(attributes)
  return {
    id,
    has_included: included !== undefined,
    included: included ?? true,
    has_title: title !== undefined,
    title: title ?? null,
    given,
    taken,
    has_price: priceIncVat !== undefined,
    price: priceIncVat?.minor ?? null,
    has_shipping: shippingExVat !== undefined,
    shipping: shippingExVat?.minor ?? null,
    currency: priceIncVat?.currency ?? shippingExVat?.currency ?? null,
  }
}

async function saveVariants(tx: Tx, channelId: string, rows: VariantRow[]): Promise<void> {
  if (rows.length === 0) return
  await sql`
    with said as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as said (id uuid, has_included boolean, included boolean,
        has_title boolean, title text, given jsonb, taken text[], has_price boolean, price bigint, has_shipping boolean, shipping bigint,
        currency text)
    ), laid as (
      select said.id, case when said.has_included then said.included else coalesce(c.included, true) end as included,
        case when said.has_title then said.title else c.title end as title,
        (coalesce(c.attributes, '{}') || said.given) - said.taken as attributes,
        case when said.has_price then said.price else c.price_minor end as price_minor,
        case when said.has_shipping then said.shipping else c.shipping_minor end as shipping_minor,
        coalesce(said.currency, c.currency) as currency
      from said left join channel_variants c on c.tenant_id = ${tx.tenantId} and c.channel_id = ${channelId} and c.variant_id = said.id
    )
    insert into channel_variants (tenant_id, channel_id, variant_id, included, title, attributes, price_minor, shipping_minor, currency)
    select ${tx.tenantId}, ${channelId}, id, included, title, attributes, price_minor, shipping_minor, currency from laid order by id
    on conflict (tenant_id, channel_id, variant_id) do update set included = excluded.included, title = excluded.title,
      attributes = excluded.attributes, price_minor = excluded.price_minor, shipping_minor = excluded.shipping_minor,
      currency = excluded.currency, updated_at = app_now()
  `.execute(tx)
}

function splitAttributes(attributes: Record<string, string | null> = {}): [Record<string, string>, string[]] {
  const given = Object.entries(attributes).flatMap(([key, value]) =>
    value === null || value.trim() === '' ? [] : [[key, value] as const],
  )
  const taken = Object.keys(attributes).filter((key) => !given.some(([name]) => name === key))
  return [Object.fromEntries(given), taken]
}

function withoutUndefined<Fields extends object>(fields: Fields): Partial<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Fields>
}
