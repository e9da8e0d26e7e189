// Pricing rules are added, changed, switched, moved and deleted. Each makes a new version and all prices are worked out anew.
// What changes many listings, or some by much, is only saved after its preview was seen; that counts as the approval (R2).
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Database, Tx } from '../../platform/database.ts'
import { recordAudit } from '../channels/audit.store.ts'
import { sweepPrices } from './price-sweeps.store.ts'
import { ruleFaults, type KnownRule, type PricingRule } from './pricing-rule.ts'
import {
  draftOf,
  isNameTaken,
  loadRule,
  loadRules,
  lockPricing,
  saveRule,
  unknownIds,
  type PricingSettings,
  type RuleChangeKind,
} from './pricing-rules.store.ts'
import { previewPrices, type PreviewCounts } from './preview-prices.store.ts'

const rulesMax = 200

export type RuleRefusal =
  | { kind: 'refused'; reason: 'not-found' }
  | { kind: 'refused'; reason: 'invalid'; fields: Record<string, string> }
  /** It must be seen first. */
  | { kind: 'refused'; reason: 'preview-needed'; counts: PreviewCounts }
  /** What was seen is not what is to be saved. */
  | { kind: 'refused'; reason: 'changed' }

export type SavedRule = { kind: 'saved'; id: string } | RuleRefusal

export function addRule(
  db: Database,
  tenantId: string,
  wish: { rule: PricingRule; active: boolean; seen?: string | undefined; actor: string },
): Promise<SavedRule> {
  return db.tenant(tenantId).transaction(async (tx) => {
    await lockPricing(tx)
    const fields = await faultsOf(tx, wish.rule, null)
    const rules = await loadRules(tx)
    if (rules.length >= rulesMax) fields['rule.name'] ??= `There are ${rulesMax} rules already. Delete one first.`
    if (Object.keys(fields).length > 0) return { kind: 'refused', reason: 'invalid', fields }
    const position = Math.max(0, ...rules.map((rule) => rule.position)) + 1
    const rule: KnownRule = { ...draftOf(wish.rule), id: tx.ids.uuid(), version: 1, active: wish.active, position }
    return save(tx, { what: 'added', before: undefined, rule, ...seenOf(wish) })
  })
}

export function changeRule(
  db: Database,
  tenantId: string,
  wish: { id: string; rule: PricingRule; seen?: string | undefined; actor: string },
): Promise<SavedRule> {
  return changeKnown(db, tenantId, wish, async (tx, before) => {
    const fields = await faultsOf(tx, wish.rule, before.id)
    if (Object.keys(fields).length > 0) return { kind: 'refused', reason: 'invalid', fields }
    return { what: 'changed', rule: { ...before, ...draftOf(wish.rule) } }
  })
}

export function switchRule(
  db: Database,
  tenantId: string,
  wish: { id: string; active: boolean; seen?: string | undefined; actor: string },
): Promise<SavedRule> {
  return changeKnown(db, tenantId, wish, async (_tx, before) => {
    if (before.active === wish.active) return { kind: 'saved', id: before.id }
    return { what: wish.active ? 'switched-on' : 'switched-off', rule: { ...before, active: wish.active } }
  })
}

export function deleteRule(
  db: Database,
  tenantId: string,
  wish: { id: string; seen?: string | undefined; actor: string },
): Promise<SavedRule> {
  return changeKnown(db, tenantId, wish, async (_tx, before) => ({
    what: 'deleted',
    rule: { ...before, active: false },
  }))
}

/** Large steps that come of the order wait for a person. */
export function reorderRules(
  db: Database,
  tenantId: string,
  { ids, actor }: { ids: string[]; actor: string },
): Promise<{ kind: 'saved' } | { kind: 'refused'; reason: 'invalid'; fields: Record<string, string> }> {
  return db.tenant(tenantId).transaction(async (tx) => {
    await lockPricing(tx)
    const rules = await loadRules(tx)
    const known = new Set(rules.map(({ id }) => id))
    if (ids.length !== known.size || new Set(ids).size !== ids.length || ids.some((id) => !known.has(id))) {
      const fields = { ids: 'The list of rules changed meanwhile. Look at it again.' }
      return { kind: 'refused', reason: 'invalid', fields }
    }
    let isMoved = false
    for (const { id, position } of rules) {
      const wanted = ids.indexOf(id) + 1
      if (wanted === position) continue
      const before = await loadRule(tx, id)
      if (!before) continue
      isMoved = true
      const rule = { ...before, position: wanted, version: before.version + 1 }
      await saveRule(tx, { what: 'moved', rule, approved: false, actor })
    }
    if (!isMoved) return { kind: 'saved' }
    await recordAudit(tx, { actor, action: 'reorder-pricing-rules', subject: tx.tenantId, data: { ids } })
    await sweepPrices(tx)
    await tx.notify('catalog')
    return { kind: 'saved' }
  })
}

export async function savePricingSettings(
  tx: Tx,
  change: { [Key in keyof PricingSettings]?: PricingSettings[Key] | undefined },
  actor: string,
): Promise<void> {
  await sql`
    update tenants set price_step_max_basis_points = coalesce(${change.stepMaxBasisPoints ?? null}::int, price_step_max_basis_points),
      price_listings_max = coalesce(${change.listingsMax ?? null}::int, price_listings_max)
    where id = ${tx.tenantId}
  `.execute(tx)
  await recordAudit(tx, { actor, action: 'save-pricing-settings', subject: tx.tenantId, data: change })
  await sweepPrices(tx)
}

type Change = { what: RuleChangeKind; rule: KnownRule }

function changeKnown(
  db: Database,
  tenantId: string,
  wish: { id: string; seen?: string | undefined; actor: string },
  decide: (tx: Tx, before: KnownRule) => Promise<Change | SavedRule>,
): Promise<SavedRule> {
  return db.tenant(tenantId).transaction(async (tx) => {
    await lockPricing(tx)
    const before = await loadRule(tx, wish.id)
    if (!before) return { kind: 'refused', reason: 'not-found' }
    const change = await decide(tx, before)
    if ('kind' in change) return change
    const rule = { ...change.rule, version: before.version + 1 }
    return save(tx, { what: change.what, before, rule, ...seenOf(wish) })
  })
}

function seenOf({ seen, actor }: { seen?: string | undefined; actor: string }) {
  return { seen, actor }
}

async function save(
  tx: Tx,
  wish: Change & { before: KnownRule | undefined; seen: string | undefined; actor: string },
): Promise<SavedRule> {
  const { what, rule, before, seen, actor } = wish
  // Switched off, prices stay; and what is saved switched off prices nothing.
  const changesPrices = rule.active || what === 'deleted'
  const approved = seen !== undefined
  if (changesPrices && seen !== undefined && seen !== seenToken(before, what === 'deleted' ? null : rule))
    return { kind: 'refused', reason: 'changed' }
  if (changesPrices && !approved) {
    const counts = await previewPrices(tx, what === 'deleted' ? { remove: rule.id } : { draft: rule })
    if (counts.needsApproval) return { kind: 'refused', reason: 'preview-needed', counts }
  }
  await saveRule(tx, { what, rule, approved, actor })
  const data = { what, version: rule.version, name: rule.name, approved }
  await recordAudit(tx, { actor, action: 'save-pricing-rule', subject: rule.id, data })
  if (changesPrices) await sweepPrices(tx, approved ? actor : null)
  await tx.notify('catalog')
  return { kind: 'saved', id: rule.id }
}

/** Says which change was seen: of the rule as it stood, to the one as typed; null: deleted. */
export function seenToken(before: KnownRule | undefined, after: PricingRule | null): string {
  const from = before ? [before.id, before.version] : null
  return createHash('sha256')
    .update(JSON.stringify([from, after && draftOf(after)]))
    .digest('base64url')
}

/** By field, as a person typed it. */
export async function faultsOf(tx: Tx, rule: PricingRule, exceptId: string | null): Promise<Record<string, string>> {
  const fields = { ...ruleFaults(rule), ...(await unknownIds(tx, rule)) }
  if (await isNameTaken(tx, rule.name, exceptId)) fields['rule.name'] = 'There is a pricing rule of this name already.'
  return fields
}
