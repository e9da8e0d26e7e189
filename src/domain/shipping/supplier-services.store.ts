// Which of our shipping services a supplier offers, and at what cost (C4). One without any row ships by any service, with
// his shipping included in his cost.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { recordAudit } from '../channels/audit.store.ts'
import { sweepPrices } from '../pricing/price-sweeps.store.ts'

export type SupplierService = {
  shippingServiceId: string
  carrier: string
  /** For one purchase order without VAT, in his currency. Null: unknown. */
  costMinor: number | null
  vatRateBasisPoints: number
  deliveryDays: number | null
  tracked: boolean
  active: boolean
}

/** Undefined where there is no such supplier. */
export async function listSupplierServices(
  tx: Tx,
  supplierId: string,
): Promise<{ currency: string; rows: (SupplierService & { name: string })[] } | undefined> {
  const { rows: suppliers } = await sql<{ currency: string }>`
    select currency from suppliers where tenant_id = ${tx.tenantId} and id = ${supplierId}
  `.execute(tx)
  const [supplier] = suppliers
  if (!supplier) return undefined
  const { rows } = await sql<SupplierService & { name: string }>`
    select p.shipping_service_id as "shippingServiceId", s.name, p.carrier, p.cost_minor as "costMinor",
      p.vat_rate_basis_points as "vatRateBasisPoints", p.delivery_days as "deliveryDays", p.tracked, p.active
    from supplier_services p join shipping_services s on s.tenant_id = p.tenant_id and s.id = p.shipping_service_id
    where p.tenant_id = ${tx.tenantId} and p.supplier_id = ${supplierId}
    order by lower(s.name), s.id
  `.execute(tx)
  return { currency: supplier.currency, rows }
}

export type SaveSupplierServiceResult = { kind: 'saved' } | { kind: 'refused'; reason: 'not-found' | 'no-such-service' }

export async function saveSupplierService(
  tx: Tx,
  { supplierId, actor, ...service }: SupplierService & { supplierId: string; actor: string },
): Promise<SaveSupplierServiceResult> {
  if (!(await lockSupplier(tx, supplierId))) return { kind: 'refused', reason: 'not-found' }
  const { shippingServiceId, carrier, costMinor, vatRateBasisPoints, deliveryDays, tracked, active } = service
  const { numAffectedRows } = await sql`
    insert into supplier_services (tenant_id, supplier_id, shipping_service_id, carrier, cost_minor, vat_rate_basis_points,
      delivery_days, tracked, active)
    select tenant_id, ${supplierId}, id, ${carrier}, ${costMinor}, ${vatRateBasisPoints}, ${deliveryDays}, ${tracked}, ${active}
    from shipping_services where tenant_id = ${tx.tenantId} and id = ${shippingServiceId}
    on conflict (tenant_id, supplier_id, shipping_service_id) do update set carrier = excluded.carrier,
      cost_minor = excluded.cost_minor, vat_rate_basis_points = excluded.vat_rate_basis_points,
      delivery_days = excluded.delivery_days, tracked = excluded.tracked, active = excluded.active
  `.execute(tx)
  if (numAffectedRows === 0n) return { kind: 'refused', reason: 'no-such-service' }
  await recordAudit(tx, { actor, action: 'save-supplier-service', subject: supplierId, data: service })
  await lookAgain(tx)
  return { kind: 'saved' }
}

export async function removeSupplierService(
  tx: Tx,
  { supplierId, shippingServiceId, actor }: { supplierId: string; shippingServiceId: string; actor: string },
): Promise<{ kind: 'removed' } | { kind: 'refused'; reason: 'not-found' }> {
  if (!(await lockSupplier(tx, supplierId))) return { kind: 'refused', reason: 'not-found' }
  const { numAffectedRows } = await sql`
    delete from supplier_services
    where tenant_id = ${tx.tenantId} and supplier_id = ${supplierId} and shipping_service_id = ${shippingServiceId}
  `.execute(tx)
  if (numAffectedRows === 0n) return { kind: 'refused', reason: 'not-found' }
  await recordAudit(tx, { actor, action: 'remove-supplier-service', subject: supplierId, data: { shippingServiceId } })
  await lookAgain(tx)
  return { kind: 'removed' }
}

/** Routing locks suppliers before offers, so a decision under way ends under the services it began with. */
async function lockSupplier(tx: Tx, supplierId: string): Promise<boolean> {
  const { rows } = await sql`
    select from suppliers where tenant_id = ${tx.tenantId} and id = ${supplierId} for no key update
  `.execute(tx)
  return rows.length > 0
}

/** Orders that waited for a supplier who ships this way may go on, and prices that hold his shipping change. */
async function lookAgain(tx: Tx): Promise<void> {
  await tx.enqueue('route-waiting', {}, { key: tx.tenantId })
  await sweepPrices(tx)
  await tx.notify('catalog')
}
