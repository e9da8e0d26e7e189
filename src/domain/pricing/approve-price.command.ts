// A person says that a listing may have the price that waits (E4, R2). For a loss he says down to which figure: his word holds
// for that price or a higher one, and until its cost rises; who said so and when is kept.
import { sql } from 'kysely'
import type { Database, Tx } from '../../platform/database.ts'
import { recordAudit } from '../channels/audit.store.ts'
import type { Money } from '../money.ts'
import { closeProblem } from '../problems/problems.store.ts'
import { explainListingPrice } from './explain-price.store.ts'
import { fixedCosts } from './price-guard.ts'
import { lockPrices, priceWaitsKey, settlePriceTargets } from './price-targets.store.ts'

export type ApprovePriceResult =
  | { kind: 'approved' }
  | { kind: 'refused'; reason: 'not-found' | 'nothing-waits' }
  | { kind: 'refused'; reason: 'invalid'; fields: Record<string, string> }

export function approvePrice(
  db: Database,
  tenantId: string,
  { listingId, downTo, actor }: { listingId: string; downTo: Money | null; actor: string },
): Promise<ApprovePriceResult> {
  return db.tenant(tenantId).transaction(async (tx) => {
    // Held until the transaction ends, so that neither price nor cost changes between the look and the word.
    await lockPrices(tx)
    const explained = await explainListingPrice(tx, listingId)
    if (!explained) return { kind: 'refused', reason: 'not-found' }
    const { costs } = explained
    const { desired, waitsForPerson, channelId, because } = explained.shown
    if (!desired || !waitsForPerson) return { kind: 'refused', reason: 'nothing-waits' }
    const down = downTo ?? desired
    const fault = faultOf(down, desired)
    if (fault) return { kind: 'refused', reason: 'invalid', fields: { downTo: fault } }
    const isBelow = because.some((reason) => reason !== 'large-step')
    if (costs && isBelow) await keepApproval(tx, { listingId, down, costMinor: fixedCosts(costs), actor })
    const data = { minor: desired.minor, downToMinor: down.minor, currency: down.currency, because }
    await tx
      .insertInto('listing_events')
      .values({
        tenant_id: tenantId,
        id: tx.ids.uuid(),
        listing_id: listingId,
        kind: 'price-approved',
        data: JSON.stringify(data),
        actor,
      })
      .execute()
    await recordAudit(tx, { actor, action: 'approve-price', subject: listingId, data })
    await settlePriceTargets(tx, { kind: 'listings', ids: [listingId] }, { approvedBy: actor })
    await closeProblem(tx, priceWaitsKey(listingId))
    await tx.notify('listings', { id: channelId })
    return { kind: 'approved' }
  })
}

function faultOf(down: Money, desired: Money): string | null {
  if (down.currency !== desired.currency) return `The price of this listing is in ${desired.currency}.`
  if (down.minor <= 0) return 'A price is above 0.'
  return down.minor > desired.minor ? 'The price that waits is lower than this. Enter it, or less.' : null
}

async function keepApproval(
  tx: Tx,
  { listingId, down, costMinor, actor }: { listingId: string; down: Money; costMinor: number; actor: string },
): Promise<void> {
  await sql`
    insert into price_approvals (tenant_id, listing_id, down_to_minor, currency, cost_minor, actor)
    values (${tx.tenantId}, ${listingId}, ${down.minor}, ${down.currency}, ${costMinor}, ${actor})
    on conflict (tenant_id, listing_id) do update set down_to_minor = excluded.down_to_minor, currency = excluded.currency,
      cost_minor = excluded.cost_minor, actor = excluded.actor, at = app_now()
  `.execute(tx)
}
