import type { Tx } from '../../platform/database.ts'
import type { OrderEvent } from './order-events.ts'

/** Written in the transaction of what happened, in the order it happened. */
export type NewOrderEvent = OrderEvent & { orderId: string; settingsVersion?: number }

/** Who did it, where no person did. */
export const fairlead = 'Fairlead'

export async function addOrderEvents(tx: Tx, events: NewOrderEvent[], actor: string): Promise<void> {
  if (events.length === 0) return
  await tx
    .insertInto('order_events')
    .values(
      events.map((event) => ({
        tenant_id: tx.tenantId,
        id: tx.ids.uuid(),
        order_id: event.orderId,
        kind: event.kind,
        data: JSON.stringify(event.data),
        actor,
        settings_version: event.settingsVersion ?? null,
      })),
    )
    .execute()
}
