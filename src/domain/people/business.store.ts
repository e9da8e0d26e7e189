// What a business decides for itself as a whole.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { recordAudit } from '../channels/audit.store.ts'
import { sweepPrices } from '../pricing/price-sweeps.store.ts'

export type Business = {
  name: string
  currency: string
  timeZone: string
  reclaimsVat: boolean
  unmappedKeepDays: number
  buyerDataDays: number
  deadlineWarningHours: number
}

export type BusinessChange = {
  [Key in Exclude<keyof Business, 'currency' | 'timeZone'>]?: Business[Key] | undefined
}

export async function loadBusinessSettings(tx: Tx): Promise<Business> {
  const { rows } = await sql<Business>`
    select name, currency, time_zone as "timeZone", reclaims_vat as "reclaimsVat", unmapped_keep_days as "unmappedKeepDays",
      buyer_data_days as "buyerDataDays", deadline_warning_hours as "deadlineWarningHours"
    from tenants where id = ${tx.tenantId}
  `.execute(tx)
  const [business] = rows
  if (!business) throw new Error('A session without its business.')
  return business
}

export async function changeBusiness(tx: Tx, change: BusinessChange, actor: string): Promise<Business> {
  await sql`
    update tenants set name = coalesce(${change.name ?? null}::text, name),
      reclaims_vat = coalesce(${change.reclaimsVat ?? null}::boolean, reclaims_vat),
      unmapped_keep_days = coalesce(${change.unmappedKeepDays ?? null}::int, unmapped_keep_days),
      buyer_data_days = coalesce(${change.buyerDataDays ?? null}::int, buyer_data_days),
      deadline_warning_hours = coalesce(${change.deadlineWarningHours ?? null}::int, deadline_warning_hours)
    where id = ${tx.tenantId}
  `.execute(tx)
  // Costs are with or without it.
  if (change.reclaimsVat !== undefined) await sweepPrices(tx)
  await recordAudit(tx, { actor, action: 'change-business', subject: tx.tenantId, data: change })
  return loadBusinessSettings(tx)
}
