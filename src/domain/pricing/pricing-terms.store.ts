// What prices in bulk are computed with, beside offers: rules in their rank, with their amounts in the currency of each
// sales channel, and exchange rates. Read once a batch; the statements take them as two small tables.
import { Big } from 'big.js'
import { sql, type RawBuilder } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { minorDigits } from '../money.ts'
import type { RoutingTerms } from '../purchasing/landed-cost.ts'
import { readRoutingTerms } from '../purchasing/routing-terms.store.ts'
import { amountsIn } from './price-by-rule.ts'
import { rankRules, type KnownRule, type PricingScope } from './pricing-rule.ts'
import { loadRules } from './pricing-rules.store.ts'

export type PricingTerms = {
  routing: RoutingTerms
  stepMaxBasisPoints: number
  /** All that are not deleted, those that are off too. */
  rules: KnownRule[]
  channels: { id: string; name: string; currency: string }[]
  /** Rows of `ruled`, below. */
  ruled: RuledRow[]
  rates: RateRow[]
  /** Neither a rule nor a price that one made: there is nothing to work out. */
  isUnused: boolean
}

type RuledRow = {
  /** Of all on all sales channels, so that it names its row; the first counts. Null: it is off and prices nothing new. */
  rank: number | null
  rule_id: string
  version: number
  channel_id: string
  currency: string
  scope_kind: PricingScope['kind']
  service_id: string | null
  markup_kind: string
  markup: number
  fee: number
  fee_fixed: number | null
  vat_from: string
  vat: number | null
  ending: number | null
  every: number | null
  floor: number | null
  ceiling: number | null
  amounts_known: boolean
}

type RateRow = { f: string; t: string; factor: string; rate: string; on_date: string; source: string }

/** `draft`: a rule as it would be, in the place of the one with its id. */
export async function readPricingTerms(
  tx: Tx,
  change: { draft?: KnownRule; without?: string } = {},
): Promise<PricingTerms> {
  const { draft } = change
  const stored = (await loadRules(tx)).filter((rule) => rule.id !== draft?.id && rule.id !== change.without)
  const rules = draft ? [...stored, draft] : stored
  const { rows } = await sql<{
    channels: PricingTerms['channels']
    suppliers: string[]
    stepMaxBasisPoints: number
    hasPrices: boolean
  }>`
    select t.price_step_max_basis_points as "stepMaxBasisPoints",
      exists (select from rule_prices where tenant_id = t.id) as "hasPrices",
      coalesce((select jsonb_agg(jsonb_build_object('id', id, 'name', name, 'currency', currency) order by name, id)
        from sales_channels where tenant_id = t.id and removed_at is null), '[]') as channels,
      array(select distinct currency from suppliers where tenant_id = t.id) as suppliers
    from tenants t where t.id = ${tx.tenantId}
  `.execute(tx)
  const [row] = rows
  if (!row) throw new Error('A business vanished while its prices were computed.')
  const { channels, stepMaxBasisPoints, hasPrices } = row
  const targets = new Set(channels.map(({ currency }) => currency))
  const sources = new Set([...row.suppliers, ...rules.map(({ currency }) => currency), ...targets])
  const routing = await readRoutingTerms(tx, { supplierIds: [], currencies: [...new Set([...sources, ...targets])] })
  return {
    routing,
    stepMaxBasisPoints,
    isUnused: rules.length === 0 && !hasPrices,
    rules,
    channels,
    ruled: ruledRows(rules, channels, routing),
    rates: rateRows([...sources], [...targets, routing.currency], routing),
  }
}

function ruledRows(rules: KnownRule[], channels: PricingTerms['channels'], routing: RoutingTerms): RuledRow[] {
  const ranked = rankRules(rules)
  let rank = 0
  return channels.flatMap((channel) => {
    const here = ranked.filter(({ channelIds }) => channelIds.length === 0 || channelIds.includes(channel.id))
    // Behind the first for all there is nothing left to price.
    const last = here.findIndex(({ scope }) => scope.kind === 'all')
    const counting = last === -1 ? here : here.slice(0, last + 1)
    const off = rules.filter((rule) => !rule.active)
    return [
      ...counting.map((rule) => ruledRow(rule, channel, rank++, routing)),
      ...off.map((rule) => ruledRow(rule, channel, null, routing)),
    ]
  })
}

function ruledRow(
  rule: KnownRule,
  channel: PricingTerms['channels'][number],
  rank: number | null,
  terms: RoutingTerms,
): RuledRow {
  const { currency } = channel
  const converted = amountsIn(rule, { currency, terms })
  const { markup, fee, vat, ending } = rule
  return {
    rank,
    rule_id: rule.id,
    version: rule.version,
    channel_id: channel.id,
    currency,
    scope_kind: rule.scope.kind,
    service_id: rule.shippingServiceId,
    markup_kind: markup.kind,
    markup: markup.kind === 'amount' ? (converted?.amounts.markupMinor ?? 0) : markup.basisPoints,
    fee: fee.basisPoints,
    fee_fixed: converted?.amounts.feeFixedMinor ?? null,
    vat_from: vat.from,
    vat: vat.rateBasisPoints,
    ending: ending?.minor ?? null,
    every: ending?.every ?? null,
    floor: converted?.amounts.floorMinor ?? null,
    ceiling: converted?.amounts.ceilingMinor ?? null,
    amounts_known: converted !== undefined,
  }
}

function rateRows(from: string[], to: string[], { rateOf }: RoutingTerms): RateRow[] {
  return from.flatMap((f) =>
    [...new Set(to)].flatMap((t) => {
      const found = f === t ? null : rateOf(f, t)
      if (!found) return []
      // As convertMoney() does it: the shift between minor units is exact in both.
      const factor = new Big(found.rate).times(new Big(10).pow(minorDigits(t) - minorDigits(f))).toFixed()
      return [{ f, t, factor, rate: found.rate, on_date: found.onDate, source: found.source }]
    }),
  )
}

/** The two small tables, as parts of a statement. */
export function termsTables({ ruled, rates }: PricingTerms): RawBuilder<unknown> {
  return sql`ruled as materialized (
    select * from jsonb_to_recordset(${JSON.stringify(ruled)}::jsonb) as r (rank int, rule_id uuid, version int, channel_id uuid,
      currency text, scope_kind text, service_id uuid, markup_kind text, markup bigint, fee bigint, fee_fixed bigint, vat_from text,
      vat bigint, ending bigint, every bigint, floor bigint, ceiling bigint, amounts_known boolean)
  ), rates as materialized (
    select * from jsonb_to_recordset(${JSON.stringify(rates)}::jsonb)
      as r (f text, t text, factor numeric, rate numeric(20, 10), on_date date, source text)
  )`
}
