// What Reverb takes of a listing, and what it would surely refuse besides.
import { fitDescription } from '../../domain/listings/description.ts'
import { draftFaults, fetchedPictureFaults, joinedFaults } from '../../domain/listings/draft-faults.ts'
import type { ListingDraft, ListingFault, ListingLimits, Site } from '../connector.ts'
import { asText } from '../reading.ts'
import { knownAttributes } from './attributes.ts'
import { brandNew, takesQuantity } from './conditions.ts'
import { shippingFaults } from './shipping-rate.ts'

/** A category and at most two below it. */
const categoriesMax = 3

/** Reverb publishes no lengths: those here are ours, and what is beyond is refused in its words. See NOTES.md. */
export function limits(): ListingLimits {
  return {
    titleMax: 255,
    descriptionMax: 50_000,
    descriptionTags: ['p', 'br', 'ul', 'ol', 'li', 'b', 'strong', 'i', 'em', 'u'],
    imagesMin: 1,
    imagesMax: 25,
    imageSide: null,
    skuMax: 255,
    // One listing is one SKU: a variant becomes a listing of its own.
    variationsMax: 1,
    variationAttributesMax: 3,
    price: null,
    quantityMax: null,
    forbiddenWords: [],
  }
}

/** All that can be said without asking; formatting that is not taken goes when it is sent. */
export function faultsOf(draft: ListingDraft, site: Site): ListingFault[] {
  const { currencies } = site
  const description = fitDescription(draft.description, limits().descriptionTags)
  const general = draftFaults({ ...draft, description }, { limits: limits(), attributes: [], currencies })
  return joinedFaults(general, faults(draft))
}

export function faults(whole: ListingDraft): ListingFault[] {
  const draft = singleOf(whole)
  const { attributes, quantity } = draft
  const found: ListingFault[] = []
  const say = (field: ListingFault['field'], message: string) => found.push({ field, message })
  const categories = uuidsIn(attributes['category'])
  if (categories.length === 0) say('category', 'No category is chosen: choose one.')
  if (categories.length > categoriesMax)
    say('category', `Reverb takes at most ${categoriesMax} categories: choose fewer.`)
  // Publishing with stock 0 ends what it begins.
  if (quantity === 0)
    say('quantity', 'Nothing is in stock, and Reverb ends a listing that shows 0: list it once there is.')
  if (!takesQuantity(asText(attributes['condition']) ?? brandNew) && quantity > 1) {
    say('quantity', 'A used item is one of a kind at Reverb: its stock is 1.')
  }
  for (const attribute of Object.keys(attributes).filter((name) => !knownAttributes.includes(name))) {
    const message = `Reverb has no attribute “${attribute}”: remove it. Known are: ${knownAttributes.join(', ')}.`
    found.push({ field: 'attribute', attribute, message })
  }
  return [...found, ...shippingFaults(draft), ...fetchedPictureFaults(draft, 'Reverb')]
}

/** A product of one variation is that variation. */
export function singleOf(draft: ListingDraft): ListingDraft {
  const { variations = [], ...whole } = draft
  const [only, another] = variations
  if (!only || another) return whole
  const { channelSku, price, quantity, barcode, image } = only
  const images = image === null ? whole.images : [image, ...whole.images.filter((one) => one !== image)]
  return { ...whole, channelSku, price, quantity, barcode, images }
}

export function uuidsIn(text: string | undefined): string[] {
  return (text ?? '')
    .split(/[,|]/)
    .map((uuid) => uuid.trim())
    .filter((uuid) => uuid !== '')
}
