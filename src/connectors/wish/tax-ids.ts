// Numbers that customs look for on the label (IOSS, VAT, VOEC, EORI, the buyer's own). Without them a parcel is stopped or
// taxed twice, so they travel with the address: it is what reaches the supplier who prints the label.
import { asObject, asText } from '../reading.ts'
import type { JsonObject } from '../reading.ts'

export function taxIdsOf(order: JsonObject): string[] {
  const tax = asObject(order['tax_information'])
  const vat = asObject(tax?.['vat_information'])
  const numbers = asObject(vat?.['required_vat_numbers'])
  const payer = asObject(asObject(vat?.['eu_vat_customs_declaration'])?.['vat_payer'])
  const numberOf = (name: string) => asText(asObject(numbers?.[name])?.['number'])
  const buyers = asText(tax?.['customer_identity_number_type']) ?? 'ID'
  const ids: [string, string | null][] = [
    ['IOSS', asText(payer?.['ioss_number'])],
    ['VAT', numberOf('vat')],
    ['VOEC', numberOf('voec')],
    ['EORI', numberOf('eori')],
    [buyers, asText(tax?.['customer_identity_number'])],
  ]
  return ids.flatMap(([name, number]) => (number === null ? [] : [`${name} ${number}`]))
}
