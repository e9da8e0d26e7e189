// Sends what is due to the marketplace: claimed and committed as in flight first, then the call, then each answer for the
// version it was sent with. What a crash or a lost answer left open is read back before it is sent again (S4).
import { RefusedError } from '../connectors/connector.ts'
import type { ChannelListing, ListingRef, Reply } from '../connectors/connector.ts'
import { claimDueTargets, claimUnclearTargets, markStrandedUnclear } from '../domain/listings/claim-targets.store.ts'
import type { ClaimedTarget, TargetKind } from '../domain/listings/claim-targets.store.ts'
import { settleTargets } from '../domain/listings/settle-targets.store.ts'
import type { TargetAnswer } from '../domain/listings/settle-targets.store.ts'
import type { ChannelRun, RunEnd } from './channel-run.ts'
import { LeaseLost } from './channel-lease.ts'
import { ChannelOff } from './pace.ts'
import { answerOf } from './push-answers.ts'
import { pushBulk } from './push-bulk.ts'
import type { BulkWork } from './push-bulk.ts'

export type PushWork = {
  kind: TargetKind
  batchMax: number
  send(targets: ClaimedTarget[]): Promise<Reply[]>
  /** Where the marketplace takes many as one file. */
  bulk?: BulkWork | undefined
  /** What the listing has now of what we push; null where the marketplace does not say. */
  valueOf(listing: ChannelListing, target: ClaimedTarget): number | null
}

/** A turn for each: a channel with much to send goes to the end of the queue after this. */
const secondsPerKickMax = 20
const batchesPerKickMax = 100
const readBacksPerKickMax = 50

export async function pushTargets(run: ChannelRun, work: PushWork): Promise<RunEnd> {
  const scope = { channelId: run.channel.id, kind: work.kind, fence: run.fence }
  // The lease is ours alone, so what is in flight under another fence was left by someone who is gone.
  await run.transaction((tx) => markStrandedUnclear(tx, scope))
  let isMoreUnclear = true
  for (let count = 0; count < readBacksPerKickMax; count++) {
    const [target] = await run.transaction((tx) => claimUnclearTargets(tx, scope, 1))
    isMoreUnclear = target !== undefined
    if (!target) break
    const answer = await readBack(run, work, target)
    await run.transaction((tx) => settleTargets(tx, scope, [answer]))
  }
  const bulkSeconds = work.bulk ? await pushBulk(run, scope, work.bulk) : null
  const until = run.parts.clock.now().getTime() + secondsPerKickMax * 1000
  for (let batches = 0; batches < batchesPerKickMax; batches++) {
    if (run.parts.clock.now().getTime() > until) return 'again'
    const targets = await run.transaction((tx) => claimDueTargets(tx, scope, work.batchMax))
    if (targets.length === 0) {
      if (isMoreUnclear) return 'again'
      return bulkSeconds === null ? 'done' : { afterSeconds: bulkSeconds }
    }
    const { answers, stopped } = await send(run, work, targets)
    await run.transaction((tx) => settleTargets(tx, scope, answers))
    if (stopped) throw stopped
  }
  return 'again'
}

async function send(
  run: ChannelRun,
  work: PushWork,
  targets: ClaimedTarget[],
): Promise<{ answers: TargetAnswer[]; stopped?: Error }> {
  let replies: Reply[]
  try {
    replies = await work.send(targets)
  } catch (error) {
    if (error instanceof LeaseLost) throw error
    if (error instanceof ChannelOff) return { answers: stoppedBySwitch(targets), stopped: error }
    if (!(error instanceof RefusedError)) throw error
    replies = targets.map(() => error.refusal)
  }
  const answers = targets.map((target, index) => answerOf(run, target, replies[index]))
  const stop = replies.find((reply) => reply.kind === 'wait' || reply.kind === 'signed-out')
  return stop ? { answers, stopped: new RefusedError(stop) } : { answers }
}

/** One alone was not sent. Of several some may have been: they stay in flight and are read back when it goes on. */
function stoppedBySwitch(targets: ClaimedTarget[]): TargetAnswer[] {
  return targets.length === 1 ? targets.map((target) => ({ target, kind: 'not-sent' })) : []
}

async function readBack(run: ChannelRun, work: PushWork, target: ClaimedTarget): Promise<TargetAnswer> {
  const { listings } = run.connector
  // Both figures are absolute, so where nobody can look, sending again does no harm.
  if (!listings) return { target, kind: 'not-sent' }
  try {
    const value = work.valueOf(await listings.read(run.call, refOf(target)), target)
    if (value === target.sent) return { target, kind: 'accepted' }
    return { target, kind: 'differs', value }
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error
    const { refusal } = error
    if (refusal.kind === 'signed-out' || refusal.kind === 'wait') throw error
    return answerOf(run, target, refusal)
  }
}

export function refOf(
  target: Pick<ClaimedTarget, 'marketplaceListingId' | 'marketplaceVariantId' | 'channelSku'>,
): ListingRef {
  const { marketplaceListingId, marketplaceVariantId, channelSku } = target
  return { marketplaceListingId, marketplaceVariantId, channelSku }
}
