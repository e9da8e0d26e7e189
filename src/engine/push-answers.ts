// What the marketplace's reply to one figure means for it.
import type { Reply } from '../connectors/connector.ts'
import type { ClaimedTarget } from '../domain/listings/claim-targets.store.ts'
import type { TargetAnswer } from '../domain/listings/settle-targets.store.ts'
import { waitSeconds } from './backoff.ts'
import type { ChannelRun } from './channel-run.ts'
import { isOwnPace } from './pace.ts'

export function answerOf(run: ChannelRun, target: ClaimedTarget, reply: Reply | undefined): TargetAnswer {
  const { random } = run.parts
  switch (reply?.kind) {
    case 'done':
      return { target, kind: 'accepted' }
    case 'wait':
      if (isOwnPace(reply)) return { target, kind: 'not-sent' }
      return {
        target,
        kind: 'wait',
        seconds: waitSeconds(reply.seconds, target.attempts, random),
        reason: reply.reason ?? '',
      }
    case 'rejected':
      return { target, kind: 'rejected', reason: reply.reason }
    case 'gone':
      return { target, kind: 'gone', reason: reply.reason ?? 'The marketplace no longer has it' }
    case 'signed-out':
      return { target, kind: 'not-sent' }
    case 'unclear':
    case 'pending':
    case undefined: {
      // A batch may leave one out of its answer: whether it counted is found out by looking.
      const reason = reply?.kind === 'unclear' ? (reply.reason ?? '') : 'The answer is still to come'
      return { target, kind: 'unclear', seconds: waitSeconds(1, target.attempts, random), reason }
    }
  }
}
