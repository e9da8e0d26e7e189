import { sql } from 'kysely'
import type { Tx } from './database.ts'

// How fast an account may be asked, shared by all processes: the row is the bucket, and taking is one statement.
export type Bucket = { accountId: string; operationClass: string }

export type AskedTokens = {
  operationClass: string
  /** As it begins where it does not exist yet: full. A slower one grows back to it by so much for each token taken. */
  rate: { perMinute: number; burst: number; recovers?: number }
  count: number
  /** So many are left in the bucket for whoever goes first; it fills no slower for that. */
  leaves?: number
}

/** `milliseconds` until there is one more than were taken; those after it come at the rate. */
export type Taken = { taken: number; milliseconds: number; perMinute: number }

/** Up to so many tokens of several buckets of an account by one statement; answered as asked. */
export async function takeTokens(tx: Tx, accountId: string, asked: AskedTokens[]): Promise<Taken[]> {
  for (;;) {
    const taken = await tryTake(tx, accountId, asked)
    const answers = asked.flatMap(({ operationClass }) => taken.get(operationClass) ?? [])
    if (answers.length === asked.length) return answers
    const rows = asked.map(({ operationClass: name, rate: { perMinute, burst } }) => ({ name, perMinute, burst }))
    await sql`
      insert into token_buckets (tenant_id, account_id, operation_class, tokens, refilled_at, per_minute, burst)
      select ${tx.tenantId}, ${accountId}, name, burst, app_now(), "perMinute", burst
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (name text, "perMinute" float8, burst float8)
      order by name
      on conflict do nothing`.execute(tx)
  }
}

async function tryTake(tx: Tx, accountId: string, asked: AskedTokens[]): Promise<Map<string, Taken>> {
  const rows = asked.map(({ operationClass: name, rate: { perMinute, recovers = 0 }, count, leaves = 0 }) => {
    return { name, full: perMinute, recovers, count, leaves }
  })
  // Taking none changes nothing but the refill, so that waiting is worth its time however often one asks. Locked in the
  // order of their names, so that two who ask for several cannot wait for each other.
  const { rows: taken } = await sql<{ name: string; taken: number; rate: number; wait: number }>`
    with asked as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as a (name text, "full" float8, recovers float8, count int, leaves float8)
    ), locked as (
      select b.*, greatest(app_now(), b.refilled_at) as now, a.name, a."full", a.recovers, a.count, a.leaves
      from token_buckets b join asked a on a.name = b.operation_class
      where b.tenant_id = ${tx.tenantId} and b.account_id = ${accountId}
      order by b.operation_class for update of b
    ), filled as (
      select *, least(burst, tokens + extract(epoch from now - refilled_at)::float8 * per_minute / 60) as level,
        coalesce(blocked_until > now, false) as is_blocked, greatest(0, least(leaves, burst - 1)) as kept
      from locked
    ), decided as (
      -- A hair's breadth, because fractions of tokens do not add up to a whole one exactly.
      select *, case when is_blocked then 0 else greatest(0, least(count, floor(level - kept + 1e-9))) end as taken from filled
    )
    update token_buckets b set tokens = greatest(0, d.level - d.taken), refilled_at = d.now,
      per_minute = case when b.per_minute < d."full" then least(d."full", b.per_minute + d.taken * d.recovers) else b.per_minute end
    from decided d
    where b.tenant_id = d.tenant_id and b.account_id = d.account_id and b.operation_class = d.operation_class
    returning d.name, d.taken::int as taken, b.per_minute as rate, ceil(1000 * greatest(
      case when d.is_blocked then extract(epoch from d.blocked_until - d.now)::float8 else 0 end,
      (1 + d.kept + d.taken - d.level) * 60 / d.per_minute, 0))::float8 as wait`.execute(tx)
  return new Map(
    taken.map(({ name, taken: count, rate, wait }) => [
      name,
      { taken: count, milliseconds: Math.max(1, wait), perMinute: rate },
    ]),
  )
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
