// Counts calls and enforces rate limits: token buckets on the sandbox's own clock, one per caller, or one per caller and
// operation where the marketplace publishes a plan for that operation.

export type RateLimit = { perSecond: number; burst: number }

/** A further bucket one call draws from, such as that of the whole application. */
export type FurtherLimit = { key: string; limit: RateLimit }

export type MeteredCall = {
  caller: string
  operation: string
  at: Date
  limits?: readonly FurtherLimit[] | undefined
}

export type OperationCount = {
  calls: number
  refused: number
  /** What one caller may do; that of all operations together, if this one has none of its own. */
  limit: RateLimit
  firstAt: string
  lastAt: string
}

export type MeterReading = {
  /** The published plan of each operation that has one. */
  plans: Readonly<Record<string, RateLimit>>
  /** For operations without a plan of their own, or for all, if `isOverridden`. */
  limit: RateLimit
  isOverridden: boolean
  calls: number
  /** Answered 429, by the limit or by a fault. */
  refused: number
  shareRefused: number
  byOperation: Record<string, OperationCount>
  /** The most calls within any one clock second. */
  busiestSecond: number
  retryAfter: {
    given: number
    /** Calls made although a Retry-After told the caller to wait longer. */
    tooEarly: number
    /** The first of them. */
    examples: { at: string; waitUntil: string; operation: string }[]
    /** How long after the wait ended the quickest caller came back; absent until someone did. */
    earliestReturnSeconds?: number
  }
}

export type Meter = {
  /** Counts a call; false when any of its limits is used up, and then it costs none of them. */
  admit(call: MeteredCall): boolean
  /** Notes that a call was answered 429, and what wait it was given. */
  refuse(call: MeteredCall & { retryAfterSeconds: number | undefined }): void
  /** One limit for every operation and caller; undefined: the marketplace's plan again. */
  setLimit(limit: RateLimit | undefined): void
  /** What holds for this operation now. */
  limitOf(operation: string): RateLimit
  /** How many more calls like this one are admitted at once. */
  remaining(call: MeteredCall): number
  /** How long until the same call is admitted. */
  secondsUntilAdmitted(call: MeteredCall): number
  read(): MeterReading
}

type Bucket = { tokens: number; filledAt: number; waitUntil: number | undefined }

const examplesMax = 50

export function createMeter(initial: RateLimit, plans: Readonly<Record<string, RateLimit>> = {}): Meter {
  let override: RateLimit | undefined
  const buckets = new Map<string, Bucket>()
  const reading = emptyReading()
  const second = { start: -1, calls: 0 }

  const planOf = (operation: string) => (Object.hasOwn(plans, operation) ? plans[operation] : undefined)
  const limitOf = (operation: string) => override ?? planOf(operation) ?? initial
  const fill = (key: string, limit: RateLimit, at: number) => {
    const bucket = buckets.get(key) ?? { tokens: limit.burst, filledAt: at, waitUntil: undefined }
    buckets.set(key, bucket)
    const elapsedSeconds = Math.max(0, at - bucket.filledAt) / 1000
    bucket.tokens = Math.min(limit.burst, bucket.tokens + elapsedSeconds * limit.perSecond)
    bucket.filledAt = Math.max(bucket.filledAt, at)
    return bucket
  }
  const ownBucket = ({ caller, operation, at }: MeteredCall) => {
    const isPlanned = override === undefined && planOf(operation) !== undefined
    return fill(isPlanned ? `${operation} of ${caller}` : caller, limitOf(operation), at.getTime())
  }
  const furtherLimits = (call: MeteredCall) => (override ? [] : (call.limits ?? []))
  const furtherBuckets = (call: MeteredCall) =>
    furtherLimits(call).map(({ key, limit }) => fill(`also ${key}`, limit, call.at.getTime()))

  return {
    admit(call) {
      const own = ownBucket(call)
      reading.calls += 1
      countOperation(reading, call, limitOf(call.operation)).calls += 1
      countSecond(reading, second, call.at)
      notePatience(reading, own, call.operation, call.at)
      const all = [own, ...furtherBuckets(call)]
      if (all.some((bucket) => bucket.tokens < 1)) return false
      for (const bucket of all) bucket.tokens -= 1
      return true
    },
    refuse(call) {
      reading.refused += 1
      countOperation(reading, call, limitOf(call.operation)).refused += 1
      if (call.retryAfterSeconds === undefined) return
      reading.retryAfter.given += 1
      ownBucket(call).waitUntil = call.at.getTime() + call.retryAfterSeconds * 1000
    },
    setLimit(next) {
      override = next
    },
    limitOf,
    remaining: (call) => Math.floor(Math.min(...[ownBucket(call), ...furtherBuckets(call)].map((one) => one.tokens))),
    secondsUntilAdmitted(call) {
      const further = furtherLimits(call).map(({ limit }) => limit)
      const limits = [limitOf(call.operation), ...further]
      const waits = [ownBucket(call), ...furtherBuckets(call)].map((bucket, index) =>
        Math.max(0, Math.ceil((1 - bucket.tokens) / (limits[index]?.perSecond ?? 1))),
      )
      return Math.max(...waits)
    },
    read: () => ({
      ...structuredClone(reading),
      plans,
      limit: override ?? initial,
      isOverridden: override !== undefined,
      shareRefused: reading.calls === 0 ? 0 : reading.refused / reading.calls,
    }),
  }
}

type Counts = Omit<MeterReading, 'plans' | 'limit' | 'isOverridden' | 'shareRefused'>

function emptyReading(): Counts {
  return {
    calls: 0,
    refused: 0,
    byOperation: {},
    busiestSecond: 0,
    retryAfter: { given: 0, tooEarly: 0, examples: [] },
  }
}

function countOperation(reading: Counts, { operation, at }: MeteredCall, limit: RateLimit): OperationCount {
  const time = at.toISOString()
  const count = (reading.byOperation[operation] ??= { calls: 0, refused: 0, limit, firstAt: time, lastAt: time })
  count.limit = limit
  count.lastAt = time
  return count
}

function countSecond(reading: Counts, second: { start: number; calls: number }, at: Date): void {
  const start = Math.floor(at.getTime() / 1000)
  if (start !== second.start) {
    second.start = start
    second.calls = 0
  }
  second.calls += 1
  reading.busiestSecond = Math.max(reading.busiestSecond, second.calls)
}

function notePatience(reading: Counts, bucket: Bucket, operation: string, at: Date): void {
  if (bucket.waitUntil === undefined) return
  const early = bucket.waitUntil - at.getTime()
  if (early > 0) {
    reading.retryAfter.tooEarly += 1
    if (reading.retryAfter.examples.length < examplesMax) {
      const waitUntil = new Date(bucket.waitUntil).toISOString()
      reading.retryAfter.examples.push({ at: at.toISOString(), waitUntil, operation })
    }
    return
  }
  const returned = -early / 1000
  reading.retryAfter.earliestReturnSeconds = Math.min(reading.retryAfter.earliestReturnSeconds ?? returned, returned)
  bucket.waitUntil = undefined
}
