// Exchange rates as rows: one a day for each pair of currencies, entered by hand.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { recordAudit } from '../channels/audit.store.ts'
import { sweepPrices } from '../pricing/price-sweeps.store.ts'
import { rateFaults, rateFinder, type ExchangeRate, type TypedRate } from './exchange-rates.ts'

export type ExchangeRateRow = ExchangeRate & { id: string; enteredBy: string }

export type ExchangeRateList = {
  /** The business's own: costs are compared in it. */
  currency: string
  rates: ExchangeRateRow[]
  /** Currencies of active suppliers that cannot be compared today. */
  missing: string[]
}

const shownMax = 500

/** Newest first. */
export async function listExchangeRates(tx: Tx): Promise<ExchangeRateList> {
  const { rows: rates } = await sql<ExchangeRateRow>`
    select id, from_currency as "from", to_currency as "to", trim_scale(rate)::text as rate, on_date::text as "onDate", source,
      entered_by as "enteredBy"
    from exchange_rates where tenant_id = ${tx.tenantId}
    order by on_date desc, from_currency, to_currency limit ${shownMax}
  `.execute(tx)
  const { rows } = await sql<{ currency: string; used: string[]; newest: ExchangeRate[] }>`
    select t.currency,
      array(select distinct s.currency from suppliers s where s.tenant_id = t.id and s.active) as used,
      coalesce((
        select jsonb_agg(n) from (
          select distinct on (from_currency, to_currency) from_currency as "from", to_currency as "to", rate::text as rate,
            on_date as "onDate", source
          from exchange_rates where tenant_id = t.id and on_date <= (app_now() at time zone t.time_zone)::date
          order by from_currency, to_currency, on_date desc
        ) n
      ), '[]') as newest
    from tenants t where t.id = ${tx.tenantId}
  `.execute(tx)
  const [business] = rows
  if (!business) throw new Error('A business vanished while its exchange rates were read.')
  const { currency, used, newest } = business
  const rateOf = rateFinder(newest, currency)
  return { currency, rates, missing: used.filter((code) => code !== currency && !rateOf(code, currency)).toSorted() }
}

export type AddRateResult = { kind: 'added' } | { kind: 'refused'; reason: 'invalid'; fields: Record<string, string> }

/** A second one for the same day takes the place of the first; purchase orders keep the rate they were written with. */
export async function addExchangeRate(tx: Tx, typed: TypedRate & { actor: string }): Promise<AddRateResult> {
  const rate = { ...typed, from: typed.from.toUpperCase(), to: typed.to.toUpperCase(), rate: typed.rate.trim() }
  const { rows } = await sql<{ today: string }>`
    select (app_now() at time zone time_zone)::date::text as today from tenants where id = ${tx.tenantId}
  `.execute(tx)
  const fields = rateFaults(rate, rows[0]?.today ?? '')
  if (Object.keys(fields).length > 0) return { kind: 'refused', reason: 'invalid', fields }
  const { from, to, onDate, actor } = rate
  const source = rate.source.trim()
  await sql`
    insert into exchange_rates (tenant_id, id, from_currency, to_currency, rate, on_date, source, entered_by)
    values (${tx.tenantId}, ${tx.ids.uuid()}, ${from}, ${to}, ${rate.rate}, ${onDate}, ${source}, ${actor})
    on conflict (tenant_id, from_currency, to_currency, on_date)
    do update set rate = excluded.rate, source = excluded.source, entered_by = excluded.entered_by, created_at = app_now()
  `.execute(tx)
  const data = { rate: rate.rate, onDate, source }
  await recordAudit(tx, { actor, action: 'add-exchange-rate', subject: `${from}/${to}`, data })
  await sweepPrices(tx)
  await tx.notify('catalog')
  return { kind: 'added' }
}
