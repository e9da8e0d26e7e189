import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { OrderEvent } from './order-events.ts'

/** Written in the transaction of what happened, in the order it happened. */
export type NewOrderEvent = OrderEvent & { orderId: string; settingsVersion?: number }

/** Who did it, where no person did. */
export const fairlead = 'Fairlead'

export async function addOrderEvents(tx: Tx, events: NewOrderEvent[], actor: string): Promise<void> {
  if (events.length === 0) return
  const column = <Value>(of: (event: NewOrderEvent) => Value) => events.map(of)
  await sql`
    insert into order_events (tenant_id, id, order_id, kind, data, actor, settings_version)
    select ${tx.tenantId}, t.id, t.order_id, t.kind, t.data, ${actor}, t.settings_version
    from unnest(${column(() => tx.ids.uuid())}::uuid[], ${column(({ orderId }) => orderId)}::uuid[], ${column(({ kind }) => kind)}::text[],
      ${column(({ data }) => JSON.stringify(data))}::jsonb[], ${column(({ settingsVersion }) => settingsVersion ?? null)}::int[])
      as t (id, order_id, kind, data, settings_version)
  `.execute(tx)
}
