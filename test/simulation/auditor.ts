// The auditor: what must hold in every state the database ever commits (reliability.md §3), read in plain SQL and counted
// again without any of the hub's own rules, and what must hold of a stock figure at the moment it leaves.
import { sql } from 'kysely'
import { missingCosts } from '../../src/domain/orders/order.ts'
import type { Tx } from '../../src/platform/database.ts'
import type { Figure } from './figures.ts'
import { moneyAlwaysTrue } from './money-audit.ts'
import { stockFigures } from './stock-figures.ts'

export type Auditor = {
  /** Orders, stock and purchase orders; as the last thing of a transaction, so that it sees what will be committed. */
  books(tx: Tx, how?: 'always' | 'sometimes'): Promise<void>
  /** S3: what listings are to show, in the transaction that decided it. */
  figures(tx: Tx): Promise<void>
  /** S3: a stock figure leaves for the marketplace. */
  atPush(channelId: string, figure: Figure): Promise<void>
}

export type AuditorParts = {
  report(invariant: string, sentence: string): void
  read<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result>
}

/** What is wrong does not right itself within a few. */
const everyCommits = 8

export function createAuditor({ report, read }: AuditorParts): Auditor {
  /** What each version of a listing's figure had to be when it was decided. */
  const figures = new Map<string, number | null>()
  let commits = 0
  return {
    async books(tx, how = 'always') {
      commits += 1
      if (how === 'sometimes' && commits % everyCommits > 0) return
      for (const what of [alwaysTrue, moneyAlwaysTrue]) {
        const { rows } = await sql<{ invariant: string; sentence: string }>`${what}`.execute(tx)
        for (const { invariant, sentence } of rows) report(invariant, sentence)
      }
    },
    figures: (tx) => auditTargets(tx, figures, report),
    async atPush(channelId, given) {
      const { listing, quantity } = given
      const sent = await read((tx) => readSent(tx, channelId, given))
      if (!sent) return report('S3', `Listing ${listing} was sent ${quantity} without being in flight`)
      const figure = figures.get(`${sent.listingId}/${sent.version}`)
      if (quantity === sent.sent && quantity === figure) return
      report(
        'S3',
        `Listing ${listing} was sent ${quantity}; version ${sent.version} says ${sent.sent}, and the pipeline ${figure}`,
      )
    },
  }
}

async function auditTargets(
  tx: Tx,
  figures: Map<string, number | null>,
  report: AuditorParts['report'],
): Promise<void> {
  const { rows } = await sql<{ listingId: string; desired: number | null; version: number }>`
    select listing_id as "listingId", desired, desired_version as version from listing_targets
    where tenant_id = ${tx.tenantId} and kind = 'stock' order by listing_id
  `.execute(tx)
  const changed = rows.filter(({ listingId, version, desired }) => {
    const known = figures.get(`${listingId}/${version}`)
    return known === undefined || known !== desired
  })
  if (changed.length === 0) return
  const now = await stockFigures(tx)
  for (const { listingId, version, desired } of changed) {
    const figure = now.get(listingId)?.quantity ?? null
    figures.set(`${listingId}/${version}`, figure)
    if (figure !== desired) report('S3', `Listing ${listingId} is to show ${desired}, and the pipeline says ${figure}`)
  }
}

async function readSent(tx: Tx, channelId: string, { listing, variant }: Figure) {
  const { rows } = await sql<{ listingId: string; sent: number; version: number }>`
    select t.listing_id as "listingId", t.sent, t.sent_version as version
    from listing_targets t join listings l on l.tenant_id = t.tenant_id and l.id = t.listing_id
    where l.tenant_id = ${tx.tenantId} and l.channel_id = ${channelId} and l.marketplace_listing_id = ${listing}
      and l.marketplace_variant_id = ${variant}
      and t.kind = 'stock' and t.state = 'in-flight'
  `.execute(tx)
  return rows[0]
}

/** Each select names what is wrong; none may ever find a row. */
const alwaysTrue = sql`
  with facts as materialized (
    select o.id, count(c.id) filter (where c.state = 'held' or c.state = 'reserved' and c.hold_reason = any(${missingCosts}::text[])) as held,
      count(c.id) filter (where c.state = 'reserved' and coalesce(c.hold_reason <> all(${missingCosts}::text[]), true)) as reserved,
      count(c.id) filter (where c.state = 'routed') as routed, count(c.id) filter (where c.state = 'dispatched') as dispatched,
      count(c.id) filter (where c.state in ('held', 'reserved', 'routed')) as open, coalesce(s.parcels, 0) as parcels
    from orders o
    left join order_line_components c on c.tenant_id = o.tenant_id and c.order_id = o.id
    left join (select order_id, count(*) as parcels from shipments group by 1) s on s.order_id = o.id
    group by o.id, s.parcels
  ), gone as materialized (
    select component_id, sum(quantity) as sum from shipment_lines group by 1
  )
  select 'O1' as invariant, 'Order ' || marketplace_order_id || ' is there ' || count(*) || ' times' as sentence
  from orders group by channel_id, marketplace_order_id having count(*) > 1
  union all
  select 'O3', 'The parts of line ' || l.id || ' ask for ' || c.quantity || ', the line for ' || c.quantity_each * l.quantity
  from (
    select order_line_id, variant_id, quantity_each, sum(quantity) as quantity from order_line_components group by 1, 2, 3
  ) c join order_lines l on l.id = c.order_line_id
  where c.quantity <> c.quantity_each * l.quantity
  union all
  select 'O3', 'Component ' || c.id || ' is ' || c.state || ' with ' || coalesce(gone.sum, 0) || ' of ' || c.quantity || ' gone'
  from order_line_components c left join gone on gone.component_id = c.id
  where case c.state when 'dispatched' then coalesce(gone.sum, 0) <> c.quantity
    when 'routed' then coalesce(gone.sum, 0) >= c.quantity else gone.sum is not null end
  union all
  select 'S1', 'Offer ' || o.id || ' has ' || coalesce(o.on_hand::text, 'an unknown number') || ' on hand, its movements say ' || coalesce(m.sum, 0)
  from supplier_offers o left join (select offer_id, sum(delta) as sum from stock_movements group by 1) m on m.offer_id = o.id
  where coalesce(o.on_hand, 0) <> coalesce(m.sum, 0)
  union all
  select 'S1', 'Offer ' || o.id || ' has ' || o.reserved || ' reserved, its reservations say ' || coalesce(r.sum, 0)
  from supplier_offers o
  left join (select offer_id, sum(quantity) as sum from reservations where state = 'active' group by 1) r on r.offer_id = o.id
  where o.reserved <> coalesce(r.sum, 0)
  union all
  select 'S1', 'Offer ' || o.id || ' has ' || o.on_hand || ' on hand and promised ' || o.reserved || ' without its stock having fallen since'
  from supplier_offers o
  where o.reserved > o.on_hand and exists (
    select from reservations r where r.offer_id = o.id and r.state = 'active' and r.created_at > coalesce((
      select max(at) from stock_movements m where m.offer_id = o.id and m.delta < 0 and m.reason in ('hand', 'file')
    ), '-infinity')
  )
  union all
  select 'S2', 'Component ' || c.id || ' is ' || c.state || ' with ' || coalesce(r.sum, 0) || ' of ' || c.quantity || ' promised and ' || c.left_already || ' gone'
  from (
    select c.*, coalesce(gone.sum, 0) as left_already
    from order_line_components c left join gone on gone.component_id = c.id
  ) c
  left join (
    select component_id, sum(quantity) as sum, count(*) as count from reservations where state = 'active' group by 1
  ) r on r.component_id = c.id
  where coalesce(r.sum, 0) <> case when c.state in ('reserved', 'routed') then c.quantity - c.left_already else 0 end
    or r.count > 1
  union all
  select 'P1', 'Component ' || c.id || ' is ' || c.state || ' with ' || coalesce(p.sum, 0) || ' of ' || c.quantity || ' on purchase orders'
  from order_line_components c
  left join (
    select l.component_id, sum(l.quantity - l.cancelled_quantity) as sum
    from purchase_order_lines l
    join purchase_orders p on p.tenant_id = l.tenant_id and p.id = l.purchase_order_id
    where p.state <> 'cancelled' group by 1
  ) p on p.component_id = c.id
  where coalesce(p.sum, 0) <> case when c.state in ('routed', 'dispatched') then c.quantity else 0 end
  union all
  select 'P2', count(*) || ' live purchase orders for order ' || order_id || ' and supplier ' || supplier_id
  from purchase_orders where state <> 'cancelled'
  group by order_id, supplier_id, split_number, revision having count(*) > 1
  union all
  select 'P2', 'Purchase order ' || p.number || ' has no line' from purchase_orders p
  where not exists (select from purchase_order_lines l where l.tenant_id = p.tenant_id and l.purchase_order_id = p.id)
  union all
  select 'O6', 'Order ' || o.marketplace_order_id || ' is ' || o.channel_status || ' and still has ' || f.open || ' open parts'
  from orders o join facts f on f.id = o.id
  where o.channel_status in ('cancelled', 'refunded') and f.open > 0
  union all
  select 'O6', 'Order ' || o.marketplace_order_id || ' is ' || o.channel_status || ' and purchase order ' || p.number || ' is ' || p.state
  from orders o join purchase_orders p on p.tenant_id = o.tenant_id and p.order_id = o.id
  where o.channel_status in ('cancelled', 'refunded') and p.state in ('queued-for-payment', 'to-send', 'sent', 'in-doubt', 'accepted')
  union all
  select 'order status', 'Order ' || o.marketplace_order_id || ' (' || o.channel_status || ') is ' || o.status || ' with ' || f.held
    || ' held, ' || f.reserved || ' reserved, ' || f.routed || ' routed, ' || f.dispatched || ' dispatched parts and ' || f.parcels || ' parcels'
  from orders o join facts f on f.id = o.id
  where not case o.status
    when 'dispatched' then f.open = 0 and (f.parcels > 0 or o.channel_status = 'shipped')
    when 'partly-dispatched' then f.parcels > 0
    when 'with-supplier' then f.routed > 0 and f.held + f.reserved = 0
    when 'awaiting-stock' then f.held > 0
    when 'awaiting-mapping' then f.open + f.dispatched = 0
    when 'cancelled' then f.open = 0
    when 'on-hold' then (f.routed = 0 or f.reserved > 0) and (o.address_missing or o.channel_status in ('awaiting-payment', 'on-hold', 'unknown'))
    when 'error' then o.channel_status = 'unknown'
    when 'new' then false
    else true end
    or (o.channel_status in ('cancelled', 'refunded') and f.parcels = 0 and o.status <> 'cancelled')
    or (f.routed > 0 and f.held + f.reserved = 0 and f.parcels = 0 and o.status not in ('with-supplier', 'queued-for-payment'))
`
