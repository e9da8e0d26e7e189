// Orders that came in no form we can read. Their marketplace may not list them again until they change, so each is asked
// for by itself now and then, until it can be read or a person closes the problem.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'

const againAfterMinutes = 15
const askedForDays = 7
const atOnceMax = 5
const reasonCharactersMax = 300

export function unreadableKey(channelId: string, referenceOrReason: string): string {
  return `order-unreadable/${channelId}/${referenceOrReason}`.slice(0, 300)
}

/** Those not asked for lately, oldest look first. */
export async function readUnreadableOrders(tx: Tx, channelId: string): Promise<string[]> {
  const { rows } = await sql<{ reference: string }>`
    select data ->> 'reference' as reference from problems
    where tenant_id = ${tx.tenantId} and channel_id = ${channelId} and kind = 'order-unreadable' and closed_at is null
      and data ->> 'reference' is not null
      and last_seen_at <= app_now() - make_interval(mins => ${againAfterMinutes})
      and opened_at > app_now() - make_interval(days => ${askedForDays})
    order by last_seen_at, id limit ${atOnceMax}
  `.execute(tx)
  return rows.map(({ reference }) => reference)
}

export async function noteUnreadableStill(
  tx: Tx,
  channelId: string,
  { reference, reason }: { reference: string; reason: string },
): Promise<void> {
  const data = JSON.stringify({ reference, reason: reason.slice(0, reasonCharactersMax) })
  await sql`
    update problems set last_seen_at = app_now(), data = ${data}::jsonb
    where tenant_id = ${tx.tenantId} and key = ${unreadableKey(channelId, reference)} and closed_at is null
  `.execute(tx)
}
