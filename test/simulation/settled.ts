// What must hold once everything has come to rest (Q): the hub's books against the marketplace's own, never the hub with
// itself. Each entry says what is still missing.
import { sql } from 'kysely'
import type { Tx } from '../../src/platform/database.ts'
import type { ReverbBooks } from '../../sandboxes/reverb/control.ts'
import type { Parcel, Simulation } from './simulation.ts'
import { stockFigures } from './stock-figures.ts'

export type Unmet = { invariant: string; sentence: string }

export async function findUnmet(simulation: Simulation): Promise<Unmet[]> {
  const truth = simulation.sandbox.control.books()
  return simulation.db.read(simulation.tenantId, async (tx) => [
    ...(await missingOrders(tx, truth)),
    ...(await wrongStock(tx, truth)),
    ...(await wrongConfirmations(tx, truth, simulation.parcels)),
    ...(await unfinishedWork(tx)),
    ...queueFaults(simulation),
  ])
}

type OrderRow = {
  number: string
  channelStatus: string
  currency: string
  total: number
  shipping: number
  lines: { listing: string | null; quantity: number; price: number }[]
  purchaseOrders: number
}

/** Their word for an order → ours, written down a second time. */
const channelStatusOf: Record<string, string> = {
  unpaid: 'awaiting-payment',
  payment_pending: 'awaiting-payment',
  partially_paid: 'awaiting-payment',
  pending_review: 'on-hold',
  paid: 'to-ship',
  shipped: 'shipped',
  picked_up: 'shipped',
  received: 'shipped',
  refunded: 'refunded',
  cancelled: 'cancelled',
  blocked: 'cancelled',
}

/** O2: lost = ∅ and unexpected = ∅. */
async function missingOrders(tx: Tx, truth: ReverbBooks): Promise<Unmet[]> {
  const rules = await readImportRules(tx)
  const ours = new Map((await readOrders(tx)).map((order) => [order.number, order]))
  const unmet: Unmet[] = []
  const tell = (sentence: string) => unmet.push({ invariant: 'O2', sentence })
  for (const theirs of truth.orders) {
    const order = ours.get(theirs.number)
    ours.delete(theirs.number)
    const isOfOurTime =
      theirs.createdAt >= rules.connectedAt || (theirs.paidAt !== undefined && theirs.paidAt >= rules.connectedAt)
    const isLeftOut = rules.removed.has(theirs.number) || (rules.exclude && !rules.mapped.has(String(theirs.listingId)))
    if (!isOfOurTime || isLeftOut) {
      if (order) tell(`Order ${theirs.number} was imported although the rules leave it out`)
      continue
    }
    if (!order) {
      tell(`Order ${theirs.number} (${theirs.status}, placed ${theirs.createdAt.toISOString()}) is lost`)
      continue
    }
    const isSame =
      order.currency === theirs.total.currency &&
      order.total === theirs.total.minor &&
      order.shipping === theirs.shippingPrice.minor &&
      order.lines.length === 1 &&
      order.lines[0]?.listing === String(theirs.listingId) &&
      order.lines[0].quantity === theirs.quantity &&
      order.lines[0].price === theirs.unitPrice.minor
    if (!isSame) tell(`Order ${theirs.number} differs: ${JSON.stringify(order)}`)
    if (order.purchaseOrders > 0 && !theirs.address && theirs.shippingMethod !== 'local')
      unmet.push({ invariant: 'P6', sentence: `Order ${theirs.number} went to a supplier without an address` })
    const expected = channelStatusOf[theirs.status]
    if (order.channelStatus !== expected)
      tell(`Order ${theirs.number} is ${theirs.status} over there and ${order.channelStatus} here`)
  }
  for (const number of ours.keys()) tell(`Order ${number} is here and not at the marketplace`)
  return unmet
}

async function readImportRules(tx: Tx) {
  const channel = await sql<{ connectedAt: Date; exclude: boolean }>`
    select connected_at as "connectedAt", exclude_unmapped as exclude from sales_channels where tenant_id = ${tx.tenantId}
  `.execute(tx)
  const mapped = await sql<{ id: string }>`
    select l.marketplace_listing_id as id from sku_mappings m
    join listings l on l.tenant_id = m.tenant_id and l.id = m.listing_id where m.tenant_id = ${tx.tenantId}
  `.execute(tx)
  // D3: unmapped orders are removed after three days, and leave a line behind.
  const removed = await sql<{ id: string }>`
    select marketplace_order_id as id from skipped_orders where tenant_id = ${tx.tenantId} and reason = 'removed-unmapped'
  `.execute(tx)
  return {
    connectedAt: channel.rows[0]?.connectedAt ?? new Date(0),
    exclude: channel.rows[0]?.exclude ?? false,
    mapped: new Set(mapped.rows.map((row) => row.id)),
    removed: new Set(removed.rows.map((row) => row.id)),
  }
}

async function readOrders(tx: Tx): Promise<OrderRow[]> {
  const { rows } = await sql<OrderRow>`
    select o.marketplace_order_id as number, o.channel_status as "channelStatus", o.currency, o.total_minor as total,
      o.shipping_minor as shipping, (
        select coalesce(jsonb_agg(jsonb_build_object('listing', l.marketplace_listing_id, 'quantity', l.quantity, 'price', l.unit_price_minor)), '[]')
        from order_lines l where l.tenant_id = o.tenant_id and l.order_id = o.id
      ) as lines, (
        select count(*)::int from purchase_orders p where p.tenant_id = o.tenant_id and p.order_id = o.id
      ) as "purchaseOrders"
    from orders o where o.tenant_id = ${tx.tenantId} order by o.marketplace_order_id
  `.execute(tx)
  return rows
}

/** S4, S5: what the marketplace shows is what the figures of this moment say. */
async function wrongStock(tx: Tx, truth: ReverbBooks): Promise<Unmet[]> {
  const figures = await stockFigures(tx)
  const { rows } = await sql<{ listingId: string; theirId: string; zeroIsFinal: boolean }>`
    select l.id as "listingId", l.marketplace_listing_id as "theirId", l.zero_is_final as "zeroIsFinal"
    from sku_mappings m join listings l on l.tenant_id = m.tenant_id and l.id = m.listing_id
    join sales_channels c on c.tenant_id = m.tenant_id and c.id = m.channel_id and c.stock_update
    where m.tenant_id = ${tx.tenantId} order by l.marketplace_listing_id
  `.execute(tx)
  const shown = new Map(truth.listings.map((listing) => [String(listing.id), listing]))
  return rows.flatMap(({ listingId, theirId, zeroIsFinal }) => {
    const listing = shown.get(theirId)
    const figure = figures.get(listingId)
    if (!listing || !figure || figure.quantity === null || listing.inventory === figure.quantity) return []
    // A 0 that cannot be undone and comes only from the threshold waits for a person (A10); ended for good stays ended.
    if (zeroIsFinal && (figure.zeroOnlyByThreshold || listing.state === 'ended')) return []
    const sentence = `Listing ${theirId} (${listing.state}) shows ${listing.inventory} and should show ${figure.quantity}`
    return [{ invariant: 'S5', sentence }]
  })
}

/** V1: every parcel that left was told exactly once, and nothing else was. */
async function wrongConfirmations(tx: Tx, truth: ReverbBooks, parcels: Parcel[]): Promise<Unmet[]> {
  const unmet: Unmet[] = []
  const tell = (sentence: string) => unmet.push({ invariant: 'V1', sentence })
  const { rows } = await sql<{ number: string; tracking: string; package: number; count: number }>`
    select o.marketplace_order_id as number, s.tracking_number as tracking, s.package_number as package, count(*) over (partition by s.order_id, s.tracking_number)::int as count
    from shipments s join orders o on o.tenant_id = s.tenant_id and o.id = s.order_id
    where s.tenant_id = ${tx.tenantId} order by s.order_id, s.package_number
  `.execute(tx)
  for (const row of rows) if (row.count > 1) tell(`Parcel ${row.tracking} is here ${row.count} times`)
  const packages = new Map(rows.map((row) => [row.tracking, row.package]))
  for (const { orderNumber, outcome, trackingNumber, provider } of truth.confirmations) {
    if (outcome === 'repeated' || outcome === 'replaced')
      tell(`Order ${orderNumber}: parcel ${trackingNumber} was ${outcome}`)
    const isReal = parcels.some(
      (parcel) =>
        parcel.marketplaceOrderId === orderNumber &&
        parcel.trackingNumber === trackingNumber &&
        parcel.provider === provider,
    )
    if (!isReal) tell(`Order ${orderNumber}: parcel ${trackingNumber} with ${provider} was told and never left`)
  }
  const statusOf = new Map(truth.orders.map((order) => [order.number, order]))
  for (const [number, ofOrder] of Map.groupBy(parcels, (parcel) => parcel.marketplaceOrderId)) {
    for (const parcel of ofOrder) {
      if (!packages.has(parcel.trackingNumber)) tell(`Order ${number}: parcel ${parcel.trackingNumber} is not here`)
    }
    const order = statusOf.get(number)
    const wasCalledOff =
      order?.shipment === undefined && ['cancelled', 'blocked', 'refunded'].includes(order?.status ?? '')
    const accepted = truth.confirmations.filter((one) => one.orderNumber === number && one.outcome === 'accepted')
    // Reverb keeps one parcel per order: the first is told, the others are shown to a person.
    if (accepted.length === 1 || (wasCalledOff && accepted.length === 0)) continue
    tell(`Order ${number}: ${ofOrder.length} parcels left, ${accepted.length} were accepted`)
  }
  return unmet
}

/** M5 and M7: nothing is open, in doubt or forgotten. */
async function unfinishedWork(tx: Tx): Promise<Unmet[]> {
  const { rows } = await sql<Unmet>`
    select 'M5' as invariant, 'Effect ' || business_key || ' is ' || state as sentence
    from effects where state in ('intended', 'in-flight', 'unknown')
    union all
    select 'M7', 'The figure of listing ' || listing_id || ' is ' || state
    from listing_targets where state in ('due', 'in-flight', 'unclear')
    union all
    select 'M7', count(*) || ' marks of stock are not taken' from stock_marks having count(*) > 0
    union all
    select 'M7', 'Component ' || c.id || ' waits for ' || c.quantity || ' of ' || c.variant_id || ', which is there'
    from order_line_components c
    join orders o on o.tenant_id = c.tenant_id and o.id = c.order_id and o.channel_status in ('to-ship', 'awaiting-payment', 'on-hold')
    where c.state = 'held' and exists (
      select from supplier_offers f join suppliers s on s.tenant_id = f.tenant_id and s.id = f.supplier_id and s.active
      where f.tenant_id = c.tenant_id and f.variant_id = c.variant_id and f.active and f.on_hand - f.reserved >= c.quantity
        and f.cost_minor is not null
    )
  `.execute(tx)
  return rows
}

function queueFaults({ queue }: Simulation): Unmet[] {
  const dead = queue.deadLetters().map(({ name }) => ({ invariant: 'M1', sentence: `A kick of ${name} was given up` }))
  const open = queue.open().map(({ name }) => ({ invariant: 'M7', sentence: `A kick of ${name} is open` }))
  return [...dead, ...open]
}
