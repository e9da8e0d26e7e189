// Counts calls and enforces a rate limit: a token bucket per caller, on the sandbox's own clock.

export type RateLimit = { perSecond: number; burst: number }

export type OperationCount = { calls: number; refused: number }

export type MeterReading = {
  limit: RateLimit
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
  /** Counts a call; false when it is over the limit. */
  admit(call: { caller: string; operation: string; at: Date }): boolean
  /** Notes that a call was answered 429, and what wait it was given. */
  refuse(call: { caller: string; operation: string; at: Date; retryAfterSeconds: number | undefined }): void
  setLimit(limit: RateLimit): void
  /** How long until the caller has a token again. */
  secondsUntilAdmitted(caller: string, at: Date): number
  read(): MeterReading
}

type Bucket = { tokens: number; filledAt: number; waitUntil: number | undefined }

const examplesMax = 50

export function createMeter(initial: RateLimit): Meter {
  let limit = initial
  const buckets = new Map<string, Bucket>()
  const reading = emptyReading()
  const second = { start: -1, calls: 0 }

  const bucketOf = (caller: string, at: number) => {
    const bucket = buckets.get(caller) ?? { tokens: limit.burst, filledAt: at, waitUntil: undefined }
    buckets.set(caller, bucket)
    const elapsedSeconds = Math.max(0, at - bucket.filledAt) / 1000
    bucket.tokens = Math.min(limit.burst, bucket.tokens + elapsedSeconds * limit.perSecond)
    bucket.filledAt = Math.max(bucket.filledAt, at)
    return bucket
  }
  const countOf = (operation: string) => (reading.byOperation[operation] ??= { calls: 0, refused: 0 })

  return {
    admit({ caller, operation, at }) {
      const bucket = bucketOf(caller, at.getTime())
      reading.calls += 1
      countOf(operation).calls += 1
      countSecond(reading, second, at)
      notePatience(reading, bucket, operation, at)
      if (bucket.tokens < 1) return false
      bucket.tokens -= 1
      return true
    },
    refuse({ caller, operation, at, retryAfterSeconds }) {
      reading.refused += 1
      countOf(operation).refused += 1
      if (retryAfterSeconds === undefined) return
      reading.retryAfter.given += 1
      bucketOf(caller, at.getTime()).waitUntil = at.getTime() + retryAfterSeconds * 1000
    },
    setLimit(next) {
      limit = next
    },
    secondsUntilAdmitted(caller, at) {
      const missing = 1 - bucketOf(caller, at.getTime()).tokens
      return missing <= 0 ? 0 : Math.ceil(missing / limit.perSecond)
    },
    read: () => ({
      ...structuredClone(reading),
      limit,
      shareRefused: reading.calls === 0 ? 0 : reading.refused / reading.calls,
    }),
  }
}

type Counts = Omit<MeterReading, 'limit' | 'shareRefused'>

function emptyReading(): Counts {
  return {
    calls: 0,
    refused: 0,
    byOperation: {},
    busiestSecond: 0,
    retryAfter: { given: 0, tooEarly: 0, examples: [] },
  }
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
