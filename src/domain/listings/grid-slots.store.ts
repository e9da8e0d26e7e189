// The slots of products: the number of each one's bit. That of a product that is gone is given to another once no word has
// its bit. Only for the job that settles, of which one runs at a time.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'

export async function takeSlots(tx: Tx, count: number): Promise<number[]> {
  if (count === 0) return []
  const { rows: free } = await sql<{ slot: number }>`
    delete from free_slots where tenant_id = ${tx.tenantId}
      and slot in (select slot from free_slots where tenant_id = ${tx.tenantId} order by slot limit ${count}) returning slot
  `.execute(tx)
  const slots = free.map(({ slot }) => slot).toSorted((one, other) => one - other)
  const fresh = count - slots.length
  if (fresh === 0) return slots
  const { rows } = await sql<{ next: number }>`
    insert into product_slots as s (tenant_id, next) values (${tx.tenantId}, ${fresh})
    on conflict (tenant_id) do update set next = s.next + excluded.next returning next
  `.execute(tx)
  const first = (rows[0]?.next ?? fresh) - fresh
  return [...slots, ...Array.from({ length: fresh }, (_, at) => first + at)]
}

/** Those that no product has, not even one that came since. */
export async function unusedSlots(tx: Tx, slots: number[]): Promise<number[]> {
  if (slots.length === 0) return []
  const { rows } = await sql<{ slot: number }>`
    select slot from unnest(${slots}::int[]) as gone (slot)
    where not exists (select from product_words w where w.tenant_id = ${tx.tenantId} and w.slot = gone.slot)
  `.execute(tx)
  return rows.map(({ slot }) => slot)
}

export async function freeSlots(tx: Tx, slots: number[]): Promise<void> {
  if (slots.length === 0) return
  await sql`
    insert into free_slots (tenant_id, slot) select ${tx.tenantId}, * from unnest(${slots}::int[]) on conflict do nothing
  `.execute(tx)
}
