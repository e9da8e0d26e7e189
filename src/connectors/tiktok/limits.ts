// What TikTok Shop takes of a product, by market, and what it would surely refuse besides.
import { fitDescription, plainText } from '../../domain/listings/description.ts'
import { draftFaults, joinedFaults } from '../../domain/listings/draft-faults.ts'
import type { ListingDraft, ListingFault, ListingLimits, Site } from '../connector.ts'
import { certificationPrefix, keys, numberIn, valueIdIn, valuesIn } from './attribute-keys.ts'

/** From the reference of "create product" (2026-09), as are all figures here. */
export const imagesMax = 9
const ownNameMax = 20
const ownValueMax = 50

/** Lowest and highest price that buyers are shown, in minor units. Of other markets none is known. */
const priceRanges: Record<string, [number, number]> = { GBP: [1, 560_000], EUR: [1, 630_000], USD: [1, 760_000] }
/** Brazil and Mexico take longer titles; outside these and the markets above a title has at least 25 characters. */
const longTitleCurrencies = ['BRL', 'MXN']
const shortTitleCurrencies = [...longTitleCurrencies, 'GBP', 'EUR', 'USD', 'JPY']
const titleMinElsewhere = 25

/** All elements are taken but links, and pictures only where TikTok Shop itself keeps them. */
export const descriptionTags =
  'p br ul ol li b strong i em u h1 h2 h3 h4 h5 h6 blockquote table thead tbody tr th td'.split(' ')

export function limits({ currency }: Site): ListingLimits {
  const range = priceRanges[currency]
  return {
    titleMax: longTitleCurrencies.includes(currency) ? 300 : 255,
    descriptionMax: 10_000,
    descriptionTags,
    imagesMin: 1,
    imagesMax,
    imageSide: { min: 300, max: 4000 },
    skuMax: 50,
    variationsMax: 100,
    variationAttributesMax: 3,
    price: range ? { min: { minor: range[0], currency }, max: { minor: range[1], currency } } : null,
    quantityMax: 99_999,
    // Which words are restricted is published nowhere: the listing check tells.
    forbiddenWords: [],
  }
}

/** All that can be said without asking; formatting that is not taken goes when it is sent. */
export function faultsOf(draft: ListingDraft, site: Site): ListingFault[] {
  const description = fitDescription(draft.description, descriptionTags)
  const general = draftFaults(
    { ...draft, description },
    { limits: limits(site), attributes: [], currencies: site.currencies },
  )
  return joinedFaults(general, faults(draft, site))
}

export function faults(draft: ListingDraft, site: Site): ListingFault[] {
  const { title, description, attributes } = draft
  const found: ListingFault[] = []
  if (valuesIn(attributes[keys.category]).length !== 1) {
    found.push({ field: 'category', message: 'No category is chosen: choose one.' })
  }
  if (numberIn(draft, keys.weight) === undefined) {
    const message = 'The weight of the parcel is missing: give it in kg, such as 0.4.'
    found.push({ field: 'attribute', attribute: keys.weight, message })
  }
  const isShort = !shortTitleCurrencies.includes(site.currency) && title.trim().length < titleMinElsewhere
  if (isShort && title.trim() !== '') {
    const message = `The title has ${title.trim().length} characters and needs ${titleMinElsewhere} in this market: say more.`
    found.push({ field: 'title', message })
  }
  found.push(...textFaults('title', title), ...textFaults('description', plainText(description)))
  return [...found, ...skuFaults(draft), ...linkFaults(draft)]
}

/** Codes 12052931 and 12052932. */
function textFaults(field: 'title' | 'description', text: string): ListingFault[] {
  const say = (message: string): ListingFault => ({ field, message })
  const found: ListingFault[] = []
  if (/\p{Extended_Pictographic}/u.test(text.replace(/[©®™]/g, ''))) {
    found.push(say(`The ${field} has an emoji in it: remove it.`))
  }
  if (field === 'title' && /&(#\d+|[a-z]+);/i.test(text)) {
    found.push(say('The title holds HTML such as “&amp;”: write the character itself.'))
  }
  if (/(?![\t\n\r])\p{Control}/u.test(text))
    found.push(say(`The ${field} holds characters that cannot be seen: remove them.`))
  if (/([^\s])\1{9,}/u.test(text)) found.push(say(`The ${field} repeats a character more than 9 times: shorten it.`))
  if (text.trim() !== '' && !/[\p{L}\p{N}]/u.test(text))
    found.push(say(`The ${field} is nothing but signs: write words.`))
  return found
}

function skuFaults({ variations, ...draft }: ListingDraft): ListingFault[] {
  const found: ListingFault[] = []
  for (const { channelSku, attributes } of variations ?? [{ ...draft, attributes: {} }]) {
    const where = variations ? { channelSku } : {}
    if (/\s/.test(channelSku.trim())) {
      const message = `A SKU has no blanks here, and “${channelSku}” has: list it under a SKU without.`
      found.push({ field: 'sku', ...where, message })
    }
    for (const [key, value] of Object.entries(attributes)) {
      const say = (message: string) => found.push({ field: 'attribute', attribute: key, ...where, message })
      if (!/^\d+$/.test(key) && key.length > ownNameMax) {
        say(`“${key}” is too long a name for what tells variations apart. At most ${ownNameMax} characters are taken.`)
      }
      if (valueIdIn(value) === null && value.length > ownValueMax) {
        say(`“${value}” is too long. At most ${ownValueMax} characters are taken.`)
      }
    }
  }
  return found
}

/** Size charts and certificates are links to pictures. */
function linkFaults({ attributes }: ListingDraft): ListingFault[] {
  return Object.entries(attributes).flatMap(([key, text]): ListingFault[] => {
    if (key !== keys.sizeChart && !key.startsWith(certificationPrefix)) return []
    const wrong = valuesIn(text).find((link) => !link.startsWith('/') && !/^https?:\/\/\S+$/i.test(link))
    if (wrong === undefined) return []
    return [{ field: 'attribute', attribute: key, message: `“${wrong}” is no address of a picture: replace it.` }]
  })
}
