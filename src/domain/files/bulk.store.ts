// The planner knows tables by their last statistics. Rows written a moment ago are not in them, and a plan made for a
// handful of rows compares every row with every other: minutes for what takes a second.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'

/** Plans kept by the connection, those of the foreign keys too, are made anew for the tables as large as they are now. */
export async function planAfresh(tx: Tx): Promise<void> {
  await sql`discard plans`.execute(tx)
}

/**
 * The same where it is asked for again and again: only when one of these tables has doubled since this connection did it
 * last. Their sizes are those on disk, which nobody has to count.
 */
export async function planAfreshAsGrown(tx: Tx, tables: string[]): Promise<void> {
  const { rows } = await sql`
    select set_config('app.planned_for', sizes, false)
    from (
      select string_agg(floor(log(2, greatest(pg_relation_size(name::regclass), 1)))::text, ' ' order by name) as sizes
      from unnest(${tables}::text[]) as grown (name)
    ) s
    where sizes is distinct from current_setting('app.planned_for', true)
  `.execute(tx)
  if (rows.length > 0) await planAfresh(tx)
}

/** A join over a whole file: by hashing, whatever the statistics say. */
export async function joinWhole<Result>(tx: Tx, work: () => Promise<Result>): Promise<Result> {
  await sql`set local enable_nestloop = off`.execute(tx)
  const result = await work()
  await sql`set local enable_nestloop = on`.execute(tx)
  return result
}
