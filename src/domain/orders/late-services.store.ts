// Some marketplaces name the shipping service only once an order is paid: then it is chosen then, as it would have been
// at the import. What a person chose, and what is on a purchase order, stays.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { ChannelOrder } from './channel-order.ts'
import type { ChosenService } from './choose-services.store.ts'
import { addOrderEvents, fairlead } from './order-events.store.ts'

/** Which of them go another way now, and so may go on. */
export async function fillLateServices(
  tx: Tx,
  known: { ours: { id: string }; theirs: ChannelOrder }[],
  services: Map<string, ChosenService>,
): Promise<string[]> {
  const named = known
    .filter(({ theirs }) => theirs.shippingService !== null && !theirs.localPickup)
    .map(({ ours, theirs }) => ({
      id: ours.id,
      name: theirs.shippingService,
      service: services.get(theirs.marketplaceOrderId) ?? null,
    }))
  if (named.length === 0) return []
  const { rows } = await sql<{ id: string; isNew: boolean }>`
    with late as (
      select o.id, t.name, t.service_id, t.because, o.shipping_service_id as before
      from unnest(${named.map((one) => one.id)}::uuid[], ${named.map((one) => one.name)}::text[],
        ${named.map((one) => one.service?.id ?? null)}::uuid[], ${named.map((one) => one.service?.because ?? null)}::text[]
      ) as t (id, name, service_id, because)
      join orders o on o.tenant_id = ${tx.tenantId} and o.id = t.id
      where o.shipping_service_name is null and o.shipping_because is distinct from 'person'
        and not exists (
          select from order_line_components c
          where c.tenant_id = o.tenant_id and c.order_id = o.id and c.state in ('routed', 'dispatched')
        )
    )
    update orders o set shipping_service_name = late.name, shipping_service_id = late.service_id, shipping_because = late.because
    from late where o.tenant_id = ${tx.tenantId} and o.id = late.id
    returning o.id, late.service_id is not null and late.before is distinct from late.service_id as "isNew"
  `.execute(tx)
  const changed = new Set(rows.filter((row) => row.isNew).map((row) => row.id))
  await addOrderEvents(
    tx,
    named.flatMap(({ id, name, service }) =>
      service && changed.has(id)
        ? [
            {
              orderId: id,
              kind: 'shipping-service-chosen' as const,
              data: { theirs: name, ours: service.name, because: service.because },
            },
          ]
        : [],
    ),
    fairlead,
  )
  return [...changed]
}
