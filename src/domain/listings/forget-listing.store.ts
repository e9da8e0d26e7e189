import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { openProblem } from '../problems/problems.store.ts'

/** The marketplace no longer has it. The row stays, for orders and reports name it. */
export async function forgetListing(
  tx: Tx,
  channelId: string,
  listing: { listingId: string; title: string },
): Promise<void> {
  const { listingId, title } = listing
  await sql`
    update listings set missing_since = coalesce(missing_since, app_now()) where tenant_id = ${tx.tenantId} and id = ${listingId}
  `.execute(tx)
  await openProblem(tx, {
    key: `listing-gone/${listingId}`,
    kind: 'listing-gone',
    channelId,
    listingId,
    data: { title },
  })
}
