// Who may work on a sales channel's operation now. One claim at a time, for a minute, renewed as the work goes on. Each
// claim raises the fence: whoever slept past his lease finds the fence moved, and commits nothing.
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Tx } from '../platform/database.ts'

export type LeaseKey = { channelId: string; operation: string }
export type Lease = LeaseKey & { fence: number }

export const leaseSeconds = 60
/** The schedule moves the time of what it kicks on by this, so that a kick that gets lost is sent again. */
export const kickedAgainSeconds = 30

/** Another has claimed our work since, so nothing of ours may be written any more. */
export class LeaseLost extends Error {
  constructor(lease: LeaseKey) {
    super(`The lease of ${lease.operation} on channel ${lease.channelId} was claimed by another.`)
    this.name = 'LeaseLost'
  }
}

export type Claim =
  | { kind: 'claimed'; lease: Lease; attempts: number; everySeconds: number; evenWhenOff: boolean }
  | { kind: 'leased' } // another works on it; he goes again when he is done
  | { kind: 'waiting' } // refused a moment ago, and not to be tried before its time
  | { kind: 'unknown' }

/**
 * Until the lease ends the row is not due, so a crash is noticed a minute later and not before. A kick that meets a live
 * lease is remembered by making the row due: the holder sees that on release and goes again, for what the kick is about
 * may have come after he looked.
 */
export async function claimLease(
  tx: Tx,
  key: LeaseKey,
  /** Kicked by the schedule because its time had come: the schedule moved that time on, and that is no reason to wait. */
  planned = false,
): Promise<Claim> {
  const movedSeconds = planned ? kickedAgainSeconds : 0
  const found = await sql<WorkRow>`
    select fence, attempts, every_seconds, even_when_off,
      coalesce(leased_until > app_now(), false) as leased, coalesce(due_at > app_now() + make_interval(secs => ${movedSeconds}), false) as due_later
    from channel_work
    where tenant_id = ${tx.tenantId} and channel_id = ${key.channelId} and operation = ${key.operation}
    for update
  `.execute(tx)
  const row = found.rows[0]
  if (!row) return { kind: 'unknown' }
  if (row.leased) {
    await updateWork(tx, key, sql`due_at = case when due_at is not null then least(due_at, app_now()) end`)
    return { kind: 'leased' }
  }
  if (row.attempts > 0 && row.due_later) return { kind: 'waiting' }
  const until = sql`app_now() + make_interval(secs => ${leaseSeconds})`
  const changes = sql`fence = fence + 1, started_at = app_now(), leased_until = ${until}, nudged_for = null, due_at = case when due_at is not null then ${until} end`
  await updateWork(tx, key, changes)
  const { attempts, every_seconds: everySeconds, even_when_off: evenWhenOff } = row
  return { kind: 'claimed', lease: { ...key, fence: row.fence + 1 }, attempts, everySeconds, evenWhenOff }
}

type WorkRow = {
  fence: number
  attempts: number
  every_seconds: number
  even_when_off: boolean
  leased: boolean
  due_later: boolean
}

async function updateWork(tx: Tx, key: LeaseKey, changes: RawBuilder<unknown>): Promise<void> {
  await sql`
    update channel_work set ${changes}
    where tenant_id = ${tx.tenantId} and channel_id = ${key.channelId} and operation = ${key.operation}
  `.execute(tx)
}

/** Locks the lease until the transaction ends, and renews it. */
export async function holdLease(tx: Tx, lease: Lease): Promise<void> {
  const held = await sql`
    update channel_work set
      leased_until = app_now() + make_interval(secs => ${leaseSeconds}),
      due_at = case when due_at <= app_now() then due_at
        when due_at is not null then app_now() + make_interval(secs => ${leaseSeconds}) end
    where tenant_id = ${tx.tenantId} and channel_id = ${lease.channelId} and operation = ${lease.operation}
      and fence = ${lease.fence}
  `.execute(tx)
  if (held.numAffectedRows === 0n) throw new LeaseLost(lease)
}

/** It is still ours, and waits for nobody who renews it at the same time. */
export async function confirmLease(tx: Tx, lease: Lease): Promise<void> {
  const { rows } = await sql`
    select from channel_work
    where tenant_id = ${tx.tenantId} and channel_id = ${lease.channelId} and operation = ${lease.operation}
      and fence = ${lease.fence}
    for key share
  `.execute(tx)
  if (rows.length === 0) throw new LeaseLost(lease)
}

export type NextTime =
  | { kind: 'every'; seconds: number } // from when this turn began, so that long work does not put off the next look
  | { kind: 'in'; seconds: number }
  | { kind: 'parked' } // until it is switched on or signed in again

/**
 * Tells whether it is due at once, because somebody asked meanwhile. A row switched off meanwhile stays off, and what a
 * notification wanted meanwhile is not put off.
 */
export async function releaseLease(
  tx: Tx,
  lease: Lease,
  end: { next: NextTime; attempts: number; refusal: string | null },
): Promise<{ dueNow: boolean }> {
  const seconds = end.next.kind === 'parked' ? null : end.next.seconds
  const from = end.next.kind === 'every' ? sql`started_at` : sql`app_now()`
  // A refusal sets the pace: whoever asks again meanwhile waits with the others.
  const heedsKicks = end.refusal === null
  const released = await sql<{ due_now: boolean | null }>`
    update channel_work set
      leased_until = null,
      due_at = case
        when due_at is null or ${seconds}::float8 is null then null
        when ${heedsKicks} and due_at <= app_now() then app_now()
        else greatest(app_now(), least(${from} + make_interval(secs => ${seconds}::float8),
          case when ${heedsKicks} then nudged_for end)) end,
      attempts = ${end.attempts},
      last_refusal = ${end.refusal},
      finished_at = app_now()
    where tenant_id = ${tx.tenantId} and channel_id = ${lease.channelId} and operation = ${lease.operation}
      and fence = ${lease.fence}
    returning due_at <= app_now() as due_now
  `.execute(tx)
  if (!released.rows[0]) throw new LeaseLost(lease)
  return { dueNow: released.rows[0].due_now === true }
}
