// Who supplies the business: each with a way of his own to get purchase orders, terms of his own, and habits. Entered by
// the commands of the seller's screens.
import { sql } from 'kysely'
import { addSupplier } from '../../src/domain/catalog/add-supplier.command.ts'
import { changeSupplierWays } from '../../src/domain/catalog/supplier-connection.command.ts'
import type { OrderWay } from '../../src/domain/catalog/supplier-connection.ts'
import { listShippingServices } from '../../src/domain/shipping/shipping-services.store.ts'
import { saveSupplierService } from '../../src/domain/shipping/supplier-services.store.ts'
import type { SimulatedProcess } from './process.ts'
import type { Simulation } from './simulation.ts'

export type Supplier = {
  id: string
  name: string
  way: OrderWay
  /** Where the peers know him by: his address or his host. */
  place: string
  currency: string
  /** He puts tracking files into a folder of his server. */
  givesFiles: boolean
  creditLimitMinor: number | null
}

const actor = 'The seller'
export const trackingFolder = '/out'

export async function enterSuppliers(simulation: Simulation, office: SimulatedProcess): Promise<void> {
  await enterRates(simulation, office)
  for (let index = 0; index < simulation.swarm.suppliers; index++)
    simulation.suppliers.push(await enterOne(simulation, office, index))
}

async function enterOne(simulation: Simulation, { parts }: SimulatedProcess, index: number): Promise<Supplier> {
  const { tape, tenantId } = simulation
  const name = `Supplier ${index + 1}`
  const currency = tape.pick('supplier/currency', ['GBP', 'GBP', 'EUR'])
  const isPrepaid = tape.chance('supplier/prepaid', 0.3)
  const hasLimit = tape.chance('supplier/limit', 0.4)
  const creditLimitMinor = hasLimit && !isPrepaid ? tape.between('supplier/credit', 10, 50) * 100 : null
  const added = await addSupplier(parts.db, tenantId, {
    name,
    currency,
    preference: tape.pick('supplier/preference', [10, 10, 20]),
    leadTimeDays: null,
    terms: isPrepaid ? 'prepaid' : 'on-account',
    creditLimit: creditLimitMinor === null ? null : { minor: creditLimitMinor, currency },
    invoicePer: tape.chance('supplier/by-day', 0.3) && !isPrepaid ? 'day' : 'purchase-order',
    chargesVat: tape.chance('supplier/vat', 0.5),
    actor,
  })
  if (added.kind !== 'added') throw new Error(`No supplier: ${JSON.stringify(added.fields)}`)
  const supplier: Supplier = {
    id: added.id,
    name,
    currency,
    creditLimitMinor,
    ...reachedBy(tape.pick('supplier/way', simulation.swarm.ways), index),
  }
  await sayHow(simulation, parts, supplier)
  if (tape.chance('supplier/services', 0.5)) await offerShipping(simulation, parts, supplier)
  return supplier
}

function reachedBy(way: OrderWay, index: number): Pick<Supplier, 'way' | 'place' | 'givesFiles'> {
  const host = `supplier-${index + 1}.test`
  if (way === 'email') return { way, place: `orders@${host}`, givesFiles: false }
  return { way, place: way === 'screen' ? '' : host, givesFiles: way === 'sftp' }
}

async function sayHow(
  { tenantId }: Simulation,
  parts: SimulatedProcess['parts'],
  { id: supplierId, way, place, givesFiles }: Supplier,
): Promise<void> {
  const server = { host: place, port: 22, username: 'hub', password: 'not used here', hostKey: `SHA256:${place}` }
  const ways = {
    screen: {},
    email: { email: place },
    sftp: { sftp: { ...server, orderFolder: '/in', trackingFolder } },
    webhook: { webhook: { url: `https://${place}/orders` }, newWebhookSecret: true },
  }[way]
  const change = { supplierId, way, ...ways, picksUpTracking: givesFiles, actor }
  const changed = await changeSupplierWays(parts, tenantId, change)
  if (changed.kind !== 'changed') throw new Error(`No way to a supplier: ${JSON.stringify(changed)}`)
}

async function offerShipping({ tape, tenantId }: Simulation, { db }: SimulatedProcess['parts'], { id }: Supplier) {
  const costMinor = tape.between('supplier/shipping', 0, 6) * 100
  await db.tenant(tenantId).transaction(async (tx) => {
    for (const service of await listShippingServices(tx))
      await saveSupplierService(tx, {
        supplierId: id,
        shippingServiceId: service.id,
        carrier: 'UPS',
        costMinor,
        vatRateBasisPoints: 2000,
        deliveryDays: 2,
        tracked: true,
        active: true,
        actor,
      })
  })
}

async function enterRates({ tenantId }: Simulation, { parts }: SimulatedProcess): Promise<void> {
  await parts.db.tenant(tenantId).transaction((tx) =>
    sql`
      insert into exchange_rates (tenant_id, id, from_currency, to_currency, rate, on_date, source, entered_by)
      values (${tenantId}, ${tx.ids.uuid()}, 'EUR', 'GBP', 0.8614, app_now()::date - 1, 'A bank', ${actor})
    `.execute(tx),
  )
}
