// How old a supplier's figures may be (S7). Older ones become a problem, and where the seller wants it they count as 0
// until newer ones come.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { closeProblems, openProblems } from '../problems/problems.store.ts'
import { markVariants } from '../stock/marks.store.ts'

/** Figures came, or the source says that nothing changed: they are as of now. */
export async function vouchForFigures(tx: Tx, supplierId: string, at?: Date): Promise<void> {
  await sql`
    update suppliers set figures_at = greatest(figures_at, ${at ? at.toISOString() : sql`app_now()`}::timestamptz)
    where tenant_id = ${tx.tenantId} and id = ${supplierId}
  `.execute(tx)
}

type Turned = { id: string; stale: boolean; showsZero: boolean; hours: number | null; figuresAt: Date | null }

/** Who has turned stale since the last look, and who is fresh again. Those who stay as they are cost nothing. */
export async function checkFigureAges(tx: Tx): Promise<void> {
  const { rows } = await sql<Turned>`
    update suppliers s set figures_stale = now_is.stale
    from (
      select id, active and stale_after_hours is not null and coalesce(figures_at, created_at) < app_now() - make_interval(hours => stale_after_hours) as stale
      from suppliers where tenant_id = ${tx.tenantId} and (stale_after_hours is not null or figures_stale) order by id for no key update
    ) now_is
    where s.tenant_id = ${tx.tenantId} and s.id = now_is.id and s.figures_stale <> now_is.stale
    returning s.id, s.figures_stale as stale, s.stale_shows_zero as "showsZero", s.stale_after_hours as hours, s.figures_at as "figuresAt"
  `.execute(tx)
  if (rows.length === 0) return
  await openProblems(
    tx,
    rows
      .filter((row) => row.stale)
      .map(({ id, hours, figuresAt, showsZero }) => ({
        key: stalenessKey(id),
        kind: 'figures-stale',
        supplierId: id,
        data: { supplierId: id, hours, since: figuresAt?.toISOString() ?? null, showsZero },
      })),
  )
  await closeProblems(
    tx,
    rows.filter((row) => !row.stale).map(({ id }) => stalenessKey(id)),
  )
  await markSuppliers(
    tx,
    rows.filter((row) => row.showsZero).map(({ id }) => id),
  )
}

function stalenessKey(supplierId: string): string {
  return `figures-stale/${supplierId}`
}

async function markSuppliers(tx: Tx, supplierIds: string[]): Promise<void> {
  if (supplierIds.length === 0) return
  const { rows } = await sql<{ id: string }>`
    select distinct variant_id as id from supplier_offers
    where tenant_id = ${tx.tenantId} and supplier_id = any(${supplierIds}::uuid[]) order by 1
  `.execute(tx)
  await markVariants(
    tx,
    rows.map((row) => row.id),
  )
}

export type FileLimitsOfSupplier = {
  staleAfterHours: number | null
  staleShowsZero: boolean
  fewerRowsPercent: number
  newlyZeroPercent: number
}

export async function loadFileLimits(
  tx: Tx,
  supplierId: string,
): Promise<(FileLimitsOfSupplier & { figuresAt: Date | null; stale: boolean }) | undefined> {
  const { rows } = await sql<FileLimitsOfSupplier & { figuresAt: Date | null; stale: boolean }>`
    select stale_after_hours as "staleAfterHours", stale_shows_zero as "staleShowsZero", held_fewer_percent as "fewerRowsPercent",
      held_zero_percent as "newlyZeroPercent", figures_at as "figuresAt", figures_stale as stale
    from suppliers where tenant_id = ${tx.tenantId} and id = ${supplierId}
  `.execute(tx)
  return rows[0]
}

export async function saveFileLimits(tx: Tx, supplierId: string, limits: FileLimitsOfSupplier): Promise<boolean> {
  const { rows } = await sql<{ turned: boolean }>`
    update suppliers s set stale_after_hours = ${limits.staleAfterHours}, stale_shows_zero = ${limits.staleShowsZero},
      held_fewer_percent = ${limits.fewerRowsPercent}, held_zero_percent = ${limits.newlyZeroPercent}
    from (select id, stale_shows_zero from suppliers where tenant_id = ${tx.tenantId} and id = ${supplierId} for no key update) before
    where s.tenant_id = ${tx.tenantId} and s.id = before.id
    returning s.figures_stale and s.stale_shows_zero <> before.stale_shows_zero as turned
  `.execute(tx)
  if (!rows[0]) return false
  if (rows[0].turned) await markSuppliers(tx, [supplierId])
  await checkFigureAges(tx)
  return true
}
