// A person says by which of our shipping services orders go (C3). They are routed in the same transaction.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { routeOrders } from '../purchasing/route-orders.command.ts'
import type { NotChosen } from './choose-shipping-service.ts'
import { addOrderEvents } from './order-events.store.ts'
import { wantsStock, type ChannelOrderStatus, type OrderStatus } from './order.ts'
import { lockOrders } from './orders.store.ts'

export type ServiceWish = { orderIds: string[]; shippingServiceId: string; actor: string }

export type ChooseServiceResult =
  | { kind: 'chosen'; orderIds: string[]; refused: { orderId: string; reason: NotChosen }[] }
  | { kind: 'refused'; reason: 'no-such-service' }

export async function chooseShippingService(
  tx: Tx,
  { orderIds, shippingServiceId, actor }: ServiceWish,
): Promise<ChooseServiceResult> {
  await lockOrders(tx, orderIds)
  const found = new Map((await readOrders(tx, orderIds)).map((order) => [order.id, order]))
  const service = await readUsable(tx, shippingServiceId)
  if (service === undefined && found.size > 0) return { kind: 'refused', reason: 'no-such-service' }
  const judged = [...new Set(orderIds)].map((orderId) => {
    const order = found.get(orderId)
    return { orderId, order, reason: order ? whyNot(order) : ('not-found' as const) }
  })
  const chosen = judged.flatMap(({ order, reason }) => (order && reason === null ? [order] : []))
  const changed = chosen.filter((order) => order.shippingServiceId !== shippingServiceId)
  const ids = changed.map((order) => order.id)
  await sql`
    update orders set shipping_service_id = ${shippingServiceId}, shipping_because = 'person', updated_at = app_now()
    where tenant_id = ${tx.tenantId} and id = any(${chosen.map((order) => order.id)}::uuid[])
  `.execute(tx)
  await addOrderEvents(
    tx,
    changed.map((order) => ({
      orderId: order.id,
      kind: 'shipping-service-chosen',
      data: { theirs: order.theirs, ours: service ?? '', because: 'person' },
    })),
    actor,
  )
  await routeOrders(tx, ids)
  for (const id of ids.slice(0, noticesMax)) await tx.notify('orders', { id })
  if (ids.length > noticesMax) await tx.notify('orders')
  return {
    kind: 'chosen',
    orderIds: chosen.map((order) => order.id),
    refused: judged.flatMap(({ orderId, reason }) => (reason === null ? [] : [{ orderId, reason }])),
  }
}

const noticesMax = 10

/** Its name; locked, so that it is not switched off meanwhile. */
async function readUsable(tx: Tx, id: string): Promise<string | undefined> {
  const { rows } = await sql<{ name: string }>`
    select name from shipping_services where tenant_id = ${tx.tenantId} and id = ${id} and active for key share
  `.execute(tx)
  return rows[0]?.name
}

type OrderToShip = {
  id: string
  status: OrderStatus
  channelStatus: ChannelOrderStatus
  localPickup: boolean
  shippingServiceId: string | null
  theirs: string | null
  atSupplier: boolean
}

async function readOrders(tx: Tx, orderIds: string[]): Promise<OrderToShip[]> {
  const { rows } = await sql<OrderToShip>`
    select o.id, o.status, o.channel_status as "channelStatus", o.local_pickup as "localPickup",
      o.shipping_service_id as "shippingServiceId", o.shipping_service_name as theirs,
      exists (
        select from order_line_components c
        where c.tenant_id = o.tenant_id and c.order_id = o.id and c.state in ('routed', 'dispatched')
      ) as "atSupplier"
    from orders o where o.tenant_id = ${tx.tenantId} and o.id = any(${orderIds}::uuid[])
    order by o.id
  `.execute(tx)
  return rows
}

function whyNot(order: OrderToShip): NotChosen | null {
  if (order.status === 'cancelled' || order.status === 'dispatched' || !wantsStock(order.channelStatus)) return 'over'
  if (order.localPickup) return 'picked-up'
  return order.atSupplier ? 'at-supplier' : null
}
