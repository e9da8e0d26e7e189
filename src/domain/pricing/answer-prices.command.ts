// A person answers all prices that wait, or some of them (E4, R2): they may go, down to what waits now and until their cost
// rises, or they are refused and the listings keep what they show. Only what he saw is answered; who said so is kept.
import { sql } from 'kysely'
import type { Database, Tx } from '../../platform/database.ts'
import { recordAudit } from '../channels/audit.store.ts'
import { closeProblems } from '../problems/problems.store.ts'
import { keepApprovals, lockPrices, priceWaitsKey, settlePriceTargets } from './price-targets.store.ts'
import { lockSeenPrices, type WaitingFilter } from './waiting-prices.store.ts'

type PricesAnswer = 'approve' | 'refuse'

type AnsweredPrices = { kind: 'answered'; listings: number } | { kind: 'refused'; reason: 'nothing-waits' | 'changed' }

export function answerPrices(
  db: Database,
  tenantId: string,
  { filter, answer, seen, actor }: { filter: WaitingFilter; answer: PricesAnswer; seen: string; actor: string },
): Promise<AnsweredPrices> {
  return db.tenant(tenantId).transaction(async (tx) => {
    // Held until the transaction ends, so that neither price nor cost changes between the look and the word.
    await lockPrices(tx)
    const meant = await lockSeenPrices(tx, filter, seen)
    if (!meant) return { kind: 'refused', reason: 'changed' }
    if (meant.length === 0) return { kind: 'refused', reason: 'nothing-waits' }
    const ids = meant.map(({ listingId }) => listingId)
    if (answer === 'approve') {
      await keepApprovals(tx, ids, actor)
      await settlePriceTargets(tx, { kind: 'listings', ids }, { approvedBy: actor })
    } else {
      await sql`
        update listing_targets set refused_version = desired_version
        where tenant_id = ${tenantId} and kind = 'price' and listing_id = any(${ids}::uuid[])
      `.execute(tx)
    }
    await tellStory(tx, meant, { answer, actor })
    await closeProblems(tx, ids.map(priceWaitsKey))
    const action = answer === 'approve' ? 'approve-prices' : 'refuse-prices'
    await recordAudit(tx, { actor, action, subject: tenantId, data: { ...filter, listings: ids.length } })
    for (const channelId of new Set(meant.map((listing) => listing.channelId)))
      await tx.notify('listings', { id: channelId })
    return { kind: 'answered', listings: ids.length }
  })
}

async function tellStory(
  tx: Tx,
  meant: { listingId: string; minor: number; currency: string }[],
  { answer, actor }: { answer: PricesAnswer; actor: string },
): Promise<void> {
  await tx
    .insertInto('listing_events')
    .values(
      meant.map(({ listingId, minor, currency }) => ({
        tenant_id: tx.tenantId,
        id: tx.ids.uuid(),
        listing_id: listingId,
        kind: answer === 'approve' ? 'price-approved' : 'price-refused',
        data: JSON.stringify({ minor, currency }),
        actor,
      })),
    )
    .execute()
}
