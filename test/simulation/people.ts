// The seller at his screens and buyers with second thoughts: doubts settled, invoices paid, orders cancelled, routed anew,
// entered by hand; shipping services mapped when he gets to it; and two buyers after the same last unit.
import { sql } from 'kysely'
import { payInvoice } from '../../src/domain/invoicing/record-payment.command.ts'
import { applyToWaiting } from '../../src/domain/orders/apply-to-waiting.command.ts'
import { cancelOrder } from '../../src/domain/orders/cancel-order.command.ts'
import { enterOrder } from '../../src/domain/orders/enter-order.command.ts'
import { rerouteOrder } from '../../src/domain/purchasing/reroute-order.command.ts'
import { sendKey } from '../../src/domain/purchasing/sending.ts'
import { settleDoubt } from '../../src/domain/purchasing/settle-doubt.command.ts'
import { saveShippingMappings } from '../../src/domain/shipping/shipping-mappings.command.ts'
import { listShippingServices } from '../../src/domain/shipping/shipping-services.store.ts'
import { keepActing, lookEvery } from './actors.ts'
import { knowCosts } from './costs.ts'
import type { SimulatedProcess } from './process.ts'
import type { Simulation } from './simulation.ts'
import { click, untilDone } from './supplier-people.ts'

const actor = 'The seller'

export function startPeople(simulation: Simulation, office: SimulatedProcess): void {
  const { swarm, tape } = simulation
  const often = (name: string, minutes: number, act: () => Promise<void>) =>
    keepActing(simulation, { name, everyMinutes: lookEvery(simulation, minutes), act })
  /** Only while there is trouble; a share of the turns. */
  const now = (name: string, minutes: number, share: number, act: () => Promise<void>) =>
    often(name, minutes, async () => {
      if (simulation.faultsAreOn && tape.chance(name, share)) await act()
    })
  often('doubts', 20, () => settleDoubts(simulation, office))
  often('payments', 45, () => pay(simulation, office))
  often('costs', 50, () => knowCosts(simulation, office))
  if (swarm.mapsShipping) often('shipping', 60, () => mapShipping(simulation, office))
  now('cancels', 60, 0.3, () => cancelOne(simulation, office))
  now('routes again', 60, 0.3, () => routeAgain(simulation, office))
  now('enters', 120, 0.3, () => enterOne(simulation, office))
  now('buyer cancels', 60, 0.3, async () => buyerCancels(simulation))
  now('last unit', 120, 0.5, () => buyLastUnit(simulation))
}

type Doubt = { purchaseOrderId: string; number: string; revision: number; state: string; asks: boolean }

/** He rings the supplier, who looks into his own books. What was refused is put right and sent again. */
async function settleDoubts(simulation: Simulation, office: SimulatedProcess): Promise<void> {
  const { tenantId, db, peers, trace, sometimes } = simulation
  const doubts = await db.read(tenantId, async (tx) => {
    const { rows } = await sql<Doubt>`
      select distinct on (p.id) p.id as "purchaseOrderId", p.number, (e.data->>'revision')::int as revision, e.state,
        e.data ? 'asksPerson' as asks
      from effects e join purchase_orders p on p.tenant_id = e.tenant_id and p.id = e.subject_id
      where e.tenant_id = ${tenantId} and e.kind = 'send-purchase-order'
        and (e.state = 'unknown' and e.data ? 'asksPerson' or e.state = 'rejected')
      order by p.id, revision desc
    `.execute(tx)
    return rows
  })
  for (const { purchaseOrderId, number, revision, asks } of doubts) {
    const isThere = peers.count(sendKey(number, revision)) > 0
    const said = asks && isThere ? 'arrived' : 'send-again'
    const result = await untilDone(simulation, () =>
      settleDoubt(office.parts.db, tenantId, { purchaseOrderId, said, actor }),
    )
    trace.add('seller', `says ${number}: ${said}`, result.kind)
    sometimes.see(asks ? 'doubt settled by a person' : 'refused purchase order sent again')
  }
}

async function pay(simulation: Simulation, office: SimulatedProcess): Promise<void> {
  const { tenantId, db, tape, trace, clock, sometimes, faultsAreOn, ids } = simulation
  const invoices = await db.read(tenantId, async (tx) => {
    const { rows } = await sql<{ id: string; number: string; currency: string; open: number; waits: boolean }>`
      select i.id, i.number, i.currency, (i.total_minor - i.paid_minor - i.credited_minor)::int as open, exists (
        select from purchase_orders p where p.tenant_id = i.tenant_id and p.supplier_id = i.supplier_id and p.state = 'queued-for-payment'
      ) as waits
      from invoices i
      where i.tenant_id = ${tenantId} and i.kind = 'invoice' and i.state in ('unpaid', 'part-paid')
        and i.total_minor > i.paid_minor + i.credited_minor
      order by i.number
    `.execute(tx)
    return rows
  })
  for (const { id, number, currency, open, waits } of invoices) {
    if (faultsAreOn && !tape.chance('pays', waits ? 0.4 : 0.1)) continue
    const isPart = faultsAreOn && open > 1 && tape.chance('pays/part', 0.2)
    const payment = {
      id: ids.uuid(),
      amountMinor: isPart ? tape.between('pays/amount', 1, open - 1) : open,
      currency,
      paidOn: clock.now().toISOString().slice(0, 10),
      method: 'Bank',
      reference: number,
      mayOverpay: false,
      actor,
    }
    const paid = await click(simulation, office, (tx) => payInvoice(tx, id, payment))
    trace.add('seller', `pays ${payment.amountMinor} of ${number}`, paid.kind)
    if (paid.kind === 'paid') sometimes.see(isPart ? 'invoice paid in part' : 'invoice paid')
  }
}

/** What has been seen on orders by now; and the orders that waited for it are given it. */
async function mapShipping(simulation: Simulation, office: SimulatedProcess): Promise<void> {
  const { markets, tenantId, db, sometimes, trace } = simulation
  for (const { id, channelId } of markets) {
    const drafts = await db.read(tenantId, async (tx) => {
      const { rows } = await sql<{ service: string }>`
        select service from channel_services s where tenant_id = ${tenantId} and channel_id = ${channelId}
          and not exists (select from shipping_mappings m where m.tenant_id = s.tenant_id and m.channel_id = s.channel_id and m.service = s.service)
        order by service
      `.execute(tx)
      const [ours] = await listShippingServices(tx)
      return rows.map(({ service }) => ({ service, shippingServiceId: ours?.id ?? '' }))
    })
    if (drafts.length === 0) continue
    await click(simulation, office, async (tx) => {
      await saveShippingMappings(tx, { channelId, drafts: { map: drafts, unmap: [] }, actor })
      const applied = await applyToWaiting(tx, { channelId, what: ['shipping'], preview: false, actor })
      if (applied.kind === 'applied' && applied.orders.length > 0)
        sometimes.see('shipping mapped, waiting orders go on')
    })
    trace.add('seller', `maps shipping at ${id}`, drafts.map((one) => one.service).join(', '))
  }
}

async function cancelOne(simulation: Simulation, office: SimulatedProcess): Promise<void> {
  const { tape, trace, sometimes } = simulation
  const order = await pickOpen(simulation, 'cancels/order')
  if (!order) return
  const reason = tape.pick('cancels/reason', ['out-of-stock', 'buyer-asked', 'wrong-price', 'address-undeliverable'])
  const result = await click(simulation, office, (tx) => cancelOrder(tx, { orderId: order.id, reason, actor }))
  trace.add('seller', `cancels ${order.number}`, result.kind)
  if (result.kind === 'cancelled') sometimes.see('seller cancelled')
}

async function routeAgain(simulation: Simulation, office: SimulatedProcess): Promise<void> {
  const { trace, sometimes } = simulation
  const order = await pickOpen(simulation, 'routes-again/order')
  if (!order) return
  const orderId = order.id
  const kind = await click(simulation, office, async (tx) => {
    const first = await rerouteOrder(tx, { orderId, preview: true, actor })
    if (first.kind !== 'planned') return first.kind
    const placements = first.view.lines.flatMap(({ componentId, offerId, choices }) => {
      const other = choices.find((choice) => choice.refusal === null && choice.offerId !== offerId)
      return other ? [{ componentId, offerId: other.offerId }] : []
    })
    if (placements.length === 0) return 'nowhere else'
    const planned = await rerouteOrder(tx, { orderId, placements, preview: true, actor })
    if (planned.kind !== 'planned') return planned.kind
    const { kind } = await rerouteOrder(tx, { orderId, placements, preview: false, seen: planned.view.seen, actor })
    return kind
  })
  trace.add('seller', `routes ${order.number} again`, kind)
  if (kind === 'done') sometimes.see('routed again by hand')
}

async function enterOne(simulation: Simulation, office: SimulatedProcess): Promise<void> {
  const { tape, ids, secrets, tenantId, db, trace, sometimes } = simulation
  const chosen = await db.read(tenantId, async (tx) => {
    const { rows } = await sql<{
      sku: string
    }>`select sku from variants where tenant_id = ${tenantId} order by sku`.execute(tx)
    const [service] = await listShippingServices(tx)
    return { sku: rows[tape.choose('enters/sku', Math.max(1, rows.length))]?.sku ?? '', service: service?.id ?? '' }
  })
  const order = {
    id: ids.uuid(),
    currency: 'GBP',
    lines: [{ sku: chosen.sku, quantity: tape.between('enters/quantity', 1, 3), unitPriceMinor: 1500 }],
    shippingMinor: 300,
    buyer: { name: 'A buyer', email: null, phone: null },
    shipTo: {
      name: 'A buyer',
      street: '1 Low Lane',
      extended: '',
      city: 'York',
      region: '',
      postalCode: 'YO1 7HH',
      countryCode: 'GB',
      phone: '',
    },
    shippingServiceId: chosen.service,
    shipBy: null,
  }
  const entered = await click(simulation, office, (tx) => enterOrder(tx, { ...order, secrets, actor }))
  trace.add('seller', 'enters an order', entered.kind)
  if (entered.kind === 'entered') sometimes.see('order entered by hand')
}

function buyerCancels({ markets, tape, trace }: Simulation): void {
  const market = tape.pick('buyer-cancels/at', markets)
  const open = market.control.truth().orders.filter((order) => !order.isShipped && !order.isCanceled)
  const order = open[tape.choose('buyer-cancels/order', Math.max(1, open.length))]
  if (!order) return
  trace.add(market.id, `cancels ${order.number}`, market.control.cancelOrder(order.number)?.refusal ?? 'done')
}

/** What is down to its last unit is bought at two marketplaces in one second. */
async function buyLastUnit({ markets, tenantId, db, trace, sometimes, tape }: Simulation): Promise<void> {
  if (markets.length < 2) return
  const rows = await db.read(tenantId, async (tx) => {
    const { rows } = await sql<{ sku: string }>`
      select v.sku from variants v join supplier_offers o on o.tenant_id = v.tenant_id and o.variant_id = v.id
      where v.tenant_id = ${tenantId} group by v.sku having sum(greatest(0, coalesce(o.on_hand - o.reserved, 0))) = 1 order by v.sku
    `.execute(tx)
    return rows
  })
  const last = rows[tape.choose('last-unit/sku', Math.max(1, rows.length))]
  if (!last) return
  const bought = markets.filter((market) => market.buy(last.sku))
  trace.add('buyers', `want ${last.sku}`, bought.map(({ id }) => id).join(', '))
  if (bought.length > 1) sometimes.see('same-second last unit')
}

type OpenOrder = { id: string; number: string }

async function pickOpen({ tenantId, db, tape }: Simulation, label: string): Promise<OpenOrder | undefined> {
  const rows = await db.read(tenantId, async (tx) => {
    const { rows } = await sql<OpenOrder>`
      select id, marketplace_order_id as number from orders
      where tenant_id = ${tenantId} and status not in ('dispatched', 'cancelled') order by id
    `.execute(tx)
    return rows
  })
  return rows[tape.choose(label, Math.max(1, rows.length))]
}
