// What Wish takes of a product, and what it would surely refuse besides. Lengths from its OpenAPI 3.0.65.
import { plainText } from '../../domain/listings/description.ts'
import { draftFaults, fetchedPictureFaults, joinedFaults } from '../../domain/listings/draft-faults.ts'
import { highestShipping } from '../../domain/listings/known-of-variant.ts'
import { moneyText, parseMoney } from '../../domain/money.ts'
import type { Money } from '../../domain/money.ts'
import type { KnownOfVariant, ListingDraft, ListingFault, ListingLimits, Site } from '../connector.ts'
import { asText } from '../reading.ts'

const skuMax = 80
export const tagsMax = 10
export const shippingAttribute = 'default_shipping_price'

export function limits(): ListingLimits {
  return {
    // None is published for the name: ours.
    titleMax: 255,
    descriptionMax: 4000,
    descriptionTags: [],
    imagesMin: 1,
    // The main one and a hundred others.
    imagesMax: 101,
    imageSide: null,
    skuMax,
    variationsMax: 400,
    // COLOR and SIZE; what else a variation has is an attribute of its category.
    variationAttributesMax: 2,
    price: null,
    quantityMax: 500_000,
    forbiddenWords: [],
  }
}

/** All that can be said without asking; formatting that is not taken goes when it is sent. */
export function faultsOf(draft: ListingDraft, site: Site): ListingFault[] {
  const plain = { ...draft, description: plainText(draft.description) }
  const general = draftFaults(plain, { limits: limits(), attributes: [], currencies: [site.currency] })
  return joinedFaults(general, faults(draft, site))
}

export function faults(draft: ListingDraft, site: Site): ListingFault[] {
  const { attributes, channelSku } = draft
  const found: ListingFault[] = []
  const say = (attribute: string, message: string) => found.push({ field: 'attribute', attribute, message })
  const category = asText(attributes['category_id'])
  if (category === null) say('category_id', 'The category is missing: give its number at Wish.')
  if (category !== null && !/^\d{1,9}$/.test(category))
    say('category_id', `“${category}” is no category: it is a number.`)
  if (!shippingPriceOf(draft, site)) {
    say(shippingAttribute, `The shipping price is missing or no price in ${site.currency}: give it, such as 2.50.`)
  }
  const country = asText(attributes['origin_country'])
  if (country !== null && !/^[a-z]{2}$/i.test(country)) {
    say('origin_country', `“${country}” is no country of two letters, such as GB.`)
  }
  const tags = (attributes['tags'] ?? '').split('|').filter((tag) => tag.trim() !== '')
  if (tags.length > tagsMax) say('tags', `There are ${tags.length} tags and at most ${tagsMax} are taken: remove some.`)
  if (draft.variations && channelSku.trim() === '') {
    found.push({
      field: 'sku',
      message: 'The product itself needs a SKU besides those of its variations: give it one.',
    })
  }
  if (draft.variations && channelSku.trim().length > skuMax) {
    found.push({ field: 'sku', message: `The product’s SKU is too long. At most ${skuMax} characters are taken.` })
  }
  return [...found, ...fetchedPictureFaults(draft, 'Wish')]
}

/** For shipping one of any of its variations, to wherever no other price is said. */
export function derive(variants: KnownOfVariant[]): Record<string, string> {
  const shipping = highestShipping(variants)
  return shipping ? { [shippingAttribute]: moneyText(shipping) } : {}
}

export function shippingPriceOf({ attributes }: ListingDraft, site: Site): Money | undefined {
  const price = parseMoney(attributes[shippingAttribute] ?? '', site.currency)
  return price && price.minor >= 0 ? price : undefined
}
