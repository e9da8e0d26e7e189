// Apply to waiting orders (B6, C3): what was mapped since is given to orders that are here already, because a person asks
// for it. They are routed in the same transaction. A preview does all of it and takes it back, so it cannot be wrong about
// what would happen.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { routeOrders } from '../purchasing/route-orders.command.ts'
import { lacksService } from '../shipping/channel-services.store.ts'
import { chooseServices, type ChosenService } from './choose-services.store.ts'
import { isMappedByNow, readMappings } from './mapping-snapshot.store.ts'
import { addOrderEvents, type NewOrderEvent } from './order-events.store.ts'
import { markForTerms } from './order-terms.store.ts'
import type { OrderStatus } from './order.ts'
import { lockOrders } from './orders.store.ts'
import { readOutcomes, readPurchaseOrderIds, saveLines, saveServices, type MappedLine } from './waiting-orders.store.ts'

export type ApplyWish = {
  channelId: string
  /** Left out: all of the channel's. */
  orderIds?: string[] | undefined
  /** Go on behind this order. */
  after?: string | null
  what: ('mappings' | 'shipping')[]
  preview: boolean
  actor: string
}

export type AppliedOrder = {
  orderId: string
  marketplaceOrderId: string
  before: { status: OrderStatus; reason: string | null }
  after: { status: OrderStatus; reason: string | null }
  /** Its lines that had no mapping; without components they still have none. */
  lines: {
    lineId: string
    channelSku: string | null
    title: string
    quantity: number
    components: { sku: string; quantity: number }[] | null
  }[]
  /** The shipping service it has now and had not before. */
  service: { theirs: string | null; ours: string; because: ChosenService['because'] } | null
  /** Suppliers that get a purchase order by it. */
  suppliers: string[]
}

export type ApplyResult =
  | { kind: 'applied'; orders: AppliedOrder[]; next: string | null }
  | { kind: 'refused'; reason: 'not-found' }

/** Orders in one transaction. */
export const applyBatchMax = 200

export async function applyToWaiting(tx: Tx, wish: ApplyWish): Promise<ApplyResult> {
  const channel = await lockChannel(tx, wish.channelId)
  if (!channel) return { kind: 'refused', reason: 'not-found' }
  const found = await findReachable(tx, wish)
  const next = found.length > applyBatchMax ? (found[applyBatchMax - 1] ?? null) : null
  const ids = found.slice(0, applyBatchMax)
  if (ids.length === 0) return { kind: 'applied', orders: [], next }
  if (!wish.preview) return { kind: 'applied', orders: await apply(tx, channel, ids, wish), next }
  await sql`savepoint preview`.execute(tx)
  const orders = await apply(tx, channel, ids, wish)
  await sql`rollback to savepoint preview`.execute(tx)
  return { kind: 'applied', orders, next }
}

type Channel = {
  id: string
  defaultShippingServiceId: string | null
  defaultShippingServiceName: string | null
}

/** Also of an integration that is switched off: its orders are here and go on (A7). */
async function lockChannel(tx: Tx, channelId: string): Promise<Channel | undefined> {
  const { rows } = await sql<Channel>`
    select c.id, s.id as "defaultShippingServiceId", s.name as "defaultShippingServiceName"
    from sales_channels c
    left join shipping_services s on s.tenant_id = c.tenant_id and s.id = c.default_shipping_service_id and s.active
    where c.tenant_id = ${tx.tenantId} and c.id = ${channelId} and c.removed_at is null
    for no key update of c
  `.execute(tx)
  return rows[0]
}

/** Orders that something of it may reach, by their ids; one more than fit, to tell whether there are more. */
async function findReachable(tx: Tx, { channelId, orderIds, after, what }: ApplyWish): Promise<string[]> {
  const reached = [
    what.includes('mappings')
      ? sql`exists (
          select from order_lines l where l.tenant_id = o.tenant_id and l.order_id = o.id and not l.mapped and ${isMappedByNow}
        )`
      : sql`false`,
    what.includes('shipping') ? sql`(${lacksService} and ${hasServiceByNow})` : sql`false`,
  ]
  const { rows } = await sql<{ id: string }>`
    select o.id from orders o
    where o.tenant_id = ${tx.tenantId} and o.channel_id = ${channelId} and o.status not in ('dispatched', 'cancelled')
      and o.channel_status in ('to-ship', 'awaiting-payment', 'on-hold', 'unknown')
      and (${orderIds ?? null}::uuid[] is null or o.id = any(${orderIds ?? null}::uuid[]))
      and (${after ?? null}::uuid is null or o.id > ${after ?? null}::uuid)
      and (${sql.join(reached, sql` or `)})
    order by o.id limit ${applyBatchMax + 1}
  `.execute(tx)
  return rows.map(({ id }) => id)
}

const hasServiceByNow = sql<boolean>`(
  exists (
    select from shipping_mappings m where m.tenant_id = o.tenant_id and m.channel_id = o.channel_id
      and m.service = left(btrim(o.shipping_service_name), 300)
  ) or exists (
    select from sales_channels h
    where h.tenant_id = o.tenant_id and h.id = o.channel_id and h.default_shipping_service_id is not null
  )
)`

type WaitingOrder = {
  id: string
  marketplaceOrderId: string
  status: OrderStatus
  reason: string | null
  theirs: string | null
  lacksService: boolean
}

async function apply(tx: Tx, channel: Channel, ids: string[], { what, actor }: ApplyWish): Promise<AppliedOrder[]> {
  await lockOrders(tx, ids)
  const orders = await readOrders(tx, ids)
  const lines = what.includes('mappings') ? await mapLines(tx, channel, ids) : []
  const services = what.includes('shipping')
    ? await findServices(tx, channel, orders)
    : new Map<string, ChosenService>()
  const linesOf = Map.groupBy(lines, (line) => line.orderId)
  const changed = orders.filter(
    ({ id }) => services.has(id) || linesOf.get(id)?.some((line) => line.components !== null),
  )
  const changedIds = changed.map(({ id }) => id)

  await saveLines(tx, lines)
  await saveServices(tx, services)
  await addOrderEvents(
    tx,
    changed.flatMap((order) => tell(order, linesOf.get(order.id) ?? [], services.get(order.id))),
    actor,
  )
  const mapped = changedIds.filter((id) => linesOf.get(id)?.some((line) => line.components !== null))
  await markForTerms(tx, mapped)
  const purchaseOrdersBefore = await readPurchaseOrderIds(tx, changedIds)
  await routeOrders(tx, changedIds)
  const outcomes = await readOutcomes(tx, changedIds, purchaseOrdersBefore)
  if (changedIds.length > 0) await tx.notify('orders')
  return changed.map((order) => {
    const { id: orderId, marketplaceOrderId, status, reason, theirs } = order
    const service = services.get(orderId)
    const outcome = outcomes.get(orderId)
    return {
      orderId,
      marketplaceOrderId,
      before: { status, reason },
      after: outcome ? { status: outcome.status, reason: outcome.reason } : { status, reason },
      lines: (linesOf.get(orderId) ?? []).map(({ lineId, channelSku, title, quantity, components }) => ({
        lineId,
        channelSku,
        title,
        quantity,
        components: components?.map((one) => ({ sku: one.sku, quantity: one.quantity * quantity })) ?? null,
      })),
      service: service ? { theirs, ours: service.name, because: service.because } : null,
      suppliers: outcome?.suppliers ?? [],
    }
  })
}

async function readOrders(tx: Tx, ids: string[]): Promise<WaitingOrder[]> {
  const { rows } = await sql<WaitingOrder>`
    select o.id, o.marketplace_order_id as "marketplaceOrderId", o.status, o.status_reason as reason,
      o.shipping_service_name as theirs, ${lacksService} as "lacksService"
    from orders o where o.tenant_id = ${tx.tenantId} and o.id = any(${ids}::uuid[]) order by o.id
  `.execute(tx)
  return rows
}

/** Their unmapped lines with the mapping of today, where there is one. */
async function mapLines(tx: Tx, channel: Channel, ids: string[]): Promise<MappedLine[]> {
  const { rows } = await sql<
    Omit<MappedLine, 'components' | 'listingId'> & {
      marketplaceListingId: string | null
      marketplaceVariantId: string | null
    }
  >`
    select l.order_id as "orderId", l.id as "lineId", l.channel_sku as "channelSku", l.title,
      -- What was called off meanwhile is not asked for.
      least(l.quantity, coalesce(l.marketplace_quantity, l.quantity)) as quantity,
      coalesce(g.marketplace_listing_id, l.marketplace_listing_id) as "marketplaceListingId",
      coalesce(g.marketplace_variant_id, l.marketplace_variant_id) as "marketplaceVariantId"
    from order_lines l
    left join listings g on g.tenant_id = l.tenant_id and g.id = l.listing_id
    where l.tenant_id = ${tx.tenantId} and l.order_id = any(${ids}::uuid[]) and not l.mapped
      and coalesce(l.marketplace_quantity, 1) > 0
    order by l.order_id, l.position
  `.execute(tx)
  const mappings = await readMappings(tx, channel.id, rows)
  return rows.map((row, index) => ({ ...row, ...(mappings[index] ?? { listingId: null, components: null }) }))
}

async function findServices(tx: Tx, channel: Channel, orders: WaitingOrder[]): Promise<Map<string, ChosenService>> {
  return chooseServices(
    tx,
    channel,
    orders
      .filter((order) => order.lacksService)
      .map(({ id, theirs }) => ({ marketplaceOrderId: id, shippingService: theirs, localPickup: false })),
  )
}

function tell(order: WaitingOrder, lines: MappedLine[], service: ChosenService | undefined): NewOrderEvent[] {
  const orderId = order.id
  const mapped = lines.flatMap(({ channelSku, title, quantity, components }) =>
    components === null
      ? []
      : [
          {
            channelSku: channelSku ?? title,
            quantity,
            components: components.map(({ sku, quantity: n }) => ({ sku, quantity: n })),
          },
        ],
  )
  const events: NewOrderEvent[] = []
  if (mapped.length > 0) {
    const data = { lines: mapped, stillUnmapped: lines.length - mapped.length }
    events.push({ orderId, kind: 'mapping-applied', data })
  }
  if (service) {
    const data = { theirs: order.theirs, ours: service.name, because: service.because }
    events.push({ orderId, kind: 'shipping-service-chosen', data })
  }
  return events
}
