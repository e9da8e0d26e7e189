// What a file that is held back would change (E1): all of it counted, and its rows one page after another, the greatest
// falls first. Worked out by the database from the rows that wait.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { joinWhole } from './bulk.store.ts'
import { newOffersOfRows, offersOfRows } from './supplier-file.store.ts'

const diffKinds = ['zero', 'down', 'up', 'cost-up', 'cost-down', 'new', 'gone', 'unknown'] as const
type DiffKind = (typeof diffKinds)[number]

export type DiffRow = {
  /** Of this row, by its place in the list. */
  key: string
  /** Null: the file does not name it. */
  line: number | null
  sku: string
  kinds: DiffKind[]
  onHandBefore: number | null
  onHandAfter: number | null
  costBefore: number | null
  costAfter: number | null
}

export type DiffCounts = Record<DiffKind, number> & { all: number; unchanged: number }

export type DiffOf = { importId: string; supplierId: string; hasStock: boolean }

/** Rows of the file that are new, known and unknown, and offers that it does not name. Those keep their figures. */
function allRows(tx: Tx, { importId, supplierId, hasStock }: DiffOf) {
  return sql`
    known as (${offersOfRows(tx, importId, supplierId)}),
    fresh as (${newOffersOfRows(tx, importId, supplierId)}),
    compared as (
      select line, offer_id::text as id, supplier_sku as sku, before as on_hand_before,
        case when ${hasStock} then on_hand else before end as on_hand_after,
        cost_before, coalesce(cost_minor, cost_before) as cost_after, 'known' as is_a
      from known
      union all
      select line, line::text, supplier_sku, null, case when ${hasStock} then on_hand end, null, cost_minor, 'new' from fresh
      union all
      select r.line, r.line::text, r.supplier_sku, null, r.on_hand, null, r.cost_minor, 'unknown'
      from supplier_file_rows r
      where r.tenant_id = ${tx.tenantId} and r.import_id = ${importId}
        and not exists (select from known k where k.line = r.line) and not exists (select from fresh f where f.line = r.line)
      union all
      select null, o.id::text, o.supplier_sku, o.on_hand, o.on_hand, o.cost_minor, o.cost_minor, 'gone'
      from supplier_offers o
      where o.tenant_id = ${tx.tenantId} and o.supplier_id = ${supplierId} and o.active
        and not exists (select from known k where k.offer_id = o.id)
    ),
    told as (
      select compared.*, array_remove(array[
        case when is_a = 'known' and on_hand_before > 0 and on_hand_after = 0 then 'zero' end,
        case when is_a = 'known' and on_hand_after is distinct from on_hand_before
          and coalesce(on_hand_after, 0) < coalesce(on_hand_before, 0) and on_hand_after is distinct from 0 then 'down' end,
        case when is_a = 'known' and on_hand_after is distinct from on_hand_before
          and coalesce(on_hand_after, 0) >= coalesce(on_hand_before, 0) then 'up' end,
        case when is_a = 'known' and cost_after is distinct from cost_before and cost_after >= coalesce(cost_before, 0) then 'cost-up' end,
        case when is_a = 'known' and cost_after < cost_before then 'cost-down' end,
        case when is_a in ('new', 'gone', 'unknown') then is_a end], null) as kinds,
        case is_a when 'known' then coalesce(on_hand_after, 0) - coalesce(on_hand_before, 0)
          when 'new' then 2000000001 when 'gone' then 2000000002 else 2000000003 end::bigint as place
      from compared
    )
  `
}

export async function countDiff(tx: Tx, of: DiffOf): Promise<DiffCounts> {
  const { rows } = await joinWhole(tx, () =>
    sql<DiffCounts>`
      with ${allRows(tx, of)}
      select ${sql.join(diffKinds.map((kind) => sql`count(*) filter (where ${kind} = any(kinds)) as ${sql.ref(kind)}`))},
        count(*) filter (where kinds <> '{}') as "all", count(*) filter (where kinds = '{}') as unchanged
      from told
    `.execute(tx),
  )
  const counts = rows[0]
  if (!counts) throw new Error('Counting gave no row.')
  return counts
}

export type BiggestCosts = { up: DiffRow | null; down: DiffRow | null }

/** The cost that would rise, and the one that would fall, by the greatest part of itself. */
export async function biggestCosts(tx: Tx, of: DiffOf): Promise<BiggestCosts> {
  const pick = (direction: 'desc' | 'asc') => sql<DiffRow>`
    with ${allRows(tx, of)}
    select ${rowColumns} from told
    where is_a = 'known' and cost_before > 0 and cost_after ${direction === 'desc' ? sql`>` : sql`<`} cost_before
    order by cost_after::numeric / cost_before ${sql.raw(direction)}, sku limit 1
  `
  const up = await joinWhole(tx, () => pick('desc').execute(tx))
  const down = await joinWhole(tx, () => pick('asc').execute(tx))
  return { up: up.rows[0] ?? null, down: down.rows[0] ?? null }
}

const rowColumns = sql`
  place || '/' || coalesce(line, 0) || '/' || id as key, line, sku, kinds, on_hand_before as "onHandBefore",
  on_hand_after as "onHandAfter", cost_before as "costBefore", cost_after as "costAfter"
`

/** After the row with that key. */
export async function listDiff(
  tx: Tx,
  of: DiffOf,
  page: { kind?: DiffKind | undefined; after?: string | undefined; limit: number },
): Promise<DiffRow[]> {
  const [place, line, id] = page.after?.split('/') ?? []
  const isAfter =
    place !== undefined && /^-?\d{1,15}$/.test(place) && /^\d{1,9}$/.test(line ?? '')
      ? sql`(place, coalesce(line, 0), id) > (${place}::bigint, ${line}::int, ${id ?? ''}::text)`
      : sql`true`
  const { rows } = await joinWhole(tx, () =>
    sql<DiffRow>`
      with ${allRows(tx, of)}
      select ${rowColumns} from told
      where ${page.kind === undefined ? sql`kinds <> '{}'` : sql`${page.kind} = any(kinds)`} and ${isAfter}
      order by place, coalesce(line, 0), id limit ${page.limit}
    `.execute(tx),
  )
  return rows
}
