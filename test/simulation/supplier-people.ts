// Suppliers at work. Each acts on what reached him by his own way, and on nothing else: he accepts, declines, and sends
// what he can, in one parcel or several, and tells it on his screen or in a file that he puts into his folder.
import { sql } from 'kysely'
import { acceptPurchaseOrders } from '../../src/domain/purchasing/accept-purchase-order.command.ts'
import { declinePurchaseOrder } from '../../src/domain/purchasing/decline-purchase-order.command.ts'
import { shipOrder, type NewParcel, type ShipOrderResult } from '../../src/domain/shipping/ship-order.command.ts'
import type { Tx } from '../../src/platform/database.ts'
import type { SimulatedProcess } from './process.ts'
import { carriers } from './marketplaces.ts'
import { PlannedFault, type Simulation } from './simulation.ts'
import { trackingFolder, type Supplier } from './suppliers.ts'

type OpenPurchaseOrder = {
  id: string
  number: string
  state: string
  orderId: string
  channelId: string | null
  marketplaceOrderId: string
  lines: { componentId: string; supplierSku: string; left: number }[]
}

export async function workOff(simulation: Simulation, office: SimulatedProcess, supplier: Supplier): Promise<void> {
  const { tape, faultsAreOn } = simulation
  // What stands in a file that nobody has picked up is done for him.
  if (filesWaiting(simulation, supplier) > 0) return
  const left: OpenPurchaseOrder[] = []
  for (const open of await readOpen(simulation, office, supplier)) {
    // In the quiet phase everything leaves, so that it can come to rest.
    if (faultsAreOn && !tape.chance('supplier/dispatch', 0.25)) {
      if (open.state === 'sent' || open.state === 'in-doubt') await answer(simulation, office, supplier, open)
      continue
    }
    if (supplier.givesFiles && tape.chance('supplier/by-file', 0.7)) left.push(open)
    else await dispatch(simulation, office, open)
  }
  if (left.length > 0) giveFile(simulation, supplier, left)
}

/** He has read it: he will send it, or not, or says nothing for now. */
async function answer(
  simulation: Simulation,
  office: SimulatedProcess,
  { id: supplierId, name: actor }: Supplier,
  { id: purchaseOrderId, number }: OpenPurchaseOrder,
): Promise<void> {
  const { tape, trace, sometimes } = simulation
  if (tape.chance('supplier/accepts', 0.4)) {
    const [accepted] = await click(simulation, office, (tx) =>
      acceptPurchaseOrders(tx, [{ purchaseOrderId, reference: `R-${number}` }], { supplierId, actor }),
    )
    trace.add(actor, `accepts ${number}`, accepted?.result)
    sometimes.see('purchase order accepted')
  } else if (tape.chance('supplier/declines', 0.12)) {
    const reason = tape.pick('supplier/reason', ['out-of-stock', 'cannot-ship-there', 'cost-differs'])
    const { kind } = await click(simulation, office, (tx) =>
      declinePurchaseOrder(tx, { purchaseOrderId, supplierId, reason, note: '', actor }),
    )
    trace.add(actor, `declines ${number}`, kind)
  }
}

async function dispatch(simulation: Simulation, office: SimulatedProcess, open: OpenPurchaseOrder): Promise<void> {
  const { tape, clock, sometimes, trace } = simulation
  const planned = plan(simulation, open)
  const parcel: NewParcel = {
    purchaseOrderId: open.id,
    carrier: planned.carrier,
    trackingNumber: planned.trackingNumber,
    shippedAt: clock.now(),
    actor: 'A supplier',
    ...(planned.isPart ? { lines: open.lines.slice(0, 1).map((line) => ({ ...line, quantity: 1 })) } : {}),
  }
  const result = await click(simulation, office, (tx) => shipOrder(tx, parcel))
  trace.add('supplier', `parcel ${parcel.trackingNumber} for ${open.marketplaceOrderId}`, result.kind)
  if (result.kind === 'refused') return
  remember(simulation, open, planned, false)
  if (!tape.chance('supplier/twice', 0.2)) return
  sometimes.see('parcel entered twice')
  const trackingNumber = ` ${planned.trackingNumber.toLowerCase()}`
  const again: ShipOrderResult = await click(simulation, office, (tx) => shipOrder(tx, { ...parcel, trackingNumber }))
  if (again.kind !== 'already-entered')
    simulation.report('V1', `Parcel ${planned.trackingNumber} was entered twice and the second was ${again.kind}`)
}

type Planned = { carrier: string; provider: string; trackingNumber: string; isPart: boolean }

function plan(simulation: Simulation, open: OpenPurchaseOrder): Planned {
  const { tape, markets, parcels } = simulation
  const market = markets.find((one) => one.channelId === open.channelId)
  const { providers } = market?.words ?? { providers: { UPS: 'UPS' } as Record<string, string> }
  const carrier = tape.pick(
    'supplier/carrier',
    carriers.filter((one) => providers[one] !== undefined),
  )
  const units = open.lines.reduce((sum, line) => sum + line.left, 0)
  return {
    carrier,
    provider: providers[carrier] ?? '',
    trackingNumber: `TRACK${String(parcels.length + 1).padStart(6, '0')}`,
    isPart: units > 1 && tape.chance('supplier/part', 0.2),
  }
}

function remember(
  { parcels, sometimes }: Simulation,
  { channelId, marketplaceOrderId, id }: OpenPurchaseOrder,
  { provider, trackingNumber, isPart }: Planned,
  isByFile: boolean,
): void {
  if (isPart) sometimes.see('parcel of a part')
  parcels.push({ channelId, marketplaceOrderId, purchaseOrderId: id, isByFile, provider, trackingNumber })
}

/** With what real files have beside the good rows: a row twice, a purchase order that never was, and somebody else's. */
function giveFile(simulation: Simulation, { place, name }: Supplier, left: OpenPurchaseOrder[]): void {
  const { tape, peers, trace, sometimes, clock } = simulation
  const rows = left.flatMap((open) => {
    const planned = plan(simulation, open)
    remember(simulation, open, planned, true)
    const [first] = open.lines
    const part = planned.isPart && first ? [first.supplierSku, '1'] : ['', '']
    const row = [open.number, planned.carrier, planned.trackingNumber, ...part].join(';')
    if (!tape.chance('supplier/row-twice', 0.3)) return [row]
    sometimes.see('row of a tracking file twice')
    return [row, row]
  })
  if (tape.chance('supplier/unknown-row', 0.3)) {
    rows.push(`PO-999999;UPS;STRAY${rows.length}${left.length};;`)
    sometimes.see('tracking for an unknown purchase order')
  }
  const others = peers.received.filter((one) => one.place !== place)
  const [number] = others[tape.choose('supplier/others-row', Math.max(1, others.length))]?.key.split('/') ?? []
  if (number !== undefined && tape.chance('supplier/others', 0.3)) {
    rows.push(`${number};UPS;FOREIGN${rows.length}${left.length};;`)
    sometimes.see('tracking for the purchase order of another supplier')
  }
  const fileName = `tracking-${clock.now().getTime()}.csv`
  const text = ['Purchase order;Carrier;Tracking number;SKU;Quantity', ...rows].join('\r\n')
  peers.files.set(`${place}:${trackingFolder}/${fileName}`, Buffer.from(text))
  sometimes.see('tracking file in a folder')
  trace.add(name, `puts down ${fileName}`, rows.join(' | '))
}

function filesWaiting({ peers }: Simulation, { place }: Supplier): number {
  const folder = `${place}:${trackingFolder}/`
  return [...peers.files.keys()].filter((path) => path.startsWith(folder) && !path.slice(folder.length).includes('/'))
    .length
}

/** A person whose click ended without an answer clicks again. */
export function click<Result>(
  simulation: Simulation,
  office: SimulatedProcess,
  work: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  return untilDone(simulation, () => office.parts.db.tenant(simulation.tenantId).transaction(work))
}

export async function untilDone<Result>({ clock }: Simulation, work: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof PlannedFault)) throw error
      await clock.sleep(2000)
    }
  }
}

/** On his screen he sees what is sent; by any other way, he knows what he has got. */
function readOpen(
  { tenantId, peers }: Simulation,
  office: SimulatedProcess,
  { id: supplierId, way, place }: Supplier,
): Promise<OpenPurchaseOrder[]> {
  const got = new Set(peers.received.filter((one) => one.place === place).map(({ key }) => key.split('/')[0]))
  return office.parts.db.read(tenantId, async (tx) => {
    const { rows } = await sql<OpenPurchaseOrder>`
      select p.id, p.number, p.state, p.order_id as "orderId", o.channel_id as "channelId",
        o.marketplace_order_id as "marketplaceOrderId", (
          select jsonb_agg(jsonb_build_object('componentId', l.component_id, 'supplierSku', l.supplier_sku,
            'left', l.quantity - l.cancelled_quantity - coalesce((
              select sum(s.quantity) from shipment_lines s where s.tenant_id = l.tenant_id and s.component_id = l.component_id
            ), 0)) order by l.id)
          from purchase_order_lines l where l.tenant_id = p.tenant_id and l.purchase_order_id = p.id
        ) as lines
      from purchase_orders p join orders o on o.tenant_id = p.tenant_id and o.id = p.order_id
      where p.tenant_id = ${tenantId} and p.supplier_id = ${supplierId}
        and p.state in ('sent', 'in-doubt', 'accepted', 'partly-dispatched')
        and o.channel_status not in ('cancelled', 'refunded')
      order by p.number
    `.execute(tx)
    return rows
      .filter(({ number }) => way === 'screen' || got.has(number))
      .map((row) => ({ ...row, lines: row.lines.filter((line) => line.left > 0) }))
      .filter(({ lines }) => lines.length > 0)
  })
}
