// What became of figures that were sent. An answer counts only for the claim and the version it was sent with: what was
// wanted meanwhile stays due.
import { sql } from 'kysely'
import type { ClaimedTarget, TargetScope } from './claim-targets.store.ts'
import type { Tx } from '../../platform/database.ts'
import type { NewProblem } from '../problems/problems.store.ts'
import { closeProblems, openProblems } from '../problems/problems.store.ts'

export type TargetAnswer = { target: ClaimedTarget } & (
  | { kind: 'accepted' }
  | { kind: 'not-sent' } // nothing went out; it is due as before
  | { kind: 'wait'; seconds: number; reason: string }
  | { kind: 'unclear'; seconds: number; reason: string }
  | { kind: 'differs'; value: number | null } // read back, and it is not what we sent
  | { kind: 'rejected'; reason: string }
  | { kind: 'gone'; reason: string }
)

/** An answer that stays open this long is shown to people. */
const unclearTriesMax = 5

export async function settleTargets(tx: Tx, scope: TargetScope, answers: TargetAnswer[]): Promise<void> {
  if (answers.length === 0) return
  const rows = answers.map((answer) => ({
    listing: answer.target.listingId,
    answer: answer.kind,
    value: answer.kind === 'differs' ? answer.value : answer.target.sent,
    sent_version: answer.target.sentVersion,
    seconds: 'seconds' in answer ? answer.seconds : null,
    reason: 'reason' in answer ? answer.reason : null,
  }))
  // A rejected figure that is not wanted any more is no refusal of the new one.
  const settled = await sql<{ listing_id: string; state: string }>`
    with answers as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as answers (listing uuid, answer text, value bigint, sent_version bigint, seconds float8, reason text)
    )
    update listing_targets target set
      state = case
        when answers.answer = 'unclear' then 'unclear'
        when answers.answer = 'gone' then 'settled'
        when target.desired is null then 'settled'
        when answers.answer = 'accepted' and target.desired = answers.value then 'settled'
        when answers.answer = 'rejected' and target.desired_version = answers.sent_version then 'rejected'
        -- What is wanted meanwhile may be for a person to say.
        when target.waits then 'waiting-for-person'
        else 'due' end,
      accepted = case when answers.answer in ('accepted', 'differs') then answers.value else target.accepted end,
      accepted_version = case when answers.answer = 'accepted' then answers.sent_version else target.accepted_version end,
      accepted_at = case when answers.answer = 'accepted' then app_now() else target.accepted_at end,
      -- What was read before says nothing of this figure: its units may be sold by now.
      verified = case when answers.answer = 'accepted' then null else target.verified end,
      attempts = case when answers.answer = 'accepted' then 0
        when answers.answer = 'not-sent' then greatest(0, target.attempts - 1) else target.attempts end,
      next_try_at = case when answers.seconds is not null then app_now() + make_interval(secs => answers.seconds) end,
      refusal = answers.reason
    from answers
    where target.tenant_id = ${tx.tenantId} and target.listing_id = answers.listing and target.kind = ${scope.kind}
      and target.state = 'in-flight' and target.fence = ${scope.fence}
    returning target.listing_id, target.state
  `.execute(tx)
  const counted = new Set(settled.rows.map((row) => row.listing_id))
  const relevant = answers.filter(({ target }) => counted.has(target.listingId))
  await storeShown(tx, scope, relevant)
  await tellStory(tx, scope, relevant)
  await tellProblems(tx, scope, relevant)
  await tx.notify('listings', { id: scope.channelId })
}

/**
 * What the marketplace took is what it shows, as far as we know. Whether stock brought an ended listing back is only known
 * once it is read: until then it keeps the 0 it ended with, for ended with units left it would look ended by a person, and
 * would not follow the next figure.
 */
async function storeShown(tx: Tx, scope: TargetScope, answers: TargetAnswer[]): Promise<void> {
  const accepted = answers.filter(({ kind }) => kind === 'accepted').map(({ target }) => target)
  const gone = answers.filter(({ kind }) => kind === 'gone').map(({ target }) => target.listingId)
  if (accepted.length > 0) {
    const shown =
      scope.kind === 'stock'
        ? sql`quantity = case when listings.state = 'ended' then listings.quantity else taken.value end`
        : sql`price_minor = taken.value, price_currency = taken.currency`
    await sql`
      update listings set ${shown}
      from unnest(${accepted.map((target) => target.listingId)}::uuid[], ${accepted.map((target) => target.sent)}::bigint[],
        ${accepted.map((target) => target.currency)}::text[]) as taken (listing_id, value, currency)
      where listings.tenant_id = ${tx.tenantId} and listings.id = taken.listing_id
    `.execute(tx)
  }
  if (gone.length > 0) {
    await sql`
      update listings set missing_since = coalesce(missing_since, app_now())
      where tenant_id = ${tx.tenantId} and id = any(${gone}::uuid[])
    `.execute(tx)
  }
}

async function tellStory(tx: Tx, { kind }: TargetScope, answers: TargetAnswer[]): Promise<void> {
  const told = answers.filter((answer) => answer.kind !== 'not-sent' && answer.kind !== 'wait')
  if (told.length === 0) return
  await tx
    .insertInto('listing_events')
    .values(
      told.map((answer) => ({
        tenant_id: tx.tenantId,
        id: tx.ids.uuid(),
        listing_id: answer.target.listingId,
        kind: `${kind}-${answer.kind}`,
        data: JSON.stringify({
          sent: answer.target.sent,
          version: answer.target.sentVersion,
          ...('reason' in answer ? { reason: answer.reason } : {}),
          ...('value' in answer ? { value: answer.value } : {}),
        }),
        actor: 'Fairlead',
      })),
    )
    .execute()
}

async function tellProblems(tx: Tx, { kind, channelId }: TargetScope, answers: TargetAnswer[]): Promise<void> {
  const refusedKey = ({ target }: TargetAnswer) => `listing-refused/${kind}/${target.listingId}`
  const what = kind === 'stock' ? 'quantity' : 'price'
  const problems: NewProblem[] = answers.flatMap((answer): NewProblem[] => {
    const { listingId, title } = answer.target
    const isLongUnclear = answer.kind === 'unclear' && answer.target.attempts >= unclearTriesMax
    if (answer.kind === 'rejected' || isLongUnclear) {
      const data = { what, title, reason: answer.reason }
      return [{ key: refusedKey(answer), kind: 'listing-refused', channelId, listingId, data }]
    }
    if (answer.kind !== 'gone') return []
    return [{ key: `listing-gone/${listingId}`, kind: 'listing-gone', channelId, listingId, data: { title } }]
  })
  await openProblems(tx, problems)
  await closeProblems(tx, answers.filter(({ kind: answered }) => answered === 'accepted').map(refusedKey))
}
