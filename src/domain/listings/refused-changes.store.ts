// Products whose last change a sales channel refused: one problem for all of them, which closes when none is left.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { closeProblem, openProblem } from '../problems/problems.store.ts'

/** `isNew`: one was refused just now. Otherwise a problem that a person has put aside stays so. */
export async function tellOfRefused(tx: Tx, channelId: string, { isNew }: { isNew: boolean }): Promise<void> {
  const key = `listings-refused/${channelId}`
  if (!isNew && !(await isOpen(tx, key))) return
  const count = await countRefused(tx, channelId)
  if (count === 0) return closeProblem(tx, key)
  await openProblem(tx, { key, kind: 'listings-refused', channelId, data: { count } })
}

async function isOpen(tx: Tx, key: string): Promise<boolean> {
  const { rows } = await sql`
    select from problems where tenant_id = ${tx.tenantId} and key = ${key} and closed_at is null
  `.execute(tx)
  return rows.length > 0
}

/** What was tried again since is open or settled otherwise; what was stopped before it was sent says nothing. */
async function countRefused(tx: Tx, channelId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(distinct c.product_id)::int as count from listing_changes c
    where c.tenant_id = ${tx.tenantId} and c.channel_id = ${channelId} and c.state = 'refused' and not exists (
      select from listing_changes later
      where later.tenant_id = c.tenant_id and later.channel_id = c.channel_id and later.product_id = c.product_id
        and later.variant_id is not distinct from c.variant_id and later.id > c.id and later.state <> 'stopped')
  `.execute(tx)
  return rows[0]?.count ?? 0
}
