// A supplier's own offers as he sees them at his desk (G3): by his SKU, without the seller's, and without prices.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { decodeCursor, encodeCursor, likePatterns, roughCountMax, type RowPage } from '../listings/paging.ts'
import type { Money } from '../money.ts'

export type DeskOffer = {
  id: string
  supplierSku: string
  title: string
  cost: Money | null
  onHand: number | null
  reserved: number
  available: number | null
  onHandAt: Date | null
}

type RawOffer = Omit<DeskOffer, 'cost' | 'available'> & { costMinor: number | null; currency: string }

export type DeskOfferFilter = { search?: string | undefined; cursor?: string | undefined; limit: number }

export async function listDeskOffers(tx: Tx, supplierId: string, filter: DeskOfferFilter): Promise<RowPage<DeskOffer>> {
  const after = decodeCursor(filter.cursor)
  const words = likePatterns(filter.search).map(
    (pattern) => sql`and (lower(f.supplier_sku) like ${pattern} or lower(p.title) like ${pattern})`,
  )
  const matching = sql`f.tenant_id = ${tx.tenantId} and f.supplier_id = ${supplierId} and f.active ${sql.join(words, sql` `)}`
  const { rows } = await sql<RawOffer>`
    select ${columns} from ${tables}
    where ${matching} ${after ? sql`and (f.supplier_sku, f.id) > (${after.text}, ${after.id}::uuid)` : sql``}
    order by f.supplier_sku, f.id limit ${filter.limit + 1}
  `.execute(tx)
  const counted = await sql<{ count: number }>`
    select count(*)::int from (select from ${tables} where ${matching} limit ${roughCountMax + 1}) as found
  `.execute(tx)
  const count = counted.rows[0]?.count ?? 0
  const shown = rows.slice(0, filter.limit)
  const last = rows.length > filter.limit ? shown.at(-1) : undefined
  return {
    rows: shown.map(shownOffer),
    next: last ? encodeCursor({ text: last.supplierSku, id: last.id }) : null,
    count: { value: Math.min(count, roughCountMax), more: count > roughCountMax },
  }
}

export async function readDeskOffer(tx: Tx, supplierId: string, offerId: string): Promise<DeskOffer | undefined> {
  const { rows } = await sql<RawOffer>`
    select ${columns} from ${tables}
    where f.tenant_id = ${tx.tenantId} and f.supplier_id = ${supplierId} and f.id = ${offerId} and f.active
  `.execute(tx)
  return rows.map(shownOffer)[0]
}

const columns = sql`
  f.id, f.supplier_sku as "supplierSku", concat_ws(' – ', p.title, nullif(v.title, '')) as title,
  f.cost_minor as "costMinor", f.currency, f.on_hand as "onHand", f.reserved, f.on_hand_at as "onHandAt"
`
const tables = sql`
  supplier_offers f
  join variants v on v.tenant_id = f.tenant_id and v.id = f.variant_id
  join products p on p.tenant_id = v.tenant_id and p.id = v.product_id
`

function shownOffer({ costMinor, currency, ...offer }: RawOffer): DeskOffer {
  return {
    ...offer,
    cost: costMinor === null ? null : { minor: costMinor, currency },
    available: offer.onHand === null ? null : Math.max(0, offer.onHand - offer.reserved),
  }
}
