// Pricing rules as rows: the rules themselves, what each is for, and every version they had.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { KnownRule, Markup, PricingRule, PricingScope } from './pricing-rule.ts'

export type RuleChangeKind = 'added' | 'changed' | 'switched-on' | 'switched-off' | 'moved' | 'deleted'

type RuleRow = {
  id: string
  version: number
  active: boolean
  position: number
  name: string
  channelIds: string[]
  scopeKind: PricingScope['kind']
  currency: string
  shippingServiceId: string | null
  markupKind: Markup['kind']
  markup: number
  feeBasisPoints: number
  feeFixedMinor: number
  vatFrom: 'variant' | 'rule'
  vatRateBasisPoints: number | null
  endingMinor: number | null
  endingEvery: 10 | 100 | 1000 | 10_000 | null
  floorMinor: number | null
  ceilingMinor: number | null
  changedAt: Date
  changedBy: string
}

const ruleColumns = sql`r.id, r.version, r.active, r.position, r.name, r.channel_ids as "channelIds", r.scope_kind as "scopeKind",
  r.currency, r.shipping_service_id as "shippingServiceId", r.markup_kind as "markupKind", r.markup,
  r.fee_basis_points as "feeBasisPoints", r.fee_fixed_minor as "feeFixedMinor", r.vat_from as "vatFrom",
  r.vat_rate_basis_points as "vatRateBasisPoints", r.ending_minor as "endingMinor", r.ending_every as "endingEvery",
  r.floor_minor as "floorMinor", r.ceiling_minor as "ceilingMinor", r.changed_at as "changedAt", r.changed_by as "changedBy"`

/** In their order, and without the lists of what they are for: those may be long, and statements join them in the database. */
export async function loadRules(tx: Tx): Promise<KnownRule[]> {
  const { rows } = await sql<RuleRow>`
    select ${ruleColumns} from pricing_rules r where r.tenant_id = ${tx.tenantId} and r.deleted_at is null order by r.position, r.id
  `.execute(tx)
  return rows.map((row) => ruleOf(row, []))
}

/** Whole. Undefined where there is none, or no longer. */
export async function loadRule(tx: Tx, id: string): Promise<KnownRule | undefined> {
  const [rule] = await loadWholeRules(tx, [id])
  return rule
}

export async function loadWholeRules(
  tx: Tx,
  ids: string[],
): Promise<(KnownRule & { changedAt: Date; changedBy: string })[]> {
  const { rows } = await sql<RuleRow & { values: string[] }>`
    select ${ruleColumns},
      array(select value from pricing_rule_scopes s where s.tenant_id = r.tenant_id and s.rule_id = r.id order by value) as values
    from pricing_rules r
    where r.tenant_id = ${tx.tenantId} and r.deleted_at is null and r.id = any(${ids}::uuid[])
    order by r.position, r.id
  `.execute(tx)
  return rows.map((row) => ({ ...ruleOf(row, row.values), changedAt: row.changedAt, changedBy: row.changedBy }))
}

function ruleOf(row: RuleRow, values: string[]): KnownRule {
  const { id, version, active, position, name, channelIds, currency, shippingServiceId, floorMinor, ceilingMinor } = row
  const { endingMinor, endingEvery } = row
  return {
    id,
    version,
    active,
    position,
    name,
    channelIds,
    currency,
    shippingServiceId,
    floorMinor,
    ceilingMinor,
    scope: scopeOf(row.scopeKind, values),
    markup:
      row.markupKind === 'amount'
        ? { kind: 'amount', minor: row.markup }
        : { kind: row.markupKind, basisPoints: row.markup },
    fee: { basisPoints: row.feeBasisPoints, fixedMinor: row.feeFixedMinor },
    vat: { from: row.vatFrom, rateBasisPoints: row.vatRateBasisPoints },
    ending: endingMinor === null || endingEvery === null ? null : { minor: endingMinor, every: endingEvery },
  }
}

function scopeOf(kind: PricingScope['kind'], values: string[]): PricingScope {
  if (kind === 'all') return { kind }
  return kind === 'categories' ? { kind, names: values } : { kind, ids: values }
}

export function scopeValues(scope: PricingScope): string[] {
  if (scope.kind === 'all') return []
  return [...new Set(scope.kind === 'categories' ? scope.names : scope.ids)]
}

/** Held until the transaction ends: two people saving at once come one after the other. */
export async function lockPricing(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('pricing-rules'), hashtext(${tx.tenantId}))`.execute(tx)
}

/** The rule as it is from now on, and its version. */
export async function saveRule(
  tx: Tx,
  { what, rule, approved, actor }: { what: RuleChangeKind; rule: KnownRule; approved: boolean; actor: string },
): Promise<void> {
  const { id, version, active, position, markup, fee, vat, ending } = rule
  await sql`
    insert into pricing_rules (tenant_id, id, version, name, position, active, channel_ids, scope_kind, currency, shipping_service_id,
      markup_kind, markup, fee_basis_points, fee_fixed_minor, vat_from, vat_rate_basis_points, ending_minor, ending_every, floor_minor,
      ceiling_minor, changed_by, deleted_at)
    values (${tx.tenantId}, ${id}, ${version}, ${rule.name}, ${position}, ${active}, ${rule.channelIds}::uuid[], ${rule.scope.kind},
      ${rule.currency}, ${rule.shippingServiceId}, ${markup.kind}, ${markup.kind === 'amount' ? markup.minor : markup.basisPoints},
      ${fee.basisPoints}, ${fee.fixedMinor}, ${vat.from}, ${vat.rateBasisPoints}, ${ending?.minor ?? null}, ${ending?.every ?? null},
      ${rule.floorMinor}, ${rule.ceilingMinor}, ${actor}, case when ${what === 'deleted'}::boolean then app_now() end)
    on conflict (tenant_id, id) do update set version = excluded.version, name = excluded.name, position = excluded.position,
      active = excluded.active, channel_ids = excluded.channel_ids, scope_kind = excluded.scope_kind, currency = excluded.currency,
      shipping_service_id = excluded.shipping_service_id, markup_kind = excluded.markup_kind, markup = excluded.markup,
      fee_basis_points = excluded.fee_basis_points, fee_fixed_minor = excluded.fee_fixed_minor, vat_from = excluded.vat_from,
      vat_rate_basis_points = excluded.vat_rate_basis_points, ending_minor = excluded.ending_minor,
      ending_every = excluded.ending_every, floor_minor = excluded.floor_minor, ceiling_minor = excluded.ceiling_minor,
      changed_by = excluded.changed_by, changed_at = app_now(), deleted_at = excluded.deleted_at
  `.execute(tx)
  const values = scopeValues(rule.scope)
  await sql`
    delete from pricing_rule_scopes where tenant_id = ${tx.tenantId} and rule_id = ${id} and value <> all(${values}::text[])
  `.execute(tx)
  await sql`
    insert into pricing_rule_scopes (tenant_id, rule_id, value)
    select ${tx.tenantId}, ${id}, value from unnest(${values}::text[]) as value on conflict do nothing
  `.execute(tx)
  await sql`
    insert into pricing_rule_versions (tenant_id, rule_id, version, what, active, position, rule, approved, actor)
    values (${tx.tenantId}, ${id}, ${version}, ${what}, ${active}, ${position}, ${JSON.stringify(draftOf(rule))}::jsonb, ${approved}, ${actor})
  `.execute(tx)
}

/** What was typed, without what was made of it. */
export function draftOf(rule: PricingRule): PricingRule {
  const { name, channelIds, scope, currency, shippingServiceId, markup, fee, vat, ending, floorMinor, ceilingMinor } =
    rule
  return { name, channelIds, scope, currency, shippingServiceId, markup, fee, vat, ending, floorMinor, ceilingMinor }
}

export type RuleVersion = {
  version: number
  what: RuleChangeKind
  by: string
  at: Date
  active: boolean
  position: number
  approved: boolean
  rule: PricingRule
}

const versionsMax = 200

/** Newest first, of deleted rules too; empty where there never was such a rule. */
export async function listVersions(tx: Tx, ruleId: string): Promise<RuleVersion[]> {
  const { rows } = await sql<RuleVersion>`
    select version, what, actor as by, at, active, position, approved, rule from pricing_rule_versions
    where tenant_id = ${tx.tenantId} and rule_id = ${ruleId} order by version desc limit ${versionsMax}
  `.execute(tx)
  return rows
}

export type PricingSettings = { stepMaxBasisPoints: number; listingsMax: number }

export async function loadPricingSettings(tx: Tx): Promise<PricingSettings & { currency: string }> {
  const { rows } = await sql<PricingSettings & { currency: string }>`
    select currency, price_step_max_basis_points as "stepMaxBasisPoints", price_listings_max as "listingsMax"
    from tenants where id = ${tx.tenantId}
  `.execute(tx)
  const [settings] = rows
  if (!settings) throw new Error('A session without its business.')
  return settings
}

/** Ids that are not this business's own, or gone, by field. */
export async function unknownIds(tx: Tx, rule: PricingRule): Promise<Record<string, string>> {
  const suppliers = rule.scope.kind === 'suppliers' ? rule.scope.ids : []
  const products = rule.scope.kind === 'products' ? rule.scope.ids : []
  const { rows } = await sql<{ channels: boolean; service: boolean; suppliers: boolean; products: boolean }>`
    select
      exists (select from unnest(${rule.channelIds}::uuid[]) as w (id) where not exists (
        select from sales_channels c where c.tenant_id = ${tx.tenantId} and c.id = w.id and c.removed_at is null)) as channels,
      ${rule.shippingServiceId}::uuid is not null and not exists (
        select from shipping_services s where s.tenant_id = ${tx.tenantId} and s.id = ${rule.shippingServiceId}::uuid and s.active) as service,
      exists (select from unnest(${suppliers}::uuid[]) as w (id) where not exists (
        select from suppliers s where s.tenant_id = ${tx.tenantId} and s.id = w.id)) as suppliers,
      exists (select from unnest(${products}::uuid[]) as w (id) where not exists (
        select from products p where p.tenant_id = ${tx.tenantId} and p.id = w.id)) as products
  `.execute(tx)
  const fields: Record<string, string> = {}
  const [found] = rows
  if (found?.channels) fields['rule.channelIds'] = 'One of these integrations is gone. Choose again.'
  if (found?.service) fields['rule.shippingServiceId'] = 'This shipping service is switched off or gone.'
  if (found?.suppliers) fields['rule.scope'] = 'One of these suppliers is gone. Choose again.'
  if (found?.products) fields['rule.scope'] = 'One of these products is gone. Choose again.'
  return fields
}

export async function isNameTaken(tx: Tx, name: string, exceptId: string | null): Promise<boolean> {
  const { rows } = await sql`
    select from pricing_rules where tenant_id = ${tx.tenantId} and deleted_at is null and lower(name) = lower(${name})
      and id is distinct from ${exceptId}::uuid
  `.execute(tx)
  return rows.length > 0
}
