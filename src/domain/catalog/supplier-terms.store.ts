// What a supplier agreed with the seller: when he is paid, how much credit he gives, what VAT he charges, where he sends to.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { isCountry } from '../countries.ts'
import type { Money } from '../money.ts'

export type SupplierTerms = {
  terms: 'prepaid' | 'on-account'
  paymentDays: number
  /** Null: no limit. */
  creditLimit: Money | null
  invoicePer: 'purchase-order' | 'day'
  chargesVat: boolean
  vatRateBasisPoints: number
  /** ISO 3166-1 alpha-2. Null: everywhere. */
  shipToCountries: string[] | null
  postalAddress: string
  vatNumber: string | null
}

export type TermsChange = { [Key in keyof SupplierTerms]?: SupplierTerms[Key] | undefined }

/** The supplier is locked, or new. Fields that are wrong are answered, and nothing is written. */
export async function saveTerms(tx: Tx, supplierId: string, change: TermsChange): Promise<Record<string, string>> {
  if (Object.values(change).every((value) => value === undefined)) return {}
  const before = await readTerms(tx, supplierId)
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
  const after: SupplierTerms = { ...before.terms, ...given }
  const countries = after.shipToCountries && [...new Set(after.shipToCountries.map((code) => code.toUpperCase()))]
  const wrong = {
    ...wrongFields(after, before.currency),
    ...(change.shipToCountries ? wrongCountries(countries ?? []) : {}),
  }
  if (Object.keys(wrong).length > 0) return wrong
  await sql`
    update suppliers set terms = ${after.terms}, payment_days = ${after.paymentDays},
      credit_limit_minor = ${after.creditLimit?.minor ?? null}, invoice_per = ${after.invoicePer},
      charges_vat = ${after.chargesVat}, vat_rate_basis_points = ${after.vatRateBasisPoints},
      ship_to_countries = ${countries}::text[], postal_address = ${after.postalAddress.trim()},
      vat_number = ${after.vatNumber?.trim() || null}
    where tenant_id = ${tx.tenantId} and id = ${supplierId}
  `.execute(tx)
  // Under the new terms others may go on: what waits for payment, and what nobody would send there.
  await tx.enqueue('settle-invoices', {}, { key: tx.tenantId })
  await tx.enqueue('route-waiting', {}, { key: tx.tenantId })
  return {}
}

function wrongFields(terms: SupplierTerms, currency: string): Record<string, string> {
  return {
    ...(terms.terms === 'prepaid' && terms.invoicePer === 'day'
      ? { invoicePer: 'Who is paid before anything is sent invoices each purchase order by itself.' }
      : {}),
    ...(terms.creditLimit && terms.creditLimit.currency !== currency
      ? { creditLimit: `The credit limit is in ${currency}, as all costs of this supplier.` }
      : {}),
  }
}

function wrongCountries(codes: string[]): Record<string, string> {
  const wrong = codes.filter((code) => !isCountry(code))
  if (wrong.length === 0) return {}
  const said = wrong.length === 1 ? `${wrong[0]} is no country` : `${wrong.join(', ')} are no countries`
  return { shipToCountries: `${said} of ISO 3166-1${wrong.includes('UK') ? '; the United Kingdom is GB' : ''}.` }
}

async function readTerms(tx: Tx, supplierId: string): Promise<{ currency: string; terms: SupplierTerms }> {
  const { rows } = await sql<{ currency: string; terms: SupplierTerms }>`
    select currency, jsonb_build_object(${termColumns}) as terms
    from suppliers s where tenant_id = ${tx.tenantId} and id = ${supplierId}
  `.execute(tx)
  const row = rows[0]
  if (!row) throw new Error('Terms are of a supplier that is there.')
  return row
}

/** Names and values for `jsonb_build_object`, of suppliers `s`. */
export const termColumns = sql`
  'terms', s.terms, 'paymentDays', s.payment_days, 'creditLimit', case when s.credit_limit_minor is not null
    then jsonb_build_object('minor', s.credit_limit_minor, 'currency', s.currency) end,
  'invoicePer', s.invoice_per, 'chargesVat', s.charges_vat, 'vatRateBasisPoints', s.vat_rate_basis_points,
  'shipToCountries', s.ship_to_countries, 'postalAddress', s.postal_address, 'vatNumber', s.vat_number
`
