// Figures given to a marketplace as one file: claimed together, in flight under one ticket, settled when it says what
// became of each.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { closeProblem } from '../problems/problems.store.ts'
import { claimColumns, mayPush } from './claim-targets.store.ts'
import type { ClaimedTarget, TargetScope } from './claim-targets.store.ts'

export type PushTicket = {
  id: string
  /** Null: whoever handed it over never said what became of it. */
  ticket: string | null
  checks: number
  isDue: boolean
  dueInSeconds: number
  ageSeconds: number
}

/** How many are due, and how many of them cannot wait for a file. */
export async function countDueTargets(tx: Tx, scope: TargetScope): Promise<{ due: number; urgent: number }> {
  const { rows } = await sql<{ due: number; urgent: number }>`
    select count(*)::int as due, count(*) filter (where target.urgency > 1)::int as urgent
    from listing_targets target
    join sales_channels channel on channel.tenant_id = target.tenant_id and channel.id = target.channel_id
    where target.tenant_id = ${tx.tenantId} and target.channel_id = ${scope.channelId} and target.kind = ${scope.kind}
      and target.state = 'due' and not target.waits and (target.next_try_at is null or target.next_try_at <= app_now())
      and target.desired is not null and ${mayPush(scope.kind)}
  `.execute(tx)
  return rows[0] ?? { due: 0, urgent: 0 }
}

/** The file in the marketplace's order of places; the most urgent ones are passed over, for they go one by one. */
export async function claimForTicket(
  tx: Tx,
  scope: TargetScope,
  { countMax, skipUrgent }: { countMax: number; skipUrgent: number },
): Promise<{ id: string; targets: ClaimedTarget[] }> {
  const id = tx.ids.uuid()
  await sql`
    insert into push_tickets (tenant_id, id, channel_id, kind, fence)
    values (${tx.tenantId}, ${id}, ${scope.channelId}, ${scope.kind}, ${scope.fence})
  `.execute(tx)
  await sql`
    with chosen as (
      select target.listing_id, row_number() over (order by target.urgency desc, target.desired_at, target.listing_id) as place
      from listing_targets target
      join sales_channels channel on channel.tenant_id = target.tenant_id and channel.id = target.channel_id
      where target.tenant_id = ${tx.tenantId} and target.channel_id = ${scope.channelId} and target.kind = ${scope.kind}
        and target.state = 'due' and not target.waits and (target.next_try_at is null or target.next_try_at <= app_now())
        and target.desired is not null and ${mayPush(scope.kind)}
      order by target.urgency desc, target.desired_at, target.listing_id
      offset ${skipUrgent} limit ${countMax}
    )
    update listing_targets target set state = 'in-flight', fence = ${scope.fence}, attempts = target.attempts + 1,
      sent = target.desired, sent_version = target.desired_version, sent_at = app_now(),
      ticket_id = ${id}, ticket_place = chosen.place
    from chosen
    where target.tenant_id = ${tx.tenantId} and target.kind = ${scope.kind} and target.listing_id = chosen.listing_id
      and target.state = 'due' and not target.waits
  `.execute(tx)
  return { id, targets: await loadTicketTargets(tx, scope, id) }
}

export async function loadTicketTargets(tx: Tx, scope: TargetScope, ticketId: string): Promise<ClaimedTarget[]> {
  const { rows } = await sql<ClaimedTarget>`
    select ${claimColumns}
    from listing_targets target
    join listings listing on listing.tenant_id = target.tenant_id and listing.id = target.listing_id
    where target.tenant_id = ${tx.tenantId} and target.ticket_id = ${ticketId} and target.kind = ${scope.kind}
    order by target.ticket_place
  `.execute(tx)
  return rows
}

export async function nameTicket(tx: Tx, id: string, given: { ticket: string; seconds: number }): Promise<void> {
  await sql`
    update push_tickets set ticket = ${given.ticket}, check_at = app_now() + make_interval(secs => ${given.seconds})
    where tenant_id = ${tx.tenantId} and id = ${id}
  `.execute(tx)
}

export async function openTicket(tx: Tx, scope: TargetScope): Promise<PushTicket | undefined> {
  const { rows } = await sql<PushTicket>`
    select id, ticket, checks, check_at <= app_now() as "isDue",
      greatest(0, extract(epoch from check_at - app_now()))::float8 as "dueInSeconds",
      extract(epoch from app_now() - submitted_at)::float8 as "ageSeconds"
    from push_tickets
    where tenant_id = ${tx.tenantId} and channel_id = ${scope.channelId} and kind = ${scope.kind}
    order by submitted_at, id limit 1
  `.execute(tx)
  return rows[0]
}

export async function checkTicketLater(tx: Tx, id: string, seconds: number): Promise<void> {
  await sql`
    update push_tickets set checks = checks + 1, check_at = app_now() + make_interval(secs => ${seconds})
    where tenant_id = ${tx.tenantId} and id = ${id}
  `.execute(tx)
}

/** Its targets are in our hands now, in flight under our fence, to be settled like any others. */
export async function takeOverTicket(tx: Tx, scope: TargetScope, id: string): Promise<void> {
  await sql`
    update listing_targets set fence = ${scope.fence}, ticket_id = null, ticket_place = null
    where tenant_id = ${tx.tenantId} and ticket_id = ${id}
  `.execute(tx)
  await sql`delete from push_tickets where tenant_id = ${tx.tenantId} and id = ${id}`.execute(tx)
}

/** A problem of a file that was given up. */
export function brokenFileKey({ channelId, kind }: Pick<TargetScope, 'channelId' | 'kind'>): string {
  return `broken-file/${kind}/${channelId}`
}

export async function isFileBroken(tx: Tx, scope: TargetScope): Promise<boolean> {
  const { rows } = await sql`
    select 1 from problems where tenant_id = ${tx.tenantId} and key = ${brokenFileKey(scope)} and closed_at is null
  `.execute(tx)
  return rows.length > 0
}

/** Once every figure has got there some other way. */
export async function closeWhenSettled(tx: Tx, scope: TargetScope): Promise<void> {
  if (!(await isFileBroken(tx, scope))) return
  const { rows } = await sql`
    select 1 from listing_targets
    where tenant_id = ${tx.tenantId} and channel_id = ${scope.channelId} and kind = ${scope.kind}
      and state in ('due', 'in-flight', 'unclear') limit 1
  `.execute(tx)
  if (rows.length === 0) await closeProblem(tx, brokenFileKey(scope))
}
