// What must hold once everything has come to rest (Q): the hub's books against the marketplace's own, never the hub with
// itself. Each entry says what is still missing.
import { sql } from 'kysely'
import type { TrueOrder } from '../../sandboxes/kit/control.ts'
import { missingCosts } from '../../src/domain/orders/order.ts'
import type { Tx } from '../../src/platform/database.ts'
import type { JobName } from '../../src/platform/jobs.ts'
import type { Market } from './market.ts'
import type { Parcel, Simulation } from './simulation.ts'
import { kitSku, packSku } from './seller.ts'
import { wrongPurchaseOrders } from './settled-suppliers.ts'
import { stockFigures } from './stock-figures.ts'
import { mayEnd } from './swarm.ts'

export type Unmet = { invariant: string; sentence: string }
type Truth = ReturnType<Market['control']['truth']>

export async function findUnmet(simulation: Simulation): Promise<Unmet[]> {
  const { markets, db, tenantId, parcels } = simulation
  return db.read(tenantId, async (tx) => {
    const unmet: Unmet[] = []
    for (const market of markets) {
      const truth = market.control.truth()
      const own = parcels.filter((parcel) => parcel.channelId === market.channelId)
      unmet.push(...(await missingOrders(tx, market, truth)))
      unmet.push(...(await wrongStock(tx, market, truth)))
      unmet.push(...(await wrongConfirmations(tx, market, { truth, parcels: own, mayEnd: mayEnd(simulation.swarm) })))
    }
    unmet.push(...(await wrongPurchaseOrders(tx, simulation)), ...(await missedDeadlines(tx, simulation)))
    return [...unmet, ...(await unfinishedWork(tx)), ...(await queueFaults(tx, simulation))]
  })
}

type OrderRow = {
  number: string
  channelStatus: string
  currency: string
  total: number
  lines: SimpleLine[]
}
type SimpleLine = { sku: string | null; quantity: number; price: number }

/** O2: lost = ∅ and unexpected = ∅. */
async function missingOrders(tx: Tx, { channelId, words, id }: Market, truth: Truth): Promise<Unmet[]> {
  const rules = await readImportRules(tx, channelId)
  const ours = new Map((await readOrders(tx, channelId)).map((order) => [order.number, order]))
  const unmet: Unmet[] = []
  for (const theirs of truth.orders) {
    const order = ours.get(theirs.number)
    ours.delete(theirs.number)
    const sentence = differenceOf(order, linesOfOurs(theirs, rules), { theirs, words, removed: rules.removed })
    if (sentence !== undefined) unmet.push({ invariant: 'O2', sentence: `Order ${theirs.number} of ${id} ${sentence}` })
  }
  for (const number of ours.keys())
    unmet.push({ invariant: 'O2', sentence: `Order ${number} is here and not at ${id}` })
  return unmet
}

function differenceOf(
  order: OrderRow | undefined,
  lines: SimpleLine[],
  { theirs, words, removed }: { theirs: TrueOrder; words: Market['words']; removed: Set<string> },
): string | undefined {
  if (lines.length === 0 || removed.has(theirs.number))
    return order ? 'was imported although the rules leave it out' : undefined
  if (!order) return `(${theirs.status}, placed ${theirs.placedAt}) is lost`
  // What was called off before it was paid has no amounts at some marketplaces.
  const hasAmounts = !theirs.isCanceled
  const isSame =
    order.currency === theirs.total.currency &&
    textOf(order.lines, hasAmounts) === textOf(lines, hasAmounts) &&
    (!hasAmounts || order.total === theirs.total.minor)
  if (!isSame) return `differs: ${JSON.stringify(order)} and ${JSON.stringify(theirs.total)} ${textOf(lines, true)}`
  const expected = words.statuses[theirs.status] ?? []
  if (!expected.some((status) => status === order.channelStatus))
    return `is ${theirs.status} over there and ${order.channelStatus} here`
  return undefined
}

/** D1, D2: the lines that the rules import; none: not at all. */
function linesOfOurs({ lines, placedAt }: TrueOrder, rules: ImportRules): SimpleLine[] {
  if (new Date(placedAt) < rules.connectedAt) return []
  const mapped = lines.filter(({ sku }) => rules.mapped.has(sku))
  const isMixed = mapped.length > 0 && mapped.length < lines.length
  if (rules.exclude && mapped.length < lines.length) return []
  const kept = rules.split && isMixed ? mapped : lines
  return kept.map(({ sku, quantity, unitPriceMinor: price }) => ({ sku, quantity, price }))
}

/** Some marketplaces count units one by one. */
function textOf(lines: SimpleLine[], withPrices: boolean): string {
  const sums = new Map<string, number>()
  for (const { sku, price, quantity } of lines) {
    const key = withPrices ? `${sku} at ${price}` : String(sku)
    sums.set(key, (sums.get(key) ?? 0) + quantity)
  }
  return [...sums]
    .map(([key, quantity]) => `${quantity} × ${key}`)
    .toSorted()
    .join(', ')
}

type ImportRules = Awaited<ReturnType<typeof readImportRules>>

async function readImportRules(tx: Tx, channelId: string) {
  const channel = await sql<{ connectedAt: Date; exclude: boolean; split: boolean }>`
    select connected_at as "connectedAt", exclude_unmapped as exclude, split_mixed as split
    from sales_channels where tenant_id = ${tx.tenantId} and id = ${channelId}
  `.execute(tx)
  const mapped = await sql<{ sku: string }>`
    select l.channel_sku as sku from sku_mappings m join listings l on l.tenant_id = m.tenant_id and l.id = m.listing_id
    where m.tenant_id = ${tx.tenantId} and m.channel_id = ${channelId}
  `.execute(tx)
  // D3: unmapped orders are removed after three days, and leave a line behind.
  const removed = await sql<{ id: string }>`
    select marketplace_order_id as id from skipped_orders 
    where tenant_id = ${tx.tenantId} and channel_id = ${channelId} and reason = 'removed-unmapped'
  `.execute(tx)
  return {
    connectedAt: channel.rows[0]?.connectedAt ?? new Date(0),
    exclude: channel.rows[0]?.exclude ?? false,
    split: channel.rows[0]?.split ?? false,
    mapped: new Set(mapped.rows.map((row) => row.sku)),
    removed: new Set(removed.rows.map((row) => row.id)),
  }
}

async function readOrders(tx: Tx, channelId: string): Promise<OrderRow[]> {
  const { rows } = await sql<OrderRow>`
    select o.marketplace_order_id as number, o.channel_status as "channelStatus", o.currency, o.total_minor as total, (
        select coalesce(jsonb_agg(jsonb_build_object('sku', l.channel_sku, 'quantity', l.quantity, 'price', l.unit_price_minor)), '[]')
        from order_lines l where l.tenant_id = o.tenant_id and l.order_id = o.id
      ) as lines
    from orders o where o.tenant_id = ${tx.tenantId} and o.channel_id = ${channelId} order by o.marketplace_order_id
  `.execute(tx)
  return rows
}

/** S4, S5: what the marketplace shows is what the figures of this moment say. */
async function wrongStock(tx: Tx, { channelId, id }: Market, truth: Truth): Promise<Unmet[]> {
  const figures = await stockFigures(tx)
  const { rows } = await sql<{ listingId: string; listing: string; variant: string; zeroIsFinal: boolean }>`
    select l.id as "listingId", l.marketplace_listing_id as listing, l.marketplace_variant_id as variant,
      l.zero_is_final as "zeroIsFinal"
    from sku_mappings m join listings l on l.tenant_id = m.tenant_id and l.id = m.listing_id
    join sales_channels c on c.tenant_id = m.tenant_id and c.id = m.channel_id and c.stock_update
    where m.tenant_id = ${tx.tenantId} and m.channel_id = ${channelId}
    order by l.marketplace_listing_id, l.marketplace_variant_id
  `.execute(tx)
  const shown = new Map(truth.listings.map((listing) => [`${listing.id}/${listing.variantId ?? ''}`, listing]))
  return rows.flatMap(({ listingId, listing, variant, zeroIsFinal }) => {
    const there = shown.get(`${listing}/${variant}`)
    const figure = figures.get(listingId)
    if (!there) return [{ invariant: 'S5', sentence: `Listing ${listing} ${variant} is not at ${id}` }]
    if (!figure || figure.quantity === null || there.quantity === figure.quantity) return []
    // A 0 that cannot be undone and comes only from the threshold waits for a person (A10); ended for good stays ended.
    if (zeroIsFinal && (figure.zeroOnlyByThreshold || !there.isLive)) return []
    const state = there.isLive ? 'live' : 'not live'
    const sentence = `Listing ${listing} (${there.sku}, ${state}) of ${id} shows ${there.quantity} and should show ${figure.quantity}`
    return [{ invariant: 'S5', sentence }]
  })
}

type EffectRow = {
  number: string
  tracking: string
  package: number
  count: number
  state: string
  refusal: string
  isTold: boolean
}

/** V1: every parcel that left was told exactly once, or a person sees why it could not be; and nothing else was told. */
async function wrongConfirmations(
  tx: Tx,
  { channelId, words, id, released, doubts }: Market,
  { truth, parcels, mayEnd }: { truth: Truth; parcels: Parcel[]; mayEnd: boolean },
): Promise<Unmet[]> {
  const unmet: Unmet[] = []
  const effects = await readEffects(tx, channelId)
  const orders = new Map(truth.orders.map((order) => [order.number, order]))
  const told = Map.groupBy(truth.confirmations, (one) => `${one.orderNumber}/${one.trackingNumber}`)
  const tell = (sentence: string) => unmet.push({ invariant: 'V1', sentence: `${sentence} (${id})` })
  for (const { orderNumber, outcome, trackingNumber, provider } of truth.confirmations) {
    // Over there it takes its time until a parcel is shown, and until then one whose answer was lost may be told again,
    // which changes nothing. Where two are kept, the second is called a replacement and stands beside the first.
    const mayRepeat = words.isLater && (mayEnd || doubts > 0 || released.includes(orderNumber))
    const isSecondParcel = outcome === 'replaced' && words.parcelsMax === 2
    if ((outcome === 'repeated' && !mayRepeat) || (outcome === 'replaced' && !isSecondParcel))
      tell(`Order ${orderNumber}: parcel ${trackingNumber} was ${outcome}`)
    const isReal = parcels.some(
      (parcel) =>
        parcel.marketplaceOrderId === orderNumber &&
        parcel.trackingNumber === trackingNumber &&
        (parcel.provider === provider || outcome === 'refused'),
    )
    if (!isReal) tell(`Order ${orderNumber}: parcel ${trackingNumber} with ${provider} was told and never left`)
  }
  const called = await readCut(tx)
  const refused = await readRefusedRows(tx)
  for (const { marketplaceOrderId: number, trackingNumber, isByFile, purchaseOrderId } of parcels) {
    const effect = effects.find((one) => one.number === number && one.tracking === trackingNumber)
    // Called off between his file and our reading it: its row was refused, and a person sees that.
    if (!effect && isByFile && called.has(purchaseOrderId) && refused.some((row) => row.includes(trackingNumber)))
      continue
    if (!effect || effect.count > 1) {
      tell(`Order ${number}: parcel ${trackingNumber} is here ${effect?.count ?? 0} times`)
      continue
    }
    if (effect.state === 'rejected' && !effect.isTold)
      tell(`Order ${number}: parcel ${trackingNumber} was refused (${effect.refusal}) and nobody was told`)
    const all = told.get(`${number}/${trackingNumber}`) ?? []
    const counted = all.filter(({ outcome }) => outcome === 'accepted' || outcome === 'replaced').length
    const order = orders.get(number)
    const again = released.filter((one) => one === number).length
    if (effect.state === 'applied' && counted > 1 && counted <= 1 + again) continue
    if (counted === (effect.state === 'applied' ? 1 : 0) || (effect.state === 'rejected' && counted <= again)) {
      if (effect.state === 'applied' || mayBeRefused(effect, order, words)) continue
    }
    tell(
      `Order ${number} (${order?.status}): parcel ${trackingNumber} is ${effect.state} (${effect.refusal}) and counted ${counted} times`,
    )
  }
  return unmet
}

function mayBeRefused({ package: number, refusal }: EffectRow, order: TrueOrder | undefined, words: Market['words']) {
  if (!order || number > words.parcelsMax || words.refusals?.test(refusal)) return true
  const wasCalledOff = order.isCanceled || (order.status.toLowerCase() === 'refunded' && !order.isShipped)
  // Where units are counted, half a pack or kit is told as the whole, and its other half finds nothing left to tell.
  const isOfParts = number > 1 && order.lines.some(({ sku }) => sku === packSku || sku === kitSku)
  return wasCalledOff || isOfParts
}

/** Signed out, held up by faults and looking seldom, the hub may learn of a payment as late as this. */
const paymentHours = 6
/** From one look at deadlines to the next, with half an hour to spare and an hour for whatever went wrong. */
const lookMinutes = 90

/**
 * V2: what did not leave in time was told at least half an hour before, as soon as there was a look at it. When the hub
 * learned of a payment is not kept, so there it has its time.
 */
async function missedDeadlines(tx: Tx, { swarm }: Simulation): Promise<Unmet[]> {
  const { rows } = await sql<Unmet>`
    select 'V2' as invariant, 'Order ' || o.marketplace_order_id || ' (' || o.status || ') was to leave by ' || o.ship_by || ', and nobody was told' as sentence
    from orders o
    where o.tenant_id = ${tx.tenantId} and o.ship_by <= app_now() and (o.closed_at is null or o.closed_at > o.ship_by)
      and (o.channel_status not in ('awaiting-payment', 'shipped', 'cancelled', 'refunded') or o.channel_status = 'shipped' and exists (
        select from shipments s where s.tenant_id = o.tenant_id and s.order_id = o.id and s.created_at > o.ship_by
      ))
      and coalesce((
        -- Nothing is due of what the marketplace took as shipped by then: of a kit from two suppliers, with the first parcel.
        select e.kind = 'reopened' from order_events e
        where e.tenant_id = o.tenant_id and e.order_id = o.id and e.kind in ('shipped', 'shipped-elsewhere', 'reopened') and e.at <= o.ship_by
        order by e.at desc, e.id desc limit 1
      ), true)
      and o.imported_at < o.ship_by - make_interval(mins => ${swarm.pollMinutes + lookMinutes})
      and (o.paid_at is null or o.paid_at <= o.imported_at or o.paid_at < o.ship_by - make_interval(hours => ${paymentHours}))
      and not exists (
        select from problems p where p.tenant_id = o.tenant_id and p.order_id = o.id and p.kind = 'ship-by-near'
          and p.opened_at <= o.ship_by - interval '30 minutes'
      )
  `.execute(tx)
  return rows
}

async function readCut(tx: Tx): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select p.id from purchase_orders p join orders o on o.tenant_id = p.tenant_id and o.id = p.order_id
    where p.tenant_id = ${tx.tenantId} and (
      p.state = 'cancelled' or o.channel_status in ('cancelled', 'refunded', 'shipped') or o.cancel_asked_at is not null or exists (
        select from purchase_order_lines l where l.tenant_id = p.tenant_id and l.purchase_order_id = p.id and l.cancelled_quantity > 0
      )
    )
  `.execute(tx)
  return new Set(rows.map((row) => row.id))
}

/** Of tracking files, where a problem says so. */
async function readRefusedRows(tx: Tx): Promise<string[]> {
  const { rows } = await sql<{ text: string }>`
    select r.row_text as text from file_import_refusals r
    where r.tenant_id = ${tx.tenantId} and not r.row_taken and exists (
      select from problems p where p.tenant_id = r.tenant_id and p.key = 'tracking-file/' || r.import_id
    )
  `.execute(tx)
  return rows.map(({ text }) => text)
}

async function readEffects(tx: Tx, channelId: string): Promise<EffectRow[]> {
  const { rows } = await sql<EffectRow>`
    select o.marketplace_order_id as number, s.tracking_number as tracking, s.package_number as package,
      count(*) over (partition by s.order_id, s.tracking_number)::int as count, e.state, coalesce(e.refusal, '') as refusal,
      exists (select from problems p where p.tenant_id = e.tenant_id and p.key = 'confirmation-rejected/' || e.id) as "isTold"
    from shipments s join orders o on o.tenant_id = s.tenant_id and o.id = s.order_id and o.channel_id = ${channelId}
    join effects e on e.tenant_id = s.tenant_id and e.subject_id = s.id and e.kind = 'confirm-shipment'
    where s.tenant_id = ${tx.tenantId} order by s.order_id, s.package_number
  `.execute(tx)
  return rows
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
    where c.state = 'held' and o.shipping_service_id is not null and exists (
      select from supplier_offers f join suppliers s on s.tenant_id = f.tenant_id and s.id = f.supplier_id and s.active
      where f.tenant_id = c.tenant_id and f.variant_id = c.variant_id and f.active and f.on_hand - f.reserved >= c.quantity
        and not exists (
          select from purchase_orders d where d.tenant_id = c.tenant_id and d.order_id = c.order_id and d.supplier_id = f.supplier_id
            and d.cancelled_by = 'supplier'
        )
    )
    union all
    select 'M7', 'Component ' || c.id || ' waits for a cost that is known'
    from order_line_components c
    join orders o on o.tenant_id = c.tenant_id and o.id = c.order_id and o.channel_status = 'to-ship'
    join reservations r on r.tenant_id = c.tenant_id and r.component_id = c.id and r.state = 'active'
    join supplier_offers f on f.tenant_id = r.tenant_id and f.id = r.offer_id and f.on_hand is not null
    where c.state = 'reserved' and c.hold_reason = any(${missingCosts}::text[]) and f.cost_minor is not null and not exists (
      select from supplier_services x
      where x.tenant_id = f.tenant_id and x.supplier_id = f.supplier_id and x.shipping_service_id = o.shipping_service_id
        and x.cost_minor is null
    )
  `.execute(tx)
  return rows
}

/** One that began just now ends soon. */
const kickMinutesMax = 10

/** M1: a kick that fell to one crash after another was taken up again by the due table; M7: none hangs. */
async function queueFaults(tx: Tx, { queue, clock }: Simulation): Promise<Unmet[]> {
  const { rows } = await sql<{ key: string; at: Date | null }>`
    select channel_id || '/' || operation as key, finished_at as at from channel_work
    where tenant_id = ${tx.tenantId} and due_at is not null
    union all select job, null from tenant_work where tenant_id = ${tx.tenantId}
  `.execute(tx)
  const planned = new Map(rows.map(({ key, at }) => [key, at]))
  const wasTakenUp = ({ name, data, failedAt, isTold }: ReturnType<typeof queue.deadLetters>[number]) => {
    const key = name === 'channel' ? `${String(data['channelId'])}/${String(data['operation'])}` : name
    const at = name === 'channel' ? planned.get(key) : queue.lastDone(name as JobName, tx.tenantId)
    return isTold && (!planned.has(key) || (at && at >= failedAt))
  }
  const dead = queue
    .deadLetters()
    .filter((kick) => !wasTakenUp(kick))
    .map(({ name, data }) => ({ invariant: 'M1', sentence: `A kick of ${name} was given up: ${JSON.stringify(data)}` }))
  const since = clock.now().getTime() - kickMinutesMax * 60_000
  const late = queue.open().filter(({ startAt }) => startAt.getTime() <= since)
  const open = late.map(({ name }) => ({ invariant: 'M7', sentence: `A kick of ${name} is open` }))
  return [...dead, ...open]
}
