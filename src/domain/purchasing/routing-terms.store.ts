// What routing goes by beside offers: the business's currency and VAT, exchange rates, and how suppliers ship.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { rateFinder, type ExchangeRate } from './exchange-rates.ts'
import type { RoutingTerms, ShippingTerms } from './landed-cost.ts'

type Row = { currency: string; reclaimsVat: boolean; rates: ExchangeRate[]; services: ServiceRow[] }
type ServiceRow = ShippingTerms & { supplierId: string; serviceId: string }

/** In one statement for a whole page: rates between these currencies, and services of these suppliers. */
export async function readRoutingTerms(
  tx: Tx,
  wanted: { supplierIds: string[]; currencies: string[] },
): Promise<RoutingTerms> {
  const { rows } = await sql<Row>`
    select t.currency, t.reclaims_vat as "reclaimsVat",
      coalesce((
        select jsonb_agg(jsonb_build_object('from', a.code, 'to', b.code, 'rate', r.rate::text, 'onDate', r.on_date, 'source', r.source))
        from (select unnest(${wanted.currencies}::text[]) union select t.currency) as a (code)
        join (select unnest(${wanted.currencies}::text[]) union select t.currency) as b (code) on a.code <> b.code
        cross join lateral (
          select rate, on_date, source from exchange_rates
          where tenant_id = t.id and from_currency = a.code and to_currency = b.code
            and on_date <= (app_now() at time zone t.time_zone)::date
          order by on_date desc limit 1
        ) r
      ), '[]') as rates,
      coalesce((
        select jsonb_agg(jsonb_build_object('supplierId', x.supplier_id, 'serviceId', x.shipping_service_id, 'carrier', x.carrier,
          'costMinor', x.cost_minor, 'active', x.active,
          'vatRateBasisPoints', case when s.charges_vat then x.vat_rate_basis_points else 0 end))
        from supplier_services x join suppliers s on s.tenant_id = x.tenant_id and s.id = x.supplier_id
        where x.tenant_id = t.id and x.supplier_id = any(${wanted.supplierIds}::uuid[])
      ), '[]') as services
    from tenants t where t.id = ${tx.tenantId}
  `.execute(tx)
  const [row] = rows
  if (!row) throw new Error('A business vanished while its orders were routed.')
  const services: RoutingTerms['services'] = new Map()
  for (const { supplierId, serviceId, ...terms } of row.services) {
    const ofSupplier = services.get(supplierId) ?? new Map<string, ShippingTerms>()
    services.set(supplierId, ofSupplier.set(serviceId, terms))
  }
  const { currency, reclaimsVat } = row
  return { currency, reclaimsVat, rateOf: rateFinder(row.rates, currency), services }
}

/**
 * Before their offers: suppliers whose new purchase orders depend on their earlier ones, by a credit limit or an invoice
 * for the whole day; and those of offers that are to be given up. The others may be bought from by many transactions at once.
 */
export async function lockSuppliersWithTerms(tx: Tx, variantIds: string[], offerIds: string[]): Promise<void> {
  if (variantIds.length === 0) return
  await sql`
    select id from suppliers
    where tenant_id = ${tx.tenantId} and (
      id in (select supplier_id from supplier_offers where tenant_id = ${tx.tenantId} and id = any(${offerIds}::uuid[]))
      or (credit_limit_minor is not null or invoice_per = 'day')
        and id in (select supplier_id from supplier_offers where tenant_id = ${tx.tenantId} and variant_id = any(${variantIds}::uuid[]))
    )
    order by id for no key update
  `.execute(tx)
}
