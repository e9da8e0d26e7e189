// All that the pure functions need to explain prices of a few variants on their sales channels.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { Money } from '../money.ts'
import type { Offer } from '../purchasing/ask-offers.ts'
import { readRoutingTerms } from '../purchasing/routing-terms.store.ts'
import type { PriceFacts } from './price-by-rule.ts'
import type { HeldReason } from './pricing-rule.ts'

export type VariantOnChannel = {
  channelId: string
  channelName: string
  variantId: string
  sku: string
  title: string
  facts: PriceFacts
  /** Of the listing itself. */
  own: Money | null
  /** What the buyer pays for shipping apart from the price. */
  charged: Money | null
  /** What a rule made. */
  made: { ruleId: string; version: number; price: Money | null; held: HeldReason | null; computedAt: Date } | null
  variantPrice: Money | null
  defaultServiceId: string | null
}

type Row = {
  channelId: string
  channelName: string
  currency: string
  defaultServiceId: string | null
  variantId: string
  sku: string
  title: string
  vatRateBasisPoints: number | null
  variantMinor: number | null
  variantCurrency: string
  ownMinor: number | null
  chargedMinor: number | null
  ownCurrency: string | null
  ruleId: string | null
  ruleVersion: number | null
  madeMinor: number | null
  madeCurrency: string | null
  held: HeldReason | null
  computedAt: Date | null
}

/** In the order asked; what is not there is left out. */
export async function loadPriceFacts(
  tx: Tx,
  pairs: { channelId: string; variantId: string }[],
): Promise<VariantOnChannel[]> {
  if (pairs.length === 0) return []
  const { rows } = await sql<Row>`
    select channel.id as "channelId", channel.name as "channelName", channel.currency,
      channel.default_shipping_service_id as "defaultServiceId", variant.id as "variantId", variant.sku,
      concat_ws(' · ', product.title, nullif(variant.title, '')) as title, variant.vat_rate_basis_points as "vatRateBasisPoints",
      variant.price_minor as "variantMinor", variant.currency as "variantCurrency", own.price_minor as "ownMinor",
      own.shipping_minor as "chargedMinor", own.currency as "ownCurrency", made.rule_id as "ruleId",
      made.rule_version as "ruleVersion", made.price_minor as "madeMinor", made.currency as "madeCurrency", made.held,
      made.computed_at as "computedAt"
    from unnest(${pairs.map(({ channelId }) => channelId)}::uuid[], ${pairs.map(({ variantId }) => variantId)}::uuid[])
      with ordinality as wanted (channel_id, variant_id, place)
    join sales_channels channel on channel.tenant_id = ${tx.tenantId} and channel.id = wanted.channel_id and channel.removed_at is null
    join variants variant on variant.tenant_id = ${tx.tenantId} and variant.id = wanted.variant_id
    join products product on product.tenant_id = ${tx.tenantId} and product.id = variant.product_id
    left join channel_variants own on own.tenant_id = ${tx.tenantId} and own.channel_id = channel.id and own.variant_id = variant.id
    left join rule_prices made on made.tenant_id = ${tx.tenantId} and made.channel_id = channel.id and made.variant_id = variant.id
    order by wanted.place
  `.execute(tx)
  const offers = await loadOffers(tx, [...new Set(rows.map(({ variantId }) => variantId))])
  const ruleCurrencies = await sql<{ currency: string }>`
    select distinct currency from pricing_rules where tenant_id = ${tx.tenantId}
  `.execute(tx)
  const terms = await readRoutingTerms(tx, {
    supplierIds: [...new Set(offers.map(({ supplierId }) => supplierId))],
    currencies: [...new Set([...rows, ...offers, ...ruleCurrencies.rows].map(({ currency }) => currency))],
  })
  const byVariant = Map.groupBy(offers, ({ variantId }) => variantId)
  return rows.map((row) => {
    const { channelId, channelName, currency, variantId, sku, title, vatRateBasisPoints, defaultServiceId } = row
    const facts = { offers: byVariant.get(variantId) ?? [], terms, currency, vatRateBasisPoints }
    return {
      channelId,
      channelName,
      variantId,
      sku,
      title,
      facts,
      defaultServiceId,
      own: moneyOf(row.ownMinor, row.ownCurrency),
      charged: moneyOf(row.chargedMinor, row.ownCurrency),
      made: madeOf(row),
      variantPrice: moneyOf(row.variantMinor, row.variantCurrency),
    }
  })
}

function madeOf({ ruleId, ruleVersion, madeMinor, madeCurrency, held, computedAt }: Row): VariantOnChannel['made'] {
  if (ruleId === null || ruleVersion === null || computedAt === null) return null
  return { ruleId, version: ruleVersion, price: moneyOf(madeMinor, madeCurrency), held, computedAt }
}

function moneyOf(minor: number | null, currency: string | null): Money | null {
  return minor === null || currency === null ? null : { minor, currency }
}

async function loadOffers(tx: Tx, variantIds: string[]): Promise<Offer[]> {
  const { rows } = await sql<Offer>`
    select o.id, o.variant_id as "variantId", o.supplier_id as "supplierId", s.name as "supplierName", s.preference,
      s.active as "supplierActive", s.ship_to_countries as "shipsTo", o.active, o.on_hand as "onHand", o.reserved,
      o.cost_minor as "costMinor", o.currency,
      case when s.charges_vat then coalesce(v.vat_rate_basis_points, s.vat_rate_basis_points) else 0 end as "vatRateBasisPoints"
    from supplier_offers o
    join suppliers s on s.tenant_id = o.tenant_id and s.id = o.supplier_id
    join variants v on v.tenant_id = o.tenant_id and v.id = o.variant_id
    where o.tenant_id = ${tx.tenantId} and o.variant_id = any(${variantIds}::uuid[])
    order by o.id
  `.execute(tx)
  return rows
}
