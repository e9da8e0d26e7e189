// Many figures as one file (Amazon's feed): handed over once, looked at until it says what became of each. Meanwhile what
// cannot wait goes one by one, and a file that gets stuck is left behind (E3).
import { RefusedError } from '../connectors/connector.ts'
import type { Refusal, Reply } from '../connectors/connector.ts'
import type { ClaimedTarget, TargetScope } from '../domain/listings/claim-targets.store.ts'
import {
  brokenFileKey,
  checkTicketLater,
  claimForTicket,
  closeWhenSettled,
  countDueTargets,
  isFileBroken,
  loadTicketTargets,
  nameTicket,
  openTicket,
  takeOverTicket,
} from '../domain/listings/push-tickets.store.ts'
import type { PushTicket } from '../domain/listings/push-tickets.store.ts'
import { settleTargets } from '../domain/listings/settle-targets.store.ts'
import type { TargetAnswer } from '../domain/listings/settle-targets.store.ts'
import { openProblem } from '../domain/problems/problems.store.ts'
import type { Tx } from '../platform/database.ts'
import type { ChannelRun } from './channel-run.ts'
import { isOwnPace } from './pace.ts'
import { answerOf } from './push-answers.ts'

export type BulkWork = {
  from: number
  batchMax: number
  submit(targets: ClaimedTarget[]): Promise<Extract<Reply, { kind: 'pending' }> | Refusal>
  check(ticket: string, targets: ClaimedTarget[]): Promise<{ kind: 'settled'; replies: Reply[] } | Refusal>
  cancel(ticket: string): Promise<void>
}

/** As many of the most urgent go one by one, for a file takes minutes. */
const urgentApartMax = 300
const checkSeconds = 30
/** A file not done by then is left to itself: its figures go one by one. */
const stuckSeconds = 30 * 60
const retrySeconds = 300
/** Where no file is taken this often, the figures go without one. */
const submitTriesMax = 3
const settledAtOnceMax = 1000

/** Seconds until the file is to be looked at again; null where there is none. */
export async function pushBulk(run: ChannelRun, scope: TargetScope, bulk: BulkWork): Promise<number | null> {
  const ticket = await run.transaction((tx) => openTicket(tx, scope))
  if (ticket) {
    if (ticket.ticket !== null && !ticket.isDue) return ticket.dueInSeconds
    const again = await look(run, scope, bulk, ticket)
    if (again !== null) return again
  }
  const { due, urgent, isBroken } = await run.transaction(async (tx) => {
    await closeWhenSettled(tx, scope)
    return { ...(await countDueTargets(tx, scope)), isBroken: await isFileBroken(tx, scope) }
  })
  const skipUrgent = Math.min(urgent, urgentApartMax)
  // After a file that was given up all go one by one until they are there: the next one would fare no better.
  return isBroken || due - skipUrgent < bulk.from ? null : submit(run, scope, bulk, skipUrgent)
}

async function submit(run: ChannelRun, scope: TargetScope, bulk: BulkWork, skipUrgent: number): Promise<number | null> {
  const { id, targets } = await run.transaction((tx) =>
    claimForTicket(tx, scope, { countMax: bulk.batchMax, skipUrgent }),
  )
  const reply = await refusable(() => bulk.submit(targets))
  if (reply.kind === 'pending') {
    await run.transaction((tx) => nameTicket(tx, id, { ticket: reply.ticket, seconds: checkSeconds }))
    return checkSeconds
  }
  const isRefused = reply.kind === 'rejected' || reply.kind === 'gone'
  if (isRefused || (reply.kind === 'wait' && !isOwnPace(reply) && (targets[0]?.attempts ?? 0) >= submitTriesMax)) {
    return leave(run, scope, { id, targets, reason: reply.reason ?? 'The marketplace does not take the file' })
  }
  await settle(run, scope, id, targets, () => afterRefusal(reply))
  if (reply.kind === 'signed-out') throw new RefusedError(reply)
  return null
}

async function look(
  run: ChannelRun,
  scope: TargetScope,
  bulk: BulkWork,
  { id, ticket, ageSeconds }: PushTicket,
): Promise<number | null> {
  const targets = await run.transaction((tx) => loadTicketTargets(tx, scope, id))
  // Nobody knows whether it was taken. The figures are absolute, so that sending them again does no harm.
  if (ticket === null) return leave(run, scope, { id, targets, reason: null })
  const answer = await refusable(() => bulk.check(ticket, targets))
  if (answer.kind === 'settled') {
    const reason = whyNoneIsKnown(answer.replies)
    if (reason !== null) await run.transaction((tx) => tellBroken(tx, scope, reason))
    await settle(run, scope, id, targets, (index) => answer.replies[index])
    return null
  }
  if (answer.kind === 'signed-out') throw new RefusedError(answer)
  const isOver = answer.kind === 'rejected' || answer.kind === 'gone'
  if (isOver || ageSeconds > stuckSeconds) {
    const late = `A file of ${targets.length} figures was not worked through in ${stuckSeconds / 60} minutes, so they go one by one`
    if (!isOver) await refusable(() => bulk.cancel(ticket))
    return leave(run, scope, { id, targets, reason: isOver ? (answer.reason ?? late) : late })
  }
  const seconds = Math.max(checkSeconds, answer.kind === 'wait' ? answer.seconds : 0)
  await run.transaction((tx) => checkTicketLater(tx, id, seconds))
  return seconds
}

async function leave(
  run: ChannelRun,
  scope: TargetScope,
  { id, targets, reason }: { id: string; targets: ClaimedTarget[]; reason: string | null },
): Promise<null> {
  if (reason !== null) await run.transaction((tx) => tellBroken(tx, scope, reason))
  await settle(run, scope, id, targets, () => 'not-sent')
  return null
}

async function settle(
  run: ChannelRun,
  scope: TargetScope,
  id: string,
  targets: ClaimedTarget[],
  replyOf: (index: number) => Reply | 'not-sent' | undefined,
): Promise<void> {
  const answers = targets.map((target, index): TargetAnswer => {
    const reply = replyOf(index)
    return reply === 'not-sent' ? { target, kind: 'not-sent' } : answerOf(run, target, reply)
  })
  await run.transaction(async (tx) => {
    await takeOverTicket(tx, scope, id)
    for (let from = 0; from < answers.length; from += settledAtOnceMax) {
      await settleTargets(tx, scope, answers.slice(from, from + settledAtOnceMax))
    }
  })
}

/** A file given up in the middle says of none what became of it. */
function whyNoneIsKnown(replies: Reply[]): string | null {
  const [first] = replies
  return first?.kind === 'unclear' && replies.every(({ kind }) => kind === 'unclear') ? (first.reason ?? '') : null
}

async function tellBroken(tx: Tx, { channelId, kind }: TargetScope, reason: string): Promise<void> {
  const operation = kind === 'stock' ? 'push-stock' : 'push-prices'
  const key = brokenFileKey({ channelId, kind })
  await openProblem(tx, { key, kind: 'channel-refused', channelId, data: { operation, reason } })
}

/** Of the whole file: nothing was taken, or it does no harm to send it again. */
function afterRefusal(refusal: Refusal): Reply | 'not-sent' {
  if (refusal.kind === 'signed-out') return 'not-sent'
  const seconds = refusal.kind === 'wait' ? refusal.seconds : retrySeconds
  return { kind: 'wait', seconds, reason: refusal.reason ?? 'The marketplace did not take the file' }
}

async function refusable<Answer>(ask: () => Promise<Answer>): Promise<Answer | Refusal> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof RefusedError) return error.refusal
    throw error
  }
}
