// By which of our shipping services an order goes: the mapping of what stands on it, else the channel's default, else
// none, and then it waits (C1–C3). Never a guess.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { ChannelOrder } from './channel-order.ts'
import type { IngestChannel } from './ingest-channel.ts'

export type ChosenService = { id: string; name: string; because: 'mapping' | 'default' }

/** By marketplace order id. What the orders call their services is kept for the mapping screen in the same statement. */
export async function chooseServices(
  tx: Tx,
  channel: Pick<IngestChannel, 'id' | 'defaultShippingServiceId' | 'defaultShippingServiceName'>,
  orders: Pick<ChannelOrder, 'marketplaceOrderId' | 'shippingService' | 'localPickup'>[],
): Promise<Map<string, ChosenService>> {
  const shipped = orders.filter((order) => !order.localPickup)
  const mapped = await readMappedAndNote(tx, channel.id, [
    ...new Set(shipped.flatMap((order) => serviceText(order.shippingService) ?? [])),
  ])
  const { defaultShippingServiceId: id, defaultShippingServiceName: name } = channel
  const fallback: ChosenService | undefined =
    id !== null && name !== null ? { id, name, because: 'default' } : undefined
  return new Map(
    shipped.flatMap((order) => {
      const chosen = mapped.get(serviceText(order.shippingService) ?? '') ?? fallback
      return chosen ? [[order.marketplaceOrderId, chosen] as const] : []
    }),
  )
}

const characters = 300

/** As it stands on the order, save for what would be nothing to look at or too much. */
function serviceText(service: string | null): string | null {
  const text = service?.trim().slice(0, characters) ?? ''
  return text === '' ? null : text
}

async function readMappedAndNote(tx: Tx, channelId: string, services: string[]): Promise<Map<string, ChosenService>> {
  if (services.length === 0) return new Map()
  const { rows } = await sql<{ service: string; id: string; name: string }>`
    with seen as (
      select unnest(${services.toSorted()}::text[]) as service
    ), added as (
      insert into channel_services (tenant_id, channel_id, service, label, seen_on_orders)
      select ${tx.tenantId}, ${channelId}, s.service, s.service, true from seen s
      where not exists (
        select from channel_services c where c.tenant_id = ${tx.tenantId} and c.channel_id = ${channelId} and c.service = s.service
      )
      on conflict do nothing
    ), noted as (
      update channel_services c set seen_on_orders = true from seen s
      where c.tenant_id = ${tx.tenantId} and c.channel_id = ${channelId} and c.service = s.service and not c.seen_on_orders
    )
    select m.service, x.id, x.name
    from shipping_mappings m
    join shipping_services x on x.tenant_id = m.tenant_id and x.id = m.shipping_service_id and x.active
    where m.tenant_id = ${tx.tenantId} and m.channel_id = ${channelId} and m.service = any(${services}::text[])
  `.execute(tx)
  return new Map(rows.map(({ service, id, name }) => [service, { id, name, because: 'mapping' }]))
}
