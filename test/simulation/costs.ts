// What suppliers charge, as far as the seller knows it: a figure is gone now and then, of one article, of all a supplier has,
// or of his shipping; later it is entered again, and what waited for it goes on.
import { sql } from 'kysely'
import { missingCosts } from '../../src/domain/orders/order.ts'
import { saveSupplierService } from '../../src/domain/shipping/supplier-services.store.ts'
import { changeOffer } from '../../src/domain/stock/change-offer.command.ts'
import type { SimulatedProcess } from './process.ts'
import type { Simulation } from './simulation.ts'
import { click, untilDone } from './supplier-people.ts'

const actor = 'The seller'

type Offer = { id: string; supplierId: string; currency: string; isKnown: boolean }
type Service = { supplierId: string; shippingServiceId: string; isKnown: boolean }

export async function knowCosts(simulation: Simulation, office: SimulatedProcess): Promise<void> {
  const { tape, faultsAreOn, sometimes } = simulation
  if (faultsAreOn && tape.chance('costs/forgets', 0.3)) return forget(simulation, office)
  if (faultsAreOn && tape.chance('costs/later', 0.4)) return
  const { offers, services, waiting } = await readCosts(simulation)
  const missing = offers.filter(({ isKnown }) => !isKnown)
  for (const offer of missing) await setCost(simulation, office, offer, 350)
  const unknown = services.filter(({ isKnown }) => !isKnown)
  for (const service of unknown) await setShipping(simulation, office, service, 200)
  if (missing.length + unknown.length > 0 && waiting > 0) sometimes.see('cost entered for what waited')
}

async function forget(simulation: Simulation, office: SimulatedProcess): Promise<void> {
  const { tape, suppliers, trace } = simulation
  const { offers, services } = await readCosts(simulation)
  const supplierId = suppliers[tape.choose('costs/supplier', suppliers.length)]?.id
  const first = tape.choose('costs/first', offers.length)
  const kind = tape.pick('costs/kind', ['an article', 'all articles', 'shipping'])
  trace.add('seller', `does not know the cost of ${kind}`)
  const his = offers.filter((offer) => offer.supplierId === supplierId)
  if (kind === 'shipping')
    for (const service of services.filter((one) => one.supplierId === supplierId))
      await setShipping(simulation, office, service, null)
  else
    for (const offer of kind === 'an article' ? offers.slice(first, first + 1) : his)
      await setCost(simulation, office, offer, null)
}

async function setCost(
  simulation: Simulation,
  office: SimulatedProcess,
  { id: offerId, currency }: Offer,
  minor: number | null,
): Promise<void> {
  const costExVat = minor === null ? null : { minor, currency }
  const { tenantId } = simulation
  const { kind } = await untilDone(simulation, () =>
    changeOffer(office.parts.db, tenantId, { offerId, costExVat, actor }),
  )
  if (kind !== 'changed') throw new Error(`A cost was ${kind}.`)
}

async function setShipping(
  simulation: Simulation,
  office: SimulatedProcess,
  { supplierId, shippingServiceId }: Service,
  costMinor: number | null,
): Promise<void> {
  const terms = { carrier: 'UPS', costMinor, vatRateBasisPoints: 2000, deliveryDays: 2, tracked: true, active: true }
  const { kind } = await click(simulation, office, (tx) =>
    saveSupplierService(tx, { supplierId, shippingServiceId, ...terms, actor }),
  )
  if (kind !== 'saved') throw new Error(`A shipping cost was ${kind}.`)
}

function readCosts({ db, tenantId }: Simulation): Promise<{ offers: Offer[]; services: Service[]; waiting: number }> {
  return db.read(tenantId, async (tx) => {
    const { rows: offers } = await sql<Offer>`
      select id, supplier_id as "supplierId", currency, cost_minor is not null as "isKnown" from supplier_offers
      where tenant_id = ${tenantId} order by id
    `.execute(tx)
    const { rows: services } = await sql<Service>`
      select supplier_id as "supplierId", shipping_service_id as "shippingServiceId", cost_minor is not null as "isKnown"
      from supplier_services where tenant_id = ${tenantId} order by supplier_id, shipping_service_id
    `.execute(tx)
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from order_line_components
      where tenant_id = ${tenantId} and state = 'reserved' and hold_reason = any(${missingCosts}::text[])
    `.execute(tx)
    return { offers, services, waiting: rows[0]?.count ?? 0 }
  })
}
