// The planner knows tables by their last statistics. Rows written a moment ago are not in them, and a plan made for a
// handful of rows compares every row with every other: minutes for what takes a second.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'

/** Plans kept by the connection, those of the foreign keys too, are made anew for the tables as large as they are now. */
export async function planAfresh(tx: Tx): Promise<void> {
  await sql`discard plans`.execute(tx)
}

/** A join over a whole file: by hashing, whatever the statistics say. */
export async function joinWhole<Result>(tx: Tx, work: () => Promise<Result>): Promise<Result> {
  await sql`set local enable_nestloop = off`.execute(tx)
  const result = await work()
  await sql`set local enable_nestloop = on`.execute(tx)
  return result
}
