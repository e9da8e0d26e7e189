// Amazon's own catalogue: products it has with our barcodes, and whether the seller may join one.
import type { Call, ListingDraft, ListingFault, ListingMatch } from '../connector.ts'
import { readGtin } from '../../domain/catalog/gtin.ts'
import { asText, objectIn } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import { sellerIdOf } from './account.ts'
import type { AmazonAccount } from './account.ts'
import { asinKey, categoryKey, conditionOf } from './attribute-shape.ts'
import { productPage } from './listings.ts'
import { objectsIn } from './read.ts'
import { ask } from './request.ts'

/** Barcodes in one search. */
const identifiersMax = 20

/** A GTIN-14 is one kind, twelve digits another, the rest a third; a search takes one kind. */
const kinds: Record<number, string> = { 8: 'EAN', 12: 'UPC', 13: 'EAN', 14: 'GTIN' }

export async function matchProducts(call: Call<AmazonAccount>, draft: ListingDraft): Promise<ListingMatch[]> {
  const written = (draft.variations ?? [draft]).map(({ barcode }) => barcode)
  const barcodes = [...new Set(written.flatMap((one) => (one === null ? [] : (readGtin(one) ?? []))))]
  const matches: ListingMatch[] = []
  for (const [kind, all] of Map.groupBy(barcodes, (one) => kinds[one.length] ?? 'EAN')) {
    for (let from = 0; from < all.length; from += identifiersMax) {
      matches.push(...(await search(call, kind, all.slice(from, from + identifiersMax))))
    }
  }
  return matches
}

async function search(call: Call<AmazonAccount>, identifiersType: string, barcodes: string[]): Promise<ListingMatch[]> {
  const query = {
    marketplaceIds: call.site.id,
    identifiersType,
    identifiers: barcodes.join(','),
    includedData: 'summaries,identifiers,images,productTypes',
    pageSize: identifiersMax,
  }
  const url = '/catalog/2022-04-01/items'
  const response = await ask(call, 'searchCatalogItems', { method: 'GET', url, query })
  const items = objectsIn(objectIn(response, 'products of its catalogue')['items'])
  return items.flatMap((item) => toMatch(item, call.site.id, barcodes) ?? [])
}

function toMatch(item: JsonObject, siteId: string, barcodes: string[]): ListingMatch | undefined {
  const here = (name: string) => objectsIn(item[name]).find((one) => one['marketplaceId'] === siteId)
  const asin = asText(item['asin'])
  const summary = here('summaries')
  // A family is no product that can be sold.
  if (asin === null || summary?.['itemClassification'] === 'VARIATION_PARENT') return undefined
  const known = objectsIn(here('identifiers')?.['identifiers']).map((one) => asText(one['identifier']) ?? '')
  const [only] = barcodes.length === 1 ? barcodes : []
  const barcode = barcodes.find((one) => known.some((other) => sameGtin(one, other))) ?? only
  if (barcode === undefined) return undefined
  const images = objectsIn(here('images')?.['images'])
  const productType = asText(here('productTypes')?.['productType'])
  return {
    title: asText(summary?.['itemName']) ?? asin,
    imageUrl: asText((images.find((one) => one['variant'] === 'MAIN') ?? images[0])?.['link']),
    url: productPage(siteId, asin),
    barcode,
    categoryId: productType,
    attributes: { [asinKey]: asin, ...(productType === null ? {} : { [categoryKey]: productType }) },
  }
}

/** Twelve digits and the same with a zero before them are one barcode. */
function sameGtin(one: string, other: string): boolean {
  return one.padStart(14, '0') === other.padStart(14, '0')
}

/** Why the seller may not join the product, where Amazon wants an approval first. */
export async function restrictionFaults(call: Call<AmazonAccount>, draft: ListingDraft): Promise<ListingFault[]> {
  const asin = asText(draft.attributes[asinKey])
  if (asin === null) return []
  const query = {
    asin,
    sellerId: sellerIdOf(call),
    marketplaceIds: call.site.id,
    conditionType: conditionOf(draft),
  }
  const url = '/listings/2021-08-01/restrictions'
  const response = await ask(call, 'getListingsRestrictions', { method: 'GET', url, query })
  const restrictions = objectsIn(objectIn(response, 'the restrictions')['restrictions'])
  const reasons = restrictions.flatMap((one) => objectsIn(one['reasons'])).map((one) => asText(one['message']))
  if (restrictions.length === 0) return []
  const theirs = reasons.filter((text) => text !== null).join(' ')
  const message = 'You may not sell this product in this condition yet: apply for approval in Seller Central.'
  return [{ field: 'attribute', attribute: asinKey, message, ...(theirs === '' ? {} : { theirs }) }]
}
