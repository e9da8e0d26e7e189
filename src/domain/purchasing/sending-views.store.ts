// What became of each revision of a purchase order on its way to the supplier, for the screens.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { OrderWay } from '../catalog/supplier-connection.ts'

export type SendingView = {
  revision: number
  state: 'waiting' | 'sending' | 'sent' | 'refused' | 'in-doubt' | 'overtaken'
  way: OrderWay | null
  tries: number
  refusal: string | null
  /** Only a person can find out whether it arrived. */
  asksPerson: boolean
  tellsCancelled: boolean
  writtenAt: Date
  settledAt: Date | null
  nextTryAt: Date | null
}

/** Newest first. Undefined: there is no such purchase order. */
export async function loadSending(tx: Tx, purchaseOrderId: string): Promise<SendingView[] | undefined> {
  const order = await tx
    .selectFrom('purchase_orders')
    .select('id')
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', purchaseOrderId)
    .executeTakeFirst()
  if (!order) return undefined
  const { rows } = await sql<SendingView>`
    select (data->>'revision')::int as revision,
      case state when 'intended' then 'waiting' when 'in-flight' then 'sending' when 'applied' then 'sent'
        when 'rejected' then 'refused' when 'unknown' then 'in-doubt' else 'overtaken' end as state,
      data->>'way' as way, attempts as tries, refusal, data ? 'asksPerson' as "asksPerson",
      data ? 'tellsCancelled' as "tellsCancelled", created_at as "writtenAt", settled_at as "settledAt",
      case when state = 'intended' then next_try_at end as "nextTryAt"
    from effects
    where tenant_id = ${tx.tenantId} and subject_id = ${purchaseOrderId} and kind = 'send-purchase-order'
    order by (data->>'revision')::int desc
  `.execute(tx)
  return rows
}

export type SendingCounts = { waiting: number; inDoubt: number; refused: number }

export async function countSending(tx: Tx, supplierId: string): Promise<SendingCounts> {
  const { rows } = await sql<SendingCounts>`
    select count(*) filter (where state in ('intended', 'in-flight'))::int as waiting,
      count(*) filter (where state = 'unknown')::int as "inDoubt", count(*) filter (where state = 'rejected')::int as refused
    from effects
    where tenant_id = ${tx.tenantId} and supplier_id = ${supplierId} and kind = 'send-purchase-order'
      and state in ('intended', 'in-flight', 'unknown', 'rejected')
  `.execute(tx)
  return rows[0] ?? { waiting: 0, inDoubt: 0, refused: 0 }
}
