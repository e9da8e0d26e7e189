import { sql } from 'kysely'
import type { Tx } from './database.ts'

// How fast an account may be asked, shared by all processes: the row is the bucket, and taking is one statement.
export type Bucket = { accountId: string; operationClass: string }

/** `milliseconds` until there is one more than were taken; those after it come at the rate. */
export type Taken = { taken: number; milliseconds: number; perMinute: number }

/** Takes up to so many tokens. A bucket that does not exist yet begins full, at the given rate. */
export async function takeTokens(
  tx: Tx,
  bucket: Bucket,
  rate: { perMinute: number; burst: number },
  /** So many are left in the bucket for whoever goes first; it fills no slower for that. */
  { count, leaves = 0 }: { count: number; leaves?: number },
): Promise<Taken> {
  for (;;) {
    const taken = await tryTake(tx, bucket, count, leaves)
    if (taken) return taken
    await sql`
      insert into token_buckets (tenant_id, account_id, operation_class, tokens, refilled_at, per_minute, burst)
      values (${tx.tenantId}, ${bucket.accountId}, ${bucket.operationClass}, ${rate.burst}, app_now(), ${rate.perMinute}, ${rate.burst})
      on conflict do nothing`.execute(tx)
  }
}

async function tryTake(tx: Tx, bucket: Bucket, count: number, leaves: number): Promise<Taken | undefined> {
  // Taking none changes nothing but the refill, so that waiting is worth its time however often one asks.
  const { rows } = await sql<{ taken: number; wait: number; rate: number }>`
    with locked as (
      select *, greatest(app_now(), refilled_at) as now from token_buckets
      where tenant_id = ${tx.tenantId} and account_id = ${bucket.accountId} and operation_class = ${bucket.operationClass}
      for update
    ), filled as (
      select *, least(burst, tokens + extract(epoch from now - refilled_at)::float8 * per_minute / 60) as level,
        coalesce(blocked_until > now, false) as is_blocked, greatest(0, least(${leaves}::float8, burst - 1)) as kept
      from locked
    ), decided as (
      -- A hair's breadth, because fractions of tokens do not add up to a whole one exactly.
      select *, case when is_blocked then 0 else greatest(0, least(${count}::int, floor(level - kept + 1e-9))) end as taken from filled
    )
    update token_buckets b set tokens = greatest(0, d.level - d.taken), refilled_at = d.now
    from decided d
    where b.tenant_id = d.tenant_id and b.account_id = d.account_id and b.operation_class = d.operation_class
    returning d.taken::int as taken, d.per_minute as rate, ceil(1000 * greatest(
      case when d.is_blocked then extract(epoch from d.blocked_until - d.now)::float8 else 0 end,
      (1 + d.kept + d.taken - d.level) * 60 / d.per_minute, 0))::float8 as wait`.execute(tx)
  const row = rows[0]
  return row && { taken: row.taken, milliseconds: Math.max(1, row.wait), perMinute: row.rate }
}

/** The marketplace said when to come back. It counts for everyone who asks that account, and never shortens a longer wait. */
export async function blockBucket(tx: Tx, bucket: Bucket, seconds: number): Promise<void> {
  await sql`
    update token_buckets
    set blocked_until = greatest(coalesce(blocked_until, app_now()), app_now() + make_interval(secs => ${seconds})), tokens = least(tokens, 1)
    where tenant_id = ${tx.tenantId} and account_id = ${bucket.accountId} and operation_class = ${bucket.operationClass}`.execute(
    tx,
  )
}

/** What the marketplace's headers teach about its limit. A smaller burst takes effect at once. */
export async function setBucketRate(tx: Tx, bucket: Bucket, rate: { perMinute: number; burst: number }): Promise<void> {
  await sql`
    update token_buckets set per_minute = ${rate.perMinute}, burst = ${rate.burst}, tokens = least(tokens, ${rate.burst})
    where tenant_id = ${tx.tenantId} and account_id = ${bucket.accountId} and operation_class = ${bucket.operationClass}
      and (per_minute, burst) is distinct from (${rate.perMinute}::float8, ${rate.burst}::float8)`.execute(tx)
}
