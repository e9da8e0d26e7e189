// Our pace at a marketplace: one token bucket per account and published plan, else one for the account, kept in the database
// and so shared by all processes. It starts from the connector's figure, halves with every "too many requests" and grows
// back slowly, for the limits that count are often not the published ones.
import { sql } from 'kysely'
import { RefusedError } from '../connectors/connector.ts'
import type { Connector, HttpRequest, Refusal, Reply } from '../connectors/connector.ts'
import type { Tx } from '../platform/database.ts'
import { takeTokens } from '../platform/token-bucket.ts'

export type Bucket = {
  accountId: string
  operationClass: string
  perMinute: number
  burst: number
  /** By the marketplace's published plan of this operation: a refusal is about it alone. Otherwise it is about the account. */
  isPublished: boolean
}

/** Of what the marketplace lets through at once; the rest is room for clocks that differ. */
const burstShareOfPlan = 0.8
/** Where nothing is published this many requests may go at once after a pause: a sixth of a minute's. */
const burstShareOfMinute = 1 / 6

/** Where no plan is published, a limit is about all that an account asks. */
const everything = 'all'

/** Which bucket a request draws from; none for a link that carries its right in itself. */
export function bucketFor({ http }: Connector, accountId: string, request: HttpRequest): Bucket | undefined {
  if (request.presigned === true) return undefined
  const plan = request.plan === undefined ? undefined : http.plans?.[request.plan]
  if (!plan || request.plan === undefined) {
    const burst = Math.max(1, http.requestsPerMinute * burstShareOfMinute)
    return { accountId, operationClass: everything, perMinute: http.requestsPerMinute, burst, isPublished: false }
  }
  const burst = Math.max(1, Math.floor(plan.burst * burstShareOfPlan))
  return { accountId, operationClass: request.plan, perMinute: plan.perSecond * 60, burst, isPublished: true }
}

const ownPaceReason = 'Waiting for our own pace'

/** A connector may have turned our stop into a reply: nothing was sent, and nobody refused. */
export function isOwnPace(reply: Reply | Refusal): boolean {
  return reply.kind === 'wait' && reply.reason === ownPaceReason
}

/** The operation waits for its own turn; nobody refused anything. */
export class TurnRefused extends RefusedError {
  readonly seconds: number
  constructor(seconds: number) {
    super({ kind: 'wait', seconds, reason: ownPaceReason })
    this.seconds = seconds
  }
}

/** The switch was turned while we worked: nothing more is asked of the marketplace (A7). */
export class ChannelOff extends Error {
  constructor() {
    super('The sales channel was switched off.')
    this.name = 'ChannelOff'
  }
}

const perMinuteMin = 1
/** After a refusal the pace is back at the connector's figure after about this many requests. */
const requestsToRecover = 50
const blockedSecondsMax = 86_400

/** How many of the turns asked for are ours now, when there is one more, and how fast they come after it. */
export type Turns = { taken: number; seconds: number; perSecond: number }

/** Of buckets of one account; answered as asked. */
export async function takeTurns(tx: Tx, asked: { bucket: Bucket; count: number; leaves: number }[]): Promise<Turns[]> {
  const [first] = asked
  if (!first) return []
  const wanted = asked.map(({ bucket: { operationClass, perMinute, burst }, count, leaves }) => {
    return { operationClass, rate: { perMinute, burst, recovers: perMinute / requestsToRecover }, count, leaves }
  })
  const taken = await takeTokens(tx, first.bucket.accountId, wanted)
  return taken.map(({ taken: count, milliseconds, perMinute }) => {
    return { taken: count, seconds: milliseconds / 1000, perSecond: perMinute / 60 }
  })
}

/** "Too many requests" stops every bucket it may be about; the one that met it also slows down. */
export async function slowDown(tx: Tx, bucket: Bucket, seconds: number): Promise<void> {
  const blockedSeconds = Math.min(blockedSecondsMax, Math.max(1, seconds))
  // Locked in the order of their names, as turns are taken.
  await sql`
    with slowed as (
      select operation_class as name from token_buckets
      where tenant_id = ${tx.tenantId} and account_id = ${bucket.accountId}
        and (${!bucket.isPublished} or operation_class = ${bucket.operationClass})
      order by operation_class for update
    )
    update token_buckets set
      blocked_until = greatest(coalesce(blocked_until, app_now()), app_now() + make_interval(secs => ${blockedSeconds})),
      tokens = least(tokens, 1),
      per_minute = case when operation_class = ${bucket.operationClass}
        then greatest(${Math.min(perMinuteMin, bucket.perMinute)}, per_minute / 2) else per_minute end
    from slowed
    where tenant_id = ${tx.tenantId} and account_id = ${bucket.accountId} and operation_class = slowed.name
  `.execute(tx)
}
