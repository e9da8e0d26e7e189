// A wish that all prices be worked out anew: after a change of a rule, an exchange rate, VAT or a cost of shipping. Written in
// the transaction of the change; the pricing job walks through the variants.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { VariantRange } from './variant-range.store.ts'

export type Sweep = { id: number; afterVariant: string | null; done: number; approvedBy: string | null }

/** `approvedBy`: who confirmed what this changes, so that large steps do not wait (R2). */
export async function sweepPrices(tx: Tx, approvedBy: string | null = null): Promise<void> {
  // One that has not begun does the same: kept from beginning until this change is seen. One whose first step is under way
  // has read the rules before it, so it is passed over.
  await sql`
    with waiting as (
      select from price_sweeps
      where tenant_id = ${tx.tenantId} and after_variant is null and approved_by is not distinct from ${approvedBy}::text
      for update skip locked
    )
    insert into price_sweeps (tenant_id, approved_by)
    select ${tx.tenantId}::uuid, ${approvedBy}::text where not exists (select from waiting)
  `.execute(tx)
  await tx.enqueue('settle-prices', {}, { key: tx.tenantId })
}

/** There is something new that rules may be for. */
export async function sweepRules(tx: Tx): Promise<void> {
  const { rows } = await sql`
    select from pricing_rules where tenant_id = ${tx.tenantId} and deleted_at is null and active limit 1
  `.execute(tx)
  if (rows.length > 0) await sweepPrices(tx)
}

/** The oldest, which the others wait for; none while a change joins it, which asks for a step itself once it is seen. */
export async function nextSweep(tx: Tx): Promise<Sweep | undefined> {
  const { rows } = await sql<Sweep>`
    select id, after_variant as "afterVariant", done, approved_by as "approvedBy" from price_sweeps
    where tenant_id = ${tx.tenantId} and id = (select min(id) from price_sweeps where tenant_id = ${tx.tenantId})
    for update skip locked
  `.execute(tx)
  return rows[0]
}

export async function advanceSweep(tx: Tx, sweep: Sweep, step: { afterVariant: string; done: number }): Promise<void> {
  await sql`
    update price_sweeps set after_variant = ${step.afterVariant}, done = done + ${step.done}
    where tenant_id = ${tx.tenantId} and id = ${sweep.id}
  `.execute(tx)
}

export async function endSweep(tx: Tx, sweep: Sweep): Promise<void> {
  await sql`delete from price_sweeps where tenant_id = ${tx.tenantId} and id = ${sweep.id}`.execute(tx)
}

/** The next so many variants by id; undefined: there are none left. */
export async function rangeAfter(
  tx: Tx,
  after: string | null,
  countMax: number,
): Promise<(VariantRange & { count: number }) | undefined> {
  const { rows } = await sql<{ last: string | null; count: number }>`
    select (array_agg(id order by id desc))[1] as last, count(*)::int as count from (
      select id from variants where tenant_id = ${tx.tenantId} and (${after}::uuid is null or id > ${after}::uuid)
      order by id limit ${countMax}
    ) next
  `.execute(tx)
  const [row] = rows
  return row && row.last !== null ? { after, last: row.last, count: row.count } : undefined
}

/** How far it is, over all sweeps that wait; null: prices are up to date. */
export async function sweepProgress(tx: Tx): Promise<{ done: number; total: number } | null> {
  const { rows } = await sql<{ done: number | null; sweeps: number; variants: number }>`
    select sum(done)::int as done, count(*)::int as sweeps,
      (select count(*)::int from variants where tenant_id = ${tx.tenantId}) as variants
    from price_sweeps where tenant_id = ${tx.tenantId}
  `.execute(tx)
  const [row] = rows
  if (!row || row.sweeps === 0) return null
  return { done: row.done ?? 0, total: row.sweeps * row.variants }
}
