// Something a person must look at. One open problem per key: seeing it again only says that it is still there.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { ProblemKind } from './problem-texts.ts'

export type NewProblem = {
  /** From the business: "order-called-off/<order id>". Seeing the same thing again must give the same key. */
  key: string
  kind: ProblemKind
  channelId?: string | null
  orderId?: string | null
  listingId?: string | null
  supplierId?: string | null
  /** What the sentence needs. No buyer data. */
  data?: Record<string, string | number | boolean | null>
}

export function openProblem(tx: Tx, problem: NewProblem): Promise<void> {
  return openProblems(tx, [problem])
}

export async function openProblems(tx: Tx, problems: NewProblem[]): Promise<void> {
  const byKey = new Map(problems.map((problem) => [problem.key, problem]))
  if (byKey.size === 0) return
  await tx
    .insertInto('problems')
    .values(
      // In one order for all, so that two transactions cannot wait for each other in a circle.
      [...byKey.values()]
        .toSorted((one, other) => (one.key < other.key ? -1 : 1))
        .map((problem) => ({
          tenant_id: tx.tenantId,
          id: tx.ids.uuid(),
          key: problem.key,
          kind: problem.kind,
          channel_id: problem.channelId ?? null,
          order_id: problem.orderId ?? null,
          listing_id: problem.listingId ?? null,
          supplier_id: problem.supplierId ?? null,
          data: JSON.stringify(problem.data ?? {}),
        })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['tenant_id', 'key'])
        .where('closed_at', 'is', null)
        .doUpdateSet((set) => ({ last_seen_at: sql<Date>`app_now()`, data: set.ref('excluded.data') })),
    )
    .execute()
  await tx.notify('problems')
}

/** The cause is gone, or a person says so. Closing what is not open is harmless. */
export async function closeProblem(tx: Tx, key: string): Promise<void> {
  await closeProblems(tx, [key])
}

export async function closeProblems(tx: Tx, keys: string[]): Promise<void> {
  if (keys.length === 0) return
  const closed = await tx
    .updateTable('problems')
    .set({ closed_at: sql<Date>`app_now()` })
    .where('tenant_id', '=', tx.tenantId)
    .where('key', '=', sql<string>`any(${keys}::text[])`)
    .where('closed_at', 'is', null)
    .executeTakeFirst()
  if (closed.numUpdatedRows > 0n) await tx.notify('problems')
}

export async function closeProblemById(tx: Tx, id: string): Promise<boolean> {
  const closed = await tx
    .updateTable('problems')
    .set({ closed_at: sql<Date>`app_now()` })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .where('closed_at', 'is', null)
    .executeTakeFirst()
  if (closed.numUpdatedRows > 0n) await tx.notify('problems')
  return closed.numUpdatedRows > 0n
}

export type OpenProblem = {
  id: string
  key: string
  kind: string
  channelId: string | null
  orderId: string | null
  listingId: string | null
  supplierId: string | null
  data: Record<string, unknown>
  channelName: string | null
  supplierName: string | null
  marketplaceOrderId: string | null
  openedAt: Date
}

const problemsMax = 500

/** Oldest first: what has waited longest is looked at first. */
export async function listOpenProblems(
  tx: Tx,
  filter: { orderId?: string; channelId?: string } = {},
): Promise<OpenProblem[]> {
  const { rows } = await sql<OpenProblem>`
    select p.id, p.key, p.kind, p.channel_id as "channelId", p.order_id as "orderId", p.listing_id as "listingId",
      p.supplier_id as "supplierId", p.data, c.name as "channelName", s.name as "supplierName",
      o.marketplace_order_id as "marketplaceOrderId", p.opened_at as "openedAt"
    from problems p
    left join sales_channels c on c.tenant_id = p.tenant_id and c.id = p.channel_id
    left join suppliers s on s.tenant_id = p.tenant_id and s.id = p.supplier_id
    left join orders o on o.tenant_id = p.tenant_id and o.id = p.order_id
    where p.tenant_id = ${tx.tenantId} and p.closed_at is null
      and (${filter.orderId ?? null}::uuid is null or p.order_id = ${filter.orderId ?? null}::uuid)
      and (${filter.channelId ?? null}::uuid is null or p.channel_id = ${filter.channelId ?? null}::uuid)
    order by p.opened_at, p.id
    limit ${problemsMax}
  `.execute(tx)
  return rows
}
