// What must hold once the faults have stopped: the hub's tables against what marketplaces and suppliers have themselves.
import type { TestDatabase } from '../support/database.ts'
import { invoiceFaults } from '../support/invoice-faults.ts'
import { stockFaults } from '../support/orders-world.ts'
import { marketplaces } from '../simulation/marketplaces.ts'
import type { Business, Shop, Supplier } from './business.ts'
import { mailKeys, reached, sftpKeys, webhookKeys, type Peers, type Trade } from './trade.ts'

export type Books = Pick<TestDatabase, 'asOwner'>
type Given = { business: Business; peers: Peers; trade: Trade }

/** What can still change by itself: empty before the rest is worth reading. */
export async function whatIsUnfinished(books: Books, { business }: Given): Promise<string[]> {
  const { tenantId } = business
  const open = await told(books, unfinished, [tenantId])
  const orders = await Promise.all(business.shops.map((shop) => orderFaults(books, shop)))
  return [...open, ...orders.flat()]
}

export async function whatIsWrong(books: Books, given: Given): Promise<string[]> {
  const { tenantId, shops } = given.business
  const found = await Promise.all([
    whatIsUnfinished(books, given),
    stockFaults(books, tenantId),
    invoiceFaults(books, tenantId),
    told(books, alwaysTrue, [tenantId]),
    supplierFaults(books, given),
    ...shops.map((shop) => parcelFaults(books, shop)),
    lostParcels(books, given),
  ])
  return found.flat()
}

async function told(books: Books, text: string, values: unknown[]): Promise<string[]> {
  return (await books.asOwner<{ fault: string }>(text, values)).map(({ fault }) => fault)
}

const unfinished = `
select 'M5: effect ' || kind || ' ' || business_key || ' is ' || state || coalesce(' (' || refusal || ')', '') as fault
from effects where tenant_id = $1 and state in ('intended', 'in-flight', 'unknown')
union all
select 'M7: ' || count(*) || ' marks of stock are not taken' from stock_marks where tenant_id = $1 having count(*) > 0
union all
select 'M7: purchase order ' || number || ' is ' || state from purchase_orders
where tenant_id = $1 and state in ('queued-for-payment', 'to-send', 'in-doubt')
union all
select 'M2: the lease of ' || operation || ' ended and nobody took it over' from channel_work
where tenant_id = $1 and leased_until < app_now() - interval '10 seconds'
union all
select 'M7: the kick ' || name || ' waits' from queue.job
where state in ('created', 'retry') and start_after < now() - interval '10 seconds' and name <> 'dead-letter'
union all
select 'M1: the kick ' || coalesce(source_name, name) || ' was given up' from queue.job where name = 'dead-letter'
`

const alwaysTrue = `
select 'O1: order ' || marketplace_order_id || ' is there ' || count(*) || ' times' as fault
from orders where tenant_id = $1 group by channel_id, marketplace_order_id having count(*) > 1
union all
select 'O6: order ' || o.marketplace_order_id || ' is ' || o.channel_status || ' and purchase order ' || p.number || ' is ' || p.state
from orders o join purchase_orders p on p.tenant_id = o.tenant_id and p.order_id = o.id
where o.tenant_id = $1 and o.channel_status in ('cancelled', 'refunded')
  and p.state in ('queued-for-payment', 'to-send', 'sent', 'in-doubt', 'accepted')
union all
select 'P: purchase order numbers have a gap: ' || count(*) || ' of them up to ' || max(right(number, 6)::int)
from purchase_orders where tenant_id = $1 having count(*) <> max(right(number, 6)::int) or count(distinct number) <> count(*)
union all
select 'P5: purchase order ' || p.number || ' left and is on no invoice' from purchase_orders p
where p.tenant_id = $1 and p.state <> 'cancelled' and p.invoice_id is null
union all
select 'O2: order ' || o.marketplace_order_id || ' says nothing of how it came' from orders o
where o.tenant_id = $1 and not exists (select from order_events e where e.tenant_id = o.tenant_id and e.order_id = o.id)
union all
select 'V1: parcel ' || tracking_number || ' is here ' || count(*) || ' times' from shipments
where tenant_id = $1 group by tracking_number having count(*) > 1
`

type OrderRow = {
  number: string
  status: string
  total: number
  lines: { sku: string; quantity: number; price: number }[]
}

/** O2: lost = ∅, unexpected = ∅, and each is what the marketplace says. */
async function orderFaults(books: Books, { id, channelId, control }: Shop): Promise<string[]> {
  const rows = await books.asOwner<OrderRow>(
    `select o.marketplace_order_id as number, o.channel_status as status, o.total_minor::int as total, (
       select coalesce(json_agg(json_build_object('sku', l.channel_sku, 'quantity', l.quantity, 'price', l.unit_price_minor)), '[]')
       from order_lines l where l.tenant_id = o.tenant_id and l.order_id = o.id
     ) as lines from orders o where o.channel_id = $1`,
    [channelId],
  )
  const ours = new Map(rows.map((row) => [row.number, row]))
  const theirs = control.truth().orders
  const words: Record<string, string[]> = marketplaces[id].statuses
  const faults = theirs.flatMap((order) => {
    const row = ours.get(order.number)
    ours.delete(order.number)
    if (!row) return [`O2: order ${order.number} of ${id} is lost`]
    if (!(words[order.status] ?? []).includes(row.status))
      return [`O2: order ${order.number} is ${order.status} at ${id} and ${row.status} here`]
    const lines = order.lines.map(({ sku, quantity, unitPriceMinor: price }) => ({ sku, quantity, price }))
    // What was called off has no amounts at some marketplaces.
    if (order.isCanceled || (sums(lines) === sums(row.lines) && row.total === order.total.minor)) return []
    return [`O2: order ${order.number} of ${id} differs: ${sums(lines)} here ${sums(row.lines)}`]
  })
  return [...faults, ...[...ours.keys()].map((number) => `O2: order ${number} is here and not at ${id}`)]
}

/** Some marketplaces count units one by one. */
function sums(lines: OrderRow['lines']): string {
  const units = lines.flatMap(({ sku, price, quantity }) =>
    Array.from({ length: quantity }, () => `${sku} at ${price}`),
  )
  return units.toSorted().join(', ')
}

type Sent = { key: string; supplierId: string; state: string }

/** P3: what counts as sent arrived exactly once, and nothing else did. */
async function supplierFaults(books: Books, { business, peers }: Given): Promise<string[]> {
  const sent = await books.asOwner<Sent>(
    `select p.number || '/' || (e.data->>'revision') as key, e.supplier_id as "supplierId", e.state
     from effects e join purchase_orders p on p.tenant_id = e.tenant_id and p.id = e.subject_id
     where e.tenant_id = $1 and e.kind = 'send-purchase-order'`,
    [business.tenantId],
  )
  return business.suppliers.flatMap((supplier) => {
    if (reached(peers, supplier) === null) return []
    const got = keysOf(peers, supplier)
    const own = sent.filter(({ supplierId }) => supplierId === supplier.id)
    const missing = own.filter(({ key, state }) => state === 'applied' && !got.includes(key))
    const strange = got.filter((key) => !own.some((one) => one.key === key))
    const doubled = [...new Set(got.filter((key, at) => got.indexOf(key) !== at))]
    return [
      ...missing.map(({ key }) => `P3: ${supplier.way} has nothing of ${key}, which counts as sent`),
      ...strange.map((key) => `P3: ${supplier.way} has ${key}, which was never for him`),
      ...doubled.map((key) => `P3: ${supplier.way} got ${key} more than once`),
    ]
  })
}

function keysOf({ webhook, sftp, smtp }: Peers, { way }: Supplier): string[] {
  if (way === 'email') return mailKeys(smtp)
  return way === 'sftp' ? sftpKeys(sftp) : webhookKeys(webhook)
}

type Parcel = { number: string; tracking: string; package: number; states: string[]; refusal: string }

/** V1: every parcel is shown over there once with its tracking, or a person sees why not; and no other is. */
async function parcelFaults(books: Books, { id, channelId, control }: Shop): Promise<string[]> {
  const parcels = await books.asOwner<Parcel>(
    `select o.marketplace_order_id as number, s.tracking_number as tracking, s.package_number as package,
       array_agg(e.state) as states, coalesce(min(e.refusal), '') as refusal
     from shipments s join orders o on o.tenant_id = s.tenant_id and o.id = s.order_id and o.channel_id = $1
     left join effects e on e.tenant_id = s.tenant_id and e.subject_id = s.id and e.kind = 'confirm-shipment'
     group by 1, 2, 3`,
    [channelId],
  )
  const { confirmations, orders } = control.truth()
  const { parcelsMax, isLater } = marketplaces[id]
  const all = new Set(parcels.map(({ number, tracking }) => `${number}/${tracking}`))
  const strange = confirmations.filter((one) => !all.has(`${one.orderNumber}/${one.trackingNumber}`))
  const repeated = confirmations.filter(({ outcome }) => outcome === 'repeated' && isLater !== true)
  const wrong = parcels.flatMap(({ number, tracking, package: count, states, refusal }) => {
    const counted = confirmations.filter(
      (one) =>
        one.orderNumber === number && one.trackingNumber === tracking && ['accepted', 'replaced'].includes(one.outcome),
    ).length
    const isTold = states.length === 1 && states[0] === 'applied'
    if (counted === 1 && isTold) return []
    const order = orders.find((one) => one.number === number)
    const isCalledOff = order?.isCanceled === true || order?.status === 'REFUNDED'
    if (counted === 0 && states[0] === 'rejected' && (isCalledOff || count > parcelsMax)) return []
    return [
      `V1: parcel ${tracking} of ${number} (${order?.status}) is ${states.join()} (${refusal}) and counts ${counted} times at ${id}`,
    ]
  })
  return [
    ...strange.map((one) => `V1: ${id} was told of ${one.trackingNumber} for ${one.orderNumber}, which never left`),
    ...repeated.map((one) => `V1: ${id} was told of ${one.trackingNumber} again`),
    ...wrong,
  ]
}

/** What a supplier was told is entered, is; and nobody else entered anything. */
async function lostParcels(books: Books, { business, trade }: Given): Promise<string[]> {
  const rows = await books.asOwner<{ tracking: string }>(
    'select tracking_number as tracking from shipments where tenant_id = $1',
    [business.tenantId],
  )
  const here = new Set(rows.map(({ tracking }) => tracking))
  return [
    ...[...trade.acknowledged]
      .filter((one) => !here.has(one))
      .map((one) => `Parcel ${one} was acknowledged and is lost`),
    ...[...here].filter((one) => !trade.tried.has(one)).map((one) => `Parcel ${one} is here and was never entered`),
  ]
}
