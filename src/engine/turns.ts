// Turns of one piece of work: those who wait for the same pace stand in one line, and one transaction serves all lines. So
// many requests on their way at once cost few statements, and whoever came first goes first.
import { sql } from 'kysely'
import type { Tx } from '../platform/database.ts'
import type { Clock } from '../platform/clock.ts'
import { ChannelOff, takeTurns, TurnRefused } from './pace.ts'
import type { Bucket } from './pace.ts'

/** A turn further away than this is not waited for: the lease is given back instead. */
const turnSecondsMax = 5
/** New orders go first: what else is asked leaves them a token, but whoever has waited this long waits like the orders. */
const yieldSecondsMax = 2
/** Turns that come within this time are taken together. */
const gatherSeconds = 0.06

type TurnsOf = {
  clock: Clock
  /** Of a run: the lease is still ours, and renewed. */
  transaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result>
  /** Switched on, signed in. Asked in the transaction that takes the turn. */
  mayCall(tx: Tx): Promise<boolean>
  /** Leaves a token for those who go first. */
  yields: boolean
}

type Waiting = { since: number; resolve(): void; reject(error: unknown): void }
type Line = { name: string; bucket: Bucket | undefined; waiting: Waiting[]; notBefore: number }
type Served = { line: Line; asked: number; taken: number; seconds: number; perSecond: number }

/** Resolves when the turn is ours, rejects where it is too far away, or nothing may be asked any more. */
export function createTurns({
  clock,
  transaction,
  mayCall,
  yields,
}: TurnsOf): (bucket: Bucket | undefined) => Promise<void> {
  const lines = new Map<string, Line>()
  let isServing = false
  let wake: AbortController | undefined
  const instant = () => clock.now().getTime()
  const standing = () => [...lines.values()].filter(({ waiting }) => waiting.length > 0)

  const serveDue = async (due: Line[]) => {
    try {
      const served = await transaction((tx) => serveAll(tx, due))
      for (const one of served) letGo(one)
    } catch (error) {
      for (const { waiting } of due) for (const one of waiting.splice(0)) one.reject(error)
    }
  }
  const serveAll = async (tx: Tx, due: Line[]): Promise<Served[]> => {
    // A turn that a crash of the database forgets does no harm, and waiting for its disk would cost each turn its time.
    await sql`select set_config('synchronous_commit', 'off', true)`.execute(tx)
    if (!(await mayCall(tx))) throw new ChannelOff()
    const asked = due.map((line) => ({ line, count: line.waiting.length, leaves: leavesOf(line) }))
    const paced = asked.flatMap(({ line: { bucket }, ...wanted }) => (bucket ? [{ bucket, ...wanted }] : []))
    const turns = await takeTurns(tx, paced)
    const ofBucket = new Map(paced.map(({ bucket }, at) => [bucket, turns[at]]))
    return asked.map(({ line, count }) => {
      const own = line.bucket && ofBucket.get(line.bucket)
      return { line, asked: count, ...(own ?? { taken: count, seconds: 0, perSecond: 1 }) }
    })
  }
  const leavesOf = ({ waiting: [first] }: Line) =>
    yields && first && instant() - first.since < yieldSecondsMax * 1000 ? 1 : 0
  const letGo = ({ line, asked, taken, seconds, perSecond }: Served) => {
    for (const one of line.waiting.splice(0, taken)) one.resolve()
    const left = asked - taken
    if (left === 0) return
    const isTooFar = ({ since }: Waiting, at: number) =>
      (instant() - since) / 1000 + seconds + at / perSecond > turnSecondsMax
    const tooFar = new Set(line.waiting.slice(0, left).filter(isTooFar))
    for (const [at, one] of line.waiting.entries())
      if (tooFar.has(one)) one.reject(new TurnRefused(seconds + at / perSecond))
    line.waiting = line.waiting.filter((one) => !tooFar.has(one))
    // As many as come soon are taken with the next one, but the bucket does not run over meanwhile.
    const gathered = Math.min(line.waiting.length, perSecond * gatherSeconds, (line.bucket?.burst ?? 1) / 2) - 1
    const waits = seconds + Math.max(0, gathered) / perSecond
    line.notBefore = line.waiting.length === 0 ? 0 : instant() + Math.ceil(1000 * waits)
  }
  const serve = async () => {
    for (let open = standing(); open.length > 0; open = standing()) {
      const at = instant()
      const due = open.filter(({ notBefore }) => notBefore <= at)
      if (due.length > 0) {
        await serveDue(due)
        continue
      }
      wake = new AbortController()
      await clock.sleep(Math.min(...open.map(({ notBefore }) => notBefore)) - at, wake.signal).catch(() => {})
      wake = undefined
    }
    isServing = false
  }

  return (bucket) =>
    new Promise((resolve, reject) => {
      const name = bucket?.operationClass ?? ''
      const line = lines.get(name) ?? { name, bucket, waiting: [], notBefore: 0 }
      lines.set(name, line)
      line.waiting.push({ since: instant(), resolve, reject })
      if (isServing && line.notBefore <= instant()) wake?.abort()
      if (isServing) return
      isServing = true
      void serve()
    })
}
