// The people around the hub: suppliers who dispatch and change their stock. What they do goes through the same commands
// as on the screens.
import { sql } from 'kysely'
import { shipOrder, type NewParcel, type ShipOrderResult } from '../../src/domain/shipping/ship-order.command.ts'
import { changeOffer } from '../../src/domain/stock/change-offer.command.ts'
import { setOnHand } from '../../src/domain/stock/offers.store.ts'
import type { SimulatedProcess } from './process.ts'
import { carriers } from './marketplaces.ts'
import { PlannedFault, type Simulation } from './simulation.ts'

const minute = 60_000
const hour = 60 * minute

/** Starts someone who acts every now and then until the quiet phase; what fails there is a violation. */
export function keepActing(
  simulation: Simulation,
  { name, everyMinutes, act }: { name: string; everyMinutes: number; act: () => Promise<void> },
): void {
  const { clock, report } = simulation
  const live = async () => {
    for (;;) {
      await clock.sleep(everyMinutes * minute)
      await act()
    }
  }
  live().catch((error: unknown) => report('no fault of its own', `${name}: ${stackOf(error)}`))
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

export function startSuppliers(simulation: Simulation, office: SimulatedProcess): void {
  keepActing(simulation, { name: 'Suppliers', everyMinutes: 30, act: () => dispatchSome(simulation, office) })
  keepActing(simulation, {
    name: 'Suppliers’ stock',
    everyMinutes: 25,
    async act() {
      if (simulation.faultsAreOn) await changeStock(simulation, office)
    },
  })
}

type OpenPurchaseOrder = {
  id: string
  channelId: string
  marketplaceOrderId: string
  lines: { componentId: string; left: number }[]
}

async function dispatchSome(simulation: Simulation, office: SimulatedProcess): Promise<void> {
  const { tape } = simulation
  for (const open of await readOpen(simulation, office)) {
    // In the quiet phase everything leaves, so that it can come to rest.
    if (simulation.faultsAreOn && !tape.chance('supplier/dispatch', 0.25)) continue
    await dispatch(simulation, office, open)
  }
}

async function dispatch(simulation: Simulation, office: SimulatedProcess, open: OpenPurchaseOrder): Promise<void> {
  const { tape, clock, sometimes, trace, parcels } = simulation
  const { providers = {} } = simulation.markets.find((one) => one.channelId === open.channelId)?.words ?? {}
  const carrier = tape.pick(
    'supplier/carrier',
    carriers.filter((one) => providers[one] !== undefined),
  )
  const provider = providers[carrier] ?? ''
  const trackingNumber = `TRACK${String(parcels.length + 1).padStart(6, '0')}`
  const units = open.lines.reduce((sum, line) => sum + line.left, 0)
  const isPart = units > 1 && tape.chance('supplier/part', 0.2)
  const lines = open.lines.slice(0, 1).map(({ componentId }) => ({ componentId, quantity: 1 }))
  const parcel: NewParcel = {
    purchaseOrderId: open.id,
    carrier,
    trackingNumber,
    shippedAt: clock.now(),
    actor: 'A supplier',
    ...(isPart ? { lines } : {}),
  }
  const result = await enter(simulation, office, parcel)
  trace.add('supplier', `parcel ${trackingNumber} for ${open.marketplaceOrderId}`, result.kind)
  if (result.kind === 'refused') return
  if (isPart) sometimes.see('parcel of a part')
  const { marketplaceOrderId, channelId } = open
  parcels.push({ channelId, marketplaceOrderId, purchaseOrderId: open.id, provider, trackingNumber })
  if (!tape.chance('supplier/twice', 0.2)) return
  sometimes.see('parcel entered twice')
  const again = await enter(simulation, office, { ...parcel, trackingNumber: ` ${trackingNumber.toLowerCase()}` })
  if (again.kind !== 'already-entered')
    simulation.report('V1', `Parcel ${trackingNumber} was entered twice and the second was ${again.kind}`)
}

/** A person whose click ended without an answer clicks again. */
async function enter(simulation: Simulation, office: SimulatedProcess, parcel: NewParcel): Promise<ShipOrderResult> {
  for (;;) {
    try {
      return await office.parts.db.tenant(simulation.tenantId).transaction((tx) => shipOrder(tx, parcel))
    } catch (error) {
      if (!(error instanceof PlannedFault)) throw error
      await simulation.clock.sleep(2000)
    }
  }
}

function readOpen({ tenantId }: Simulation, office: SimulatedProcess): Promise<OpenPurchaseOrder[]> {
  return office.parts.db.read(tenantId, async (tx) => {
    const { rows } = await sql<OpenPurchaseOrder>`
      select p.id, o.channel_id as "channelId", o.marketplace_order_id as "marketplaceOrderId", (
        select jsonb_agg(jsonb_build_object('componentId', l.component_id, 'left', l.quantity - coalesce((
          select sum(s.quantity) from shipment_lines s where s.tenant_id = l.tenant_id and s.component_id = l.component_id
        ), 0)) order by l.id)
        from purchase_order_lines l where l.tenant_id = p.tenant_id and l.purchase_order_id = p.id
      ) as lines
      from purchase_orders p join orders o on o.tenant_id = p.tenant_id and o.id = p.order_id
      where p.tenant_id = ${tenantId} and p.state in ('sent', 'accepted', 'partly-dispatched') and o.channel_status not in ('cancelled', 'refunded')
      order by p.number
    `.execute(tx)
    return rows.map((row) => ({ ...row, lines: row.lines.filter((line) => line.left > 0) }))
  })
}

/** By hand one offer, or by file a whole supplier; sometimes nobody knows any more. */
async function changeStock(simulation: Simulation, office: SimulatedProcess): Promise<void> {
  const { tape, tenantId, trace } = simulation
  const { db } = office.parts
  const offers = await db.read(tenantId, async (tx) => {
    const { rows } = await sql<{
      id: string
    }>`select id from supplier_offers where tenant_id = ${tenantId} order by id`.execute(tx)
    return rows.map((row) => row.id)
  })
  const isFile = tape.chance('stock/file', 0.2)
  const first = tape.choose('stock/first', offers.length)
  const changed = offers.slice(first, first + (isFile ? 6 : 1)).map((offerId) => ({
    offerId,
    onHand: tape.pick('stock/kind', [tape.between('stock/on-hand', 1, 30), tape.choose('stock/few', 4), 0, null]),
  }))
  trace.add('supplier', isFile ? 'sends a file' : 'changes stock', changed.map((one) => one.onHand).join(' '))
  try {
    if (isFile) {
      const rows = changed.map((one) => ({ ...one, reason: 'file' as const, reference: null, actor: 'A supplier' }))
      await db.tenant(tenantId).transaction((tx) => setOnHand(tx, rows))
    } else for (const one of changed) await changeOffer(db, tenantId, { ...one, actor: 'The seller' })
  } catch (error) {
    if (!(error instanceof PlannedFault)) throw error
  }
}

export { hour, minute }
