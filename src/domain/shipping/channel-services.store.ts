// What a sales channel calls its shipping services (C1): as the marketplace names them, and as seen on its orders.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'

export type ChannelService = {
  /** As it stands on orders. */
  service: string
  label: string
  seenOnOrders: boolean
  /** The one of ours it means; null: not mapped. */
  shippingServiceId: string | null
  /** Orders here that wait because it is not mapped (C3). */
  waiting: number
}

const waitingCountMax = 10_000

/** Those with waiting orders first, then what is not mapped. */
export async function listChannelServices(tx: Tx, channelId: string): Promise<ChannelService[]> {
  const { rows } = await sql<ChannelService>`
    with waiting as (
      select coalesce(nullif(left(btrim(w.shipping_service_name), 300), ''), '') as service, count(*)::int as orders
      from (
        select shipping_service_name from orders o
        where o.tenant_id = ${tx.tenantId} and o.channel_id = ${channelId} and ${lacksService}
        limit ${waitingCountMax}
      ) w group by 1
    )
    select c.service, c.label, c.seen_on_orders as "seenOnOrders", m.shipping_service_id as "shippingServiceId",
      coalesce(w.orders, 0) as waiting
    from channel_services c
    left join shipping_mappings m on m.tenant_id = c.tenant_id and m.channel_id = c.channel_id and m.service = c.service
    left join waiting w on w.service = c.service
    where c.tenant_id = ${tx.tenantId} and c.channel_id = ${channelId}
    order by coalesce(w.orders, 0) = 0, m.shipping_service_id is not null, lower(c.label), c.service
  `.execute(tx)
  return rows
}

/** How many orders of the channel wait for their service, those that name none included; counted up to a limit. */
export async function countWithoutService(tx: Tx, channelId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int from (
      select from orders o where o.tenant_id = ${tx.tenantId} and o.channel_id = ${channelId} and ${lacksService}
      limit ${waitingCountMax}
    ) as found
  `.execute(tx)
  return rows[0]?.count ?? 0
}

/** Of an order `o`: it is to be shipped, it is not over, and nobody has said how. */
export const lacksService = sql<boolean>`(
  o.shipping_service_id is null and not o.local_pickup and o.status not in ('dispatched', 'cancelled')
  and o.channel_status in ('to-ship', 'awaiting-payment', 'on-hold', 'unknown')
)`

/** What the marketplace names now. One it names no more stays, for orders may still carry it. */
export async function storeChannelServices(
  tx: Tx,
  channelId: string,
  services: { code: string; name: string }[],
): Promise<void> {
  const named = new Map(services.map(({ code, name }) => [code.trim().slice(0, 300), name.trim().slice(0, 300)]))
  named.delete('')
  if (named.size === 0) return
  const codes = [...named.keys()].toSorted()
  await sql`
    insert into channel_services as c (tenant_id, channel_id, service, label)
    select ${tx.tenantId}, ${channelId}, t.code, coalesce(nullif(t.name, ''), t.code)
    from unnest(${codes}::text[], ${codes.map((code) => named.get(code) ?? '')}::text[]) as t (code, name)
    on conflict (tenant_id, channel_id, service) do update set label = excluded.label, seen_at = app_now()
  `.execute(tx)
  await tx.notify('channels', { id: channelId })
}
