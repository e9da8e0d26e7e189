// Amazon's issues with a listing → the part they are about and what to do. An issue has a code, a text and the attributes
// it is about; codes from the fact sheet's threads and from Seller Central's list of error codes (2026-09).
import type { ListingFault } from '../connector.ts'
import { asArray, asText } from '../reading.ts'
import type { JsonObject } from '../reading.ts'

/** "…text… (code 90220: bullet_point) · …"; of a product with variations the SKU stands before them in quotes. */
export function explainRefusal(reason: string): ListingFault[] {
  const whole = reason.replace(/ \(Amazon’s request id: [^)]*\)$/, '')
  const [, sku, texts = whole] = /^“([^”]+)”: (.*)$/s.exec(whole) ?? []
  return texts
    .split(' · ')
    .filter((text) => text.trim() !== '')
    .flatMap((text) => {
      const [, code, names = ''] = /\(code (\w+)(?:: ([^)]*))?\)$/.exec(text) ?? []
      const faults = faultsOf({ code, names: names.split(', ').filter(Boolean), text })
      return sku === undefined ? faults : faults.map((fault) => ({ ...fault, channelSku: sku }))
    })
}

export function explainIssue(issue: JsonObject): ListingFault[] {
  const names = (asArray(issue['attributeNames']) ?? [issue['attributeName']]).flatMap((name) => asText(name) ?? [])
  return faultsOf({ code: asText(issue['code']) ?? undefined, names, text: asText(issue['message']) ?? '' })
}

type Said = { code: string | undefined; names: string[]; text: string }

function faultsOf({ code, names, text }: Said): ListingFault[] {
  const known = code === undefined ? undefined : messages[code]
  // A sentence of ours says itself what to do.
  const otherwise =
    code === undefined && names.length === 0 ? text : 'Amazon refused it. Its own words say why: change that.'
  if (names.length === 0) return [{ field: fieldInWords(text), message: known ?? otherwise, theirs: text }]
  return names.map((name) => ({ ...placeOf(name), message: known ?? otherwise, theirs: text }))
}

const messages: Record<string, string> = {
  90220: 'Amazon needs this and it is missing: fill it in.',
  99001: 'Amazon needs this and it is missing: fill it in.',
  99010: 'Amazon needs this and it is missing: fill it in.',
  90000900: 'Amazon does not take this value here: choose another one.',
  90057: 'Amazon does not take this value here: choose another one.',
  99022: 'Amazon does not take the listing as it is: see its own words.',
  18027: 'Amazon cannot use a picture: it must be reachable from the web, at least 500 pixels a side, JPG or PNG.',
  13013: 'This SKU was deleted at Amazon a short while ago: wait 24 hours, then list it again.',
  5461: 'This brand may not be listed without its approval: apply for it in Seller Central.',
  5665: 'Amazon does not know this brand: apply for it in Seller Central, or choose another one.',
  8541: 'The barcode belongs to another product at Amazon: check it, or join that product.',
  8560: 'Amazon could not match this to a product and lacks what is needed to make one: fill in what is missing.',
  8567: 'You may not list this product without approval: apply for it in Seller Central.',
  8572: 'Amazon does not accept this barcode: check it, or apply for an exemption in Seller Central.',
  4000000: 'Amazon had a fault of its own: send it again later.',
}

function placeOf(name: string): Pick<ListingFault, 'field' | 'attribute'> {
  const field = fields[name]
  if (field !== undefined) return { field }
  return /_image_locator/.test(name) ? { field: 'images' } : { field: 'attribute', attribute: name }
}

const fields: Record<string, ListingFault['field']> = {
  item_name: 'title',
  product_description: 'description',
  product_type: 'category',
  purchasable_offer: 'price',
  list_price: 'price',
  fulfillment_availability: 'quantity',
  externally_assigned_product_identifier: 'barcode',
  supplier_declared_has_product_identifier_exemption: 'barcode',
  brand: 'brand',
  variation_theme: 'variations',
  parentage_level: 'variations',
  child_parent_sku_relationship: 'variations',
}

function fieldInWords(text: string): ListingFault['field'] {
  if (/\bimages?\b|\bpictures?\b/i.test(text)) return 'images'
  if (/\btitle\b/i.test(text)) return 'title'
  if (/\bproduct type\b/i.test(text)) return 'category'
  if (/\bSKU\b/.test(text)) return 'sku'
  if (/\bprice\b/i.test(text)) return 'price'
  return null
}
