// Suppliers and what they offer, as the screens show them.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { decodeCursor, encodeCursor, likePatterns, roughCountMax, type RowPage } from '../listings/paging.ts'
import { termColumns, type SupplierTerms } from './supplier-terms.store.ts'
import type { OfferRow } from '../stock/offers.store.ts'

export type SupplierListRow = SupplierTerms & {
  id: string
  name: string
  ownStock: boolean
  preference: number
  currency: string
  active: boolean
  leadTimeDays: number | null
  offers: number
  openPurchaseOrders: number
  /** When the last file that was applied came. */
  lastFileAt: Date | null
  heldFiles: number
}

/** In the order they are asked. */
export function listSuppliers(tx: Tx): Promise<SupplierListRow[]> {
  return supplierRows(tx, null)
}

export async function loadSupplier(tx: Tx, id: string): Promise<SupplierListRow | undefined> {
  return (await supplierRows(tx, id))[0]
}

async function supplierRows(tx: Tx, id: string | null): Promise<SupplierListRow[]> {
  const { rows } = await sql<Omit<SupplierListRow, keyof SupplierTerms> & { agreed: SupplierTerms }>`
    select s.id, s.name, s.own_stock as "ownStock", s.preference, s.currency, s.active, s.lead_time_days as "leadTimeDays",
      (select count(*)::int from supplier_offers o where o.tenant_id = s.tenant_id and o.supplier_id = s.id and o.active) as offers,
      (select count(*)::int from purchase_orders p where p.tenant_id = s.tenant_id and p.supplier_id = s.id and p.state not in ('dispatched', 'cancelled')) as "openPurchaseOrders",
      (select max(f.started_at) from file_imports f where f.tenant_id = s.tenant_id and f.supplier_id = s.id and f.state = 'applied') as "lastFileAt",
      (select count(*)::int from file_imports f where f.tenant_id = s.tenant_id and f.supplier_id = s.id and f.state = 'held') as "heldFiles",
      jsonb_build_object(${termColumns}) as agreed
    from suppliers s
    where s.tenant_id = ${tx.tenantId} and (${id}::uuid is null or s.id = ${id}::uuid)
    order by s.preference, lower(s.name), s.id
  `.execute(tx)
  return rows.map(({ agreed, ...row }) => ({ ...row, ...agreed }))
}

type RawOffer = Omit<OfferRow, 'costExVat' | 'available'> & { costMinor: number | null; currency: string }

const offerColumns = sql`
  offer.id, offer.supplier_id as "supplierId", supplier.name as "supplierName", offer.variant_id as "variantId", variant.sku,
  concat_ws(' · ', product.title, nullif(variant.title, '')) as title, offer.supplier_sku as "supplierSku",
  offer.cost_minor as "costMinor", offer.currency, offer.on_hand as "onHand", offer.reserved, offer.on_hand_at as "onHandAt"
`

const offerTables = sql`
  supplier_offers offer
  join suppliers supplier on supplier.tenant_id = offer.tenant_id and supplier.id = offer.supplier_id
  join variants variant on variant.tenant_id = offer.tenant_id and variant.id = offer.variant_id
  join products product on product.tenant_id = variant.tenant_id and product.id = variant.product_id
`

export async function offersOfVariants(tx: Tx, variantIds: string[]): Promise<OfferRow[]> {
  const { rows } = await sql<RawOffer>`
    select ${offerColumns} from ${offerTables}
    where offer.tenant_id = ${tx.tenantId} and offer.variant_id = any(${variantIds}::uuid[])
    order by supplier.preference, lower(supplier.name), offer.id
  `.execute(tx)
  return rows.map(shownOffer)
}

export type OfferFilter = {
  supplierId: string
  search?: string | undefined
  cursor?: string | undefined
  limit: number
}

/** What one supplier offers, by our SKU. */
export async function listOffers(tx: Tx, filter: OfferFilter): Promise<RowPage<OfferRow>> {
  const after = decodeCursor(filter.cursor)
  const words = likePatterns(filter.search).map((pattern) => {
    return sql`and (variant.search_text like ${pattern} or lower(offer.supplier_sku) like ${pattern})`
  })
  const matching = sql`offer.tenant_id = ${tx.tenantId} and offer.supplier_id = ${filter.supplierId} ${sql.join(words, sql` `)}`
  const { rows } = await sql<RawOffer>`
    select ${offerColumns} from ${offerTables}
    where ${matching} ${after ? sql`and (variant.sku, offer.id) > (${after.text}, ${after.id}::uuid)` : sql``}
    order by variant.sku, offer.id limit ${filter.limit + 1}
  `.execute(tx)
  const counted = await sql<{ count: number }>`
    select count(*)::int as count from (select from ${offerTables} where ${matching} limit ${roughCountMax + 1}) counted
  `.execute(tx)
  const count = counted.rows[0]?.count ?? 0
  const shown = rows.slice(0, filter.limit)
  const last = rows.length > filter.limit ? shown.at(-1) : undefined
  return {
    rows: shown.map(shownOffer),
    next: last ? encodeCursor({ text: last.sku, id: last.id }) : null,
    count: { value: Math.min(count, roughCountMax), more: count > roughCountMax },
  }
}

function shownOffer({ costMinor, currency, ...offer }: RawOffer): OfferRow {
  return {
    ...offer,
    costExVat: costMinor === null ? null : { minor: costMinor, currency },
    available: offer.onHand === null ? null : Math.max(0, offer.onHand - offer.reserved),
  }
}
