// One kick: claim the lease, open the account, do one operation on one sales channel, and say when it is due again. All
// that can go wrong ends in one of the outcomes below; nothing is retried anywhere else.
import { RefusedError } from '../connectors/connector.ts'
import type { Refusal } from '../connectors/connector.ts'
import type { ProblemKind } from '../domain/problems/problem-texts.ts'
import { closeProblem, openProblem } from '../domain/problems/problems.store.ts'
import type { JobData, Tx } from '../platform/tx.ts'
import { parkAccount } from '../domain/channels/account.store.ts'
import { backoffSeconds, waitSeconds } from './backoff.ts'
import { LeaseLost, releaseLease } from './channel-lease.ts'
import type { NextTime } from './channel-lease.ts'
import { openRun } from './channel-open.ts'
import type { OpenRun } from './channel-open.ts'
import { renewRefused } from './renew.ts'
import type { ChannelOperation, EngineParts } from './channel-run.ts'
import { ChannelOff, isOwnPace } from './pace.ts'

export type KickOutcome =
  | 'done'
  | 'again' // there is more to do, and it is kicked already
  | 'waiting' // not to be tried before its time, or the marketplace prepares something
  | 'leased' // another works on it
  | 'off' // switched off, removed or signed out
  | 'unknown' // no such channel or operation any more
  | 'refused'
  | 'failed'
  | 'lost' // we slept past our lease

/** A failure of ours is shown to people after this many tries. */
const quietFailuresMax = 3
const failureSecondsMax = 900

export async function handleKick(
  parts: EngineParts,
  operations: ChannelOperation[],
  data: JobData,
): Promise<KickOutcome> {
  const { tenantId, channelId } = data
  const operation = operations.find(({ name }) => name === data['operation'])
  if (!operation || typeof tenantId !== 'string' || typeof channelId !== 'string') return 'unknown'
  const opened = await openRun(parts, operation, { tenantId, channelId, planned: data['planned'] === true })
  if (typeof opened === 'string') return opened
  let ended: Ended
  try {
    const result = await operation.run(opened.run)
    ended = typeof result === 'string' ? { kind: result } : { kind: 'later', seconds: result.afterSeconds }
  } catch (error) {
    if (error instanceof LeaseLost) return lost(opened)
    ended = await renewedIfSignedOut(parts, opened, endOf(error))
  }
  try {
    return await opened.run.parts.db.tenant(tenantId).transaction((tx) => settle(tx, opened, operation, ended))
  } catch (error) {
    if (error instanceof LeaseLost) return lost(opened)
    throw error
  }
}

type Ended =
  | { kind: 'done' | 'again' | 'off' }
  | { kind: 'later'; seconds: number } // the marketplace prepares something
  | { kind: 'turn'; seconds: number } // our own pace, no fault of anyone
  | { kind: 'refused'; refusal: Refusal }
  | { kind: 'failed'; error: unknown }

function endOf(error: unknown): Ended {
  if (error instanceof ChannelOff) return { kind: 'off' }
  if (!(error instanceof RefusedError)) return { kind: 'failed', error }
  const { refusal } = error
  if (refusal.kind === 'wait' && isOwnPace(refusal)) return { kind: 'turn', seconds: refusal.seconds }
  return { kind: 'refused', refusal }
}

/** Credentials may end in the middle of a run: renewed, the run begins again. */
async function renewedIfSignedOut(parts: EngineParts, opened: OpenRun, ended: Ended): Promise<Ended> {
  if (ended.kind !== 'refused' || ended.refusal.kind !== 'signed-out') return ended
  const { tenantId, channel, connector } = opened.run
  if (!connector.renewal) return ended
  const renewal = await renewRefused(parts, { tenantId, accountId: channel.accountId }, opened.credentials)
  if (renewal === 'signed-out') return ended
  return { kind: 'turn', seconds: typeof renewal === 'string' ? 1 : renewal.waitSeconds }
}

async function settle(tx: Tx, opened: OpenRun, operation: ChannelOperation, ended: Ended): Promise<KickOutcome> {
  const { run, lease, everySeconds, attempts } = opened
  const problemKey = `${operation.name}/${run.channel.id}`
  const release = (next: NextTime, tries: number, refusal: string | null) =>
    releaseLease(tx, lease, { next, attempts: tries, refusal })
  switch (ended.kind) {
    case 'done':
    case 'again': {
      const { dueNow } = await release({ kind: 'every', seconds: everySeconds }, 0, null)
      await closeProblem(tx, problemKey)
      const again = ended.kind === 'again' || dueNow
      if (again) await kickChannel(tx, run.channel.id, operation.name)
      return again ? 'again' : 'done'
    }
    case 'later':
      await release({ kind: 'in', seconds: Math.max(1, Math.ceil(ended.seconds)) }, 0, null)
      await closeProblem(tx, problemKey)
      return 'waiting'
    case 'turn':
      await release(
        { kind: 'in', seconds: Math.max(1, Math.ceil(ended.seconds)) },
        attempts,
        'Waiting for our own pace',
      )
      return 'refused'
    case 'off':
      await release({ kind: 'parked' }, 0, null)
      return 'off'
    case 'refused':
      return settleRefusal(tx, opened, operation, ended.refusal)
    case 'failed':
      return settleFailure(tx, opened, operation, ended.error)
  }
}

async function settleRefusal(
  tx: Tx,
  opened: OpenRun,
  operation: ChannelOperation,
  refusal: Refusal,
): Promise<KickOutcome> {
  const { run, lease, everySeconds, attempts } = opened
  const { parts, channel } = run
  const reason = refusal.reason ?? 'The marketplace gave no reason'
  const tries = attempts + 1
  run.parts.log.info('A marketplace refused', { ...logFields(opened), refusal: refusal.kind, attempt: tries })
  if (refusal.kind === 'signed-out') {
    await releaseLease(tx, lease, { next: { kind: 'parked' }, attempts: 0, refusal: reason })
    await parkAccount(tx, { accountId: channel.accountId, credentials: opened.credentials, reason })
    await tx.notify('channels', { id: channel.id })
    return 'refused'
  }
  // What is rejected or gone needs a person; it is tried again by schedule, for he may have put it right over there.
  const isTransient = refusal.kind === 'wait' || refusal.kind === 'unclear'
  const asked = refusal.kind === 'wait' ? refusal.seconds : 1
  const seconds = isTransient
    ? waitSeconds(asked, tries, parts.random)
    : Math.max(everySeconds, backoffSeconds(tries, parts.random))
  await releaseLease(tx, lease, { next: { kind: 'in', seconds }, attempts: tries, refusal: reason })
  if (!isTransient || tries > quietFailuresMax) await tellPerson(tx, opened, operation, 'channel-refused', reason)
  return 'refused'
}

async function settleFailure(
  tx: Tx,
  opened: OpenRun,
  operation: ChannelOperation,
  error: unknown,
): Promise<KickOutcome> {
  const { run, lease, attempts } = opened
  const tries = attempts + 1
  run.parts.log.error('An operation failed', { ...logFields(opened), attempt: tries, error })
  const seconds = Math.min(failureSecondsMax, backoffSeconds(tries, run.parts.random) * Math.max(1, tries - 4))
  const reason = 'Fairlead met a fault of its own and tries again'
  await releaseLease(tx, lease, { next: { kind: 'in', seconds }, attempts: tries, refusal: reason })
  if (tries > quietFailuresMax) await tellPerson(tx, opened, operation, 'operation-failed', reason)
  return 'failed'
}

async function tellPerson(
  tx: Tx,
  opened: OpenRun,
  operation: ChannelOperation,
  kind: ProblemKind,
  reason: string,
): Promise<void> {
  const { channel } = opened.run
  const key = `${operation.name}/${channel.id}`
  await openProblem(tx, { key, kind, channelId: channel.id, data: { operation: operation.name, reason } })
  await tx.notify('problems')
  await tx.notify('channels', { id: channel.id })
}

export function kickChannel(tx: Tx, channelId: string, operation: ChannelOperation['name']): Promise<void> {
  return tx.enqueue('channel', { channelId, operation }, { key: `${channelId}/${operation}` })
}

function lost(opened: OpenRun): 'lost' {
  opened.run.parts.log.warn('A lease was lost', logFields(opened))
  return 'lost'
}

function logFields({ run, lease }: OpenRun) {
  return { tenantId: run.tenantId, channelId: run.channel.id, operation: lease.operation, fence: lease.fence }
}
