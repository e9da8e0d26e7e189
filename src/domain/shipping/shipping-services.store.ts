// Our shipping services (C4): the seller's own list. One that is used is neither deleted nor switched off, so that nothing
// that counts on it stops without a word.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { recordAudit } from '../channels/audit.store.ts'

export type ShippingService = { id: string; name: string; active: boolean }

export type ServiceUse = {
  /** Sales channels whose default it is. */
  defaults: string[]
  mappings: number
  suppliers: number
  /** Pricing rules that add its cost. */
  rules: string[]
}

export function listShippingServices(tx: Tx): Promise<ShippingService[]> {
  return tx
    .selectFrom('shipping_services')
    .select(['id', 'name', 'active'])
    .where('tenant_id', '=', tx.tenantId)
    .orderBy('name')
    .execute()
}

export async function listServicesWithUse(tx: Tx): Promise<(ShippingService & ServiceUse)[]> {
  const { rows } = await sql<ShippingService & ServiceUse>`
    select s.id, s.name, s.active, ${useOf}
    from shipping_services s where s.tenant_id = ${tx.tenantId} order by lower(s.name), s.id
  `.execute(tx)
  return rows
}

const useOf = sql`
  array(
    select c.name from sales_channels c
    where c.tenant_id = s.tenant_id and c.default_shipping_service_id = s.id and c.removed_at is null order by c.name
  ) as defaults,
  (
    select count(*)::int from shipping_mappings m
    join sales_channels c on c.tenant_id = m.tenant_id and c.id = m.channel_id and c.removed_at is null
    where m.tenant_id = s.tenant_id and m.shipping_service_id = s.id
  ) as mappings,
  (select count(*)::int from supplier_services p where p.tenant_id = s.tenant_id and p.shipping_service_id = s.id) as suppliers,
  array(
    select r.name from pricing_rules r
    where r.tenant_id = s.tenant_id and r.shipping_service_id = s.id and r.deleted_at is null order by r.position, r.id
  ) as rules`

export async function addShippingService(
  tx: Tx,
  service: { id: string; name: string },
): Promise<'added' | 'name-taken'> {
  const added = await tx
    .insertInto('shipping_services')
    .values({ tenant_id: tx.tenantId, ...service })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return added.numInsertedOrUpdatedRows === 1n ? 'added' : 'name-taken'
}

export type ServiceRefusal =
  | { kind: 'refused'; reason: 'not-found' | 'name-taken' | 'on-orders' }
  | { kind: 'refused'; reason: 'used'; use: ServiceUse }

export async function changeShippingService(
  tx: Tx,
  change: { id: string; name?: string | undefined; active?: boolean | undefined; actor: string },
): Promise<{ kind: 'saved' } | ServiceRefusal> {
  const { id, name, active, actor } = change
  const before = await lockService(tx, id)
  if (!before) return { kind: 'refused', reason: 'not-found' }
  if (active === false && before.defaults.length + before.mappings + before.rules.length > 0)
    return { kind: 'refused', reason: 'used', use: before }
  if (name !== undefined && (await isNameTaken(tx, id, name))) return { kind: 'refused', reason: 'name-taken' }
  await sql`
    update shipping_services set name = coalesce(${name ?? null}::text, name), active = coalesce(${active ?? null}::boolean, active)
    where tenant_id = ${tx.tenantId} and id = ${id}
  `.execute(tx)
  await recordAudit(tx, { actor, action: 'change-shipping-service', subject: id, data: { name, active } })
  return { kind: 'saved' }
}

export async function deleteShippingService(
  tx: Tx,
  { id, actor }: { id: string; actor: string },
): Promise<{ kind: 'deleted' } | ServiceRefusal> {
  const before = await lockService(tx, id)
  if (!before) return { kind: 'refused', reason: 'not-found' }
  if (before.defaults.length + before.mappings + before.suppliers + before.rules.length > 0)
    return { kind: 'refused', reason: 'used', use: before }
  if (await isOnRecords(tx, id)) return { kind: 'refused', reason: 'on-orders' }
  // What a deleted rule was stays in its history.
  await sql`
    update pricing_rules set shipping_service_id = null
    where tenant_id = ${tx.tenantId} and shipping_service_id = ${id} and deleted_at is not null
  `.execute(tx)
  await sql`delete from shipping_services where tenant_id = ${tx.tenantId} and id = ${id}`.execute(tx)
  await recordAudit(tx, { actor, action: 'delete-shipping-service', subject: id, data: { name: before.name } })
  return { kind: 'deleted' }
}

/** For update, which also keeps others from beginning to refer to it meanwhile. */
async function lockService(tx: Tx, id: string): Promise<(ShippingService & ServiceUse) | undefined> {
  await sql`select from shipping_services where tenant_id = ${tx.tenantId} and id = ${id} for update`.execute(tx)
  const { rows } = await sql<ShippingService & ServiceUse>`
    select s.id, s.name, s.active, ${useOf} from shipping_services s where s.tenant_id = ${tx.tenantId} and s.id = ${id}
  `.execute(tx)
  return rows[0]
}

async function isNameTaken(tx: Tx, id: string, name: string): Promise<boolean> {
  const { rows } = await sql`
    select from shipping_services where tenant_id = ${tx.tenantId} and lower(name) = lower(${name}) and id <> ${id}
  `.execute(tx)
  return rows.length > 0
}

/** What an order or a removed channel once had stays to be read. */
async function isOnRecords(tx: Tx, id: string): Promise<boolean> {
  const { rows } = await sql<{ is: boolean }>`
    select exists (select from orders where tenant_id = ${tx.tenantId} and shipping_service_id = ${id})
      or exists (select from purchase_orders where tenant_id = ${tx.tenantId} and shipping_service_id = ${id})
      or exists (select from sales_channels where tenant_id = ${tx.tenantId} and default_shipping_service_id = ${id})
      or exists (select from shipping_mappings where tenant_id = ${tx.tenantId} and shipping_service_id = ${id}) as is
  `.execute(tx)
  return rows[0]?.is ?? false
}
