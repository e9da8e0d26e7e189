// What Amazon takes of a listing, and what it would surely refuse besides. What a product type asks for is in its rules.
import { fitDescription } from '../../domain/listings/description.ts'
import { draftFaults, fetchedPictureFaults, joinedFaults } from '../../domain/listings/draft-faults.ts'
import type { ListingDraft, ListingFault, ListingLimits } from '../connector.ts'
import { asText } from '../reading.ts'
import { asinKey, categoryKey, themeKey } from './attribute-shape.ts'
import { siteOf } from './marketplaces.ts'

/** One main picture and eight others. */
export const imagesMax = 9
const skuMax = 40

/** Seller Central's requirements for titles, descriptions and pictures (2026-09); the SKU's length from the model. */
export function limits(): ListingLimits {
  return {
    titleMax: 200,
    descriptionMax: 2000,
    descriptionTags: ['br'],
    imagesMin: 1,
    imagesMax,
    imageSide: { min: 500, max: 10_000 },
    skuMax,
    variationsMax: 2000,
    // The theme decides; none has more.
    variationAttributesMax: 5,
    price: null,
    quantityMax: null,
    forbiddenWords: ['free shipping', '100% quality guaranteed'],
  }
}

/** An offer on a product that Amazon has. */
export function joins({ attributes }: Pick<ListingDraft, 'attributes'>): boolean {
  return asText(attributes[asinKey]) !== null
}

/** All that can be said without asking; formatting that is not taken goes when it is sent. */
export function faultsOf(draft: ListingDraft, siteId: string): ListingFault[] {
  const currencies = [siteOf(siteId).currency]
  const onlyOffer = joins(draft)
  const description = fitDescription(draft.description, limits().descriptionTags)
  const rules = { limits: limits(), attributes: [], currencies, onlyOffer }
  return joinedFaults(draftFaults({ ...draft, description }, rules), faults(draft))
}

export function faults(draft: ListingDraft): ListingFault[] {
  if (joins(draft)) return offerFaults(draft)
  const found: ListingFault[] = []
  if (asText(draft.attributes[categoryKey]) === null) {
    found.push({ field: 'category', message: 'No product type is chosen: choose one as the category.' })
  }
  if (asText(draft.brand) === null && asText(draft.attributes['brand']) === null) {
    const message = 'Amazon needs a brand: give the product one, or “Generic” where it has none.'
    found.push({ field: 'brand', message })
  }
  const signs = [...new Set(titleWithoutBrand(draft).match(/[!$?_{}^¬¦]/g))]
  if (signs.length > 0) {
    found.push({ field: 'title', message: `Amazon takes no ${signs.join(' ')} in a title: remove it.` })
  }
  found.push(...fetchedPictureFaults(draft, 'Amazon'))
  return draft.variations ? [...found, ...familyFaults(draft, draft.variations)] : found
}

function offerFaults({ attributes, variations }: ListingDraft): ListingFault[] {
  if (variations) {
    const message = 'A product with variations cannot join one product of Amazon’s: join each variation to its own.'
    return [{ field: 'variations', message }]
  }
  const asin = asText(attributes[asinKey]) ?? ''
  if (/^[A-Z0-9]{10}$/.test(asin)) return []
  const message = `“${asin}” is no ASIN: it has 10 letters and digits, such as B000000001.`
  return [{ field: 'attribute', attribute: asinKey, message }]
}

/** The parent is a listing of its own. */
function familyFaults(draft: ListingDraft, variations: NonNullable<ListingDraft['variations']>): ListingFault[] {
  const found: ListingFault[] = []
  const sku = draft.channelSku.trim()
  const say = (message: string) => found.push({ field: 'sku', message })
  if (sku === '') say('The product itself needs a SKU besides those of its variations: give it one.')
  if (sku.length > skuMax) {
    say(`The product’s SKU has ${sku.length} characters, ${sku.length - skuMax} too many. At most ${skuMax} are taken.`)
  }
  if (sku !== '' && variations.some(({ channelSku }) => channelSku.trim() === sku)) {
    say(`The product and one of its variations have the same SKU “${sku}”: give the product another one.`)
  }
  if (asText(draft.attributes[themeKey]) === null) {
    const message = 'Amazon needs to know what tells the variations apart: choose the variation theme.'
    found.push({ field: 'attribute', attribute: themeKey, message })
  }
  return found
}

/** A brand may be written as it is. */
function titleWithoutBrand({ title, brand }: ListingDraft): string {
  return brand === null || brand.trim() === '' ? title : title.replaceAll(brand.trim(), '')
}
