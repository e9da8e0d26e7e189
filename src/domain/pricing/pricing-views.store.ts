// Pricing rules as the screens show them.
import { sql } from 'kysely'
import { roughCountMax } from '../listings/paging.ts'
import type { Tx } from '../../platform/database.ts'
import type { PreviewPair } from './preview-prices.store.ts'
import type { PricingRule } from './pricing-rule.ts'
import { draftOf, loadRules, loadWholeRules, scopeValues } from './pricing-rules.store.ts'

export type RuleView = {
  id: string
  version: number
  active: boolean
  rule: PricingRule
  names: { channels: string[]; scope: string[]; shippingService: string | null }
  prices: number
  held: number
  changedAt: Date
  changedBy: string
}

const namesMax = 10

/** In their order; one, where an id is asked for. */
export async function listRuleViews(tx: Tx, id?: string): Promise<RuleView[]> {
  const ids = id === undefined ? (await loadRules(tx)).map((rule) => rule.id) : [id]
  const rules = await loadWholeRules(tx, ids)
  const { rows } = await sql<{
    id: string
    channels: string[]
    scope: string[]
    service: string | null
    prices: number
    held: number
  }>`
    select r.id,
      array(select c.name from sales_channels c where c.tenant_id = r.tenant_id and c.id = any(r.channel_ids) order by c.name) as channels,
      case r.scope_kind
        when 'suppliers' then array(select s.name from suppliers s where s.tenant_id = r.tenant_id
          and s.id::text in (select value from pricing_rule_scopes x where x.tenant_id = r.tenant_id and x.rule_id = r.id) order by s.name)
        when 'products' then array(select p.title from pricing_rule_scopes x join products p on p.tenant_id = x.tenant_id and p.id::text = x.value
          where x.tenant_id = r.tenant_id and x.rule_id = r.id order by p.title limit ${namesMax})
        when 'categories' then array(select value from pricing_rule_scopes x where x.tenant_id = r.tenant_id and x.rule_id = r.id order by value)
        else '{}' end as scope,
      (select name from shipping_services s where s.tenant_id = r.tenant_id and s.id = r.shipping_service_id) as service,
      made.prices, made.held
    from pricing_rules r
    cross join lateral (
      select count(*)::int as prices, count(held)::int as held from (
        select held from rule_prices p where p.tenant_id = r.tenant_id and p.rule_id = r.id limit ${roughCountMax}
      ) counted
    ) made
    where r.tenant_id = ${tx.tenantId} and r.id = any(${ids}::uuid[]) and r.deleted_at is null
  `.execute(tx)
  const found = new Map(rows.map((row) => [row.id, row]))
  return rules.map(({ changedAt, changedBy, ...rule }) => {
    const row = found.get(rule.id)
    const names = { channels: row?.channels ?? [], scope: row?.scope ?? [], shippingService: row?.service ?? null }
    const { version, active } = rule
    return {
      id: rule.id,
      version,
      active,
      rule: draftOf(rule),
      names,
      prices: row?.prices ?? 0,
      held: row?.held ?? 0,
      changedAt,
      changedBy,
    }
  })
}

/** The first few variants a rule as typed is for, on one of its sales channels. */
export async function firstPairs(
  tx: Tx,
  rule: PricingRule,
  wanted: { channelId: string | null; variantIds: string[]; countMax: number },
): Promise<Pick<PreviewPair, 'channelId' | 'variantId'>[]> {
  const values = scopeValues(rule.scope)
  const isMeant = {
    all: sql`true`,
    suppliers: sql`exists (select from supplier_offers o where o.tenant_id = v.tenant_id and o.variant_id = v.id and o.active
      and o.supplier_id::text = any(${values}::text[]))`,
    categories: sql`coalesce(nullif(p.category, ''), p.product_type) = any(${values}::text[])`,
    products: sql`v.product_id::text = any(${values}::text[])`,
  }[rule.scope.kind]
  const which = wanted.variantIds.length > 0 ? sql`v.id = any(${wanted.variantIds}::uuid[])` : isMeant
  const { rows } = await sql<{ channelId: string; variantId: string }>`
    select channel.id as "channelId", chosen.id as "variantId"
    from (
      select id from sales_channels
      where tenant_id = ${tx.tenantId} and removed_at is null
        and case when ${wanted.channelId}::uuid is not null then id = ${wanted.channelId}::uuid
          else ${rule.channelIds.length === 0} or id = any(${rule.channelIds}::uuid[]) end
      order by name, id limit 1
    ) channel
    cross join (
      select v.id from variants v join products p on p.tenant_id = v.tenant_id and p.id = v.product_id
      where v.tenant_id = ${tx.tenantId} and ${which}
      order by p.title, v.position, v.id limit ${wanted.countMax}
    ) chosen
  `.execute(tx)
  return rows
}

const categoriesMax = 500

/** Of the catalogue: what a product is in, else what kind it is. */
export async function listCategories(
  tx: Tx,
  search: string | undefined,
): Promise<{ name: string; products: number }[]> {
  const { rows } = await sql<{ name: string; products: number }>`
    select category as name, count(*)::int as products from (
      select coalesce(nullif(category, ''), product_type) as category from products where tenant_id = ${tx.tenantId}
    ) p
    where category <> '' and (${search ?? null}::text is null or position(lower(${search ?? ''}) in lower(category)) > 0)
    group by category order by category limit ${categoriesMax}
  `.execute(tx)
  return rows
}
